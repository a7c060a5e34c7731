//! A set of small integers, one bit each, meant to be filled and emptied many times.

/// Bits of a dense numbering (candidats, positions). Emptying is the caller's business: it clears the bits it has
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

    #[inline]
    pub(crate) fn remove(&mut self, i: u32) {
        self.mots[i as usize >> 6] &= !(1 << (i & 63));
    }
}

#[cfg(test)]
mod tests {
    use super::Bits;

    #[test]
    fn inserts_once_and_removes() {
        let mut bits = Bits::new(65);
        assert!(bits.insert(64));
        assert!(!bits.insert(64));
        assert!(bits.contains(64) && !bits.contains(0));
        bits.remove(64);
        assert!(!bits.contains(64));
        bits.grow(1000);
        assert!(bits.insert(999));
    }
}
