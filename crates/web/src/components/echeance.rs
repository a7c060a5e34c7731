//! A deadline, in full and as the time that is left.

use app::messages::date_limite_locale;
use askama::Template;
use domain::territoires::HeureLocale;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::{date_longue, heure};

/// « Jusqu’au mercredi 13 mars 2024, 23 h 59 (heure de Paris) – il reste 2 jours ».
///
/// The instant given is the one outside the window (`closes`, half-open): the last minute inside is
/// shown. The script counts from the seconds left, not from the clock of the visitor's machine,
/// which may be wrong and knows nothing of the campaign's clock.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<p class="echeance{% if secondes <= 0 %} echeance--close{% else if secondes < 86_400 %} echeance--proche{% endif %}"><span class="fr-icon-time-line" aria-hidden="true"></span> <time datetime="{{ iso }}">{{ texte }}</time>
{%- if secondes > 0 %} – <span class="echeance__reste" data-secondes="{{ secondes }}">{{ reste }}</span>{% endif %}
{%- for ici in locales %} <span class="echeance__locale">soit le {{ ici }}</span>{% endfor %}</p>"#
)]
pub struct Echeance {
    iso: String,
    texte: String,
    reste: String,
    secondes: i64,
    ferme: Timestamp,
    locales: Vec<String>,
}
composant!(Echeance);

impl Echeance {
    /// Says it also as the clocks of these territories show it (TPS-4).
    #[must_use]
    pub fn locales(mut self, heures: impl IntoIterator<Item = HeureLocale>) -> Self {
        self.locales = heures.into_iter().map(|h| date_limite_locale(self.ferme, h)).collect();
        self
    }

    /// Says what closes then, where several deadlines stand together: « Description : jusqu’au … ».
    #[must_use]
    pub fn objet(mut self, quoi: &str) -> Self {
        let mut lettres = self.texte.chars();
        let debut: String = lettres.next().into_iter().flat_map(char::to_lowercase).collect();
        self.texte = format!("{quoi} : {debut}{}", lettres.as_str());
        self
    }

    pub fn new(maintenant: Timestamp, ferme: Timestamp) -> Self {
        // A window that closes at midnight is said the French way: the day before, 23 h 59.
        let derniere = ferme.checked_sub(1.minute()).unwrap_or(ferme).to_zoned_datetime(paris());
        let secondes = ferme.as_second().saturating_sub(maintenant.as_second());
        let quand = format!("{}, {} (heure de Paris)", date_longue(derniere.date()), heure(&derniere));
        let texte =
            if secondes > 0 { format!("Jusqu’au {quand}") } else { format!("Clos depuis le {quand}") };
        Self { iso: ferme.to_string(), texte, reste: reste(secondes), secondes, ferme, locales: Vec::new() }
    }
}

fn paris() -> TimeZone {
    TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC)
}

/// « il reste 2 jours », « il reste 3 heures », « il reste 5 minutes ».
fn reste(secondes: i64) -> String {
    let (n, un, plusieurs) = match secondes {
        172_800.. => (secondes / 86_400, "jour", "jours"),
        7_200..172_800 => (secondes / 3_600, "heure", "heures"),
        60..7_200 => (secondes / 60, "minute", "minutes"),
        1..60 => return "il reste moins d’une minute".to_owned(),
        _ => return "c’est terminé".to_owned(),
    };
    format!("il\u{a0}reste\u{a0}{n}\u{a0}{}", if n > 1 { plusieurs } else { un })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_said_as_the_last_minute_of_the_day_before() {
        let ferme: Timestamp = "2024-03-13T23:00:00Z".parse().unwrap();
        let maintenant: Timestamp = "2024-03-11T22:00:00Z".parse().unwrap();
        let html = Echeance::new(maintenant, ferme).to_string();
        assert!(
            html.contains("Jusqu’au mercredi 13 mars 2024, 23\u{a0}h\u{a0}59 (heure de Paris)"),
            "{html}"
        );
        assert!(html.contains("il\u{a0}reste\u{a0}2\u{a0}jours"), "{html}");
        assert!(html.contains(r#"data-secondes="176400""#), "{html}");
    }

    #[test]
    fn tps_4_the_time_of_the_territory_stands_beside_that_of_paris() {
        let ferme: Timestamp = "2024-03-13T23:00:00Z".parse().unwrap();
        let html = Echeance::new(ferme, ferme).locales(HeureLocale::of_departement("974")).to_string();
        assert!(
            html.contains("soit le jeudi 14 mars 2024 à 2\u{a0}h\u{a0}59 (heure de La Réunion)"),
            "{html}"
        );
    }

    #[test]
    fn several_deadlines_say_what_each_of_them_closes() {
        let ferme: Timestamp = "2024-03-13T23:00:00Z".parse().unwrap();
        let maintenant: Timestamp = "2024-03-11T22:00:00Z".parse().unwrap();
        let html = Echeance::new(maintenant, ferme).objet("Description").to_string();
        assert!(html.contains("Description : jusqu’au mercredi 13 mars 2024"), "{html}");
    }

    #[test]
    fn at_the_closing_instant_it_is_closed() {
        let ferme: Timestamp = "2024-03-13T23:00:00Z".parse().unwrap();
        let html = Echeance::new(ferme, ferme).to_string();
        assert!(html.contains("Clos depuis le"), "{html}");
        assert!(!html.contains("echeance__reste"), "{html}");
    }

    #[test]
    fn time_left_in_the_unit_that_matters() {
        assert_eq!(reste(172_800), "il\u{a0}reste\u{a0}2\u{a0}jours");
        assert_eq!(reste(172_799), "il\u{a0}reste\u{a0}47\u{a0}heures");
        assert_eq!(reste(7_199), "il\u{a0}reste\u{a0}119\u{a0}minutes");
        assert_eq!(reste(60), "il\u{a0}reste\u{a0}1\u{a0}minute");
        assert_eq!(reste(59), "il reste moins d’une minute");
        assert_eq!(reste(0), "c’est terminé");
    }
}
