//! The journal: written in the same transaction as the act (JOU-3). Append only.

use crate::error::StoreError;
use crate::sql::{Sql, Tx};

/// One entry (JOU-2). Neither secret, nor mark, nor free text.
#[derive(Debug, Clone)]
pub struct Entree<'a> {
    pub instant_us: i64,
    pub compte: Option<i64>,
    pub role: &'a str,
    pub reseau: &'a str,
    pub requete: &'a str,
    pub action: &'a str,
    pub objet: &'a str,
    pub objet_id: &'a str,
    pub issue: &'a str,
    /// JSON of the fields before and after, sensitive ones replaced by a fingerprint.
    pub avant: Option<String>,
    pub apres: Option<String>,
}

/// Appends an entry.
///
/// # Errors
/// When the database refuses.
pub async fn append(tx: &Tx, e: &Entree<'_>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO journal (instant_us, compte_id, role, reseau, requete, action, objet, objet_id, issue, avant, apres)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        vec![
            e.instant_us.into(),
            e.compte.into(),
            e.role.to_owned().into(),
            e.reseau.to_owned().into(),
            e.requete.to_owned().into(),
            e.action.to_owned().into(),
            e.objet.to_owned().into(),
            e.objet_id.to_owned().into(),
            e.issue.to_owned().into(),
            e.avant.clone().into(),
            e.apres.clone().into(),
        ],
    )
    .await
    .map(|_| ())
}
