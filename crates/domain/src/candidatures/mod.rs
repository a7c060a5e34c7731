//! Candidatures: wishes of a candidate.

mod etat_voeu;
mod formuler;

pub use etat_voeu::{EtatVoeu, Evenement};
pub use formuler::{
    ChoixInternat, Plafonds, VoeuExistant, check_dossier_complet, check_nouveau_voeu, groupe_pour,
};
