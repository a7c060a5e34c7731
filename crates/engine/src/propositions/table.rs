//! The working table: all voeux sorted by (formation, groupe, rang d'appel), built without comparing.
//!
//! Rows are scattered into some hundreds of buckets of neighbouring groupes, each small enough for the second-level
//! cache, then sorted inside by counting: by groupe, and by rank. Each thread writes its own slices only.

use std::slice::IterMut;

use rayon::prelude::*;

use super::entree::{Ensemble, Entree, Etat, Statut};
use super::journee::is_faulty;
use super::ligne::{self, Champs, Ligne};
use super::refus::{Lieu, Motif, Refus};

/// Below this number of voeux, one part: threads would cost more than they save.
const PETIT: usize = 1 << 16;
/// Rows per bucket, when groupes allow it: twice 400 KB fit in a second-level cache. Half as many were slower to write, with
/// 512 KB of that cache.
const LIGNES_PAR_PAQUET: usize = 25_000;

/// The voeux in working order, and how to find a groupe.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) lignes: Vec<Ligne>,
    /// First row of each groupe, in working order; one more at the end.
    pub(crate) debut: Vec<usize>,
    /// Position in the input of each groupe.
    pub(crate) groupe: Vec<u32>,
    /// Working number of each groupe of the input.
    pub(crate) numero: Vec<u32>,
    /// Consecutive groupes of whole formations, of similar sizes: the unit of parallel work.
    pub(crate) tranches: Vec<std::ops::Range<usize>>,
    /// Statuts present in the input.
    pub(crate) statuts: Statuts,
}

/// Which statuts occur, one bit each.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Statuts(u16);

impl Statuts {
    pub(crate) fn of(etats: &[Etat]) -> Self {
        Self(
            etats
                .par_iter()
                .fold(|| 0, |tous, etat| tous | 1 << (etat.bits() & 15))
                .reduce(|| 0, |a, b| a | b),
        )
    }

    pub(crate) fn contains(self, statuts: &[Statut]) -> bool {
        statuts.iter().any(|&s| self.0 >> s as u16 & 1 == 1)
    }

    pub(crate) fn contains_any(self, statuts: Ensemble) -> bool {
        Statut::TOUS.iter().any(|&s| statuts.contains(s) && self.contains(&[s]))
    }
}

/// How many voeux a part has in each groupe.
struct Histogramme {
    par_groupe: Vec<u32>,
    /// Some groupe does not exist.
    fault: bool,
}

/// What is seen of a part while its rows are written.
struct Releve {
    statuts: u16,
    /// Some voeu breaks a rule of its own.
    fault: bool,
}

impl Table {
    /// Builds the table, and makes on the way the checks that look at one voeu at a time.
    pub(crate) fn build(entree: &Entree) -> Result<Self, Refus> {
        let voeux = &entree.voeux;
        let n = voeux.len();
        let (groupe, numero) = working_order(entree);
        let parts = if n < PETIT { 1 } else { rayon::current_num_threads() * 4 };
        let part = n.div_ceil(parts).max(1);
        let plage = |t: usize| (t * part).min(n)..((t + 1) * part).min(n);

        let histogrammes: Vec<Histogramme> =
            (0..parts).into_par_iter().map(|t| histogram(entree, &numero, plage(t))).collect();
        if histogrammes.iter().any(|h| h.fault) {
            return Err(find_fault(entree));
        }

        let mut debut = Vec::with_capacity(groupe.len() + 1);
        let mut total = 0;
        debut.push(0);
        for g in 0..groupe.len() {
            total += histogrammes.iter().map(|h| h.par_groupe[g] as usize).sum::<usize>();
            debut.push(total);
        }
        let paquets = buckets(&debut);
        // Where a groupe of the input goes: its bucket, and its number there.
        let mut place = vec![(0_u32, 0_u32); groupe.len()];
        for (p, groupes) in (0..).zip(&paquets) {
            for (tri, g) in (0..).zip(groupes.clone()) {
                place[groupe[g] as usize] = (p, tri);
            }
        }

        let mut lignes: Vec<Ligne> = vec![[0; 4]; n];
        let mut cases: Vec<Vec<IterMut<Ligne>>> =
            (0..parts).map(|_| Vec::with_capacity(paquets.len())).collect();
        let mut reste = &mut lignes[..];
        for groupes in &paquets {
            for (histogramme, cases) in histogrammes.iter().zip(&mut cases) {
                let taille = histogramme.par_groupe[groupes.clone()].iter().map(|&x| x as usize).sum();
                let (case, suite) = reste.split_at_mut(taille);
                cases.push(case.iter_mut());
                reste = suite;
            }
        }
        let write = |(t, mut cases): (usize, Vec<IterMut<Ligne>>)| {
            let mut releve = Releve { statuts: 0, fault: false };
            let plage = plage(t);
            let mut internats = voeux.en_internat.partition_point(|v| (v.voeu as usize) < plage.start);
            for i in plage {
                let (p, tri) = place[voeux.groupe[i] as usize];
                let mut reference = false;
                if let Some(suivant) = voeux.en_internat.get(internats)
                    && suivant.voeu as usize == i
                {
                    reference = (suivant.internat as usize) < entree.internats.len();
                    internats += 1;
                }
                let (candidat, rang, etat) = (voeux.candidat[i], voeux.rang_appel[i], voeux.etat[i]);
                releve.fault |= candidat >= entree.nombre_candidats || rang < 0 || is_faulty(etat, rang);
                releve.statuts |= 1 << (etat.bits() & 15);
                let etat = if reference { etat.with_internat(true) } else { etat };
                if let Some(case) = cases[p as usize].next() {
                    *case = ligne::new(candidat, rang, i, etat, reference, tri);
                }
            }
            releve
        };
        let releves: Vec<Releve> = cases.into_par_iter().enumerate().map(write).collect();
        if releves.iter().any(|releve| releve.fault) {
            return Err(find_fault(entree));
        }
        check_optional_columns(entree)?;

        let mut paquets_lignes = Vec::with_capacity(paquets.len());
        let mut reste = &mut lignes[..];
        for groupes in &paquets {
            let (case, suite) = reste.split_at_mut(debut[groupes.end] - debut[groupes.start]);
            paquets_lignes.push(case);
            reste = suite;
        }
        paquets_lignes.into_par_iter().zip(&paquets).for_each_init(Tri::default, |tri, (lignes, groupes)| {
            tri.sort(lignes, &debut[groupes.start..=groupes.end]);
        });

        let tranches = slices(entree, &groupe, &debut);
        let statuts = Statuts(releves.iter().fold(0, |tous, releve| tous | releve.statuts));
        Ok(Self { lignes, debut, groupe, numero, tranches, statuts })
    }

    /// Rows of a groupe.
    pub(crate) fn lignes_of(&self, g: usize) -> &[Ligne] {
        &self.lignes[self.debut[g]..self.debut[g + 1]]
    }
}

/// Groupes by formation then position: (positions in working order, working number of each position).
fn working_order(entree: &Entree) -> (Vec<u32>, Vec<u32>) {
    let mut groupe: Vec<u32> = (0..entree.groupes.len() as u32).collect();
    groupe.sort_by_key(|&g| entree.groupes[g as usize].formation);
    let mut numero = vec![0; groupe.len()];
    for (i, &g) in (0..).zip(&groupe) {
        numero[g as usize] = i;
    }
    (groupe, numero)
}

fn histogram(entree: &Entree, numero: &[u32], plage: std::ops::Range<usize>) -> Histogramme {
    let mut h = Histogramme { par_groupe: vec![0; numero.len()], fault: false };
    for &groupe in &entree.voeux.groupe[plage] {
        match numero.get(groupe as usize) {
            Some(&g) => h.par_groupe[g as usize] += 1,
            None => h.fault = true,
        }
    }
    h
}

/// The first voeu in the order of the input that breaks a rule of its own.
pub(super) fn find_fault(entree: &Entree) -> Refus {
    let voeux = &entree.voeux;
    for i in 0..voeux.len() {
        let (etat, rang) = (voeux.etat[i], voeux.rang_appel[i]);
        let ant = Ensemble::ANT.contains_etat(etat);
        let motif = if voeux.groupe[i] as usize >= entree.groupes.len() {
            Motif::GroupeInconnu
        } else if voeux.candidat[i] >= entree.nombre_candidats {
            Motif::CandidatInconnu
        } else if etat.is_hors_pp() && !ant {
            Motif::HorsPpSansProposition
        } else if rang < 0 {
            Motif::RangNegatif
        } else if rang == 0 && !ant && etat.statut() != Statut::NonClasse {
            Motif::RangAppelManquant
        } else {
            continue;
        };
        return Refus::new(motif, Lieu::Voeu(i as u32));
    }
    Refus::new(Motif::ColonnesIncoherentes, Lieu::Colonnes)
}

pub(super) fn check_optional_columns(entree: &Entree) -> Result<(), Refus> {
    let voeux = &entree.voeux;
    if let Some(i) = voeux.rang_preference.par_iter().position_first(|&rang| rang < 0) {
        return Err(Refus::new(Motif::RangNegatif, Lieu::Voeu(i as u32)));
    }
    let mut precedent = None;
    for v in &voeux.en_internat {
        let lieu = Lieu::Voeu(v.voeu);
        if precedent >= Some(v.voeu) || v.voeu as usize >= voeux.len() {
            return Err(Refus::new(Motif::ColonnesIncoherentes, lieu));
        }
        precedent = Some(v.voeu);
        if v.rang < 0 {
            return Err(Refus::new(Motif::RangNegatif, lieu));
        }
        if v.internat != super::entree::VoeuInternat::SANS_REFERENCE
            && v.internat as usize >= entree.internats.len()
        {
            return Err(Refus::new(Motif::InternatInconnu, lieu));
        }
    }
    Ok(())
}

/// Buckets of consecutive groupes.
fn buckets(debut: &[usize]) -> Vec<std::ops::Range<usize>> {
    let groupes = debut.len() - 1;
    let mut paquets = Vec::new();
    let mut premier = 0;
    for g in 0..groupes {
        let full =
            debut[g + 1] - debut[premier] >= LIGNES_PAR_PAQUET || g + 1 - premier == usize::from(u16::MAX);
        if full || g + 1 == groupes {
            paquets.push(premier..g + 1);
            premier = g + 1;
        }
    }
    paquets
}

/// Slices of whole formations for parallel work.
fn slices(entree: &Entree, groupe: &[u32], debut: &[usize]) -> Vec<std::ops::Range<usize>> {
    let formation = |g: usize| entree.groupes[groupe[g] as usize].formation;
    let n = debut[groupe.len()];
    let taille = (n / 64).max(PETIT / 4);
    let mut tranches = Vec::new();
    let mut premier = 0;
    for g in 0..groupe.len() {
        let last = g + 1 == groupe.len();
        if last || (debut[g + 1] - debut[premier] >= taille && formation(g + 1) != formation(g)) {
            tranches.push(premier..g + 1);
            premier = g + 1;
        }
    }
    tranches
}

/// Buffers of the sort inside a bucket.
#[derive(Default)]
struct Tri {
    lignes: Vec<Ligne>,
    curseurs: Vec<u32>,
}

impl Tri {
    /// Sorts a bucket by (groupe, rank), keeping the order of the input among equals.
    fn sort(&mut self, lignes: &mut [Ligne], debut: &[usize]) {
        let base = debut[0];
        self.lignes.clear();
        if debut.len() == 2 {
            self.lignes.extend_from_slice(lignes);
        } else {
            self.lignes.resize(lignes.len(), [0; 4]);
            self.curseurs.clear();
            self.curseurs.extend(debut.iter().map(|&d| (d - base) as u32));
            for ligne in lignes.iter() {
                let curseur = &mut self.curseurs[ligne.tri()];
                self.lignes[*curseur as usize] = *ligne;
                *curseur += 1;
            }
        }
        for bornes in debut.windows(2) {
            let plage = bornes[0] - base..bornes[1] - base;
            sort_groupe(&mut self.lignes[plage.clone()], &mut lignes[plage], &mut self.curseurs);
        }
    }
}

fn sort_groupe(source: &mut [Ligne], cible: &mut [Ligne], curseurs: &mut Vec<u32>) {
    let n = source.len();
    let (mut max, mut precedent, mut sorted) = (0, 0, true);
    for ligne in source.iter() {
        let rang = ligne.rang();
        sorted &= precedent <= rang;
        precedent = rang;
        max = max.max(rang);
    }
    if sorted {
        cible.copy_from_slice(source);
        return;
    }
    if max as usize > 4 * n + 64 {
        source.sort_by_key(Champs::rang);
        cible.copy_from_slice(source);
        return;
    }
    curseurs.clear();
    curseurs.resize(max as usize + 2, 0);
    for ligne in source.iter() {
        curseurs[ligne.rang() as usize + 1] += 1;
    }
    let mut total = 0;
    for curseur in curseurs.iter_mut() {
        total += *curseur;
        *curseur = total;
    }
    for ligne in source.iter() {
        let curseur = &mut curseurs[ligne.rang() as usize];
        cible[*curseur as usize] = *ligne;
        *curseur += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statut_is_present_however_many_times_it_occurs() {
        for n in 1..=64 {
            let statuts = Statuts::of(&vec![Etat::new(Statut::EnAttente); n]);
            assert!(statuts.contains(&[Statut::EnAttente]), "{n}");
            assert!(!statuts.contains(&[Statut::PropositionDuJour]), "{n}");
        }
    }
}
