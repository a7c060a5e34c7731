//! Accounts that nobody uses any more (CPT-7).

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// An account that nobody used for long.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneInactive {
    pub id: i64,
    /// Real instant of the last sign-in, or of the proof of the address.
    pub derniere_le: i64,
    pub rappels_inactivite: i64,
    pub rappel_inactivite_le: Option<i64>,
}

/// Accounts of the staff unused since `avant` (real time), for the reminders and the suspension of CPT-7.
///
/// # Errors
/// When the database refuses.
pub async fn idle_accounts(
    c: &impl Sql,
    avant: i64,
    apres_id: i64,
    combien: i64,
) -> Result<Vec<LigneInactive>, StoreError> {
    c.all(
        "SELECT c.id, COALESCE(c.derniere_connexion_le, c.courriel_verifie_le) AS derniere_le, c.rappels_inactivite,
                c.rappel_inactivite_le
         FROM compte c
         WHERE c.id > $1 AND c.etat IN ('actif', 'a_securiser') AND c.supprime_le IS NULL
           AND COALESCE(c.derniere_connexion_le, c.courriel_verifie_le) <= $2
           AND EXISTS (SELECT 1 FROM attribution a
                       WHERE a.compte_id = c.id AND a.supprime_le IS NULL AND a.role <> 'candidat')
         ORDER BY c.id LIMIT $3",
        vec![apres_id.into(), avant.into(), combien.into()],
    )
    .await
}

/// Notes that a reminder left; `false` when it already had, even by another runner.
///
/// # Errors
/// When the database refuses.
pub async fn note_reminder(tx: &Tx, compte: i64, rappel: i64, maintenant: i64) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE compte SET rappels_inactivite = $1, rappel_inactivite_le = $2
             WHERE id = $3 AND rappels_inactivite = $1 - 1",
            vec![rappel.into(), maintenant.into(), compte.into()],
        )
        .await?;
    Ok(n == 1)
}
