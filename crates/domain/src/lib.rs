//! Pure rules of admission: values, states, calendar, rights. No async, SQL, HTTP, clock or randomness.

#![deny(missing_docs)]

pub mod accueil;
pub mod actualites;
pub mod admission;
pub mod apprentissage;
pub mod assistance;
pub mod calendrier;
pub mod candidats;
pub mod candidatures;
pub mod charte;
pub mod classements;
pub mod comptes;
pub mod delegations;
pub mod donnees;
pub mod droits;
pub mod echanges;
pub mod erreurs;
pub mod etablissements;
pub mod formations;
pub mod grille;
pub mod identifiants;
pub mod interfaces;
pub mod internats;
pub mod references;
pub mod reprises;
pub mod seances;
pub mod territoires;

pub use erreurs::{Fautes, RuleViolation};
pub use identifiants::PublicId;
