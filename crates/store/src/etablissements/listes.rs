//! The lists of the settings of many establishments at once, by key of the settings; those of each are in the order in which one
//! establishment reads its own.

use sea_orm::Value;

use super::{LigneComposante, LigneJournee, LigneSite};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, places};

/// Values of one question.
const PAR_LOT: usize = 500;

async fn lignes_of<T: FromLigne + Send>(
    c: &impl Sql,
    parametrages: &[i64],
    (table, colonnes, ordre): (&str, &str, &str),
) -> Result<Vec<T>, StoreError> {
    let mut lignes = Vec::new();
    for lot in parametrages.chunks(PAR_LOT) {
        let mut valeurs: Vec<Value> = Vec::new();
        let places = places(&mut valeurs, lot.iter().copied());
        let sql = format!(
            "SELECT etablissement_session_id AS parametrage, {colonnes} FROM {table}
             WHERE etablissement_session_id IN ({places}) AND supprime_le IS NULL ORDER BY {ordre}"
        );
        let lues: Vec<T> = c.all(&sql, valeurs).await?;
        lignes.extend(lues);
    }
    Ok(lignes)
}

#[derive(FromLigne)]
struct ComposanteDe {
    parametrage: i64,
    public_id: String,
    nom: String,
}

/// The components of many settings.
///
/// # Errors
/// When the database refuses.
pub async fn composantes_of(
    c: &impl Sql,
    parametrages: &[i64],
) -> Result<Vec<(i64, LigneComposante)>, StoreError> {
    let lues: Vec<ComposanteDe> =
        lignes_of(c, parametrages, ("composante", "public_id, nom", "nom, id")).await?;
    let seule = |l: ComposanteDe| (l.parametrage, LigneComposante { public_id: l.public_id, nom: l.nom });
    Ok(lues.into_iter().map(seule).collect())
}

#[derive(FromLigne)]
struct SiteDe {
    parametrage: i64,
    public_id: String,
    nom: String,
    adresse: String,
    code_postal: String,
    commune: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
}

/// The sites of many settings.
///
/// # Errors
/// When the database refuses.
pub async fn sites_of(c: &impl Sql, parametrages: &[i64]) -> Result<Vec<(i64, LigneSite)>, StoreError> {
    let colonnes = "public_id, nom, adresse, code_postal, commune, latitude, longitude";
    let lues: Vec<SiteDe> = lignes_of(c, parametrages, ("site_formation", colonnes, "id")).await?;
    let seul = |l: SiteDe| {
        let site = LigneSite {
            public_id: l.public_id,
            nom: l.nom,
            adresse: l.adresse,
            code_postal: l.code_postal,
            commune: l.commune,
            latitude: l.latitude,
            longitude: l.longitude,
        };
        (l.parametrage, site)
    };
    Ok(lues.into_iter().map(seul).collect())
}

#[derive(FromLigne)]
struct JourneeDe {
    parametrage: i64,
    public_id: String,
    jour: String,
    debut_min: i64,
    fin_min: i64,
    a_distance: i64,
    ou: String,
}

/// The open days of many settings.
///
/// # Errors
/// When the database refuses.
pub async fn journees_of(c: &impl Sql, parametrages: &[i64]) -> Result<Vec<(i64, LigneJournee)>, StoreError> {
    let colonnes = "public_id, jour, debut_min, fin_min, a_distance, ou";
    let ordre = "jour, debut_min, id";
    let lues: Vec<JourneeDe> =
        lignes_of(c, parametrages, ("journee_portes_ouvertes", colonnes, ordre)).await?;
    let seule = |l: JourneeDe| {
        let journee = LigneJournee {
            public_id: l.public_id,
            jour: l.jour,
            debut_min: l.debut_min,
            fin_min: l.fin_min,
            a_distance: l.a_distance,
            ou: l.ou,
        };
        (l.parametrage, journee)
    };
    Ok(lues.into_iter().map(seule).collect())
}
