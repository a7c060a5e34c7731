//! Purge of what has served: keys, links, sign-in sessions, attempts. Nothing of the procedure is ever purged here.

use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// Removes what expired before `maintenant` (real time, milliseconds); attempts and links are kept two days and a week
/// longer, because limits count them and support reads them. Gives the number of rows.
///
/// # Errors
/// When the database refuses.
pub async fn purge(tx: &Tx, _e: &Ecriture<'_>, maintenant: i64) -> Result<u64, StoreError> {
    const JOUR: i64 = 86_400_000;
    let mut total = 0;
    for (sql, borne) in [
        ("DELETE FROM idempotence WHERE expire_le <= $1", maintenant),
        ("DELETE FROM session_web WHERE expire_le <= $1", maintenant),
        ("DELETE FROM jeton WHERE expire_le <= $1", maintenant - 7 * JOUR),
        ("DELETE FROM essai WHERE instant <= $1", maintenant - 2 * JOUR),
    ] {
        total += tx.exec(sql, vec![borne.into()]).await?;
    }
    Ok(total)
}
