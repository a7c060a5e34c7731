//! Shares the wishes that come from one department among its candidates of one group.
//!
//! 1. Slots of one multiple wish are dealt in turn to as many « units » as needed: a unit never holds a course twice.
//! 2. Each candidate gets a number of units (1 to 10), a main and a second field of study, and draws its units
//!    mostly there.
//! 3. What breaks a limit is exchanged with the unit of another candidate; what cannot be is handed back.
//!
//! The number of slots of each course is kept exactly, whatever the draws.

use super::catalogue::Catalogue;
use crate::alea::Alea;
use crate::domaines::Domaine;
use crate::geo::{self, LIEUX};

/// Limits of the procedure.
pub const MAX_VOEUX: usize = 10;
pub const MAX_SOUS_VOEUX: usize = 10;
pub const MAX_SOUS_VOEUX_COMPTES: usize = 20;
pub const MAX_IFSI: usize = 5;

/// Units a head aimed at by the size of the multiple wishes.
const UNITES_VISEES: f64 = 7.5;
/// Beyond this mean size, the size of a multiple wish is only bounded by its number of courses.
const TAILLE_MAX: f64 = 30.0;
/// Share of the units in the main field, and in the main or second one.
const PRINCIPAL: f64 = 0.62;
const PRINCIPAL_OU_SECOND: f64 = 0.86;
const ESSAIS: usize = 400;
const VIDE: u32 = u32::MAX;

/// The wishes of the candidates of a bucket.
#[derive(Debug, Default)]
pub struct Partage {
    /// Courses by candidate; the number of candidates may be lower than asked when there are too few wishes.
    pub candidats: Vec<Vec<u32>>,
    /// Slots that found nobody.
    pub restes: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Unite {
    debut: u32,
    taille: u32,
    regroupement: u32,
    domaine: Domaine,
    compte: bool,
    ifsi: bool,
}

/// Shares `entrees` (course, slots: at most one by candidate) among `n` candidates living in `domicile`.
pub fn partager(
    cat: &Catalogue,
    entrees: &mut [(u32, u32)],
    n: usize,
    domicile: usize,
    alea: &mut Alea,
) -> Partage {
    let (mut unites, plat) = decouper(cat, entrees, n, domicile, alea);
    alea.melange(&mut unites);
    let mut restes = Vec::new();
    let mut rendre =
        |u: &Unite| restes.extend_from_slice(&plat[u.debut as usize..(u.debut + u.taille) as usize]);
    while unites.len() > n * MAX_VOEUX {
        if let Some(u) = unites.pop() {
            rendre(&u);
        }
    }
    scinder(&mut unites, n);
    let n = n.min(unites.len());
    if n == 0 {
        return Partage { candidats: Vec::new(), restes };
    }
    let charges = charges(n, unites.len(), alea);
    let mut main = Main::new(unites, &charges);
    main.distribuer(alea);
    main.reparer(alea, &mut rendre);
    let candidats = (0..n)
        .map(|i| {
            main.unites_de(i)
                .flat_map(|u| &plat[u.debut as usize..(u.debut + u.taille) as usize])
                .copied()
                .collect()
        })
        .collect();
    Partage { candidats, restes }
}

/// Cuts the slots into units; the second value holds the courses of the units.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn decouper(
    cat: &Catalogue,
    entrees: &mut [(u32, u32)],
    n: usize,
    domicile: usize,
    alea: &mut Alea,
) -> (Vec<Unite>, Vec<u32>) {
    let lieu = &LIEUX[domicile];
    let km = |c: u32| geo::km(cat.position[c as usize], (lieu.latitude, lieu.longitude));
    entrees.sort_by(|a, b| {
        let groupe = |c: u32| cat.regroupement[c as usize];
        groupe(a.0).cmp(&groupe(b.0)).then_with(|| km(a.0).total_cmp(&km(b.0))).then(a.0.cmp(&b.0))
    });
    let compte = |multiple: bool| -> f64 {
        entrees.iter().filter(|e| cat.multiple[e.0 as usize] == multiple).map(|e| f64::from(e.1)).sum()
    };
    let libre = (UNITES_VISEES * n as f64 - compte(false)).max(1.0);
    let mut moyenne = (compte(true) / libre).clamp(1.6, 8.0);
    loop {
        // One course often outweighs the others of its multiple wish, so the mean size comes out below what was
        // asked: ask for more until the units fit in the hands of the candidates.
        let (unites, plat) = couper(cat, entrees, n, moyenne, &mut alea.clone());
        if unites.len() as f64 <= (UNITES_VISEES + 0.5) * n as f64 || moyenne >= TAILLE_MAX {
            alea.bits();
            return (unites, plat);
        }
        moyenne *= 1.5;
    }
}

/// Cuts the slots into units of about `moyenne` courses.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts: positive and far below 2^32"
)]
fn couper(
    cat: &Catalogue,
    entrees: &[(u32, u32)],
    n: usize,
    moyenne: f64,
    alea: &mut Alea,
) -> (Vec<Unite>, Vec<u32>) {
    let mut plat: Vec<u32> = Vec::new();
    let mut unites = Vec::new();
    for bloc in entrees.chunk_by(|a, b| cat.regroupement[a.0 as usize] == cat.regroupement[b.0 as usize]) {
        let c = bloc[0].0 as usize;
        let slots: u32 = bloc.iter().map(|e| e.1).sum();
        // Three appetites: a few sub-wishes, the mean, many; one when there is little to share.
        let parts = if f64::from(slots) < 6.0 * moyenne { [1.0, 1.0] } else { [0.25, 0.65] };
        let mut portions: [Vec<(u32, u32)>; 3] = Default::default();
        for &(course, slots) in bloc {
            let u = alea.unite();
            let jusque = |part: f64| (f64::from(slots) * part + u).floor().min(f64::from(slots)) as u32;
            let a = jusque(parts[0]);
            let b = jusque(parts[1]).max(a);
            for (portion, part) in portions.iter_mut().zip([a, b - a, slots - b]) {
                if part > 0 {
                    portion.push((course, part));
                }
            }
        }
        let petite = if parts[0] < 1.0 { moyenne * 0.5 } else { moyenne };
        let tailles = [petite.max(1.0), moyenne, moyenne * 1.8];
        let nombre = |portion: &[(u32, u32)], taille: f64| -> usize {
            let total: u32 = portion.iter().map(|p| p.1).sum();
            let plus: u32 = portion.iter().map(|p| p.1).max().unwrap_or(0);
            let voulu = (f64::from(total) / taille).floor() as usize;
            voulu.max(plus as usize).max((total as usize).div_ceil(MAX_SOUS_VOEUX))
        };
        let nombres: Vec<usize> = portions.iter().zip(tailles).map(|(p, t)| nombre(p, t)).collect();
        let mut donner = |portion: &[(u32, u32)], k: usize| {
            let suite: Vec<u32> =
                portion.iter().flat_map(|&(c, m)| std::iter::repeat_n(c, m as usize)).collect();
            for t in 0..k.min(suite.len()) {
                let debut = plat.len();
                plat.extend(suite[t..].iter().step_by(k));
                unites.push(Unite {
                    debut: debut as u32,
                    taille: (plat.len() - debut) as u32,
                    regroupement: cat.regroupement[c],
                    domaine: cat.domaine[c],
                    compte: cat.compte_dans_les_vingt[c],
                    ifsi: cat.ifsi[c],
                });
            }
        };
        if !cat.multiple[c] {
            donner(bloc, bloc[0].1 as usize);
        } else if nombres.iter().sum::<usize>() <= n {
            for (portion, k) in portions.iter().zip(nombres) {
                donner(portion, k);
            }
        } else {
            // More units than candidates would give the same multiple wish twice to someone.
            let k = nombre(bloc, moyenne).min(n.max(nombre(bloc, f64::INFINITY)));
            donner(bloc, k);
        }
    }
    (unites, plat)
}

/// Cuts units in two until everyone has one.
fn scinder(unites: &mut Vec<Unite>, n: usize) {
    let mut i = 0;
    while unites.len() < n && i < unites.len() {
        if unites[i].taille > 1 {
            let mut seconde = unites[i];
            seconde.taille = unites[i].taille / 2;
            unites[i].taille -= seconde.taille;
            seconde.debut += unites[i].taille;
            unites.push(seconde);
        } else {
            i += 1;
        }
    }
}

/// Numbers of units by candidate, from 1 to 10, of the right sum: one plus nine tries whose chance differs by person.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
fn charges(n: usize, unites: usize, alea: &mut Alea) -> Vec<usize> {
    let p = (unites as f64 / n as f64 - 1.0) / 9.0;
    let ecart = p.min(1.0 - p) * 0.9;
    let mut charges: Vec<usize> = (0..n)
        .map(|_| {
            let pi = p + ecart * (alea.unite() + alea.unite() - 1.0);
            1 + (0..9).filter(|_| alea.chance(pi)).count()
        })
        .collect();
    let mut total: usize = charges.iter().sum();
    while total != unites {
        let i = alea.sous(n);
        if total < unites && charges[i] < MAX_VOEUX {
            charges[i] += 1;
            total += 1;
        } else if total > unites && charges[i] > 1 {
            charges[i] -= 1;
            total -= 1;
        }
    }
    charges
}

/// The units in the hands of the candidates.
struct Main {
    unites: Vec<Unite>,
    /// First place of each candidate, plus the end.
    debut: Vec<usize>,
    /// Candidate of each place.
    porteur: Vec<u32>,
    /// Unit at each place.
    place: Vec<u32>,
}

impl Main {
    #[expect(clippy::cast_possible_truncation, reason = "a bucket holds far fewer than 2^32 candidates")]
    fn new(unites: Vec<Unite>, charges: &[usize]) -> Self {
        let mut debut = vec![0];
        let mut porteur = Vec::with_capacity(unites.len());
        for (i, &c) in charges.iter().enumerate() {
            porteur.extend(std::iter::repeat_n(i as u32, c));
            debut.push(porteur.len());
        }
        let place = vec![VIDE; porteur.len()];
        Self { unites, debut, porteur, place }
    }

    fn unites_de(&self, i: usize) -> impl Iterator<Item = &Unite> {
        self.place[self.debut[i]..self.debut[i + 1]].iter().filter_map(|u| self.unites.get(*u as usize))
    }

    /// Puts a unit at each place, by field.
    #[expect(clippy::cast_possible_truncation, reason = "a bucket holds far fewer than 2^32 units")]
    fn distribuer(&mut self, alea: &mut Alea) {
        let mut par_domaine: [Vec<u32>; Domaine::NOMBRE] = Default::default();
        for (i, u) in self.unites.iter().enumerate() {
            par_domaine[u.domaine.index()].push(i as u32);
        }
        let mut libres: Vec<usize> = Vec::new();
        for i in 0..self.debut.len() - 1 {
            let premier = self.unites[i].domaine.index();
            let second = alea.choix(&self.unites).domaine.index();
            for place in self.debut[i]..self.debut[i + 1] {
                let u = alea.unite();
                let file = if u < PRINCIPAL {
                    Some(premier)
                } else if u < PRINCIPAL_OU_SECOND {
                    Some(second)
                } else {
                    None
                };
                match file.and_then(|d| par_domaine[d].pop()) {
                    Some(unite) => self.place[place] = unite,
                    None => libres.push(place),
                }
            }
        }
        let mut reste: Vec<u32> = par_domaine.into_iter().flatten().collect();
        alea.melange(&mut reste);
        for (place, unite) in libres.into_iter().zip(reste) {
            self.place[place] = unite;
        }
    }

    /// 0 when the candidate is within every limit.
    fn faute(&self, i: usize) -> usize {
        let (mut doubles, mut comptes, mut ifsi) = (0, 0, 0);
        for (k, u) in self.unites_de(i).enumerate() {
            doubles += self.unites_de(i).take(k).filter(|v| v.regroupement == u.regroupement).count();
            comptes += if u.compte { u.taille as usize } else { 0 };
            ifsi += usize::from(u.ifsi);
        }
        100 * doubles + comptes.saturating_sub(MAX_SOUS_VOEUX_COMPTES) + 10 * ifsi.saturating_sub(MAX_IFSI)
    }

    /// The place of the candidate whose departure mends most.
    fn place_fautive(&mut self, i: usize) -> Option<usize> {
        let mut meilleure = None;
        for place in self.debut[i]..self.debut[i + 1] {
            let unite = std::mem::replace(&mut self.place[place], VIDE);
            if unite != VIDE {
                let faute = self.faute(i);
                if meilleure.is_none_or(|(f, _)| faute < f) {
                    meilleure = Some((faute, place));
                }
            }
            self.place[place] = unite;
        }
        meilleure.map(|(_, place)| place)
    }

    fn reparer(&mut self, alea: &mut Alea, rendre: &mut impl FnMut(&Unite)) {
        for i in 0..self.debut.len() - 1 {
            let mut essais = ESSAIS;
            while self.faute(i) > 0 {
                let Some(place) = self.place_fautive(i) else { break };
                let domaine = self.unites[self.place[place] as usize].domaine;
                let mut echange = false;
                while essais > 0 && !echange {
                    essais -= 1;
                    let autre = alea.sous(self.place.len());
                    let j = self.porteur[autre] as usize;
                    let Some(unite) = self.unites.get(self.place[autre] as usize) else { continue };
                    // First look for an exchange that keeps both people in their field.
                    if j == i || (essais > ESSAIS / 2 && unite.domaine != domaine) {
                        continue;
                    }
                    // The other one, perhaps already looked at, must not pay for it.
                    let avant = (self.faute(i), self.faute(j));
                    self.place.swap(place, autre);
                    echange = self.faute(i) < avant.0 && self.faute(j) <= avant.1;
                    if !echange {
                        self.place.swap(place, autre);
                    }
                }
                if !echange {
                    rendre(&self.unites[self.place[place] as usize]);
                    self.place[place] = VIDE;
                }
            }
        }
    }
}
