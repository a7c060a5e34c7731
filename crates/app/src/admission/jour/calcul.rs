//! From what was read to what is written: pure, so that a record is played again by the same function.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use domain::RuleViolation;
use engine::propositions::{Entree, Options, Sortie, Statut, ViolationResultat, compute_with, verify};
use juge::judge_day;
use store::admission::{GroupeJour, InternatJour};

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
    /// Bars of the boarding schools that have a ranking, by school and group.
    pub(in crate::admission) barres: Vec<InternatJour>,
    /// What is decided in a candidate's place: (voeu, status as the engine numbers it), by voeu. Of a proposition accepted at
    /// once, the proposition is among the others.
    pub(in crate::admission) automatiques: Vec<(i64, i64)>,
}

impl Resultat {
    pub(in crate::admission) fn hash(&self) -> String {
        hash_jour(self)
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
    let automatiques = sortie
        .changements
        .iter()
        .filter(|c| c.statut != Statut::PropositionDuJour)
        .map(|c| (voeux[c.voeu as usize].id, i64::from(c.statut as u8)))
        .collect();
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
    let barres = bars(sortie, lecture);
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
    Resultat { propositions, rangs, groupes, barres, automatiques }
}

/// R-ADM-08: the two bars of a boarding school in a group are shown together; they are those of the day unless one of them would go
/// back. Of a group without bars that day, those of before are shown again; a suspended one shows that it calls nobody.
fn bars(sortie: &Sortie, lecture: &Lecture) -> Vec<InternatJour> {
    let mut vues: BTreeMap<(i64, i64), (i64, i64)> =
        lecture.barres.iter().map(|b| ((b.internat, b.groupe), (b.barre_internat, b.barre_appel))).collect();
    for (internat, affiche) in lecture.internats.iter().zip(&sortie.internats) {
        for b in &affiche.affichages {
            let du_jour = (i64::from(b.barre_internat), i64::from(b.barre_appel));
            let groupe = lecture.groupes[b.groupe as usize].id;
            let vue = vues.entry((internat.id, groupe)).or_insert(du_jour);
            if du_jour.0 >= vue.0 && du_jour.1 >= vue.1 {
                *vue = du_jour;
            }
        }
    }
    let suspendus: HashMap<i64, bool> =
        lecture.groupes.iter().map(|g| (g.id, g.admissions_suspendues == SUSPENDU)).collect();
    let barre = |((internat, groupe), (barre_internat, barre_appel))| InternatJour {
        internat,
        groupe,
        barre_internat,
        barre_appel: if suspendus.get(&groupe) == Some(&true) { 0 } else { barre_appel },
    };
    vues.into_iter().map(barre).collect()
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
        automatiques: i64::try_from(r.automatiques.len()).unwrap_or(0),
        en_attente: r.groupes.iter().map(|g| g.en_attente).sum(),
        internats: i64::try_from(lecture.internats.len()).unwrap_or(0),
        internats_attendus: i64::try_from(lecture.internats.iter().filter(|i| !i.transmis).count())
            .unwrap_or(0),
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
