//! § 4.1, § 5 and § 6: the propositions of every group, and the bars of the boardings.

use std::collections::BTreeSet;

use super::donnees::{Entree, Groupe, INFINI, Parametres, Refus, Statut};

/// § 4.1: what a turn of the loop starts from, frozen for its length, and the bars that it finds.
pub(super) struct Passage {
    /// Waiting wishes of each group, by call rank.
    pub attente_groupe: Vec<Vec<usize>>,
    /// Candidates with a place in each group.
    pub pourvus_groupe: Vec<BTreeSet<i64>>,
    /// Waiting wishes of each boarding, by boarding rank.
    pub attente_internat: Vec<Vec<usize>>,
    /// Candidates with a place in each boarding.
    pub pourvus_internat: Vec<BTreeSet<i64>>,
    /// § 6.2.
    pub barres_maximales: Vec<i64>,
    /// § 6.3.
    pub barres: Vec<i64>,
}

impl Passage {
    fn places_vacantes(&self, e: &Entree, g: usize) -> i64 {
        (e.groupes[g].places - self.pourvus_groupe[g].len() as i64).max(0)
    }

    fn lits_vacants(&self, e: &Entree, i: usize) -> i64 {
        (e.internats[i].capacite - self.pourvus_internat[i].len() as i64).max(0)
    }

    /// § 5, condition 1: the boarding is not open down to this wish, whose candidate is not in it already.
    pub(super) fn bloque(&self, e: &Entree, v: usize) -> bool {
        let v = &e.voeux[v];
        v.i().is_some_and(|i| {
            !self.pourvus_internat[i].contains(&v.candidat) && v.rang_internat > self.barres[i]
        })
    }
}

/// § 4.1 and § 6.2.
pub(super) fn prepare(e: &Entree, statuts: &[Statut]) -> Result<Passage, Refus> {
    let mut p = Passage {
        attente_groupe: vec![Vec::new(); e.groupes.len()],
        pourvus_groupe: vec![BTreeSet::new(); e.groupes.len()],
        attente_internat: vec![Vec::new(); e.internats.len()],
        pourvus_internat: vec![BTreeSet::new(); e.internats.len()],
        barres_maximales: Vec::new(),
        barres: Vec::new(),
    };
    for (n, (v, statut)) in e.voeux.iter().zip(statuts).enumerate() {
        if statut.attend() {
            p.attente_groupe[v.g()].push(n);
            if let Some(i) = v.i() {
                p.attente_internat[i].push(n);
            }
        }
        if statut.occupe() {
            p.pourvus_groupe[v.g()].insert(v.candidat);
            if let Some(i) = v.i() {
                p.pourvus_internat[i].insert(v.candidat);
            }
        }
    }
    for attente in &mut p.attente_groupe {
        attente.sort_by_key(|n| e.voeux[*n].rang_appel);
    }
    for attente in &mut p.attente_internat {
        attente.sort_by_key(|n| e.voeux[*n].rang_internat);
    }
    if e.parametres.jour <= 0 && !e.internats.is_empty() {
        return Err("jour_anterieur_a_la_campagne");
    }
    p.barres_maximales = (0..e.internats.len()).map(|i| highest_bar(e, &p, i)).collect();
    p.barres.clone_from(&p.barres_maximales);
    Ok(p)
}

/// § 6.1: R(g), down to whom the group is expected to call.
pub(super) fn estimate(p: &Parametres, g: &Groupe) -> i64 {
    let (j, f) = (p.jour, p.jour_fin_reservation_internats);
    let (a, b, l) = (g.rang_dernier_appele, g.rang_dernier_appele_reference, g.rang_limite);
    if j <= 1 {
        return INFINI;
    }
    if j >= f {
        return l.max(a);
    }
    if a <= 0 {
        return INFINI;
    }
    let e = if b <= 0 { a * (f - 1) / (j - 1) } else { a + (f - j) * (a - b) / 4 };
    e.max(l).max(a)
}

/// § 6.2: the last candidate for whom a bed is kept.
fn highest_bar(e: &Entree, p: &Passage, i: usize) -> i64 {
    let attente = &p.attente_internat[i];
    let ouvert = attente.iter().any(|n| e.groupes[e.voeux[*n].g()].fin_reservation_internats);
    if ouvert || e.parametres.jour >= e.parametres.jour_fin_reservation_internats {
        return INFINI;
    }
    let (mut compte, mut m) = (0, 0);
    for n in attente {
        if compte == p.lits_vacants(e, i) {
            break;
        }
        let v = &e.voeux[*n];
        let trop_loin = v.rang_appel > estimate(&e.parametres, &e.groupes[v.g()]);
        if trop_loin || v.rang_internat == m || p.pourvus_internat[i].contains(&v.candidat) {
            continue;
        }
        m = v.rang_internat;
        compte += 1;
    }
    m
}

/// § 5: the propositions of one group under the present bars.
fn propose(e: &Entree, p: &Passage, g: usize, statuts: &mut [Statut]) {
    for n in &p.attente_groupe[g] {
        statuts[*n] = Statut::EnAttente;
    }
    let groupe = &e.groupes[g];
    let mut restant = p.places_vacantes(e, g);
    let mut dernier = None;
    for n in &p.attente_groupe[g] {
        let v = &e.voeux[*n];
        if p.bloque(e, *n) {
            continue;
        }
        let obtenue = p.pourvus_groupe[g].contains(&v.candidat);
        let meme = dernier == Some(v.candidat);
        if restant > 0 || v.rang_appel <= groupe.rang_limite || obtenue || meme {
            let ra = e.repond(v.candidat) && v.rang_preference > 0;
            statuts[*n] = if ra { Statut::RaAcceptation } else { Statut::PropositionDuJour };
            if !obtenue && !meme {
                restant -= 1;
            }
            dernier = Some(v.candidat);
        }
    }
}

/// § 6.3: bars go down until every boarding holds those who are proposed to.
pub(super) fn compute_bars(e: &Entree, p: &mut Passage, statuts: &mut [Statut]) {
    let actif = |g: &usize| !e.groupes[*g].admissions_suspendues;
    let mut a_traiter: BTreeSet<usize> = (0..e.groupes.len()).filter(actif).collect();
    while !a_traiter.is_empty() {
        for g in &a_traiter {
            propose(e, p, *g, statuts);
        }
        a_traiter.clear();
        for i in 0..e.internats.len() {
            if let Some(barre) = lower_bar(e, p, i, statuts) {
                p.barres[i] = barre;
                a_traiter.extend(p.attente_internat[i].iter().map(|n| e.voeux[*n].g()).filter(actif));
            }
        }
    }
}

/// The bar that leaves out the first candidate too many of a boarding; `None`: all of them have a bed.
fn lower_bar(e: &Entree, p: &Passage, i: usize, statuts: &[Statut]) -> Option<i64> {
    let vacants = p.lits_vacants(e, i);
    let (mut compte, mut dernier) = (0, None);
    for n in &p.attente_internat[i] {
        let v = &e.voeux[*n];
        if p.pourvus_internat[i].contains(&v.candidat) || dernier == Some(v.candidat) {
            continue;
        }
        if v.rang_internat > p.barres[i] {
            return None;
        }
        if statuts[*n].occupe() {
            compte += 1;
            dernier = Some(v.candidat);
            if compte > vacants {
                return Some(v.rang_internat - 1);
            }
        }
    }
    None
}
