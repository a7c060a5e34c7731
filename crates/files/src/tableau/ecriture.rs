//! CSV for spreadsheets (ENT-4): UTF-8 with its mark, `;`, RFC 4180, and no cell that a spreadsheet would run.

use std::borrow::Cow;
use std::io::{self, Write};

/// Writes a table, line by line.
pub struct Ecrivain<W: Write> {
    csv: csv::Writer<W>,
}

impl<W: Write> Ecrivain<W> {
    /// Starts the file with its byte-order mark, without which Excel misreads accents.
    pub fn open(mut sortie: W) -> io::Result<Self> {
        sortie.write_all("\u{feff}".as_bytes())?;
        Ok(Self::resume(sortie))
    }

    /// Goes on with a file that was started elsewhere.
    pub fn resume(sortie: W) -> Self {
        let csv = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .flexible(false)
            .from_writer(sortie);
        Self { csv }
    }

    /// Writes one line; every line must have as many cells as the first.
    pub fn write_row<'c>(&mut self, cellules: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
        for cellule in cellules {
            self.csv.write_field(disarm(cellule).as_bytes()).map_err(io::Error::other)?;
        }
        self.csv.write_record(None::<&[u8]>).map_err(io::Error::other)
    }

    /// Ends the file and gives back what it was written to.
    pub fn finish(self) -> io::Result<W> {
        self.csv.into_inner().map_err(|e| io::Error::other(e.to_string()))
    }
}

/// A whole table in memory: headers, then lines of as many cells.
pub fn write_table<const N: usize>(entetes: &[&str; N], lignes: &[[String; N]]) -> io::Result<Vec<u8>> {
    let mut ecrivain = Ecrivain::open(Vec::new())?;
    ecrivain.write_row(entetes.iter().copied())?;
    for ligne in lignes {
        ecrivain.write_row(ligne.iter().map(String::as_str))?;
    }
    ecrivain.finish()
}

/// The text form of a sheet.
pub fn write_lignes(feuille: &super::FeuilleAEcrire<'_>) -> io::Result<Vec<u8>> {
    let mut ecrivain = Ecrivain::open(Vec::new())?;
    ecrivain.write_row(feuille.entetes.iter().map(|(e, _)| e.as_str()))?;
    for ligne in &feuille.lignes {
        ecrivain.write_row(ligne.iter().map(String::as_str))?;
    }
    ecrivain.finish()
}

/// Puts an apostrophe before what a spreadsheet would take for a formula.
pub(crate) fn disarm(cellule: &str) -> Cow<'_, str> {
    match cellule.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => Cow::Owned(format!("'{cellule}")),
        _ => Cow::Borrowed(cellule),
    }
}

/// The cell as it was before [`disarm`].
pub(crate) fn rearm(cellule: &str) -> &str {
    match cellule.strip_prefix('\'') {
        Some(reste) if reste.starts_with(['=', '+', '-', '@', '\t', '\r']) => reste,
        _ => cellule,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(lignes: &[&[&str]]) -> String {
        let mut ecrivain = Ecrivain::open(Vec::new()).unwrap();
        for ligne in lignes {
            ecrivain.write_row(ligne.iter().copied()).unwrap();
        }
        String::from_utf8(ecrivain.finish().unwrap()).unwrap()
    }

    #[test]
    fn writes_mark_separator_and_line_ends() {
        assert_eq!(written(&[&["Rang", "Nom"], &["1", "Élodie"]]), "\u{feff}Rang;Nom\r\n1;Élodie\r\n");
    }

    #[test]
    fn quotes_only_what_needs_it() {
        assert_eq!(
            written(&[&["a;b", "dit \"x\"", "deux\nlignes", "simple"]]),
            "\u{feff}\"a;b\";\"dit \"\"x\"\"\";\"deux\nlignes\";simple\r\n"
        );
    }

    #[test]
    fn disarms_formulas() {
        for (brut, attendu) in [
            ("=SOMME(A1)", "'=SOMME(A1)"),
            ("+33", "'+33"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(disarm(brut), attendu);
            assert_eq!(rearm(attendu), brut);
        }
    }

    #[test]
    fn refuses_a_line_of_another_width() {
        let mut ecrivain = Ecrivain::open(Vec::new()).unwrap();
        ecrivain.write_row(["a", "b"]).unwrap();
        assert!(ecrivain.write_row(["a"]).is_err());
    }
}
