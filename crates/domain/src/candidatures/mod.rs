//! Candidatures: wishes of a candidate.

mod etat_voeu;
mod filieres;
mod formuler;

pub use etat_voeu::{EtatVoeu, Evenement};
pub use filieres::{Filiere, Selecteur, Visee};
pub use formuler::{
    ChoixInternat, FiliereLimitee, Multiple, Plafonds, VoeuExistant, check_dossier_complet,
    check_nouveau_voeu, check_sous_voeux, count_sous_voeux, count_voeux, groupe_pour,
};
