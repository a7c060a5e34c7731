//! Links sent by mail: only the hash of their token is kept.

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    Inscription,
    Oubli,
}

impl Usage {
    const fn code(self) -> &'static str {
        match self {
            Self::Inscription => "inscription",
            Self::Oubli => "oubli",
        }
    }
}

/// A living link.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneJeton {
    pub id: i64,
    pub courriel: String,
    pub compte_id: Option<i64>,
    pub expire_le: i64,
}

/// Replaces the earlier links of this address for this use by a new one (LIM-5).
///
/// # Errors
/// When the database refuses.
pub async fn replace(
    tx: &Tx,
    usage: Usage,
    empreinte: &str,
    courriel: &str,
    compte: Option<i64>,
    cree_le: i64,
    expire_le: i64,
) -> Result<(), StoreError> {
    tx.exec(
        "DELETE FROM jeton WHERE courriel = $1 AND usage = $2 AND utilise_le IS NULL",
        vec![courriel.to_owned().into(), usage.code().to_owned().into()],
    )
    .await?;
    tx.exec(
        "INSERT INTO jeton (empreinte, usage, compte_id, courriel, cree_le, expire_le) VALUES ($1, $2, $3, $4, $5, $6)",
        vec![
            empreinte.to_owned().into(),
            usage.code().to_owned().into(),
            compte.into(),
            courriel.to_owned().into(),
            cree_le.into(),
            expire_le.into(),
        ],
    )
    .await
    .map(|_| ())
}

/// The link of a token's hash, if it can still be used.
///
/// # Errors
/// When the database refuses.
pub async fn find(
    c: &impl Sql,
    usage: Usage,
    empreinte: &str,
    maintenant: i64,
) -> Result<Option<LigneJeton>, StoreError> {
    c.one(
        "SELECT id, courriel, compte_id, expire_le FROM jeton
         WHERE empreinte = $1 AND usage = $2 AND utilise_le IS NULL AND expire_le > $3",
        vec![empreinte.to_owned().into(), usage.code().to_owned().into(), maintenant.into()],
    )
    .await
}

/// Uses a link once: `false` when it was used or ran out meanwhile, even by a request in parallel.
///
/// # Errors
/// When the database refuses.
pub async fn consume(tx: &Tx, id: i64, maintenant: i64) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE jeton SET utilise_le = $1 WHERE id = $2 AND utilise_le IS NULL AND expire_le > $1",
            vec![maintenant.into(), id.into()],
        )
        .await?;
    Ok(n == 1)
}

/// Removes the links that ran out before this instant; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &Tx, avant: i64) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM jeton WHERE expire_le < $1", vec![avant.into()]).await
}
