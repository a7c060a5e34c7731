//! From what was read to what is written: pure, so that a record is played again by the same function.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use domain::RuleViolation;
use engine::propositions::{
    Entree, Lieu, Options, Regle, Sortie, Statut, Violation, ViolationResultat, compute_with, verify,
};
use juge::judge_day;
use store::admission::{GroupeJour, InternatJour};

use super::lecture::Lecture;
use super::{RETENU, SUSPENDU};
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

/// A day that the engine and the reference compute alike, as the independent verifier sees it.
#[derive(Debug)]
pub(super) enum Examen {
    /// Nothing to say.
    Conforme(Box<Calcul>),
    /// Properties are broken: which ones, by group touched that is not closed yet (position in [`Lecture::groupes`]).
    Viole(BTreeMap<usize, Vec<String>>),
}

/// Beyond so many violations the program is at fault, and not some groups.
const VIOLATIONS_MAX: usize = 100;

const VERIFICATION: RuleViolation = RuleViolation::DonneesRefusees { code: "verification_propositions" };

/// Computed, verified by the independent verifier, and judged by the reference (R-ADM-10).
///
/// # Errors
/// [`RuleViolation::DonneesRefusees`] with the code of the engine, or who disagrees.
pub(in crate::admission) fn compute_day(lecture: &Lecture) -> Result<Calcul, RuleViolation> {
    match examine_day(lecture)? {
        Examen::Conforme(calcul) => Ok(*calcul),
        Examen::Viole(_) => Err(VERIFICATION),
    }
}

/// The same, that tells which groups the violations touch.
///
/// # Errors
/// As [`compute_day`]; the verifier alone disagrees only when what it finds touches no group that could be closed.
pub(super) fn examine_day(lecture: &Lecture) -> Result<Examen, RuleViolation> {
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
        return touched(&entree, &violations).map(Examen::Viole).ok_or(VERIFICATION);
    }
    tell_abnormal(lecture, &sortie);
    let resultat = result(&entree, &sortie, lecture);
    let bilan = account(&entree, &sortie, lecture, &resultat);
    Ok(Examen::Conforme(Box::new(Calcul { entree: empreinte, resultat, bilan, jugement })))
}

/// R-ADM-17: the groups that violations touch and that may still be closed; `None` when one of them touches none.
fn touched(entree: &Entree, violations: &[Violation]) -> Option<BTreeMap<usize, Vec<String>>> {
    if violations.len() > VIOLATIONS_MAX {
        return None;
    }
    let v = &entree.voeux;
    let mut touches: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for violation in violations {
        let mut groupes: Vec<u32> = match violation.lieu {
            Lieu::Groupe(g) => vec![g],
            Lieu::Voeu(n) => vec![v.groupe[n as usize]],
            Lieu::Internat(i) => {
                let siens = v.en_internat.iter().filter(|e| e.internat == i);
                siens.map(|e| v.groupe[e.voeu as usize]).collect()
            }
            Lieu::Candidat(c) => {
                let siens = v.candidat.iter().zip(&v.groupe).filter(|(autre, _)| **autre == c);
                siens.map(|(_, g)| *g).collect()
            }
            Lieu::Parametres | Lieu::Colonnes => Vec::new(),
        };
        groupes.sort_unstable();
        groupes.dedup();
        groupes.retain(|g| !entree.groupes[*g as usize].admissions_suspendues);
        if groupes.is_empty() {
            return None;
        }
        for g in groupes {
            let proprietes = touches.entry(g as usize).or_default();
            let propriete = property(violation.regle);
            if !proprietes.contains(&propriete) {
                proprietes.push(propriete);
            }
        }
    }
    Some(touches)
}

/// A property as the account of a run names it, for whoever reads the page.
fn property(regle: Regle) -> String {
    match regle {
        Regle::Forme => "forme du résultat".to_owned(),
        Regle::Transition => "changement de statut".to_owned(),
        Regle::Bloc => "appel jusqu’au rang limite".to_owned(),
        Regle::Barre => "barre d’internat".to_owned(),
        Regle::RangAttente => "rangs d’attente".to_owned(),
        Regle::DernierAppele => "dernier appelé".to_owned(),
        Regle::P1 | Regle::P2 | Regle::P3 | Regle::P4 | Regle::P5 | Regle::P6 | Regle::P7 | Regle::P8 => {
            format!("{regle:?}")
        }
    }
}

/// R-ADM-17: closes for the day the groups that violations touch.
pub(super) fn close(lecture: &mut Lecture, groupes: BTreeMap<usize, Vec<String>>) -> Vec<GroupeEcarte> {
    let ferme = |(n, proprietes): (usize, Vec<String>)| {
        let g = &mut lecture.groupes[n];
        g.admissions_suspendues = RETENU;
        GroupeEcarte { groupe: g.id, proprietes }
    };
    groupes.into_iter().map(ferme).collect()
}

/// §8.4 and §8.5: what is abnormal and refuses nothing.
fn tell_abnormal(lecture: &Lecture, sortie: &Sortie) {
    if !sortie.rangs_decroissants.is_empty() {
        let groupes = sortie.rangs_decroissants.len();
        tracing::warn!(groupes, "des rangs d’attente de la veille ne suivent pas l’ordre d’appel");
    }
    let connu = |b: &&InternatJour| lecture.internats.binary_search_by_key(&b.internat, |i| i.id).is_ok();
    let absents = lecture.barres.iter().filter(|b| !connu(b)).count();
    if absents > 0 {
        tracing::warn!(absents, "des barres affichées la veille sont d’internats qui n’existent plus");
    }
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

#[cfg(test)]
pub(super) mod tests {
    use engine::propositions::{Etat, Parametres, VoeuInternat};
    use store::admission::GroupeAffectation;

    use super::*;
    use crate::admission::jour::lecture::{InternatLu, VoeuLu};

    fn groupe(n: i64, nombre_a_appeler: i64) -> GroupeAffectation {
        GroupeAffectation {
            id: 70 + n,
            groupe_classement_id: n,
            formation_session_id: n,
            formation_inscription_id: n,
            formation_id: n,
            nombre_a_appeler,
            rang_limite: 0,
            admissions_suspendues: 0,
            sans_classement: 0,
            dernier_interne: 0,
            dernier_reference: 0,
            dernier_affiche: 0,
        }
    }

    /// The boarding school of two courses has lost a place since two candidates are in it. One of them, for whom the platform
    /// answers, leaves a course for the other and stays in it; nobody waits for it any more.
    pub(in crate::admission::jour) fn over_capacity() -> Lecture {
        let voeu = |id: i64, candidat: u32, groupe: u32, statut: Statut, preference: i32| VoeuLu {
            id,
            candidat,
            groupe,
            etat: Etat::new(statut).with_internat(true),
            rang: i32::try_from(candidat).unwrap() + 1,
            veille: 0,
            preference,
        };
        Lecture {
            parametres: Parametres {
                jour: 60,
                jour_fin_reservation_internats: 30,
                jour_debut_gdd: 50,
                jour_fin_ordonnancement_gdd: 55,
            },
            groupes: vec![groupe(1, 2), groupe(2, 1), groupe(3, 1)],
            candidats: vec![30, 31, 32],
            voeux: vec![
                voeu(101, 0, 0, Statut::AnterieureAcceptee, 2),
                voeu(102, 0, 1, Statut::EnAttente, 1),
                voeu(103, 1, 0, Statut::AnterieureAcceptee, 0),
                // Elsewhere, without boarding.
                VoeuLu { etat: Etat::new(Statut::EnAttente), ..voeu(104, 2, 2, Statut::EnAttente, 0) },
            ],
            internats: vec![InternatLu {
                id: 5,
                formation_inscription: 0,
                formation: 0,
                capacite: 1,
                transmis: true,
                classes: 2,
            }],
            en_internat: [(0, 1), (1, 1), (2, 2)]
                .map(|(voeu, rang)| VoeuInternat { voeu, internat: 0, rang })
                .to_vec(),
            repondeurs: vec![0],
            barres: Vec::new(),
        }
    }

    #[test]
    fn r_adm_17_a_violation_closes_the_groups_that_it_touches_and_no_other() {
        let mut jour = over_capacity();
        assert_eq!(compute_day(&jour).err(), Some(VERIFICATION));
        let Ok(Examen::Viole(groupes)) = examine_day(&jour) else { panic!("P5 is broken") };
        assert_eq!(groupes, BTreeMap::from([(0, vec!["P5".to_owned()]), (1, vec!["P5".to_owned()])]));
        let ecartes = close(&mut jour, groupes);
        assert_eq!(ecartes.iter().map(|e| e.groupe).collect::<Vec<_>>(), [71, 72]);
        let suspendus: Vec<i64> = jour.groupes.iter().map(|g| g.admissions_suspendues).collect();
        assert_eq!(suspendus, [RETENU, RETENU, 0]);
        let resultat = compute_day(&jour).unwrap().resultat;
        assert_eq!((resultat.propositions, resultat.automatiques), (vec![(104, 73)], Vec::new()));
    }

    #[test]
    fn r_adm_17_a_violation_that_touches_no_open_group_stops_the_run() {
        let jour = over_capacity();
        let (mut entree, _) = jour.freeze();
        let en = |lieu| Violation { regle: Regle::P7, lieu };
        let groupes = |entree: &Entree, violations: &[Violation]| {
            touched(entree, violations).map(|t| t.into_keys().collect::<Vec<_>>())
        };
        assert_eq!(groupes(&entree, &[en(Lieu::Candidat(0))]), Some(vec![0, 1]));
        assert_eq!(groupes(&entree, &[en(Lieu::Voeu(3)), en(Lieu::Groupe(1))]), Some(vec![1, 2]));
        assert_eq!(groupes(&entree, &[en(Lieu::Voeu(3)), en(Lieu::Colonnes)]), None);
        assert_eq!(groupes(&entree, &[en(Lieu::Groupe(2)); VIOLATIONS_MAX]), Some(vec![2]));
        assert_eq!(groupes(&entree, &[en(Lieu::Groupe(2)); VIOLATIONS_MAX + 1]), None);
        entree.groupes[1].admissions_suspendues = true;
        assert_eq!(groupes(&entree, &[en(Lieu::Internat(0))]), Some(vec![0]));
        assert_eq!(groupes(&entree, &[en(Lieu::Groupe(1))]), None);
        // What has no number has a name; the same property twice is told once.
        assert_eq!([Regle::P4, Regle::RangAttente].map(property), ["P4", "rangs d’attente"]);
        let deux = touched(&entree, &[en(Lieu::Groupe(0)), en(Lieu::Voeu(0))]);
        assert_eq!(deux, Some(BTreeMap::from([(0, vec!["P7".to_owned()])])));
    }
}
