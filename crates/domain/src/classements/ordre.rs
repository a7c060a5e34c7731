//! R-CLA-03 and 04: how the commission changes an order on screen.

use std::collections::{HashMap, HashSet};

use crate::erreurs::RuleViolation;

/// Direction of a one-step move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sens {
    /// Towards rank 1.
    Monter,
    /// Away from rank 1.
    Descendre,
}

/// R-CLA-03: applies the ranks typed on a page. Those whose rank changed are taken out, then put at the rank asked
/// for, the others closing up: the result is always strict and without a hole. No rank: out of the ranking.
///
/// `ordre`: candidate numbers, best first. `demandes`: number and wanted rank of the candidates of the page.
///
/// # Errors
/// [`RuleViolation::RangEnDouble`] when the same rank is asked for two candidates,
/// [`RuleViolation::RangsNonContigus`] when a rank would leave a hole.
pub fn reclasser(ordre: &[i64], demandes: &[(i64, Option<u32>)]) -> Result<Vec<i64>, RuleViolation> {
    let actuels: HashMap<i64, u32> = ordre.iter().copied().zip(1..).collect();
    let changes: Vec<(i64, Option<u32>)> =
        demandes.iter().filter(|(n, voulu)| actuels.get(n).copied() != *voulu).copied().collect();
    let sortis: HashSet<i64> = changes.iter().map(|(n, _)| *n).collect();
    let mut nouveau: Vec<i64> = ordre.iter().filter(|n| !sortis.contains(n)).copied().collect();
    let mut entrants: Vec<(u32, i64)> = changes.iter().filter_map(|(n, r)| Some(((*r)?, *n))).collect();
    entrants.sort_unstable();
    let mut precedent = None;
    for (rang, numero) in entrants {
        if precedent == Some(rang) {
            return Err(RuleViolation::RangEnDouble { rang });
        }
        precedent = Some(rang);
        let place = rang.checked_sub(1).map(|p| p as usize);
        match place {
            Some(p) if p <= nouveau.len() => nouveau.insert(p, numero),
            _ => {
                let manquant = u32::try_from(nouveau.len() + 1).unwrap_or(u32::MAX);
                return Err(RuleViolation::RangsNonContigus { manquant });
            }
        }
    }
    Ok(nouveau)
}

/// Moves one candidate by one rank. At an end, or not ranked, nothing changes.
pub fn deplacer(ordre: &[i64], numero: i64, sens: Sens) -> Vec<i64> {
    let mut nouveau = ordre.to_vec();
    if let Some(p) = nouveau.iter().position(|n| *n == numero) {
        match sens {
            Sens::Monter if p > 0 => nouveau.swap(p, p - 1),
            Sens::Descendre if p + 1 < nouveau.len() => nouveau.swap(p, p + 1),
            _ => {}
        }
    }
    nouveau
}

/// An order to start from, and how many candidates share their average with another: for those the commission
/// must decide (no draw of lots, no silent tie-break).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depart {
    /// File numbers, best first.
    pub ordre: Vec<i64>,
    /// Candidates, not pairs; 0 when the averages decide everything.
    pub ex_aequo: u32,
}

/// R-CLA-04: an order to start from, by general average; without an average, last. Equal averages follow the
/// number of the record and are counted, so that the page asks for a human decision.
pub fn par_moyenne(candidats: &[(i64, Option<i64>)]) -> Depart {
    let mut tries: Vec<(Option<i64>, i64)> = candidats.iter().map(|(n, m)| (*m, *n)).collect();
    tries.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut effectifs: HashMap<Option<i64>, u32> = HashMap::new();
    for (moyenne, _) in &tries {
        *effectifs.entry(*moyenne).or_default() += 1;
    }
    let ex_aequo = effectifs.values().filter(|n| **n > 1).sum();
    Depart { ordre: tries.into_iter().map(|(_, n)| n).collect(), ex_aequo }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_cla_03_a_typed_rank_takes_its_place_and_the_others_close_up() {
        assert_eq!(reclasser(&[1, 2, 3, 4], &[(4, Some(2))]), Ok(vec![1, 4, 2, 3]));
        assert_eq!(reclasser(&[1, 2, 3], &[(1, Some(2)), (2, Some(1))]), Ok(vec![2, 1, 3]));
        assert_eq!(reclasser(&[1, 2, 3], &[(2, None)]), Ok(vec![1, 3]));
        assert_eq!(reclasser(&[], &[(7, Some(2)), (9, Some(1))]), Ok(vec![9, 7]));
        assert_eq!(reclasser(&[1, 2], &[(1, Some(1)), (2, Some(2))]), Ok(vec![1, 2]));
    }

    #[test]
    fn r_cla_03_the_same_rank_twice_or_a_hole_is_refused() {
        assert_eq!(
            reclasser(&[], &[(1, Some(1)), (2, Some(1))]),
            Err(RuleViolation::RangEnDouble { rang: 1 })
        );
        assert_eq!(reclasser(&[1, 2], &[(3, Some(4))]), Err(RuleViolation::RangsNonContigus { manquant: 3 }));
        assert_eq!(reclasser(&[1], &[(3, Some(0))]), Err(RuleViolation::RangsNonContigus { manquant: 2 }));
    }

    #[test]
    fn r_cla_03_any_accepted_change_gives_a_strict_order_of_the_same_people() {
        // Every pair of typed ranks on a list of four, one of them not ranked yet.
        for a in 0..6u32 {
            for b in 0..6u32 {
                let demandes = [(2, (a > 0).then_some(a)), (9, (b > 0).then_some(b))];
                if let Ok(nouveau) = reclasser(&[1, 2, 3, 4], &demandes) {
                    let uniques: HashSet<i64> = nouveau.iter().copied().collect();
                    assert_eq!(uniques.len(), nouveau.len(), "{a} {b}");
                    assert_eq!(uniques.contains(&9), b > 0);
                    assert_eq!(uniques.contains(&2), a > 0);
                    assert!([1, 3, 4].iter().all(|n| uniques.contains(n)));
                }
            }
        }
    }

    #[test]
    fn r_cla_03_moving_by_one_stops_at_the_ends() {
        assert_eq!(deplacer(&[1, 2, 3], 3, Sens::Monter), [1, 3, 2]);
        assert_eq!(deplacer(&[1, 2, 3], 1, Sens::Monter), [1, 2, 3]);
        assert_eq!(deplacer(&[1, 2, 3], 3, Sens::Descendre), [1, 2, 3]);
        assert_eq!(deplacer(&[1, 2, 3], 8, Sens::Descendre), [1, 2, 3]);
    }

    #[test]
    fn r_cla_04_the_start_by_average_counts_the_ties_it_leaves_to_people() {
        let d = par_moyenne(&[(1, Some(1200)), (2, None), (3, Some(1500)), (4, Some(1200))]);
        assert_eq!(d, Depart { ordre: vec![3, 1, 4, 2], ex_aequo: 2 });
    }
}
