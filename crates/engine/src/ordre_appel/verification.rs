//! The published properties of an ordre d'appel, restated in linear time. Shares nothing with the computation.

use std::fmt;

use super::{GroupeClassement, OrdreAppel};

/// The properties of the published document (O6 included, which the reference program does not check).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProprieteOrdre {
    /// Every row of the groupe once.
    Complet,
    /// The rate of boursiers holds at each place, or no boursier is left.
    O1,
    /// Nobody overtakes a boursier resident.
    O2,
    /// Only boursiers overtake a resident who is not; how far it may fall.
    O3,
    /// Only residents overtake a boursier who is not; how far it may fall.
    O4,
    /// Whoever is neither overtakes nobody; how far it may fall.
    O5,
    /// The rate of residents holds, but for one place, as far as that of boursiers lets it.
    O6,
}

/// A broken property, and the rang d'appel where it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViolationOrdre {
    /// The property.
    pub propriete: ProprieteOrdre,
    /// The rang d'appel (from 1) where the fault is seen.
    pub rang_appel: u32,
}

impl fmt::Display for ViolationOrdre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} au rang d’appel {}", self.propriete, self.rang_appel)
    }
}

/// Does the order respect what the law and the published document promise?
///
/// # Errors
/// The first broken property met.
pub fn verify_ordre_appel(groupe: &GroupeClassement, ordre: &OrdreAppel) -> Result<(), ViolationOrdre> {
    let n = groupe.len();
    let fail =
        |propriete, rang_appel: usize| Err(ViolationOrdre { propriete, rang_appel: rang_appel as u32 });
    if ordre.ordre.len() != n {
        return fail(ProprieteOrdre::Complet, ordre.ordre.len());
    }
    let qb = i64::from(groupe.taux_min_boursiers);
    let qr = i64::from(groupe.taux_min_residents);
    let mut seen = vec![false; n];
    let mut counts = Counts::default();
    // Greatest ranks so far: of all, of those who are not boursiers, of those who are not residents.
    let (mut max_all, mut max_non_b, mut max_non_r) = (0, 0, 0);
    for (i, &position) in ordre.ordre.iter().enumerate() {
        let place = i + 1;
        match seen.get_mut(position as usize) {
            Some(case) if !*case => *case = true,
            _ => return fail(ProprieteOrdre::Complet, place),
        }
        let rang = groupe.rang[position as usize];
        let profil = groupe.profil[position as usize];
        let (boursier, resident) = (profil.is_boursier(), profil.is_resident());
        if let Err(propriete) = counts.step(place as i64, boursier, resident, qb, qr) {
            return fail(propriete, place);
        }
        let a = place as i64;
        let r = i64::from(rang);
        if (boursier && (resident || qr == 0)) && (max_all > rang || a > r) {
            return fail(ProprieteOrdre::O2, place);
        }
        if !boursier
            && (resident || qr == 0)
            && qb < 100
            && (max_non_b > rang || (a - 1) * (100 - qb) > 100 * r)
        {
            return fail(ProprieteOrdre::O3, place);
        }
        if boursier
            && !resident
            && qr > 0
            && (max_non_r > rang || (qr < 100 && (a - 1) * (100 - qr) > 100 * r))
        {
            return fail(ProprieteOrdre::O4, place);
        }
        if !boursier && !resident && qb + qr < 100 && (a - 1) * (100 - qb - qr) >= 100 * (r + 1) {
            return fail(ProprieteOrdre::O5, place);
        }
        max_all = max_all.max(rang);
        if !boursier {
            max_non_b = max_non_b.max(rang);
        }
        if !resident {
            max_non_r = max_non_r.max(rang);
        }
    }
    // O5: seen from the end, nobody after has a better rank.
    let mut min_after = i32::MAX;
    for (i, &position) in ordre.ordre.iter().enumerate().rev() {
        let rang = groupe.rang[position as usize];
        let profil = groupe.profil[position as usize];
        if !profil.is_boursier() && !profil.is_resident() && min_after < rang {
            return fail(ProprieteOrdre::O5, i + 1);
        }
        min_after = min_after.min(rang);
    }
    Ok(())
}

/// Running totals of the two rates.
#[derive(Default)]
struct Counts {
    boursiers: i64,
    residents: i64,
    boursiers_missed: bool,
    residents_missed: bool,
}

impl Counts {
    /// Takes the candidat of place `k` into account. Once a rate is missed, nobody of that kind may follow.
    fn step(
        &mut self,
        k: i64,
        boursier: bool,
        resident: bool,
        qb: i64,
        qr: i64,
    ) -> Result<(), ProprieteOrdre> {
        if boursier {
            if self.boursiers_missed {
                return Err(ProprieteOrdre::O1);
            }
            self.boursiers += 1;
        }
        if resident {
            if self.residents_missed {
                return Err(ProprieteOrdre::O6);
            }
            self.residents += 1;
        }
        self.boursiers_missed |= 100 * self.boursiers < qb * k;
        // What can be proved: since the last place j where the rate of residents did not bind (so r ≥ qR·j), each
        // place went to a resident, except those that the rate of boursiers took, fewer than qB·(k − j) + 1 of them.
        // Hence r > min(qR, 1 − qB)·k − 1. The published O6 (round up, without the unit of margin when qR is the
        // smaller) is a little stronger, and the reference program breaks it: qB 40, qR 50, no boursier resident,
        // a non-resident at place 10 leaves 5 residents among the first 11.
        self.residents_missed |= 100 * (self.residents + 1) <= qr.min(100 - qb) * k;
        Ok(())
    }
}
