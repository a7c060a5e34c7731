//! The order of waiting wishes, the automatic answer, and what the end of the ordering does to everybody at once.

use crate::ligne::FromLigne;
use domain::candidatures::EtatVoeu;

use super::LigneVoeu;
use super::echeances::{ETUDIANT, move_where};
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::sql::{Sql, Tx, tuples};

/// Writes the rank of preference of a wish; 0: none.
///
/// # Errors
/// [`StoreError::Conflict`] when the wish changed since it was read.
pub async fn save_preference(
    tx: &Tx,
    e: &Ecriture<'_>,
    voeu: &LigneVoeu,
    rang: u32,
) -> Result<(), StoreError> {
    let ecrits = tx
        .exec(
            "UPDATE voeu SET rang_preference = $5, maj_par = $4, maj_le = $3, version = version + 1
             WHERE version = $2 AND id = $1",
            vec![
                voeu.id.into(),
                voeu.version.into(),
                e.ms().into(),
                e.compte().into(),
                i64::from(rang).into(),
            ],
        )
        .await?;
    if ecrits == 0 {
        return Err(StoreError::Conflict(format!("voeu {}", voeu.id)));
    }
    Ok(())
}

/// Moves the waiting wishes of the main procedure without rank, outside apprenticeship, which waited before the instant `fin`;
/// gives how many. One that waits again since then, for its proposition was withdrawn, could not be ordered: it stays.
///
/// # Errors
/// When the database refuses.
pub async fn lose_unordered(
    tx: &Tx,
    e: &Ecriture<'_>,
    (session, fin): (i64, i64),
    de: EtatVoeu,
    vers: EtatVoeu,
) -> Result<u64, StoreError> {
    let ou = format!("phase = 'pp' AND rang_preference = 0 AND etat_le < $6 AND {ETUDIANT}");
    move_where(tx, e, session, (de, vers), &ou, vec![fin.into()]).await
}

/// A candidate to be told about their wishes, with how many they are.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct APrevenir {
    pub candidat: i64,
    pub compte: i64,
    pub courriel: String,
    pub prenom: String,
    pub voeux: i64,
}

/// Candidates with an account, after a key, who have wishes of the main procedure outside apprenticeship in this state; since
/// the instant `depuis` exactly, when one is given.
///
/// # Errors
/// When the database refuses.
pub async fn list_a_prevenir(
    c: &impl Sql,
    session: i64,
    (etat, depuis): (EtatVoeu, Option<i64>),
    apres: i64,
    combien: i64,
) -> Result<Vec<APrevenir>, StoreError> {
    // From the candidates, by key, to their wishes: each slice costs what it gives.
    let siens = format!(
        "FROM voeu WHERE voeu.candidat_id = c.id AND voeu.supprime_le IS NULL AND voeu.phase = 'pp' AND voeu.etat = $2
           AND (CAST($3 AS BIGINT) IS NULL OR voeu.etat_le = CAST($3 AS BIGINT)) AND {ETUDIANT}"
    );
    c.all(
        &format!(
            "SELECT c.id AS candidat, k.id AS compte, k.courriel, c.prenom, (SELECT COUNT(*) {siens}) AS voeux
             FROM candidat c JOIN compte k ON k.id = c.compte_id
             WHERE c.session_id = $1 AND c.id > $4 AND EXISTS (SELECT 1 {siens})
             ORDER BY c.id LIMIT $5"
        ),
        vec![session.into(), etat.code().to_owned().into(), depuis.into(), apres.into(), combien.into()],
    )
    .await
}

/// The automatic answer of a candidate, as last set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct LigneRepondeur {
    /// 1: on.
    pub active: i64,
    pub depuis_le: i64,
    pub version: i64,
}

/// The automatic answer of a candidate; `None` when they never touched it.
///
/// # Errors
/// When the database refuses.
pub async fn repondeur(c: &impl Sql, candidat: i64) -> Result<Option<LigneRepondeur>, StoreError> {
    c.one(
        "SELECT active, depuis_le, version FROM repondeur_automatique WHERE candidat_id = $1",
        vec![candidat.into()],
    )
    .await
}

/// Switches the automatic answer of a candidate on or off.
///
/// # Errors
/// When the database refuses.
pub async fn save_repondeur(
    tx: &Tx,
    e: &Ecriture<'_>,
    candidat: i64,
    active: bool,
) -> Result<(), StoreError> {
    let (_, mut valeurs) = e.meta();
    valeurs.extend([candidat.into(), i64::from(active).into(), e.ms().into()]);
    tx.exec(
        &format!(
            "INSERT INTO repondeur_automatique ({META}, candidat_id, active, depuis_le)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (candidat_id) DO UPDATE SET active = excluded.active, depuis_le = excluded.depuis_le,
                 maj_le = excluded.maj_le, maj_par = excluded.maj_par, version = repondeur_automatique.version + 1"
        ),
        valeurs,
    )
    .await
    .map(|_| ())
}

/// The candidates of a session whose automatic answer is on, by key.
///
/// # Errors
/// When the database refuses.
pub async fn repondeurs_actifs(c: &impl Sql, session: i64) -> Result<Vec<i64>, StoreError> {
    let mut cles: Vec<(i64,)> = tuples(
        c,
        "r.candidat_id",
        "repondeur_automatique r JOIN candidat c ON c.id = r.candidat_id
         WHERE r.active = 1 AND c.session_id = $1",
        vec![session.into()],
    )
    .await?;
    cles.sort_unstable();
    Ok(cles.into_iter().map(|(cle,)| cle).collect())
}
