//! Files received: kept in the depot under their fingerprint, or waiting for a confirmation — read once, shown as a difference,
//! applied or forgotten.

use crate::ecriture::{Alea, Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// A file to keep. `pour`: what it would be applied to.
#[derive(Debug, Clone)]
pub struct NouveauFichier<'a> {
    pub compte: i64,
    pub pour: &'a str,
    pub nom: &'a str,
    pub octets: &'a [u8],
    /// UTC milliseconds.
    pub recu_le: i64,
}

/// A file as it was received.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct FichierRecu {
    pub nom: String,
    pub octets: Vec<u8>,
}

/// Keeps a file in place of the one that the account had for the same purpose; gives its identifier.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &Tx, alea: &dyn Alea, n: &NouveauFichier<'_>) -> Result<String, StoreError> {
    tx.exec(
        "DELETE FROM fichier_recu WHERE compte_id = $1 AND pour = $2",
        vec![n.compte.into(), n.pour.to_owned().into()],
    )
    .await?;
    let id = alea.public_id().as_str().to_owned();
    tx.exec(
        "INSERT INTO fichier_recu (public_id, compte_id, pour, nom, octets, recu_le) VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            id.clone().into(),
            n.compte.into(),
            n.pour.to_owned().into(),
            n.nom.to_owned().into(),
            n.octets.to_vec().into(),
            n.recu_le.into(),
        ],
    )
    .await?;
    Ok(id)
}

/// A file that the account sent for this purpose since an instant (UTC ms).
///
/// # Errors
/// When the database refuses.
pub async fn kept(
    c: &impl Sql,
    compte: i64,
    pour: &str,
    id: &str,
    depuis: i64,
) -> Result<Option<FichierRecu>, StoreError> {
    c.one(
        "SELECT nom, octets FROM fichier_recu
         WHERE public_id = $1 AND compte_id = $2 AND pour = $3 AND recu_le >= $4",
        vec![id.to_owned().into(), compte.into(), pour.to_owned().into(), depuis.into()],
    )
    .await
}

/// Forgets a file that was applied.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &Tx, compte: i64, pour: &str, id: &str) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM fichier_recu WHERE public_id = $1 AND compte_id = $2 AND pour = $3",
        vec![id.to_owned().into(), compte.into(), pour.to_owned().into()],
    )
    .await
    .map(|_| ())
}

/// Forgets the files that nobody confirmed by an instant (UTC ms).
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &Tx, avant: i64) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM fichier_recu WHERE recu_le < $1", vec![avant.into()]).await
}

/// A file that the depot keeps.
#[derive(Debug, Clone, Copy)]
pub struct NouveauDepot<'a> {
    /// SHA-256, in hexadecimal.
    pub empreinte: &'a str,
    /// Bytes.
    pub taille: usize,
    pub nom: &'a str,
    pub type_mime: &'a str,
    /// What it may serve for, and nothing else.
    pub usage: &'a str,
}

/// A file that the depot keeps.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneFichier {
    pub public_id: String,
    pub empreinte: String,
    pub nom: String,
    pub cree_par: Option<i64>,
}

/// Notes a file of the depot; gives its key and its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn insert_fichier(
    tx: &Tx,
    e: &Ecriture<'_>,
    n: NouveauDepot<'_>,
) -> Result<(i64, String), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        n.empreinte.to_owned().into(),
        i64::try_from(n.taille).unwrap_or(i64::MAX).into(),
        n.nom.to_owned().into(),
        n.type_mime.to_owned().into(),
        n.usage.to_owned().into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO fichier ({META}, empreinte, taille, nom, type_mime, usage)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("fichier"))?;
    Ok((id, public_id.as_str().to_owned()))
}

/// A file of the depot by its public identifier, for one use only.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn fichier(c: &impl Sql, public_id: &str, usage: &str) -> Result<LigneFichier, StoreError> {
    c.one(
        "SELECT public_id, empreinte, nom, cree_par FROM fichier
         WHERE public_id = $1 AND usage = $2 AND supprime_le IS NULL",
        vec![public_id.to_owned().into(), usage.to_owned().into()],
    )
    .await?
    .ok_or(StoreError::NotFound("fichier"))
}
