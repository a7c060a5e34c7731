//! Synthetic data: a small France to look around in, and cohorts that reproduce the figures of a real offer.
//!
//! Everything here is pure: the seed and the parameters are arguments, the result depends on nothing else. Only
//! correctly rounded operations (`+ − × ÷ √`) are used on floating point numbers, so the same seed gives the same
//! data on every platform. The model and its limits are described in `docs/simulation.md`.

pub mod alea;
pub mod cohorte;
pub mod comportement;
mod domaines;
mod geo;
pub mod offre;
pub mod petite_france;

pub use alea::Alea;
pub use cohorte::{
    Cohorte, DistributionsMoyennes, ErreurCohorte, Parametres, RapportCohorte, cohorte, rapport,
};
pub use offre::{CibleSerie, Cibles, FormationSimulee, OffreSimulee, Series};
pub use petite_france::{PetiteFrance, petite_france};
