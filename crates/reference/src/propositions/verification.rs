//! § 9: P1 to P5, and what is set aside when one of them does not hold.

use std::collections::BTreeSet;

use super::calcul::Passage;
use super::donnees::{Entree, Statut};

/// What leaves, and what does not.
pub(super) struct Verdict {
    pub alerte: bool,
    pub avertissement: bool,
    pub groupes_ecartes: BTreeSet<usize>,
    pub internats_ecartes: BTreeSet<usize>,
}

/// Candidates who hold a place in a list by a former proposition, and those who hold one in the end.
struct Tenants {
    initial: BTreeSet<i64>,
    actuel: BTreeSet<i64>,
}

fn tenants(e: &Entree, statuts: &[Statut], voeux: &[usize]) -> Tenants {
    let qui = |retenu: fn(Statut) -> bool| {
        voeux.iter().filter(|n| retenu(statuts[**n])).map(|n| e.voeux[*n].candidat).collect()
    };
    Tenants { initial: qui(Statut::tenue), actuel: qui(Statut::occupe) }
}

/// Every wish of each group and of each boarding, whatever became of it.
struct Listes {
    groupes: Vec<Vec<usize>>,
    internats: Vec<Vec<usize>>,
}

fn listes(e: &Entree) -> Listes {
    let mut l =
        Listes { groupes: vec![Vec::new(); e.groupes.len()], internats: vec![Vec::new(); e.internats.len()] };
    for (n, v) in e.voeux.iter().enumerate() {
        l.groupes[v.g()].push(n);
        if let Some(i) = v.i() {
            l.internats[i].push(n);
        }
    }
    l
}

pub(super) fn verify(e: &Entree, p: &Passage, statuts: &[Statut]) -> Verdict {
    let l = listes(e);
    let groupes: Vec<Tenants> = l.groupes.iter().map(|voeux| tenants(e, statuts, voeux)).collect();
    let internats: Vec<Tenants> = l.internats.iter().map(|voeux| tenants(e, statuts, voeux)).collect();
    let mut invalides: BTreeSet<usize> = (0..e.groupes.len())
        .filter(|g| {
            let voeux = &l.groupes[*g];
            !p1(e, statuts, voeux, &groupes[*g])
                || !p2(e, p, statuts, voeux, (*g, &groupes[*g]), &internats)
                || !p4(e, statuts, voeux, *g, &groupes[*g])
        })
        .collect();
    for (i, t) in internats.iter().enumerate() {
        if !p3(e, p, statuts, &l.internats[i], (i, t), &groupes) || !p5(e, i, t) {
            invalides.extend(p.attente_internat[i].iter().map(|n| e.voeux[*n].g()));
        }
    }
    close(e, &l, &mut invalides);
    let propose = |g: &usize| l.groupes[*g].iter().any(|n| statuts[*n].du_jour());
    let groupes_ecartes: BTreeSet<usize> = invalides.iter().copied().filter(propose).collect();
    let touche =
        |i: &usize| p.attente_internat[*i].iter().any(|n| groupes_ecartes.contains(&e.voeux[*n].g()));
    Verdict {
        alerte: !groupes_ecartes.is_empty(),
        avertissement: groupes_ecartes.is_empty() && !invalides.is_empty(),
        internats_ecartes: (0..e.internats.len()).filter(touche).collect(),
        groupes_ecartes,
    }
}

/// Groups that share a boarding with a group at fault are at fault.
fn close(e: &Entree, l: &Listes, invalides: &mut BTreeSet<usize>) {
    loop {
        let avant = invalides.len();
        for voeux in &l.internats {
            let siens: BTreeSet<usize> = voeux.iter().map(|n| e.voeux[*n].g()).collect();
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
fn p1(e: &Entree, statuts: &[Statut], voeux: &[usize], t: &Tenants) -> bool {
    let attend = voeux.iter().filter(|n| statuts[**n].attend() && e.voeux[**n].i().is_none());
    let Some(premier) = attend.map(|n| e.voeux[*n].rang_appel).min() else { return true };
    !voeux.iter().any(|n| {
        let v = &e.voeux[*n];
        statuts[*n].du_jour() && v.rang_appel > premier && !t.initial.contains(&v.candidat)
    })
}

/// P2: nobody passes, in the group and in the boarding at once, somebody who waits for a bed.
fn p2(
    e: &Entree,
    p: &Passage,
    statuts: &[Statut],
    voeux: &[usize],
    (g, t): (usize, &Tenants),
    internats: &[Tenants],
) -> bool {
    let avec_lit: Vec<usize> = voeux.iter().copied().filter(|n| e.voeux[*n].i().is_some()).collect();
    let passants = || {
        avec_lit.iter().filter(|n| {
            let (v, c) = (&e.voeux[**n], e.voeux[**n].candidat);
            let i = v.i().unwrap_or_default();
            statuts[**n].du_jour()
                && !v.ignorer_rang_attente
                && !t.initial.contains(&c)
                && !internats[i].initial.contains(&c)
                && !p.pourvus_groupe[g].contains(&c)
                && !p.pourvus_internat[i].contains(&c)
        })
    };
    let attend = |n: &&usize| statuts[**n].attend() && !e.voeux[**n].ignorer_rang_attente;
    !avec_lit.iter().filter(attend).any(|n1| {
        let v1 = &e.voeux[*n1];
        passants().any(|n2| {
            let v2 = &e.voeux[*n2];
            v1.i() == v2.i() && v2.rang_appel > v1.rang_appel && v2.rang_internat > v1.rang_internat
        })
    })
}

/// P3: the bar is under its maximum, and nobody is given a bed before somebody who has a place and waits for one.
fn p3(
    e: &Entree,
    p: &Passage,
    statuts: &[Statut],
    voeux: &[usize],
    (i, t): (usize, &Tenants),
    groupes: &[Tenants],
) -> bool {
    if p.barres[i] > p.barres_maximales[i] {
        return false;
    }
    let attend = voeux.iter().map(|n| (n, &e.voeux[*n])).filter(|(n, v)| {
        statuts[**n].attend() && !v.ignorer_rang_attente && groupes[v.g()].actuel.contains(&v.candidat)
    });
    let Some(premier) = attend.map(|(_, v)| v.rang_internat).min() else { return true };
    !voeux.iter().any(|n| {
        let v = &e.voeux[*n];
        statuts[*n].du_jour()
            && !v.ignorer_rang_attente
            && v.rang_internat > premier
            && !t.initial.contains(&v.candidat)
    })
}

/// P4: no more people than places but by the limit rank, no place left while somebody waits who asks for no bed.
fn p4(e: &Entree, statuts: &[Statut], voeux: &[usize], g: usize, t: &Tenants) -> bool {
    let groupe = &e.groupes[g];
    if groupe.admissions_suspendues {
        return true;
    }
    let (places, actuel) = (groupe.places, t.actuel.len() as i64);
    if actuel > places && t.actuel.len() > t.initial.len() {
        let par_bloc = |n: &usize| {
            let s = statuts[*n];
            let parti = matches!(s, Statut::RaRefusProposition | Statut::GddDemissionProposition);
            (s.occupe() || parti) && e.voeux[*n].rang_appel <= groupe.rang_limite
        };
        if !voeux.iter().any(par_bloc) {
            return false;
        }
    }
    let attend = |n: &usize| statuts[*n].attend() && e.voeux[*n].i().is_none();
    !(actuel < places && voeux.iter().any(attend))
}

/// P5: no more people than beds, but those who were there.
fn p5(e: &Entree, i: usize, t: &Tenants) -> bool {
    t.actuel.len() as i64 <= e.internats[i].capacite || t.actuel.len() == t.initial.len()
}
