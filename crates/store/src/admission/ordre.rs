//! What a computation of call orders reads and writes.

use std::ops::{Range, RangeInclusive};

use crate::ligne::FromLigne;
use serde::Deserialize;

use super::LOT;
use crate::error::StoreError;
use crate::sql::{Sql, Tx, insert_batch, tuples};

/// A ranking group with candidates, and whether its ranking is sent.
#[derive(Debug, Clone, FromLigne)]
pub struct GroupeAClasser {
    pub id: i64,
    pub taux_min_boursiers: Option<i64>,
    pub taux_max_non_residents: Option<i64>,
    pub academie: String,
    /// Codes of the academies of the sector of its course, separated by commas; empty: that of the course.
    pub secteur: String,
    /// Last ranking sent.
    pub classement_id: Option<i64>,
    /// Confirmed or ranked wishes.
    pub voeux: i64,
}

/// Groups that must have a call order: they rank, their course is followed as a student, somebody wishes for it.
///
/// # Errors
/// When the database refuses.
pub async fn groupes_a_classer(c: &impl Sql, session: i64) -> Result<Vec<GroupeAClasser>, StoreError> {
    c.all(
        "SELECT g.id, g.taux_min_boursiers, g.taux_max_non_residents, f.academie, f.secteur,
                (SELECT k.id FROM classement k WHERE k.groupe_classement_id = g.id AND k.etat = 'transmis'
                 ORDER BY k.numero DESC LIMIT 1) AS classement_id,
                v.voeux
         FROM groupe_classement g
         JOIN formation_session f ON f.id = g.formation_session_id
         JOIN formation p ON p.id = f.formation_id AND p.statut = 'etudiant'
         JOIN (SELECT groupe_classement_id, COUNT(*) AS voeux FROM voeu
               WHERE session_id = $1 AND phase = 'pp' AND supprime_le IS NULL AND etat IN ('confirme', 'classe')
               GROUP BY groupe_classement_id) v ON v.groupe_classement_id = g.id
         WHERE g.session_id = $1 AND g.supprime_le IS NULL AND g.sans_classement = 0
         ORDER BY g.id",
        vec![session.into()],
    )
    .await
}

/// A candidate's sealed scholarship mark and academy.
#[derive(Debug, Clone, FromLigne)]
pub struct CandidatScelle {
    pub id: i64,
    pub public_id: String,
    pub academie: String,
    pub boursier_chiffre: Option<Vec<u8>>,
}

/// Candidates of the session after this key, in the order of keys; a few at a time, empty at the end.
///
/// # Errors
/// When the database refuses.
pub async fn candidats_scelles(
    c: &impl Sql,
    session: i64,
    apres: i64,
) -> Result<Vec<CandidatScelle>, StoreError> {
    c.all(
        "SELECT id, public_id, academie, boursier_chiffre FROM candidat
         WHERE session_id = $1 AND id > $2 ORDER BY id LIMIT $3",
        vec![session.into(), apres.into(), LOT.into()],
    )
    .await
}

/// The ranked wishes of a slice of keys ([`super::tranches_de_voeux`]): (ranking group, candidate), in no order.
///
/// # Errors
/// When the database refuses.
pub async fn voeux_classes(
    c: &impl Sql,
    session: i64,
    cles: Range<i64>,
) -> Result<Vec<(i64, i64)>, StoreError> {
    tuples(
        c,
        "v.groupe_classement_id, v.candidat_id",
        "voeu v WHERE v.session_id = $1 AND v.id >= $2 AND v.id < $3 AND v.etat = 'classe' AND v.phase = 'pp'
           AND v.supprime_le IS NULL",
        vec![session.into(), cles.start.into(), cles.end.into()],
    )
    .await
}

/// The rankings whose keys are in this range, from one end to the other: asked for each wish, ranks would be read at random.
/// (ranking, candidate, rank), in no order.
///
/// # Errors
/// When the database refuses.
pub async fn rangs_de_classements(
    c: &impl Sql,
    cles: RangeInclusive<i64>,
) -> Result<Vec<(i64, i64, i64)>, StoreError> {
    tuples(
        c,
        "r.classement_id, r.candidat_id, r.rang",
        "classement_rang r WHERE r.classement_id >= $1 AND r.classement_id <= $2",
        vec![(*cles.start()).into(), (*cles.end()).into()],
    )
    .await
}

/// One line of a call order. Fields are in the order of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct LigneOrdre {
    pub groupe: i64,
    pub candidat: i64,
    pub rang: i64,
}

/// Writes the call orders of a run.
///
/// # Errors
/// When the database refuses.
pub async fn insert_ordre_appel(tx: &Tx, passage: i64, lignes: &[LigneOrdre]) -> Result<u64, StoreError> {
    insert_batch(
        tx,
        "INSERT INTO ordre_appel (passage_id, groupe_classement_id, candidat_id, rang_appel)",
        4,
        lignes
            .iter()
            .copied()
            .map(|l| vec![passage.into(), l.groupe.into(), l.candidat.into(), l.rang.into()]),
        "",
    )
    .await
}

/// The call orders of a run in canonical order, after this (group, candidate); empty at the end.
///
/// # Errors
/// When the database refuses.
pub async fn load_ordre_appel(
    c: &impl Sql,
    passage: i64,
    apres: (i64, i64),
) -> Result<Vec<LigneOrdre>, StoreError> {
    let mut lot: Vec<LigneOrdre> = tuples(
        c,
        "t.groupe_classement_id, t.candidat_id, t.rang_appel",
        // Rows compared as pairs: the key is walked from the last one read, not from the beginning.
        "(SELECT groupe_classement_id, candidat_id, rang_appel FROM ordre_appel
          WHERE passage_id = $1 AND (groupe_classement_id, candidat_id) > ($2, $3)
          ORDER BY groupe_classement_id, candidat_id LIMIT $4) t",
        vec![passage.into(), apres.0.into(), apres.1.into(), LOT.into()],
    )
    .await?;
    lot.sort_unstable_by_key(|l| (l.groupe, l.candidat));
    Ok(lot)
}
