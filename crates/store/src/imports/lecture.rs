//! What a session already holds.

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::Sql;

/// An establishment, and what the session says of it.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct EtablissementConnu {
    pub id: i64,
    pub uai: String,
    /// Key of the row of the session, if it has one; the following values are then those of that row.
    pub ligne: Option<i64>,
    /// 1 when a person changed that row.
    pub touchee: i64,
    pub nom: Option<String>,
    pub statut: Option<String>,
    pub departement: Option<String>,
    pub academie: Option<String>,
    pub commune: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub site_web: Option<String>,
}

/// Every establishment, with what the session says of it.
///
/// # Errors
/// When the database refuses.
pub async fn etablissements(c: &impl Sql, session: i64) -> Result<Vec<EtablissementConnu>, StoreError> {
    c.all(
        "SELECT e.id, e.uai, s.id AS ligne,
                CAST(CASE WHEN s.maj_par IS NOT NULL AND s.version > 0 THEN 1 ELSE 0 END AS BIGINT) AS touchee,
                s.nom, s.statut, s.departement, s.academie, s.commune, s.latitude, s.longitude, s.site_web
         FROM etablissement e
         LEFT JOIN etablissement_session s ON s.etablissement_id = e.id AND s.session_id = $1",
        vec![session.into()],
    )
    .await
}

/// A permanent course, and its settings in the session.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct FormationConnue {
    pub id: i64,
    pub cle: String,
    /// Key of the settings of the session, if any; the following values are then theirs.
    pub offre: Option<i64>,
    /// 1 when a person changed them.
    pub touchee: i64,
    pub etablissement_id: Option<i64>,
    pub famille: Option<String>,
    pub libelle: Option<String>,
    pub detail: Option<String>,
    pub selective: Option<i64>,
    pub departement: Option<String>,
    pub academie: Option<String>,
    pub commune: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub capacite: Option<i64>,
    pub frais_centimes: Option<i64>,
    pub presentation: Option<String>,
    pub internat: Option<i64>,
    pub etat: Option<String>,
    pub recherche: Option<String>,
    pub code_type: Option<i64>,
    /// Number of the last publication, 0 without any.
    pub publication: i64,
}

/// Every permanent course, with its settings in the session.
///
/// # Errors
/// When the database refuses.
pub async fn formations(c: &impl Sql, session: i64) -> Result<Vec<FormationConnue>, StoreError> {
    c.all(
        "SELECT f.id, f.cle, s.id AS offre,
                CAST(CASE WHEN s.maj_par IS NOT NULL AND s.version > 0 THEN 1 ELSE 0 END AS BIGINT) AS touchee,
                s.etablissement_id, s.famille, s.libelle, s.detail, s.selective, s.departement, s.academie, s.commune,
                s.latitude, s.longitude, s.capacite, s.frais_centimes, s.presentation, s.internat, s.etat, s.recherche,
                s.code_type,
                CAST(COALESCE(p.numero, 0) AS BIGINT) AS publication
         FROM formation f
         LEFT JOIN formation_session s
           ON s.formation_id = f.id AND s.session_id = $1 AND s.supprime_le IS NULL
         LEFT JOIN (SELECT formation_session_id, MAX(numero) AS numero FROM formation_publication
                    GROUP BY formation_session_id) p ON p.formation_session_id = s.id",
        vec![session.into()],
    )
    .await
}

/// A ranking group of the session, with its places.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct GroupeConnu {
    pub id: i64,
    pub affectation: i64,
    pub formation_session_id: i64,
    pub libelle: String,
    pub series: String,
    pub places: i64,
}

/// The ranking groups that the courses of a session use, their own or those that they share, in the order of their creation.
///
/// # Errors
/// When the database refuses.
pub async fn groupes(c: &impl Sql, session: i64) -> Result<Vec<GroupeConnu>, StoreError> {
    c.all(
        "SELECT g.id, a.id AS affectation, a.formation_session_id, g.libelle, g.series, a.places
         FROM groupe_classement g
         JOIN groupe_affectation a ON a.groupe_classement_id = g.id
         WHERE g.session_id = $1 AND g.supprime_le IS NULL AND a.supprime_le IS NULL
         ORDER BY g.id, a.id",
        vec![session.into()],
    )
    .await
}

/// Figures of a year already in the base.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct StatistiqueConnue {
    pub id: i64,
    pub formation_id: i64,
    pub capacite: Option<i64>,
    pub candidats: Option<i64>,
    pub propositions: Option<i64>,
    pub acceptations: Option<i64>,
    pub chiffres: String,
}

/// The figures of a year.
///
/// # Errors
/// When the database refuses.
pub async fn statistiques(c: &impl Sql, annee: i64) -> Result<Vec<StatistiqueConnue>, StoreError> {
    c.all(
        "SELECT id, formation_id, capacite, candidats, propositions, acceptations, chiffres
         FROM statistique_formation WHERE annee = $1 AND supprime_le IS NULL",
        vec![annee.into()],
    )
    .await
}

/// Whether the session was created by an import: reference data of a past year, that a corrected file may mend.
///
/// # Errors
/// When the database refuses.
pub async fn est_importee(c: &impl Sql, session: i64) -> Result<bool, StoreError> {
    let n = c
        .int(
            "SELECT COUNT(*) FROM session_admission WHERE id = $1 AND origine = 'import'",
            vec![session.into()],
        )
        .await?;
    Ok(n.unwrap_or(0) > 0)
}
