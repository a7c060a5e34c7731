//! Checks of the input that look at more than one voeu (§10.1 and §10.2). Those of one voeu are made while the table
//! is built.

use rayon::prelude::*;

use super::entree::{Entree, Internat};
use super::ligne::{Champs, Ligne};
use super::refus::{Lieu, Motif, Refus};
use super::table::Table;
use crate::bits::Bits;

/// Lengths of the columns, groupes and internats.
pub(crate) fn check_objects(entree: &Entree) -> Result<(), Refus> {
    check_columns(entree)?;
    for (g, groupe) in (0..).zip(&entree.groupes) {
        let motif = if groupe.places < 0 || groupe.rang_limite < 0 || groupe.rang_dernier_appele < 0 {
            Motif::ParametresGroupeInvalides
        } else if groupe.rang_dernier_appele < groupe.rang_dernier_appele_reference {
            Motif::RangDernierAppeleIncoherent
        } else {
            continue;
        };
        return Err(Refus::new(motif, Lieu::Groupe(g)));
    }
    let cles = entree.groupes.iter().map(|g| (g.groupe_classement, g.formation_inscription, g.formation));
    if let Some(g) = first_duplicate(cles) {
        return Err(Refus::new(Motif::GroupeEnDouble, Lieu::Groupe(g)));
    }
    for (i, internat) in (0..).zip(&entree.internats) {
        let motif = if internat.capacite < 0 {
            Motif::CapaciteInternatNegative
        } else if internat.classement_internat == 0 {
            Motif::InternatSansCode
        } else {
            continue;
        };
        return Err(Refus::new(motif, Lieu::Internat(i)));
    }
    let cles = entree.internats.iter().map(|i| (i.classement_internat, i.formation_inscription, i.formation));
    if let Some(i) = first_duplicate(cles) {
        return Err(Refus::new(Motif::InternatEnDouble, Lieu::Internat(i)));
    }
    check_types(&entree.internats)
}

fn check_columns(entree: &Entree) -> Result<(), Refus> {
    let voeux = &entree.voeux;
    let n = voeux.len();
    let optional = |len: usize| len == 0 || len == n;
    let coherent = voeux.groupe.len() == n
        && voeux.rang_appel.len() == n
        && voeux.etat.len() == n
        && optional(voeux.rang_preference.len())
        && optional(voeux.rang_appel_affiche.len())
        && optional(voeux.rang_attente_veille.len())
        && u32::try_from(n).is_ok();
    if !coherent {
        return Err(Refus::new(Motif::ColonnesIncoherentes, Lieu::Colonnes));
    }
    if let Some(&candidat) = entree.repondeurs.iter().find(|&&c| c >= entree.nombre_candidats) {
        return Err(Refus::new(Motif::CandidatInconnu, Lieu::Candidat(candidat)));
    }
    Ok(())
}

/// The first element, in the order of the list, whose key was met before.
fn first_duplicate<K: Ord + Copy>(cles: impl Iterator<Item = K>) -> Option<u32> {
    let mut cles: Vec<(K, u32)> = cles.zip(0..).collect();
    cles.sort_unstable();
    cles.windows(2).filter(|paire| paire[0].0 == paire[1].0).map(|paire| paire[1].1).min()
}

/// One classement serves one type of internat only.
fn check_types(internats: &[Internat]) -> Result<(), Refus> {
    let kind = |i: &Internat| (i.formation != 0, i.formation == 0 && i.formation_inscription != 0);
    let mut cles: Vec<_> =
        (0_u32..).zip(internats).map(|(p, i)| (i.classement_internat, p, kind(i))).collect();
    cles.sort_unstable();
    match cles.windows(2).find(|paire| paire[0].0 == paire[1].0 && paire[0].2 != paire[1].2) {
        Some(paire) => Err(Refus::new(Motif::InternatTypesMelanges, Lieu::Internat(paire[1].1))),
        None => Ok(()),
    }
}

/// A voeu twice (formation by formation), then the ranks of those who wait (groupe by groupe).
pub(crate) fn check_voeux(entree: &Entree, table: &Table) -> Result<(), Refus> {
    let formation = |g: usize| entree.groupes[table.groupe[g] as usize].formation;
    let examine = |sets: &mut [Bits; 3], tranche: &std::ops::Range<usize>| {
        let (mut double, mut rang) = (None, None);
        let mut premier = tranche.start;
        while premier < tranche.end {
            let fin = (premier + 1..tranche.end)
                .find(|&g| formation(g) != formation(premier))
                .unwrap_or(tranche.end);
            let lignes = &table.lignes[table.debut[premier]..table.debut[fin]];
            double = double.or_else(|| find_double(sets, lignes));
            rang = rang.or_else(|| (premier..fin).find_map(|g| find_rang(&mut sets[2], table.lignes_of(g))));
            premier = fin;
        }
        [double, rang]
    };
    let init = || [(); 3].map(|()| Bits::new(entree.nombre_candidats as usize));
    let faults: Vec<[Option<(u32, Motif)>; 2]> = table.tranches.par_iter().map_init(init, examine).collect();
    for kind in 0..2 {
        // The same fault whatever the threads: the smallest position.
        if let Some((voeu, motif)) = faults.iter().filter_map(|f| f[kind]).min_by_key(|fault| fault.0) {
            return Err(Refus::new(motif, Lieu::Voeu(voeu)));
        }
    }
    Ok(())
}

fn find_double(sets: &mut [Bits; 3], lignes: &[Ligne]) -> Option<(u32, Motif)> {
    let mut double: Option<u32> = None;
    for ligne in lignes {
        if !sets[usize::from(ligne.etat().is_avec_internat())].insert(ligne.candidat()) {
            let voeu = ligne.voeu() as u32;
            double = Some(double.map_or(voeu, |d| d.min(voeu)));
        }
    }
    for ligne in lignes {
        sets[usize::from(ligne.etat().is_avec_internat())].clear_around(ligne.candidat());
    }
    double.map(|voeu| (voeu, Motif::VoeuEnDouble))
}

fn find_rang(set: &mut Bits, lignes: &[Ligne]) -> Option<(u32, Motif)> {
    let mut fault = None;
    // A candidat has two ranks only if it waits twice, hence with boarding once.
    let variants = lignes.iter().any(|l| l.etat().is_avec_internat() && l.etat().is_attente());
    let mut precedent: Option<&Ligne> = None;
    for ligne in lignes.iter().filter(|l| l.etat().is_attente()) {
        let same = precedent.is_some_and(|p| p.candidat() == ligne.candidat() && p.rang() == ligne.rang());
        if precedent.is_some_and(|p| p.rang() == ligne.rang() && p.candidat() != ligne.candidat()) {
            fault = fault.or(Some((ligne.voeu() as u32, Motif::RangAppelPartage)));
        } else if variants && !set.insert(ligne.candidat()) && !same {
            fault = fault.or(Some((ligne.voeu() as u32, Motif::RangsAppelMultiples)));
        }
        precedent = Some(ligne);
    }
    if variants {
        for ligne in lignes {
            set.clear_around(ligne.candidat());
        }
    }
    fault
}
