//! The lists of the settings of establishments, one or many at once, by key of the settings.

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
    #[ligne(incluse)]
    composante: LigneComposante,
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
    Ok(lues.into_iter().map(|l| (l.parametrage, l.composante)).collect())
}

#[derive(FromLigne)]
struct SiteDe {
    parametrage: i64,
    #[ligne(incluse)]
    site: LigneSite,
}

/// The sites of many settings, the first declared first.
///
/// # Errors
/// When the database refuses.
pub async fn sites_of(c: &impl Sql, parametrages: &[i64]) -> Result<Vec<(i64, LigneSite)>, StoreError> {
    let colonnes = "public_id, nom, adresse, code_postal, commune, latitude, longitude";
    let lues: Vec<SiteDe> = lignes_of(c, parametrages, ("site_formation", colonnes, "id")).await?;
    Ok(lues.into_iter().map(|l| (l.parametrage, l.site)).collect())
}

#[derive(FromLigne)]
struct JourneeDe {
    parametrage: i64,
    #[ligne(incluse)]
    journee: LigneJournee,
}

/// The open days of many settings, by day and hour.
///
/// # Errors
/// When the database refuses.
pub async fn journees_of(c: &impl Sql, parametrages: &[i64]) -> Result<Vec<(i64, LigneJournee)>, StoreError> {
    let colonnes = "public_id, jour, debut_min, fin_min, a_distance, ou";
    let ordre = "jour, debut_min, id";
    let lues: Vec<JourneeDe> =
        lignes_of(c, parametrages, ("journee_portes_ouvertes", colonnes, ordre)).await?;
    Ok(lues.into_iter().map(|l| (l.parametrage, l.journee)).collect())
}
