//! R-ADM-12: what a group is judged by before a night, and what a person let through.

use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};

/// What was declared for an assignment group.
#[derive(Debug, Clone, FromLigne)]
pub struct DeclareGroupe {
    pub id: i64,
    pub places: i64,
    pub capacite: i64,
    /// Of the session before; absent for a new course.
    pub capacite_avant: Option<i64>,
}

/// What was declared for the assignment groups of a session.
///
/// # Errors
/// When the database refuses.
pub async fn declares(c: &impl Sql, session: i64) -> Result<Vec<DeclareGroupe>, StoreError> {
    c.all(
        "SELECT a.id, a.places, COALESCE(f.capacite, 0) AS capacite, avant.capacite AS capacite_avant
         FROM formation_session f
         JOIN groupe_affectation a ON a.formation_session_id = f.id AND a.supprime_le IS NULL
         LEFT JOIN formation_session avant ON avant.id = f.precedente_id AND avant.supprime_le IS NULL
         WHERE f.session_id = $1",
        vec![session.into()],
    )
    .await
}

/// Who let a group through, for which numbers, and why.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneLevee {
    pub groupe: i64,
    pub faits: String,
    pub motif: String,
    /// UTC milliseconds.
    pub cree_le: i64,
    /// Empty for a command.
    pub par: String,
}

/// What was let through in a session.
///
/// # Errors
/// When the database refuses.
pub async fn levees(c: &impl Sql, session: i64) -> Result<Vec<LigneLevee>, StoreError> {
    c.all(
        "SELECT l.groupe_affectation_id AS groupe, l.faits, l.motif, l.cree_le,
                COALESCE(k.prenom || ' ' || k.nom, '') AS par
         FROM retenue_levee l
         JOIN groupe_affectation a ON a.id = l.groupe_affectation_id
         JOIN formation_session f ON f.id = a.formation_session_id
         LEFT JOIN compte k ON k.id = l.cree_par
         WHERE f.session_id = $1 ORDER BY l.id",
        vec![session.into()],
    )
    .await
}

/// Lets a group through, for these numbers alone.
///
/// # Errors
/// [`StoreError::Conflict`] when somebody did already.
pub async fn insert_levee(
    tx: &Tx,
    e: &Ecriture<'_>,
    groupe: i64,
    faits: &str,
    motif: &str,
) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([groupe.into(), faits.to_owned().into(), motif.to_owned().into()]);
    tx.exec(
        &format!(
            "INSERT INTO retenue_levee ({META}, groupe_affectation_id, faits, motif)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        valeurs,
    )
    .await?;
    Ok(())
}
