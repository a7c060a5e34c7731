//! Wishes and answers of candidates.

use crate::admission::school_of_wish;
use crate::ecriture::{Ecriture, META};
use crate::error::StoreError;
use crate::ligne::FromLigne;
use crate::sql::{Sql, Tx};
use domain::candidatures::EtatVoeu;

mod echeances;
mod ordre;

pub use echeances::{SansReponse, expire_propositions, list_sans_reponse, lose_waiting, move_all};
pub use ordre::{
    APrevenir, LigneRepondeur, list_a_prevenir, lose_unordered, repondeur, repondeurs_actifs,
    save_preference, save_repondeur,
};

/// A wish with what its candidate may see around it.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneVoeu {
    pub id: i64,
    pub public_id: String,
    pub version: i64,
    pub formation_session_id: i64,
    pub avec_internat: i64,
    /// `pp` or `pc`.
    pub phase: String,
    pub etat: String,
    /// Of the candidate; 0: not ordered.
    pub rang_preference: i64,
    pub confirme_le: Option<i64>,
    pub maintenu_le: Option<i64>,
    pub formation_public_id: String,
    pub libelle: String,
    /// What tells it from others of the same label; empty: nothing.
    pub detail: String,
    pub commune: String,
    pub departement: String,
    pub selective: i64,
    pub internat: i64,
    /// `etudiant` or `apprentissage`.
    pub statut: String,
    pub famille: String,
    /// The course ended during the session, though it is wished.
    pub fermee: i64,
    pub etablissement: Option<String>,
    /// Key of the grouping of the course, if any.
    pub regroupement_id: Option<i64>,
    /// Its name.
    pub regroupement: Option<String>,
    pub mutualisation: Option<String>,
    /// How many establishments have courses in it; 0 without one.
    pub etablissements_regroupes: i64,
    /// Code of the academy of the course.
    pub academie: String,
    /// Code of its national type, that of the student status.
    pub type_national: Option<i64>,
    pub emise_le: Option<i64>,
    pub echeance_le: Option<i64>,
    pub reponse: Option<String>,
    /// Rank in the published call order.
    pub rang_appel: Option<i64>,
    /// Rank in the waiting list of the last published day.
    pub rang_attente: Option<i64>,
    pub dernier_appele: Option<i64>,
    /// Boarding school that ranks, on which this wish depends (R-INT-04), and the rank there.
    pub internat_classe: Option<String>,
    pub rang_internat: Option<i64>,
    /// What the last published day shows of it.
    pub barre_internat: Option<i64>,
    pub barre_appel: Option<i64>,
    pub en_attente: Option<i64>,
}

impl LigneVoeu {
    /// The state, understood.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] for a state that this version does not know.
    pub fn etat(&self) -> Result<EtatVoeu, StoreError> {
        EtatVoeu::from_code(&self.etat).ok_or(StoreError::Unreadable("voeu.etat"))
    }

    /// Apprenticeship wishes live apart.
    pub fn apprentissage(&self) -> bool {
        self.statut == "apprentissage"
    }
}

/// What the ceilings of the session look at, of a course `f` and its grouping `rg`.
const DECOMPTE: &str = "f.academie, t.code_sans_apprentissage AS type_national,
                (SELECT COUNT(DISTINCT autre.etablissement_id) FROM regroupement_formation membre
                 JOIN formation_session autre ON autre.id = membre.formation_session_id
                 WHERE membre.regroupement_id = rg.id AND autre.supprime_le IS NULL) AS etablissements_regroupes";

/// The wishes of a candidate, in the order they were made, withdrawn ones left out. Only published runs show, and of each group
/// the last day that still counts for it (R-ADM-13).
///
/// # Errors
/// When the database refuses.
pub async fn list_voeux(c: &impl Sql, candidat: i64) -> Result<Vec<LigneVoeu>, StoreError> {
    let internat = school_of_wish();
    c.all(
        &format!("SELECT v.id, v.public_id, v.version, v.formation_session_id, v.avec_internat, v.phase, v.etat,
                v.rang_preference, v.confirme_le,
                v.maintenu_le, f.public_id AS formation_public_id, f.libelle, f.detail, f.commune, f.departement, f.selective,
                f.internat, fo.statut, f.famille,
                CAST(CASE WHEN f.etat = 'fermee' THEN 1 ELSE 0 END AS BIGINT) AS fermee,
                es.nom AS etablissement, rg.id AS regroupement_id,
                rg.libelle AS regroupement, rg.mutualisation, {DECOMPTE}, p.emise_le, p.echeance_le, p.reponse,
                oa.rang_appel, ra.rang AS rang_attente, gj.dernier_appele, gj.en_attente, gi.libelle AS internat_classe,
                ri.rang AS rang_internat, ij.barre_internat, ij.barre_appel
         FROM voeu v
         JOIN formation_session f ON f.id = v.formation_session_id
         JOIN formation fo ON fo.id = f.formation_id
         LEFT JOIN etablissement_session es
           ON es.etablissement_id = f.etablissement_id AND es.session_id = f.session_id
         LEFT JOIN regroupement_formation rf ON rf.formation_session_id = f.id
         LEFT JOIN regroupement rg ON rg.id = rf.regroupement_id
         LEFT JOIN type_formation t ON t.id = f.type_formation_id
         LEFT JOIN proposition p ON p.voeu_id = v.id AND p.reponse <> 'retiree'
         LEFT JOIN passage ordre ON ordre.id = (
             SELECT o.id FROM passage o
             WHERE o.session_id = v.session_id AND o.nature = 'ordre_appel' AND o.etat = 'publie'
             ORDER BY o.id DESC LIMIT 1)
         LEFT JOIN ordre_appel oa ON oa.groupe_classement_id = v.groupe_classement_id
           AND oa.candidat_id = v.candidat_id AND oa.passage_id = ordre.id
         LEFT JOIN groupe_affectation ga ON ga.groupe_classement_id = v.groupe_classement_id
           AND ga.formation_session_id = v.formation_session_id
         LEFT JOIN groupe_jour gj ON gj.groupe_affectation_id = ga.id AND gj.passage_id = (
             SELECT d.id FROM groupe_jour n
             JOIN passage d ON d.id = n.passage_id AND d.nature = 'propositions' AND d.etat = 'publie'
             WHERE n.groupe_affectation_id = ga.id AND n.retire_par IS NULL
             ORDER BY d.jour DESC LIMIT 1)
         LEFT JOIN rang_attente ra ON ra.voeu_id = v.id AND ra.passage_id = gj.passage_id
         LEFT JOIN groupe_internat gi ON v.avec_internat = 1 AND gi.id = {internat}
         LEFT JOIN classement_internat ki
           ON ki.groupe_internat_id = gi.id AND ki.etat = 'transmis' AND ki.supprime_le IS NULL
         LEFT JOIN classement_internat_rang ri
           ON ri.classement_internat_id = ki.id AND ri.candidat_id = v.candidat_id
         LEFT JOIN internat_jour ij ON ij.passage_id = gj.passage_id AND ij.groupe_affectation_id = ga.id
           AND ij.groupe_internat_id = gi.id
         WHERE v.candidat_id = $1 AND v.supprime_le IS NULL
         ORDER BY v.id"),
        vec![candidat.into()],
    )
    .await
}

/// A course as seen by someone who wants to wish it.
#[derive(Debug, Clone, FromLigne)]
pub struct FormationVoeu {
    pub id: i64,
    pub public_id: String,
    pub session_id: i64,
    pub libelle: String,
    /// What tells it from others of the same label; empty: nothing.
    pub detail: String,
    pub commune: String,
    pub selective: i64,
    pub internat: i64,
    /// `brouillon`, `publiee`, `fermee`.
    pub etat: String,
    /// Something was published and can be seen, even when a later change is still a draft.
    pub publiee_le: Option<i64>,
    pub statut: String,
    pub famille: String,
    pub etablissement: Option<String>,
    /// Key of its grouping, if any.
    pub regroupement_id: Option<i64>,
    /// Name of the grouping.
    pub regroupement: Option<String>,
    pub mutualisation: Option<String>,
    /// How many establishments have courses in it; 0 without one.
    pub etablissements_regroupes: i64,
    /// Code of the academy of the course.
    pub academie: String,
    /// Code of its national type, that of the student status.
    pub type_national: Option<i64>,
}

/// A course of a session by its public identifier.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn formation(c: &impl Sql, session: i64, public_id: &str) -> Result<FormationVoeu, StoreError> {
    c.one(
        &format!("SELECT f.id, f.public_id, f.session_id, f.libelle, f.detail, f.commune, f.selective, f.internat, f.etat,
                f.publiee_le, fo.statut, f.famille, es.nom AS etablissement, rg.id AS regroupement_id, rg.libelle AS regroupement,
                rg.mutualisation, {DECOMPTE}
         FROM formation_session f
         JOIN formation fo ON fo.id = f.formation_id
         LEFT JOIN etablissement_session es
           ON es.etablissement_id = f.etablissement_id AND es.session_id = f.session_id
         LEFT JOIN regroupement_formation rf ON rf.formation_session_id = f.id
         LEFT JOIN regroupement rg ON rg.id = rf.regroupement_id
         LEFT JOIN type_formation t ON t.id = f.type_formation_id
         WHERE f.public_id = $1 AND f.session_id = $2 AND f.supprime_le IS NULL"),
        vec![public_id.to_owned().into(), session.into()],
    )
    .await?
    .ok_or(StoreError::NotFound("formation_session"))
}

/// Ranking groups of a course, its own or those that it shares: key and admitted series.
///
/// # Errors
/// When the database refuses.
pub async fn groupes(c: &impl Sql, formation_session: i64) -> Result<Vec<(i64, String)>, StoreError> {
    #[derive(FromLigne)]
    struct Ligne {
        id: i64,
        series: String,
    }
    let lignes: Vec<Ligne> = c
        .all(
            "SELECT g.id, g.series FROM groupe_affectation a JOIN groupe_classement g ON g.id = a.groupe_classement_id
             WHERE a.formation_session_id = $1 AND a.supprime_le IS NULL AND g.supprime_le IS NULL ORDER BY g.id",
            vec![formation_session.into()],
        )
        .await?;
    Ok(lignes.into_iter().map(|l| (l.id, l.series)).collect())
}

/// A wish to be written.
#[derive(Debug, Clone, Copy)]
pub struct NouveauVoeu {
    pub session: i64,
    pub candidat: i64,
    pub formation_session: i64,
    pub groupe_classement: i64,
    pub avec_internat: bool,
}

/// Adds a wish in the state `saisi`; gives its public identifier.
///
/// # Errors
/// [`StoreError::Conflict`] when the candidate already has it, or the course was closed meanwhile (R-VIE-04).
pub async fn insert_voeu(tx: &Tx, e: &Ecriture<'_>, n: NouveauVoeu) -> Result<String, StoreError> {
    let (public_id, mut valeurs) = e.meta();
    valeurs.extend([
        n.session.into(),
        n.candidat.into(),
        n.formation_session.into(),
        n.groupe_classement.into(),
        i64::from(n.avec_internat).into(),
        EtatVoeu::Saisi.code().to_owned().into(),
        e.ms().into(),
    ]);
    tx.exec(
        &format!(
            "INSERT INTO voeu ({META}, session_id, candidat_id, formation_session_id, groupe_classement_id,
                 avec_internat, phase, etat, etat_le)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pp', $12, $13)"
        ),
        valeurs,
    )
    .await?;
    // The row of the course is held since then: whoever closes it has done so before, or will count this wish.
    let ouverte = tx
        .int(
            "SELECT id FROM formation_session WHERE id = $1 AND etat <> 'fermee'",
            vec![n.formation_session.into()],
        )
        .await?;
    ouverte.ok_or_else(|| StoreError::Conflict("formation_session".to_owned()))?;
    Ok(public_id.as_str().to_owned())
}

/// Moves a wish to another state. A withdrawn wish is removed (logically), so that the course may be wished again.
///
/// # Errors
/// [`StoreError::Conflict`] when the wish changed since it was read.
pub async fn save_etat(
    tx: &Tx,
    e: &Ecriture<'_>,
    voeu: &LigneVoeu,
    etat: EtatVoeu,
) -> Result<(), StoreError> {
    let confirme: Option<i64> = (etat == EtatVoeu::Confirme).then(|| e.ms());
    let retire: Option<i64> = (etat == EtatVoeu::Supprime).then(|| e.ms());
    let n = tx
        .exec(
            "UPDATE voeu SET etat = $1, etat_le = $2, confirme_le = COALESCE(confirme_le, $3), supprime_le = $4,
                 maj_le = $2, maj_par = $5, version = version + 1
             WHERE id = $6 AND version = $7",
            vec![
                etat.code().to_owned().into(),
                e.ms().into(),
                confirme.into(),
                retire.into(),
                e.compte().into(),
                voeu.id.into(),
                voeu.version.into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("voeu {}", voeu.id))) }
}

/// Notes that a waiting wish is explicitly kept.
///
/// # Errors
/// [`StoreError::Conflict`] when the wish changed since it was read.
pub async fn set_maintenu(tx: &Tx, e: &Ecriture<'_>, voeu: &LigneVoeu) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE voeu SET maintenu_le = $1, maj_le = $1, maj_par = $2, version = version + 1
             WHERE id = $3 AND version = $4",
            vec![e.ms().into(), e.compte().into(), voeu.id.into(), voeu.version.into()],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("voeu {}", voeu.id))) }
}

/// Writes the answer to the proposition of a wish, from the answer it had.
///
/// # Errors
/// [`StoreError::Conflict`] when the proposition no longer stands there.
pub async fn save_reponse(
    tx: &Tx,
    e: &Ecriture<'_>,
    voeu: i64,
    de: &str,
    vers: &str,
) -> Result<(), StoreError> {
    let n = tx
        .exec(
            "UPDATE proposition SET reponse = $1, repondue_le = $2, maj_le = $2, maj_par = $3, version = version + 1
             WHERE voeu_id = $4 AND reponse = $5",
            vec![
                vers.to_owned().into(),
                e.ms().into(),
                e.compte().into(),
                voeu.into(),
                de.to_owned().into(),
            ],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(StoreError::Conflict(format!("proposition of voeu {voeu}"))) }
}

/// A receipt in the list of a candidate.
#[derive(Debug, Clone, FromLigne)]
pub struct LigneRecepisse {
    pub numero: String,
    pub acte: String,
    pub emis_le: i64,
}

/// The receipts of a candidate, newest first.
///
/// # Errors
/// When the database refuses.
pub async fn list_recepisses(c: &impl Sql, candidat: i64) -> Result<Vec<LigneRecepisse>, StoreError> {
    c.all(
        "SELECT numero, acte, emis_le FROM recepisse WHERE candidat_id = $1 ORDER BY id DESC",
        vec![candidat.into()],
    )
    .await
}
