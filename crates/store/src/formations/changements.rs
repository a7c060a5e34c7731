//! What changed on the courses of a perimeter since an instant: drafts, publications.

use crate::ligne::FromLigne;
use domain::droits::Scope;

use super::gestion::{FiltreGestion, PUBLICATION, condition};
use crate::error::StoreError;
use crate::sql::{Params, Sql};

const ETABLISSEMENT: &str = "JOIN etablissement_session es ON es.etablissement_id = fs.etablissement_id
    AND es.session_id = fs.session_id";

/// The description, which the public does not read, was written last.
const DECRIT: &str = "(x.maj_le > fs.maj_le AND x.contenu <> COALESCE(p.description, '{}'))";

/// When the draft was written last.
const LE: &str = "CASE WHEN x.maj_le > fs.maj_le AND x.contenu <> COALESCE(p.description, '{}') THEN x.maj_le
    ELSE fs.maj_le END";

/// A draft that was written, and what the public reads of the same course.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct Brouillon {
    pub public_id: String,
    pub etablissement_id: i64,
    pub formation_id: i64,
    pub academie: String,
    pub libelle: String,
    pub detail: String,
    pub etablissement: String,
    pub maj_le: i64,
    /// Name of the account, when it was one.
    pub qui: Option<String>,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    pub publiee_capacite: Option<i64>,
    pub publiee_frais: Option<i64>,
    /// 1 when the presentation is not the published one; absent before a publication.
    pub autre_presentation: Option<i64>,
    /// 1 when the description is not the published one; before a publication, when it was written last.
    pub autre_description: i64,
}

/// A publication, and the one before.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct Publication {
    pub public_id: String,
    pub etablissement_id: i64,
    pub formation_id: i64,
    pub academie: String,
    pub libelle: String,
    pub detail: String,
    pub etablissement: String,
    pub numero: i64,
    pub publie_le: i64,
    /// Name of the account, when it was one.
    pub qui: Option<String>,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    pub avant_capacite: Option<i64>,
    pub avant_frais: Option<i64>,
    /// 1 when the presentation is another one; absent at the first publication.
    pub autre_presentation: Option<i64>,
    /// 1 when the description is another one than at the publication before.
    pub autre_description: i64,
}

/// Drafts written after `depuis` by somebody else than `sauf`, newest first. One that a publication wrote is told as such.
///
/// # Errors
/// When the database refuses.
pub async fn brouillons_changes(
    c: &impl Sql,
    scope: &Scope,
    filtre: &FiltreGestion,
    (depuis, sauf): (i64, i64),
    limite: i64,
) -> Result<Vec<Brouillon>, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, filtre, &mut p);
    let (depuis, sauf, limite) = (p.add(depuis), p.add(sauf), p.add(limite));
    let sql = format!(
        "SELECT fs.public_id, fs.etablissement_id, fs.formation_id, fs.academie, fs.libelle, fs.detail, es.nom AS etablissement, {LE} AS maj_le,
                c.prenom || ' ' || c.nom AS qui, fs.capacite, fs.frais_centimes, p.capacite AS publiee_capacite,
                p.frais_centimes AS publiee_frais,
                CAST(CASE WHEN p.presentation IS NULL THEN NULL WHEN p.presentation <> fs.presentation THEN 1 ELSE 0 END
                     AS BIGINT) AS autre_presentation,
                CAST(CASE WHEN {DECRIT} OR x.contenu <> p.description THEN 1 ELSE 0 END AS BIGINT) AS autre_description
         FROM formation_session fs {PUBLICATION} {ETABLISSEMENT}
         LEFT JOIN formation_description x ON x.formation_session_id = fs.id
         LEFT JOIN compte c ON c.id = CASE WHEN {DECRIT} THEN x.maj_par ELSE fs.maj_par END
         WHERE {condition} AND {LE} > {depuis} AND (c.id IS NULL OR c.id <> {sauf})
           AND (p.publie_le IS NULL OR p.publie_le <> {LE})
         ORDER BY maj_le DESC, fs.id LIMIT {limite}"
    );
    c.all(&sql, p.0).await
}

/// Publications made after `depuis` by somebody else than `sauf`, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn publications_since(
    c: &impl Sql,
    scope: &Scope,
    filtre: &FiltreGestion,
    (depuis, sauf): (i64, i64),
    limite: i64,
) -> Result<Vec<Publication>, StoreError> {
    let mut p = Params::default();
    let condition = condition(scope, filtre, &mut p);
    let (depuis, sauf, limite) = (p.add(depuis), p.add(sauf), p.add(limite));
    let sql = format!(
        "SELECT fs.public_id, fs.etablissement_id, fs.formation_id, fs.academie, fs.libelle, fs.detail, es.nom AS etablissement, q.numero,
                q.publie_le, c.prenom || ' ' || c.nom AS qui, q.capacite, q.frais_centimes, a.capacite AS avant_capacite,
                a.frais_centimes AS avant_frais,
                CAST(CASE WHEN a.presentation IS NULL THEN NULL WHEN a.presentation <> q.presentation THEN 1 ELSE 0 END
                     AS BIGINT) AS autre_presentation,
                CAST(CASE WHEN COALESCE(a.description, '{{}}') <> q.description THEN 1 ELSE 0 END AS BIGINT) AS autre_description
         FROM formation_publication q JOIN formation_session fs ON fs.id = q.formation_session_id {ETABLISSEMENT}
         LEFT JOIN formation_publication a ON a.formation_session_id = q.formation_session_id AND a.numero = q.numero - 1
         LEFT JOIN compte c ON c.id = q.publie_par
         WHERE {condition} AND q.publie_le > {depuis} AND (q.publie_par IS NULL OR q.publie_par <> {sauf})
         ORDER BY q.publie_le DESC, q.id DESC LIMIT {limite}"
    );
    c.all(&sql, p.0).await
}
