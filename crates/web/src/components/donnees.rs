//! Numbers and dates as they are written in French.

use jiff::ZonedDateTime;
use jiff::civil::Date;

const MOIS: [&str; 12] = [
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
const JOURS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// 14252 → « 14 252 », with narrow no-break spaces.
pub fn nombre(n: i64) -> String {
    let chiffres = n.unsigned_abs().to_string();
    let mut ecrit = if n < 0 { "−".to_owned() } else { String::new() };
    for (position, c) in chiffres.chars().enumerate() {
        if position > 0 && (chiffres.len() - position).is_multiple_of(3) {
            ecrit.push('\u{202f}');
        }
        ecrit.push(c);
    }
    ecrit
}

/// « mercredi 13 mars 2024 »
pub fn date_longue(date: Date) -> String {
    let jour_semaine = JOURS[usize::from(date.weekday().to_monday_zero_offset().unsigned_abs()) % 7];
    let mois = MOIS[usize::from(date.month().unsigned_abs().saturating_sub(1)) % 12];
    let jour = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{jour_semaine} {jour} {mois} {}", date.year())
}

/// « 23 h 59 », « 8 h »
pub fn heure(instant: &ZonedDateTime) -> String {
    match instant.minute() {
        0 => format!("{}\u{a0}h", instant.hour()),
        minute => format!("{}\u{a0}h\u{a0}{minute:02}", instant.hour()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn numbers_and_dates_in_french() {
        assert_eq!(nombre(14_252), "14\u{202f}252");
        assert_eq!(nombre(999), "999");
        assert_eq!(nombre(-1_000_000), "−1\u{202f}000\u{202f}000");
        assert_eq!(date_longue(date(2024, 3, 13)), "mercredi 13 mars 2024");
        assert_eq!(date_longue(date(2024, 9, 1)), "dimanche 1er septembre 2024");
    }

    #[test]
    fn hours_in_french() {
        let instant = date(2024, 3, 13).at(23, 59, 0, 0).in_tz("Europe/Paris").unwrap();
        assert_eq!(heure(&instant), "23\u{a0}h\u{a0}59");
        let instant = date(2024, 3, 13).at(8, 0, 0, 0).in_tz("Europe/Paris").unwrap();
        assert_eq!(heure(&instant), "8\u{a0}h");
    }
}
