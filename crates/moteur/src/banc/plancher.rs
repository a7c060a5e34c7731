//! What a day cannot do without: its columns read once, and put in the order in which groupes call. The time of the days is held
//! against it.

use std::hint::black_box;

use engine::propositions::Entree;
use rayon::prelude::*;

use super::Rapport;
use super::mesures::measure;

/// What the order is made of, and what has to follow.
type Ligne = (u32, i32, u32, u8);

/// Times both; nothing of it is used by the days.
pub fn run(entree: &Entree, progress: &dyn Fn(&'static str), rapport: &mut Rapport) {
    let voeux = &entree.voeux;
    let lignes = || {
        (&voeux.groupe, &voeux.rang_appel, &voeux.candidat, &voeux.etat)
            .into_par_iter()
            .map(|(&groupe, &rang, &candidat, &etat)| (groupe, rang, candidat, etat.statut() as u8))
    };
    progress("lecture des colonnes");
    let sum = |(groupe, rang, candidat, statut): Ligne| {
        u64::from(groupe) ^ u64::from(rang.unsigned_abs()) ^ u64::from(candidat) ^ u64::from(statut)
    };
    black_box(measure("colonnes du jour 1, lues", &mut rapport.etapes, || {
        lignes().map(sum).reduce(|| 0, u64::wrapping_add)
    }));
    progress("tri des colonnes");
    black_box(measure("colonnes du jour 1, lues et triées", &mut rapport.etapes, || {
        let mut triees: Vec<Ligne> = lignes().collect();
        triees.par_sort_unstable();
        triees
    }));
}
