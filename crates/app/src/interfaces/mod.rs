//! Open interfaces: tokens of programs, what they called, what they are told; sandboxes.

mod abonnements;
mod bac_a_sable;
mod carnet;
mod evenements;
mod jetons;
mod livraisons;

pub use abonnements::{
    Abonnement, DemandeAbonnement, EssaiDemande, Livraison, Souscription, SuiviAbonnement, ask_essai,
    list_abonnements, list_abonnements_of, list_livraisons, purge_livraisons, remove_abonnement,
    remove_abonnement_of, resume_abonnement, subscribe, view_abonnement,
};
pub use bac_a_sable::{
    BacASable, Incident, open_bac_a_sable, reset_bac_a_sable, set_horloge, set_incident, view_conformite,
};
pub use carnet::{Appel, AppelLu, Carnet, count_appels, list_appels, purge_appels};
pub use evenements::make_events;
pub(crate) use jetons::programmes;
pub use jetons::{
    DemandeJeton, EtendueJeton, FormationJeton, Jeton, JetonSansEffet, JetonVu, Jetons, Remise, change_jeton,
    give_jeton, named_courses, renew_jeton, resolve_jeton, revoke_jeton, view_jeton, view_jetons,
};
pub use livraisons::deliver;
