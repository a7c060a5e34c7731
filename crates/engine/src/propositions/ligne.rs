//! One row of the working table: 16 bytes, so that a groupe is read in one stream and moved in one copy.

use super::entree::{Etat, Statut};

/// candidat, rang d'appel, position in the input, and bits (etat, boarding reference, number used while sorting).
/// An array of integers rather than a struct: only such a table is obtained already zeroed from the system, its pages
/// being touched for the first time by the threads that fill them.
pub(crate) type Ligne = [u32; 4];

const REFERENCE: u32 = 0x100;
const TRI: u32 = 16;

/// The fields of a [`Ligne`].
pub(crate) trait Champs {
    fn candidat(&self) -> u32;
    fn rang(&self) -> i32;
    fn voeu(&self) -> usize;
    fn etat(&self) -> Etat;
    /// Does the voeu refer to an internat with its own classement?
    fn has_internat(&self) -> bool;
    fn set_statut(&mut self, statut: Statut);
    /// Statut and marks; a boarding reference implies « avec internat ».
    fn set_etat(&mut self, etat: Etat);
    /// Number of the groupe in its bucket, while sorting.
    fn tri(&self) -> usize;
}

pub(crate) fn new(candidat: u32, rang: i32, voeu: usize, etat: Etat, reference: bool, tri: u32) -> Ligne {
    let reference = if reference { REFERENCE } else { 0 };
    [candidat, rang as u32, voeu as u32, u32::from(etat.bits()) | reference | tri << TRI]
}

impl Champs for Ligne {
    #[inline]
    fn candidat(&self) -> u32 {
        self[0]
    }

    #[inline]
    fn rang(&self) -> i32 {
        self[1] as i32
    }

    #[inline]
    fn voeu(&self) -> usize {
        self[2] as usize
    }

    #[inline]
    fn etat(&self) -> Etat {
        Etat::from_bits(self[3] as u8)
    }

    #[inline]
    fn has_internat(&self) -> bool {
        self[3] & REFERENCE != 0
    }

    #[inline]
    fn set_statut(&mut self, statut: Statut) {
        self[3] = self[3] & !15 | statut as u32;
    }

    #[inline]
    fn set_etat(&mut self, etat: Etat) {
        let etat = if self.has_internat() { etat.with_internat(true) } else { etat };
        self[3] = self[3] & !0xff | u32::from(etat.bits());
    }

    #[inline]
    fn tri(&self) -> usize {
        (self[3] >> TRI) as usize
    }
}
