//! R-INT-04 and 05: the boarding schools that have a ranking of their own, as the runs read them, and the bars that a day shows.

use crate::ligne::FromLigne;
use serde::Deserialize;

use crate::error::StoreError;
use crate::internats::serves;
use crate::sql::{Sql, Tx, insert_batch, tuples};

/// A boarding school that ranks who asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct InternatClasse {
    pub id: i64,
    /// The only course that it serves; none: all those of the establishment that have boarding.
    pub formation_session_id: Option<i64>,
    pub capacite: i64,
    /// 1: its ranking is transmitted.
    pub transmis: i64,
    /// Candidates that its ranking holds, transmitted or not.
    pub classes: i64,
}

/// Those of the session, by key.
///
/// # Errors
/// When the database refuses.
pub async fn internats(c: &impl Sql, session: i64) -> Result<Vec<InternatClasse>, StoreError> {
    c.all(
        "SELECT i.id, i.formation_session_id, i.capacite,
                CAST(CASE WHEN c.etat = 'transmis' THEN 1 ELSE 0 END AS BIGINT) AS transmis,
                (SELECT COUNT(*) FROM classement_internat_rang r WHERE r.classement_internat_id = c.id) AS classes
         FROM groupe_internat i
         LEFT JOIN classement_internat c ON c.groupe_internat_id = i.id AND c.supprime_le IS NULL
         WHERE i.session_id = $1 AND i.avec_classement = 1 AND i.supprime_le IS NULL
         ORDER BY i.id",
        vec![session.into()],
    )
    .await
}

/// R-INT-04: the boarding school of a wish `v` for a course `f` is, among those of the course, or among those of its establishment when
/// the course has none of its own, the one that ranks its candidate; when none does, the first of them. Without any, the wish
/// depends on no school (boarding without ranking).
pub(crate) fn school_of_wish() -> String {
    format!(
        "(SELECT i.id FROM groupe_internat i
          LEFT JOIN classement_internat k
            ON k.groupe_internat_id = i.id AND k.etat = 'transmis' AND k.supprime_le IS NULL
          LEFT JOIN classement_internat_rang r ON r.classement_internat_id = k.id AND r.candidat_id = v.candidat_id
          WHERE {}
          ORDER BY CASE WHEN r.rang IS NULL THEN 1 ELSE 0 END, i.id
          LIMIT 1)",
        serves("i", "f")
    )
}

/// A wish that depends on a boarding school that ranks. Fields are in the order of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct VoeuEnInternat {
    pub voeu: i64,
    pub candidat: i64,
    pub internat: i64,
    /// In its transmitted ranking, if that holds the candidate.
    pub rang: Option<i64>,
}

/// The living wishes that depend on boarding schools that rank, by key.
///
/// # Errors
/// When the database refuses.
pub async fn voeux_en_internat(c: &impl Sql, session: i64) -> Result<Vec<VoeuEnInternat>, StoreError> {
    let mut voeux: Vec<VoeuEnInternat> = tuples(
        c,
        "v.id, v.candidat_id, g.id, r.rang",
        &format!(
            "voeu v
             JOIN formation_session f ON f.id = v.formation_session_id
             JOIN groupe_internat g ON g.id = {}
             LEFT JOIN classement_internat k
               ON k.groupe_internat_id = g.id AND k.etat = 'transmis' AND k.supprime_le IS NULL
             LEFT JOIN classement_internat_rang r ON r.classement_internat_id = k.id AND r.candidat_id = v.candidat_id
             WHERE v.session_id = $1 AND v.avec_internat = 1 AND v.supprime_le IS NULL
               AND v.etat IN ('en_attente', 'propose', 'accepte')",
            school_of_wish()
        ),
        vec![session.into()],
    )
    .await?;
    voeux.sort_unstable_by_key(|v| v.voeu);
    Ok(voeux)
}

/// What a day shows of a boarding school in one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromLigne)]
pub struct InternatJour {
    pub internat: i64,
    pub groupe: i64,
    pub barre_internat: i64,
    pub barre_appel: i64,
}

/// The highest bars shown by the days published before `jour`, by school and group. A day withdrawn from a group counts for
/// nothing there (R-ADM-13).
///
/// # Errors
/// When the database refuses.
pub async fn barres_passees(c: &impl Sql, session: i64, jour: i64) -> Result<Vec<InternatJour>, StoreError> {
    c.all(
        "SELECT b.groupe_internat_id AS internat, b.groupe_affectation_id AS groupe,
                MAX(b.barre_internat) AS barre_internat, MAX(b.barre_appel) AS barre_appel
         FROM internat_jour b
         JOIN passage p ON p.id = b.passage_id
         JOIN groupe_jour gj ON gj.passage_id = p.id AND gj.groupe_affectation_id = b.groupe_affectation_id
         WHERE p.session_id = $1 AND p.nature = 'propositions' AND p.etat = 'publie' AND p.jour < $2
           AND gj.retire_par IS NULL
         GROUP BY b.groupe_internat_id, b.groupe_affectation_id
         ORDER BY b.groupe_internat_id, b.groupe_affectation_id",
        vec![session.into(), jour.into()],
    )
    .await
}

/// Writes the bars that a day shows.
///
/// # Errors
/// When the database refuses.
pub async fn insert_internat_jour(tx: &Tx, passage: i64, lignes: &[InternatJour]) -> Result<u64, StoreError> {
    insert_batch(
        tx,
        "INSERT INTO internat_jour (passage_id, groupe_internat_id, groupe_affectation_id, barre_internat, barre_appel)",
        5,
        lignes.iter().copied().map(|b| {
            vec![
                passage.into(),
                b.internat.into(),
                b.groupe.into(),
                b.barre_internat.into(),
                b.barre_appel.into(),
            ]
        }),
        "",
    )
    .await
}

/// The bars that a run shows, by school and group.
///
/// # Errors
/// When the database refuses.
pub async fn load_internat_jour(c: &impl Sql, passage: i64) -> Result<Vec<InternatJour>, StoreError> {
    c.all(
        "SELECT groupe_internat_id AS internat, groupe_affectation_id AS groupe, barre_internat, barre_appel
         FROM internat_jour WHERE passage_id = $1 ORDER BY groupe_internat_id, groupe_affectation_id",
        vec![passage.into()],
    )
    .await
}
