//! Comptes: people, roles, mail addresses, passwords.

mod courriel;
mod mot_de_passe;
mod role;

pub use courriel::{Courriel, CourrielInvalide};
pub use mot_de_passe::{FauteMotDePasse, Niveau, check_mot_de_passe};
pub use role::Role;
