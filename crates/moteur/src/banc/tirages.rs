//! The reproducible draws of the bench: 64-bit arithmetic modulo 2^64, the same in every language.

/// Scrambles a number.
pub const fn mix(z: u64) -> u64 {
    let z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The draws of one seed.
#[derive(Debug, Clone, Copy)]
pub struct Tirages {
    graine: u64,
}

impl Tirages {
    /// The draws of `graine`.
    pub const fn new(graine: u64) -> Self {
        Self { graine }
    }

    const fn h(self, t: u64, a: u64, b: u64) -> u64 {
        mix(mix(mix(self.graine.wrapping_add(t)).wrapping_add(a)).wrapping_add(b))
    }

    /// A number below `n`.
    pub const fn r(self, t: u64, a: u64, b: u64, n: u64) -> u64 {
        (self.h(t, a, b) >> 33) % n
    }

    /// A sorting key.
    pub const fn cle(self, t: u64, a: u64, b: u64) -> u64 {
        self.h(t, a, b) >> 1
    }
}
