//! Help: the cells of the régions académiques, and questions asked from any page, with their follow-up.

mod cellules;
mod demander;
mod traiter;
mod vues;

pub use cellules::{
    Cellule, Cellules, Changement, TenueCellule, list_tenues, own_lieu, save_cellule, view_cellules,
    view_reponses, view_tenue,
};
pub use demander::{
    ObjetDemande, Origine, Preparation, ask, close_mine, complete, count_unread, list_mine, prepare_demande,
    view_mine,
};
pub(crate) use traiter::perimetre as perimetre_service;
pub use traiter::{
    CriteresFile, FileAssistance, LigneBilan, Traitement, ages, purge_demandes, treat, view_file,
    view_traitee,
};
pub use vues::{Demande, Etape, Message, SuiviDemande};
