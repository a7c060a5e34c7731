//! A set of small integers, one bit each, meant to be filled and emptied many times.

/// Bits of a dense numbering (candidats, positions). Emptying is the caller's business: it clears around the bits it has
/// set, so that one set of 119 KB serves 32,000 groups in turn.
#[derive(Debug, Default, Clone)]
pub(crate) struct Bits {
    mots: Vec<u64>,
}

impl Bits {
    pub(crate) fn new(taille: usize) -> Self {
        Self { mots: vec![0; taille.div_ceil(64)] }
    }

    pub(crate) fn grow(&mut self, taille: usize) {
        let mots = taille.div_ceil(64);
        if self.mots.len() < mots {
            self.mots.resize(mots, 0);
        }
    }

    #[inline]
    pub(crate) fn contains(&self, i: u32) -> bool {
        self.mots[i as usize >> 6] >> (i & 63) & 1 == 1
    }

    /// Adds `i`; true when it was not there yet.
    #[inline]
    pub(crate) fn insert(&mut self, i: u32) -> bool {
        let mot = &mut self.mots[i as usize >> 6];
        let bit = 1 << (i & 63);
        let new = *mot & bit == 0;
        *mot |= bit;
        new
    }

    /// Removes `i` and its neighbours, for whoever empties the set: a write per item, and no read.
    #[inline]
    pub(crate) fn clear_around(&mut self, i: u32) {
        self.mots[i as usize >> 6] = 0;
    }

    /// Empties the set, and gives what was in it, in order.
    pub(crate) fn drain(&mut self) -> Vec<u32> {
        let mut valeurs = Vec::new();
        for (base, mot) in (0..).step_by(64).zip(&mut self.mots) {
            let mut reste = std::mem::take(mot);
            while reste != 0 {
                valeurs.push(base + reste.trailing_zeros());
                reste &= reste - 1;
            }
        }
        valeurs
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn inserts_once_and_empties() {
        let mut bits = Bits::new(65);
        assert!(bits.insert(64));
        assert!(!bits.insert(64));
        assert!(bits.contains(64) && !bits.contains(0));
        bits.clear_around(64);
        assert!(!bits.contains(64));
        bits.grow(1000);
        assert!(bits.insert(999));
        assert!(bits.insert(3) && bits.insert(960));
        assert_eq!(bits.drain(), [3, 960, 999]);
        assert!(bits.insert(3) && bits.insert(999));
        bits.clear_around(960);
        assert_eq!(bits.drain(), [3]);
        assert!(bits.drain().is_empty());
    }
}
