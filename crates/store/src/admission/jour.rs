//! What a day of propositions reads and writes.

use std::ops::Range;

use crate::ligne::FromLigne;
use serde::Deserialize;

use super::LOT;
use crate::error::StoreError;
use crate::sql::{EnRoute, Lus, Sql, Tx, insert_batch, tuples, tuples_read};

/// An assignment group, and what earlier days made of it.
#[derive(Debug, Clone, FromLigne)]
pub struct GroupeAffectation {
    pub id: i64,
    pub groupe_classement_id: i64,
    pub formation_session_id: i64,
    pub formation_inscription_id: i64,
    pub formation_id: i64,
    pub nombre_a_appeler: i64,
    pub rang_limite: i64,
    /// 1: by the course. A run that withholds the group writes 2 in what it read.
    pub admissions_suspendues: i64,
    pub sans_classement: i64,
    /// Highest rang d'appel proposed by the days published, and by those until five days before.
    pub dernier_interne: i64,
    pub dernier_reference: i64,
    /// Highest rank displayed so far.
    pub dernier_affiche: i64,
}

/// Assignment groups of the courses of the session followed as a student, as they stand before day `jour`.
///
/// # Errors
/// When the database refuses.
pub async fn groupes_affectation(
    c: &impl Sql,
    session: i64,
    jour: i64,
) -> Result<Vec<GroupeAffectation>, StoreError> {
    c.all(
        "SELECT a.id, a.groupe_classement_id, a.formation_session_id, p.formation_inscription_id, f.formation_id,
                a.nombre_a_appeler, a.rang_limite, a.admissions_suspendues, g.sans_classement,
                COALESCE(j.interne, 0) AS dernier_interne, COALESCE(j.reference, 0) AS dernier_reference,
                COALESCE(j.affiche, 0) AS dernier_affiche
         FROM groupe_affectation a
         JOIN groupe_classement g ON g.id = a.groupe_classement_id AND g.supprime_le IS NULL
         JOIN formation_session f ON f.id = a.formation_session_id AND f.session_id = $1
         JOIN formation p ON p.id = f.formation_id AND p.statut = 'etudiant'
         LEFT JOIN (SELECT gj.groupe_affectation_id, MAX(gj.dernier_appele_interne) AS interne,
                           MAX(CASE WHEN p.jour <= $2 - 5 THEN gj.dernier_appele_interne ELSE 0 END) AS reference,
                           MAX(gj.dernier_appele) AS affiche
                    FROM groupe_jour gj JOIN passage p ON p.id = gj.passage_id
                    WHERE p.session_id = $1 AND p.nature = 'propositions' AND p.etat = 'publie' AND p.jour < $2
                      AND gj.retire_par IS NULL
                    GROUP BY gj.groupe_affectation_id) j ON j.groupe_affectation_id = a.id
         WHERE a.supprime_le IS NULL
         ORDER BY a.id",
        vec![session.into(), jour.into()],
    )
    .await
}

/// A wish of the day: waiting, or a proposition that holds a place. Fields are in the order of the query, but for the last one.
#[derive(Debug, Clone, Deserialize)]
pub struct VoeuDuJour {
    pub id: i64,
    pub candidat: i64,
    pub formation_session: i64,
    pub groupe: i64,
    pub avec_internat: i64,
    pub etat: String,
    pub phase: String,
    /// Of the candidate; 0: not in their order.
    pub preference: i64,
    /// Waiting rank that the day before gave; 0: none.
    #[serde(skip)]
    pub rang_veille: i64,
}

/// The keys of all the wishes, in slices to be read one after the other.
///
/// # Errors
/// When the database refuses.
pub async fn tranches_de_voeux(c: &impl Sql) -> Result<Vec<Range<i64>>, StoreError> {
    let fin = c.int("SELECT COALESCE(MAX(id), 0) + 1 FROM voeu", vec![]).await?.unwrap_or(1);
    let debuts = std::iter::successors(Some(0), |d| Some(d + LOT)).take_while(|&d| d < fin);
    Ok(debuts.map(|d| d..fin.min(d + LOT)).collect())
}

/// The wishes of a slice that count today, by key. `veille`: the last published day, whose waiting ranks are continued.
///
/// # Errors
/// When the database refuses.
pub async fn voeux_du_jour(
    c: &impl Sql,
    session: i64,
    veille: i64,
    cles: Range<i64>,
) -> Result<EnRoute<VoeuDuJour>, StoreError> {
    // Each table is walked by its key, and the two are put together here: SQLite would look for each rank apart, and for the wishes by
    // an index of their states first, which together costs half as much again.
    let voeux: Lus<VoeuDuJour> = tuples_read(
        c,
        "v.id, v.candidat_id, v.formation_session_id, v.groupe_classement_id, v.avec_internat, v.etat, v.phase,
         v.rang_preference",
        &format!(
            "voeu v {} WHERE v.session_id = $1 AND v.id >= $2 AND v.id < $3 AND v.supprime_le IS NULL
               AND (v.etat IN ('propose', 'accepte') OR (v.etat = 'en_attente' AND v.phase = 'pp'))",
            c.backend().by_key()
        ),
        vec![session.into(), cles.start.into(), cles.end.into()],
    )
    .await?;
    let rangs: Lus<(i64, i64)> = tuples_read(
        c,
        "r.voeu_id, r.rang",
        "rang_attente r WHERE r.passage_id = $1 AND r.voeu_id >= $2 AND r.voeu_id < $3",
        vec![veille.into(), cles.start.into(), cles.end.into()],
    )
    .await?;
    Ok(EnRoute::new(move || {
        let mut voeux = voeux.decode()?;
        voeux.sort_unstable_by_key(|v| v.id);
        let mut rangs = rangs.decode()?;
        rangs.sort_unstable();
        continue_ranks(&mut voeux, &rangs);
        Ok(voeux)
    }))
}

/// Gives each wish its rank of the day before; both are by key. A rank may be of a wish that is not of the day any more.
fn continue_ranks(voeux: &mut [VoeuDuJour], rangs: &[(i64, i64)]) {
    let mut rangs = rangs.iter().peekable();
    for v in voeux {
        while rangs.next_if(|(voeu, _)| *voeu < v.id).is_some() {}
        if let Some((_, rang)) = rangs.next_if(|(voeu, _)| *voeu == v.id) {
            v.rang_veille = *rang;
        }
    }
}

/// Writes what the day proposes: (voeu, assignment group).
///
/// # Errors
/// When the database refuses.
pub async fn insert_passage_propositions(
    tx: &Tx,
    passage: i64,
    lignes: &[(i64, i64)],
) -> Result<u64, StoreError> {
    insert_pairs(tx, "passage_proposition (passage_id, voeu_id, groupe_affectation_id)", passage, lignes)
        .await
}

/// Writes the waiting ranks of the day: (voeu, rank).
///
/// # Errors
/// When the database refuses.
pub async fn insert_rangs_attente(tx: &Tx, passage: i64, lignes: &[(i64, i64)]) -> Result<u64, StoreError> {
    insert_pairs(tx, "rang_attente (passage_id, voeu_id, rang)", passage, lignes).await
}

/// Writes what a run says of wishes: (voeu, number).
pub(super) async fn insert_pairs(
    tx: &Tx,
    table: &str,
    passage: i64,
    lignes: &[(i64, i64)],
) -> Result<u64, StoreError> {
    let rows = lignes.iter().copied().map(|(voeu, n)| vec![passage.into(), voeu.into(), n.into()]);
    insert_batch(tx, &format!("INSERT INTO {table}"), 3, rows, "").await
}

/// What a day shows of an assignment group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct GroupeJour {
    pub groupe: i64,
    /// Displayed: never lower than the day before.
    pub dernier_appele: i64,
    /// Highest rang d'appel proposed that day.
    pub dernier_interne: i64,
    pub en_attente: i64,
    pub propositions: i64,
}

/// Writes what the day shows of each group.
///
/// # Errors
/// When the database refuses.
pub async fn insert_groupe_jour(tx: &Tx, passage: i64, lignes: &[GroupeJour]) -> Result<u64, StoreError> {
    insert_batch(
        tx,
        "INSERT INTO groupe_jour (passage_id, groupe_affectation_id, dernier_appele, dernier_appele_interne, en_attente,
             propositions)",
        6,
        lignes.iter().copied().map(|g| {
            vec![
                passage.into(),
                g.groupe.into(),
                g.dernier_appele.into(),
                g.dernier_interne.into(),
                g.en_attente.into(),
                g.propositions.into(),
            ]
        }),
        "",
    )
    .await
}

/// Pairs of whole numbers by the first one, of a query that gives `a` and `b`.
async fn paires(
    c: &impl Sql,
    sql: &str,
    passage: i64,
    apres: i64,
    limite: i64,
) -> Result<Vec<(i64, i64)>, StoreError> {
    let valeurs = vec![passage.into(), apres.into(), limite.into()];
    let mut lignes: Vec<(i64, i64)> = tuples(c, "t.a, t.b", &format!("({sql}) t"), valeurs).await?;
    lignes.sort_unstable();
    Ok(lignes)
}

/// What a run proposes, all of it: (voeu, assignment group) by voeu.
///
/// # Errors
/// When the database refuses.
pub async fn load_passage_propositions(c: &impl Sql, passage: i64) -> Result<Vec<(i64, i64)>, StoreError> {
    paires(
        c,
        "SELECT voeu_id AS a, groupe_affectation_id AS b FROM passage_proposition
         WHERE passage_id = $1 AND voeu_id > $2 ORDER BY voeu_id LIMIT $3",
        passage,
        0,
        i64::MAX,
    )
    .await
}

/// Waiting ranks of a run after this voeu: (voeu, rank); empty at the end.
///
/// # Errors
/// When the database refuses.
pub async fn load_rangs_attente(
    c: &impl Sql,
    passage: i64,
    apres: i64,
) -> Result<Vec<(i64, i64)>, StoreError> {
    paires(
        c,
        "SELECT voeu_id AS a, rang AS b FROM rang_attente
         WHERE passage_id = $1 AND voeu_id > $2 ORDER BY voeu_id LIMIT $3",
        passage,
        apres,
        LOT,
    )
    .await
}

/// What a run shows of every group, by group.
///
/// # Errors
/// When the database refuses.
pub async fn load_groupe_jour(c: &impl Sql, passage: i64) -> Result<Vec<GroupeJour>, StoreError> {
    c.all(
        "SELECT groupe_affectation_id AS groupe, dernier_appele, dernier_appele_interne AS dernier_interne, en_attente,
                propositions
         FROM groupe_jour WHERE passage_id = $1 ORDER BY groupe_affectation_id",
        vec![passage.into()],
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wish_goes_on_from_its_own_rank_of_the_day_before() {
        let voeu = |id| VoeuDuJour {
            id,
            candidat: 0,
            formation_session: 0,
            groupe: 0,
            avec_internat: 0,
            etat: "en_attente".to_owned(),
            phase: "pp".to_owned(),
            preference: 0,
            rang_veille: 0,
        };
        let mut voeux = [2, 3, 5, 8].map(voeu);
        // 1, 4 and 9 are not of the day any more; 3 had no rank.
        continue_ranks(&mut voeux, &[(1, 10), (2, 20), (4, 40), (5, 50), (8, 80), (9, 90)]);
        assert_eq!(voeux.map(|v| v.rang_veille), [20, 0, 50, 80]);
    }
}
