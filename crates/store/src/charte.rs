//! The charter of the procedure: its versions, and who accepted them for an establishment.

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// A version.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneCharte {
    pub id: i64,
    pub numero: i64,
    pub texte: String,
    /// Milliseconds of the campaign.
    pub publiee_le: i64,
}

/// The versions of a session, the one in force first.
///
/// # Errors
/// When the database refuses.
pub async fn versions(c: &impl Sql, session: i64) -> Result<Vec<LigneCharte>, StoreError> {
    c.all(
        "SELECT id, numero, texte, publiee_le FROM charte WHERE session_id = $1 ORDER BY numero DESC",
        vec![session.into()],
    )
    .await
}

/// Keeps a version; gives its number.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &Tx, e: &Ecriture<'_>, session: i64, texte: &str) -> Result<i64, StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([session.into(), texte.to_owned().into(), e.ms().into()]);
    tx.int(
        &format!(
            "INSERT INTO charte ({META}, session_id, numero, texte, publiee_le)
             SELECT $1, $2, $3, $4, $5, $6, CAST($7 AS BIGINT), COALESCE(MAX(numero), 0) + 1, $8, CAST($9 AS BIGINT)
             FROM charte WHERE session_id = CAST($7 AS BIGINT) RETURNING numero"
        ),
        valeurs,
    )
    .await?
    .ok_or(StoreError::NotFound("charte"))
}

/// An acceptance.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneAcceptation {
    /// Of the version.
    pub numero: i64,
    /// Name of the person, then.
    pub par: String,
    /// Milliseconds of the campaign.
    pub acceptee_le: i64,
}

/// The last version that was accepted for an establishment in a session; `None`: none was.
///
/// # Errors
/// When the database refuses.
pub async fn acceptation(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Option<LigneAcceptation>, StoreError> {
    c.one(
        "SELECT v.numero, a.par, a.acceptee_le FROM charte_acceptee a JOIN charte v ON v.id = a.charte_id
         WHERE v.session_id = $1 AND a.etablissement_id = $2 ORDER BY v.numero DESC LIMIT 1",
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// Notes that a version is accepted for an establishment, by whoever writes, under the name given.
///
/// # Errors
/// When the database refuses.
pub async fn accept(
    tx: &Tx,
    e: &Ecriture<'_>,
    charte: i64,
    etablissement: i64,
    par: &str,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO charte_acceptee (charte_id, etablissement_id, compte_id, par, acceptee_le)
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        vec![charte.into(), etablissement.into(), e.compte().into(), par.to_owned().into(), e.ms().into()],
    )
    .await?;
    Ok(())
}

/// How many establishments of the session accepted a version, and how many there are.
///
/// # Errors
/// When the database refuses.
pub async fn count_acceptees(c: &impl Sql, session: i64, charte: i64) -> Result<(i64, i64), StoreError> {
    let acceptees =
        c.int("SELECT COUNT(*) FROM charte_acceptee WHERE charte_id = $1", vec![charte.into()]).await?;
    let tous = c
        .int(
            "SELECT COUNT(*) FROM etablissement_session WHERE session_id = $1 AND supprime_le IS NULL",
            vec![session.into()],
        )
        .await?;
    Ok((acceptees.unwrap_or(0), tous.unwrap_or(0)))
}
