//! R-ADM-02 and 03: when a run may be computed, and what a run may become.

use jiff::Timestamp;

use crate::calendrier::{Calendrier, Etape};
use crate::erreurs::RuleViolation;

/// What a run computes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Once a session: the rankings changed to respect the rates, day 0 (§7.1).
    OrdreAppel,
    /// Once a day of admission: who receives a proposition, and the ranks shown (§7.2 to §7.4).
    Propositions,
    /// When a day turns out wrong for some courses: these are put back to what they were before it (R-ADM-13).
    Retrait,
}

impl Nature {
    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OrdreAppel => "ordre_appel",
            Self::Propositions => "propositions",
            Self::Retrait => "retrait",
        }
    }

    /// The nature of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::OrdreAppel, Self::Propositions, Self::Retrait].into_iter().find(|n| n.code() == code)
    }

    /// The steps during which its result may be published.
    pub const fn etapes(self) -> &'static [Etape] {
        match self {
            Self::OrdreAppel => &[Etape::OrdreAppel],
            Self::Propositions | Self::Retrait => Etape::PROPOSITIONS,
        }
    }
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatPassage {
    /// Computed: nobody but the national team sees it (TPS-6).
    Calcule,
    /// Final: its propositions and ranks are those that candidates read.
    Publie,
    /// Set aside before publication, kept for audit; the same day may be computed again.
    Abandonne,
}

impl EtatPassage {
    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Calcule => "calcule",
            Self::Publie => "publie",
            Self::Abandonne => "abandonne",
        }
    }

    /// The state of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Calcule, Self::Publie, Self::Abandonne].into_iter().find(|e| e.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Calcule => "Calculé, à publier",
            Self::Publie => "Publié",
            Self::Abandonne => "Abandonné",
        }
    }

    /// R-ADM-03: only a computed run is published or abandoned, once.
    ///
    /// # Errors
    /// [`RuleViolation::PassageIndisponible`].
    pub fn require_calcule(self) -> Result<(), RuleViolation> {
        if self == Self::Calcule { Ok(()) } else { Err(RuleViolation::PassageIndisponible) }
    }
}

/// R-ADM-02: the day that a run computes: the civil day in Paris, from the day admission opens (the hours before the
/// opening included, so that the result is ready) until it closes, then during the summer, the count going on.
///
/// # Errors
/// [`RuleViolation::NotYetOpen`] before that day, [`RuleViolation::Closed`] after the end.
pub fn jour_a_calculer(calendrier: &Calendrier, now: Timestamp) -> Result<i32, RuleViolation> {
    let jour = calendrier.jour_admission(now);
    match calendrier.require_any_open(Etape::PROPOSITIONS, now) {
        Err(RuleViolation::NotYetOpen { .. }) if jour >= 1 => Ok(jour),
        autre => autre.map(|()| jour),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::ToSpan;
    use jiff::civil::date;

    use super::*;
    use crate::calendrier::{Fenetre, debut_de_jour};

    #[test]
    fn r_adm_02_the_first_day_is_computed_before_the_opening_and_nothing_after_the_end() {
        let ouvre = debut_de_jour(date(2024, 5, 30)) + 19.hours();
        let ferme = debut_de_jour(date(2024, 7, 12));
        let fenetres: BTreeMap<_, _> =
            Etape::ALL.into_iter().map(|e| (e, Fenetre { ouvre, ferme })).collect();
        let c = Calendrier::new(1, String::new(), fenetres, Vec::new()).expect("coherent");
        assert_eq!(jour_a_calculer(&c, ouvre - 2.hours()), Ok(1));
        assert_eq!(jour_a_calculer(&c, ouvre), Ok(1));
        assert_eq!(jour_a_calculer(&c, ouvre + 24.hours()), Ok(2));
        assert!(matches!(jour_a_calculer(&c, ouvre - 20.hours()), Err(RuleViolation::NotYetOpen { .. })));
        assert!(matches!(jour_a_calculer(&c, ferme), Err(RuleViolation::Closed { .. })));
    }

    #[test]
    fn r_adm_02_the_days_go_on_through_the_summer_from_the_one_after_the_main_phase() {
        let fenetre = |ouvre, ferme| Fenetre { ouvre: debut_de_jour(ouvre), ferme: debut_de_jour(ferme) };
        let fenetres: BTreeMap<_, _> = Etape::ALL
            .into_iter()
            .map(|e| match e {
                Etape::Ordonnancement => (e, fenetre(date(2024, 7, 1), date(2024, 7, 4))),
                Etape::Desistements | Etape::Repondeur => (e, fenetre(date(2024, 7, 12), date(2024, 9, 13))),
                _ => (e, fenetre(date(2024, 5, 30), date(2024, 7, 12))),
            })
            .collect();
        let c = Calendrier::new(1, String::new(), fenetres, Vec::new()).expect("coherent");
        assert_eq!(jour_a_calculer(&c, debut_de_jour(date(2024, 7, 11))), Ok(43));
        assert_eq!(jour_a_calculer(&c, debut_de_jour(date(2024, 7, 12))), Ok(44));
        assert_eq!(jour_a_calculer(&c, debut_de_jour(date(2024, 9, 12))), Ok(106));
        let fini = jour_a_calculer(&c, debut_de_jour(date(2024, 9, 13)));
        assert!(matches!(fini, Err(RuleViolation::Closed { etape: Etape::Desistements, .. })));
    }

    #[test]
    fn r_adm_03_a_run_is_published_or_abandoned_once() {
        assert_eq!(EtatPassage::Calcule.require_calcule(), Ok(()));
        for etat in [EtatPassage::Publie, EtatPassage::Abandonne] {
            assert_eq!(etat.require_calcule(), Err(RuleViolation::PassageIndisponible));
            assert_eq!(EtatPassage::from_code(etat.code()), Some(etat));
        }
    }
}
