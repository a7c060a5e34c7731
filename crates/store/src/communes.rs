//! The towns of the country (R-ETA-10): of no session.

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx, insert_batch};

/// A town, once for each of its post codes.
#[derive(Debug, Clone, PartialEq, FromLigne)]
pub struct LigneCommune {
    pub nom: String,
    pub code_postal: String,
    pub departement: String,
    pub latitude: f64,
    pub longitude: f64,
}

const SELECT: &str = "SELECT nom, code_postal, departement, latitude, longitude FROM commune";

/// The towns of a name, as `domain::territoires::cle_commune` writes it, by post code.
///
/// # Errors
/// When the database refuses.
pub async fn by_cle(c: &impl Sql, cle: &str) -> Result<Vec<LigneCommune>, StoreError> {
    let sql = format!("{SELECT} WHERE recherche = $1 ORDER BY code_postal, nom");
    c.all(&sql, vec![cle.to_owned().into()]).await
}

/// The towns of a post code by name, so many at most.
///
/// # Errors
/// When the database refuses.
pub async fn by_code_postal(
    c: &impl Sql,
    code_postal: &str,
    combien: i64,
) -> Result<Vec<LigneCommune>, StoreError> {
    let sql = format!("{SELECT} WHERE code_postal = $1 ORDER BY nom LIMIT $2");
    c.all(&sql, vec![code_postal.to_owned().into(), combien.into()]).await
}

/// All of them, by post code then name.
///
/// # Errors
/// When the database refuses.
pub async fn all(c: &impl Sql) -> Result<Vec<LigneCommune>, StoreError> {
    c.all(&format!("{SELECT} ORDER BY code_postal, nom"), vec![]).await
}

/// Takes the place of the whole list; before each town, how it is looked for.
///
/// # Errors
/// [`StoreError::Conflict`] for a town given twice.
pub async fn replace(tx: &Tx, communes: &[(String, LigneCommune)]) -> Result<(), StoreError> {
    tx.exec("DELETE FROM commune", vec![]).await?;
    let rows = communes.iter().map(|(cle, c)| {
        vec![
            c.nom.clone().into(),
            cle.clone().into(),
            c.code_postal.clone().into(),
            c.departement.clone().into(),
            c.latitude.into(),
            c.longitude.into(),
        ]
    });
    let debut = "INSERT INTO commune (nom, recherche, code_postal, departement, latitude, longitude)";
    insert_batch(tx, debut, 6, rows, "").await.map(|_| ())
}
