//! R-FOR-01 to 04: settings of a course and its publication.

use crate::erreurs::{Fautes, RuleViolation};

/// Where the settings of a course stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatFormation {
    /// Being set: neither found nor wished.
    Brouillon,
    /// The public reads its last publication, which the draft may since have left behind.
    Publiee,
    /// Withdrawn for the session: no longer changed nor published.
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

/// R-FOR-01: most places that a course, a group or a boarding school has; beyond, it is a slip of the keyboard (the largest course has
/// 3,400).
pub const CAPACITE_MAX: i64 = 20_000;

/// R-FOR-01: a capacity is a whole number from 0 to [`CAPACITE_MAX`] (0 is a value: nobody is called this year).
///
/// # Errors
/// [`RuleViolation::Champ`] on `capacite`.
pub fn check_capacite(capacite: i64) -> Result<i64, RuleViolation> {
    if (0..=CAPACITE_MAX).contains(&capacite) {
        Ok(capacite)
    } else {
        Err(RuleViolation::Champ { champ: "capacite", motif: "hors_bornes" })
    }
}

/// R-FOR-01: highest fees, in cents; beyond, it is a slip of the keyboard.
pub const FRAIS_MAX: i64 = 10_000_000;

/// R-FOR-01: fees are between nothing and [`FRAIS_MAX`].
///
/// # Errors
/// [`RuleViolation::Champ`] on `frais`.
pub fn check_frais(centimes: i64) -> Result<i64, RuleViolation> {
    if (0..=FRAIS_MAX).contains(&centimes) {
        Ok(centimes)
    } else {
        Err(RuleViolation::Champ { champ: "frais", motif: "hors_bornes" })
    }
}

/// R-FOR-01: longest presentation, in characters.
pub const PRESENTATION_MAX: usize = 5_000;

/// R-FOR-01: the presentation without spaces around, lines ended the same way, at most [`PRESENTATION_MAX`] characters.
///
/// # Errors
/// [`RuleViolation::TropLong`] on `presentation`.
pub fn check_presentation(texte: &str) -> Result<String, RuleViolation> {
    let net = texte.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned();
    if net.chars().count() > PRESENTATION_MAX {
        return Err(RuleViolation::TropLong { champ: "presentation", max: PRESENTATION_MAX });
    }
    Ok(net)
}

/// R-FOR-04: the places of the groups add up to the capacity.
///
/// # Errors
/// [`RuleViolation::Champ`] on `places` for a number out of bounds, [`RuleViolation::PlacesGroupes`] for the sum.
pub fn check_places(capacite: i64, places: &[i64]) -> Result<(), RuleViolation> {
    if places.iter().any(|p| check_capacite(*p).is_err()) {
        return Err(RuleViolation::Champ { champ: "places", motif: "hors_bornes" });
    }
    let somme = places.iter().sum();
    if somme == capacite { Ok(()) } else { Err(RuleViolation::PlacesGroupes { capacite, somme }) }
}

/// R-FOR-02: capacity and fees are decisive: no default is ever published in their place;
/// R-FOR-03: a closed course is not published.
///
/// # Errors
/// Every missing field, or a forbidden transition.
pub fn check_publication(
    etat: EtatFormation,
    capacite: Option<i64>,
    frais: Option<i64>,
) -> Result<(), Fautes> {
    let mut fautes = Fautes::default();
    if etat == EtatFormation::Fermee {
        fautes.note(RuleViolation::formation_fermee("publication"));
        return fautes.conclut(());
    }
    if capacite.is_none() {
        fautes.note(RuleViolation::Champ { champ: "capacite", motif: "manquant" });
    }
    if frais.is_none() {
        fautes.note(RuleViolation::Champ { champ: "frais", motif: "manquant" });
    }
    fautes.conclut(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_for_01_capacities_have_bounds_and_zero_is_a_value() {
        assert_eq!(check_capacite(0), Ok(0));
        assert!(check_capacite(-1).is_err());
        assert!(check_capacite(CAPACITE_MAX + 1).is_err());
    }

    #[test]
    fn r_for_01_fees_and_presentation_have_bounds() {
        assert_eq!(check_frais(FRAIS_MAX), Ok(FRAIS_MAX));
        assert!(check_frais(FRAIS_MAX + 1).is_err() && check_frais(-1).is_err());
        assert_eq!(check_presentation(" a\r\nb \n"), Ok("a\nb".to_owned()));
        assert!(check_presentation(&"é".repeat(PRESENTATION_MAX)).is_ok());
        assert!(check_presentation(&"é".repeat(PRESENTATION_MAX + 1)).is_err());
    }

    #[test]
    fn r_for_04_the_places_of_the_groups_add_up_to_the_capacity() {
        assert_eq!(check_places(24, &[10, 14]), Ok(()));
        assert_eq!(check_places(0, &[0]), Ok(()));
        assert_eq!(
            check_places(24, &[10, 13]),
            Err(RuleViolation::PlacesGroupes { capacite: 24, somme: 23 })
        );
        assert!(matches!(check_places(4, &[-1, 5]), Err(RuleViolation::Champ { champ: "places", .. })));
    }

    #[test]
    fn r_for_02_nothing_decisive_is_published_by_default() {
        let brouillon = EtatFormation::Brouillon;
        assert!(check_publication(brouillon, None, Some(0)).is_err());
        assert!(check_publication(brouillon, Some(0), None).is_err());
        assert_eq!(check_publication(brouillon, None, None).err().map_or(0, |f| f.liste().len()), 2);
        assert_eq!(check_publication(brouillon, Some(0), Some(0)), Ok(()));
    }

    #[test]
    fn r_for_03_a_closed_course_is_not_published() {
        assert!(check_publication(EtatFormation::Fermee, Some(1), Some(1)).is_err());
    }
}
