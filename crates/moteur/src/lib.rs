//! The admission engine on files: reading and writing the oracle's format, the reproducible bench, and the
//! subcommands of `parcoursup moteur`.

pub mod cas;
mod codes;
pub mod ecarts;
pub mod evaluation;
pub mod lecture;
mod ordres;
mod propositions;
pub mod resultat;
