//! The admission engine: ordre d'appel and propositions of the day.
pub mod ordre_appel;
pub mod propositions;

mod bits;
