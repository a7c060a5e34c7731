//! What a candidate says of themselves when registering: shapes only, nothing is guessed.

use jiff::civil::Date;

/// R-CAN-01: a name as on an identity document: letters, spaces, hyphens, apostrophes and full stops, 80 at most.
/// Gives it with single spaces and typographic apostrophes.
pub fn nom_propre(texte: &str) -> Option<String> {
    let propre = texte.split_whitespace().collect::<Vec<_>>().join(" ").replace('\'', "’");
    let permis = propre.chars().all(|c| c.is_alphabetic() || is_mark(c) || " -’.".contains(c));
    (permis && propre.chars().any(char::is_alphabetic) && propre.chars().count() <= 80).then_some(propre)
}

/// Combining accents, which some keyboards send apart from their letter.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// R-CAN-03: youngest age at registration, in years…
pub const AGE_MIN: i16 = 12;
/// … and oldest.
pub const AGE_MAX: i16 = 100;

/// R-CAN-03: born between [`AGE_MIN`] and [`AGE_MAX`] years before the day of registration.
pub fn naissance_plausible(naissance: Date, jour: Date) -> bool {
    let age = jour.year()
        - naissance.year()
        - i16::from((jour.month(), jour.day()) < (naissance.month(), naissance.day()));
    (AGE_MIN..=AGE_MAX).contains(&age)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn r_can_01_names_of_all_origins_pass_and_code_does_not() {
        assert_eq!(nom_propre("  Lefèvre   d'Aubigny "), Some("Lefèvre d’Aubigny".to_owned()));
        for juste in ["N’Guyễn", "Ōe", "Saint-Exupéry", "J.-B.", "Łukasz", "李"] {
            assert!(nom_propre(juste).is_some(), "{juste}");
        }
        for faux in ["", " - ", "<b>Léa</b>", "Léa\u{202e}", "1234", "=cmd", &"a".repeat(81)] {
            assert!(nom_propre(faux).is_none(), "{faux}");
        }
    }

    #[test]
    fn r_can_03_an_age_is_counted_to_the_day() {
        let jour = date(2024, 2, 1);
        assert!(naissance_plausible(date(2012, 2, 1), jour));
        assert!(!naissance_plausible(date(2012, 2, 2), jour));
        assert!(naissance_plausible(date(1924, 1, 1), jour));
        assert!(!naissance_plausible(date(1923, 1, 1), jour));
        assert!(!naissance_plausible(date(2025, 1, 1), jour));
    }
}
