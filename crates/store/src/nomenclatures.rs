//! The national types of courses of a session (R-FOR-16).

use sea_orm::Value;

use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::imports::insert_keyed;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, exec_among};

/// What the national files say of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeImport {
    pub code: i64,
    pub code_sans_apprentissage: i64,
    pub sigle: String,
    pub libelle: String,
    pub apprentissage: bool,
    pub las: bool,
    /// One paragraph a line; empty: the nation says nothing.
    pub attendus: String,
    /// The same.
    pub specialites: String,
    /// Where the texts were read.
    pub source: String,
}

/// A type of a session.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneType {
    pub id: i64,
    pub code: i64,
    pub code_sans_apprentissage: i64,
    pub sigle: String,
    pub libelle: String,
    pub apprentissage: i64,
    pub las: i64,
    pub attendus: String,
    pub specialites: String,
    pub source: String,
    /// UTC milliseconds of the import that wrote it last.
    pub maj_le: i64,
}

const COLONNES: &str =
    "code, code_sans_apprentissage, sigle, libelle, apprentissage, las, attendus, specialites, source";

fn valeurs(t: &TypeImport) -> [Value; 9] {
    [
        t.code.into(),
        t.code_sans_apprentissage.into(),
        t.sigle.clone().into(),
        t.libelle.clone().into(),
        i64::from(t.apprentissage).into(),
        i64::from(t.las).into(),
        t.attendus.clone().into(),
        t.specialites.clone().into(),
        t.source.clone().into(),
    ]
}

/// The types of a session, by code.
///
/// # Errors
/// When the database refuses.
pub async fn types(c: &impl Sql, session: i64) -> Result<Vec<LigneType>, StoreError> {
    c.all(
        &format!(
            "SELECT id, {COLONNES}, maj_le FROM type_formation WHERE session_id = $1 AND supprime_le IS NULL ORDER BY code"
        ),
        vec![session.into()],
    )
    .await
}

/// The type of a course of a session; `None`: not known.
///
/// # Errors
/// When the database refuses.
pub async fn type_of(c: &impl Sql, formation_session: i64) -> Result<Option<LigneType>, StoreError> {
    let colonnes: Vec<String> = COLONNES.split(", ").map(|c| format!("t.{c}")).collect();
    c.one(
        &format!(
            "SELECT t.id, {}, t.maj_le FROM formation_session fs JOIN type_formation t ON t.id = fs.type_formation_id
             WHERE fs.id = $1 AND t.supprime_le IS NULL",
            colonnes.join(", ")
        ),
        vec![formation_session.into()],
    )
    .await
}

/// What an establishment chooses among.
#[derive(Debug, Clone, FromLigne)]
pub struct NomType {
    pub code: i64,
    pub sigle: String,
    pub libelle: String,
    pub apprentissage: i64,
    pub las: i64,
}

/// The types of a session without their texts, by code.
///
/// # Errors
/// When the database refuses.
pub async fn noms(c: &impl Sql, session: i64) -> Result<Vec<NomType>, StoreError> {
    c.all(
        "SELECT code, sigle, libelle, apprentissage, las FROM type_formation
         WHERE session_id = $1 AND supprime_le IS NULL ORDER BY code",
        vec![session.into()],
    )
    .await
}

/// Whether a session has types.
///
/// # Errors
/// When the database refuses.
pub async fn has_types(c: &impl Sql, session: i64) -> Result<bool, StoreError> {
    let un = c
        .int(
            "SELECT id FROM type_formation WHERE session_id = $1 AND supprime_le IS NULL LIMIT 1",
            vec![session.into()],
        )
        .await?;
    Ok(un.is_some())
}

/// The type of a code in a session.
///
/// # Errors
/// When the database refuses.
pub async fn type_by_code(c: &impl Sql, session: i64, code: i64) -> Result<Option<LigneType>, StoreError> {
    c.one(
        &format!(
            "SELECT id, {COLONNES}, maj_le FROM type_formation
             WHERE session_id = $1 AND code = $2 AND supprime_le IS NULL"
        ),
        vec![session.into(), code.into()],
    )
    .await
}

/// Gives a new course the code that its offer says, and the type of that code.
///
/// # Errors
/// When the database refuses.
pub async fn give_code(
    tx: &Tx,
    formation_session: i64,
    (code, type_formation): (i64, Option<i64>),
) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE formation_session SET code_type = $1, type_formation_id = $2 WHERE id = $3",
        vec![code.into(), type_formation.into(), formation_session.into()],
    )
    .await
    .map(|_| ())
}

/// The type of a course whose title or status was corrected: its code and its key, `None` when no type has that title. The code of its
/// offer follows the type; without one it stays, unless the status is another one (`autre_statut`).
///
/// # Errors
/// When the database refuses.
pub async fn retype(
    tx: &Tx,
    formation_session: i64,
    trouve: Option<(i64, i64)>,
    autre_statut: bool,
) -> Result<(), StoreError> {
    let (sql, valeurs): (_, Vec<Value>) = match trouve {
        Some((code, id)) => (
            "UPDATE formation_session SET type_formation_id = $1,
                 code_type = CASE WHEN code_type IS NULL THEN NULL ELSE CAST($2 AS BIGINT) END
             WHERE id = $3",
            vec![id.into(), code.into(), formation_session.into()],
        ),
        None if autre_statut => (
            "UPDATE formation_session SET type_formation_id = NULL, code_type = NULL WHERE id = $1",
            vec![formation_session.into()],
        ),
        None => (
            "UPDATE formation_session SET type_formation_id = NULL WHERE id = $1 AND code_type IS NULL",
            vec![formation_session.into()],
        ),
    };
    tx.exec(sql, valeurs).await.map(|_| ())
}

/// Adds types to a session.
///
/// # Errors
/// [`StoreError::Conflict`] when the session has one of them.
pub async fn add_types<'a>(
    tx: &Tx,
    e: &Ecriture<'_>,
    session: i64,
    types: impl IntoIterator<Item = &'a TypeImport>,
) -> Result<(), StoreError> {
    let rows = types.into_iter().map(|t| {
        let mut row: Vec<Value> = vec![session.into()];
        row.extend(valeurs(t));
        row
    });
    insert_keyed(tx, e, "type_formation", &format!("session_id, {COLONNES}"), rows).await.map(|_| ())
}

/// Writes what the files say over a type.
///
/// # Errors
/// When the database refuses.
pub async fn update_type(tx: &Tx, e: &Ecriture<'_>, id: i64, t: &TypeImport) -> Result<(), StoreError> {
    let mut params: Vec<Value> = valeurs(t).into();
    params.extend([e.ms().into(), e.compte().into(), id.into()]);
    tx.exec(
        "UPDATE type_formation SET code = $1, code_sans_apprentissage = $2, sigle = $3, libelle = $4, apprentissage = $5,
             las = $6, attendus = $7, specialites = $8, source = $9, maj_le = $10, maj_par = $11, version = version + 1
         WHERE id = $12",
        params,
    )
    .await
    .map(|_| ())
}

/// A course of a session, what its type is found by, and the draft of its description.
#[derive(Debug, Clone, FromLigne)]
pub struct FormationATyper {
    pub id: i64,
    pub libelle: String,
    pub etablissement: String,
    pub statut: String,
    pub famille: String,
    pub etat: String,
    pub code_type: Option<i64>,
    pub type_formation_id: Option<i64>,
    /// JSON of the description; absent when nothing was ever said.
    pub contenu: Option<String>,
    pub description_version: Option<i64>,
}

/// The courses of a session, `limite` after the key `apres`.
///
/// # Errors
/// When the database refuses.
pub async fn courses(
    c: &impl Sql,
    session: i64,
    apres: i64,
    limite: i64,
) -> Result<Vec<FormationATyper>, StoreError> {
    c.all(
        "SELECT fs.id, fs.libelle, COALESCE(es.nom, e.uai) AS etablissement, f.statut, fs.famille, fs.etat, fs.code_type,
                fs.type_formation_id, d.contenu, d.version AS description_version
         FROM formation_session fs
         JOIN formation f ON f.id = fs.formation_id
         JOIN etablissement e ON e.id = fs.etablissement_id
         LEFT JOIN etablissement_session es
           ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id
         LEFT JOIN formation_description d ON d.formation_session_id = fs.id
         WHERE fs.session_id = $1 AND fs.id > $2 AND fs.supprime_le IS NULL ORDER BY fs.id LIMIT $3",
        vec![session.into(), apres.into(), limite.into()],
    )
    .await
}

/// Gives courses their type. It is no setting: the version that forms send back stays.
///
/// # Errors
/// When the database refuses.
pub async fn set_type(tx: &Tx, type_formation: Option<i64>, courses: &[i64]) -> Result<(), StoreError> {
    let sql = "UPDATE formation_session SET type_formation_id = $1 WHERE id IN (:cles)";
    exec_among(tx, sql, vec![type_formation.into()], courses).await.map(|_| ())
}
