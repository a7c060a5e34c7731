//! Tells UTF-8, Windows-1252 and Mac Roman apart by what French text looks like in each.

use super::Encodage;

/// Encoding announced by a byte-order mark, with the length of the mark.
pub(super) fn from_bom(debut: &[u8]) -> Option<(Encodage, usize)> {
    match debut {
        [0xef, 0xbb, 0xbf, ..] => Some((Encodage::Utf8Bom, 3)),
        [0xff, 0xfe, ..] => Some((Encodage::Utf16Le, 2)),
        [0xfe, 0xff, ..] => Some((Encodage::Utf16Be, 2)),
        _ => None,
    }
}

/// Why the beginning of a file says that it is no text we read, in French.
pub(crate) fn foreign_format(debut: &[u8]) -> Option<&'static str> {
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"PK\x03\x04", "c’est un classeur ou une archive ZIP, pas un texte"),
        (b"\xd0\xcf\x11\xe0", "c’est un ancien classeur Excel, pas un texte"),
        (b"%PDF", "c’est un document PDF, pas un tableau"),
        (b"PAR1", "c’est un fichier Parquet, pas un texte"),
        (b"SQLite format 3", "c’est une base de données, pas un texte"),
        (b"\x1f\x8b", "le fichier est compressé plusieurs fois"),
        (b"\x28\xb5\x2f\xfd", "le fichier est compressé plusieurs fois"),
        (b"\xfd7zXZ", "la compression xz n’est pas lue"),
        (b"BZh", "la compression bzip2 n’est pas lue"),
        (b"7z\xbc\xaf", "la compression 7z n’est pas lue"),
    ];
    SIGNATURES.iter().find(|(signature, _)| debut.starts_with(signature)).map(|(_, motif)| *motif)
}

/// Why the beginning of a file is in an encoding that is known but not read.
pub(super) fn foreign_encoding(debut: &[u8]) -> Option<&'static str> {
    if debut.starts_with(&[0xff, 0xfe, 0, 0]) || debut.starts_with(&[0, 0, 0xfe, 0xff]) {
        return Some("UTF-32");
    }
    // Half of the bytes of Latin text in UTF-16 are zero; an isolated zero is the affair of its line.
    let zeros = debut.iter().take(4096).filter(|b| **b == 0).count();
    let vus = debut.len().min(4096);
    (vus >= 8 && zeros * 4 > vus && from_bom(debut).is_none())
        .then_some("UTF-16 sans marque d’ordre des octets")
}

/// The encoding of a window of text that holds at least one byte above 127. `at_end`: nothing follows the window.
pub(super) fn detect(fenetre: &[u8], at_end: bool) -> Result<Encodage, &'static str> {
    match std::str::from_utf8(fenetre) {
        Ok(_) => return Ok(Encodage::Utf8),
        // Only the last character is cut by the end of the window.
        Err(e) if e.error_len().is_none() && !at_end && e.valid_up_to() > 0 => {
            let valide = fenetre.get(..e.valid_up_to()).unwrap_or_default();
            if !valide.is_ascii() {
                return Ok(Encodage::Utf8);
            }
        }
        Err(_) => {}
    }
    let windows = score(fenetre, Encodage::Windows1252);
    let mac = score(fenetre, Encodage::MacRoman);
    match (windows, mac) {
        (Some(w), Some(m)) if w > m => Ok(Encodage::Windows1252),
        (Some(w), Some(m)) if m > w => Ok(Encodage::MacRoman),
        (Some(_), None) => Ok(Encodage::Windows1252),
        (None, Some(_)) => Ok(Encodage::MacRoman),
        (Some(_), Some(_)) => {
            Err("les lettres accentuées se lisent aussi bien en Windows-1252 qu’en Mac Roman")
        }
        (None, None) => {
            Err("les lettres accentuées ne se lisent ni en UTF-8, ni en Windows-1252, ni en Mac Roman")
        }
    }
}

/// Accents above which their mix must be that of French.
const ECHANTILLON: i64 = 20;

/// How well the window reads as French in a one-byte encoding; `None` when it does not.
fn score(fenetre: &[u8], encodage: Encodage) -> Option<i64> {
    let texte = encodage.encoding().decode_without_bom_handling_and_without_replacement(fenetre)?;
    let (mut bons, mut rares, mut suspects) = (0i64, 0i64, 0i64);
    let mut avant = ' ';
    let mut lettres = texte.chars().peekable();
    while let Some(c) = lettres.next() {
        if !c.is_ascii() {
            match plausibility(avant, c, lettres.peek().copied().unwrap_or(' ')) {
                Plausibilite::Impossible => return None,
                Plausibilite::Suspecte => suspects += 1,
                Plausibilite::Rare => rares += 1,
                Plausibilite::Bonne => bons += 1,
            }
        }
        avant = c;
    }
    let total = bons + rares + suspects;
    // One odd character in twenty is a typing mistake; more is another encoding.
    let french = suspects * 20 <= total && (total < ECHANTILLON || bons * 4 >= total);
    french.then_some(2 * bons + rares - 6 * suspects)
}

enum Plausibilite {
    Bonne,
    Rare,
    Suspecte,
    /// The encoding has nothing there, or what it has is the mark of another one.
    Impossible,
}

fn plausibility(avant: char, c: char, apres: char) -> Plausibilite {
    use Plausibilite::{Bonne, Impossible, Rare, Suspecte};
    let inside = avant.is_alphabetic() && apres.is_alphabetic();
    let beside = avant.is_alphabetic() || apres.is_alphabetic();
    // « LycÈe », « MŸller »: a capital inside a word is the mark of the other encoding.
    let misplaced = avant.is_lowercase() || (avant.is_alphabetic() && apres.is_lowercase());
    match c {
        '\u{80}'..='\u{9f}' => Impossible,
        // Where ISO-8859-15 has €, œ, Œ and Ÿ: « c½ur », « 10 ¤ ».
        '¤' => Impossible,
        '½' | '¼' | '¾' if beside => Impossible,
        '¦' | '¨' | '¸' if inside => Impossible,
        'é' | 'è' | 'ê' | 'à' | 'ç' | 'ù' | 'â' | 'î' | 'ô' | 'û' | 'ë' | 'ï' | 'œ' => Bonne,
        'É' | 'È' | 'Ê' | 'À' | 'Ç' | 'Ù' | 'Â' | 'Î' | 'Ô' | 'Û' | 'Ë' | 'Ï' | 'Œ' => {
            if misplaced {
                Suspecte
            } else {
                Bonne
            }
        }
        // Letters of family names.
        'ä' | 'ö' | 'ü' | 'ñ' | 'á' | 'í' | 'ó' | 'ú' | 'ã' | 'õ' | 'ò' | 'ì' | 'å' | 'ø' | 'ß' | 'ÿ'
        | 'æ' => Rare,
        'Ä' | 'Ö' | 'Ü' | 'Ñ' | 'Á' | 'Í' | 'Ó' | 'Ú' | 'Å' | 'Ø' | 'Æ' | 'Ÿ' => {
            if misplaced {
                Suspecte
            } else {
                Rare
            }
        }
        '’' | '\u{a0}' | '«' | '»' | '–' | '—' | '°' | '·' => Bonne,
        '²' | '³' if apres.is_alphabetic() => Suspecte,
        '‘' | '“' | '”' | '…' | '€' | '•' | '²' | '³' | 'º' | 'ª' | '½' | '¼' | '™' | '©' | '®' | '×'
        | '§' | '±' | '´' => {
            if inside {
                Suspecte
            } else {
                Rare
            }
        }
        _ => Suspecte,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_accent_is_enough() {
        for (octets, encodage) in [
            (&b"Lyc\xe9e"[..], Encodage::Windows1252),
            (b"LYC\xc9E", Encodage::Windows1252),
            (b"M\xfcller", Encodage::Windows1252),
            (b"l\x92\xe9t\xe9", Encodage::Windows1252),
            (b"Lyc\x8ee", Encodage::MacRoman),
            (b"LYC\x83E", Encodage::MacRoman),
            (b"M\x9fller", Encodage::MacRoman),
            (b"l\xd5\x8et\x8e", Encodage::MacRoman),
            ("Lycée".as_bytes(), Encodage::Utf8),
        ] {
            assert_eq!(detect(octets, true), Ok(encodage), "{octets:x?}");
        }
    }

    #[test]
    fn cousins_of_windows_1252_are_not_taken_for_it() {
        for (quoi, octets) in [
            ("ISO-8859-15", &b"le c\xbdur de l'\xe9t\xe9"[..]),
            ("ISO-8859-15", b"co\xfbt : 10 \xa4"),
            ("CP850", b"Lyc\x82e priv\x82 de Besan\x87on"),
            ("ISO-8859-2", b"\xb3\xf3d\xbc i \xb3osiem"),
            ("Windows-1251", b"\xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0"),
            ("UTF-8 cut short", b"Lyc\xc3"),
            ("UTF-8 and a stray byte", b"Lyc\xc3\xa9e priv\xc3\xa9 coll\xe8ge"),
        ] {
            assert!(detect(octets, true).is_err(), "{quoi}: {:?}", detect(octets, true));
        }
    }
}
