//! Money in whole cents.

/// Reads an amount typed by a person (« 1 250 », « 1250,5 », « 170.00 € ») as whole cents.
///
/// # Errors
/// A French sentence saying what is expected.
pub fn parse_montant(texte: &str) -> Result<i64, &'static str> {
    const FORME: &str = "Indiquez un montant en euros, par exemple 175 ou 175,50.";
    let net: String = texte.chars().filter(|c| !c.is_whitespace() && *c != '\u{202f}' && *c != '€').collect();
    let (euros, centimes) = net.split_once([',', '.']).unwrap_or((net.as_str(), ""));
    if euros.is_empty() || euros.len() > 7 || centimes.len() > 2 || !euros.bytes().all(|o| o.is_ascii_digit())
    {
        return Err(FORME);
    }
    if !centimes.bytes().all(|o| o.is_ascii_digit()) {
        return Err(FORME);
    }
    let euros: i64 = euros.parse().map_err(|_| FORME)?;
    let fraction: i64 = if centimes.is_empty() { 0 } else { centimes.parse().map_err(|_| FORME)? };
    let fraction = if centimes.len() == 1 { fraction * 10 } else { fraction };
    Ok(euros * 100 + fraction)
}

/// Cents as one types them: « 1250,50 », « 175 ».
pub fn write_montant(centimes: i64) -> String {
    let (euros, reste) = (centimes / 100, centimes % 100);
    if reste == 0 { euros.to_string() } else { format!("{euros},{reste:02}") }
}

/// Writes cents as French euros: « 1 250,50 € », « 175 € ».
pub fn format_montant(centimes: i64) -> String {
    let (euros, reste) = (centimes / 100, centimes % 100);
    let groupe = milliers(euros);
    if reste == 0 { format!("{groupe}\u{a0}€") } else { format!("{groupe},{reste:02}\u{a0}€") }
}

/// Thousands apart, by the narrow space of French: « 1 250 », « −1 250 ».
pub fn milliers(n: i64) -> String {
    let chiffres = n.unsigned_abs().to_string();
    let mut groupe = String::new();
    if n < 0 {
        groupe.push('−');
    }
    for (i, c) in chiffres.chars().enumerate() {
        if i > 0 && (chiffres.len() - i).is_multiple_of(3) {
            groupe.push('\u{202f}');
        }
        groupe.push(c);
    }
    groupe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_amounts_are_read_as_people_type_them() {
        assert_eq!(parse_montant("1 250,5"), Ok(125_050));
        assert_eq!(parse_montant("175"), Ok(17_500));
        assert_eq!(parse_montant("170.00 €"), Ok(17_000));
        assert_eq!(parse_montant("0"), Ok(0));
        for faux in ["", "-3", "12,345", "abc", "1e3", "12345678"] {
            assert!(parse_montant(faux).is_err(), "{faux}");
        }
    }

    #[test]
    fn money_amounts_are_written_in_french() {
        assert_eq!(format_montant(125_050), "1\u{202f}250,50\u{a0}€");
        assert_eq!(format_montant(17_500), "175\u{a0}€");
        assert_eq!(
            [999, 20_000, -1_250, -125].map(milliers),
            ["999", "20\u{202f}000", "−1\u{202f}250", "−125"]
        );
        assert_eq!((write_montant(125_050), write_montant(17_000)), ("1250,50".to_owned(), "170".to_owned()));
    }
}
