//! R-ADM-13: what a withdrawal reads, and what its publication changes.

use sea_orm::Value;

use crate::ligne::FromLigne;

use super::passages::{LignePassage, SELECTION};
use super::{DESTINATAIRE, NOM_FORMATION};
use crate::ecriture::Ecriture;
use crate::error::StoreError;
use crate::sql::{Sql, Tx, places};

/// The last withdrawal published in a session.
///
/// # Errors
/// When the database refuses.
pub async fn retrait_publie(c: &impl Sql, session: i64) -> Result<Option<LignePassage>, StoreError> {
    c.one(
        &format!(
            "{SELECTION} WHERE p.session_id = $1 AND p.nature = 'retrait' AND p.etat = 'publie'
             ORDER BY p.id DESC LIMIT 1"
        ),
        vec![session.into()],
    )
    .await
}

/// The withdrawal that is computed and neither published nor abandoned.
///
/// # Errors
/// When the database refuses.
pub async fn retrait_calcule(c: &impl Sql, session: i64) -> Result<Option<LignePassage>, StoreError> {
    c.one(
        &format!(
            "{SELECTION} WHERE p.session_id = $1 AND p.nature = 'retrait' AND p.etat = 'calcule' LIMIT 1"
        ),
        vec![session.into()],
    )
    .await
}

/// A course that a day touched, and what became of the propositions since.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct FormationDuJour {
    pub public_id: String,
    pub formation: String,
    pub etablissement: String,
    /// Made by this day.
    pub propositions: i64,
}

/// Courses for which a day still counts, those with the most propositions first. `mots`: made by
/// `domain::formations::mots_recherche`.
///
/// # Errors
/// When the database refuses.
pub async fn formations_du_jour(
    c: &impl Sql,
    passage: i64,
    mots: &[String],
    limite: i64,
) -> Result<Vec<FormationDuJour>, StoreError> {
    let mut valeurs: Vec<Value> = vec![passage.into()];
    let mut condition = String::new();
    for mot in mots {
        valeurs.push(format!("% {mot}%").into());
        condition.push_str(&format!(" AND f.recherche LIKE ${}", valeurs.len()));
    }
    valeurs.push(limite.into());
    c.all(
        &format!(
            "SELECT f.public_id, f.libelle AS formation, COALESCE(e.nom, '') AS etablissement,
                    CAST(SUM(j.propositions) AS BIGINT) AS propositions
             FROM groupe_jour j
             JOIN groupe_affectation a ON a.id = j.groupe_affectation_id
             JOIN formation_session f ON f.id = a.formation_session_id
             LEFT JOIN etablissement_session e
               ON e.etablissement_id = f.etablissement_id AND e.session_id = f.session_id
             WHERE j.passage_id = $1 AND j.retire_par IS NULL{condition}
             GROUP BY f.id, f.public_id, f.libelle, e.nom
             ORDER BY 4 DESC, f.libelle, f.id LIMIT ${}",
            valeurs.len()
        ),
        valeurs,
    )
    .await
}

/// A course as people name it.
#[derive(Debug, Clone, PartialEq, Eq, FromLigne)]
pub struct NomFormation {
    pub public_id: String,
    pub formation: String,
    pub etablissement: String,
}

/// The courses of a session with these public identifiers.
///
/// # Errors
/// When the database refuses.
pub async fn noms_formations(
    c: &impl Sql,
    session: i64,
    formations: &[String],
) -> Result<Vec<NomFormation>, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into()];
    let liste = places(&mut valeurs, formations.iter().cloned());
    c.all(
        &format!(
            "SELECT f.public_id, f.libelle AS formation, COALESCE(e.nom, '') AS etablissement
             FROM formation_session f
             LEFT JOIN etablissement_session e
               ON e.etablissement_id = f.etablissement_id AND e.session_id = f.session_id
             WHERE f.session_id = $1 AND f.supprime_le IS NULL AND f.public_id IN ({liste})
             ORDER BY f.libelle, f.id"
        ),
        valeurs,
    )
    .await
}

/// What a published day still says of a group.
#[derive(Debug, Clone, FromLigne)]
pub struct JourDuGroupe {
    pub groupe: i64,
    /// Of the course.
    pub formation: String,
    pub passage: i64,
    pub jour: i64,
    pub dernier_appele: i64,
    pub dernier_interne: i64,
    pub en_attente: i64,
}

/// Every published day that still counts for the assignment groups of these courses, by group and day.
///
/// # Errors
/// When the database refuses.
pub async fn jours_des_formations(
    c: &impl Sql,
    session: i64,
    formations: &[String],
) -> Result<Vec<JourDuGroupe>, StoreError> {
    let mut valeurs: Vec<Value> = vec![session.into()];
    let liste = places(&mut valeurs, formations.iter().cloned());
    c.all(
        &format!(
            "SELECT a.id AS groupe, f.public_id AS formation, d.id AS passage, d.jour, j.dernier_appele,
                    j.dernier_appele_interne AS dernier_interne, j.en_attente
             FROM formation_session f
             JOIN groupe_affectation a ON a.formation_session_id = f.id
             JOIN groupe_jour j ON j.groupe_affectation_id = a.id AND j.retire_par IS NULL
             JOIN passage d ON d.id = j.passage_id AND d.nature = 'propositions' AND d.etat = 'publie'
             WHERE f.session_id = $1 AND f.public_id IN ({liste})
             ORDER BY a.id, d.jour"
        ),
        valeurs,
    )
    .await
}

/// A proposition that counts, and what became of it.
#[derive(Debug, Clone, FromLigne)]
pub struct PropositionDuGroupe {
    pub voeu: i64,
    pub candidat: i64,
    pub groupe: i64,
    pub jour: i64,
    pub reponse: String,
}

/// The propositions made since a day in these assignment groups, those withdrawn before left out; by voeu.
///
/// # Errors
/// When the database refuses.
pub async fn propositions_depuis(
    c: &impl Sql,
    jour: i64,
    groupes: &[i64],
) -> Result<Vec<PropositionDuGroupe>, StoreError> {
    let mut valeurs: Vec<Value> = vec![jour.into()];
    let liste = places(&mut valeurs, groupes.iter().copied());
    c.all(
        &format!(
            "SELECT p.voeu_id AS voeu, p.candidat_id AS candidat, p.groupe_affectation_id AS groupe, d.jour, p.reponse
             FROM proposition p
             JOIN passage d ON d.id = p.passage_id AND d.nature = 'propositions'
             WHERE d.jour >= $1 AND p.reponse <> 'retiree' AND p.groupe_affectation_id IN ({liste})
             ORDER BY p.voeu_id"
        ),
        valeurs,
    )
    .await
}

/// A waiting rank.
#[derive(Debug, Clone, Copy, FromLigne)]
pub struct RangDuVoeu {
    pub voeu: i64,
    pub rang: i64,
}

/// The waiting ranks that a run gave to the wishes of an assignment group.
///
/// # Errors
/// When the database refuses.
pub async fn rangs_du_groupe(c: &impl Sql, passage: i64, groupe: i64) -> Result<Vec<RangDuVoeu>, StoreError> {
    c.all(
        "SELECT v.id AS voeu, r.rang
         FROM groupe_affectation a
         JOIN voeu v ON v.groupe_classement_id = a.groupe_classement_id
           AND v.formation_session_id = a.formation_session_id
         JOIN rang_attente r ON r.voeu_id = v.id AND r.passage_id = $1
         WHERE a.id = $2 ORDER BY v.id",
        vec![passage.into(), groupe.into()],
    )
    .await
}

/// A group of which the last day counts for nothing any more, and the run of the last one that does.
#[derive(Debug, Clone, Copy, FromLigne)]
pub struct GroupeRetabli {
    pub groupe: i64,
    /// 0: none.
    pub passage: i64,
}

/// The groups of a published day that were put back to what an earlier one had said.
///
/// # Errors
/// When the database refuses.
pub async fn groupes_retablis(c: &impl Sql, passage: i64) -> Result<Vec<GroupeRetabli>, StoreError> {
    c.all(
        "SELECT j.groupe_affectation_id AS groupe,
                COALESCE((SELECT d.id FROM groupe_jour x
                          JOIN passage d ON d.id = x.passage_id AND d.nature = 'propositions' AND d.etat = 'publie'
                          WHERE x.groupe_affectation_id = j.groupe_affectation_id AND x.retire_par IS NULL
                          ORDER BY d.jour DESC LIMIT 1), 0) AS passage
         FROM groupe_jour j WHERE j.passage_id = $1 AND j.retire_par IS NOT NULL
         ORDER BY j.groupe_affectation_id",
        vec![passage.into()],
    )
    .await
}

/// Publication of a withdrawal: what still waits for an answer among the wishes that it names is taken back, and these wishes
/// wait again; gives how many. What was answered since the computation is left alone.
///
/// # Errors
/// [`StoreError::Conflict`] when a proposition and its wish disagree.
pub async fn retirer_propositions(
    tx: &Tx,
    e: &Ecriture<'_>,
    retrait: i64,
    (de, vers): (&str, &str),
) -> Result<u64, StoreError> {
    // « <> 'retiree' » adds nothing but the word by which SQLite recognizes the index of the propositions that count.
    let voeux = tx
        .exec(
            "UPDATE voeu SET etat = $1, etat_le = $2, maj_le = $2, maj_par = $3, version = version + 1
             WHERE etat = $4
               AND id IN (SELECT n.voeu_id FROM passage_proposition n
                          JOIN proposition p ON p.voeu_id = n.voeu_id AND p.reponse = 'attendue' AND p.reponse <> 'retiree'
                          WHERE n.passage_id = $5)",
            vec![
                vers.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                de.to_owned().into(),
                retrait.into(),
            ],
        )
        .await?;
    let propositions = tx
        .exec(
            "UPDATE proposition SET reponse = 'retiree', repondue_le = $1, retiree_par = $3, maj_le = $1, maj_par = $2,
                 version = version + 1
             WHERE reponse = 'attendue' AND reponse <> 'retiree'
               AND voeu_id IN (SELECT voeu_id FROM passage_proposition WHERE passage_id = $3)",
            vec![e.ms().into(), e.compte().into(), retrait.into()],
        )
        .await?;
    if voeux == propositions {
        Ok(propositions)
    } else {
        Err(StoreError::Conflict(format!("{propositions} propositions are withdrawn but {voeux} wishes")))
    }
}

/// Says that the days from `jour` on count for nothing any more in the groups of this withdrawal; gives how many rows.
///
/// # Errors
/// When the database refuses.
pub async fn retirer_jours(tx: &Tx, session: i64, retrait: i64, jour: i64) -> Result<u64, StoreError> {
    tx.exec(
        "UPDATE groupe_jour SET retire_par = $1
         WHERE retire_par IS NULL
           AND groupe_affectation_id IN (SELECT n.groupe_affectation_id FROM groupe_jour n WHERE n.passage_id = $1)
           AND passage_id IN (SELECT d.id FROM passage d WHERE d.session_id = $2 AND d.nature = 'propositions'
                                AND d.etat = 'publie' AND d.jour >= $3)",
        vec![retrait.into(), session.into(), jour.into()],
    )
    .await
}

/// Who must be told that a proposition was taken back.
#[derive(Debug, Clone, FromLigne)]
pub struct AnnonceRetrait {
    pub id: i64,
    pub public_id: String,
    pub compte: i64,
    pub courriel: String,
    pub prenom: String,
    pub formation: String,
    pub etablissement: String,
    /// Rank that the wish had before; absent when it had none.
    pub rang: Option<i64>,
}

/// Propositions taken back by a withdrawal, of candidates with an account, after this key.
///
/// # Errors
/// When the database refuses.
pub async fn annonces_retrait(
    c: &impl Sql,
    passage_public_id: &str,
    apres: i64,
    combien: i64,
) -> Result<Vec<AnnonceRetrait>, StoreError> {
    c.all(
        &format!(
            "SELECT p.id, p.public_id, k.id AS compte, k.courriel, c.prenom,
                    {NOM_FORMATION} AS formation,
                    COALESCE(e.nom, '') AS etablissement, r.rang
             FROM proposition p
             JOIN passage j ON j.id = p.retiree_par
             {DESTINATAIRE}
             LEFT JOIN rang_attente r ON r.passage_id = j.id AND r.voeu_id = v.id
             WHERE j.public_id = $1 AND p.id > $2
             ORDER BY p.id LIMIT $3"
        ),
        vec![passage_public_id.to_owned().into(), apres.into(), combien.into()],
    )
    .await
}
