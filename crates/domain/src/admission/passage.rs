//! R-ADM-02, 03 and 40: when a run may be computed, what a run may become, when it is published by itself.

use jiff::civil::Time;
use jiff::{Timestamp, ToSpan};

use crate::calendrier::{Calendrier, Etape, instant_paris, jour_paris};
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

/// R-ADM-40: when the propositions of a day are published by themselves: at the opening of the admission for the first day, at
/// `heure` in Paris for the others.
///
/// # Errors
/// [`RuleViolation::PublicationSansHeure`] for another run; the refusal of the calendar for a day that it does not have.
pub fn publication_prevue(
    calendrier: &Calendrier,
    nature: Nature,
    jour: i64,
    heure: Time,
) -> Result<Timestamp, RuleViolation> {
    let (Nature::Propositions, Ok(apres)) = (nature, u16::try_from(jour.saturating_sub(1))) else {
        return Err(RuleViolation::PublicationSansHeure);
    };
    let ouvre = calendrier.fenetre(Etape::Admission).map(|f| f.ouvre);
    let le = match apres {
        0 => ouvre,
        n => ouvre.and_then(|o| {
            instant_paris(jour_paris(o).saturating_add(i64::from(n).days()).to_datetime(heure))
        }),
    };
    let le = le.ok_or(RuleViolation::NotScheduled { etape: Etape::Admission })?;
    calendrier.require_any_open(nature.etapes(), le)?;
    Ok(le)
}

/// R-ADM-40: until when an agreement to publish is given, or called off.
///
/// # Errors
/// [`RuleViolation::PublicationHeurePassee`].
pub fn require_avant_publication(le: Timestamp, now: Timestamp) -> Result<(), RuleViolation> {
    if now < le { Ok(()) } else { Err(RuleViolation::PublicationHeurePassee { le }) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::{date, time};

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
    fn r_adm_40_the_first_day_is_published_at_the_opening_and_the_others_at_the_hour_of_the_session() {
        let ouvre = debut_de_jour(date(2024, 5, 30)) + 19.hours();
        let ferme = debut_de_jour(date(2024, 7, 12));
        let fenetres: BTreeMap<_, _> =
            Etape::ALL.into_iter().map(|e| (e, Fenetre { ouvre, ferme })).collect();
        let c = Calendrier::new(1, String::new(), fenetres, Vec::new()).expect("coherent");
        let le = |nature, jour| publication_prevue(&c, nature, jour, time(8, 30, 0, 0));
        assert_eq!(le(Nature::Propositions, 1), Ok(ouvre));
        let lendemain = debut_de_jour(date(2024, 5, 31)) + 8.hours() + 30.minutes();
        assert_eq!(le(Nature::Propositions, 2), Ok(lendemain));
        assert!(matches!(le(Nature::Propositions, 44), Err(RuleViolation::Closed { .. })));
        for (nature, jour) in [(Nature::OrdreAppel, 0), (Nature::Retrait, 2), (Nature::Propositions, 0)] {
            assert_eq!(le(nature, jour), Err(RuleViolation::PublicationSansHeure));
        }
        assert_eq!(require_avant_publication(ouvre, ouvre - 1.second()), Ok(()));
        let passee = RuleViolation::PublicationHeurePassee { le: ouvre };
        assert_eq!(require_avant_publication(ouvre, ouvre), Err(passee));
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
