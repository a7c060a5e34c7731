//! FIC-1: whether a file that was sent announces what its first bytes are; the names that its kinds have.

use super::{FormatCatalogue, MARQUE};
use crate::Compression;
use crate::encodage::foreign_format;

/// What the name of a file ends with, and the format that it announces.
const NOMS: [(&str, FormatCatalogue); 5] = [
    ("json", FormatCatalogue::Json),
    ("jsonl", FormatCatalogue::Json),
    ("ndjson", FormatCatalogue::Json),
    ("csv", FormatCatalogue::Csv),
    ("xml", FormatCatalogue::Lheo),
];

/// What follows it in the name of a compressed file.
const COMPRESSES: [(&str, Compression); 2] = [("gz", Compression::Gzip), ("zst", Compression::Zstd)];

/// What a day is made of, in French: « fiches du catalogue (.json, …) ou document LHÉO 2.3 (.xml), … ».
pub fn expected_names() -> String {
    let fins = |lheo: bool| {
        let noms = NOMS.iter().filter(|(_, f)| (*f == FormatCatalogue::Lheo) == lheo);
        noms.map(|(fin, _)| format!(".{fin}")).collect::<Vec<_>>().join(", ")
    };
    let compresses = COMPRESSES.map(|(fin, _)| format!(".{fin}")).join(", ");
    format!(
        "fiches du catalogue ({}) ou document LHÉO 2.3 ({}), en clair ou compressés ({compresses})",
        fins(false),
        fins(true)
    )
}

/// The same for a browser: « .json,.csv ».
pub fn extensions() -> String {
    let compresses = COMPRESSES.iter().map(|(fin, _)| fin);
    let fins = NOMS.iter().map(|(fin, _)| fin).chain(compresses);
    fins.map(|fin| format!(".{fin}")).collect::<Vec<_>>().join(",")
}

/// Why a file that was sent is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusRecu {
    /// Nothing in it.
    Vide,
    /// Its name is that of another kind of file.
    Nom,
    /// Its first bytes are not those that its name announces.
    Signature,
}

/// Name and first bytes of records of the catalogue or of LHÉO, compressed or not. What is compressed is looked at when it is read.
///
/// # Errors
/// [`RefusRecu`].
pub fn check_recu(nom: &str, octets: &[u8]) -> Result<(), RefusRecu> {
    if octets.is_empty() {
        return Err(RefusRecu::Vide);
    }
    let (format, compression) = announced(nom).ok_or(RefusRecu::Nom)?;
    let juste = match compression {
        Compression::Gzip => octets.starts_with(&[0x1F, 0x8B]),
        Compression::Zstd => octets.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]),
        Compression::Aucune => begins(format, octets),
    };
    if juste { Ok(()) } else { Err(RefusRecu::Signature) }
}

/// « fiches.json », « lheo.xml.gz ».
pub(super) fn announced(nom: &str) -> Option<(FormatCatalogue, Compression)> {
    let nom = nom.to_lowercase();
    let compresse =
        COMPRESSES.iter().find_map(|(fin, c)| Some((nom.strip_suffix(*fin)?.strip_suffix('.')?, *c)));
    let (reste, compression) = compresse.unwrap_or((nom.as_str(), Compression::Aucune));
    let (tige, extension) = reste.rsplit_once('.')?;
    let (_, format) = NOMS.iter().find(|(fin, _)| *fin == extension)?;
    (!tige.is_empty()).then_some((*format, compression))
}

fn begins(format: FormatCatalogue, octets: &[u8]) -> bool {
    let clair = octets.strip_prefix(&MARQUE).unwrap_or(octets);
    let premier = clair.iter().find(|o| !o.is_ascii_whitespace());
    match format {
        FormatCatalogue::Json => matches!(premier, Some(b'[' | b'{')),
        FormatCatalogue::Csv => {
            !matches!(premier, None | Some(b'[' | b'{' | b'<')) && foreign_format(octets).is_none()
        }
        FormatCatalogue::Lheo => matches!(premier, Some(b'<')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_is_told_to_a_person_and_to_a_browser() {
        assert_eq!(
            expected_names(),
            "fiches du catalogue (.json, .jsonl, .ndjson, .csv) ou document LHÉO 2.3 (.xml), en clair ou compressés (.gz, .zst)"
        );
        assert_eq!(extensions(), ".json,.jsonl,.ndjson,.csv,.xml,.gz,.zst");
    }

    #[test]
    fn fic_1_r_imp_11_a_file_announces_what_it_is() {
        const ZSTD: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD, 0];
        const GZIP: &[u8] = &[0x1F, 0x8B, 8];
        let bons: [(&str, &[u8]); 10] = [
            ("fiches.csv", b"id_formation;id_action"),
            ("fiches.csv.gz", GZIP),
            ("fiches.json", b"\n [{}]"),
            ("fiches.json", b"\xEF\xBB\xBF{}"),
            ("fiches.jsonl", b"{}\n{}"),
            ("fiches.ndjson", b"{}"),
            ("fiches.ndjson.gz", GZIP),
            ("Lheo.XML", b"<?xml version=\"1.0\"?>"),
            ("fiches.json.zst", ZSTD),
            ("lheo.xml.gz", GZIP),
        ];
        for (nom, octets) in bons {
            assert_eq!(check_recu(nom, octets), Ok(()), "{nom}");
        }
        let mauvais: [(&str, &[u8], RefusRecu); 15] = [
            ("fiches.json", b"", RefusRecu::Vide),
            ("fiches.txt", b"a;b", RefusRecu::Nom),
            ("fiches.xlsx", b"PK\x03\x04", RefusRecu::Nom),
            ("fiches.txt.gz", GZIP, RefusRecu::Nom),
            ("fiches.csv", b"PK\x03\x04", RefusRecu::Signature),
            ("fiches.csv", b"[{}]", RefusRecu::Signature),
            ("json", b"[]", RefusRecu::Nom),
            (".json", b"[]", RefusRecu::Nom),
            ("archive.gz", GZIP, RefusRecu::Nom),
            ("fiches.json", b"a;b", RefusRecu::Signature),
            ("fiches.json", b"<lheo/>", RefusRecu::Signature),
            ("lheo.xml", b"[]", RefusRecu::Signature),
            ("fiches.json.zst", GZIP, RefusRecu::Signature),
            ("fiches.json.gz", b"[]", RefusRecu::Signature),
            ("fiches.json", b"  ", RefusRecu::Signature),
        ];
        for (nom, octets, refus) in mauvais {
            assert_eq!(check_recu(nom, octets), Err(refus), "{nom}");
        }
    }
}
