//! What programs called.

use std::collections::BTreeMap;

use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::masse::insert_batch;
use crate::sql::{Sql, Tx};

/// A call to note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NouvelAppel {
    pub jeton: i64,
    /// Real milliseconds.
    pub instant: i64,
    /// As the table of routes writes it: « GET /api/v1/… ».
    pub route: String,
    /// Public identifier in the address; empty for none.
    pub objet: String,
    pub statut: u16,
    pub duree_us: i64,
    /// Codes separated by commas: what the caller did well.
    pub marques: String,
    pub requete: String,
}

/// A call, as it is read again.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct LigneAppel {
    pub id: i64,
    pub instant_le: i64,
    pub route: String,
    pub objet_id: String,
    pub statut: i64,
    pub duree_us: i64,
    pub marques: String,
    pub requete: String,
}

/// Answered to a token that opens nothing.
const REFUSE: u16 = 401;

/// Notes calls, and when each token was last seen; those of a token that opens nothing are counted apart.
///
/// # Errors
/// When the database refuses.
pub async fn insert_appels(tx: &Tx, appels: &[NouvelAppel]) -> Result<(), StoreError> {
    let mut vus: BTreeMap<i64, i64> = BTreeMap::new();
    let mut refuses: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    let mut lignes = Vec::with_capacity(appels.len());
    for a in appels {
        if a.statut == REFUSE {
            let (combien, dernier) = refuses.entry(a.jeton).or_insert((0, a.instant));
            *combien += 1;
            *dernier = (*dernier).max(a.instant);
        } else {
            let vu = vus.entry(a.jeton).or_insert(a.instant);
            *vu = (*vu).max(a.instant);
        }
        lignes.push(vec![
            a.jeton.into(),
            a.instant.into(),
            a.route.clone().into(),
            a.objet.clone().into(),
            i64::from(a.statut).into(),
            a.duree_us.into(),
            a.marques.clone().into(),
            a.requete.clone().into(),
        ]);
    }
    let debut =
        "INSERT INTO appel_api (jeton_id, instant_le, route, objet_id, statut, duree_us, marques, requete)";
    insert_batch(tx, debut, 8, lignes, "").await?;
    for (jeton, vu) in vus {
        tx.exec(
            "UPDATE jeton_api SET vu_le = $2 WHERE id = $1 AND (vu_le IS NULL OR vu_le < $2)",
            vec![jeton.into(), vu.into()],
        )
        .await?;
    }
    for (jeton, (combien, dernier)) in refuses {
        tx.exec(
            "UPDATE jeton_api SET refuses = refuses + $2,
                    refuse_le = CASE WHEN refuse_le IS NULL OR refuse_le < $3 THEN $3 ELSE refuse_le END
             WHERE id = $1",
            vec![jeton.into(), combien.into(), dernier.into()],
        )
        .await?;
    }
    Ok(())
}

/// The calls of a token, the last first; `avant`: only those before this key.
///
/// # Errors
/// When the database refuses.
pub async fn appels(
    c: &impl Sql,
    jeton: i64,
    avant: i64,
    limite: i64,
) -> Result<Vec<LigneAppel>, StoreError> {
    c.all(
        "SELECT id, instant_le, route, objet_id, statut, duree_us, marques, requete FROM appel_api
         WHERE jeton_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        vec![jeton.into(), avant.into(), limite.into()],
    )
    .await
}

/// The calls of a token since an instant, by hour: hours since 1970, how many.
///
/// # Errors
/// When the database refuses.
pub async fn appels_par_heure(c: &impl Sql, jeton: i64, depuis: i64) -> Result<Vec<(i64, i64)>, StoreError> {
    #[derive(FromLigne)]
    struct Heure {
        heure: i64,
        appels: i64,
    }
    let lignes: Vec<Heure> = c
        .all(
            "SELECT instant_le / 3600000 AS heure, COUNT(*) AS appels FROM appel_api
             WHERE jeton_id = $1 AND instant_le >= $2 GROUP BY instant_le / 3600000 ORDER BY 1",
            vec![jeton.into(), depuis.into()],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| (l.heure, l.appels)).collect())
}

/// Forgets the calls before an instant.
///
/// # Errors
/// When the database refuses.
pub async fn purge_appels(tx: &Tx, avant: i64) -> Result<u64, StoreError> {
    tx.exec("DELETE FROM appel_api WHERE instant_le < $1", vec![avant.into()]).await
}
