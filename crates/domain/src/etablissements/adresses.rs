//! R-ETA-04: addresses, telephone numbers and positions as people type them.

use crate::erreurs::RuleViolation;

fn faux(champ: &'static str) -> RuleViolation {
    RuleViolation::Champ { champ, motif: "format" }
}

/// R-ETA-04: five digits in France; abroad, 3 to 10 letters and digits.
///
/// # Errors
/// [`RuleViolation::Champ`] on `code_postal`.
pub fn check_code_postal(texte: &str) -> Result<String, RuleViolation> {
    let net: String = texte.chars().filter(|c| !c.is_whitespace()).collect();
    let chiffres = net.bytes().all(|b| b.is_ascii_digit());
    let permis = net.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let juste = if chiffres { net.len() == 5 } else { permis && (3..=10).contains(&net.len()) };
    if juste { Ok(net.to_uppercase()) } else { Err(faux("code_postal")) }
}

/// R-ETA-04: a web address with its scheme; « www.lycee.fr » is one that lacks it.
///
/// # Errors
/// [`RuleViolation::Champ`] on `champ`.
pub fn check_site_web(champ: &'static str, texte: &str) -> Result<String, RuleViolation> {
    let net = texte.trim();
    let complet = if net.contains("://") { net.to_owned() } else { format!("https://{net}") };
    let reste = complet.strip_prefix("https://").or_else(|| complet.strip_prefix("http://"));
    let hote = reste.map(|r| r.split(['/', '?', '#']).next().unwrap_or("")).unwrap_or("");
    let nom = hote.split(':').next().unwrap_or("");
    let parties: Vec<&str> = nom.split('.').collect();
    let partie_juste = |p: &&str| !p.is_empty() && p.chars().all(|c| c.is_alphanumeric() || c == '-');
    // An address of mail behind a scheme is a common slip.
    let juste =
        parties.len() >= 2 && parties.iter().all(partie_juste) && !complet.contains(['@', ' ', '"', '<']);
    if juste && complet.chars().count() <= super::LIGNE_MAX { Ok(complet) } else { Err(faux(champ)) }
}

/// R-ETA-04: a number that the public dials: ten digits in France, written by pairs; elsewhere, with its country.
///
/// # Errors
/// [`RuleViolation::Champ`] on `champ`.
pub fn check_telephone(champ: &'static str, texte: &str) -> Result<String, RuleViolation> {
    let texte = texte.trim();
    if !texte.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+.-()/".contains(c)) {
        return Err(faux(champ));
    }
    let chiffres: String = texte.chars().filter(char::is_ascii_digit).collect();
    if texte.starts_with('+') && !texte[1..].contains('+') {
        return if (8..=15).contains(&chiffres.len()) {
            Ok(format!("+{chiffres}"))
        } else {
            Err(faux(champ))
        };
    }
    if texte.contains('+') || chiffres.len() != 10 || !chiffres.starts_with('0') || chiffres.starts_with("00")
    {
        return Err(faux(champ));
    }
    let paires: Vec<&str> = (0..5).map(|i| &chiffres[2 * i..2 * i + 2]).collect();
    Ok(paires.join(" "))
}

/// R-ETA-05: a position in degrees, as typed (« 49,894 »); both or neither.
///
/// # Errors
/// [`RuleViolation::Champ`] on `latitude` or `longitude`.
pub fn parse_position(latitude: &str, longitude: &str) -> Result<Option<(f64, f64)>, RuleViolation> {
    let lit = |champ, texte: &str, borne: f64| {
        let net = texte.trim().replace(',', ".").replace('−', "-");
        let degres: f64 = net.parse().map_err(|_| faux(champ))?;
        let dedans = degres.is_finite() && degres.abs() <= borne;
        if dedans { Ok(degres) } else { Err(RuleViolation::Champ { champ, motif: "hors_bornes" }) }
    };
    match (latitude.trim().is_empty(), longitude.trim().is_empty()) {
        (true, true) => Ok(None),
        (true, false) => Err(RuleViolation::Champ { champ: "latitude", motif: "manquant" }),
        (false, true) => Err(RuleViolation::Champ { champ: "longitude", motif: "manquant" }),
        (false, false) => Ok(Some((lit("latitude", latitude, 90.0)?, lit("longitude", longitude, 180.0)?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_eta_04_postcodes_are_five_digits_or_foreign() {
        for (saisi, attendu) in [(" 80 000", "80000"), ("97410", "97410"), ("sw7-2az", "SW7-2AZ")] {
            assert_eq!(check_code_postal(saisi).as_deref(), Ok(attendu), "{saisi}");
        }
        for faux in ["", "8000", "800000", "8O!00", "8-", "80000-AMIENS"] {
            assert!(check_code_postal(faux).is_err(), "{faux}");
        }
    }

    #[test]
    fn r_eta_04_a_web_address_has_a_host_and_no_mail() {
        assert_eq!(check_site_web("site_web", "www.lycee.fr").as_deref(), Ok("https://www.lycee.fr"));
        assert_eq!(
            check_site_web("site_web", "http://lycée.fr:8080/a?b").as_deref(),
            Ok("http://lycée.fr:8080/a?b")
        );
        for faux in
            ["", "lycee", "ftp://lycee.fr", "http://contact@lycee.fr", "https://a..fr", "https://a b.fr"]
        {
            assert!(check_site_web("site_web", faux).is_err(), "{faux}");
        }
    }

    #[test]
    fn r_eta_04_telephone_numbers_are_written_one_way() {
        assert_eq!(check_telephone("telephone", "0322.33-44 55").as_deref(), Ok("03 22 33 44 55"));
        assert_eq!(check_telephone("telephone", "+262 262 12 34 56").as_deref(), Ok("+262262123456"));
        for faux in
            ["", "32233445", "00 33 3 22 33 44", "03 22 33 44 5", "03 22 33 44 55 poste 2", "++33322334455"]
        {
            assert!(check_telephone("telephone", faux).is_err(), "{faux}");
        }
    }

    #[test]
    fn r_eta_05_a_position_is_two_numbers_of_the_earth_or_nothing() {
        assert_eq!(parse_position(" 49,894", "2.302 "), Ok(Some((49.894, 2.302))));
        assert_eq!(parse_position("−21,1", "55.5"), Ok(Some((-21.1, 55.5))));
        assert_eq!(parse_position(" ", ""), Ok(None));
        for (la, lo, champ) in [
            ("49", "", "longitude"),
            ("", "2", "latitude"),
            ("91", "2", "latitude"),
            ("x", "2", "latitude"),
            ("4", "181", "longitude"),
            ("NaN", "2", "latitude"),
        ] {
            assert!(
                matches!(parse_position(la, lo), Err(RuleViolation::Champ { champ: c, .. }) if c == champ),
                "{la} {lo}"
            );
        }
    }
}
