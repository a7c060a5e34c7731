//! R-FOR-01 to 03: settings of a course and its publication.

use crate::erreurs::RuleViolation;

/// Where the settings of a course stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatFormation {
    Brouillon,
    Publiee,
    Fermee,
}

impl EtatFormation {
    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Brouillon => "brouillon",
            Self::Publiee => "publiee",
            Self::Fermee => "fermee",
        }
    }

    /// The state of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Brouillon, Self::Publiee, Self::Fermee].into_iter().find(|e| e.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Brouillon => "Brouillon",
            Self::Publiee => "Publiée",
            Self::Fermee => "Fermée",
        }
    }
}

/// R-FOR-01: a capacity is a whole number from 0 to 20,000 (0 is a value: nobody is called this year).
///
/// # Errors
/// [`RuleViolation::Champ`] on `capacite`.
pub fn check_capacite(capacite: i64) -> Result<i64, RuleViolation> {
    if (0..=20_000).contains(&capacite) {
        Ok(capacite)
    } else {
        Err(RuleViolation::Champ { champ: "capacite", motif: "hors_bornes" })
    }
}

/// R-FOR-02: capacity and fees are decisive: no default is ever published in their place;
/// R-FOR-03: a closed course is not published.
///
/// # Errors
/// The first missing field, or a forbidden transition.
pub fn check_publication(
    etat: EtatFormation,
    capacite: Option<i64>,
    frais: Option<i64>,
) -> Result<(), RuleViolation> {
    if etat == EtatFormation::Fermee {
        return Err(RuleViolation::ForbiddenTransition { from: etat.code(), event: "publication" });
    }
    if capacite.is_none() {
        return Err(RuleViolation::Champ { champ: "capacite", motif: "manquant" });
    }
    if frais.is_none() {
        return Err(RuleViolation::Champ { champ: "frais", motif: "manquant" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_for_01_capacities_have_bounds_and_zero_is_a_value() {
        assert_eq!(check_capacite(0), Ok(0));
        assert!(check_capacite(-1).is_err());
        assert!(check_capacite(20_001).is_err());
    }

    #[test]
    fn r_for_02_nothing_decisive_is_published_by_default() {
        let brouillon = EtatFormation::Brouillon;
        assert!(check_publication(brouillon, None, Some(0)).is_err());
        assert!(check_publication(brouillon, Some(0), None).is_err());
        assert_eq!(check_publication(brouillon, Some(0), Some(0)), Ok(()));
    }

    #[test]
    fn r_for_03_a_closed_course_is_not_published() {
        assert!(check_publication(EtatFormation::Fermee, Some(1), Some(1)).is_err());
    }
}
