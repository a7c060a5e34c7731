//! R-ADM-11: the record of a run (« procès-verbal »): what it read, what it decided, under which version and settings,
//! signed and chained to the run before. From the records alone, anybody entitled plays every day again.
//!
//! A record is one line of JSON that names its pieces: tables of whole numbers, CSV under zstd, kept by their hash. It
//! holds no name: people and wishes are internal keys.

mod pieces;
mod tableau;
mod verifier;

use std::io;

use domain::admission::{BornesRetenue, Nature};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub(super) use pieces::{ENGAGEMENTS, day_pieces, held_piece, order_pieces, withdrawal_pieces};
pub(super) use tableau::{decode, encode};
pub use verifier::{Chaine, Ecart, EcartProcesVerbal, Maillon, PassageRejoue, verify_chain};
pub(super) use verifier::{Ouvert, first_difference, sealed};

use super::sceau::Sceau;
use crate::erreur::AppError;

/// Of the files; another one is refused, never guessed.
pub(super) const FORMAT: u32 = 2;
/// What is altered in a piece is told within this many bytes.
const TRANCHE: usize = 64 * 1024;

/// A table of a record, before it is kept.
#[derive(Debug)]
pub(super) struct Piece {
    role: &'static str,
    pub(super) octets: Vec<u8>,
}

impl Piece {
    /// A table made elsewhere.
    pub(super) fn new(role: &'static str, octets: Vec<u8>) -> Self {
        Self { role, octets }
    }

    /// What the record says of it, once kept under this hash.
    pub(super) fn fichier(&self, empreinte: String) -> Fichier {
        Fichier {
            role: self.role.to_owned(),
            empreinte,
            octets: self.octets.len() as u64,
            tranches: self.octets.chunks(TRANCHE).map(slice_hash).collect(),
        }
    }
}

fn slice_hash(tranche: &[u8]) -> String {
    blake3::hash(tranche).to_hex().to_string()
}

fn sha256(octets: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(octets))
}

fn is_sha256(texte: &str) -> bool {
    texte.len() == 64 && texte.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// A piece as the record names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Fichier {
    pub(super) role: String,
    /// SHA-256, in hexadecimal: its key in the deposit of files.
    pub(super) empreinte: String,
    pub(super) octets: u64,
    /// BLAKE3 of each slice of 64 KiB.
    pub(super) tranches: Vec<String>,
}

/// The record of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProcesVerbal {
    pub(super) format: u32,
    pub(super) session: i64,
    pub(super) annee: i64,
    pub(super) nature: String,
    pub(super) jour: i64,
    /// Instant of the campaign, UTC milliseconds.
    pub(super) calcule_le: i64,
    pub(super) version: String,
    /// JSON, as signed.
    pub(super) parametres: String,
    /// Signature of the run before, whatever became of it; empty for the first.
    pub(super) precedente: String,
    /// Signature of the run whose call orders are used; empty for call orders.
    pub(super) ordre: String,
    /// Signature of the published day that is continued, or of the withdrawal published since; empty on the first day.
    pub(super) veille: String,
    /// Fingerprint of the input of the engine.
    pub(super) entree: String,
    /// Fingerprint of the result.
    pub(super) sortie: String,
    pub(super) fichiers: Vec<Fichier>,
}

impl ProcesVerbal {
    /// The only way to write it: the same record has the same bytes.
    pub(super) fn octets(&self) -> Result<Vec<u8>, AppError> {
        let mut octets = serde_json::to_vec(self).map_err(AppError::internal)?;
        octets.push(b'\n');
        Ok(octets)
    }

    /// `None` when the bytes are not exactly those that [`ProcesVerbal::octets`] gives.
    fn read(octets: &[u8]) -> Option<Self> {
        let lu: Self = serde_json::from_slice(octets).ok()?;
        // Whoever signed chose these names: none may lead out of the folder of the pieces.
        let nommees = lu.fichiers.iter().all(|f| is_sha256(&f.empreinte));
        (nommees && lu.format == FORMAT && lu.octets().ok()?.as_slice() == octets).then_some(lu)
    }

    /// What is signed of it; `proces_verbal` is the hash of its bytes.
    pub(super) fn sceau<'a>(&'a self, nature: Nature, proces_verbal: &'a str) -> Sceau<'a> {
        Sceau {
            session: self.session,
            nature,
            jour: self.jour,
            entree: &self.entree,
            sortie: &self.sortie,
            version: &self.version,
            parametres: &self.parametres,
            precedente: &self.precedente,
            proces_verbal,
        }
    }
}

/// The settings of a day, in their order in the record.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Parametres {
    jour: i32,
    jour_fin_reservation_internats: i32,
    jour_debut_gdd: i32,
    jour_fin_ordonnancement_gdd: i32,
    /// R-ADM-12; a record made before they were kept has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retenue: Option<Bornes>,
}

/// The bounds beyond which a group is withheld, in their order in the record.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bornes {
    appels_pct: i64,
    capacite_pct: i64,
    marge: i64,
}

impl Parametres {
    /// With the bounds by which the day was judged.
    pub(super) fn with_bounds(self, b: BornesRetenue) -> Self {
        let BornesRetenue { appels_pct, capacite_pct, marge } = b;
        Self { retenue: Some(Bornes { appels_pct, capacite_pct, marge }), ..self }
    }

    fn bounds(&self) -> Option<BornesRetenue> {
        let Bornes { appels_pct, capacite_pct, marge } = self.retenue?;
        Some(BornesRetenue { appels_pct, capacite_pct, marge })
    }
}

impl From<&engine::propositions::Parametres> for Parametres {
    fn from(p: &engine::propositions::Parametres) -> Self {
        Self {
            jour: p.jour,
            jour_fin_reservation_internats: p.jour_fin_reservation_internats,
            jour_debut_gdd: p.jour_debut_gdd,
            jour_fin_ordonnancement_gdd: p.jour_fin_ordonnancement_gdd,
            retenue: None,
        }
    }
}

impl From<Parametres> for engine::propositions::Parametres {
    fn from(p: Parametres) -> Self {
        Self {
            jour: p.jour,
            jour_fin_reservation_internats: p.jour_fin_reservation_internats,
            jour_debut_gdd: p.jour_debut_gdd,
            jour_fin_ordonnancement_gdd: p.jour_fin_ordonnancement_gdd,
        }
    }
}

/// The settings of a withdrawal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParametresRetrait {
    /// First day withdrawn.
    pub(super) depuis: i64,
}

/// Reads a kept file as it stands, by its hash: whoever asks compares.
pub type Lecteur<'a> = dyn Fn(&str) -> io::Result<Vec<u8>> + 'a;
