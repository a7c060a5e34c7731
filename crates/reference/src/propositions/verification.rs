//! § 9: P1 to P5, and what is set aside when one of them does not hold.

use std::collections::BTreeSet;

use super::calcul::Passage;
use super::donnees::{Candidats, Jour, Statut};

/// What leaves, and what does not.
pub(super) struct Verdict {
    pub alerte: bool,
    pub avertissement: bool,
    pub groupes_ecartes: BTreeSet<usize>,
    pub internats_ecartes: BTreeSet<usize>,
}

/// Candidates who hold a place in a list by a former proposition, and those who hold one in the end.
struct Tenants {
    initial: Candidats,
    actuel: Candidats,
}

fn tenants(j: &Jour, voeux: impl Iterator<Item = u32> + Clone) -> Tenants {
    let qui = |retenu: fn(Statut) -> bool| {
        Candidats::new(voeux.clone().filter(|n| retenu(j.statut(*n))).map(|n| j.voeu(n).candidat))
    };
    Tenants { initial: qui(Statut::tenue), actuel: qui(Statut::occupe) }
}

pub(super) fn verify(j: &Jour, p: &Passage) -> Verdict {
    let groupes: Vec<Tenants> = (0..j.e.groupes.len()).map(|g| tenants(j, j.groupe(g))).collect();
    let internats: Vec<Tenants> = j.internats.iter().map(|voeux| tenants(j, voeux.iter().copied())).collect();
    let mut invalides: BTreeSet<usize> = (0..j.e.groupes.len())
        .filter(|g| {
            !p1(j, *g, &groupes[*g]) || !p2(j, p, *g, &groupes[*g], &internats) || !p4(j, *g, &groupes[*g])
        })
        .collect();
    for (i, t) in internats.iter().enumerate() {
        if !p3(j, p, i, t, &groupes) || !p5(j, i, t) {
            invalides.extend(p.attente_internat[i].iter().map(|n| j.voeu(*n).g()));
        }
    }
    close(j, &mut invalides);
    let propose = |g: &usize| j.groupe(*g).any(|n| j.statut(n).du_jour());
    let groupes_ecartes: BTreeSet<usize> = invalides.iter().copied().filter(propose).collect();
    let touche = |i: &usize| p.attente_internat[*i].iter().any(|n| groupes_ecartes.contains(&j.voeu(*n).g()));
    Verdict {
        alerte: !groupes_ecartes.is_empty(),
        avertissement: groupes_ecartes.is_empty() && !invalides.is_empty(),
        internats_ecartes: (0..j.e.internats.len()).filter(touche).collect(),
        groupes_ecartes,
    }
}

/// Groups that share a boarding with a group at fault are at fault.
fn close(j: &Jour, invalides: &mut BTreeSet<usize>) {
    loop {
        let avant = invalides.len();
        for voeux in &j.internats {
            let siens: BTreeSet<usize> = voeux.iter().map(|n| j.voeu(*n).g()).collect();
            if !siens.is_disjoint(invalides) {
                invalides.extend(siens);
            }
        }
        if invalides.len() == avant {
            return;
        }
    }
}

/// P1: nobody is called before the first one who waits and asks for no bed.
fn p1(j: &Jour, g: usize, t: &Tenants) -> bool {
    let attend = j.groupe(g).filter(|n| j.statut(*n).attend() && j.voeu(*n).i().is_none());
    let Some(premier) = attend.map(|n| j.voeu(n).rang_appel).min() else { return true };
    !j.groupe(g).any(|n| {
        let v = j.voeu(n);
        j.statut(n).du_jour() && v.rang_appel > premier && !t.initial.contains(v.candidat)
    })
}

/// P2: nobody passes, in the group and in the boarding at once, somebody who waits for a bed.
fn p2(j: &Jour, p: &Passage, g: usize, t: &Tenants, internats: &[Tenants]) -> bool {
    // Wishes of this group that ask for a bed, each with its boarding.
    let avec_lit = || j.groupe(g).filter_map(|n| j.voeu(n).i().map(|i| (n, i)));
    let passants: Vec<(u32, usize)> = avec_lit()
        .filter(|(n, i)| {
            let (v, c) = (j.voeu(*n), j.voeu(*n).candidat);
            j.statut(*n).du_jour()
                && !v.ignorer_rang_attente
                && !t.initial.contains(c)
                && !internats[*i].initial.contains(c)
                && !p.pourvus_groupe[g].contains(c)
                && !p.pourvus_internat[*i].contains(c)
        })
        .collect();
    let attendent = avec_lit().filter(|(n, _)| j.statut(*n).attend() && !j.voeu(*n).ignorer_rang_attente);
    !attendent.map(|(n, i)| (j.voeu(n), i)).any(|(v1, i1)| {
        passants.iter().any(|(n2, i2)| {
            let v2 = j.voeu(*n2);
            i1 == *i2 && v2.rang_appel > v1.rang_appel && v2.rang_internat > v1.rang_internat
        })
    })
}

/// P3: the bar is under its maximum, and nobody is given a bed before somebody who has a place and waits for one.
fn p3(j: &Jour, p: &Passage, i: usize, t: &Tenants, groupes: &[Tenants]) -> bool {
    if p.barres[i] > p.barres_maximales[i] {
        return false;
    }
    let voeux = &j.internats[i];
    let attend = voeux.iter().filter(|n| j.statut(**n).attend()).map(|n| j.voeu(*n));
    let place = attend.filter(|v| !v.ignorer_rang_attente && groupes[v.g()].actuel.contains(v.candidat));
    let Some(premier) = place.map(|v| v.rang_internat).min() else { return true };
    !voeux.iter().any(|n| {
        let v = j.voeu(*n);
        j.statut(*n).du_jour()
            && !v.ignorer_rang_attente
            && v.rang_internat > premier
            && !t.initial.contains(v.candidat)
    })
}

/// P4: no more people than places but by the limit rank, no place left while somebody waits who asks for no bed.
fn p4(j: &Jour, g: usize, t: &Tenants) -> bool {
    let groupe = &j.e.groupes[g];
    if groupe.admissions_suspendues {
        return true;
    }
    let (places, actuel) = (groupe.places, t.actuel.nombre());
    if actuel > places && actuel > t.initial.nombre() {
        let par_bloc = |n: u32| {
            let s = j.statut(n);
            let parti = matches!(s, Statut::RaRefusProposition | Statut::GddDemissionProposition);
            (s.occupe() || parti) && j.voeu(n).rang_appel <= groupe.rang_limite
        };
        if !j.groupe(g).any(par_bloc) {
            return false;
        }
    }
    let attend = |n: u32| j.statut(n).attend() && j.voeu(n).i().is_none();
    !(actuel < places && j.groupe(g).any(attend))
}

/// P5: no more people than beds, but those who were there.
fn p5(j: &Jour, i: usize, t: &Tenants) -> bool {
    t.actuel.nombre() <= j.e.internats[i].capacite || t.actuel.nombre() == t.initial.nombre()
}
