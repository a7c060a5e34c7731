//! All SQL, for SQLite and PostgreSQL. Knows domain types, decides nothing.
//!
//! Reads take `&impl Sql`; writes take a [`Tx`] and an [`Ecriture`], which cannot exist without a `Permit`.

pub mod accueil;
pub mod actualites;
pub mod admission;
pub mod agendas;
pub mod apprentissage;
pub mod assistance;
mod audiences;
pub mod brouillons;
pub mod candidats;
pub mod candidatures;
mod cellule;
pub mod charte;
pub mod classements;
pub mod coffre;
pub mod communes;
pub mod completude;
pub mod comptes;
pub mod delegations;
pub mod donnees;
pub mod echanges;
pub mod ecriture;
pub mod entretien;
mod error;
pub mod essais;
pub mod etablissements;
pub mod exploitation;
pub mod fichiers;
pub mod formations;
pub mod gel;
pub mod idempotence;
pub mod imports;
pub mod inscriptions;
pub mod interfaces;
pub mod internats;
pub mod jetons;
pub mod journal;
mod ligne;
mod masse;
pub mod messagerie;
mod migrations;
pub mod nomenclatures;
pub mod prolongations;
pub mod references;
pub mod registres;
mod schema;
pub mod seances;
pub mod sessions;
pub mod simulation;
mod sql;
mod sur_place;
mod verrou;

pub mod dictionnaire;

pub use coffre::Coffre;
pub use coffre::Emplacement;
pub use ecriture::{Alea, Ecriture};
pub use error::StoreError;
pub use schema::{Colonne, columns};
pub use sql::{Backend, Db, Dsn, Durabilite, EnRoute, Instantane, Sql, Tx, insert_batch, on_screen};
pub use verrou::VerrouServeur;

pub use sea_orm::Value;
