//! What the files of a session tell the commissions.

use std::collections::BTreeMap;

use domain::donnees::Donnee;

use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::sql::{Sql, Tx, tuples};

/// The data of a session, each with its source. A code that this program does not know is sent by nothing: left out.
///
/// # Errors
/// When the database refuses.
pub async fn transmises(c: &impl Sql, session: i64) -> Result<BTreeMap<Donnee, String>, StoreError> {
    let lignes: Vec<(String, String)> =
        tuples(c, "code, source", "donnee_transmise WHERE session_id = $1", vec![session.into()]).await?;
    Ok(lignes.into_iter().filter_map(|(code, source)| Some((Donnee::from_code(&code)?, source))).collect())
}

/// Adds a piece of data to those of a session.
///
/// # Errors
/// When the database refuses.
pub async fn add(
    tx: &Tx,
    _: &Ecriture<'_>,
    session: i64,
    donnee: Donnee,
    source: &str,
) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO donnee_transmise (session_id, code, source) VALUES ($1, $2, $3)",
        vec![session.into(), donnee.code().into(), source.to_owned().into()],
    )
    .await?;
    Ok(())
}
