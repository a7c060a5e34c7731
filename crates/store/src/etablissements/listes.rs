//! The lists of the settings of establishments, one or many at once, by key of the settings; their lines, written together.

use sea_orm::Value;

use super::{LigneComposante, LigneJournee, LigneSite, Liste};
use crate::ecriture::{Ecriture, META, NB_META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, all_among, exec_among, insert_batch, update_vivantes};

async fn lignes_of<T: FromLigne + Send>(
    c: &impl Sql,
    parametrages: &[i64],
    (table, colonnes, ordre): (&str, &str, &str),
) -> Result<Vec<T>, StoreError> {
    let sql = format!(
        "SELECT etablissement_session_id AS parametrage, {colonnes} FROM {table}
         WHERE etablissement_session_id IN (:cles) AND supprime_le IS NULL ORDER BY {ordre}"
    );
    all_among(c, &sql, vec![], parametrages).await
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

/// Adds lines to a list, all of the same columns in the same order; gives their public identifiers, in their order.
///
/// # Errors
/// When the database refuses.
pub async fn insert_lignes(
    tx: &Tx,
    e: &Ecriture<'_>,
    liste: Liste,
    parametrage: i64,
    lignes: &[Vec<(&'static str, Value)>],
) -> Result<Vec<String>, StoreError> {
    let Some(premiere) = lignes.first() else { return Ok(Vec::new()) };
    let noms: Vec<&str> = premiere.iter().map(|(nom, _)| *nom).collect();
    let mut ids = Vec::with_capacity(lignes.len());
    let mut rows = Vec::with_capacity(lignes.len());
    for colonnes in lignes {
        let (id, mut valeurs) = e.meta();
        valeurs.push(parametrage.into());
        valeurs.extend(colonnes.iter().map(|(_, valeur)| valeur.clone()));
        ids.push(id.as_str().to_owned());
        rows.push(valeurs);
    }
    let debut =
        format!("INSERT INTO {} ({META}, etablissement_session_id, {})", liste.table(), noms.join(", "));
    insert_batch(tx, &debut, NB_META + 1 + noms.len(), rows, "").await?;
    Ok(ids)
}

/// Writes over lines of a list, by public identifier, all of the same columns in the same order; false when one of them is not of
/// this establishment.
///
/// # Errors
/// When the database refuses.
pub async fn update_lignes(
    tx: &Tx,
    e: &Ecriture<'_>,
    liste: Liste,
    parametrage: i64,
    lignes: &[(String, Vec<(&'static str, Value)>)],
) -> Result<bool, StoreError> {
    let Some((_, premiere)) = lignes.first() else { return Ok(true) };
    let ecrites: Vec<&str> =
        ["maj_le", "maj_par"].into_iter().chain(premiere.iter().map(|(nom, _)| *nom)).collect();
    let rows = lignes.iter().map(|(id, colonnes)| {
        let mut valeurs: Vec<Value> =
            vec![id.clone().into(), parametrage.into(), e.ms().into(), e.compte().into()];
        valeurs.extend(colonnes.iter().map(|(_, valeur)| valeur.clone()));
        valeurs
    });
    let rows: Vec<Vec<Value>> = rows.collect();
    let cles = ["public_id", "etablissement_session_id"];
    let faites = update_vivantes(tx, liste.table(), (&cles, ecrites.as_slice()), rows).await?;
    Ok(usize::try_from(faites).is_ok_and(|n| n == lignes.len()))
}

/// Takes lines off a list, by public identifier; false when one of them is not of this establishment.
///
/// # Errors
/// When the database refuses.
pub async fn remove_lignes(
    tx: &Tx,
    e: &Ecriture<'_>,
    liste: Liste,
    parametrage: i64,
    ids: &[&str],
) -> Result<bool, StoreError> {
    let fixes: Vec<Value> = vec![e.ms().into(), e.compte().into(), parametrage.into()];
    let sql = format!(
        "UPDATE {} SET supprime_le = $1, maj_le = $1, maj_par = $2, version = version + 1
         WHERE etablissement_session_id = $3 AND supprime_le IS NULL AND public_id IN (:cles)",
        liste.table()
    );
    let faites = exec_among(tx, &sql, fixes, ids).await?;
    Ok(usize::try_from(faites).is_ok_and(|n| n == ids.len()))
}
