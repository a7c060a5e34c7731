//! Runs: their life, and the figures around them.

use std::collections::BTreeMap;

use super::NOM_FORMATION;
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Backend, Sql, Tx, all_among};
use domain::admission::Signataire;

/// A run as stored, with the names of who computed and published it.
#[derive(Debug, Clone, FromLigne)]
pub struct LignePassage {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    /// Where it was computed from.
    pub origine: String,
    pub nature: String,
    pub jour: i64,
    pub etat: String,
    pub calcule_le: i64,
    pub calcule_par: Option<i64>,
    pub calcule_par_nom: String,
    pub publie_le: Option<i64>,
    pub publie_par: Option<i64>,
    pub publie_par_nom: String,
    pub empreinte_entree: String,
    pub empreinte_sortie: String,
    pub version_code: String,
    pub parametres: String,
    pub bilan: String,
    /// Public identifier of who computed it.
    pub calcule_par_id: Option<String>,
    /// R-ADM-40: when it is published by itself, somebody having agreed.
    pub programme_le: Option<i64>,
    /// Public identifier of who agreed.
    pub programme_par_id: Option<String>,
    pub programme_par_nom: String,
    /// Why it was not published then.
    pub programme_refus: Option<String>,
}

impl LignePassage {
    /// Who signed the computation.
    pub fn calculateur(&self) -> Signataire<'_> {
        Signataire { compte: self.calcule_par, origine: &self.origine }
    }
}

pub(super) const SELECTION: &str =
    "SELECT p.id, p.public_id, p.version, p.origine, p.nature, p.jour, p.etat, p.calcule_le, p.calcule_par,
        COALESCE(a.prenom || ' ' || a.nom, '') AS calcule_par_nom, p.publie_le, p.publie_par,
        COALESCE(b.prenom || ' ' || b.nom, '') AS publie_par_nom, p.empreinte_entree, p.empreinte_sortie,
        p.version_code, p.parametres, p.bilan, a.public_id AS calcule_par_id, p.programme_le,
        d.public_id AS programme_par_id, COALESCE(d.prenom || ' ' || d.nom, '') AS programme_par_nom, p.programme_refus
    FROM passage p LEFT JOIN compte a ON a.id = p.calcule_par LEFT JOIN compte b ON b.id = p.publie_par
    LEFT JOIN compte d ON d.id = p.programme_par";

/// Runs of a session, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn passages(
    c: &impl Sql,
    session: i64,
    limite: i64,
    saut: i64,
) -> Result<Vec<LignePassage>, StoreError> {
    c.all(
        &format!("{SELECTION} WHERE p.session_id = $1 ORDER BY p.id DESC LIMIT $2 OFFSET $3"),
        vec![session.into(), limite.into(), saut.into()],
    )
    .await
}

/// A run by its public identifier.
///
/// # Errors
/// When the database refuses.
pub async fn passage(
    c: &impl Sql,
    session: i64,
    public_id: &str,
) -> Result<Option<LignePassage>, StoreError> {
    c.one(
        &format!("{SELECTION} WHERE p.session_id = $1 AND p.public_id = $2"),
        vec![session.into(), public_id.to_owned().into()],
    )
    .await
}

/// The last run of this nature that is not abandoned and whose day is at most `jour`.
///
/// # Errors
/// When the database refuses.
pub async fn passage_en_vigueur(
    c: &impl Sql,
    session: i64,
    nature: &str,
    jour: i64,
) -> Result<Option<LignePassage>, StoreError> {
    c.one(
        &format!(
            "{SELECTION} WHERE p.session_id = $1 AND p.nature = $2 AND p.jour <= $3 AND p.etat <> 'abandonne'
             ORDER BY p.jour DESC LIMIT 1"
        ),
        vec![session.into(), nature.to_owned().into(), jour.into()],
    )
    .await
}

/// Day of a run of propositions that is computed and neither published nor abandoned.
///
/// # Errors
/// When the database refuses.
pub async fn en_attente_de_publication(c: &impl Sql, session: i64) -> Result<Option<i64>, StoreError> {
    c.int(
        "SELECT MIN(jour) FROM passage WHERE session_id = $1 AND nature = 'propositions' AND etat = 'calcule'",
        vec![session.into()],
    )
    .await
}

/// A run to be written.
#[derive(Debug, Clone)]
pub struct NouveauPassage<'a> {
    pub session: i64,
    pub nature: &'a str,
    pub jour: i64,
    pub empreinte_entree: &'a str,
    pub empreinte_sortie: &'a str,
    pub version_code: &'a str,
    pub parametres: &'a str,
    pub bilan: &'a str,
}

/// Writes a run, abandoned until [`set_calcule`] says that all its rows are there: cut anywhere before, it is never in
/// force. Gives (key, public identifier).
///
/// # Errors
/// When the database refuses.
pub async fn insert_passage(
    tx: &Tx,
    e: &Ecriture<'_>,
    p: &NouveauPassage<'_>,
) -> Result<(i64, String), StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        p.session.into(),
        p.nature.to_owned().into(),
        p.jour.into(),
        e.ms().into(),
        e.compte().into(),
        p.empreinte_entree.to_owned().into(),
        p.empreinte_sortie.to_owned().into(),
        p.version_code.to_owned().into(),
        p.parametres.to_owned().into(),
        p.bilan.to_owned().into(),
    ]);
    let id = tx
        .int(
            &format!(
                "INSERT INTO passage ({META}, session_id, nature, jour, etat, calcule_le, calcule_par, empreinte_entree,
                     empreinte_sortie, version_code, parametres, bilan)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'abandonne', $10, $11, $12, $13, $14, $15, $16) RETURNING id"
            ),
            valeurs,
        )
        .await?
        .ok_or(StoreError::NotFound("passage"))?;
    Ok((id, public_id.as_str().to_owned()))
}

/// Marks a run computed: its rows are all written.
///
/// # Errors
/// [`StoreError::Conflict`] when a run of that day exists: of two computations at once, one wins.
pub async fn set_calcule(tx: &Tx, e: &Ecriture<'_>, id: i64, bilan: &str) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE passage SET etat = 'calcule', bilan = $1, maj_le = $2, maj_par = $3
             WHERE id = $4 AND etat = 'abandonne'",
            vec![bilan.to_owned().into(), e.ms().into(), e.compte().into(), id.into()],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("passage {id}"))) }
}

async fn set_etat(
    tx: &Tx,
    e: &Ecriture<'_>,
    p: &LignePassage,
    etat: &str,
    bilan: &str,
) -> Result<(), StoreError> {
    let publie: Option<i64> = (etat == "publie").then(|| e.ms());
    let n = tx
        .exec(
            "UPDATE passage SET etat = $1, publie_le = $2, publie_par = $3, bilan = $4, maj_le = $5, maj_par = $6,
                    version = version + 1
             WHERE id = $7 AND version = $8 AND etat = 'calcule'",
            vec![
                etat.to_owned().into(),
                publie.into(),
                publie.and(e.compte()).into(),
                bilan.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                p.id.into(),
                p.version.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("passage {}", p.public_id))) }
}

/// Marks a computed run published, with its completed account.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn set_publie(tx: &Tx, e: &Ecriture<'_>, p: &LignePassage, bilan: &str) -> Result<(), StoreError> {
    set_etat(tx, e, p, "publie", bilan).await
}

/// Marks a computed run abandoned; what it had computed stays as evidence, and is read by nothing.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn set_abandonne(tx: &Tx, e: &Ecriture<'_>, p: &LignePassage) -> Result<(), StoreError> {
    set_etat(tx, e, p, "abandonne", &p.bilan).await
}

/// Writes the agreement to publish a computed run by itself (R-ADM-40): its instant, and the seal that it is worth for. `None`: it
/// is called off.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn set_programme(
    tx: &Tx,
    e: &Ecriture<'_>,
    p: &LignePassage,
    accord: Option<(i64, &str)>,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE passage SET programme_le = $1, programme_par = $2, programme_sceau = $3, programme_refus = NULL,
                    maj_le = $4, maj_par = $5, version = version + 1
             WHERE id = $6 AND version = $7 AND etat = 'calcule'",
            vec![
                accord.map(|(le, _)| le).into(),
                accord.and(e.compte()).into(),
                accord.map(|(_, sceau)| sceau.to_owned()).into(),
                e.ms().into(),
                e.compte().into(),
                p.id.into(),
                p.version.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("passage {}", p.public_id))) }
}

/// Keeps why a run that somebody had agreed to was not published. Gives false when the run is not any more what was looked at:
/// published, abandoned, called off or refused meanwhile.
///
/// # Errors
/// When the database refuses.
pub async fn refuse_programme(
    tx: &Tx,
    e: &Ecriture<'_>,
    due: &PublicationDue,
    motif: &str,
) -> Result<bool, StoreError> {
    let n = tx
        .exec(
            "UPDATE passage SET programme_refus = $1, maj_le = $2, maj_par = $3, version = version + 1
             WHERE public_id = $4 AND version = $5 AND etat = 'calcule'",
            vec![
                motif.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                due.public_id.clone().into(),
                due.version.into(),
            ],
        )
        .await?;
    Ok(n == 1)
}

/// A computed run that somebody agreed to publish, whose instant has come.
#[derive(Debug, Clone, FromLigne)]
pub struct PublicationDue {
    pub annee: i64,
    pub public_id: String,
    pub version: i64,
    /// Who agreed.
    pub compte: Option<i64>,
    /// What the agreement is worth for.
    pub sceau: Option<String>,
    /// As it is now.
    pub bilan: String,
}

/// Those of every session at a campaign instant, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn publications_dues(c: &impl Sql, now_ms: i64) -> Result<Vec<PublicationDue>, StoreError> {
    c.all(
        "SELECT s.annee, p.public_id, p.version, p.programme_par AS compte, p.programme_sceau AS sceau, p.bilan
         FROM passage p JOIN session_admission s ON s.id = p.session_id
         WHERE p.etat = 'calcule' AND p.programme_le <= $1 AND p.programme_refus IS NULL
         ORDER BY p.programme_le, p.id",
        vec![now_ms.into()],
    )
    .await
}

/// Keeps the completed account of a published run.
///
/// # Errors
/// [`StoreError::Conflict`] when someone was faster.
pub async fn set_bilan(tx: &Tx, e: &Ecriture<'_>, p: &LignePassage, bilan: &str) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE passage SET bilan = $1, maj_le = $2, maj_par = $3, version = version + 1
             WHERE id = $4 AND version = $5 AND etat = 'publie'",
            vec![bilan.to_owned().into(), e.ms().into(), e.compte().into(), p.id.into(), p.version.into()],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("passage {}", p.public_id))) }
}

/// Holds the runs of a session until the end of the transaction: each record is chained to the one before, and two nodes
/// that read the same last one would fork the chain. Rows that refer to the session are written meanwhile. SQLite has one
/// writer, which is lock enough.
///
/// # Errors
/// When the database refuses.
pub async fn lock_passages(tx: &Tx, session: i64) -> Result<(), StoreError> {
    if tx.backend() == Backend::Postgres {
        tx.int("SELECT id FROM session_admission WHERE id = $1 FOR NO KEY UPDATE", vec![session.into()])
            .await?;
    }
    Ok(())
}

/// One assignment group in a run, ready to be listed.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneGroupe {
    pub formation: String,
    pub formation_public_id: String,
    pub groupe: String,
    pub etablissement: String,
    pub nombre_a_appeler: i64,
    pub propositions: i64,
    pub en_attente: i64,
    pub dernier_appele: i64,
    /// 1: this day counts for nothing any more in this group (R-ADM-13).
    pub retire: i64,
}

/// Groups of a day or of a withdrawal, those with most propositions first.
///
/// # Errors
/// When the database refuses.
pub async fn groupes_du_passage(
    c: &impl Sql,
    passage: i64,
    limite: i64,
    saut: i64,
) -> Result<Vec<LigneGroupe>, StoreError> {
    c.all(
        "SELECT f.libelle AS formation, f.public_id AS formation_public_id, g.libelle AS groupe,
                COALESCE(e.nom, '') AS etablissement, a.nombre_a_appeler, j.propositions, j.en_attente, j.dernier_appele,
                CAST(CASE WHEN j.retire_par IS NULL THEN 0 ELSE 1 END AS BIGINT) AS retire
         FROM groupe_jour j
         JOIN groupe_affectation a ON a.id = j.groupe_affectation_id
         JOIN groupe_classement g ON g.id = a.groupe_classement_id
         JOIN formation_session f ON f.id = a.formation_session_id
         LEFT JOIN etablissement_session e ON e.etablissement_id = f.etablissement_id AND e.session_id = f.session_id
         WHERE j.passage_id = $1
         ORDER BY j.propositions DESC, j.en_attente DESC, j.groupe_affectation_id LIMIT $2 OFFSET $3",
        vec![passage.into(), limite.into(), saut.into()],
    )
    .await
}

/// Figures of the national dashboard.
#[derive(Debug, Clone, Default, FromLigne)]
pub struct Comptes {
    /// Ranking groups with wishes of the main procedure.
    pub groupes: i64,
    pub sans_classement: i64,
    pub classements_transmis: i64,
    pub classements_manquants: i64,
    pub taux_manquants: i64,
    pub candidats: i64,
    pub voeux_en_attente: i64,
    pub propositions_attendues: i64,
    pub propositions_acceptees: i64,
}

/// Counts of the session.
///
/// # Errors
/// When the database refuses.
pub async fn comptes(c: &impl Sql, session: i64) -> Result<Comptes, StoreError> {
    // Aggregates are cast: PostgreSQL gives NUMERIC for the sum of whole numbers. Until somebody wishes, no group is looked at: a number and
    // not an EXISTS, of which SQLite makes a join (since 3.51), here of each group without wishes with every wish of the session.
    let groupes = "SELECT COUNT(*) AS groupes,
            CAST(COALESCE(SUM(sans), 0) AS BIGINT) AS sans_classement,
            CAST(COALESCE(SUM(transmis), 0) AS BIGINT) AS classements_transmis,
            CAST(COALESCE(SUM(1 - sans - transmis), 0) AS BIGINT) AS classements_manquants,
            CAST(COALESCE(SUM(taux), 0) AS BIGINT) AS taux_manquants,
            (SELECT COUNT(*) FROM candidat WHERE session_id = $1 AND etat <> 'annule') AS candidats,
            (SELECT COUNT(*) FROM voeu WHERE session_id = $1 AND etat = 'en_attente') AS voeux_en_attente,
            (SELECT COUNT(*) FROM voeu WHERE session_id = $1 AND etat = 'propose') AS propositions_attendues,
            (SELECT COUNT(*) FROM voeu WHERE session_id = $1 AND etat = 'accepte') AS propositions_acceptees
        FROM (SELECT g.sans_classement AS sans,
                     CASE WHEN g.sans_classement = 0 AND EXISTS
                        (SELECT 1 FROM classement k WHERE k.groupe_classement_id = g.id AND k.etat = 'transmis')
                        THEN 1 ELSE 0 END AS transmis,
                     CASE WHEN g.sans_classement = 0 AND g.taux_min_boursiers IS NULL THEN 1 ELSE 0 END AS taux
              FROM groupe_classement g
              JOIN formation_session f ON f.id = g.formation_session_id
              JOIN formation p ON p.id = f.formation_id AND p.statut = 'etudiant'
              WHERE g.session_id = $1 AND g.supprime_le IS NULL
                AND (SELECT 1 FROM voeu w WHERE w.session_id = $1 LIMIT 1) = 1
                AND EXISTS (SELECT 1 FROM voeu v WHERE v.groupe_classement_id = g.id AND v.phase = 'pp'
                              AND v.etat NOT IN ('saisi', 'annule', 'supprime') AND v.supprime_le IS NULL)) t";
    Ok(c.one(groupes, vec![session.into()]).await?.unwrap_or_default())
}

/// An assignment group as people name it.
#[derive(Debug, Clone, FromLigne)]
pub struct NomGroupe {
    pub id: i64,
    pub public_id: String,
    pub formation: String,
    pub formation_public_id: String,
    pub etablissement: String,
    pub groupe: String,
}

/// Names of assignment groups, by their keys.
///
/// # Errors
/// When the database refuses.
pub async fn noms_groupes(c: &impl Sql, groupes: &[i64]) -> Result<Vec<NomGroupe>, StoreError> {
    if groupes.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (1..=groupes.len()).map(|i| format!("${i}")).collect();
    c.all(
        &format!(
            "SELECT a.id, a.public_id, f.libelle AS formation, f.public_id AS formation_public_id,
                    COALESCE(e.nom, '') AS etablissement, g.libelle AS groupe
             FROM groupe_affectation a
             JOIN groupe_classement g ON g.id = a.groupe_classement_id
             JOIN formation_session f ON f.id = a.formation_session_id
             LEFT JOIN etablissement_session e
               ON e.etablissement_id = f.etablissement_id AND e.session_id = f.session_id
             WHERE a.id IN ({}) ORDER BY a.id",
            places.join(", ")
        ),
        groupes.iter().map(|&g| g.into()).collect(),
    )
    .await
}

/// A wish of a candidate, to be named in an explanation.
#[derive(Debug, Clone, FromLigne)]
pub struct VoeuNomme {
    pub id: i64,
    pub public_id: String,
    pub candidat: i64,
    pub groupe_classement: i64,
    pub formation: String,
    pub etablissement: String,
    /// The course has a boarding school: its wishes are with or without it.
    pub internat: i64,
    pub avec_internat: i64,
}

/// Every wish of the candidates who made these ones, each once, in the order of their keys; those of another session name nobody.
///
/// # Errors
/// When the database refuses.
pub async fn voeux_nommes(c: &impl Sql, session: i64, voeux: &[&str]) -> Result<Vec<VoeuNomme>, StoreError> {
    let sql = format!(
        "SELECT v.id, v.public_id, v.candidat_id AS candidat, v.groupe_classement_id AS groupe_classement,
                    {NOM_FORMATION} AS formation,
                    COALESCE(e.nom, '') AS etablissement, f.internat, v.avec_internat
             FROM voeu w
             -- Those in force alone are indexed by candidate.
             JOIN voeu v ON v.candidat_id = w.candidat_id AND v.supprime_le IS NULL AND v.session_id = $1
             JOIN formation_session f ON f.id = v.formation_session_id
             LEFT JOIN etablissement_session e ON e.etablissement_id = f.etablissement_id AND e.session_id = f.session_id
             WHERE w.session_id = $1 AND w.public_id IN (:cles)"
    );
    let lus: Vec<VoeuNomme> = all_among(c, &sql, vec![session.into()], voeux).await?;
    let nommes: BTreeMap<i64, VoeuNomme> = lus.into_iter().map(|v| (v.id, v)).collect();
    Ok(nommes.into_values().collect())
}
