//! Visits of the site de gestion, and what waits in the queues of a service.

use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// The visits of a person in a session, in the campaign's milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct Visite {
    /// End of the visit before the present one; absent during the first one.
    pub precedente_le: Option<i64>,
    /// Last time that the home was opened.
    pub vue_le: i64,
}

/// The visits of an account in a session; none before the first.
///
/// # Errors
/// When the database refuses.
pub async fn visite(c: &impl Sql, compte: i64, session: i64) -> Result<Option<Visite>, StoreError> {
    c.one(
        "SELECT precedente_le, vue_le FROM visite WHERE compte_id = $1 AND session_id = $2",
        vec![compte.into(), session.into()],
    )
    .await
}

/// Notes a visit of whoever writes.
///
/// # Errors
/// When the database refuses.
pub async fn save_visite(tx: &Tx, e: &Ecriture<'_>, session: i64, v: Visite) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO visite (compte_id, session_id, precedente_le, vue_le) VALUES ($1, $2, $3, $4)
         ON CONFLICT (compte_id, session_id) DO UPDATE SET precedente_le = excluded.precedente_le, vue_le = excluded.vue_le",
        vec![e.compte().into(), session.into(), v.precedente_le.into(), v.vue_le.into()],
    )
    .await
    .map(|_| ())
}

/// What waits in a queue.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, FromLigne)]
pub struct Attente {
    pub nombre: i64,
    /// Since when the oldest waits, in milliseconds of the campaign.
    pub depuis: Option<i64>,
    /// Those that wait since an instant that is given, or before.
    pub en_retard: i64,
}

/// The columns of an [`Attente`]: `colonne`, since when each waits; `avant`: the parameter of that instant.
pub(crate) fn attente(colonne: &str, avant: &str) -> String {
    format!(
        "COUNT(*) AS nombre, MIN({colonne}) AS depuis,
         CAST(COALESCE(SUM(CASE WHEN {colonne} <= {avant} THEN 1 ELSE 0 END), 0) AS BIGINT) AS en_retard"
    )
}
