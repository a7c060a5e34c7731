//! The towns of the country (R-ETA-10, R-FOR-27): of no session.

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

#[derive(FromLigne)]
struct LigneCle {
    recherche: String,
}

/// Keys that may be another one misspelt, for a finer comparison: about as long, with its first letter or its last two; and those that
/// begin by it. `cle`: letters, digits and spaces; `longueurs`: the shortest and the longest.
///
/// # Errors
/// When the database refuses.
pub async fn cles_voisines(
    c: &impl Sql,
    cle: &str,
    longueurs: (i64, i64),
) -> Result<Vec<String>, StoreError> {
    let lettres: Vec<char> = cle.chars().collect();
    let premiere: String = lettres.iter().take(1).collect();
    let fin: String = lettres.iter().skip(lettres.len().saturating_sub(2)).collect();
    // The words of an article come before the first letter.
    let lignes: Vec<LigneCle> = c
        .all(
            "SELECT DISTINCT recherche FROM commune
             WHERE recherche LIKE $1
                OR (CAST(LENGTH(recherche) AS BIGINT) BETWEEN $2 AND $3
                    AND (recherche LIKE $4 OR recherche LIKE $5 OR recherche LIKE $6))",
            vec![
                format!("{cle}%").into(),
                longueurs.0.into(),
                longueurs.1.into(),
                format!("{premiere}%").into(),
                format!("l% {premiere}%").into(),
                format!("%{fin}").into(),
            ],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| l.recherche).collect())
}

/// The towns where courses of a session are published, as the courses that say one name it; each once, in the middle of its courses,
/// without a post code.
///
/// # Errors
/// When the database refuses.
pub async fn of_offre(c: &impl Sql, session: i64) -> Result<Vec<LigneCommune>, StoreError> {
    c.all(
        "SELECT fs.commune AS nom, '' AS code_postal, fs.departement, AVG(fs.latitude) AS latitude,
                AVG(fs.longitude) AS longitude
         FROM formation_session fs
         WHERE fs.session_id = $1 AND fs.etat = 'publiee' AND fs.supprime_le IS NULL AND fs.commune <> ''
           AND fs.latitude IS NOT NULL AND fs.longitude IS NOT NULL
         GROUP BY fs.commune, fs.departement ORDER BY fs.departement, fs.commune",
        vec![session.into()],
    )
    .await
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
