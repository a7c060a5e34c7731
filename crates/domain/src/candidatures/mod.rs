//! Candidatures: wishes of a candidate.

mod etat_voeu;
mod filieres;
mod formuler;
mod ordre;
mod repondeur;

pub use etat_voeu::{EtatVoeu, Evenement};
pub use filieres::{Filiere, Selecteur, Visee};
pub use formuler::{
    ChoixInternat, FiliereLimitee, Multiple, Plafonds, VoeuExistant, check_dossier_complet,
    check_nouveau_voeu, check_sous_voeux, count_sous_voeux, count_voeux, groupe_pour,
};
pub use ordre::{Ordre, VoeuOrdonnable, check_ordonnable, decide_ordre};
pub use repondeur::check_activation;
