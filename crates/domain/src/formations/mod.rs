//! Formations: families, settings, publication states.

mod argent;
mod famille;
mod parametrage;

pub use argent::{format_montant, parse_montant};
pub use famille::{Famille, StatutFormation};
pub use parametrage::{EtatFormation, check_capacite, check_publication};
