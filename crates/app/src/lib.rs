//! One file per use case: load, authorize, decide, save, record, enqueue. Owns the ports (mail, SMS,
//! supervision, clock, files, copy of the journal's heads).
//!
//! Pages, API, jobs, commands and the demo call these functions and nothing else.

#![deny(missing_docs)]

pub mod accueil;
pub mod actualites;
pub mod admission;
pub mod apprentissage;
pub mod assistance;
pub mod brouillons;
pub mod candidats;
pub mod candidatures;
pub mod charte;
pub mod classements;
pub mod communes;
pub mod completude;
pub mod comptes;
pub mod contexte;
pub mod debits;
pub mod delegations;
pub mod demo;
pub mod demonstration;
pub mod documents;
pub mod donnees;
pub mod echanges;
pub mod echeances;
pub mod erreur;
pub mod etablissements;
pub mod exploitation;
pub mod formations;
pub mod idempotence;
pub mod imports;
pub mod interfaces;
pub mod internats;
pub mod journal;
pub mod limites;
pub mod messages;
mod motif;
pub mod plateforme;
pub mod ports;
pub mod references;
pub mod schemas;
pub mod seances;
pub mod sessions;
pub mod simulation;
#[cfg(test)]
mod sources;
mod tableaux;
pub mod taches;

pub use contexte::Ctx;
pub use erreur::AppError;
pub use files::{Avertissement, FICHIER_ENTIER, Faute};
pub use motif::motif_refuse;
pub use plateforme::{Mode, Plateforme};
pub use tableaux::{FichierTableau, FormatTableau};
