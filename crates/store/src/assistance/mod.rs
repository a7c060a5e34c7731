//! Cells of the régions académiques, questions and their follow-up.

mod cellules;
mod demandes;

pub use cellules::{
    LigneCellule, LignePublication, LigneSite, cellules, publications, remove_publication, remove_site,
    save_cellule, save_publication, save_site, sites, touch_cellule,
};
pub use demandes::{
    Bilan, FiltreFile, LigneDemande, LigneEtape, LigneMessage, NouveauMessage, NouvelleDemande, Perimetre,
    SuiteDemande, bilan, count_file, demande, demandes_of, etapes, file, formation_etablissement,
    hold_compte, insert_demande, insert_etape, insert_message, mark_lu, messages, public_id_formation, purge,
    recentes, set_avise, set_suite, unread,
};
