//! From what was read to what is written: pure, so that a record is played again by the same function.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use domain::RuleViolation;
use engine::propositions::{Entree, Options, Sortie, ViolationResultat, compute_with, verify};
use juge::judge_day;
use store::admission::GroupeJour;

use super::SUSPENDU;
use super::lecture::Lecture;
use crate::admission::sceau::{Bilan, GroupeEcarte, hash_jour};

/// What the day decides, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::admission) struct Resultat {
    /// (voeu, assignment group), by voeu.
    pub(in crate::admission) propositions: Vec<(i64, i64)>,
    /// (voeu, waiting rank), by voeu.
    pub(in crate::admission) rangs: Vec<(i64, i64)>,
    /// Of every group, by key.
    pub(in crate::admission) groupes: Vec<GroupeJour>,
}

impl Resultat {
    pub(in crate::admission) fn hash(&self) -> String {
        hash_jour(&self.propositions, &self.rangs, &self.groupes)
    }
}

/// A day computed, verified and judged.
#[derive(Debug)]
pub(in crate::admission) struct Calcul {
    /// Fingerprint of the input.
    pub(in crate::admission) entree: String,
    pub(in crate::admission) resultat: Resultat,
    /// Counts only.
    pub(in crate::admission) bilan: Bilan,
    /// Of which the judge took.
    pub(in crate::admission) jugement: Duration,
}

/// Computed, verified by the independent verifier, and judged by the reference (R-ADM-10).
///
/// # Errors
/// [`RuleViolation::DonneesRefusees`] with the code of the engine, or who disagrees.
pub(in crate::admission) fn compute_day(lecture: &Lecture) -> Result<Calcul, RuleViolation> {
    let (entree, empreinte) = lecture.freeze();
    let options = Options { reparation: true };
    let sortie = compute_with(&entree, &options).map_err(|refus| {
        tracing::warn!(%refus, "propositions refusées");
        RuleViolation::DonneesRefusees { code: refus.code() }
    })?;
    let debut = Instant::now();
    if let Some(ecart) = judge_day(&entree, &options, &sortie) {
        tracing::error!(%ecart, "la référence ne trouve pas les mêmes propositions");
        return Err(RuleViolation::DonneesRefusees { code: "jugement_propositions" });
    }
    let jugement = debut.elapsed();
    let violations = verify(&entree, &sortie);
    if let Some(premiere) = violations.first() {
        tracing::error!(nombre = violations.len(), %premiere, "le vérificateur refuse les propositions");
        return Err(RuleViolation::DonneesRefusees { code: "verification_propositions" });
    }
    let resultat = result(&entree, &sortie, lecture);
    let bilan = account(&entree, &sortie, lecture, &resultat);
    Ok(Calcul { entree: empreinte, resultat, bilan, jugement })
}

/// R-ADM-08: what is displayed is monotonic: the last one called never goes back, a suspended group shows nobody
/// waiting.
fn result(entree: &Entree, sortie: &Sortie, lecture: &Lecture) -> Resultat {
    let (groupes, voeux) = (&lecture.groupes, &lecture.voeux);
    let mut propositions = Vec::new();
    let mut internes = vec![(0_i32, 0_i64); groupes.len()];
    for c in sortie.changements.iter().filter(|c| c.statut.is_proposition_du_jour()) {
        let v = c.voeu as usize;
        let g = entree.voeux.groupe[v] as usize;
        propositions.push((voeux[v].id, groupes[g].id));
        internes[g] = (internes[g].0.max(entree.voeux.rang_appel[v]), internes[g].1 + 1);
    }
    let rangs = voeux
        .iter()
        .zip(&sortie.rangs_attente)
        .filter(|&(_, &rang)| rang > 0)
        .map(|(voeu, &rang)| (voeu.id, i64::from(rang)))
        .collect();
    let groupes = groupes
        .iter()
        .zip(&sortie.groupes)
        .zip(internes)
        .map(|((g, affiche), (interne, nombre))| GroupeJour {
            groupe: g.id,
            dernier_appele: i64::from(affiche.rang_dernier_appele_affiche).max(g.dernier_affiche),
            dernier_interne: i64::from(interne),
            en_attente: if g.admissions_suspendues == SUSPENDU {
                0
            } else {
                i64::from(affiche.candidats_en_attente)
            },
            propositions: nombre,
        })
        .collect();
    Resultat { propositions, rangs, groupes }
}

fn account(entree: &Entree, sortie: &Sortie, lecture: &Lecture, r: &Resultat) -> Bilan {
    let mut ecartes: BTreeMap<u32, Vec<String>> =
        sortie.groupes_ecartes.iter().map(|&g| (g, Vec::new())).collect();
    for violation in &sortie.violations {
        if let ViolationResultat::Groupe(g, propriete) = violation {
            ecartes.entry(*g).or_default().push(format!("{propriete:?}"));
        }
    }
    Bilan {
        groupes: i64::try_from(lecture.groupes.len()).unwrap_or(0),
        candidats: i64::from(entree.nombre_candidats),
        voeux: i64::try_from(entree.voeux.len()).unwrap_or(0),
        propositions: i64::try_from(r.propositions.len()).unwrap_or(0),
        en_attente: r.groupes.iter().map(|g| g.en_attente).sum(),
        alerte: sortie.alerte,
        avertissement: sortie.avertissement,
        ecartes: ecartes
            .into_iter()
            .map(|(g, proprietes)| GroupeEcarte { groupe: lecture.groupes[g as usize].id, proprietes })
            .collect(),
        passes: i64::from(sortie.passages),
        ..Bilan::default()
    }
}
