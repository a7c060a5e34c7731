//! Admission: what surrounds the engine (who may publish, what an answer does).

mod passage;
mod reponse;
mod sans_reponse;
mod taux;

pub use passage::{EtatPassage, Nature, jour_a_calculer};
pub use reponse::{ChoixCandidat, Consequence, VoeuEnJeu, decide_reponse};
pub use sans_reponse::{is_maintenu, perte_sans_reponse};
pub use taux::check_taux;

use crate::erreurs::RuleViolation;

/// R-ADM-01 (HAB-8): a run is computed by one person and published by another.
///
/// # Errors
/// [`RuleViolation::DeuxiemePersonne`] when both are the same account.
pub fn require_deuxieme_personne(
    calcule_par: Option<i64>,
    publie_par: Option<i64>,
) -> Result<(), RuleViolation> {
    if calcule_par.is_some() && calcule_par == publie_par {
        return Err(RuleViolation::DeuxiemePersonne);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_adm_01_nobody_publishes_what_they_computed() {
        assert_eq!(require_deuxieme_personne(Some(1), Some(1)), Err(RuleViolation::DeuxiemePersonne));
        assert_eq!(require_deuxieme_personne(Some(1), Some(2)), Ok(()));
    }
}
