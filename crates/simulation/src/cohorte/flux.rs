//! Where candidates live, and from which department the candidates of a course come: a doubly constrained gravity
//! model. Attraction falls with the distance, at a pace of its own for each family of courses.

use domain::formations::Famille;

use super::catalogue::Catalogue;
use super::cibles::{CiblesEchelle, GROUPES};
use crate::alea::Alea;
use crate::geo::{self, LIEUX};

/// Distance in kilometres at which the attraction has halved, by family in the order of [`Famille::ALL`].
const PORTEE: [f64; 11] = [50.0, 50.0, 60.0, 35.0, 70.0, 110.0, 180.0, 150.0, 45.0, 50.0, 70.0];
const FAMILLES: usize = PORTEE.len();
/// Attraction that no distance takes away.
const PLANCHER: f64 = 0.004;
/// Beyond this distance only overseas stands; few people from the mainland apply there.
const LOIN_KM: f64 = 2_500.0;
const VERS_OUTRE_MER: f64 = 0.000_2;
const DEPUIS_OUTRE_MER: f64 = 0.02;
/// Weight of « abroad » beside departments of some 60: French lycées abroad; much more among the other candidates.
const ETRANGER: f64 = 60.0;
const ETRANGER_AUTRES: f64 = 500.0;
/// Balancing steps: the largest error left on a department's load is then below a per cent.
const PAS: usize = 40;

const _: () = assert!(FAMILLES == Famille::ALL.len());

/// Homes and flows of every group.
pub struct Flux {
    /// Candidates by group and department.
    pub candidats: Vec<Vec<usize>>,
    /// By group, course department and family: weight of each home department.
    poids: Vec<Vec<Vec<f64>>>,
}

fn ligne(dep: usize, famille: usize) -> usize {
    dep * FAMILLES + famille
}

fn attraction(dep: usize, famille: usize, domicile: usize) -> f64 {
    let (a, b) = (&LIEUX[dep], &LIEUX[domicile]);
    if a.departement.code == "99" || b.departement.code == "99" {
        return 0.05;
    }
    if dep == domicile {
        return 1.0;
    }
    let km = geo::km((a.latitude, a.longitude), (b.latitude, b.longitude));
    if km > LOIN_KM {
        return if a.metropole { DEPUIS_OUTRE_MER } else { VERS_OUTRE_MER };
    }
    let x = km / PORTEE[famille];
    PLANCHER + 1.0 / (1.0 + x * x * (1.0 + x))
}

impl Flux {
    /// Homes for `effectifs` candidates by group, and the flows that give each home the same number of wishes a head.
    pub fn new(
        cat: &Catalogue,
        cibles: &[CiblesEchelle],
        effectifs: &[usize; GROUPES],
        alea: &mut Alea,
    ) -> Self {
        let deps = LIEUX.len();
        let attractions: Vec<Vec<f64>> = (0..deps * FAMILLES)
            .map(|l| (0..deps).map(|d| attraction(l / FAMILLES, l % FAMILLES, d)).collect())
            .collect();
        let mut candidats = Vec::with_capacity(GROUPES);
        let mut poids = Vec::with_capacity(GROUPES);
        for (g, &effectif) in effectifs.iter().enumerate() {
            let population: Vec<f64> = LIEUX
                .iter()
                .map(|l| match l.departement.code {
                    "99" if g == GROUPES - 1 => ETRANGER_AUTRES,
                    "99" => ETRANGER,
                    _ => l.population,
                })
                .collect();
            let domiciles = tirage_systematique(&population, effectif, alea.unite());
            let mut lignes = vec![0.0; deps * FAMILLES];
            for (c, cible) in cibles.iter().enumerate().filter(|(c, _)| !cat.apprentissage[*c]) {
                lignes[ligne(cat.dep[c], cat.famille[c])] += f64::from(cible.groupes[g]);
            }
            poids.push(equilibre(&attractions, &lignes, &domiciles));
            candidats.push(domiciles);
        }
        Self { candidats, poids }
    }

    /// How many of `n` candidates of group `g` for a course live in each department; never more than live there.
    /// The second value is what found nobody (only when a course asks for more than the whole group).
    pub fn origines(&self, cat: &Catalogue, g: usize, course: usize, n: u32, u: f64) -> (Vec<usize>, usize) {
        let poids = &self.poids[g][ligne(cat.dep[course], cat.famille[course])];
        let mut parts = tirage_systematique(poids, n as usize, u);
        let donne: usize = parts.iter().sum();
        let mut surplus = n as usize - donne;
        for (part, &max) in parts.iter_mut().zip(&self.candidats[g]) {
            surplus += part.saturating_sub(max);
            *part = (*part).min(max);
        }
        if surplus > 0 {
            let mut ordre: Vec<usize> = (0..parts.len()).collect();
            ordre.sort_by(|&a, &b| poids[b].total_cmp(&poids[a]).then(a.cmp(&b)));
            for d in ordre {
                let place = surplus.min(self.candidats[g][d] - parts[d]);
                parts[d] += place;
                surplus -= place;
            }
        }
        (parts, surplus)
    }

    /// A home department for one more candidate of a course.
    pub fn origine(&self, cat: &Catalogue, g: usize, course: usize, alea: &mut Alea) -> usize {
        alea.selon(&self.poids[g][ligne(cat.dep[course], cat.famille[course])])
    }
}

/// Shares `n` in proportion to the weights by a systematic draw: each part is one of the two nearest integers.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "counts: positive and far below 2^32"
)]
fn tirage_systematique(poids: &[f64], n: usize, u: f64) -> Vec<usize> {
    let total: f64 = poids.iter().sum();
    let mut parts = vec![0; poids.len()];
    if total <= 0.0 || n == 0 {
        return parts;
    }
    let dernier = poids.iter().rposition(|p| *p > 0.0).unwrap_or(0);
    let (mut cumul, mut avant) = (0.0, 0);
    for (i, p) in poids.iter().enumerate() {
        cumul += p;
        let jusque = if i == dernier { n } else { ((cumul * n as f64 / total + u).floor() as usize).min(n) };
        if *p > 0.0 {
            parts[i] = jusque.max(avant) - avant;
            avant = jusque.max(avant);
        }
    }
    parts
}

/// Flow weights by row such that every home gets the same number of wishes a head (Furness balancing).
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn equilibre(attractions: &[Vec<f64>], lignes: &[f64], domiciles: &[usize]) -> Vec<Vec<f64>> {
    let effectif: usize = domiciles.iter().sum();
    let total: f64 = lignes.iter().sum();
    let mut b: Vec<f64> = domiciles.iter().map(|n| *n as f64).collect();
    if effectif > 0 && total > 0.0 {
        let par_tete = total / effectif as f64;
        for _ in 0..PAS {
            let mut recu = vec![0.0; b.len()];
            for (a, s) in attractions.iter().zip(lignes).filter(|(_, s)| **s > 0.0) {
                let somme: f64 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
                if somme > 0.0 {
                    let facteur = s / somme;
                    for (r, (a, b)) in recu.iter_mut().zip(a.iter().zip(&b)) {
                        *r += facteur * a * b;
                    }
                }
            }
            for (b, (r, n)) in b.iter_mut().zip(recu.iter().zip(domiciles)) {
                if *r > 0.0 {
                    *b *= par_tete * *n as f64 / r;
                }
            }
        }
    }
    attractions.iter().map(|a| a.iter().zip(&b).map(|(a, b)| a * b).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_systematic_draw_is_exact_and_close() {
        let poids = [3.0, 0.0, 1.5, 5.5];
        for n in [0, 1, 7, 1_000] {
            let parts = tirage_systematique(&poids, n, 0.4);
            assert_eq!(parts.iter().sum::<usize>(), n);
            assert_eq!(parts[1], 0);
            for (part, p) in parts.iter().zip(poids) {
                assert!((*part as f64 - p * n as f64 / 10.0).abs() <= 1.0);
            }
        }
        assert_eq!(tirage_systematique(&[0.0], 5, 0.5), [0]);
    }

    #[test]
    fn balancing_gives_each_home_its_share() {
        let attractions = vec![vec![1.0, 0.1, 0.1], vec![0.1, 1.0, 0.1]];
        let lignes = [900.0, 100.0];
        let poids = equilibre(&attractions, &lignes, &[10, 80, 10]);
        let mut recu = [0.0; 3];
        for (p, s) in poids.iter().zip(lignes) {
            let somme: f64 = p.iter().sum();
            for (r, p) in recu.iter_mut().zip(p) {
                *r += s * p / somme;
            }
        }
        for (r, attendu) in recu.iter().zip([100.0, 800.0, 100.0]) {
            assert!((r - attendu).abs() < 5.0, "{recu:?}");
        }
    }

    #[test]
    fn nearer_homes_attract_more() {
        let (lille, paris, reunion) = (geo::dep("59"), geo::dep("75"), geo::dep("974"));
        let bts = Famille::Bts as usize;
        let cpge = Famille::Cpge as usize;
        assert!(attraction(lille, bts, lille) > attraction(lille, bts, paris));
        assert!(attraction(lille, cpge, paris) > attraction(lille, bts, paris));
        assert!(attraction(paris, cpge, reunion) > attraction(reunion, cpge, paris));
    }
}
