//! § 4.1, § 5 and § 6: the propositions of every group, and the bars of the boardings.

use std::collections::BTreeSet;

use super::donnees::{Candidats, Groupe, INFINI, Jour, Parametres, Refus, Statut};

/// § 4.1: what a turn of the loop starts from, frozen for its length, and the bars that it finds.
pub(super) struct Passage {
    /// Of each wish: does it wait?
    attente: Vec<bool>,
    /// Candidates with a place in each group.
    pub pourvus_groupe: Vec<Candidats>,
    /// Waiting wishes of each boarding, by boarding rank.
    pub attente_internat: Vec<Vec<u32>>,
    /// Candidates with a place in each boarding.
    pub pourvus_internat: Vec<Candidats>,
    /// § 6.2.
    pub barres_maximales: Vec<i32>,
    /// § 6.3.
    pub barres: Vec<i32>,
}

impl Passage {
    /// Waiting wishes of a group, by call rank.
    pub(super) fn attente_groupe(&self, j: &Jour, g: usize) -> impl Iterator<Item = u32> {
        j.groupe(g).filter(|n| self.attente[*n as usize])
    }

    fn places_vacantes(&self, j: &Jour, g: usize) -> i32 {
        (j.e.groupes[g].places - self.pourvus_groupe[g].nombre()).max(0)
    }

    fn lits_vacants(&self, j: &Jour, i: usize) -> i32 {
        (j.e.internats[i].capacite - self.pourvus_internat[i].nombre()).max(0)
    }

    /// § 5, condition 1: the boarding is not open down to this wish, whose candidate is not in it already.
    pub(super) fn bloque(&self, j: &Jour, n: u32) -> bool {
        let v = j.voeu(n);
        v.i().is_some_and(|i| {
            !self.pourvus_internat[i].contains(v.candidat) && v.rang_internat > self.barres[i]
        })
    }
}

/// § 4.1 and § 6.2.
pub(super) fn prepare(j: &Jour) -> Result<Passage, Refus> {
    let pourvus = |voeux: &mut dyn Iterator<Item = u32>| {
        Candidats::new(voeux.filter(|n| j.statut(*n).occupe()).map(|n| j.voeu(n).candidat))
    };
    let attente = |voeux: &Vec<u32>| voeux.iter().copied().filter(|n| j.statut(*n).attend()).collect();
    let mut p = Passage {
        attente: j.statuts.iter().map(|s| s.attend()).collect(),
        pourvus_groupe: (0..j.e.groupes.len()).map(|g| pourvus(&mut j.groupe(g))).collect(),
        attente_internat: j.internats.iter().map(attente).collect(),
        pourvus_internat: j.internats.iter().map(|voeux| pourvus(&mut voeux.iter().copied())).collect(),
        barres_maximales: Vec::new(),
        barres: Vec::new(),
    };
    if j.e.parametres.jour <= 0 && !j.e.internats.is_empty() {
        return Err("jour_anterieur_a_la_campagne");
    }
    p.barres_maximales = (0..j.e.internats.len()).map(|i| highest_bar(j, &p, i)).collect();
    p.barres.clone_from(&p.barres_maximales);
    Ok(p)
}

/// § 6.1: R(g), down to whom the group is expected to call. In 64 bits: it multiplies.
pub(super) fn estimate(p: &Parametres, g: &Groupe) -> i64 {
    let [j, f] = [p.jour, p.jour_fin_reservation_internats].map(i64::from);
    let [a, b, l] = [g.rang_dernier_appele, g.rang_dernier_appele_reference, g.rang_limite].map(i64::from);
    if j <= 1 {
        return i64::from(INFINI);
    }
    if j >= f {
        return l.max(a);
    }
    if a <= 0 {
        return i64::from(INFINI);
    }
    let e = if b <= 0 { a * (f - 1) / (j - 1) } else { a + (f - j) * (a - b) / 4 };
    e.max(l).max(a)
}

/// § 6.2: the last candidate for whom a bed is kept.
fn highest_bar(j: &Jour, p: &Passage, i: usize) -> i32 {
    let parametres = &j.e.parametres;
    let attente = &p.attente_internat[i];
    let ouvert = attente.iter().any(|n| j.e.groupes[j.voeu(*n).g()].fin_reservation_internats);
    if ouvert || parametres.jour >= parametres.jour_fin_reservation_internats {
        return INFINI;
    }
    let (mut compte, mut m) = (0, 0);
    for n in attente {
        if compte == p.lits_vacants(j, i) {
            break;
        }
        let v = j.voeu(*n);
        let trop_loin = i64::from(v.rang_appel) > estimate(parametres, &j.e.groupes[v.g()]);
        if trop_loin || v.rang_internat == m || p.pourvus_internat[i].contains(v.candidat) {
            continue;
        }
        m = v.rang_internat;
        compte += 1;
    }
    m
}

/// § 5: the propositions of one group under the present bars.
fn propose(j: &mut Jour, p: &Passage, g: usize) {
    let attente: Vec<u32> = p.attente_groupe(j, g).collect();
    for n in &attente {
        j.set(*n, Statut::EnAttente);
    }
    let rang_limite = j.e.groupes[g].rang_limite;
    let mut restant = p.places_vacantes(j, g);
    let mut dernier = None;
    for n in &attente {
        let v = j.voeu(*n);
        if p.bloque(j, *n) {
            continue;
        }
        let obtenue = p.pourvus_groupe[g].contains(v.candidat);
        let meme = dernier == Some(v.candidat);
        if restant > 0 || v.rang_appel <= rang_limite || obtenue || meme {
            let ra = j.e.repond(v.candidat) && v.rang_preference > 0;
            j.set(*n, if ra { Statut::RaAcceptation } else { Statut::PropositionDuJour });
            if !obtenue && !meme {
                restant -= 1;
            }
            dernier = Some(v.candidat);
        }
    }
}

/// § 6.3: bars go down until every boarding holds those who are proposed to.
pub(super) fn compute_bars(j: &mut Jour, p: &mut Passage) {
    let e = j.e;
    let actif = |g: &usize| !e.groupes[*g].admissions_suspendues;
    let mut a_traiter: BTreeSet<usize> = (0..e.groupes.len()).filter(actif).collect();
    while !a_traiter.is_empty() {
        for g in &a_traiter {
            propose(j, p, *g);
        }
        a_traiter.clear();
        for i in 0..e.internats.len() {
            if let Some(barre) = lower_bar(j, p, i) {
                p.barres[i] = barre;
                a_traiter.extend(p.attente_internat[i].iter().map(|n| j.voeu(*n).g()).filter(actif));
            }
        }
    }
}

/// The bar that leaves out the first candidate too many of a boarding; `None`: all of them have a bed.
fn lower_bar(j: &Jour, p: &Passage, i: usize) -> Option<i32> {
    let vacants = p.lits_vacants(j, i);
    let (mut compte, mut dernier) = (0, None);
    for n in &p.attente_internat[i] {
        let v = j.voeu(*n);
        if p.pourvus_internat[i].contains(v.candidat) || dernier == Some(v.candidat) {
            continue;
        }
        if v.rang_internat > p.barres[i] {
            return None;
        }
        if j.statut(*n).occupe() {
            compte += 1;
            dernier = Some(v.candidat);
            if compte > vacants {
                return Some(v.rang_internat - 1);
            }
        }
    }
    None
}
