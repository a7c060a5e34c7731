//! Territories that do not live on the time of Paris (TPS-4): legal dates are shown to them in both.

use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use super::departement;

/// The time that the clocks of a territory show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeureLocale {
    /// « heure de La Réunion ».
    pub nom: &'static str,
    zone: &'static str,
}

const fn h(departement: &'static str, nom: &'static str, zone: &'static str) -> (&'static str, HeureLocale) {
    (departement, HeureLocale { nom, zone })
}

/// By code of department. French Polynesia has three times: that of Tahiti, where nine in ten live.
#[rustfmt::skip] // one line a territory reads like the table it is
static FUSEAUX: &[(&str, HeureLocale)] = &[
    h("971", "heure de la Guadeloupe", "America/Guadeloupe"),
    h("972", "heure de la Martinique", "America/Martinique"),
    h("973", "heure de la Guyane", "America/Cayenne"),
    h("974", "heure de La Réunion", "Indian/Reunion"),
    h("975", "heure de Saint-Pierre-et-Miquelon", "America/Miquelon"),
    h("976", "heure de Mayotte", "Indian/Mayotte"),
    h("977", "heure de Saint-Barthélemy", "America/St_Barthelemy"),
    h("978", "heure de Saint-Martin", "America/Marigot"),
    h("986", "heure de Wallis-et-Futuna", "Pacific/Wallis"),
    h("987", "heure de Tahiti", "Pacific/Tahiti"),
    h("988", "heure de Nouvelle-Calédonie", "Pacific/Noumea"),
];

impl HeureLocale {
    /// That of a department; `None` where it is Paris time, abroad included: nobody knows where.
    pub fn of_departement(code: &str) -> Option<Self> {
        let code = departement(code)?.code;
        FUSEAUX.iter().find(|(d, _)| *d == code).map(|(_, h)| *h)
    }

    /// That of the chief department of an academy.
    pub fn of_academie(code: &str) -> Option<Self> {
        let dans = |d: &str| departement(d).is_some_and(|d| d.academie == code);
        FUSEAUX.iter().find(|(d, _)| dans(d)).map(|(_, h)| *h)
    }

    /// What the clocks of the territory show at this instant.
    pub fn at(self, instant: Timestamp) -> ZonedDateTime {
        // The tz database is compiled in: the name is always known, a test says so.
        instant.to_zoned_datetime(TimeZone::get(self.zone).unwrap_or(TimeZone::UTC))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendrier::{fin_de_jour, paris};
    use crate::territoires::departements;
    use jiff::civil::date;
    use jiff::{SignedDuration, ToSpan};

    #[test]
    fn tps_4_every_territory_out_of_paris_time_is_in_the_table_and_no_other() {
        for d in departements() {
            let attendu = d.code.len() == 3;
            assert_eq!(HeureLocale::of_departement(d.code).is_some(), attendu, "{}", d.nom);
        }
        for (code, h) in FUSEAUX {
            assert!(TimeZone::get(h.zone).is_ok(), "{code}: {}", h.zone);
            let academie = departement(code).expect("department").academie;
            assert!(HeureLocale::of_academie(academie).is_some(), "{code}");
        }
        assert_eq!(HeureLocale::of_academie("28"), HeureLocale::of_departement("974"));
        assert_eq!(HeureLocale::of_academie("10"), None);
    }

    /// R-CAL-06: the last minute of a day in Paris, summer and winter, as each territory reads it.
    #[test]
    fn r_cal_06_tps_4_the_last_minute_in_paris_is_read_overseas() {
        let lit = |d: &str, jour| {
            let ferme = fin_de_jour(jour) - 1.minute();
            HeureLocale::of_departement(d).expect("overseas").at(ferme).strftime("%d %H:%M").to_string()
        };
        let (hiver, ete) = (date(2024, 1, 12), date(2024, 7, 11));
        for (d, en_hiver, en_ete) in [
            ("971", "12 18:59", "11 17:59"),
            ("972", "12 18:59", "11 17:59"),
            ("973", "12 19:59", "11 18:59"),
            ("974", "13 02:59", "12 01:59"),
            ("975", "12 19:59", "11 19:59"),
            ("976", "13 01:59", "12 00:59"),
            ("977", "12 18:59", "11 17:59"),
            ("978", "12 18:59", "11 17:59"),
            ("986", "13 10:59", "12 09:59"),
            ("987", "12 12:59", "11 11:59"),
            ("988", "13 09:59", "12 08:59"),
        ] {
            assert_eq!((lit(d, hiver).as_str(), lit(d, ete).as_str()), (en_hiver, en_ete), "{d}");
        }
    }

    /// F-21: every day from 2023 to 2030: the same instant in both times, and the offset is the one of its season.
    #[test]
    fn f_21_tps_4_every_day_from_2023_to_2030_is_one_instant_in_both_times() {
        let mut jour = date(2023, 1, 1);
        while jour.year() <= 2030 {
            let derniere = fin_de_jour(jour) - 1.nanosecond();
            let a_paris = derniere.to_zoned_datetime(paris());
            assert_eq!((a_paris.date(), a_paris.hour(), a_paris.minute()), (jour, 23, 59), "{jour}");
            for (code, h) in FUSEAUX {
                let ici = h.at(derniere);
                assert_eq!(ici.timestamp(), derniere);
                let ecart = ici.offset().seconds() - a_paris.offset().seconds();
                let ete = a_paris.offset().seconds() == 7_200;
                let heures = match (*code, ete) {
                    ("971" | "972" | "977" | "978", e) => -5 - i32::from(e),
                    ("973", e) => -4 - i32::from(e),
                    ("974", e) => 3 - i32::from(e),
                    ("976", e) => 2 - i32::from(e),
                    ("986", e) => 11 - i32::from(e),
                    ("987", e) => -11 - i32::from(e),
                    ("988", e) => 10 - i32::from(e),
                    // Saint-Pierre changes its clocks too, some weeks apart.
                    _ => {
                        assert!(matches!(ecart / 3_600, -5..=-3), "{code} {jour}: {ecart}");
                        continue;
                    }
                };
                assert_eq!(
                    SignedDuration::from_secs(ecart.into()).as_hours(),
                    i64::from(heures),
                    "{code} {jour}"
                );
            }
            jour = jour.tomorrow().expect("a day");
        }
    }
}
