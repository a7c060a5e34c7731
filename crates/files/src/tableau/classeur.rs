//! The same tables as a workbook (XLSX), under the same protection (ENT-4).

use std::io;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

use super::ecriture::disarm;

/// A whole table as a workbook of one sheet: headers that stay in sight and sort, then lines of as many cells, all text.
/// `titre` names the sheet (31 characters at most, none of `[]:*?/\`); `cree_le` is written in the file, in seconds of
/// Unix time, so that the same table at the same instant is the same file.
pub fn write_classeur<const N: usize>(
    titre: &str,
    cree_le: i64,
    entetes: &[&str; N],
    lignes: &[[String; N]],
) -> io::Result<Vec<u8>> {
    build(titre, cree_le, entetes, lignes).map_err(|e| io::Error::other(e.to_string()))
}

fn build<const N: usize>(
    titre: &str,
    cree_le: i64,
    entetes: &[&str; N],
    lignes: &[[String; N]],
) -> Result<Vec<u8>, XlsxError> {
    let mut classeur = Workbook::new();
    let quand = ExcelDateTime::from_timestamp(cree_le)?;
    classeur.set_properties(&DocProperties::new().set_title(titre).set_creation_datetime(&quand));
    let feuille = classeur.add_worksheet();
    feuille.set_name(titre)?;
    let gras = Format::new().set_bold();
    for (colonne, entete) in (0u16..).zip(entetes) {
        feuille.write_string_with_format(0, colonne, *entete, &gras)?;
    }
    let mut derniere = 0;
    for (rang, ligne) in (1u32..).zip(lignes) {
        for (colonne, cellule) in (0u16..).zip(ligne) {
            feuille.write_string(rang, colonne, disarm(cellule).as_ref())?;
        }
        derniere = rang;
    }
    feuille.set_freeze_panes(1, 0)?;
    feuille.autofilter(0, 0, derniere, u16::try_from(N.saturating_sub(1)).unwrap_or(u16::MAX))?;
    feuille.autofit();
    classeur.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn part(octets: &[u8], nom: &str) -> String {
        let mut archive = zip::ZipArchive::new(io::Cursor::new(octets)).unwrap();
        let mut texte = String::new();
        archive.by_name(nom).unwrap().read_to_string(&mut texte).unwrap();
        texte
    }

    #[test]
    fn ent_4_a_workbook_holds_text_and_no_formula() {
        let lignes = [["=1+1".to_owned(), "Élodie".to_owned()], ["+33 6".to_owned(), "a < b & c".to_owned()]];
        let octets = write_classeur("Responsables", 1_700_000_000, &["Nom", "Prénom"], &lignes).unwrap();
        let textes = part(&octets, "xl/sharedStrings.xml");
        for attendu in ["Nom", "Prénom", "'=1+1", "Élodie", "'+33 6", "a &lt; b &amp; c"] {
            assert!(textes.contains(&format!(">{attendu}</t>")), "{attendu} : {textes}");
        }
        let feuille = part(&octets, "xl/worksheets/sheet1.xml");
        assert!(!feuille.contains("<f>"), "no formula");
        assert!(part(&octets, "xl/workbook.xml").contains("name=\"Responsables\""));
        assert!(part(&octets, "docProps/core.xml").contains("2023-11-14T22:13:20Z"));
        let encore = write_classeur("Responsables", 1_700_000_000, &["Nom", "Prénom"], &lignes).unwrap();
        assert_eq!(octets, encore, "the same table is the same file");
    }
}
