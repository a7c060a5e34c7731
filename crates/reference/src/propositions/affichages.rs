//! § 8: waiting ranks, last ones called, bars of the boardings.

use std::collections::{BTreeMap, BTreeSet};

use super::calcul::{Passage, estimate};
use super::donnees::{AffichageGroupe, AffichageInternat, Candidats, Jour};
use super::verification::Verdict;

/// The wishes of a group that displays look at, by call rank: neither former propositions nor those of another procedure.
fn considered(j: &Jour, g: usize) -> Vec<u32> {
    j.groupe(g).filter(|n| !j.statut(*n).anterieure() && !j.voeu(*n).hors_pp).collect()
}

/// What the groups show, and the waiting rank of each wish.
pub(super) struct DesGroupes {
    /// `None` for a group set aside.
    pub groupes: Vec<Option<AffichageGroupe>>,
    /// By number of the wish; 0 where none is shown.
    pub rangs_attente: Vec<i32>,
}

pub(super) fn of_groups(j: &Jour, p: &Passage, verdict: &Verdict) -> DesGroupes {
    let mut rangs_attente = vec![0; j.e.voeux.len()];
    let mut groupes = Vec::with_capacity(j.e.groupes.len());
    let proposes = proposed_today(j);
    for g in 0..j.e.groupes.len() {
        if verdict.groupes_ecartes.contains(&g) {
            groupes.push(None);
            continue;
        }
        let vus = considered(j, g);
        let formation = j.e.groupes[g].formation;
        let proposes = [false, true].map(|avec| proposes.get(&(formation, avec)));
        groupes.push(Some(AffichageGroupe {
            estimation: estimate(&j.e.parametres, &j.e.groupes[g]),
            dernier_appele: last_called(j, p, &vus),
            candidats_en_attente: set_waiting_ranks(j, &vus, proposes, &mut rangs_attente),
        }));
    }
    DesGroupes { groupes, rangs_attente }
}

/// Candidates who are proposed a course today, without boarding (`false`) and with it (`true`).
fn proposed_today(j: &Jour) -> BTreeMap<(i64, bool), Candidats> {
    let mut proposes: BTreeMap<(i64, bool), Vec<u32>> = BTreeMap::new();
    for (v, _) in j.e.voeux.iter().zip(&j.statuts).filter(|(_, s)| s.du_jour()) {
        proposes.entry((j.e.formation(v), v.variante_avec())).or_default().push(v.candidat);
    }
    proposes.into_iter().map(|(cle, candidats)| (cle, Candidats::new(candidats.into_iter()))).collect()
}

/// § 8.1: the rank in the waiting list of a group, that never goes up from a day to the next; gives the length of the list.
/// `proposes` are those who are proposed the same course today, without boarding and with it.
fn set_waiting_ranks(j: &Jour, vus: &[u32], proposes: [Option<&Candidats>; 2], rangs: &mut [i32]) -> i32 {
    // Those who had a rank the day before, for those who are back in the list.
    let suivis: Vec<u32> = vus.iter().copied().filter(|n| j.voeu(*n).rang_attente_veille > 0).collect();
    let (mut n, mut dernier, mut total) = (0, None, 0);
    for k in vus.iter().filter(|k| j.statut(**k).attend() && j.voeu(**k).i().is_none()) {
        let v = j.voeu(*k);
        // Step 1: the other variant, with boarding for without or the contrary, is not proposed.
        let autre = proposes[usize::from(!v.variante_avec())];
        if dernier != Some(v.candidat) && !autre.is_some_and(|proposes| proposes.contains(v.candidat)) {
            n += 1;
            total += 1;
            dernier = Some(v.candidat);
        }
        let rang = if j.e.parametres.jour == 1 {
            // Step 2.
            n.max(1)
        } else {
            // Step 3.
            let veille = if v.rang_attente_veille > 0 {
                v.rang_attente_veille
            } else {
                // Back in the list: as the next one, of a greater call rank, who had a rank the day before.
                let plus_loin = suivis.partition_point(|s| j.voeu(*s).rang_appel <= v.rang_appel);
                let mut suivants = suivis[plus_loin..].iter().map(|s| j.voeu(*s));
                suivants.find(|s| s.candidat != v.candidat).map_or(n, |s| s.rang_attente_veille)
            };
            n = n.min(veille);
            n
        };
        rangs[v.numero as usize] = rang;
    }
    total
}

/// § 8.2: the last one called of a group.
fn last_called(j: &Jour, p: &Passage, vus: &[u32]) -> i32 {
    let mut dernier_appele = 0;
    for n in vus {
        let v = j.voeu(*n);
        if j.statut(*n).occupe() {
            dernier_appele = dernier_appele.max(v.rang_appel_affiche);
        } else if j.statut(*n).attend() && !v.ignorer_rang_attente && !p.bloque(j, *n) {
            break;
        }
    }
    dernier_appele
}

/// § 8.3; `None` for a boarding set aside.
pub(super) fn of_boardings(j: &Jour, p: &Passage, verdict: &Verdict) -> Vec<Option<AffichageInternat>> {
    (0..j.e.internats.len())
        .map(|i| {
            let groupes: BTreeSet<u32> = p.attente_internat[i].iter().map(|n| j.voeu(*n).groupe).collect();
            let gardes = groupes.into_iter().filter(|g| !verdict.groupes_ecartes.contains(&(*g as usize)));
            (!verdict.internats_ecartes.contains(&i)).then(|| AffichageInternat {
                barre_maximale: p.barres_maximales[i],
                barre: p.barres[i],
                affichages: gardes.map(|g| bars(j, i, g)).collect(),
            })
        })
        .collect()
}

/// § 8.3: the group, its call bar and its boarding bar in one boarding.
fn bars(j: &Jour, i: usize, g: u32) -> (u32, i32, i32) {
    let mut siens = considered(j, g as usize);
    siens.retain(|n| j.voeu(*n).i() == Some(i));
    let servis = siens.iter().filter(|n| j.statut(**n).occupe());
    let Some(barre_internat) = servis.map(|n| j.voeu(*n).rang_internat).max() else { return (g, 0, 0) };
    let mut barre_appel = 0;
    for n in siens {
        let v = j.voeu(n);
        if j.statut(n).occupe() {
            barre_appel = barre_appel.max(v.rang_appel_affiche);
        } else if v.ignorer_rang_attente || v.ignorer_barre_internat {
            continue;
        } else if j.statut(n).attend() && v.rang_internat <= barre_internat {
            break;
        }
    }
    (g, barre_appel, barre_internat)
}
