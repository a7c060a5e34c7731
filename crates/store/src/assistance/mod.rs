//! Cells of the régions académiques, questions and their follow-up.

mod cellules;
mod demandes;

pub use cellules::{
    LigneCellule, LignePublication, LigneReponse, LigneSite, cellules, count_reponses, publications,
    remove_publication, remove_reponse, remove_site, reponses, save_cellule, save_publication, save_reponse,
    save_site, sites, touch_cellule,
};
pub use demandes::{
    Bilan, FiltreFile, LigneDemande, LigneEtape, LigneMessage, NouveauMessage, NouvelleDemande, Perimetre,
    SuiteDemande, bilan, complements_recents, count_file, count_messages, demande, demandes_of, etapes, file,
    formation_etablissement, hold_compte, insert_demande, insert_etape, insert_message, mark_lu, messages,
    public_id_formation, purge, recentes, set_avise, set_suite, unread, waiting_file,
};
