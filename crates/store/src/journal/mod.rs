//! The journal: written in the same transaction as the act (JOU-3). Append only.

pub mod alarmes;
pub mod chaine;
pub mod recherche;

use sea_orm::Value;

use crate::error::StoreError;
use crate::sql::{Sql, Tx, insert_batch};

/// One entry (JOU-2). Neither secret, nor mark, nor free text.
#[derive(Debug, Clone, Default)]
pub struct Entree<'a> {
    pub instant_us: i64,
    pub compte: Option<i64>,
    pub role: &'a str,
    /// Establishment on whose behalf; found from `formation` when only the course is known.
    pub etablissement: Option<i64>,
    pub formation: Option<i64>,
    pub reseau: &'a str,
    pub requete: &'a str,
    pub route: &'a str,
    pub action: &'a str,
    pub objet: &'a str,
    pub objet_id: &'a str,
    pub issue: &'a str,
    /// Means of proof of a sign-in; empty otherwise.
    pub moyen: &'a str,
    /// Internal keys of the records read, when there are any.
    pub dossiers: &'a [i64],
    /// JSON of the fields before and after, sensitive ones replaced by a fingerprint.
    pub avant: Option<String>,
    pub apres: Option<String>,
}

/// What an entry says, in the order of [`COLONNES`].
fn valeurs(e: &Entree<'_>) -> Vec<Value> {
    let texte = |t: &str| Value::from(t.to_owned());
    vec![
        e.instant_us.into(),
        e.compte.into(),
        texte(e.role),
        texte(e.reseau),
        texte(e.requete),
        texte(e.route),
        texte(e.action),
        texte(e.objet),
        texte(e.objet_id),
        texte(e.issue),
        texte(e.moyen),
        i64::try_from(e.dossiers.len()).unwrap_or(i64::MAX).into(),
        e.avant.clone().into(),
        e.apres.clone().into(),
        e.etablissement.into(),
    ]
}

const COLONNES: &str =
    "instant_us, compte_id, role, reseau, requete, route, action, objet, objet_id, issue, moyen, dossiers,
                        avant, apres, etablissement_id";

/// Appends many entries of one act, in their order.
///
/// # Errors
/// When the database refuses.
pub async fn append_all(tx: &Tx, entrees: &[Entree<'_>]) -> Result<(), StoreError> {
    // An establishment to be found, records that were read: each has its own statements.
    if entrees.iter().any(|e| e.formation.is_some() || !e.dossiers.is_empty()) {
        for e in entrees {
            append(tx, e).await?;
        }
        return Ok(());
    }
    let rows: Vec<Vec<Value>> = entrees.iter().map(valeurs).collect();
    insert_batch(tx, &format!("INSERT INTO journal ({COLONNES})"), 15, rows, "").await.map(|_| ())
}

/// Appends an entry, and whose records it read.
///
/// # Errors
/// When the database refuses.
pub async fn append(tx: &Tx, e: &Entree<'_>) -> Result<(), StoreError> {
    let mut params = valeurs(e);
    params.push(e.formation.into());
    let id = tx
        .int(
            &format!(
                "INSERT INTO journal ({COLONNES})
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                         COALESCE($15, (SELECT i.etablissement_id FROM formation f
                         JOIN formation_inscription i ON i.id = f.formation_inscription_id WHERE f.id = $16))) RETURNING id"
            ),
            params,
        )
        .await?
        .ok_or(StoreError::NotFound("journal"))?;
    if e.dossiers.is_empty() {
        return Ok(());
    }
    let lectures: Vec<Vec<Value>> = e.dossiers.iter().map(|&c| vec![c.into(), id.into()]).collect();
    insert_batch(
        tx,
        "INSERT INTO journal_lecture (candidat_id, entree_id)",
        2,
        lectures,
        "ON CONFLICT (candidat_id, entree_id) DO NOTHING",
    )
    .await
    .map(|_| ())
}
