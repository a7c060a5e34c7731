//! Open interfaces: tokens of programs, what they called, what they are told; sandboxes.

mod abonnements;
mod appels;
mod bac_a_sable;
mod evenements;
mod jetons;

pub use abonnements::{
    IssueLivraison, LigneAbonnement, LigneLivraison, LivraisonPrise, NouvelleLivraison, abonnement,
    abonnement_by_id, abonnements_in_force, abonnements_of, all_abonnements_in_force, count_abandonnees,
    count_livrees, insert_abonnement, insert_livraisons, is_due, is_subscribed, livraisons, purge_livraisons,
    remove_abonnement, resume_abonnement, save_livraison, suspend_abonnement, take_livraisons, waiting_essai,
};
pub use appels::{LigneAppel, NouvelAppel, appels, appels_par_heure, insert_appels, purge_appels};
pub use bac_a_sable::{Essai, EssaiFormation, insert_essai, withdraw_essai};
pub use evenements::{
    LigneFait, LigneObjet, curseur, faits, head, move_curseur, objets_conversation, objets_demande,
    objets_etablissement, objets_formation, objets_groupe, objets_internat, start_curseur,
};
pub use jetons::{
    ChangementJeton, LigneJeton, NouveauJeton, NouveauSecret, by_ancienne_empreinte, by_empreinte,
    change_jeton, count_bacs_a_sable, formations_of, formations_of_etablissement, hold_etablissement,
    hold_jeton, insert_jeton, jeton, jeton_by_id, jetons_in_force, jetons_of, renew_jeton, revoke_jeton,
    revoke_jetons_of, set_bac_a_sable, set_ecart, set_incident,
};
