//! R-TAU-01: the rates that a rector fixes for a course.

use crate::erreurs::RuleViolation;

/// R-TAU-01: a minimum rate of scholarship holders is a whole percentage, not under the session's floor as soon as
/// one candidate holds a scholarship; the maximum rate of non-residents is optional, 0 to 100.
///
/// # Errors
/// [`RuleViolation::Champ`] outside 0 to 100, [`RuleViolation::TauxSousPlancher`] under the floor.
pub fn check_taux(
    min_boursiers: i64,
    max_non_residents: Option<i64>,
    plancher: u32,
    a_des_boursiers: bool,
) -> Result<(), RuleViolation> {
    if !(0..=100).contains(&min_boursiers) {
        return Err(RuleViolation::Champ { champ: "taux_min_boursiers", motif: "hors_bornes" });
    }
    if max_non_residents.is_some_and(|t| !(0..=100).contains(&t)) {
        return Err(RuleViolation::Champ { champ: "taux_max_non_residents", motif: "hors_bornes" });
    }
    if a_des_boursiers && min_boursiers < i64::from(plancher) {
        return Err(RuleViolation::TauxSousPlancher { plancher });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_tau_01_the_floor_binds_as_soon_as_someone_holds_a_scholarship() {
        assert_eq!(check_taux(5, None, 5, true), Ok(()));
        assert_eq!(check_taux(4, None, 5, true), Err(RuleViolation::TauxSousPlancher { plancher: 5 }));
        assert_eq!(check_taux(0, None, 5, false), Ok(()));
    }

    #[test]
    fn r_tau_01_rates_are_percentages() {
        assert_eq!(check_taux(100, Some(100), 5, true), Ok(()));
        for (boursiers, non_residents) in [(-1, None), (101, None), (10, Some(-1)), (10, Some(101))] {
            assert!(matches!(
                check_taux(boursiers, non_residents, 5, true),
                Err(RuleViolation::Champ { motif: "hors_bornes", .. })
            ));
        }
    }
}
