//! Candidatures: wishes of a candidate.

mod etat_voeu;
mod formuler;

pub use etat_voeu::{EtatVoeu, Evenement};
pub use formuler::{
    ChoixInternat, Multiple, Plafonds, VoeuExistant, check_dossier_complet, check_nouveau_voeu,
    check_sous_voeux, count_sous_voeux, count_voeux, groupe_pour,
};
