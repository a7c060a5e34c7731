//! The admission engine: ordre d'appel and propositions of the day.
pub mod ordre_appel;

mod bits;
