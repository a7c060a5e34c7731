//! How close a cohort is to its targets, and whether it respects the limits: counted again from the wishes, without
//! the code that made them.

use std::collections::BTreeMap;

use domain::candidats::TypeBac;
use serde::Serialize;

use super::catalogue::Catalogue;
use super::{Cohorte, domicile, drapeau};
use crate::geo;
use crate::offre::OffreSimulee;

/// A course counts in the errors from this many candidates, after scaling.
const SEUIL_CANDIDATS: f64 = 50.0;
/// Below ten people in the measure itself, one person more or less already exceeds the tolerance of 10 %: such cells
/// are counted apart.
const SEUIL_MESURE: f64 = 10.0;

/// Errors of one measure.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MesureRapport {
    /// French name of the measure.
    pub mesure: &'static str,
    /// Sum wanted (after scaling) and sum obtained, all courses.
    pub voulu: f64,
    pub obtenu: u64,
    /// Courses in the errors below: 50 candidates or more, 10 or more in the measure.
    pub formations: usize,
    /// Relative errors.
    pub mediane: f64,
    pub p95: f64,
    pub max: f64,
    /// Courses of 50 candidates or more with fewer than 10 (but some) in the measure, and their largest error in
    /// persons.
    pub petites: usize,
    pub ecart_max_petites: f64,
}

/// Report on a cohort.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RapportCohorte {
    pub echelle: f64,
    pub candidats: usize,
    pub voeux: usize,
    pub voeux_par_candidat: f64,
    pub voeux_max: usize,
    pub mesures: Vec<MesureRapport>,
    /// Targets that found no candidate.
    pub non_places: u32,
    /// Candidates with a course twice, and candidates beyond a limit (both must be 0).
    pub doublons: usize,
    pub hors_limites: usize,
    /// Median distance between home and course, main phase, metropolitan candidates.
    pub distance_mediane_km: f64,
    /// Share of candidates whose wishes are at least for half in one field.
    pub part_domaine_majoritaire: f64,
}

impl std::fmt::Display for RapportCohorte {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "Cohorte à l’échelle {} : {} candidats, {} vœux ({:.1} par candidat, {} au plus).",
            self.echelle, self.candidats, self.voeux, self.voeux_par_candidat, self.voeux_max
        )?;
        writeln!(
            f,
            "{:<28} {:>11} {:>11} {:>10} {:>9} {:>9} {:>9}",
            "mesure", "voulu", "obtenu", "formations", "médiane", "95 %", "maximum"
        )?;
        for m in &self.mesures {
            writeln!(
                f,
                "{:<28} {:>11.0} {:>11} {:>10} {:>7.2} % {:>7.2} % {:>7.2} %",
                m.mesure,
                m.voulu,
                m.obtenu,
                m.formations,
                100.0 * m.mediane,
                100.0 * m.p95,
                100.0 * m.max
            )?;
        }
        writeln!(
            f,
            "Vœux sans candidat : {} ; candidats avec un doublon : {} ; hors limites : {}.",
            self.non_places, self.doublons, self.hors_limites
        )?;
        write!(
            f,
            "Distance médiane : {:.0} km ; candidats avec une moitié au moins de vœux dans un seul domaine : {:.0} %.",
            self.distance_mediane_km,
            100.0 * self.part_domaine_majoritaire
        )
    }
}

/// Counts by course.
struct Comptes {
    candidats: Vec<u32>,
    voeux: Vec<u32>,
    boursiers: Vec<u32>,
    series: [Vec<u32>; 4],
    classes: Vec<u32>,
    internat: Vec<u32>,
}

fn compter(offre: &OffreSimulee, cohorte: &Cohorte) -> Comptes {
    let zero = || vec![0_u32; offre.formations.len()];
    let mut c = Comptes {
        candidats: zero(),
        voeux: zero(),
        boursiers: zero(),
        series: std::array::from_fn(|_| zero()),
        classes: zero(),
        internat: zero(),
    };
    let v = &cohorte.voeux;
    for w in 0..v.formation.len() {
        let (f, i) = (v.formation[w] as usize, v.candidat[w] as usize);
        c.candidats[f] += 1;
        if v.drapeaux[w] & drapeau::COMPLEMENTAIRE != 0 {
            continue;
        }
        c.voeux[f] += 1;
        c.series[cohorte.candidats.serie[i] as usize][f] += 1;
        c.boursiers[f] += u32::from(cohorte.candidats.boursier[i]);
        c.classes[f] += u32::from(v.rang[w] > 0);
        c.internat[f] += u32::from(v.drapeaux[w] & drapeau::INTERNAT != 0);
    }
    c
}

/// Compares a cohort drawn at `echelle` with the targets of its offer.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
pub fn rapport(offre: &OffreSimulee, cohorte: &Cohorte, echelle: f64) -> RapportCohorte {
    let comptes = compter(offre, cohorte);
    let cibles = |f: &dyn Fn(&crate::offre::Cibles) -> u32| -> Vec<f64> {
        offre.formations.iter().map(|x| f64::from(f(&x.cibles)) * echelle).collect()
    };
    let assez: Vec<bool> = cibles(&|c| c.candidats()).iter().map(|n| *n >= SEUIL_CANDIDATS).collect();
    let mut mesures = vec![
        mesure("candidats", &cibles(&|c| c.candidats()), &comptes.candidats, &assez),
        mesure("vœux de phase principale", &cibles(&|c| c.voeux()), &comptes.voeux, &assez),
        mesure("boursiers", &cibles(&|c| c.boursiers()), &comptes.boursiers, &assez),
        mesure("demandes d’internat", &cibles(&|c| c.internat), &comptes.internat, &assez),
        mesure("classés", &cibles(&|c| c.series.iter().map(|s| s.classes).sum()), &comptes.classes, &assez),
    ];
    for serie in TypeBac::ALL {
        let s = serie as usize;
        mesures.push(mesure(serie.libelle(), &cibles(&|c| c.series[s].voeux), &comptes.series[s], &assez));
    }
    let candidats = cohorte.candidats.len();
    let voeux = cohorte.voeux.formation.len();
    let cat = Catalogue::new(offre);
    let mut limites = Limites::default();
    for i in 0..candidats {
        limites.lire(&cat, cohorte, i);
    }
    RapportCohorte {
        echelle,
        candidats,
        voeux,
        voeux_par_candidat: voeux as f64 / candidats.max(1) as f64,
        voeux_max: (0..candidats).map(|i| cohorte.candidats.voeux(i).len()).max().unwrap_or(0),
        mesures,
        non_places: cohorte.non_places,
        doublons: limites.doublons,
        hors_limites: limites.hors_limites,
        distance_mediane_km: distance_mediane(&cat, cohorte),
        part_domaine_majoritaire: limites.majoritaires as f64 / candidats.max(1) as f64,
    }
}

fn mesure(nom: &'static str, voulu: &[f64], obtenu: &[u32], assez: &[bool]) -> MesureRapport {
    let mut erreurs = Vec::new();
    let (mut petites, mut ecart_max_petites) = (0, 0.0_f64);
    for ((v, o), assez) in voulu.iter().zip(obtenu).zip(assez) {
        let ecart = (f64::from(*o) - v).abs();
        if *assez && *v >= SEUIL_MESURE {
            erreurs.push(ecart / v);
        } else if *assez && *v > 0.0 {
            petites += 1;
            ecart_max_petites = ecart_max_petites.max(ecart);
        }
    }
    erreurs.sort_by(f64::total_cmp);
    MesureRapport {
        mesure: nom,
        voulu: voulu.iter().sum(),
        obtenu: obtenu.iter().map(|n| u64::from(*n)).sum(),
        formations: erreurs.len(),
        mediane: rang(&erreurs, 50),
        p95: rang(&erreurs, 95),
        max: erreurs.last().copied().unwrap_or(0.0),
        petites,
        ecart_max_petites,
    }
}

/// Percentile of a sorted list (nearest rank).
fn rang(triees: &[f64], pour_cent: usize) -> f64 {
    let k = (triees.len() * pour_cent).div_ceil(100).max(1);
    triees.get(k - 1).copied().unwrap_or(0.0)
}

#[derive(Default)]
struct Limites {
    doublons: usize,
    hors_limites: usize,
    majoritaires: usize,
}

impl Limites {
    fn lire(&mut self, cat: &Catalogue, cohorte: &Cohorte, i: usize) {
        let mut vus: Vec<u32> = Vec::new();
        let mut domaines = [0_usize; 16];
        // By list: wishes; in the main one, sub-wishes of each multiple wish.
        let (mut apprentissage, mut complementaires, mut comptes) = (0, 0, 0);
        let mut multiples: BTreeMap<u32, (usize, bool, bool)> = BTreeMap::new();
        for w in cohorte.candidats.voeux(i) {
            let f = cohorte.voeux.formation[w] as usize;
            vus.push(cohorte.voeux.formation[w]);
            domaines[cat.domaine[f].index()] += 1;
            let d = cohorte.voeux.drapeaux[w];
            if d & drapeau::COMPLEMENTAIRE != 0 {
                complementaires += 1;
            } else if d & drapeau::APPRENTISSAGE != 0 {
                apprentissage += 1;
            } else {
                comptes += usize::from(cat.compte_dans_les_vingt[f]);
                let m = multiples.entry(cat.regroupement[f]).or_insert((0, cat.multiple[f], cat.ifsi[f]));
                m.0 += 1;
            }
        }
        let total = vus.len();
        vus.sort_unstable();
        vus.dedup();
        self.doublons += usize::from(vus.len() < total);
        let sous_voeux = multiples.values().any(|(n, multiple, _)| *n > if *multiple { 10 } else { 1 });
        let ifsi = multiples.values().filter(|m| m.2).count();
        self.hors_limites += usize::from(
            apprentissage > 10
                || complementaires > 10
                || comptes > 20
                || multiples.len() > 10
                || sous_voeux
                || ifsi > 5,
        );
        self.majoritaires += usize::from(domaines.iter().any(|n| 2 * n >= total && total > 0));
    }
}

fn distance_mediane(cat: &Catalogue, cohorte: &Cohorte) -> f64 {
    let v = &cohorte.voeux;
    let mut km: Vec<f64> = (0..v.formation.len())
        .filter(|w| v.drapeaux[*w] & drapeau::COMPLEMENTAIRE == 0)
        .map(|w| {
            geo::km(
                domicile(&cohorte.candidats, v.candidat[w] as usize),
                cat.position[v.formation[w] as usize],
            )
        })
        .filter(|km| *km < 1_500.0)
        .collect();
    if km.is_empty() {
        return 0.0;
    }
    let milieu = km.len() / 2;
    *km.select_nth_unstable_by(milieu, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_relative_and_small_cells_apart() {
        let m = mesure(
            "essai",
            &[100.0, 200.0, 5.0, 0.0, 80.0],
            &[101, 190, 6, 0, 0],
            &[true, true, true, true, false],
        );
        assert_eq!((m.formations, m.petites), (2, 1));
        assert!((m.mediane - 0.01).abs() < 1e-12 && (m.p95 - 0.05).abs() < 1e-12);
        assert!((m.ecart_max_petites - 1.0).abs() < 1e-12);
        assert_eq!(m.obtenu, 297);
    }
}
