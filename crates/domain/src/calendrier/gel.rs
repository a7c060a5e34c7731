//! RUN-6: the days before a date that people wait for, when neither a delivery nor an act on many accounts may surprise them.

use jiff::{SignedDuration, Timestamp, ToSpan};

use super::{Etape, Fenetre, paris};

/// How long a freeze lasts before a date of the calendar: settings of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelaisGel {
    /// Days in Paris before an opening; 0: openings freeze nothing.
    pub ouverture_jours: u16,
    /// Hours before a deadline; 0: deadlines freeze nothing.
    pub echeance_heures: u16,
}

/// Which end of a step a freeze protects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Borne {
    /// People come on that day for the first time.
    Ouverture,
    /// It is too late afterwards.
    Echeance,
}

/// A freeze under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gel {
    /// Step that it protects; of several dates at once, the last one.
    pub etape: Etape,
    /// Its opening or its deadline.
    pub borne: Borne,
    /// That date: first instant inside, or first instant too late.
    pub le: Timestamp,
    /// First instant out of it, those that begin before it ends included.
    pub fin: Timestamp,
}

impl Gel {
    /// Openings that people wait for: of the site de gestion, of the public offer, of wishes, of admission. The other steps
    /// open for those who are at work already.
    pub const OUVERTURES: &'static [Etape] =
        &[Etape::Parametrage, Etape::Consultation, Etape::Voeux, Etape::Admission];
    /// Steps at the end of which somebody may come too late: neither the public offer, which is only read, nor the computing
    /// of call orders. The limits of answers, one a day all summer, freeze nothing.
    pub const ECHEANCES: &'static [Etape] = &[
        Etape::Parametrage,
        Etape::CapacitesFrais,
        Etape::Voeux,
        Etape::Confirmation,
        Etape::Examen,
        Etape::Taux,
        Etape::Admission,
        Etape::Ordonnancement,
        Etape::Desistements,
        Etape::Repondeur,
    ];

    /// R-CAL-09: the freeze of an instant, from the delay before a date (included) to that date (excluded); `None`: nothing
    /// is frozen. Freezes that follow one another without a gap are told as one.
    pub fn en_cours(fenetres: &[(Etape, Fenetre)], delais: DelaisGel, now: Timestamp) -> Option<Self> {
        let gels = gels(fenetres, delais);
        let mut gel = dernier(&gels, now)?;
        while let Some(suivant) = dernier(&gels, gel.fin) {
            gel.fin = suivant.fin;
        }
        Some(gel)
    }
}

/// Every freeze of a calendar with its first instant, each by itself.
fn gels(fenetres: &[(Etape, Fenetre)], delais: DelaisGel) -> Vec<(Timestamp, Gel)> {
    let avant_ouverture = |le: Timestamp| {
        let jours = i64::from(delais.ouverture_jours).days();
        le.to_zoned_datetime(paris()).checked_sub(jours).map_or(Timestamp::MIN, |z| z.timestamp())
    };
    let avant_echeance = |le: Timestamp| {
        let heures = SignedDuration::from_hours(i64::from(delais.echeance_heures));
        le.checked_sub(heures).unwrap_or(Timestamp::MIN)
    };
    let mut gels = Vec::new();
    for &(etape, Fenetre { ouvre, ferme }) in fenetres {
        if Gel::OUVERTURES.contains(&etape) {
            let gel = Gel { etape, borne: Borne::Ouverture, le: ouvre, fin: ouvre };
            gels.push((avant_ouverture(ouvre), gel));
        }
        if Gel::ECHEANCES.contains(&etape) {
            let gel = Gel { etape, borne: Borne::Echeance, le: ferme, fin: ferme };
            gels.push((avant_echeance(ferme), gel));
        }
    }
    gels
}

/// Of the freezes of an instant, the one that ends last.
fn dernier(gels: &[(Timestamp, Gel)], now: Timestamp) -> Option<Gel> {
    gels.iter().filter(|(debut, g)| *debut <= now && now < g.fin).map(|(_, g)| *g).max_by_key(|g| g.fin)
}

#[cfg(test)]
mod tests {
    use super::super::{debut_de_jour, fin_de_jour, instant_paris};
    use super::*;
    use jiff::civil::{Date, date};

    const DELAIS: DelaisGel = DelaisGel { ouverture_jours: 7, echeance_heures: 48 };

    fn fenetre(etape: Etape, du: Date, au: Date) -> (Etape, Fenetre) {
        (etape, Fenetre { ouvre: debut_de_jour(du), ferme: fin_de_jour(au) })
    }

    fn a(jour: Date, heure: i8) -> Timestamp {
        instant_paris(jour.at(heure, 0, 0, 0)).expect("exists")
    }

    #[test]
    fn run_6_r_cal_09_seven_days_before_an_opening_and_48_hours_before_a_deadline() {
        let seule = [fenetre(Etape::Voeux, date(2024, 1, 17), date(2024, 3, 14))];
        let gel = |t| Gel::en_cours(&seule, DELAIS, t).map(|g| (g.borne, g.le));
        let ouvre = debut_de_jour(date(2024, 1, 17));
        let ferme = fin_de_jour(date(2024, 3, 14));
        let juste = SignedDuration::from_secs(1);
        let debut = debut_de_jour(date(2024, 1, 10));
        assert_eq!(gel(debut.checked_sub(juste).expect("in range")), None);
        assert_eq!(gel(debut), Some((Borne::Ouverture, ouvre)));
        assert_eq!(gel(ouvre.checked_sub(juste).expect("in range")), Some((Borne::Ouverture, ouvre)));
        // The date itself is the first instant out.
        assert_eq!(gel(ouvre), None);
        assert_eq!(gel(a(date(2024, 3, 12), 23)), None);
        assert_eq!(gel(a(date(2024, 3, 13), 0)), Some((Borne::Echeance, ferme)));
        assert_eq!(gel(a(date(2024, 3, 14), 23)), Some((Borne::Echeance, ferme)));
        assert_eq!(gel(ferme), None);
    }

    #[test]
    fn run_6_the_delays_are_settings_and_none_freezes_nothing() {
        let seule = [fenetre(Etape::Voeux, date(2024, 1, 17), date(2024, 3, 14))];
        let long = DelaisGel { ouverture_jours: 10, echeance_heures: 72 };
        let nul = DelaisGel { ouverture_jours: 0, echeance_heures: 0 };
        for quand in [a(date(2024, 1, 7), 1), a(date(2024, 3, 12), 1)] {
            assert!(Gel::en_cours(&seule, long, quand).is_some());
            assert_eq!(Gel::en_cours(&seule, DELAIS, quand), None);
        }
        assert_eq!(Gel::en_cours(&seule, nul, a(date(2024, 1, 16), 23)), None);
        assert_eq!(Gel::en_cours(&[], DELAIS, a(date(2024, 1, 16), 23)), None);
    }

    #[test]
    fn run_6_seven_days_are_days_of_paris_when_clocks_change() {
        // Clocks go forward on 31 March 2024: the week before has an hour less.
        let ouvre = a(date(2024, 4, 2), 19);
        let fenetres = [(Etape::Admission, Fenetre { ouvre, ferme: fin_de_jour(date(2024, 7, 11)) })];
        assert_eq!(Gel::en_cours(&fenetres, DELAIS, a(date(2024, 3, 26), 18)), None);
        assert!(Gel::en_cours(&fenetres, DELAIS, a(date(2024, 3, 26), 19)).is_some());
    }

    #[test]
    fn run_6_freezes_that_touch_are_told_as_one_until_the_last_ends() {
        let fenetres = [
            fenetre(Etape::Parametrage, date(2023, 11, 13), date(2024, 1, 9)),
            fenetre(Etape::CapacitesFrais, date(2023, 11, 13), date(2024, 1, 12)),
            fenetre(Etape::Voeux, date(2024, 1, 17), date(2024, 3, 14)),
        ];
        // The deadline of the 9th, then the opening of the 17th: the second one begins as the first one ends.
        let gel = Gel::en_cours(&fenetres, DELAIS, a(date(2024, 1, 9), 12)).expect("frozen");
        assert_eq!((gel.etape, gel.borne), (Etape::Parametrage, Borne::Echeance));
        assert_eq!(gel.le, fin_de_jour(date(2024, 1, 9)));
        assert_eq!(gel.fin, debut_de_jour(date(2024, 1, 17)));
        // Two at once: the one that lasts is told.
        let gel = Gel::en_cours(&fenetres, DELAIS, a(date(2024, 1, 12), 12)).expect("frozen");
        assert_eq!((gel.etape, gel.fin), (Etape::Voeux, gel.le));
    }

    #[test]
    fn run_6_dates_that_nobody_waits_for_freeze_nothing() {
        let fenetres = [
            fenetre(Etape::OrdreAppel, date(2024, 5, 22), date(2024, 5, 30)),
            fenetre(Etape::Consultation, date(2023, 12, 20), date(2024, 9, 12)),
            fenetre(Etape::Ordonnancement, date(2024, 7, 1), date(2024, 7, 3)),
        ];
        let gele = |jour| Gel::en_cours(&fenetres, DELAIS, a(jour, 12)).map(|g| g.etape);
        assert_eq!(gele(date(2024, 5, 21)), None, "the opening of a computation");
        assert_eq!(gele(date(2024, 5, 30)), None, "and its end");
        assert_eq!(gele(date(2024, 9, 12)), None, "what is only read");
        assert_eq!(gele(date(2023, 12, 19)), Some(Etape::Consultation));
        assert_eq!(gele(date(2024, 6, 30)), None, "the opening of what follows");
        assert_eq!(gele(date(2024, 7, 3)), Some(Etape::Ordonnancement));
    }
}
