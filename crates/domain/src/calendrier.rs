//! The calendar of a session: half-open windows in Paris time, answering delays.
//!
//! « Jusqu'au 13 mars, 23 h 59 » is stored as `ferme` = 14 March 00:00 Europe/Paris (TPS-1).

mod gel;

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

pub use gel::{Borne, DelaisGel, Gel};

use crate::erreurs::RuleViolation;

/// A step of the procedure that the calendar opens and closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Etape {
    /// Settings of establishments and courses.
    Parametrage,
    /// Capacities and fees.
    CapacitesFrais,
    /// The public reads the published offer.
    Consultation,
    /// Registration and wishes.
    Voeux,
    /// Completion and confirmation of wishes.
    Confirmation,
    /// Examination and ranking by the commissions.
    Examen,
    /// Rectors fix the rates.
    Taux,
    /// Call orders are computed and published.
    OrdreAppel,
    /// Main admission phase.
    Admission,
    /// Candidates put in order the wishes that still wait.
    Ordonnancement,
    /// After the main phase: places given back are proposed to those who ordered their wishes.
    Desistements,
    /// The platform may be asked to answer in the candidate's place.
    Repondeur,
}

impl Etape {
    /// Every step, in the order of the campaign.
    pub const ALL: [Self; 12] = [
        Self::Parametrage,
        Self::CapacitesFrais,
        Self::Consultation,
        Self::Voeux,
        Self::Confirmation,
        Self::Examen,
        Self::Taux,
        Self::OrdreAppel,
        Self::Admission,
        Self::Ordonnancement,
        Self::Desistements,
        Self::Repondeur,
    ];

    /// R-CAL-08: the steps during which propositions are made and answered, one after the other.
    pub const PROPOSITIONS: &'static [Self] = &[Self::Admission, Self::Desistements];

    /// Stable code, used in storage and calendar files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Parametrage => "parametrage",
            Self::CapacitesFrais => "capacites_frais",
            Self::Consultation => "consultation",
            Self::Voeux => "voeux",
            Self::Confirmation => "confirmation",
            Self::Examen => "examen",
            Self::Taux => "taux",
            Self::OrdreAppel => "ordre_appel",
            Self::Admission => "admission",
            Self::Ordonnancement => "ordonnancement",
            Self::Desistements => "desistements",
            Self::Repondeur => "repondeur",
        }
    }

    /// The step of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// French name shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Parametrage => "Paramétrage des formations",
            Self::CapacitesFrais => "Saisie des capacités et des frais",
            Self::Consultation => "Consultation de l’offre de formation",
            Self::Voeux => "Inscription et formulation des vœux",
            Self::Confirmation => "Complétude des dossiers et confirmation des vœux",
            Self::Examen => "Examen et classement des candidatures",
            Self::Taux => "Fixation des taux",
            Self::OrdreAppel => "Calcul des ordres d’appel",
            Self::Admission => "Phase principale d’admission",
            Self::Ordonnancement => "Ordonnancement des vœux en attente",
            Self::Desistements => "Gestion des désistements",
            Self::Repondeur => "Répondeur automatique",
        }
    }
}

/// A half-open window: `ouvre` is inside, `ferme` is outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fenetre {
    /// First instant inside.
    pub ouvre: Timestamp,
    /// First instant too late: « until the 14th » closes at midnight in Paris, on the 15th (TPS-1).
    pub ferme: Timestamp,
}

impl Fenetre {
    /// Whether an instant is inside.
    pub fn contient(self, now: Timestamp) -> bool {
        self.ouvre <= now && now < self.ferme
    }
}

/// How long candidates have to answer propositions sent from `du` to `au` (inclusive days in Paris).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelaiReponse {
    /// First day of sending, in Paris.
    pub du: Date,
    /// Last day of sending, in Paris; the same as `du` for a single day.
    pub au: Date,
    /// Until when those propositions may be answered.
    pub limite: LimiteReponse,
}

/// The limit of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimiteReponse {
    /// Until the end of the n-th day after the proposition.
    Jours(u16),
    /// Until the end of this day, whatever the day of the proposition.
    Jusque(Date),
}

/// The calendar in force for a session, one version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendrier {
    /// Version, from 1.
    pub numero: u32,
    /// Text that it comes from.
    pub reference: String,
    fenetres: BTreeMap<Etape, Fenetre>,
    delais: Vec<DelaiReponse>,
}

/// What is wrong with a calendar that someone wants to load.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendrierInvalide {
    /// Step whose closing is not after its opening; each of these faults carries the label shown.
    #[error("la fenêtre « {0} » se ferme avant de s’ouvrir")]
    FenetreInversee(&'static str),
    /// Two steps of the procedure are in the wrong order.
    #[error("« {avant} » doit s’ouvrir avant « {apres} »")]
    Ordre {
        /// Step that must open first.
        avant: &'static str,
        /// Step that opens too early.
        apres: &'static str,
    },
    /// Step with a bound in the hour that does not exist, or exists twice (`domaine.md` §8).
    #[error("une borne de « {0} » tombe entre 2 h et 3 h une nuit de changement d’heure")]
    ChangementHeure(&'static str),
    /// Step without any window.
    #[error("l’étape « {0} » manque")]
    Manque(&'static str),
}

/// Time zone of every legal date.
pub fn paris() -> TimeZone {
    // The tz database is compiled in: the name is always known. UTC would only show wrong hours.
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

/// Names of the months, January first.
pub const MOIS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// Midnight at the start of a day in Paris.
pub fn debut_de_jour(jour: Date) -> Timestamp {
    // Paris changes its clocks at 2 h or 3 h: midnight always exists.
    jour.to_zoned_datetime(paris()).map_or(Timestamp::MIN, |z| z.timestamp())
}

/// The instant of a civil date and time in Paris; `None` between 2 h and 3 h of a night when clocks change.
pub fn instant_paris(quand: DateTime) -> Option<Timestamp> {
    let ambigu = paris().into_ambiguous_zoned_datetime(quand);
    if ambigu.is_ambiguous() { None } else { ambigu.unambiguous().ok().map(|z| z.timestamp()) }
}

/// The civil day of an instant in Paris.
pub fn jour_paris(instant: Timestamp) -> Date {
    instant.to_zoned_datetime(paris()).date()
}

/// The first instant after a day in Paris: where « jusqu'au … inclus » closes.
pub fn fin_de_jour(jour: Date) -> Timestamp {
    jour.tomorrow().map_or(Timestamp::MAX, debut_de_jour)
}

impl Calendrier {
    /// Builds a calendar after checking that its windows follow the campaign.
    ///
    /// # Errors
    /// The first incoherence found, in French.
    pub fn new(
        numero: u32,
        reference: String,
        fenetres: BTreeMap<Etape, Fenetre>,
        delais: Vec<DelaiReponse>,
    ) -> Result<Self, CalendrierInvalide> {
        let mut precedente: Option<(Etape, Fenetre)> = None;
        for etape in Etape::ALL {
            let Some(&fenetre) = fenetres.get(&etape) else {
                return Err(CalendrierInvalide::Manque(etape.libelle()));
            };
            if fenetre.ouvre >= fenetre.ferme {
                return Err(CalendrierInvalide::FenetreInversee(etape.libelle()));
            }
            if let Some((avant, f)) = precedente
                && f.ouvre > fenetre.ouvre
            {
                return Err(CalendrierInvalide::Ordre { avant: avant.libelle(), apres: etape.libelle() });
            }
            precedente = Some((etape, fenetre));
        }
        Ok(Self { numero, reference, fenetres, delais })
    }

    /// The window of a step.
    pub fn fenetre(&self, etape: Etape) -> Option<Fenetre> {
        self.fenetres.get(&etape).copied()
    }

    /// R-CAL-01: the only function that compares a date with an échéance.
    ///
    /// # Errors
    /// [`RuleViolation::NotYetOpen`], [`RuleViolation::Closed`] or [`RuleViolation::NotScheduled`].
    pub fn require_open(&self, etape: Etape, now: Timestamp) -> Result<(), RuleViolation> {
        let Some(Fenetre { ouvre, ferme }) = self.fenetre(etape) else {
            return Err(RuleViolation::NotScheduled { etape });
        };
        if now < ouvre {
            return Err(RuleViolation::NotYetOpen { etape, opens: ouvre });
        }
        if now >= ferme {
            return Err(RuleViolation::Closed { etape, closes: ferme });
        }
        Ok(())
    }

    /// R-CAL-08: an act that several steps open, one after the other, is open during any of them; an act that none opens
    /// is always open.
    ///
    /// # Errors
    /// The refusal of the next step to open; once all are over, that of the last one.
    pub fn require_any_open(&self, etapes: &[Etape], now: Timestamp) -> Result<(), RuleViolation> {
        let mut refus = Ok(());
        for &etape in etapes {
            match self.require_open(etape, now) {
                Ok(()) => return Ok(()),
                Err(_) if matches!(refus, Err(RuleViolation::NotYetOpen { .. })) => {}
                autre => refus = autre,
            }
        }
        refus
    }

    /// What stays possible from the opening of one step to the end of a later one, whatever lies between.
    ///
    /// # Errors
    /// As [`Calendrier::require_open`]: of the first step before it opens, of the last one once it is over.
    pub fn require_between(&self, de: Etape, a: Etape, now: Timestamp) -> Result<(), RuleViolation> {
        use RuleViolation as R;
        if let Err(avant @ (R::NotYetOpen { .. } | R::NotScheduled { .. })) = self.require_open(de, now) {
            return Err(avant);
        }
        match self.require_open(a, now) {
            Err(R::NotYetOpen { .. }) => Ok(()),
            autre => autre,
        }
    }

    /// R-CAL-03: the limit for answering a proposition sent at `emise_le` (first instant too late).
    ///
    /// Falls back on the end of the next day when no line of the calendar covers that day. Never after the last step during
    /// which one answers: nobody is told a date on which the site would refuse.
    pub fn echeance_reponse(&self, emise_le: Timestamp) -> Timestamp {
        let jour = jour_paris(emise_le);
        let limite = self
            .delais
            .iter()
            .find(|d| d.du <= jour && jour <= d.au)
            .map_or(LimiteReponse::Jours(1), |d| d.limite);
        let limite = match limite {
            LimiteReponse::Jours(n) => fin_de_jour(jour.saturating_add(i64::from(n).days())),
            LimiteReponse::Jusque(date) => fin_de_jour(date),
        };
        let fin = Etape::PROPOSITIONS.iter().filter_map(|e| self.fenetre(*e)).map(|f| f.ferme).max();
        fin.map_or(limite, |fin| limite.min(fin))
    }

    /// R-CAL-05 (TPS-3): the next version of the calendar, in which one step closes later. A closing is never brought
    /// forward: nobody loses a date that was announced to them.
    ///
    /// # Errors
    /// [`RuleViolation::Champ`] when the new closing is not after the present one, or is already past.
    pub fn prolonge(&self, etape: Etape, ferme: Timestamp, now: Timestamp) -> Result<Self, RuleViolation> {
        let Some(fenetre) = self.fenetre(etape) else {
            return Err(RuleViolation::NotScheduled { etape });
        };
        if ferme <= fenetre.ferme {
            return Err(RuleViolation::Champ { champ: "jusque", motif: "avance" });
        }
        if ferme <= now {
            return Err(RuleViolation::Champ { champ: "jusque", motif: "passe" });
        }
        let mut suivant = Self { numero: self.numero + 1, ..self.clone() };
        suivant.fenetres.insert(etape, Fenetre { ferme, ..fenetre });
        Ok(suivant)
    }

    /// Day number of the campaign of propositions (1 = the day admission opens); ≤ 0 before. It goes on counting after the
    /// main phase.
    pub fn jour_admission(&self, now: Timestamp) -> i32 {
        let Some(f) = self.fenetre(Etape::Admission) else {
            return 0;
        };
        let ecart = jour_paris(now).since(jour_paris(f.ouvre)).map_or(0, |s| s.get_days());
        ecart + 1
    }

    /// Answering delays, as loaded.
    pub fn delais(&self) -> &[DelaiReponse] {
        &self.delais
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn calendrier() -> Calendrier {
        let fenetre = |a: Date, b: Date| Fenetre { ouvre: debut_de_jour(a), ferme: fin_de_jour(b) };
        let fenetres = BTreeMap::from([
            (Etape::Parametrage, fenetre(date(2023, 11, 13), date(2023, 12, 13))),
            (Etape::CapacitesFrais, fenetre(date(2023, 11, 13), date(2024, 1, 12))),
            (Etape::Consultation, fenetre(date(2023, 12, 20), date(2024, 9, 12))),
            (Etape::Voeux, fenetre(date(2024, 1, 17), date(2024, 3, 14))),
            (Etape::Confirmation, fenetre(date(2024, 1, 17), date(2024, 4, 3))),
            (Etape::Examen, fenetre(date(2024, 4, 4), date(2024, 5, 21))),
            (Etape::Taux, fenetre(date(2024, 4, 4), date(2024, 5, 24))),
            (Etape::OrdreAppel, fenetre(date(2024, 5, 22), date(2024, 5, 30))),
            (Etape::Admission, fenetre(date(2024, 5, 30), date(2024, 7, 11))),
            (Etape::Ordonnancement, fenetre(date(2024, 7, 1), date(2024, 7, 3))),
            (Etape::Desistements, fenetre(date(2024, 7, 12), date(2024, 9, 12))),
            (Etape::Repondeur, fenetre(date(2024, 7, 15), date(2024, 8, 20))),
        ]);
        let delais = vec![
            DelaiReponse {
                du: date(2024, 5, 30),
                au: date(2024, 5, 31),
                limite: LimiteReponse::Jusque(date(2024, 6, 2)),
            },
            DelaiReponse {
                du: date(2024, 6, 1),
                au: date(2024, 6, 1),
                limite: LimiteReponse::Jusque(date(2024, 6, 3)),
            },
            DelaiReponse { du: date(2024, 6, 2), au: date(2024, 6, 14), limite: LimiteReponse::Jours(1) },
            DelaiReponse {
                du: date(2024, 6, 15),
                au: date(2024, 6, 23),
                limite: LimiteReponse::Jusque(date(2024, 6, 24)),
            },
            DelaiReponse { du: date(2024, 6, 24), au: date(2024, 7, 10), limite: LimiteReponse::Jours(1) },
        ];
        Calendrier::new(1, "essai".to_owned(), fenetres, delais).expect("calendar of the tests")
    }

    #[test]
    fn what_lasts_from_one_step_to_another_is_open_between_them_too() {
        let c = calendrier();
        let ouverte = |t: Timestamp| c.require_between(Etape::Parametrage, Etape::Examen, t);
        let matin = |j: Date| a(j, 0, 0, 0);
        assert!(matches!(
            ouverte(a(date(2023, 11, 12), 23, 59, 59)),
            Err(RuleViolation::NotYetOpen { etape: Etape::Parametrage, .. })
        ));
        // The settings, the weeks when neither step is open, the examination.
        for jour in
            [date(2023, 11, 13), date(2023, 12, 14), date(2024, 4, 3), date(2024, 4, 4), date(2024, 5, 21)]
        {
            assert_eq!(ouverte(matin(jour)), Ok(()), "{jour}");
        }
        assert!(matches!(
            ouverte(matin(date(2024, 5, 22))),
            Err(RuleViolation::Closed { etape: Etape::Examen, .. })
        ));
    }

    fn a(date: Date, h: i8, m: i8, s: i8) -> Timestamp {
        instant_paris(date.at(h, m, s, 0)).expect("not in a clock change")
    }

    #[test]
    fn r_cal_01_tps_1_until_the_12th_included_means_the_last_instant_of_the_12th() {
        let c = calendrier();
        let dernier = fin_de_jour(date(2024, 1, 12)) - 1.nanosecond();
        assert_eq!(c.require_open(Etape::CapacitesFrais, dernier), Ok(()));
        assert_eq!(
            c.require_open(Etape::CapacitesFrais, a(date(2024, 1, 13), 0, 0, 0)),
            Err(RuleViolation::Closed {
                etape: Etape::CapacitesFrais,
                closes: a(date(2024, 1, 13), 0, 0, 0)
            })
        );
    }

    #[test]
    fn r_cal_01_a_window_contains_its_opening_and_not_the_instant_before() {
        let c = calendrier();
        let ouvre = a(date(2024, 1, 17), 0, 0, 0);
        assert_eq!(c.require_open(Etape::Voeux, ouvre), Ok(()));
        assert!(matches!(
            c.require_open(Etape::Voeux, ouvre - 1.nanosecond()),
            Err(RuleViolation::NotYetOpen { .. })
        ));
    }

    #[test]
    fn r_cal_03_every_line_of_the_2024_answering_delays() {
        let c = calendrier();
        for (emise, derniere) in [
            (date(2024, 5, 30), date(2024, 6, 2)),
            (date(2024, 5, 31), date(2024, 6, 2)),
            (date(2024, 6, 1), date(2024, 6, 3)),
            (date(2024, 6, 2), date(2024, 6, 3)),
            (date(2024, 6, 14), date(2024, 6, 15)),
            (date(2024, 6, 15), date(2024, 6, 24)),
            (date(2024, 6, 23), date(2024, 6, 24)),
            (date(2024, 6, 24), date(2024, 6, 25)),
            (date(2024, 7, 10), date(2024, 7, 11)),
            (date(2024, 7, 11), date(2024, 7, 12)),
            (date(2024, 9, 11), date(2024, 9, 12)),
            // The last day of all: what would be answered on the 13th is answered on the 12th.
            (date(2024, 9, 12), date(2024, 9, 12)),
        ] {
            assert_eq!(c.echeance_reponse(a(emise, 19, 0, 0)), fin_de_jour(derniere), "emitted {emise}");
        }
    }

    #[test]
    fn r_cal_08_propositions_are_answered_in_the_main_phase_and_in_the_summer() {
        let c = calendrier();
        let ouvert = |jour: Date| c.require_any_open(Etape::PROPOSITIONS, debut_de_jour(jour));
        let avant = Err(RuleViolation::NotYetOpen {
            etape: Etape::Admission,
            opens: debut_de_jour(date(2024, 5, 30)),
        });
        assert_eq!(ouvert(date(2024, 5, 29)), avant);
        for jour in [date(2024, 5, 30), date(2024, 7, 11), date(2024, 7, 12), date(2024, 9, 12)] {
            assert_eq!(ouvert(jour), Ok(()), "{jour}");
        }
        let fini = Err(RuleViolation::Closed {
            etape: Etape::Desistements,
            closes: debut_de_jour(date(2024, 9, 13)),
        });
        assert_eq!(ouvert(date(2024, 9, 13)), fini);
        assert_eq!(c.require_any_open(&[], debut_de_jour(date(2024, 1, 1))), Ok(()));
        // Between two steps: the next one.
        let entre =
            c.require_any_open(&[Etape::Voeux, Etape::Ordonnancement], debut_de_jour(date(2024, 6, 1)));
        assert!(matches!(entre, Err(RuleViolation::NotYetOpen { etape: Etape::Ordonnancement, .. })));
    }

    #[test]
    fn r_cal_02_a_calendar_that_goes_backwards_is_refused() {
        let c = calendrier();
        let mut fenetres = c.fenetres.clone();
        fenetres.insert(
            Etape::Voeux,
            Fenetre { ouvre: debut_de_jour(date(2023, 1, 1)), ferme: debut_de_jour(date(2023, 1, 2)) },
        );
        assert!(matches!(
            Calendrier::new(2, String::new(), fenetres, Vec::new()),
            Err(CalendrierInvalide::Ordre { .. })
        ));
    }

    #[test]
    fn tps_4_no_boundary_in_the_hour_that_does_not_exist_or_exists_twice() {
        assert_eq!(instant_paris(date(2024, 3, 31).at(2, 30, 0, 0)), None);
        assert_eq!(instant_paris(date(2024, 10, 27).at(2, 30, 0, 0)), None);
        assert!(instant_paris(date(2024, 3, 31).at(3, 0, 0, 0)).is_some());
    }

    #[test]
    fn r_cal_05_tps_3_only_the_closing_asked_for_moves_and_only_later() {
        let c = calendrier();
        let ferme = c.fenetre(Etape::Voeux).expect("step").ferme;
        let now = ferme - 1.hour();
        let avance = Err(RuleViolation::Champ { champ: "jusque", motif: "avance" });
        assert_eq!(c.prolonge(Etape::Voeux, ferme, now), avance);
        assert_eq!(c.prolonge(Etape::Voeux, ferme - 24.hours(), now), avance);
        let tard = ferme + 48.hours();
        let passe = Err(RuleViolation::Champ { champ: "jusque", motif: "passe" });
        assert_eq!(c.prolonge(Etape::Voeux, tard, tard), passe);
        let suivant = c.prolonge(Etape::Voeux, tard, ferme + 1.hour()).expect("later");
        assert_eq!(suivant.numero, c.numero + 1);
        for etape in Etape::ALL {
            let (avant, apres) = (c.fenetre(etape).expect("step"), suivant.fenetre(etape).expect("step"));
            let attendue = if etape == Etape::Voeux { Fenetre { ferme: tard, ..avant } } else { avant };
            assert_eq!(apres, attendue, "{etape:?}");
        }
        assert_eq!(suivant.delais(), c.delais());
    }

    /// TPS-4: the nights when the clocks change, from 2023 to 2030, and the days of 23, 24 or 25 hours around them.
    #[test]
    fn tps_4_nights_of_clock_change_and_29_february_from_2023_to_2030() {
        let printemps = [26, 31, 30, 29, 28, 26, 25, 31];
        let automne = [29, 27, 26, 25, 31, 29, 28, 27];
        for (annee, (mars, octobre)) in (2023i16..=2030).zip(printemps.into_iter().zip(automne)) {
            let heures =
                |d: Date| fin_de_jour(d).since(debut_de_jour(d)).expect("span").get_seconds() / 3_600;
            for (jour, attendu) in [(date(annee, 3, mars), 23), (date(annee, 10, octobre), 25)] {
                assert_eq!(heures(jour), attendu, "{jour}");
                let veille = jour.yesterday().expect("day");
                assert_eq!(heures(veille), 24, "{veille}");
                for minute in [0, 30, 59] {
                    assert_eq!(instant_paris(jour.at(2, minute, 0, 0)), None, "{jour} 2 h {minute}");
                }
                assert!(
                    instant_paris(jour.at(1, 59, 59, 0)).is_some()
                        && instant_paris(jour.at(3, 0, 0, 0)).is_some()
                );
            }
            let fin_fevrier = fin_de_jour(date(annee, 2, 28));
            let attendu = if matches!(annee, 2024 | 2028) { date(annee, 2, 29) } else { date(annee, 3, 1) };
            assert_eq!(jour_paris(fin_fevrier), attendu);
        }
    }

    #[test]
    fn r_cal_04_the_first_day_of_admission_is_day_one_until_midnight() {
        let c = calendrier();
        assert_eq!(c.jour_admission(a(date(2024, 5, 29), 23, 59, 59)), 0);
        assert_eq!(c.jour_admission(a(date(2024, 5, 30), 19, 0, 0)), 1);
        assert_eq!(c.jour_admission(a(date(2024, 5, 31), 0, 0, 0)), 2);
    }
}
