//! The course that a record becomes, and the decisions about records.

use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, places, tuples};

/// A record that has, or is to have, a course.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct FicheAIntegrer {
    pub id: i64,
    pub version: i64,
    pub public_id: String,
    pub identifiant: String,
    pub cle: Option<String>,
    /// JSON of its fields.
    pub contenu: String,
    pub statut: String,
    pub raison: Option<String>,
    pub en_ligne: i64,
    /// Key of the settings of its course; the following values are then theirs.
    pub formation_session_id: Option<i64>,
    pub formation_public_id: Option<String>,
    pub formation_id: Option<i64>,
    pub formation_version: Option<i64>,
    pub etat: Option<String>,
    pub suspendue: Option<i64>,
    pub libelle: Option<String>,
    pub detail: Option<String>,
    pub departement: Option<String>,
    pub commune: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    /// Code of its establishment in the national register.
    pub etablissement_uai: Option<String>,
    /// The same, as the session says it.
    pub etablissement: Option<String>,
    pub etablissement_departement: Option<String>,
    pub etablissement_commune: Option<String>,
    pub etablissement_latitude: Option<f64>,
    pub etablissement_longitude: Option<f64>,
}

const A_INTEGRER: &str = "SELECT f.id, f.version, f.public_id, f.identifiant, p.cle, f.contenu, f.statut, f.raison, f.en_ligne, f.formation_session_id,
                fs.public_id AS formation_public_id, fs.formation_id, fs.version AS formation_version, fs.etat,
                fs.suspendue, fs.libelle, fs.detail, fs.departement, fs.commune, fs.latitude, fs.longitude,
                et.uai AS etablissement_uai, es.nom AS etablissement, es.departement AS etablissement_departement, es.commune AS etablissement_commune,
                es.latitude AS etablissement_latitude, es.longitude AS etablissement_longitude
         FROM fiche_apprentissage f
         LEFT JOIN formation_session fs ON fs.id = f.formation_session_id
         LEFT JOIN formation p ON p.id = fs.formation_id
         LEFT JOIN etablissement et ON et.id = fs.etablissement_id
         LEFT JOIN etablissement_session es
           ON es.etablissement_id = fs.etablissement_id AND es.session_id = fs.session_id AND es.supprime_le IS NULL
         WHERE f.supprime_le IS NULL";

/// Those that are ready, and those that have a course, by key.
///
/// # Errors
/// When the database refuses.
pub async fn a_integrer(c: &impl Sql, session: i64) -> Result<Vec<FicheAIntegrer>, StoreError> {
    c.all(
        &format!(
            "{A_INTEGRER} AND f.session_id = $1
               AND (f.statut = 'pret_pour_integration' OR f.formation_session_id IS NOT NULL)
             ORDER BY f.id"
        ),
        vec![session.into()],
    )
    .await
}

/// One of them, as it is now.
///
/// # Errors
/// [`StoreError::NotFound`] for one that does not exist.
pub async fn a_integrer_seule(c: &impl Sql, fiche: i64) -> Result<FicheAIntegrer, StoreError> {
    c.one(&format!("{A_INTEGRER} AND f.id = $1"), vec![fiche.into()])
        .await?
        .ok_or(StoreError::NotFound("fiche_apprentissage"))
}

/// Code in the national register and public identifier of establishments.
///
/// # Errors
/// When the database refuses.
pub async fn etablissements_by_uai(
    c: &impl Sql,
    uais: &[String],
) -> Result<Vec<(String, String)>, StoreError> {
    let mut tous = Vec::new();
    for lot in uais.chunks(500) {
        let mut valeurs = Vec::new();
        let places = places(&mut valeurs, lot.iter().cloned());
        let source = format!("etablissement e WHERE e.uai IN ({places})");
        tous.extend(tuples::<(String, String)>(c, "e.uai, e.public_id", &source, valeurs).await?);
    }
    Ok(tous)
}

/// What the table `import` calls an integration.
pub const INTEGRATION: &str = "integration";

/// When records were last integrated in a session, in milliseconds.
///
/// # Errors
/// When the database refuses.
pub async fn last_integration(c: &impl Sql, session: i64) -> Result<Option<i64>, StoreError> {
    c.int(
        "SELECT MAX(cree_le) FROM import WHERE nature = $1 AND session_id = $2",
        vec![INTEGRATION.to_owned().into(), session.into()],
    )
    .await
}

/// Whether [`a_integrer`] gives any.
///
/// # Errors
/// When the database refuses.
pub async fn has_a_integrer(c: &impl Sql, session: i64) -> Result<bool, StoreError> {
    let n = c
        .int(
            "SELECT COUNT(*) FROM fiche_apprentissage WHERE session_id = $1 AND supprime_le IS NULL
               AND (statut = 'pret_pour_integration' OR formation_session_id IS NOT NULL)",
            vec![session.into()],
        )
        .await?;
    Ok(n.unwrap_or(0) > 0)
}

/// A course under apprenticeship of the session that no record has.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct CourseLibre {
    pub formation_session_id: i64,
    pub cle: String,
    pub uai: String,
    pub libelle: String,
    pub etat: String,
}

/// Those of a session, by key.
///
/// # Errors
/// When the database refuses.
pub async fn courses_libres(c: &impl Sql, session: i64) -> Result<Vec<CourseLibre>, StoreError> {
    c.all(
        "SELECT fs.id AS formation_session_id, p.cle, e.uai, fs.libelle, fs.etat
         FROM formation_session fs JOIN formation p ON p.id = fs.formation_id
         JOIN etablissement e ON e.id = fs.etablissement_id
         WHERE fs.session_id = $1 AND p.statut = 'apprentissage' AND fs.supprime_le IS NULL AND fs.etat <> 'fermee'
           AND NOT EXISTS (SELECT 1 FROM fiche_apprentissage f WHERE f.formation_session_id = fs.id)
         ORDER BY fs.id",
        vec![session.into()],
    )
    .await
}

/// What integration last did of a course, by its record: as the history keeps it.
///
/// # Errors
/// When the database refuses.
pub async fn last_act(c: &impl Sql, fiche: i64) -> Result<Option<String>, StoreError> {
    c.text(
        "SELECT detail FROM evenement_apprentissage WHERE fiche_apprentissage_id = $1
           AND detail IN ('{\"quoi\":\"integration\"}', '{\"quoi\":\"publication\"}', '{\"quoi\":\"mise_a_jour\"}',
                          '{\"quoi\":\"fermeture\"}', '{\"quoi\":\"suspension\"}', '{\"quoi\":\"cession\"}')
         ORDER BY id DESC LIMIT 1",
        vec![fiche.into()],
    )
    .await
}

/// Gives a record its course.
///
/// # Errors
/// When the database refuses.
pub async fn attach(tx: &Tx, e: &Ecriture<'_>, fiche: i64, formation_session: i64) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE fiche_apprentissage SET formation_session_id = $1, maj_le = $2, maj_par = $3, version = version + 1
         WHERE id = $4",
        vec![formation_session.into(), e.ms().into(), e.compte().into(), fiche.into()],
    )
    .await
    .map(|_| ())
}

/// Where a record stands from now on.
#[derive(Debug, Clone)]
pub struct NouveauStatut<'a> {
    pub statut: &'static str,
    pub raison: Option<&'a str>,
    /// Identifier of the record that it repeats.
    pub doublon_de: Option<&'a str>,
    pub en_ligne: bool,
}

/// Writes it over the version that was read.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn set_statut(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    n: &NouveauStatut<'_>,
) -> Result<(), StoreError> {
    let fait = tx
        .exec(
            "UPDATE fiche_apprentissage SET statut = $1, raison = $2, doublon_de = $3, en_ligne = $4, maj_le = $5, maj_par = $6,
                 version = version + 1
             WHERE id = $7 AND version = $8",
            vec![
                n.statut.to_owned().into(),
                n.raison.map(str::to_owned).into(),
                n.doublon_de.map(str::to_owned).into(),
                i64::from(n.en_ligne).into(),
                e.ms().into(),
                e.compte().into(),
                id.into(),
                version.into(),
            ],
        )
        .await?;
    if fait == 1 { Ok(()) } else { Err(StoreError::Conflict("fiche_apprentissage".to_owned())) }
}

/// What the catalogue owns of a course.
#[derive(Debug, Clone)]
pub struct PartDuCatalogue<'a> {
    pub libelle: &'a str,
    pub departement: &'a str,
    pub academie: &'a str,
    pub commune: &'a str,
    pub coordonnees: Option<(f64, f64)>,
    /// `domain::formations::texte_recherche`.
    pub recherche: &'a str,
    /// A closed course comes back as a draft.
    pub rouvre: bool,
}

/// Writes it over the version that was read. Who wrote the rest last stays: it was not the catalogue.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn update_part(
    tx: &Tx,
    e: &Ecriture<'_>,
    (id, version): (i64, i64),
    n: &PartDuCatalogue<'_>,
) -> Result<(), StoreError> {
    let etat = if n.rouvre { ", etat = 'brouillon', suspendue = 0" } else { "" };
    let fait = tx
        .exec(
            &format!(
                "UPDATE formation_session SET libelle = $1, departement = $2, academie = $3, commune = $4, latitude = $5,
                     longitude = $6, recherche = $7, maj_le = $8, version = version + 1{etat}
                 WHERE id = $9 AND version = $10"
            ),
            vec![
                n.libelle.to_owned().into(),
                n.departement.to_owned().into(),
                n.academie.to_owned().into(),
                n.commune.to_owned().into(),
                n.coordonnees.map(|c| c.0).into(),
                n.coordonnees.map(|c| c.1).into(),
                n.recherche.to_owned().into(),
                e.ms().into(),
                id.into(),
                version.into(),
            ],
        )
        .await?;
    if fait == 1 { Ok(()) } else { Err(StoreError::Conflict("formation_session".to_owned())) }
}
