//! NOT-1: when what failed is tried again.

/// Milliseconds to wait after this many failures before: one minute, then twice as long each time, up to an hour.
pub fn attente_ms(essais: i64) -> i64 {
    let doublements = u32::try_from(essais.clamp(0, 6)).unwrap_or(6);
    (60_000 << doublements).min(3_600_000)
}
