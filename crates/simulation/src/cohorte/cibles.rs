//! Targets at the wanted scale, as whole numbers whose sums agree: course, then series, then scholarship.

use crate::alea::Alea;
use crate::offre::Cibles;

/// Groups of candidates: series × scholarship, « autres » without.
pub const GROUPES: usize = 7;
/// Series (position in `TypeBac::ALL`) of each group.
pub const SERIE_DE: [usize; GROUPES] = [0, 0, 1, 1, 2, 2, 3];
/// Whether the group holds a scholarship.
pub const BOURSIER: [bool; GROUPES] = [false, true, false, true, false, true, false];

/// Below this number the rounding is drawn, so that a thousand small courses keep their sum; above, nearest.
const PETIT: f64 = 20.0;

/// Whole targets of one course.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CiblesEchelle {
    pub groupes: [u32; GROUPES],
    pub complementaires: [u32; 4],
    pub classes: [u32; 4],
    pub internat: u32,
    pub internat_classes: u32,
}

#[cfg(test)]
impl CiblesEchelle {
    fn voeux(&self) -> u32 {
        self.groupes.iter().sum()
    }
}

/// The targets of a course at a scale.
pub fn a_l_echelle(c: &Cibles, echelle: f64, alea: &mut Alea) -> CiblesEchelle {
    let mut r = CiblesEchelle::default();
    let total = arrondi(c.voeux(), echelle, alea);
    let grand = f64::from(total) >= PETIT;
    if grand {
        let series = repartir(&c.series.map(|s| s.voeux), total, &[u32::MAX; 4], alea);
        let brs = [0, 1, 2].map(|s| c.series[s].boursiers);
        let boursiers = arrondi(brs.iter().sum(), echelle, alea).min(series[..3].iter().sum());
        let par_serie = repartir(&brs, boursiers, &series[..3], alea);
        for s in 0..3 {
            r.groupes[2 * s] = series[s] - par_serie[s];
            r.groupes[2 * s + 1] = par_serie[s];
        }
        r.groupes[6] = series[3];
        let classes = arrondi(c.series.iter().map(|s| s.classes).sum(), echelle, alea).min(total);
        r.classes.copy_from_slice(&repartir(&c.series.map(|s| s.classes), classes, &series, alea));
    } else {
        // The few people of a small course are drawn whole, series and scholarship together; rounding one after the
        // other would lose a quarter of the scholarship holders of a small cohort.
        let ordre = [0, 2, 4, 6, 5, 3, 1];
        let poids = ordre.map(|g| {
            let s = &c.series[SERIE_DE[g]];
            if BOURSIER[g] { s.boursiers } else { s.voeux - s.boursiers }
        });
        for (g, n) in ordre.into_iter().zip(repartir(&poids, total, &[u32::MAX; GROUPES], alea)) {
            r.groupes[g] = n;
        }
        for (s, cible) in c.series.iter().enumerate() {
            let n = (0..GROUPES).filter(|g| SERIE_DE[*g] == s).map(|g| r.groupes[g]).sum();
            r.classes[s] = proportion(n, cible.classes, cible.voeux, alea);
        }
    }
    let tard = arrondi(c.series.iter().map(|s| s.complementaires).sum(), echelle, alea);
    let tard = repartir(&c.series.map(|s| s.complementaires), tard, &[u32::MAX; 4], alea);
    r.complementaires.copy_from_slice(&tard);
    if grand {
        r.internat = arrondi(c.internat, echelle, alea).min(total);
    } else {
        r.internat = proportion(total, c.internat, c.voeux(), alea);
    }
    r.internat_classes = proportion(r.internat, c.internat_classes, c.internat, alea);
    r
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts: positive and far below u32::MAX"
)]
fn arrondi(n: u32, echelle: f64, alea: &mut Alea) -> u32 {
    let x = f64::from(n) * echelle;
    let u = alea.unite();
    if x < PETIT { (x + u).floor() as u32 } else { x.round() as u32 }
}

/// `n × part / tout` as a whole number, at most `n`.
fn proportion(n: u32, part: u32, tout: u32, alea: &mut Alea) -> u32 {
    arrondi(n, f64::from(part) / f64::from(tout.max(1)), alea).min(n)
}

/// Shares `total` in proportion to `poids`, none above its maximum: largest remainders when there is enough to
/// share, a systematic draw otherwise (else the rarest series would never get anything at a small scale).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts: positive and far below u32::MAX"
)]
fn repartir(poids: &[u32], total: u32, maximum: &[u32], alea: &mut Alea) -> Vec<u32> {
    let u = alea.unite();
    let somme: u32 = poids.iter().sum();
    let mut parts = vec![0_u32; poids.len()];
    if somme == 0 {
        return parts;
    }
    let exact = |p: u32| f64::from(p) * f64::from(total) / f64::from(somme);
    if f64::from(total) < PETIT {
        let (mut cumul, mut avant) = (0_u32, 0_u32);
        for (part, p) in parts.iter_mut().zip(poids) {
            cumul += p;
            let jusque = if cumul == somme { total } else { ((exact(cumul) + u).floor() as u32).min(total) };
            *part = jusque - avant;
            avant = jusque;
        }
    } else {
        let mut restes: Vec<(f64, usize)> = Vec::with_capacity(poids.len());
        for (i, p) in poids.iter().enumerate() {
            parts[i] = exact(*p).floor() as u32;
            restes.push((exact(*p) - f64::from(parts[i]), i));
        }
        restes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let donne: u32 = parts.iter().sum();
        for (_, i) in restes.iter().take((total - donne) as usize) {
            parts[*i] += 1;
        }
    }
    // What exceeds a maximum goes where there is room, to the heaviest first.
    let mut surplus = 0;
    for (part, max) in parts.iter_mut().zip(maximum) {
        surplus += part.saturating_sub(*max);
        *part = (*part).min(*max);
    }
    let mut ordre: Vec<usize> = (0..poids.len()).collect();
    ordre.sort_by_key(|&i| std::cmp::Reverse(poids[i]));
    for i in ordre {
        let place = surplus.min(maximum[i] - parts[i]);
        parts[i] += place;
        surplus -= place;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offre::CibleSerie;
    use proptest::prelude::*;

    fn cible() -> impl Strategy<Value = Cibles> {
        let serie =
            (0_u32..3_000, 0.0..=1.0_f64, 0.0..=1.0_f64, 0_u32..200).prop_map(|(v, b, c, t)| CibleSerie {
                voeux: v,
                boursiers: (f64::from(v) * b) as u32,
                classes: (f64::from(v) * c) as u32,
                complementaires: t,
            });
        (prop::array::uniform4(serie), 0_u32..500).prop_map(|(mut series, internat)| {
            series[3].boursiers = 0;
            Cibles { series, internat, internat_classes: internat / 2 }
        })
    }

    proptest! {
        #[test]
        fn whole_targets_stay_within_one_of_the_scaled_ones(c in cible(), e in 0.001..1.0_f64, g in any::<u64>()) {
            let r = a_l_echelle(&c, e, &mut Alea::new(g));
            prop_assert!((f64::from(r.voeux()) - f64::from(c.voeux()) * e).abs() <= 1.0);
            let b: u32 = (0..GROUPES).filter(|g| BOURSIER[*g]).map(|g| r.groupes[g]).sum();
            prop_assert!((f64::from(b) - f64::from(c.boursiers()) * e).abs() <= 2.0 || b == r.groupes[..6].iter().sum::<u32>());
            for s in 0..4 {
                let n: u32 = (0..GROUPES).filter(|g| SERIE_DE[*g] == s).map(|g| r.groupes[g]).sum();
                prop_assert!((f64::from(n) - f64::from(c.series[s].voeux) * e).abs() <= 2.0);
                prop_assert!(r.classes[s] <= n);
            }
            prop_assert!(r.internat_classes <= r.internat && r.internat <= r.voeux());
        }

        #[test]
        fn full_scale_changes_nothing(c in cible(), g in any::<u64>()) {
            let r = a_l_echelle(&c, 1.0, &mut Alea::new(g));
            for s in 0..3 {
                prop_assert_eq!(r.groupes[2 * s + 1], c.series[s].boursiers);
                prop_assert_eq!(r.groupes[2 * s], c.series[s].voeux - c.series[s].boursiers);
                prop_assert_eq!(r.classes[s], c.series[s].classes);
                prop_assert_eq!(r.complementaires[s], c.series[s].complementaires);
            }
        }
    }

    #[test]
    fn small_courses_keep_their_sum() {
        let mut c = Cibles::default();
        c.series[0].voeux = 60;
        c.series[2].voeux = 20;
        let mut alea = Alea::new(3);
        let (mut tous, mut pro) = (0, 0);
        for _ in 0..10_000 {
            let r = a_l_echelle(&c, 0.001, &mut alea);
            tous += r.voeux();
            pro += r.groupes[4];
        }
        assert!((720..880).contains(&tous), "{tous}");
        assert!((150..250).contains(&pro), "{pro}");
    }
}
