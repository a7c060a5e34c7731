//! A backup: one ciphered file that holds the database, the deposited files and what proves them whole.
//!
//! `PARCSAUV` header, then sealed chunks of a zstd stream of a tar archive: manifest first, database, files.

mod archive;
mod chiffrement;
pub mod postgres;

use std::path::Path;

use anyhow::{Result, anyhow};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::cles::lire_prive;

pub use archive::{NOM_BASE_POSTGRES, NOM_BASE_SQLITE, ecrire, extraire, sha256_fichier};

/// One table of the database at the instant of the backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub table: String,
    pub lignes: u64,
    pub empreinte: String,
}

impl From<store::exploitation::EmpreinteTable> for Table {
    fn from(e: store::exploitation::EmpreinteTable) -> Self {
        Self { table: e.table, lignes: e.lignes, empreinte: e.empreinte }
    }
}

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    pub chemin: String,
    pub taille: u64,
    pub sha256: String,
}

/// What the backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifeste {
    pub format: u32,
    pub programme: String,
    /// Instant of the copy, in UTC and as read on a clock in Paris (SAV-1).
    pub utc: String,
    pub paris: String,
    /// `sqlite` or `postgres`.
    pub base: String,
    pub tables: Vec<Table>,
    pub fichiers: Vec<Element>,
}

/// Format written by this program.
pub const FORMAT: u32 = 1;

/// The key of a key file.
///
/// # Errors
/// When it cannot be read, may be read by others, or is no key.
pub fn lire_cle(chemin: &Path) -> Result<[u8; 32]> {
    let texte = lire_prive(
        chemin,
        "le fichier de la clé des sauvegardes",
        "« parcoursup cles sauvegarde FICHIER » en crée un",
    )?;
    HEXLOWER
        .decode(texte.trim().as_bytes())
        .ok()
        .and_then(|o| o.try_into().ok())
        .ok_or_else(|| anyhow!("{} n’est pas une clé de sauvegarde.", chemin.display()))
}
