//! Sign-in sessions: the token lives in the cookie, its hash here (SES-1).

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// A sign-in session as stored.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneSessionWeb {
    pub id: i64,
    pub compte_id: i64,
    /// `second_facteur`, `enrolement` or `complete`.
    pub etape: String,
    pub reseau: String,
    pub navigateur: String,
    pub csrf: String,
    pub ouverte_le: i64,
    pub vue_le: i64,
    pub expire_le: i64,
    pub second_facteur_le: Option<i64>,
    /// Means of that second step.
    pub moyen: Option<String>,
    pub essais: i64,
}

/// A new sign-in session.
#[derive(Debug, Clone)]
pub struct NouvelleSessionWeb<'a> {
    pub public_id: &'a str,
    pub jeton_hache: &'a str,
    pub compte: i64,
    pub etape: &'a str,
    pub reseau: &'a str,
    pub navigateur: &'a str,
    pub csrf: &'a str,
    pub ouverte_le: i64,
    pub expire_le: i64,
    pub second_facteur_le: Option<i64>,
    pub moyen: Option<&'a str>,
    pub appareil: &'a str,
}

/// Opens a sign-in session. Needs no permit: signing in is how permits are obtained.
///
/// # Errors
/// When the database refuses.
pub async fn insert_session_web(tx: &Tx, n: &NouvelleSessionWeb<'_>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO session_web (public_id, jeton_hache, compte_id, etape, reseau, navigateur, csrf, ouverte_le, vue_le,
                                  expire_le, second_facteur_le, moyen, appareil)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9, $10, $11, $12)",
        vec![
            n.public_id.to_owned().into(),
            n.jeton_hache.to_owned().into(),
            n.compte.into(),
            n.etape.to_owned().into(),
            n.reseau.to_owned().into(),
            n.navigateur.to_owned().into(),
            n.csrf.to_owned().into(),
            n.ouverte_le.into(),
            n.expire_le.into(),
            n.second_facteur_le.into(),
            n.moyen.map(str::to_owned).into(),
            n.appareil.to_owned().into(),
        ],
    )
    .await
    .map(|_| ())
}

/// The session of a token's hash.
///
/// # Errors
/// When the database refuses.
pub async fn session_web(c: &impl Sql, jeton_hache: &str) -> Result<Option<LigneSessionWeb>, StoreError> {
    c.one(
        "SELECT id, compte_id, etape, reseau, navigateur, csrf, ouverte_le, vue_le, expire_le, second_facteur_le,
                moyen, essais
         FROM session_web WHERE jeton_hache = $1",
        vec![jeton_hache.to_owned().into()],
    )
    .await
}

/// Notes that the session was just used.
///
/// # Errors
/// When the database refuses.
pub async fn touch_session_web(c: &impl Sql, id: i64, maintenant: i64) -> Result<(), StoreError> {
    c.exec("UPDATE session_web SET vue_le = $1 WHERE id = $2", vec![maintenant.into(), id.into()])
        .await
        .map(|_| ())
}

/// Sends a session back to the second factor (its network changed, SEC-3).
///
/// # Errors
/// When the database refuses.
pub async fn demote_session_web(c: &impl Sql, id: i64) -> Result<(), StoreError> {
    c.exec(
        "UPDATE session_web SET etape = 'second_facteur' WHERE id = $1 AND etape <> 'second_facteur'",
        vec![id.into()],
    )
    .await
    .map(|_| ())
}

/// Reserves one of the `maximum` attempts of this sign-in before anything is compared, so that parallel requests
/// cannot have more; gives how many were used, or `None` when none is left (SEC-8).
///
/// # Errors
/// When the database refuses.
pub async fn reserve_attempt(tx: &Tx, id: i64, maximum: i64) -> Result<Option<i64>, StoreError> {
    tx.int(
        "UPDATE session_web SET essais = essais + 1 WHERE id = $1 AND essais < $2 RETURNING essais",
        vec![id.into(), maximum.into()],
    )
    .await
}

/// A session as its holder reads it in the list of their sessions (SES-4).
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneAppareil {
    pub id: i64,
    pub public_id: String,
    pub appareil: String,
    pub reseau: String,
    pub ouverte_le: i64,
    pub vue_le: i64,
}

/// The living sessions of an account, the last used first: not over at `maintenant`, and used since `vues_depuis`.
///
/// # Errors
/// When the database refuses.
pub async fn list_sessions_web(
    c: &impl Sql,
    compte: i64,
    maintenant: i64,
    vues_depuis: i64,
) -> Result<Vec<LigneAppareil>, StoreError> {
    c.all(
        "SELECT id, public_id, appareil, reseau, ouverte_le, vue_le FROM session_web
         WHERE compte_id = $1 AND expire_le > $2 AND vue_le > $3 ORDER BY vue_le DESC, id DESC",
        vec![compte.into(), maintenant.into(), vues_depuis.into()],
    )
    .await
}

/// Closes one session of an account, named by its public identifier; false when it is not one of theirs.
///
/// # Errors
/// When the database refuses.
pub async fn delete_session_of(tx: &Tx, compte: i64, public_id: &str) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "DELETE FROM session_web WHERE compte_id = $1 AND public_id = $2",
            vec![compte.into(), public_id.to_owned().into()],
        )
        .await?;
    Ok(n == 1)
}

/// Closes the oldest complete sessions of an account beyond the `gardees` last ones (SES-4).
///
/// # Errors
/// When the database refuses.
pub async fn prune_sessions_web(tx: &Tx, compte: i64, gardees: i64) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM session_web WHERE compte_id = $1 AND etape = 'complete' AND id NOT IN
           (SELECT id FROM session_web WHERE compte_id = $1 AND etape = 'complete' ORDER BY id DESC LIMIT $2)",
        vec![compte.into(), gardees.into()],
    )
    .await
}

/// The same among the sign-ins under way of one place: whoever stole a password, and has nothing else, closes neither
/// the sessions of its holder nor what the holder is in the middle of.
///
/// # Errors
/// When the database refuses.
pub async fn prune_pending_sessions(
    tx: &Tx,
    compte: i64,
    reseau: &str,
    navigateur: &str,
    gardees: i64,
) -> Result<u64, StoreError> {
    tx.exec(
        "DELETE FROM session_web
         WHERE compte_id = $1 AND etape <> 'complete' AND reseau = $2 AND navigateur = $3 AND id NOT IN
           (SELECT id FROM session_web WHERE compte_id = $1 AND etape <> 'complete' AND reseau = $2 AND navigateur = $3
            ORDER BY id DESC LIMIT $4)",
        vec![compte.into(), reseau.to_owned().into(), navigateur.to_owned().into(), gardees.into()],
    )
    .await
}

/// Removes the sessions that can no longer be used; gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge_sessions_web(tx: &Tx, maintenant: i64) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM session_web WHERE expire_le <= $1", vec![maintenant.into()]).await
}

/// Closes a session.
///
/// # Errors
/// When the database refuses.
pub async fn delete_session_web(c: &impl Sql, id: i64) -> Result<(), StoreError> {
    c.exec("DELETE FROM session_web WHERE id = $1", vec![id.into()]).await.map(|_| ())
}

/// Closes the sessions of an account but one.
///
/// # Errors
/// When the database refuses.
pub async fn delete_other_sessions(c: &impl Sql, compte: i64, gardee: i64) -> Result<u64, StoreError> {
    c.exec("DELETE FROM session_web WHERE compte_id = $1 AND id <> $2", vec![compte.into(), gardee.into()])
        .await
}

/// Closes every session of an account.
///
/// # Errors
/// When the database refuses.
pub async fn delete_sessions_web(c: &impl Sql, compte: i64) -> Result<u64, StoreError> {
    c.exec("DELETE FROM session_web WHERE compte_id = $1", vec![compte.into()]).await
}
