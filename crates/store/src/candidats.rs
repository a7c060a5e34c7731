//! Candidates' records.

use crate::coffre::{Coffre, Emplacement};
use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx};
use domain::candidats::boursier_from_code;

/// A record as stored.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneDossier {
    pub id: i64,
    pub public_id: String,
    pub session_id: i64,
    pub compte_id: Option<i64>,
    pub numero: i64,
    pub nom: String,
    pub prenom: String,
    pub naissance: Option<String>,
    pub ine_chiffre: Option<Vec<u8>>,
    pub type_bac: String,
    pub serie: String,
    pub boursier_chiffre: Option<Vec<u8>>,
    pub commune: String,
    pub departement: String,
    pub academie: String,
    pub etablissement_origine: String,
    pub moyenne_centiemes: Option<i64>,
    pub notes: String,
    /// `cree`, `inscrit`, `annule`.
    pub etat: String,
    pub version: i64,
}

const COLONNES: &str = "id, public_id, session_id, compte_id, numero, nom, prenom, naissance, ine_chiffre, type_bac, serie, \
                        boursier_chiffre, commune, departement, academie, etablissement_origine, moyenne_centiemes, \
                        notes, etat, version";

impl LigneDossier {
    /// Whether the candidate holds a scholarship; `None` when nothing was declared.
    ///
    /// # Errors
    /// When the vault refuses or the value is unknown.
    pub fn boursier(&self, coffre: &Coffre) -> Result<Option<bool>, StoreError> {
        let Some(texte) = self.open(coffre, "boursier_chiffre", self.boursier_chiffre.as_deref())? else {
            return Ok(None);
        };
        boursier_from_code(&texte).map(Some).ok_or(StoreError::Unreadable("candidat.boursier_chiffre"))
    }

    /// National identifier, if the candidate gave one.
    ///
    /// # Errors
    /// When the vault refuses.
    pub fn ine(&self, coffre: &Coffre) -> Result<Option<String>, StoreError> {
        self.open(coffre, "ine_chiffre", self.ine_chiffre.as_deref())
    }

    fn open(
        &self,
        coffre: &Coffre,
        colonne: &'static str,
        octets: Option<&[u8]>,
    ) -> Result<Option<String>, StoreError> {
        let Some(octets) = octets else { return Ok(None) };
        let ou = Emplacement { table: "candidat", colonne, ligne: &self.public_id };
        let clair = coffre.open(ou, octets)?;
        String::from_utf8(clair).map(Some).map_err(|_| StoreError::Unreadable("candidat"))
    }
}

/// A record by its key.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn by_id(c: &impl Sql, id: i64) -> Result<LigneDossier, StoreError> {
    c.one(&format!("SELECT {COLONNES} FROM candidat WHERE id = $1 AND supprime_le IS NULL"), vec![id.into()])
        .await?
        .ok_or(StoreError::NotFound("candidat"))
}

/// The same, its row locked until the end of the transaction (TRX-1): two acts of one candidate never interleave.
/// SQLite has one writer, which is lock enough.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn lock(tx: &Tx, id: i64) -> Result<LigneDossier, StoreError> {
    let verrou = if tx.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
    tx.one(
        &format!("SELECT {COLONNES} FROM candidat WHERE id = $1 AND supprime_le IS NULL{verrou}"),
        vec![id.into()],
    )
    .await?
    .ok_or(StoreError::NotFound("candidat"))
}

/// Changes where the candidate lives.
///
/// # Errors
/// [`StoreError::Conflict`] when the record changed since it was read.
pub async fn set_residence(
    tx: &Tx,
    e: &Ecriture<'_>,
    dossier: &LigneDossier,
    commune: &str,
    departement: &str,
    academie: &str,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE candidat SET commune = $1, departement = $2, academie = $3, maj_le = $4, maj_par = $5,
                 version = version + 1
             WHERE id = $6 AND version = $7",
            vec![
                commune.to_owned().into(),
                departement.to_owned().into(),
                academie.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                dossier.id.into(),
                dossier.version.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("candidat {}", dossier.id))) }
}
