//! Deterministic pseudo-random numbers: xoshiro256** seeded by splitmix64 (public-domain algorithms of Blackman and
//! Vigna). Not for secrets.

/// A stream of pseudo-random numbers.
#[derive(Debug, Clone)]
pub struct Alea {
    etat: [u64; 4],
}

impl Default for Alea {
    fn default() -> Self {
        Self::new(0)
    }
}

/// One step of splitmix64: also a good mixing function of a key.
pub fn melange_cle(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

impl Alea {
    /// The stream of a seed.
    pub fn new(graine: u64) -> Self {
        let mut x = graine;
        let etat = std::array::from_fn(|_| {
            x = melange_cle(x);
            x
        });
        Self { etat }
    }

    /// An independent stream for each key: work done in another order, or in parallel, draws the same numbers.
    pub fn pour(graine: u64, cle: &[u64]) -> Self {
        Self::new(cle.iter().fold(graine, |x, &c| melange_cle(x ^ melange_cle(c))))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.etat;
        let tire = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        let t = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= t;
        *d = d.rotate_left(45);
        tire
    }

    /// A whole number in `0..n` (0 when `n` is 0). The bias of at most `n / 2^32` does not matter here.
    pub fn sous(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX).min(u64::from(u32::MAX));
        usize::try_from(((self.bits() >> 32) * n) >> 32).unwrap_or(0)
    }

    /// A whole number between two bounds, both included.
    pub fn entre(&mut self, min: u32, max: u32) -> u32 {
        let largeur = u64::from(max.saturating_sub(min)) + 1;
        min + u32::try_from(((self.bits() >> 32) * largeur) >> 32).unwrap_or(0)
    }

    /// A number in `[0, 1)`.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly in a f64")]
    pub fn unite(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// True with this probability.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unite() < p
    }

    /// Roughly a standard normal: twelve uniforms minus six. No logarithm, hence the same everywhere.
    pub fn cloche(&mut self) -> f64 {
        (0..12).map(|_| self.unite()).sum::<f64>() - 6.0
    }

    /// One element of a non-empty list.
    pub fn choix<'a, T>(&mut self, liste: &'a [T]) -> &'a T {
        &liste[self.sous(liste.len())]
    }

    /// The position of one weight, drawn in proportion (0 when all are nil).
    pub fn selon(&mut self, poids: &[f64]) -> usize {
        let total: f64 = poids.iter().sum();
        let mut reste = self.unite() * total;
        for (i, p) in poids.iter().enumerate() {
            if reste < *p {
                return i;
            }
            reste -= p;
        }
        poids.iter().rposition(|p| *p > 0.0).unwrap_or(0)
    }

    /// Shuffles a list.
    pub fn melange<T>(&mut self, liste: &mut [T]) {
        for i in (1..liste.len()).rev() {
            let j = self.sous(i + 1);
            liste.swap(i, j);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_fixed_for_ever() {
        // Frozen values: a change here changes every generated data set.
        let mut a = Alea::new(2024);
        let tires: Vec<u64> = (0..3).map(|_| a.bits()).collect();
        assert_eq!(tires, FIGES);
        // Reference of splitmix64 started at 0.
        assert_eq!(melange_cle(0), 0xE220_A839_7B1D_CDAF);
    }
    const FIGES: [u64; 3] =
        [2_008_057_572_035_564_465, 4_389_870_158_482_189_954, 10_967_613_289_231_095_874];

    #[test]
    fn draws_stay_in_bounds_and_spread() {
        let mut a = Alea::new(7);
        let mut vus = [0_u32; 6];
        for _ in 0..6_000 {
            vus[a.sous(6)] += 1;
            assert!((3..=9).contains(&a.entre(3, 9)));
        }
        assert!(vus.iter().all(|n| (850..1_150).contains(n)), "{vus:?}");
        let n = 20_000;
        let (mut somme, mut carres) = (0.0, 0.0);
        for _ in 0..n {
            let x = a.cloche();
            somme += x;
            carres += x * x;
        }
        assert!((somme / f64::from(n)).abs() < 0.03);
        assert!((carres / f64::from(n) - 1.0).abs() < 0.05);
        assert_eq!(a.sous(0), 0);
        assert_eq!(a.selon(&[0.0, 0.0, 1.0, 0.0]), 2);
    }

    #[test]
    fn keys_give_independent_streams() {
        let premiers: std::collections::BTreeSet<u64> =
            (0..1_000).map(|k| Alea::pour(1, &[k, 0]).bits()).collect();
        assert_eq!(premiers.len(), 1_000);
        assert_ne!(Alea::pour(1, &[1, 2]).bits(), Alea::pour(1, &[2, 1]).bits());
    }
}
