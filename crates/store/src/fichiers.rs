//! Files that wait for a confirmation: read once, shown as a difference, applied or forgotten.

use sea_orm::FromQueryResult;

use crate::ecriture::Alea;
use crate::error::StoreError;
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
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
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
