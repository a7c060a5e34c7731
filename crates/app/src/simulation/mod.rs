//! Campaigns to work with: a cohort drawn from an imported offer and its figures, rankings from the marks, answers by a
//! model of behaviour. Written in bulk by the rules of the product. See `docs/simulation.md`.

mod campagne;
mod cohorte;
mod ecriture;
mod jours;
mod moyennes;
mod offre;
mod repondre;

pub use campagne::{CampagneSimulee, JourCampagne, simuler_campagne};
pub use cohorte::{ParametresCohorte, RapportSimulation, SimulationError, simuler_cohorte};
pub use jours::{Etendue, JourSimule, simuler_jours};
pub use moyennes::lire_moyennes;
pub use repondre::{BilanReponses, repondre};

pub(crate) use ecriture::{Avancement, Place, Semis};
