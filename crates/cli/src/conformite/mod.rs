//! The conformance suite of the interface of programs: what a program meets, seen from outside, over HTTP, against a sandbox.

mod campagne;
mod client;
mod controles;
mod demandes;
mod description;
mod informations;
mod parametrage;
mod protocole;
mod rapport;
mod recepteur;

pub use client::{Client, Sandbox};
pub use controles::run;
pub use rapport::{Constat, Exercice, Rapport};

/// Why a check is not a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Echec {
    /// What was received is not what was expected.
    Defaut { attendu: String, recu: String },
    /// It cannot be done here.
    SansObjet(String),
}

/// What comes of a check.
pub type Issue = Result<(), Echec>;

/// A fault, in two halves of a sentence.
pub fn defaut(attendu: impl Into<String>, recu: impl Into<String>) -> Echec {
    Echec::Defaut { attendu: attendu.into(), recu: recu.into() }
}

/// `vrai`, or a fault that says both.
pub fn exige(vrai: bool, attendu: impl Into<String>, recu: impl std::fmt::Display) -> Issue {
    if vrai { Ok(()) } else { Err(defaut(attendu, recu.to_string())) }
}
