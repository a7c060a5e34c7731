//! Writing the ranking for a spreadsheet.

use std::io;

use super::{CODE, MOYENNE, NOM, NOTE, PRENOM, RANG};
use crate::tableau::Ecrivain;

/// One candidate of the ranking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LigneExport {
    /// Absent = not ranked yet.
    pub rang: Option<u32>,
    /// File number, or what stands for it in a file without names.
    pub code: String,
    /// Name and first name.
    pub noms: Option<[String; 2]>,
    /// In hundredths.
    pub moyenne_generale: Option<i64>,
    /// In hundredths.
    pub note: Option<i64>,
    /// Values of the further columns, in their order.
    pub autres: Vec<String>,
}

/// The file, ready to be opened in a spreadsheet. `autres` are the headers of the further columns. Without any name, the columns
/// of names are not there.
pub fn write_classement(autres: &[&str], lignes: &[LigneExport]) -> io::Result<Vec<u8>> {
    let mut ecrivain = Ecrivain::open(Vec::new())?;
    let nomme = lignes.iter().any(|l| l.noms.is_some());
    let noms: &[&str] = if nomme { &[NOM, PRENOM] } else { &[] };
    let entetes = [&[RANG, CODE], noms, &[MOYENNE, NOTE], autres].concat();
    ecrivain.write_row(entetes)?;
    let anonyme = [String::new(), String::new()];
    for ligne in lignes {
        let rang = ligne.rang.map(|r| r.to_string()).unwrap_or_default();
        let moyenne = ligne.moyenne_generale.map(decimal).unwrap_or_default();
        let note = ligne.note.map(decimal).unwrap_or_default();
        let noms = ligne.noms.as_ref().unwrap_or(&anonyme).iter().take(noms.len()).map(String::as_str);
        let cellules = [rang.as_str(), &ligne.code].into_iter().chain(noms).chain([moyenne.as_str(), &note]);
        // A line may have fewer further values than there are headers: the rest stays empty.
        let suite = (0..autres.len()).map(|i| ligne.autres.get(i).map_or("", String::as_str));
        ecrivain.write_row(cellules.chain(suite))?;
    }
    ecrivain.finish()
}

/// Hundredths with a decimal comma: `1450` is `14,50`.
fn decimal(centiemes: i64) -> String {
    let signe = if centiemes < 0 { "-" } else { "" };
    let valeur = centiemes.unsigned_abs();
    format!("{signe}{},{:02}", valeur / 100, valeur % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_what_a_spreadsheet_reads() {
        let octets = write_classement(
            &["Commentaire"],
            &[
                LigneExport {
                    rang: Some(1),
                    code: "240012".into(),
                    noms: Some(["O’Neill; dit \"X\"".into(), "Léa".into()]),
                    moyenne_generale: Some(1450),
                    note: Some(5),
                    autres: vec!["=HYPERLINK(\"x\")".into()],
                },
                LigneExport { code: "240013".into(), ..LigneExport::default() },
            ],
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(octets).unwrap(),
            "\u{feff}Rang;Candidat - Code;Candidat - Nom;Candidat - Prénom;Moyenne générale;Note;Commentaire\r\n\
             1;240012;\"O’Neill; dit \"\"X\"\"\";Léa;14,50;0,05;\"'=HYPERLINK(\"\"x\"\")\"\r\n\
             ;240013;;;;;\r\n"
        );
    }

    #[test]
    fn without_a_name_there_is_no_column_of_names() {
        let ligne = LigneExport { code: "P0A".into(), rang: Some(1), ..LigneExport::default() };
        let texte = String::from_utf8(write_classement(&[], &[ligne]).unwrap()).unwrap();
        assert_eq!(texte, "\u{feff}Rang;Candidat - Code;Moyenne générale;Note\r\n1;P0A;;\r\n");
    }

    #[test]
    fn decimals_keep_their_sign() {
        assert_eq!(decimal(-5), "-0,05");
        assert_eq!(decimal(2000), "20,00");
    }
}
