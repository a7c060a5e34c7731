//! The admission engine on files: reading and writing the oracle's format, the reproducible bench, and the
//! subcommands of `parcoursup moteur`.

pub mod banc;
pub mod cas;
mod codes;
pub mod colonnes;
mod commandes;
pub mod ecarts;
pub mod evaluation;
pub mod explications;
pub mod fichier;
pub mod lecture;
mod ordres;
mod propositions;
pub mod reference;
pub mod resultat;

pub use commandes::{MoteurArgs, run};
