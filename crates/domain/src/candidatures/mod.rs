//! Candidatures: wishes of a candidate.

mod etat_voeu;
mod formuler;

pub use etat_voeu::{EtatVoeu, Evenement};
pub use formuler::{Plafonds, VoeuExistant, check_nouveau_voeu, groupe_pour};
