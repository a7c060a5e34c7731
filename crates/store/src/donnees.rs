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

/// How many times the list of a session was changed, when last (campaign) and by whom; `None`: never.
///
/// # Errors
/// When the database refuses.
pub async fn changements(
    c: &impl Sql,
    session: i64,
) -> Result<Option<(i64, i64, Option<String>)>, StoreError> {
    let lignes: Vec<(i64, i64, Option<String>)> = tuples(
        c,
        "l.version, l.maj_le, k.prenom || ' ' || k.nom",
        "liste_donnees l LEFT JOIN compte k ON k.id = l.maj_par WHERE l.session_id = $1",
        vec![session.into()],
    )
    .await?;
    Ok(lignes.into_iter().next())
}

/// Writes the list of a session in place of the one that was read. `version`: how many times it had been changed.
///
/// # Errors
/// [`StoreError::Conflict`] when it changed meanwhile.
pub async fn replace(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    version: i64,
    liste: &BTreeMap<Donnee, String>,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "INSERT INTO liste_donnees (session_id, version, maj_le, maj_par) VALUES ($1, 1, $2, $3)
             ON CONFLICT (session_id) DO UPDATE SET version = liste_donnees.version + 1, maj_le = $2, maj_par = $3
             WHERE liste_donnees.version = $4",
            vec![session.into(), e.ms().into(), e.compte().into(), version.into()],
        )
        .await?;
    // The row appeared since, or counts otherwise.
    let apres = changements(tx, session).await?.map_or(0, |(v, _, _)| v);
    if n != 1 || apres != version + 1 {
        return Err(StoreError::Conflict("liste_donnees".to_owned()));
    }
    tx.exec("DELETE FROM donnee_transmise WHERE session_id = $1", vec![session.into()]).await?;
    for (d, source) in liste {
        add(tx, e, session, *d, source).await?;
    }
    Ok(())
}
