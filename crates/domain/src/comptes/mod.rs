//! Comptes: people, roles, mail addresses, passwords.

mod courriel;
mod etat;
mod mot_de_passe;
mod role;

pub use courriel::{Courriel, CourrielInvalide};
pub use etat::EtatCompte;
pub use mot_de_passe::{FauteMotDePasse, Niveau, check_mot_de_passe, normalise_mot_de_passe};
pub use role::Role;
