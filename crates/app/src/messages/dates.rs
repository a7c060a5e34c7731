//! Instants and dates in French, as the clocks of Paris or of a territory show them.

use domain::calendrier::{MOIS, paris};
use domain::territoires::HeureLocale;
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ZonedDateTime};

const JOURS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// « jeudi 30 mai 2024 ».
pub fn date_longue(instant: Timestamp) -> String {
    date_civile(instant.to_zoned_datetime(paris()).date())
}

/// « mercredi 1er mai 2024 ».
pub fn date_civile(date: Date) -> String {
    let jour = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!(
        "{} {jour} {} {}",
        JOURS[usize::from(date.weekday().since(Weekday::Monday).unsigned_abs())],
        MOIS[usize::from(date.month().unsigned_abs()) - 1],
        date.year()
    )
}

/// « 23 h 59 », « 8 h », held together by no-break spaces.
pub fn heure(instant: &ZonedDateTime) -> String {
    match instant.minute() {
        0 => format!("{}\u{a0}h", instant.hour()),
        minute => format!("{}\u{a0}h\u{a0}{minute:02}", instant.hour()),
    }
}

/// « jeudi 30 mai 2024 à 19 h » (heure de Paris).
pub fn date_heure(instant: Timestamp) -> String {
    format!("{} à {}", date_longue(instant), heure(&instant.to_zoned_datetime(paris())))
}

/// A limit, « closes » outside: « dimanche 2 juin 2024 à 23 h 59 ».
pub fn date_limite(ferme: Timestamp) -> String {
    date_heure(ferme.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap_or(ferme))
}

/// The day at the end of which a limit comes: « 02/06/2024 ».
pub fn jour_limite(ferme: Timestamp) -> String {
    date_courte(ferme.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap_or(ferme))
}

/// A limit as the clocks of a territory show it: « vendredi 15 mars 2024 à 2 h 59 (heure de La Réunion) ».
pub fn date_limite_locale(ferme: Timestamp, ici: HeureLocale) -> String {
    date_heure_locale(ferme.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap_or(ferme), ici)
}

/// An instant as the clocks of a territory show it.
pub fn date_heure_locale(instant: Timestamp, ici: HeureLocale) -> String {
    let z = ici.at(instant);
    format!("{} à {} ({})", date_civile(z.date()), heure(&z), ici.nom)
}

/// An instant for somebody who may live where the clocks are not those of Paris: in both times then (TPS-4).
pub fn date_heure_ici(instant: Timestamp, ici: Option<HeureLocale>) -> String {
    both(date_heure(instant), ici.map(|ici| date_heure_locale(instant, ici)))
}

/// A limit, likewise.
pub fn date_limite_ici(ferme: Timestamp, ici: Option<HeureLocale>) -> String {
    both(date_limite(ferme), ici.map(|ici| date_limite_locale(ferme, ici)))
}

fn both(paris: String, locale: Option<String>) -> String {
    match locale {
        None => paris,
        Some(ici) => format!("{paris} (heure de Paris), soit le {ici}"),
    }
}

/// « 02/06/2024 ».
pub fn date_courte(instant: Timestamp) -> String {
    let z = instant.to_zoned_datetime(paris());
    format!("{:02}/{:02}/{}", z.day(), z.month(), z.year())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::calendrier::{fin_de_jour, instant_paris};
    use jiff::civil::date;

    #[test]
    fn tps_1_a_limit_is_written_as_the_last_minute_of_the_day() {
        assert_eq!(date_limite(fin_de_jour(date(2024, 6, 2))), "dimanche 2 juin 2024 à 23\u{a0}h\u{a0}59");
        let t = instant_paris(date(2024, 5, 1).at(9, 5, 0, 0)).expect("exists");
        assert_eq!(date_heure(t), "mercredi 1er mai 2024 à 9\u{a0}h\u{a0}05");
        let t = instant_paris(date(2024, 5, 30).at(19, 0, 0, 0)).expect("exists");
        assert_eq!(date_heure(t), "jeudi 30 mai 2024 à 19\u{a0}h");
    }
}
