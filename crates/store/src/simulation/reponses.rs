//! What simulated candidates answer from, and what they answer.

use std::ops::Range;

use crate::ligne::FromLigne;
use serde::Deserialize;

use super::update_lots;
use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::sql::{Sql, Tx, exec_among, tuples};

/// A living wish. Fields are in the order of the query.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct VoeuVivant {
    pub id: i64,
    pub candidat: i64,
    /// `propose`, `accepte` or `en_attente`.
    pub etat: String,
    pub preference: i64,
    /// Limit of the proposition, when it waits for an answer.
    pub echeance_le: Option<i64>,
    /// Waiting rank of the last published day.
    pub rang: Option<i64>,
    /// 1: followed as an apprentice.
    pub apprentissage: i64,
}

/// The living wishes of a slice of keys ([`crate::admission::tranches_de_voeux`]), by key.
///
/// # Errors
/// When the database refuses.
pub async fn voeux_vivants(
    c: &impl Sql,
    session: i64,
    cles: Range<i64>,
) -> Result<Vec<VoeuVivant>, StoreError> {
    let mut lot: Vec<VoeuVivant> = tuples(
        c,
        "v.id, v.candidat_id, v.etat, v.preference_simulee,
         CASE WHEN v.etat = 'propose' THEN (SELECT p.echeance_le FROM proposition p
                                            WHERE p.voeu_id = v.id AND p.reponse = 'attendue' AND p.reponse <> 'retiree') END,
         r.rang, CAST(CASE WHEN fo.statut = 'apprentissage' THEN 1 ELSE 0 END AS BIGINT)",
        "voeu v
         JOIN formation_session f ON f.id = v.formation_session_id
         JOIN formation fo ON fo.id = f.formation_id
         LEFT JOIN rang_attente r ON r.voeu_id = v.id AND r.voeu_id >= $2 AND r.voeu_id < $3 AND r.passage_id =
              (SELECT MAX(j.id) FROM passage j
               WHERE j.session_id = $1 AND j.nature = 'propositions' AND j.etat = 'publie')
         WHERE v.session_id = $1 AND v.id >= $2 AND v.id < $3 AND v.supprime_le IS NULL
           AND v.etat IN ('propose', 'accepte', 'en_attente')",
        vec![session.into(), cles.start.into(), cles.end.into()],
    )
    .await?;
    lot.sort_unstable_by_key(|v| v.id);
    Ok(lot)
}

/// Gives the living wishes of the main procedure outside apprenticeship the rank that their simulated candidate has in mind;
/// gives how many.
///
/// # Errors
/// When the database refuses.
pub async fn order_voeux(tx: &Tx, e: &Ecriture<'_>, session: i64) -> Result<u64, StoreError> {
    tx.exec(
        "UPDATE voeu SET rang_preference = preference_simulee, maj_le = $2, maj_par = $3, version = version + 1
         WHERE session_id = $1 AND etat IN ('propose', 'accepte', 'en_attente') AND phase = 'pp'
           AND preference_simulee > 0 AND rang_preference <> preference_simulee AND supprime_le IS NULL
           AND formation_session_id IN (SELECT f.id FROM formation_session f
                                        JOIN formation fo ON fo.id = f.formation_id AND fo.statut = 'etudiant'
                                        WHERE f.session_id = $1)",
        vec![session.into(), e.ms().into(), e.compte().into()],
    )
    .await
}

/// Whether a candidate has answered anything, and the last deadline that they let pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct Silence {
    pub candidat: i64,
    /// Of the propositions that expired; UTC milliseconds.
    pub derniere: Option<i64>,
    /// Propositions accepted, refused or given back.
    pub repondues: i64,
}

/// Every candidate of the session whose propositions are not all waiting for an answer.
///
/// # Errors
/// When the database refuses.
pub async fn silences(c: &impl Sql, session: i64) -> Result<Vec<Silence>, StoreError> {
    c.all(
        "SELECT p.candidat_id AS candidat, MAX(CASE WHEN p.reponse = 'expiree' THEN p.echeance_le END) AS derniere,
                COUNT(CASE WHEN p.reponse <> 'expiree' THEN 1 END) AS repondues
         FROM proposition p
         JOIN voeu v ON v.id = p.voeu_id AND v.session_id = $1
         JOIN formation_session fs ON fs.id = v.formation_session_id
         JOIN formation fo ON fo.id = fs.formation_id AND fo.statut = 'etudiant'
         WHERE p.reponse NOT IN ('attendue', 'retiree')
         GROUP BY p.candidat_id ORDER BY p.candidat_id",
        vec![session.into()],
    )
    .await
}

/// Moves wishes from one state to another; gives how many were still in the first.
///
/// # Errors
/// When the database refuses.
pub async fn move_voeux(
    tx: &Tx,
    e: &Ecriture<'_>,
    vers: &'static str,
    voeux: &[i64],
) -> Result<u64, StoreError> {
    update_lots(
        tx,
        "UPDATE voeu SET etat = $1, etat_le = $2, maj_le = $2, maj_par = $3, version = version + 1",
        vec![vers.to_owned().into(), e.ms().into(), e.compte().into()],
        voeux,
    )
    .await
}

/// Marks waiting wishes as explicitly kept.
///
/// # Errors
/// When the database refuses.
pub async fn keep_voeux(tx: &Tx, e: &Ecriture<'_>, voeux: &[i64]) -> Result<u64, StoreError> {
    update_lots(
        tx,
        "UPDATE voeu SET maintenu_le = $1, maj_le = $1, maj_par = $2, version = version + 1",
        vec![e.ms().into(), e.compte().into()],
        voeux,
    )
    .await
}

/// Answers the propositions of wishes.
///
/// # Errors
/// When the database refuses.
pub async fn answer_propositions(
    tx: &Tx,
    e: &Ecriture<'_>,
    reponse: &'static str,
    voeux: &[i64],
) -> Result<u64, StoreError> {
    let fixes = vec![reponse.to_owned().into(), e.ms().into(), e.compte().into()];
    let sql = "UPDATE proposition SET reponse = $1, repondue_le = $2, maj_le = $2, maj_par = $3, version = version + 1
             WHERE voeu_id IN (:cles) AND reponse <> 'retiree'";
    exec_among(tx, sql, fixes, voeux).await
}
