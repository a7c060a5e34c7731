//! The national registers that complete the records of the catalogue of apprenticeship (R-APP-17, R-APP-18): of no session.

use sea_orm::Value;

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, all_among, insert_batch};

/// A diploma.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneDiplome {
    pub code: String,
    pub sigle: String,
    pub libelle: String,
}

/// An establishment of the catalogue.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneOrganisme {
    pub siret: String,
    /// Empty without one.
    pub uai: String,
    pub nom: String,
    pub ville: String,
    pub departement: String,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub ferme: i64,
}

const DIPLOMES: &str = "SELECT code, sigle, libelle FROM diplome";
const ORGANISMES: &str =
    "SELECT siret, uai, nom, ville, departement, latitude, longitude, ferme FROM organisme";

/// The diplomas, by code.
///
/// # Errors
/// When the database refuses.
pub async fn diplomes(c: &impl Sql) -> Result<Vec<LigneDiplome>, StoreError> {
    c.all(&format!("{DIPLOMES} ORDER BY code"), vec![]).await
}

/// The establishments, by SIRET.
///
/// # Errors
/// When the database refuses.
pub async fn organismes(c: &impl Sql) -> Result<Vec<LigneOrganisme>, StoreError> {
    c.all(&format!("{ORGANISMES} ORDER BY siret"), vec![]).await
}

/// Many at once, a few hundred a statement.
async fn among<T: FromLigne + Send>(
    c: &impl Sql,
    (select, colonne): (&str, &str),
    cherches: &[String],
) -> Result<Vec<T>, StoreError> {
    all_among(c, &format!("{select} WHERE {colonne} IN (:cles) ORDER BY id"), vec![], cherches).await
}

/// The diplomas of these codes.
///
/// # Errors
/// When the database refuses.
pub async fn diplomes_by_codes(c: &impl Sql, codes: &[String]) -> Result<Vec<LigneDiplome>, StoreError> {
    among(c, (DIPLOMES, "code"), codes).await
}

/// The establishments of these SIRET.
///
/// # Errors
/// When the database refuses.
pub async fn organismes_by_sirets(
    c: &impl Sql,
    sirets: &[String],
) -> Result<Vec<LigneOrganisme>, StoreError> {
    among(c, (ORGANISMES, "siret"), sirets).await
}

/// The establishments that bear these codes: one code may be that of several.
///
/// # Errors
/// When the database refuses.
pub async fn organismes_by_uais(c: &impl Sql, uais: &[String]) -> Result<Vec<LigneOrganisme>, StoreError> {
    among(c, (ORGANISMES, "uai"), uais).await
}

/// Takes the place of the whole nomenclature.
///
/// # Errors
/// [`StoreError::Conflict`] for a diploma given twice.
pub async fn replace_diplomes(tx: &Tx, diplomes: &[LigneDiplome]) -> Result<(), StoreError> {
    tx.exec("DELETE FROM diplome", vec![]).await?;
    let rows: Vec<Vec<Value>> = diplomes
        .iter()
        .map(|d| vec![d.code.clone().into(), d.sigle.clone().into(), d.libelle.clone().into()])
        .collect();
    insert_batch(tx, "INSERT INTO diplome (code, sigle, libelle)", 3, rows, "").await.map(|_| ())
}

/// Takes the place of the whole register.
///
/// # Errors
/// [`StoreError::Conflict`] for an establishment given twice.
pub async fn replace_organismes(tx: &Tx, organismes: &[LigneOrganisme]) -> Result<(), StoreError> {
    tx.exec("DELETE FROM organisme", vec![]).await?;
    let rows: Vec<Vec<Value>> = organismes
        .iter()
        .map(|o| {
            vec![
                o.siret.clone().into(),
                o.uai.clone().into(),
                o.nom.clone().into(),
                o.ville.clone().into(),
                o.departement.clone().into(),
                o.latitude.into(),
                o.longitude.into(),
                o.ferme.into(),
            ]
        })
        .collect();
    let debut = "INSERT INTO organisme (siret, uai, nom, ville, departement, latitude, longitude, ferme)";
    insert_batch(tx, debut, 8, rows, "").await.map(|_| ())
}
