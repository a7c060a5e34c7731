//! The name of an establishment in a session, and the courses that are looked for by it.

use sea_orm::Value;

use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, all_among, insert_batch, update_batch};

/// An establishment that a record of the catalogue brought, and that bears the name of those without one.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct SansNom {
    /// Key of the row of the session.
    pub id: i64,
    pub etablissement_id: i64,
    pub uai: String,
    pub departement: String,
    /// Empty when nobody said it.
    pub commune: String,
}

/// Those of a session, by key. `debut`: how such a name begins; the code follows.
///
/// # Errors
/// When the database refuses.
pub async fn sans_nom(c: &impl Sql, session: i64, debut: &str) -> Result<Vec<SansNom>, StoreError> {
    c.all(
        "SELECT s.id, s.etablissement_id, e.uai, s.departement, s.commune
         FROM etablissement_session s JOIN etablissement e ON e.id = s.etablissement_id
         WHERE s.session_id = $1 AND s.supprime_le IS NULL AND s.nom = CAST($2 AS TEXT) || e.uai
           AND EXISTS (SELECT 1 FROM formation_session fs JOIN fiche_apprentissage f ON f.formation_session_id = fs.id
                       WHERE fs.etablissement_id = s.etablissement_id AND fs.session_id = s.session_id)
         ORDER BY s.id",
        vec![session.into(), debut.to_owned().into()],
    )
    .await
}

/// Writes the name and the town of rows of the session. Who wrote the rest last stays.
///
/// # Errors
/// When the database refuses.
pub async fn name(tx: &Tx, e: &Ecriture<'_>, noms: &[(i64, String, String)]) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> = noms
        .iter()
        .map(|(id, nom, commune)| {
            vec![(*id).into(), nom.clone().into(), commune.clone().into(), e.ms().into()]
        })
        .collect();
    update_batch(tx, "etablissement_session", (&["id"], &["nom", "commune", "maj_le"]), rows)
        .await
        .map(|_| ())
}

/// What a course is looked for by, its establishment apart.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct CourseCherchee {
    pub id: i64,
    pub etablissement_id: i64,
    pub libelle: String,
    pub detail: String,
    pub commune: String,
    pub departement: String,
}

/// The courses of establishments in a session, by key.
///
/// # Errors
/// When the database refuses.
pub async fn courses_of(
    c: &impl Sql,
    session: i64,
    etablissements: &[i64],
) -> Result<Vec<CourseCherchee>, StoreError> {
    let sql = "SELECT id, etablissement_id, libelle, detail, commune, departement FROM formation_session
             WHERE session_id = $1 AND supprime_le IS NULL AND etablissement_id IN (:cles) ORDER BY id";
    all_among(c, sql, vec![session.into()], etablissements).await
}

/// Writes the words that courses are looked for by. Nobody changed the courses themselves: their version stays.
///
/// # Errors
/// When the database refuses.
pub async fn set_recherches(tx: &Tx, recherches: Vec<(i64, String)>) -> Result<(), StoreError> {
    let rows: Vec<Vec<Value>> =
        recherches.into_iter().map(|(id, texte)| vec![id.into(), texte.into()]).collect();
    let fin = ") UPDATE formation_session AS t SET recherche = n.n_recherche FROM n WHERE t.id = n.n_id";
    insert_batch(tx, "WITH n (n_id, n_recherche) AS (", 2, rows, fin).await.map(|_| ())
}
