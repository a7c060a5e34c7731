//! Values as files write them: whole numbers written `5.0`, decimal commas, coordinates, establishment codes.

use std::fmt;

/// A whole number, also written with zeros after the point or the comma (`5.0`, `5,00`).
pub fn parse_whole(texte: &str) -> Option<i64> {
    let (entier, decimales) = split_decimal(texte)?;
    decimales.bytes().all(|b| b == b'0').then(|| entier.parse().ok()).flatten()
}

/// A decimal number in hundredths, rounded half away from zero: `12,345` is 1235.
pub fn parse_hundredths(texte: &str) -> Option<i64> {
    let (entier, decimales) = split_decimal(texte)?;
    let negatif = entier.starts_with('-');
    let entier: i64 = entier.parse().ok()?;
    let mut chiffres = decimales.bytes().map(|b| i64::from(b - b'0'));
    let mut centiemes = 10 * chiffres.next().unwrap_or(0) + chiffres.next().unwrap_or(0);
    if chiffres.next().unwrap_or(0) >= 5 {
        centiemes += 1;
    }
    let base = entier.checked_mul(100)?;
    if negatif { base.checked_sub(centiemes) } else { base.checked_add(centiemes) }
}

/// Sign and digits, then the digits after the point or comma.
fn split_decimal(texte: &str) -> Option<(&str, &str)> {
    let (entier, decimales) = match texte.split_once(['.', ',']) {
        Some((_, "")) => return None,
        Some(parties) => parties,
        None => (texte, ""),
    };
    let chiffres = entier.strip_prefix('-').unwrap_or(entier);
    let propre = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    (!chiffres.is_empty() && propre(chiffres) && propre(decimales)).then_some((entier, decimales))
}

/// A point of the map, WGS 84, in degrees.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Coordonnees {
    pub latitude: f64,
    pub longitude: f64,
}

/// What a cell of coordinates says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LectureGps {
    Absentes,
    /// Not two numbers, or not on Earth.
    HorsBornes,
    Lues(Coordonnees),
}

/// « lat, lon », as the ministry's portals write it. `0, 0` is the sea off Ghana: a hole in somebody's data.
pub fn parse_gps(texte: &str) -> LectureGps {
    if texte.is_empty() {
        return LectureGps::Absentes;
    }
    let nombre = |s: &str| s.trim().parse::<f64>().ok().filter(|n| n.is_finite());
    let lues = texte.split_once(',').and_then(|(lat, lon)| Some((nombre(lat)?, nombre(lon)?)));
    match lues {
        Some((latitude, longitude))
            if latitude.abs() <= 90.0
                && longitude.abs() <= 180.0
                && !(latitude == 0.0 && longitude == 0.0) =>
        {
            LectureGps::Lues(Coordonnees { latitude, longitude })
        }
        _ => LectureGps::HorsBornes,
    }
}

/// How an establishment code (UAI) is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormeUai {
    /// Seven digits and their check letter.
    Conforme,
    /// `T`, six digits, a letter: given while the true code is awaited.
    Provisoire,
    /// Seven digits and another letter than theirs.
    ClefFausse,
    /// Something else (« identifiant obsolète », codes of sports centres): does not identify an establishment.
    Autre,
}

/// Letters of the check: the alphabet without I, O and Q.
const CLEFS_UAI: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

/// The form of a code in capitals.
pub fn uai_form(uai: &str) -> FormeUai {
    let &[premier, ref corps @ .., clef] = uai.as_bytes() else {
        return FormeUai::Autre;
    };
    if corps.len() != 6 || !corps.iter().all(u8::is_ascii_digit) || !clef.is_ascii_uppercase() {
        return FormeUai::Autre;
    }
    match premier {
        b'T' => FormeUai::Provisoire,
        b'0'..=b'9' => {
            let nombre = uai.get(..7).and_then(|n| n.parse::<usize>().ok());
            let attendue = nombre.and_then(|n| CLEFS_UAI.get(n % CLEFS_UAI.len()));
            if attendue == Some(&clef) { FormeUai::Conforme } else { FormeUai::ClefFausse }
        }
        _ => FormeUai::Autre,
    }
}

/// Department of the first three digits of a code: `075` Paris, `620` and `720` both halves of Corsica, `971`…
pub fn departement_of_uai(uai: &str) -> Option<&'static str> {
    let prefixe = uai.get(..3)?;
    let code = match prefixe {
        "620" => "2A",
        "720" => "2B",
        _ => prefixe,
    };
    domain::territoires::departement(code).map(|d| d.code)
}

/// The text with single spaces.
pub fn squeeze(texte: &str) -> String {
    let mut serre = String::with_capacity(texte.len());
    for mot in texte.split_whitespace() {
        if !serre.is_empty() {
            serre.push(' ');
        }
        serre.push_str(mot);
    }
    serre
}

/// A rate, in hundredths of a per cent: exact for every year's way of writing it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Taux(pub u16);

impl Taux {
    /// A rate from `0` to `100` with any number of decimals.
    pub fn parse(texte: &str) -> Option<Self> {
        let centiemes = parse_hundredths(texte)?;
        (0..=10_000).contains(&centiemes).then(|| u16::try_from(centiemes).ok().map(Self)).flatten()
    }

    /// Rounded to a whole per cent, as sheets show it.
    pub const fn pourcent(self) -> u16 {
        (self.0 + 50) / 100
    }
}

impl fmt::Display for Taux {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.pourcent())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_as_files_write_them() {
        for (texte, attendu) in [
            ("5", Some(5)),
            ("5.0", Some(5)),
            ("5,00", Some(5)),
            ("-3", Some(-3)),
            ("0", Some(0)),
            ("007", Some(7)),
            ("5.5", None),
            ("", None),
            ("5.", None),
            (".5", None),
            ("1e3", None),
            ("+4", None),
            ("nd", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse_whole(texte), attendu, "{texte}");
        }
    }

    #[test]
    fn hundredths_with_point_or_comma() {
        for (texte, attendu) in [
            ("12,345", Some(1235)),
            ("12.344", Some(1234)),
            ("9,995", Some(1000)),
            ("-0,5", Some(-50)),
            ("14.099609375", Some(1410)),
            ("20", Some(2000)),
            ("x", None),
            ("1,2,3", None),
        ] {
            assert_eq!(parse_hundredths(texte), attendu, "{texte}");
        }
    }

    #[test]
    fn rates_stay_between_nothing_and_all() {
        assert_eq!(Taux::parse("66.7").map(Taux::pourcent), Some(67));
        assert_eq!(Taux::parse("100.0"), Some(Taux(10_000)));
        assert_eq!(Taux::parse("100.01"), None);
        assert_eq!(Taux::parse("-1"), None);
    }

    #[test]
    fn coordinates() {
        assert_eq!(
            parse_gps("45.747754, 4.8593556"),
            LectureGps::Lues(Coordonnees { latitude: 45.747_754, longitude: 4.859_355_6 })
        );
        assert_eq!(parse_gps(""), LectureGps::Absentes);
        for faux in ["0, 0", "91, 0", "1, 181", "nord", "NaN, 1", "inf, 1", "48.1"] {
            assert_eq!(parse_gps(faux), LectureGps::HorsBornes, "{faux}");
        }
    }

    #[test]
    fn establishment_codes() {
        for (uai, forme) in [
            ("0692437Z", FormeUai::Conforme),
            ("0755976N", FormeUai::Conforme),
            ("7200117P", FormeUai::Conforme),
            ("0693830E", FormeUai::ClefFausse),
            ("T123456A", FormeUai::Provisoire),
            ("037CPS01", FormeUai::Autre),
            ("identifiant obsolète", FormeUai::Autre),
            ("0692437z", FormeUai::Autre),
            ("", FormeUai::Autre),
            ("A", FormeUai::Autre),
            ("éééé", FormeUai::Autre),
        ] {
            assert_eq!(uai_form(uai), forme, "{uai}");
        }
    }

    #[test]
    fn departments_of_establishment_codes() {
        assert_eq!(departement_of_uai("0692437Z"), Some("69"));
        assert_eq!(departement_of_uai("6200737G"), Some("2A"));
        assert_eq!(departement_of_uai("7200117P"), Some("2B"));
        assert_eq!(departement_of_uai("9740054C"), Some("974"));
        assert_eq!(departement_of_uai("T123456A"), None);
        assert_eq!(departement_of_uai("é1"), None);
    }

    #[test]
    fn single_spaces() {
        assert_eq!(squeeze(" Paris  6e  Arrondissement "), "Paris 6e Arrondissement");
    }
}
