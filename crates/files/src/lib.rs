//! Files in and out: bytes become typed rows, typed rows become bytes. Knows no database and decides nothing.
//!
//! Every reader streams: whatever the size of the file, memory stays bounded by the [`Limites`] given. What is
//! wrong is collected by line and column, in French, in a [`Releve`]; what stops the reading is a [`FichierError`].

pub mod agenda;
pub mod apprentissage;
pub mod catalogue;
pub mod classement_csv;
pub mod delegations;
pub mod dessin;
pub mod encodage;
mod erreur;
pub mod nomenclatures;
pub mod offre;
pub mod pdf;
mod source;
pub mod tableau;
pub mod valeurs;

pub use encodage::Encodage;
pub use erreur::FichierError;
pub use offre::read_offre;
pub use source::{Compression, Limites, LimitesArchive, Options, Progression, ProgressionFn};
pub use tableau::{Avertissement, Bilan, FICHIER_ENTIER, Faute, Nature, Releve, Separateur};
