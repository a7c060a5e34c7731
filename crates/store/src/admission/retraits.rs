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

/// That the day which made the proposition `{p}` accepted it too, in its candidate's place (5, as the engine numbers it).
fn acceptee_par_repondeur(p: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM passage_automatique a
                 WHERE a.passage_id = {p}.passage_id AND a.voeu_id = {p}.voeu_id AND a.statut = 5)"
    )
}

/// A proposition that counts, and what became of it; accepted by the automatic answer alone, it says so.
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
    let automatique = acceptee_par_repondeur("p");
    c.all(
        &format!(
            "SELECT p.voeu_id AS voeu, p.candidat_id AS candidat, p.groupe_affectation_id AS groupe, d.jour,
                    CASE WHEN p.reponse = 'acceptee' AND {automatique} THEN 'acceptee_par_repondeur'
                         ELSE p.reponse END AS reponse
             FROM proposition p
             JOIN passage d ON d.id = p.passage_id AND d.nature = 'propositions'
             WHERE d.jour >= $1 AND p.reponse <> 'retiree' AND p.groupe_affectation_id IN ({liste})
             ORDER BY p.voeu_id"
        ),
        valeurs,
    )
    .await
}

/// A wish that a day gave up in its candidate's place, and the only proposition that this day made them.
#[derive(Debug, Clone, Copy, FromLigne)]
pub struct DemissionCausee {
    pub voeu: i64,
    /// As the engine numbers it.
    pub statut: i64,
    pub jour: i64,
    /// Wish of that proposition.
    pub cause: i64,
    /// 1: it held a proposition of before, which was given back.
    pub rendue: i64,
}

/// The wishes still given up because of the propositions made since a day in these assignment groups, those withdrawn before left out;
/// by voeu. Of a candidate to whom the day made another proposition that counts, which of them was the cause is not told apart: they
/// are left out.
///
/// # Errors
/// When the database refuses.
pub async fn demissions_causees(
    c: &impl Sql,
    jour: i64,
    groupes: &[i64],
) -> Result<Vec<DemissionCausee>, StoreError> {
    let mut valeurs: Vec<Value> = vec![jour.into()];
    let liste = places(&mut valeurs, groupes.iter().copied());
    c.all(
        &format!(
            "SELECT a.voeu_id AS voeu, a.statut, d.jour, p.voeu_id AS cause,
                    CAST(CASE WHEN EXISTS (SELECT 1 FROM proposition x WHERE x.voeu_id = a.voeu_id AND x.reponse = 'renoncee'
                                             AND x.reponse <> 'retiree') THEN 1 ELSE 0 END AS BIGINT) AS rendue
             FROM proposition p
             JOIN passage d ON d.id = p.passage_id AND d.nature = 'propositions'
             JOIN voeu v ON v.candidat_id = p.candidat_id AND v.supprime_le IS NULL
               AND v.etat IN ('demission_auto_gdd', 'demission_auto_ra')
             JOIN passage_automatique a ON a.passage_id = p.passage_id AND a.voeu_id = v.id AND a.statut <> 5
             WHERE d.jour >= $1 AND p.reponse IN ('attendue', 'acceptee') AND p.reponse <> 'retiree'
               AND p.groupe_affectation_id IN ({liste})
               AND NOT EXISTS (SELECT 1 FROM proposition o
                               WHERE o.candidat_id = p.candidat_id AND o.passage_id = p.passage_id AND o.id <> p.id
                                 AND o.reponse <> 'retiree')
             ORDER BY a.voeu_id"
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

/// Publication of a withdrawal: what still waits for an answer, or was accepted by the automatic answer alone, among the wishes that
/// it names is taken back, and these wishes wait again; gives how many. What was answered since the computation is left alone.
///
/// # Errors
/// [`StoreError::Conflict`] when a proposition and its wish disagree.
pub async fn retirer_propositions(
    tx: &Tx,
    e: &Ecriture<'_>,
    retrait: i64,
    (de, vers): (&[&str], &str),
) -> Result<u64, StoreError> {
    // « <> 'retiree' » adds nothing but the word by which SQLite recognizes the index of the propositions that count.
    let reprise = |p: &str| {
        let automatique = acceptee_par_repondeur(p);
        format!(
            "{p}.reponse <> 'retiree'
             AND ({p}.reponse = 'attendue' OR ({p}.reponse = 'acceptee' AND {automatique}))"
        )
    };
    let mut valeurs: Vec<Value> =
        vec![vers.to_owned().into(), e.ms().into(), e.compte().into(), retrait.into()];
    let etats = places(&mut valeurs, de.iter().map(|etat| (*etat).to_owned()));
    let voeux = tx
        .exec(
            &format!(
                "UPDATE voeu SET etat = $1, etat_le = $2, maj_le = $2, maj_par = $3, version = version + 1
                 WHERE etat IN ({etats})
                   AND id IN (SELECT n.voeu_id FROM passage_proposition n
                              JOIN proposition p ON p.voeu_id = n.voeu_id AND {}
                              WHERE n.passage_id = $4)",
                reprise("p")
            ),
            valeurs,
        )
        .await?;
    let propositions = tx
        .exec(
            &format!(
                "UPDATE proposition SET reponse = 'retiree', repondue_le = $1, retiree_par = $3, maj_le = $1, maj_par = $2,
                     version = version + 1
                 WHERE voeu_id IN (SELECT voeu_id FROM passage_proposition WHERE passage_id = $3) AND {}",
                reprise("proposition")
            ),
            vec![e.ms().into(), e.compte().into(), retrait.into()],
        )
        .await?;
    if voeux == propositions {
        Ok(propositions)
    } else {
        Err(StoreError::Conflict(format!("{propositions} propositions are withdrawn but {voeux} wishes")))
    }
}

/// Publication of a withdrawal, once its propositions are taken back: the wishes that it names and that were given up because of one of
/// them wait again; gives how many. Of a proposition that was answered since the computation, they stay as they are.
///
/// # Errors
/// When the database refuses.
pub async fn retablir_demissions(
    tx: &Tx,
    e: &Ecriture<'_>,
    retrait: i64,
    (de, vers): (&[&str], &str),
) -> Result<u64, StoreError> {
    let mut valeurs: Vec<Value> =
        vec![vers.to_owned().into(), e.ms().into(), e.compte().into(), retrait.into()];
    let etats = places(&mut valeurs, de.iter().map(|etat| (*etat).to_owned()));
    tx.exec(
        &format!(
            "UPDATE voeu SET etat = $1, etat_le = $2, maj_le = $2, maj_par = $3, version = version + 1
             WHERE etat IN ({etats}) AND supprime_le IS NULL
               AND id IN (SELECT n.voeu_id FROM passage_automatique n WHERE n.passage_id = $4)
               AND EXISTS (SELECT 1 FROM proposition q
                           JOIN passage_automatique a ON a.passage_id = q.passage_id AND a.voeu_id = voeu.id
                           WHERE q.retiree_par = $4 AND q.candidat_id = voeu.candidat_id)"
        ),
        valeurs,
    )
    .await
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
    /// 1: the automatic answer had accepted it.
    pub acceptee: i64,
    /// Wishes of the candidate that wait again, for they had been given up because of what this withdrawal takes back.
    pub retablis: i64,
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
    let automatique = acceptee_par_repondeur("p");
    c.all(
        &format!(
            "SELECT p.id, p.public_id, k.id AS compte, k.courriel, c.prenom,
                    {NOM_FORMATION} AS formation,
                    COALESCE(e.nom, '') AS etablissement, r.rang,
                    CAST(CASE WHEN {automatique} THEN 1 ELSE 0 END AS BIGINT) AS acceptee,
                    (SELECT COUNT(*) FROM passage_automatique n
                     JOIN voeu w ON w.id = n.voeu_id AND w.candidat_id = p.candidat_id AND w.etat = 'en_attente'
                     WHERE n.passage_id = j.id) AS retablis
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
