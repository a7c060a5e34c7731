//! Fingerprints: sums modulo 2^64, independent of any order.

use engine::ordre_appel::{GroupeClassement, OrdreAppel};
use engine::propositions::{Changement, Entree, Sortie, Statut};

use super::tirages::mix;

fn chain(valeurs: &[u64]) -> u64 {
    valeurs
        .iter()
        .fold(None, |somme: Option<u64>, &valeur| Some(mix(somme.unwrap_or(0).wrapping_add(valeur))))
        .unwrap_or(0)
}

fn sum(valeurs: impl Iterator<Item = u64>) -> u64 {
    valeurs.fold(0, u64::wrapping_add)
}

/// Candidat and formation of a voeu, and 1 with boarding.
fn identite(entree: &Entree, voeu: usize) -> [u64; 3] {
    let formation = entree.groupes[entree.voeux.groupe[voeu] as usize].formation as u64;
    [
        u64::from(entree.voeux.candidat[voeu]) + 1,
        formation,
        u64::from(entree.voeux.etat[voeu].is_avec_internat()),
    ]
}

/// Of the call orders.
pub fn ordres(codes: &[u32], classements: &[GroupeClassement], ordres: &[OrdreAppel]) -> u64 {
    sum(codes.iter().zip(classements.iter().zip(ordres)).flat_map(|(&g, (classement, ordre))| {
        (1..)
            .zip(ordre.candidats(classement))
            .map(move |(rang, c)| chain(&[g.into(), u64::from(c) + 1, rang]))
    }))
}

/// Of the propositions of the day.
pub fn propositions<'a>(entree: &Entree, changements: impl Iterator<Item = &'a Changement>) -> (usize, u64) {
    let mut nombre = 0;
    let somme = sum(changements.filter(|c| c.statut.is_proposition_du_jour()).map(|c| {
        nombre += 1;
        chain(&identite(entree, c.voeu as usize))
    }));
    (nombre, somme)
}

/// Of the bars.
pub fn barres(entree: &Entree, sortie: &Sortie) -> u64 {
    sum(entree
        .internats
        .iter()
        .zip(&sortie.internats)
        .map(|(internat, affichage)| chain(&[internat.classement_internat as u64, affichage.barre as u64])))
}

/// Of the final statuts of the voeux that `kept` keeps.
pub fn statuts(entree: &Entree, finals: &[Statut], kept: impl Fn(usize) -> bool) -> u64 {
    sum((0..finals.len()).filter(|&i| kept(i)).map(|i| {
        let [c, f, avec] = identite(entree, i);
        chain(&[c, f, avec, finals[i] as u64])
    }))
}

/// Of the waiting ranks.
pub fn attente(entree: &Entree, sortie: &Sortie) -> u64 {
    sum(sortie.rangs_attente.iter().enumerate().filter(|(_, rang)| **rang > 0).map(|(i, &rang)| {
        let [c, f, _] = identite(entree, i);
        chain(&[c, f, rang.into()])
    }))
}

/// Of the last ones called, in the groupes that are kept.
pub fn derniers_appeles(codes: &[u32], sortie: &Sortie) -> u64 {
    sum((0..)
        .zip(codes.iter().zip(&sortie.groupes))
        .filter(|(g, _)| !is_ecarte(sortie, *g))
        .map(|(_, (&code, affichage))| chain(&[code.into(), affichage.rang_dernier_appele_affiche as u64])))
}

/// Is the groupe set aside?
pub fn is_ecarte(sortie: &Sortie, groupe: u32) -> bool {
    sortie.groupes_ecartes.binary_search(&groupe).is_ok()
}

/// The statuts after the day, before anything is set aside.
pub fn finals(entree: &Entree, sortie: &Sortie) -> Vec<Statut> {
    let mut finals: Vec<Statut> = entree.voeux.etat.iter().map(|etat| etat.statut()).collect();
    for c in sortie.changements.iter().chain(&sortie.changements_ecartes) {
        finals[c.voeu as usize] = c.statut;
    }
    finals
}
