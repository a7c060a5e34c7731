//! Records and the courses that an establishment declared itself (R-APP-19): those that no record has, and what was said of each.

use domain::droits::Scope;
use sea_orm::Value;

use super::lecture::perimetre;
use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Params, Sql, Tx, in_academies, insert_batch, places};

/// A course under apprenticeship of the session that no record has.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct CourseLibre {
    pub formation_session_id: i64,
    pub public_id: String,
    pub cle: String,
    pub uai: String,
    /// Name of its establishment; its code where the session does not have it.
    pub etablissement: String,
    pub libelle: String,
    pub detail: String,
    pub departement: String,
    pub academie: String,
    pub commune: String,
    pub etat: String,
}

/// Which the courses `fs` of the session `$1` are, with their permanent ones `p`.
const LIBRE: &str =
    "fs.session_id = $1 AND p.statut = 'apprentissage' AND fs.supprime_le IS NULL AND fs.etat <> 'fermee'
           AND NOT EXISTS (SELECT 1 FROM fiche_apprentissage a WHERE a.formation_session_id = fs.id)";

/// Those of a session, by key.
///
/// # Errors
/// When the database refuses.
pub async fn courses_libres(c: &impl Sql, session: i64) -> Result<Vec<CourseLibre>, StoreError> {
    let sql = format!(
        "SELECT fs.id AS formation_session_id, fs.public_id, p.cle, e.uai, COALESCE(es.nom, e.uai) AS etablissement,
                fs.libelle, fs.detail, fs.departement, fs.academie, fs.commune, fs.etat
         FROM formation_session fs JOIN formation p ON p.id = fs.formation_id
         JOIN etablissement e ON e.id = fs.etablissement_id
         LEFT JOIN etablissement_session es
           ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id AND es.supprime_le IS NULL
         WHERE {LIBRE} ORDER BY fs.id"
    );
    c.all(&sql, vec![session.into()]).await
}

/// What somebody said of a record and of a course.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneRapprochement {
    pub fiche: i64,
    pub formation_session: i64,
    pub choix: String,
}

/// What was said of the records of a session that have no course yet and may have one.
///
/// # Errors
/// When the database refuses.
pub async fn rapprochements(c: &impl Sql, session: i64) -> Result<Vec<LigneRapprochement>, StoreError> {
    c.all(
        "SELECT r.fiche_apprentissage_id AS fiche, r.formation_session_id AS formation_session, r.choix
         FROM rapprochement_apprentissage r JOIN fiche_apprentissage f ON f.id = r.fiche_apprentissage_id
         WHERE f.session_id = $1 AND f.formation_session_id IS NULL AND f.supprime_le IS NULL
           AND f.statut NOT IN ('non_publiable', 'non_publie', 'ferme')
         ORDER BY r.id",
        vec![session.into()],
    )
    .await
}

/// Puts what is said of a record and of these courses (key, code) in the place of what was said of it.
///
/// # Errors
/// When the database refuses.
pub async fn replace_rapprochements(
    tx: &Tx,
    e: &Ecriture<'_>,
    fiche: i64,
    dits: &[(i64, &'static str)],
) -> Result<(), StoreError> {
    tx.exec("DELETE FROM rapprochement_apprentissage WHERE fiche_apprentissage_id = $1", vec![fiche.into()])
        .await?;
    let rows: Vec<Vec<Value>> = dits
        .iter()
        .map(|(course, choix)| {
            let (_, mut row) = e.meta();
            row.extend([fiche.into(), (*course).into(), (*choix).to_owned().into()]);
            row
        })
        .collect();
    let debut = format!(
        "INSERT INTO rapprochement_apprentissage ({META}, fiche_apprentissage_id, formation_session_id, choix)"
    );
    insert_batch(tx, &debut, NB_META + 3, rows, "").await.map(|_| ())
}

/// A record that has no course yet and repeats no other.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct FicheSansFormation {
    pub id: i64,
    pub public_id: String,
    pub identifiant: String,
    pub intitule: String,
    pub departement: String,
    pub statut: String,
    /// JSON of its fields.
    pub contenu: String,
}

/// Those of the perimeter in these statuses that name, by its code or by a SIRET of the register, an establishment which has a free course in
/// their department, by title. The courses whose key begins by `prefixe` are those of other records.
///
/// # Errors
/// When the database refuses.
pub async fn a_rapprocher(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    statuts: &[&'static str],
    prefixe: &str,
) -> Result<Vec<FicheSansFormation>, StoreError> {
    let mut p = Params::default();
    let condition = perimetre(scope, session, &mut p).join(" AND ");
    let mut valeurs = p.0;
    let statuts = places(&mut valeurs, statuts.iter().map(|s| (*s).to_owned()));
    let nommees = places(&mut valeurs, [format!("{prefixe}%")]);
    let academies = in_academies(&mut valeurs, scope, "fs");
    let siens = ["lieu", "formateur", "gestionnaire"]
        .map(|q| format!("(r.departement, r.siret_{q}) IN (SELECT s.departement, s.siret FROM connus s)"))
        .join(" OR ");
    // By steps: only the records whose department has a course are compared; PostgreSQL takes seconds otherwise.
    let sql = format!(
        "WITH libres AS MATERIALIZED (
             SELECT DISTINCT fs.departement, e.uai FROM formation_session fs JOIN formation p ON p.id = fs.formation_id
             JOIN etablissement e ON e.id = fs.etablissement_id
             WHERE {LIBRE} AND p.cle NOT LIKE {nommees}{academies}),
         connus AS MATERIALIZED (
             SELECT l.departement, o.siret FROM libres l JOIN organisme o ON o.uai = l.uai),
         proches AS MATERIALIZED (
             SELECT f.id, f.departement, f.uais, f.siret_lieu, f.siret_formateur, f.siret_gestionnaire FROM fiche_apprentissage f
             WHERE {condition} AND f.formation_session_id IS NULL AND f.doublon_de IS NULL AND f.statut IN ({statuts})
               AND f.departement IN (SELECT l.departement FROM libres l)),
         trouvees AS (
             SELECT r.id FROM proches r
             WHERE EXISTS (SELECT 1 FROM libres l WHERE l.departement = r.departement AND r.uais LIKE '%|' || l.uai || '|%')
             UNION
             SELECT r.id FROM proches r WHERE {siens})
         SELECT f.id, f.public_id, f.identifiant, f.intitule, f.departement, f.statut, f.contenu
         FROM fiche_apprentissage f WHERE f.id IN (SELECT t.id FROM trouvees t)
         ORDER BY f.intitule, f.id"
    );
    c.all(&sql, valeurs).await
}
