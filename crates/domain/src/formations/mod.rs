//! Formations: families, settings, publication states.

mod famille;

pub use famille::{Famille, StatutFormation};
