//! R-ORD-05 and R-RA-04: what a day decides in a candidate's place, written with the run and done at its publication.

use super::jour::insert_pairs;
use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::sql::{Sql, Tx, places, tuples};

/// Writes what the day decides: (voeu, status as the engine numbers it).
///
/// # Errors
/// When the database refuses.
pub async fn insert_passage_automatiques(
    tx: &Tx,
    passage: i64,
    lignes: &[(i64, i64)],
) -> Result<u64, StoreError> {
    insert_pairs(tx, "passage_automatique (passage_id, voeu_id, statut)", passage, lignes).await
}

/// The same, of a run, by voeu.
///
/// # Errors
/// When the database refuses.
pub async fn load_passage_automatiques(c: &impl Sql, passage: i64) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut lignes: Vec<(i64, i64)> = tuples(
        c,
        "a.voeu_id, a.statut",
        "passage_automatique a WHERE a.passage_id = $1",
        vec![passage.into()],
    )
    .await?;
    lignes.sort_unstable();
    Ok(lignes)
}

/// Moves wishes from one of these states to another, with the answer that their proposition gets, if they have one that counts.
/// Gives how many; one that its candidate has moved since the computation is left alone.
///
/// # Errors
/// When the database refuses.
pub async fn move_automatically(
    tx: &Tx,
    e: &Ecriture<'_>,
    voeux: &[i64],
    de: &[&str],
    vers: &str,
    reponse: &str,
) -> Result<u64, StoreError> {
    let mut total = 0;
    for lot in voeux.chunks(1_000) {
        let mut valeurs = vec![vers.to_owned().into(), e.ms().into(), e.compte().into()];
        let etats = places(&mut valeurs, de.iter().map(|etat| (*etat).to_owned()));
        let cles = places(&mut valeurs, lot.iter().copied());
        let bouges: Vec<i64> = tx
            .all::<Cle>(
                &format!(
                    "UPDATE voeu SET etat = $1, etat_le = $2, maj_le = $2, maj_par = $3, version = version + 1
                     WHERE etat IN ({etats}) AND supprime_le IS NULL AND id IN ({cles}) RETURNING id"
                ),
                valeurs,
            )
            .await?
            .into_iter()
            .map(|c| c.id)
            .collect();
        total += bouges.len() as u64;
        if bouges.is_empty() {
            continue;
        }
        let mut valeurs = vec![reponse.to_owned().into(), e.ms().into(), e.compte().into()];
        let cles = places(&mut valeurs, bouges);
        tx.exec(
            &format!(
                "UPDATE proposition SET reponse = $1, repondue_le = $2, maj_le = $2, maj_par = $3, version = version + 1
                 WHERE voeu_id IN ({cles}) AND reponse IN ('attendue', 'acceptee')"
            ),
            valeurs,
        )
        .await?;
    }
    Ok(total)
}

#[derive(crate::ligne::FromLigne)]
struct Cle {
    id: i64,
}
