//! The computation: one sort by rank, then four queues and a choice per place, in integers.

use rayon::prelude::*;

use super::{GroupeClassement, OrdreAppel, Profil, RefusOrdre, RefusOrdres, verify_ordre_appel};
use crate::bits::Bits;

/// Candidats beyond this number are compared by sorting: a bit set would be too large for its use.
const CANDIDATS_EN_BITS: u32 = 1 << 25;
/// End of a queue: greater than any item.
const FIN: u64 = u64::MAX;

/// The ordre d'appel of one groupe.
///
/// # Errors
/// A [`RefusOrdre`] when the data break a rule (rates, ranks, a candidat twice).
pub fn compute_ordre_appel(groupe: &GroupeClassement) -> Result<OrdreAppel, RefusOrdre> {
    Espace::default().compute(groupe)
}

/// What refuses a ranking, before anything is computed from it (§2.1).
pub(super) fn check_groupe(groupe: &GroupeClassement) -> Result<(), RefusOrdre> {
    Espace::default().check(groupe)
}

/// The ordres d'appel of all groupes, each verified. Any fault refuses the whole: an order is published for all
/// or for nobody.
///
/// # Errors
/// The refusal of the first faulty groupe in the order of the list.
pub fn compute_ordres_appel(groupes: &[GroupeClassement]) -> Result<Vec<OrdreAppel>, RefusOrdres> {
    let results: Vec<Result<OrdreAppel, RefusOrdre>> = groupes
        .par_iter()
        .with_min_len(8)
        .map_init(Espace::default, |espace, groupe| {
            let ordre = espace.compute(groupe)?;
            verify_ordre_appel(groupe, &ordre).map_err(RefusOrdre::Verification)?;
            Ok(ordre)
        })
        .collect();
    results
        .into_iter()
        .enumerate()
        .map(|(groupe, r)| r.map_err(|refus| RefusOrdres { groupe, refus }))
        .collect()
}

/// Buffers reused from one groupe to the next.
#[derive(Default)]
struct Espace {
    candidats: Bits,
    par_rang: Vec<u32>,
    cles: Vec<u64>,
    tries: Vec<u32>,
    files: [Vec<u64>; 4],
}

impl Espace {
    fn compute(&mut self, groupe: &GroupeClassement) -> Result<OrdreAppel, RefusOrdre> {
        self.check(groupe)?;
        if groupe.taux_min_boursiers == 0 && groupe.taux_min_residents == 0 {
            return Ok(OrdreAppel { ordre: self.tries.clone() });
        }
        Ok(OrdreAppel { ordre: self.merge(groupe) })
    }

    /// Columns, rates, ranks, then candidats; leaves the rows by increasing rank in `tries`.
    fn check(&mut self, groupe: &GroupeClassement) -> Result<(), RefusOrdre> {
        let n = groupe.len();
        if groupe.candidat.len() != n
            || groupe.rang.len() != n
            || groupe.profil.len() != n
            || u32::try_from(n).is_err()
        {
            return Err(RefusOrdre::Colonnes);
        }
        for taux in [groupe.taux_min_boursiers, groupe.taux_min_residents] {
            if !(0..=100).contains(&taux) {
                return Err(RefusOrdre::TauxHorsBornes { taux });
            }
        }
        self.sort_by_rang(groupe)?;
        self.check_candidats(groupe)
    }

    /// Fills `tries` with the rows by increasing rank.
    fn sort_by_rang(&mut self, groupe: &GroupeClassement) -> Result<(), RefusOrdre> {
        let n = groupe.rang.len();
        self.tries.clear();
        let mut max = 0;
        let mut precedent = 0;
        let mut sorted = true;
        for (position, &rang) in (0..).zip(&groupe.rang) {
            if rang <= 0 {
                return Err(RefusOrdre::RangNonPositif { position: Some(position), rang });
            }
            sorted &= rang > precedent;
            precedent = rang;
            max = max.max(rang);
        }
        if sorted {
            self.tries.extend(0..n as u32);
            return Ok(());
        }
        if max as usize <= 4 * n + 64 {
            // Nearly dense ranks: one slot per rank.
            self.par_rang.clear();
            self.par_rang.resize(max as usize + 1, u32::MAX);
            for (position, &rang) in (0..).zip(&groupe.rang) {
                let slot = &mut self.par_rang[rang as usize];
                if *slot != u32::MAX {
                    return Err(RefusOrdre::RangEnDouble { positions: [*slot, position] });
                }
                *slot = position;
            }
            self.tries.extend(self.par_rang.iter().filter(|&&slot| slot != u32::MAX));
            return Ok(());
        }
        self.cles.clear();
        self.cles.extend(
            (0..).zip(&groupe.rang).map(|(position, &rang): (u64, _)| (rang as u64) << 32 | position),
        );
        self.cles.sort_unstable();
        if let Some(paire) = self.cles.windows(2).find(|paire| paire[0] >> 32 == paire[1] >> 32) {
            return Err(RefusOrdre::RangEnDouble { positions: [paire[0] as u32, paire[1] as u32] });
        }
        self.tries.extend(self.cles.iter().map(|&cle| cle as u32));
        Ok(())
    }

    fn check_candidats(&mut self, groupe: &GroupeClassement) -> Result<(), RefusOrdre> {
        let max = groupe.candidat.iter().copied().max().unwrap_or(0);
        if max >= CANDIDATS_EN_BITS {
            self.cles.clear();
            self.cles.extend(
                (0..).zip(&groupe.candidat).map(|(p, &candidat): (u64, _)| (candidat as u64) << 32 | p),
            );
            self.cles.sort_unstable();
            return match self.cles.windows(2).find(|paire| paire[0] >> 32 == paire[1] >> 32) {
                Some(paire) => Err(RefusOrdre::CandidatEnDouble { position: paire[1] as u32 }),
                None => Ok(()),
            };
        }
        self.candidats.grow(max as usize + 1);
        let mut double = None;
        for (position, &candidat) in (0..).zip(&groupe.candidat) {
            if !self.candidats.insert(candidat) {
                double = Some(position);
            }
        }
        for &candidat in &groupe.candidat {
            self.candidats.clear_around(candidat);
        }
        match double {
            Some(position) => Err(RefusOrdre::CandidatEnDouble { position }),
            None => Ok(()),
        }
    }

    /// Place after place: the best-ranked candidat among the heads of the queues that the rates leave admissible.
    fn merge(&mut self, groupe: &GroupeClassement) -> Vec<u32> {
        const BN: usize = Profil::new(true, false).0 as usize;
        const NR: usize = Profil::new(false, true).0 as usize;
        const BR: usize = Profil::new(true, true).0 as usize;
        const NN: usize = Profil::new(false, false).0 as usize;

        for file in &mut self.files {
            file.clear();
        }
        // An item is (order in the ranking, type): comparing items compares ranks.
        for (indice, &position) in (0_u64..).zip(&self.tries) {
            let profil = groupe.profil[position as usize].0;
            self.files[profil as usize].push(indice << 2 | u64::from(profil));
        }
        let boursiers = self.files[BN].len() + self.files[BR].len();
        let residents = self.files[NR].len() + self.files[BR].len();
        for file in &mut self.files {
            file.push(FIN);
        }
        let (qb, qr) = (i64::from(groupe.taux_min_boursiers), i64::from(groupe.taux_min_residents));
        let mut tetes = [0_usize; 4];
        let mut ordre = Vec::with_capacity(self.tries.len());
        // Places already given to boursiers and to residents.
        let (mut b, mut r) = (0, 0);
        for k in 1..=self.tries.len() as i64 {
            let contrainte_b = b < boursiers && 100 * (b as i64) < qb * k;
            let contrainte_r = r < residents && 100 * (r as i64) < qr * k;
            let tete = |t: usize| self.files[t][tetes[t]];
            let bn = if contrainte_r { FIN } else { tete(BN) };
            let nr = if contrainte_b { FIN } else { tete(NR) };
            let nn = if contrainte_b | contrainte_r { FIN } else { tete(NN) };
            let mut choix = tete(BR).min(bn).min(nr).min(nn);
            if choix == FIN {
                // Both rates bind and no boursier resident is left: the rate of boursiers prevails.
                choix = tete(BN);
            }
            let t = (choix & 3) as usize;
            tetes[t] += 1;
            b += t & 1;
            r += t >> 1;
            ordre.push(self.tries[(choix >> 2) as usize]);
        }
        ordre
    }
}
