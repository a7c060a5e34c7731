//! R-CTL-01 to 10: the review of a course by the academic service.
//!
//! A course goes from draft to submitted, then accepted or returned; an accepted one is public from the step « consultation »
//! on (20 December at noon in 2024), like every publication.
//!
//! | from | to | who | when |
//! |---|---|---|---|
//! | draft | submitted | who may publish it, with a fresh second step | complete, different from what is published; step « capacités et frais » |
//! | submitted | draft | any change of its values | the step of each field |
//! | submitted | accepted, and published in the same act | the academic service of its academy, never the account that submitted | free, or taken by the agent who decides |
//! | submitted | accepted, many at once | the same | nothing changed since last year, days apart |
//! | submitted | returned | the same | a reason for each returned field, and a last day |
//! | returned | submitted | who may publish it | its steps, or the last day of the return |
//! | returned | returned until a later day | the academic service, never the account that submitted | any day of the session |
//! | returned | submitted, as it was | the same | nothing changed since the return |
//! | accepted | draft (« à soumettre de nouveau ») | any change of its values | the step of each field; what is published stays |
//!
//! A return reopens the returned fields, and no other, until its last day, whatever the calendar says (`domaine.md` §9): no
//! dispensation is needed. The review is shared: an agent takes a course, releases it, and nobody decides one that somebody
//! else has taken; another agent of the perimeter may release it too, and the journal says who.
//!
//! Accepting asks for no second step: two people are there already, and whoever submitted made one. The setting
//! `controle_academique` of the session says whether any of this applies; a session opened without the setting publishes as
//! before.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::description::{CHAMPS, Champ};
use super::genre::Genre;
use crate::calendrier::{Fenetre, fin_de_jour, jour_paris};
use crate::erreurs::RuleViolation;

/// Where the review of a course stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatControle {
    /// Being written, or changed since it was submitted or accepted.
    Brouillon,
    /// Waits for the academic service.
    Soumise,
    /// These very values were accepted.
    Acceptee,
    /// Some fields are to be put right.
    Retournee,
}

impl EtatControle {
    /// Every state, that of the queue first.
    pub const ALL: [Self; 4] = [Self::Soumise, Self::Retournee, Self::Acceptee, Self::Brouillon];

    /// Stable code, used in storage and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Brouillon => "brouillon",
            Self::Soumise => "soumise",
            Self::Acceptee => "acceptee",
            Self::Retournee => "retournee",
        }
    }

    /// The state of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Brouillon => "À soumettre",
            Self::Soumise => "À contrôler",
            Self::Acceptee => "Acceptée",
            Self::Retournee => "Retournée",
        }
    }

    /// R-CTL-02: the state once these values are looked at: what was submitted or accepted is no longer so when it changed.
    #[must_use]
    pub fn of_values(self, fideles: bool) -> Self {
        match self {
            Self::Soumise | Self::Acceptee if !fideles => Self::Brouillon,
            etat => etat,
        }
    }

    /// R-CTL-01: a course that waits for a decision, or has one for these values, is not submitted again.
    ///
    /// # Errors
    /// [`RuleViolation::ForbiddenTransition`].
    pub fn check_soumission(self) -> Result<(), RuleViolation> {
        match self {
            Self::Brouillon | Self::Retournee => Ok(()),
            etat => Err(RuleViolation::ForbiddenTransition { from: etat.code(), event: "soumettre" }),
        }
    }

    /// R-CTL-03: a decision is about a submitted course, taken by nobody else, and never by whoever submitted it.
    ///
    /// # Errors
    /// [`RuleViolation::ForbiddenTransition`], [`RuleViolation::ControleDeSoi`], [`RuleViolation::ControlePris`].
    pub fn check_decision(self, comptes: Comptes, agent: Option<i64>) -> Result<(), RuleViolation> {
        if self != Self::Soumise {
            return Err(RuleViolation::ForbiddenTransition { from: self.code(), event: "decider" });
        }
        if comptes.soumise_par.is_some() && comptes.soumise_par == agent {
            return Err(RuleViolation::ControleDeSoi);
        }
        if comptes.pris_par.is_some() && comptes.pris_par != agent {
            return Err(RuleViolation::ControlePris);
        }
        Ok(())
    }

    /// R-CTL-09, R-CTL-10: only what is returned is extended or taken back, and never by whoever submitted it.
    ///
    /// # Errors
    /// [`RuleViolation::ForbiddenTransition`], [`RuleViolation::ControleDeSoi`].
    pub fn check_retour(self, comptes: Comptes, agent: Option<i64>) -> Result<(), RuleViolation> {
        if self != Self::Retournee {
            return Err(RuleViolation::ForbiddenTransition { from: self.code(), event: "retour" });
        }
        if comptes.soumise_par.is_some() && comptes.soumise_par == agent {
            return Err(RuleViolation::ControleDeSoi);
        }
        Ok(())
    }
}

/// What was done to a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GesteControle {
    /// By whoever may publish the course.
    Soumettre,
    /// By the academic service, which publishes it.
    Accepter,
    /// By the academic service: some fields are to be put right.
    Retourner,
    /// The same fields, until a later day.
    Prolonger,
    /// The return is taken back: the course waits again, as it was submitted.
    Reprendre,
}

impl GesteControle {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Soumettre, Self::Accepter, Self::Retourner, Self::Prolonger, Self::Reprendre];

    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Soumettre => "soumise",
            Self::Accepter => "acceptee",
            Self::Retourner => "retournee",
            Self::Prolonger => "prolongee",
            Self::Reprendre => "reprise",
        }
    }

    /// The one of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|g| g.code() == code)
    }

    /// French label, said of the course.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Soumettre => "Soumise",
            Self::Accepter => "Acceptée",
            Self::Retourner => "Retournée",
            Self::Prolonger => "Retour prolongé",
            Self::Reprendre => "Retour annulé",
        }
    }
}

/// The accounts that a review already knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Comptes {
    /// Who submitted the course; `None`: no account did (the platform itself).
    pub soumise_par: Option<i64>,
    /// Who has taken it; `None`: it is free.
    pub pris_par: Option<i64>,
}

/// Fields reviewed that are not of the description: code, French label.
pub const CHAMPS_PROPRES: [(&str, &str); 3] = [
    ("capacite", "Capacité d’accueil et places des groupes"),
    ("frais", "Frais de scolarité"),
    ("presentation", "Présentation"),
];

/// The fields reviewed in a course, in the order of the forms: code, French label.
pub fn champs_controles(genre: Genre) -> Vec<(&'static str, &'static str)> {
    let mut description: Vec<&Champ> = CHAMPS.iter().filter(|c| c.concerne(genre)).collect();
    description.sort_by_key(|c| c.rubrique);
    CHAMPS_PROPRES.into_iter().chain(description.into_iter().map(|c| (c.code, c.libelle))).collect()
}

/// Fields that may be written although their step is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reouverture {
    /// Codes of fields.
    pub champs: BTreeSet<String>,
    /// From the decision to the end of the last day.
    pub fenetre: Fenetre,
}

impl Reouverture {
    /// R-CTL-04, R-VIE-07: what a return or a dispensation opens: at least one field, from now to the end of a day that is not past
    /// and not further than the session allows.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`] on `champs` or `jusqu_a`.
    pub fn until(
        champs: BTreeSet<String>,
        jusqu_a: Date,
        jours_max: u32,
        now: Timestamp,
    ) -> Result<Self, RuleViolation> {
        if champs.is_empty() {
            return Err(RuleViolation::Champ { champ: "champs", motif: "reouverture" });
        }
        let ferme = fin_de_jour(jusqu_a);
        if ferme <= now {
            return Err(RuleViolation::Champ { champ: "jusqu_a", motif: "passe" });
        }
        if jusqu_a > jour_paris(now).saturating_add(i64::from(jours_max).days()) {
            return Err(RuleViolation::Champ { champ: "jusqu_a", motif: "lointain" });
        }
        Ok(Self { champs, fenetre: Fenetre { ouvre: now, ferme } })
    }

    /// R-CTL-09: what a return opens once it is extended, until a day that comes after what it gave (`avant`: first instant too late):
    /// no delay that was announced gets shorter (TPS-3).
    ///
    /// # Errors
    /// As [`Self::until`].
    pub fn later(
        champs: BTreeSet<String>,
        jusqu_a: Date,
        jours_max: u32,
        now: Timestamp,
        avant: Timestamp,
    ) -> Result<Self, RuleViolation> {
        let r = Self::until(champs, jusqu_a, jours_max, now)?;
        if r.fenetre.ferme <= avant {
            return Err(RuleViolation::Champ { champ: "jusqu_a", motif: "deja_donne" });
        }
        Ok(r)
    }

    /// Whether this field may be written now.
    pub fn ouvre(&self, champ: &str, now: Timestamp) -> bool {
        self.fenetre.contient(now) && self.champs.contains(champ)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendrier::instant_paris;
    use jiff::civil::date;

    #[test]
    fn r_ctl_01_only_a_draft_or_a_returned_course_is_submitted() {
        use EtatControle as E;
        let admis: Vec<E> = E::ALL.into_iter().filter(|e| e.check_soumission().is_ok()).collect();
        assert_eq!(admis, [E::Retournee, E::Brouillon]);
        for e in E::ALL {
            assert_eq!(E::from_code(e.code()), Some(e));
        }
    }

    #[test]
    fn r_ctl_02_what_changed_is_a_draft_again_and_a_return_stays_one() {
        use EtatControle as E;
        for e in E::ALL {
            assert_eq!(e.of_values(true), e);
            let change = e.of_values(false);
            assert_eq!(change, if e == E::Retournee { e } else { E::Brouillon });
        }
    }

    #[test]
    fn r_ctl_03_nobody_decides_what_somebody_else_has_taken() {
        use EtatControle as E;
        let pris = |pris_par| Comptes { soumise_par: Some(9), pris_par };
        assert!(E::Soumise.check_decision(pris(None), Some(1)).is_ok());
        assert!(E::Soumise.check_decision(pris(Some(1)), Some(1)).is_ok());
        assert_eq!(E::Soumise.check_decision(pris(Some(2)), Some(1)), Err(RuleViolation::ControlePris));
        // Both roles on one account: two people are wanted all the same.
        assert_eq!(E::Soumise.check_decision(pris(None), Some(9)), Err(RuleViolation::ControleDeSoi));
        assert_eq!(E::Soumise.check_decision(pris(Some(9)), Some(9)), Err(RuleViolation::ControleDeSoi));
        for e in [E::Brouillon, E::Acceptee, E::Retournee] {
            assert!(matches!(
                e.check_decision(pris(None), Some(1)),
                Err(RuleViolation::ForbiddenTransition { .. })
            ));
        }
    }

    #[test]
    fn r_ctl_04_r_vie_07_fields_are_reopened_until_the_end_of_a_last_day() {
        let a = |h| instant_paris(date(2024, 1, 20).at(h, 0, 0, 0)).expect("exists");
        let champs = || BTreeSet::from(["attendus".to_owned()]);
        let r = Reouverture::until(champs(), date(2024, 1, 20), 30, a(10)).expect("today is a day");
        assert!(r.ouvre("attendus", a(10)) && r.ouvre("attendus", a(23)));
        assert!(!r.ouvre("attendus", a(9)), "not before the decision");
        assert!(!r.ouvre("contact", a(10)), "no other field");
        assert!(!r.ouvre("attendus", fin_de_jour(date(2024, 1, 20))), "the first instant after the day");
        let faux = |jour, max| Reouverture::until(champs(), jour, max, a(10));
        assert_eq!(
            faux(date(2024, 1, 19), 30),
            Err(RuleViolation::Champ { champ: "jusqu_a", motif: "passe" })
        );
        assert!(faux(date(2024, 2, 19), 30).is_ok());
        assert_eq!(
            faux(date(2024, 2, 20), 30),
            Err(RuleViolation::Champ { champ: "jusqu_a", motif: "lointain" })
        );
        assert!(Reouverture::until(BTreeSet::new(), date(2024, 1, 21), 30, a(10)).is_err());
    }

    #[test]
    fn r_ctl_09_r_ctl_10_only_a_return_is_extended_to_a_later_day_or_taken_back() {
        use EtatControle as E;
        let comptes = Comptes { soumise_par: Some(9), pris_par: None };
        assert!(E::Retournee.check_retour(comptes, Some(1)).is_ok());
        assert_eq!(E::Retournee.check_retour(comptes, Some(9)), Err(RuleViolation::ControleDeSoi));
        for e in [E::Brouillon, E::Soumise, E::Acceptee] {
            assert!(matches!(
                e.check_retour(comptes, Some(1)),
                Err(RuleViolation::ForbiddenTransition { .. })
            ));
        }
        for g in GesteControle::ALL {
            assert_eq!(GesteControle::from_code(g.code()), Some(g));
        }
        let now = instant_paris(date(2024, 1, 20).at(10, 0, 0, 0)).expect("exists");
        let avant = fin_de_jour(date(2024, 1, 22));
        let later = |jour| Reouverture::later(BTreeSet::from(["attendus".to_owned()]), jour, 30, now, avant);
        let faux = |motif| Err(RuleViolation::Champ { champ: "jusqu_a", motif });
        assert_eq!(later(date(2024, 1, 19)), faux("passe"));
        assert_eq!(later(date(2024, 1, 22)), faux("deja_donne"));
        assert_eq!(later(date(2024, 2, 20)), faux("lointain"));
        assert!(later(date(2024, 1, 23)).expect("a later day").ouvre("attendus", now));
    }

    #[test]
    fn r_ctl_04_each_field_reviewed_has_a_code_of_its_own() {
        for genre in Genre::ALL {
            let champs = champs_controles(genre);
            let codes: BTreeSet<&str> = champs.iter().map(|(c, _)| *c).collect();
            assert_eq!(codes.len(), champs.len(), "{genre:?}");
        }
    }
}
