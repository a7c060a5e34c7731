//! Attempts counted by key: an opaque fingerprint, never an address nor a name.

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// What was already tried under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct Compte {
    pub nombre: i64,
    /// Instant of the last one, in milliseconds; 0 when there is none.
    pub dernier: i64,
    /// Instant of the oldest one of the period.
    pub premier: i64,
}

/// Writes an attempt and commits it **before** counting, so that parallel attempts see each other; gives its key.
///
/// # Errors
/// When the database refuses.
pub async fn reserve(tx: Tx, cle: &str, instant: i64, oubliees_avant: i64) -> Result<i64, StoreError> {
    tx.exec(
        "DELETE FROM essai WHERE cle = $1 AND instant < $2",
        vec![cle.to_owned().into(), oubliees_avant.into()],
    )
    .await?;
    let id = tx
        .int(
            "INSERT INTO essai (cle, instant) VALUES ($1, $2) RETURNING id",
            vec![cle.to_owned().into(), instant.into()],
        )
        .await?
        .ok_or(StoreError::NotFound("essai"))?;
    tx.commit().await?;
    Ok(id)
}

/// Counts the attempts of a key since an instant, without one of them.
///
/// # Errors
/// When the database refuses.
pub async fn count(c: &impl Sql, cle: &str, depuis: i64, sauf: i64) -> Result<Compte, StoreError> {
    c.one(
        "SELECT COUNT(*) AS nombre, COALESCE(MAX(instant), 0) AS dernier, COALESCE(MIN(instant), 0) AS premier
         FROM essai WHERE cle = $1 AND instant > $2 AND id <> $3",
        vec![cle.to_owned().into(), depuis.into(), sauf.into()],
    )
    .await?
    .ok_or(StoreError::NotFound("essai"))
}

/// Forgets one attempt: it was refused before anything was compared.
///
/// # Errors
/// When the database refuses.
pub async fn forget(c: &impl Sql, id: i64) -> Result<(), StoreError> {
    c.exec("DELETE FROM essai WHERE id = $1", vec![id.into()]).await.map(|_| ())
}

/// Forgets every attempt of a key: it succeeded.
///
/// # Errors
/// When the database refuses.
pub async fn clear(c: &impl Sql, cle: &str) -> Result<(), StoreError> {
    c.exec("DELETE FROM essai WHERE cle = $1", vec![cle.to_owned().into()]).await.map(|_| ())
}

/// Removes the attempts older than this instant; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &Tx, avant: i64) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM essai WHERE instant < $1", vec![avant.into()]).await
}
