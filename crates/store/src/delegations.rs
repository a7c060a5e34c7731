//! Who is attached to the courses of an establishment, with which operations.

use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};
use domain::comptes::Role;
use domain::delegations::Operations;

/// The courses of `$2` in session `$1`, by their permanent key.
const FORMATIONS: &str = "SELECT formation_id FROM formation_session
     WHERE session_id = $1 AND etablissement_id = $2 AND etat <> 'fermee' AND supprime_le IS NULL";

/// An establishment in a session.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneEtablissement {
    pub id: i64,
    pub public_id: String,
    pub uai: String,
    pub nom: String,
}

const ETABLISSEMENT: &str = "SELECT e.id, e.public_id, e.uai, COALESCE(es.nom, e.uai) AS nom FROM etablissement e
     JOIN etablissement_session es ON es.etablissement_id = e.id AND es.session_id = $1 AND es.supprime_le IS NULL";

/// An establishment of a session by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn etablissement(
    c: &impl Sql,
    session: i64,
    public_id: &str,
) -> Result<Option<LigneEtablissement>, StoreError> {
    c.one(
        &format!("{ETABLISSEMENT} WHERE e.public_id = $2"),
        vec![session.into(), public_id.to_owned().into()],
    )
    .await
}

/// Establishments of a session by their keys, by name.
///
/// # Errors
/// When the database refuses.
pub async fn etablissements(
    c: &impl Sql,
    session: i64,
    cles: &[i64],
) -> Result<Vec<LigneEtablissement>, StoreError> {
    if cles.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..cles.len() + 2).map(|i| format!("${i}")).collect();
    let mut valeurs: Vec<sea_orm::Value> = vec![session.into()];
    valeurs.extend(cles.iter().map(|&c| sea_orm::Value::from(c)));
    c.all(&format!("{ETABLISSEMENT} WHERE e.id IN ({}) ORDER BY nom, e.id", places.join(", ")), valeurs).await
}

/// A course of the matrix.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneFormation {
    /// Permanent formation.
    pub formation_id: i64,
    /// Of its settings in the session.
    pub public_id: String,
    pub libelle: String,
    pub detail: String,
    pub academie: String,
}

/// The courses of an establishment in a session, by name; closed ones left out.
///
/// # Errors
/// When the database refuses.
pub async fn formations(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<LigneFormation>, StoreError> {
    c.all(
        "SELECT formation_id, public_id, libelle, detail, academie FROM formation_session
         WHERE session_id = $1 AND etablissement_id = $2 AND etat <> 'fermee' AND supprime_le IS NULL
         ORDER BY libelle, detail, id",
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// A role of a person on a course.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneDelegation {
    pub id: i64,
    pub version: i64,
    pub compte_id: i64,
    /// Of the account.
    pub compte: String,
    pub nom: String,
    pub prenom: String,
    pub cree_le: i64,
    pub derniere_connexion_le: Option<i64>,
    pub role: String,
    pub formation_id: i64,
    pub operations: Option<String>,
}

impl LigneDelegation {
    /// The role and what is delegated of it.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`].
    pub fn lit(&self) -> Result<(Role, Operations), StoreError> {
        let role = Role::from_code(&self.role).ok_or(StoreError::Unreadable("attribution.role"))?;
        let tout = Operations::of_role(role);
        let operations = match &self.operations {
            None => tout,
            Some(o) => {
                Operations::from_code(o).ok_or(StoreError::Unreadable("attribution.operations"))?.and(tout)
            }
        };
        Ok((role, operations))
    }
}

/// The people attached to the courses of an establishment, by name.
///
/// # Errors
/// When the database refuses.
pub async fn delegations(
    c: &impl Sql,
    session: i64,
    etablissement: i64,
) -> Result<Vec<LigneDelegation>, StoreError> {
    c.all(
        &format!(
            "SELECT a.id, a.version, a.compte_id, c.public_id AS compte, c.nom, c.prenom, c.cree_le,
                    c.derniere_connexion_le, a.role, a.formation_id, a.operations
             FROM attribution a JOIN compte c ON c.id = a.compte_id
             WHERE a.formation_id IN ({FORMATIONS}) AND a.supprime_le IS NULL AND c.supprime_le IS NULL
               AND c.etat <> 'desactive' AND (a.session_id IS NULL OR a.session_id = $1)
             ORDER BY c.nom, c.prenom, c.id, a.role, a.id"
        ),
        vec![session.into(), etablissement.into()],
    )
    .await
}

/// A number that grows with each change of the roles on the courses of an establishment (TRX-4).
///
/// # Errors
/// When the database refuses.
pub async fn version(c: &impl Sql, session: i64, etablissement: i64) -> Result<i64, StoreError> {
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(version + 1), 0) AS BIGINT) FROM attribution WHERE formation_id IN ({FORMATIONS})"
    );
    Ok(c.int(&sql, vec![session.into(), etablissement.into()]).await?.unwrap_or(0))
}

/// Changes what is delegated by a role.
///
/// # Errors
/// [`StoreError::Conflict`] when the role changed since it was read.
pub async fn set_operations(
    tx: &Tx,
    e: &Ecriture<'_>,
    id: i64,
    version: i64,
    operations: Operations,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE attribution SET operations = $1, maj_le = $2, maj_par = $3, version = version + 1
             WHERE id = $4 AND version = $5 AND supprime_le IS NULL",
            vec![operations.code().into(), e.ms().into(), e.compte().into(), id.into(), version.into()],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("attribution {id}"))) }
}

/// A course that a candidate wishes.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneVoulue {
    pub formation_id: i64,
    pub etablissement_id: i64,
    pub academie: String,
    pub libelle: String,
    pub commune: String,
    pub etablissement: Option<String>,
    /// 1 when a wish for it is confirmed: the record is then among those of the course.
    pub confirmee: i64,
}

/// The courses of the wishes that a candidate has not given up, in their order. Those whose groups show the record are the
/// same as for `classements::candidats`.
///
/// # Errors
/// When the database refuses.
pub async fn voulues(c: &impl Sql, candidat: i64) -> Result<Vec<LigneVoulue>, StoreError> {
    c.all(
        "SELECT f.formation_id, f.etablissement_id, f.academie, f.libelle, f.commune, es.nom AS etablissement,
                MAX(CAST(CASE WHEN v.confirme_le IS NULL THEN 0 ELSE 1 END AS BIGINT)) AS confirmee
         FROM voeu v
         JOIN formation_session f ON f.id = v.formation_session_id
         LEFT JOIN etablissement_session es
           ON es.etablissement_id = f.etablissement_id AND es.session_id = f.session_id
         WHERE v.candidat_id = $1 AND v.supprime_le IS NULL AND v.etat NOT IN ('supprime', 'annule')
         GROUP BY f.formation_id, f.etablissement_id, f.academie, f.libelle, f.commune, es.nom
         ORDER BY MIN(v.id)",
        vec![candidat.into()],
    )
    .await
}

/// Establishments known, whatever the session.
///
/// # Errors
/// When the database refuses.
pub async fn count_etablissements(c: &impl Sql) -> Result<i64, StoreError> {
    c.int("SELECT COUNT(*) FROM etablissement", vec![]).await.map(|n| n.unwrap_or(0))
}
