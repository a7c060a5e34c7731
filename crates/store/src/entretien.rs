//! Purge of the idempotency keys that have served. What accounts leave behind is purged by `comptes`, `jetons` and
//! `essais`; nothing of the procedure is ever purged here.

use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// Removes the idempotency keys that expired before `maintenant` (real time, milliseconds). Gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn purge_idempotence(tx: &Tx, maintenant: i64) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM idempotence WHERE expire_le <= $1", vec![maintenant.into()]).await
}
