//! Comptes: people, roles, mail addresses, passwords.

mod boite;
mod courriel;
mod etat;
mod mobile;
mod mot_de_passe;
mod moyen;
mod role;
mod vie;

pub use courriel::{Courriel, CourrielInvalide};
pub use etat::EtatCompte;
pub use mobile::Mobile;
pub use mot_de_passe::{
    FauteMotDePasse, LONGUEUR_MIN as MOT_DE_PASSE_MIN, Niveau, Reduit, check_mot_de_passe,
    normalise_mot_de_passe, reduce as reduce_mot_de_passe,
};
pub use moyen::Moyen;
pub use role::Role;
pub use vie::{DelaisInactivite, Inactivite, inactivite, require_ecart, require_successeur, suspension};
