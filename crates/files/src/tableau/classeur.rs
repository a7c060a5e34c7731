//! The same tables as a workbook (XLSX), under the same protection (ENT-4). Read, its first sheet becomes the text that
//! every reader of tables takes: one line a row, so that a fault names the row as the spreadsheet numbers it.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use rust_xlsxwriter::{DataValidation, DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::Separateur;
use super::ecriture::{disarm, rearm};
use super::ligne::clean_text;
use crate::FichierError;
use crate::source::{Limites, LimitesArchive};

/// A whole table as a workbook of one sheet: headers that stay in sight and sort, then lines of as many cells, all text.
/// `titre` names the sheet (31 characters at most, none of `[]:*?/\`); `cree_le` is written in the file, in seconds of
/// Unix time, so that the same table at the same instant is the same file.
pub fn write_classeur<const N: usize>(
    titre: &str,
    cree_le: i64,
    entetes: &[&str; N],
    lignes: &[[String; N]],
) -> io::Result<Vec<u8>> {
    let mut fil = ClasseurAuFil::open(titre, cree_le, entetes)?;
    for ligne in lignes {
        fil.write_row(ligne.iter().map(String::as_str))?;
    }
    fil.finish()
}

/// A workbook of one sheet written line by line, made as [`write_classeur`] makes one: what is read by slices is never held twice.
pub struct ClasseurAuFil {
    classeur: Workbook,
    /// Of the last line written; 0: the headers.
    rang: u32,
    colonnes: usize,
}

impl ClasseurAuFil {
    /// Starts the workbook with its headers.
    pub fn open(titre: &str, cree_le: i64, entetes: &[&str]) -> io::Result<Self> {
        let commence = || {
            let mut classeur = started(titre, cree_le)?;
            write_headers(classeur.add_worksheet(), titre, entetes.iter().copied())?;
            Ok::<_, XlsxError>(classeur)
        };
        Ok(Self { classeur: commence().map_err(refused)?, rang: 0, colonnes: entetes.len() })
    }

    /// Writes one line.
    pub fn write_row<'c>(&mut self, cellules: impl IntoIterator<Item = &'c str>) -> io::Result<()> {
        self.rang += 1;
        let feuille = self.classeur.worksheet_from_index(0).map_err(refused)?;
        write_cells(feuille, self.rang, cellules, &[]).map_err(refused)
    }

    /// Ends the file.
    pub fn finish(mut self) -> io::Result<Vec<u8>> {
        let feuille = self.classeur.worksheet_from_index(0).map_err(refused)?;
        settle(feuille, self.rang, (self.colonnes, 0)).map_err(refused)?;
        self.classeur.save_to_buffer().map_err(refused)
    }
}

fn refused(e: XlsxError) -> io::Error {
    io::Error::other(e.to_string())
}

fn started(titre: &str, cree_le: i64) -> Result<Workbook, XlsxError> {
    let mut classeur = Workbook::new();
    let quand = ExcelDateTime::from_timestamp(cree_le)?;
    classeur.set_properties(&DocProperties::new().set_title(titre).set_creation_datetime(&quand));
    Ok(classeur)
}

fn write_headers<'e>(
    feuille: &mut Worksheet,
    nom: &str,
    entetes: impl Iterator<Item = &'e str>,
) -> Result<(), XlsxError> {
    let gras = Format::new().set_bold();
    feuille.set_name(nom)?;
    for (colonne, entete) in (0u16..).zip(entetes) {
        feuille.write_string_with_format(0, colonne, entete, &gras)?;
    }
    Ok(())
}

/// `nombres`: columns whose cells are numbers when they read as such, so that the spreadsheet adds and sorts them.
fn write_cells<'c>(
    feuille: &mut Worksheet,
    rang: u32,
    cellules: impl IntoIterator<Item = &'c str>,
    nombres: &[u16],
) -> Result<(), XlsxError> {
    for (colonne, cellule) in (0u16..).zip(cellules) {
        match number(cellule).filter(|_| nombres.contains(&colonne)) {
            _ if cellule.is_empty() => {}
            Some(n) => {
                feuille.write_number(rang, colonne, n)?;
            }
            None => {
                feuille.write_string(rang, colonne, disarm(cellule).as_ref())?;
            }
        }
    }
    Ok(())
}

/// « 24 », « 1250,50 »; none for what is no number, or has more figures than a spreadsheet keeps.
fn number(cellule: &str) -> Option<f64> {
    let simple = cellule.bytes().all(|o| o.is_ascii_digit() || o == b',');
    if simple && cellule.len() <= 15 { cellule.replace(',', ".").parse().ok() } else { None }
}

/// Headers that stay in sight and sort, columns as wide as what is in the first lines.
fn settle(feuille: &mut Worksheet, derniere: u32, (colonnes, figees): (usize, u16)) -> Result<(), XlsxError> {
    feuille.set_freeze_panes(1, figees)?;
    let largeur = u16::try_from(colonnes.saturating_sub(1)).unwrap_or(u16::MAX);
    feuille.autofilter(0, 0, derniere, largeur)?;
    feuille.set_autofit_max_width(LARGEUR_MAX);
    feuille.set_autofit_max_row(LIGNES_MESUREES);
    feuille.autofit();
    Ok(())
}

/// A sheet of a workbook to write.
#[derive(Debug, Clone, Default)]
pub struct FeuilleAEcrire<'a> {
    /// 31 characters at most, none of `[]:*?/\`.
    pub nom: &'a str,
    /// Header of each column, and the values that the spreadsheet offers in it; none: anything.
    pub entetes: Vec<(String, Vec<&'static str>)>,
    /// As many cells a line as headers.
    pub lignes: Vec<Vec<String>>,
    /// First columns that stay in sight, as the headers do.
    pub figees: u16,
    /// Columns of numbers, from 0: what reads as a number there is one.
    pub nombres: Vec<u16>,
}

/// A workbook of several sheets, made as [`write_classeur`] makes one.
pub fn write_feuilles(titre: &str, cree_le: i64, feuilles: &[FeuilleAEcrire<'_>]) -> io::Result<Vec<u8>> {
    build(titre, cree_le, feuilles).map_err(refused)
}

/// Wider columns are cut: a paragraph is not read on one line.
const LARGEUR_MAX: u32 = 420;
/// Lines that the width of a column is measured on: those of a whole country would take longer than writing them.
const LIGNES_MESUREES: u32 = 1_000;

fn build(titre: &str, cree_le: i64, feuilles: &[FeuilleAEcrire<'_>]) -> Result<Vec<u8>, XlsxError> {
    let mut classeur = started(titre, cree_le)?;
    for f in feuilles {
        let feuille = classeur.add_worksheet();
        write_headers(feuille, f.nom, f.entetes.iter().map(|(entete, _)| entete.as_str()))?;
        let mut derniere = 0;
        for (rang, ligne) in (1u32..).zip(&f.lignes) {
            write_cells(feuille, rang, ligne.iter().map(String::as_str), &f.nombres)?;
            derniere = rang;
        }
        for (colonne, (_, choix)) in (0u16..).zip(&f.entetes) {
            if !choix.is_empty() {
                let regle = DataValidation::new().allow_list_strings(choix)?;
                feuille.add_data_validation(1, colonne, derniere.max(1) + 200, colonne, &regle)?;
            }
        }
        settle(feuille, derniere, (f.entetes.len(), f.figees))?;
    }
    classeur.save_to_buffer()
}

/// How the workbooks that are not XLSX begin: the old ones, and any that asks for a password.
const ANCIEN: &[u8] = b"\xd0\xcf\x11\xe0";

/// Whether the bytes are those of a workbook, of whatever kind, rather than text.
pub fn is_classeur(octets: &[u8]) -> bool {
    octets.starts_with(b"PK\x03\x04") || octets.starts_with(ANCIEN)
}

/// What is read of a workbook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feuille {
    /// Name of the sheet: the first one in sight.
    pub nom: String,
    /// Its cells as CSV of [`Separateur::PointVirgule`]; a formula gives the value that it had when the file was saved.
    pub csv: Vec<u8>,
}

/// A sheet as it was read, line breaks of its cells included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeuilleLue {
    /// Name of the sheet.
    pub nom: String,
    /// Number of the row as the spreadsheet shows it, and its cells; rows without anything are not here.
    pub lignes: Vec<(u64, Vec<String>)>,
}

/// Reads the first sheet in sight. The archive is measured before it is opened (ENT-1): a cell at the far end of a sheet,
/// a bomb or a million parts cost no memory.
pub fn read_classeur(
    octets: &[u8],
    fichier: &str,
    limites: Limites,
    archive: LimitesArchive,
) -> Result<Feuille, FichierError> {
    let mut lecture = Lecture::open(octets, fichier, limites, archive)?;
    let noms = lecture.names();
    let nom = noms.into_iter().next().ok_or_else(|| lecture.refuse("aucune feuille visible".to_owned()))?;
    let (cellules, largeur) = lecture.cells(&nom)?;
    let Some(&(derniere, _)) = cellules.keys().next_back() else {
        return Err(FichierError::Vide { fichier: fichier.to_owned() });
    };
    let cellules = cellules.into_iter().map(|(ou, t)| (ou, t.replace(['\r', '\n'], " "))).collect();
    let csv = lines(&cellules, derniere, largeur).map_err(|e| lecture.refuse(e.to_string()))?;
    Ok(Feuille { nom, csv })
}

/// Reads every sheet in sight, under the same limits for all of them together.
pub fn read_feuilles(
    octets: &[u8],
    fichier: &str,
    limites: Limites,
    archive: LimitesArchive,
) -> Result<Vec<FeuilleLue>, FichierError> {
    let mut lecture = Lecture::open(octets, fichier, limites, archive)?;
    let mut feuilles = Vec::new();
    let mut reste = limites.cellules;
    for nom in lecture.names() {
        let (cellules, largeur) = lecture.cells(&nom)?;
        let mut lignes: Vec<(u64, Vec<String>)> = Vec::new();
        for ((rang, colonne), texte) in cellules {
            let numero = u64::from(rang) + 1;
            if lignes.last().is_none_or(|(n, _)| *n != numero) {
                reste = reste.checked_sub(u64::from(largeur)).ok_or_else(|| {
                    FichierError::TropDeCellules { fichier: fichier.to_owned(), limite: limites.cellules }
                })?;
                lignes.push((numero, vec![String::new(); largeur as usize]));
            }
            if let Some(cellule) = lignes.last_mut().and_then(|(_, l)| l.get_mut(colonne as usize)) {
                *cellule = clean_text(rearm(&texte)).map_err(|motif| {
                    lecture.refuse(format!(
                        "feuille « {nom} », ligne {numero}, colonne {} : {motif}",
                        colonne + 1
                    ))
                })?;
            }
        }
        feuilles.push(FeuilleLue { nom, lignes });
    }
    Ok(feuilles)
}

/// Text of each cell that has some, by row and column from 0.
type Cellules = BTreeMap<(u32, u32), String>;

/// A workbook being read, and what may still be read of it.
struct Lecture<'a> {
    classeur: Xlsx<Cursor<&'a [u8]>>,
    fichier: &'a str,
    limites: Limites,
    reste: u64,
}

impl<'a> Lecture<'a> {
    fn open(
        octets: &'a [u8],
        fichier: &'a str,
        limites: Limites,
        archive: LimitesArchive,
    ) -> Result<Self, FichierError> {
        let refus = |motif: String| FichierError::Classeur { fichier: fichier.to_owned(), motif };
        if octets.starts_with(ANCIEN) {
            return Err(refus(
                "c’est un ancien classeur Excel (.xls), ou un classeur protégé par un mot de passe"
                    .to_owned(),
            ));
        }
        measure(octets, fichier, archive)?;
        let classeur =
            Xlsx::new(Cursor::new(octets)).map_err(|e| refus(format!("classeur illisible ({e})")))?;
        Ok(Self { classeur, fichier, limites, reste: limites.octets })
    }

    fn refuse(&self, motif: String) -> FichierError {
        FichierError::Classeur { fichier: self.fichier.to_owned(), motif }
    }

    /// Sheets in sight, in their order.
    fn names(&self) -> Vec<String> {
        let vues = self.classeur.sheets_metadata().iter().filter(|f| f.visible == SheetVisible::Visible);
        vues.map(|f| f.name.clone()).collect()
    }

    /// The cells of a sheet, and how many columns they take.
    fn cells(&mut self, nom: &str) -> Result<(Cellules, u32), FichierError> {
        let fichier = self.fichier;
        let refus = |motif: String| FichierError::Classeur { fichier: fichier.to_owned(), motif };
        let illisible = |e: calamine::XlsxError| refus(format!("classeur illisible ({e})"));
        let mut cellules = BTreeMap::new();
        let mut largeur = 0;
        let mut lecteur = self.classeur.worksheet_cells_reader(nom).map_err(illisible)?;
        while let Some(cellule) = lecteur.next_cell().map_err(illisible)? {
            let Some(texte) = text(cellule.get_value()) else { continue };
            let (rang, colonne) = cellule.get_position();
            if u64::from(rang) > self.limites.lignes {
                return Err(FichierError::TropDeLignes {
                    fichier: fichier.to_owned(),
                    limite: self.limites.lignes,
                });
            }
            if colonne as usize >= self.limites.colonnes {
                return Err(refus(format!(
                    "la feuille « {nom} » a plus de {} colonnes, à la ligne {}",
                    self.limites.colonnes,
                    rang + 1
                )));
            }
            self.reste = self
                .reste
                .checked_sub(texte.len() as u64)
                .ok_or_else(|| too_big(fichier, self.limites.octets))?;
            largeur = largeur.max(colonne + 1);
            cellules.insert((rang, colonne), texte);
        }
        Ok((cellules, largeur))
    }
}

/// One line a row, those that are empty included; a line break inside a cell is a space.
fn lines(cellules: &Cellules, derniere: u32, largeur: u32) -> io::Result<Vec<u8>> {
    let mut sortie = Vec::new();
    for rang in 0..=derniere {
        if cellules.range((rang, 0)..=(rang, u32::MAX)).next().is_none() {
            sortie.push(b'\n');
            continue;
        }
        let mut ligne = csv::WriterBuilder::new()
            .delimiter(Separateur::PointVirgule.octet())
            .terminator(csv::Terminator::Any(b'\n'))
            .from_writer(&mut sortie);
        ligne.write_record((0..largeur).map(|c| cellules.get(&(rang, c)).map_or("", String::as_str)))?;
        ligne.flush()?;
    }
    Ok(sortie)
}

/// The cell as it is read; `None` when there is nothing in it.
fn text(valeur: &DataRef<'_>) -> Option<String> {
    let texte = match valeur {
        DataRef::Empty => return None,
        DataRef::String(t) | DataRef::DateTimeIso(t) | DataRef::DurationIso(t) => t.clone(),
        DataRef::SharedString(t) => (*t).to_owned(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => n.to_string(),
        DataRef::Bool(b) => if *b { "VRAI" } else { "FAUX" }.to_owned(),
        DataRef::DateTime(d) if d.is_datetime() => {
            // A day typed in a spreadsheet is one, not the number by which it is counted.
            let (annee, mois, jour, h, min, s, _) = d.to_ymd_hms_milli();
            if (h, min, s) == (0, 0, 0) {
                format!("{annee:04}-{mois:02}-{jour:02}")
            } else {
                format!("{annee:04}-{mois:02}-{jour:02} {h:02}:{min:02}:{s:02}")
            }
        }
        DataRef::DateTime(d) => d.to_string(),
        DataRef::Error(e) => e.to_string(),
    };
    Some(texte).filter(|t| !t.is_empty())
}

fn too_big(fichier: &str, limite: u64) -> FichierError {
    FichierError::TropGros { fichier: fichier.to_owned(), limite }
}

/// Unpacks each part into nothing, counting: what an archive says of its own sizes is not believed.
fn measure(octets: &[u8], fichier: &str, limites: LimitesArchive) -> Result<(), FichierError> {
    let taille = octets.len() as u64;
    if taille > limites.octets {
        return Err(too_big(fichier, limites.octets));
    }
    let refus = |motif: String| FichierError::Classeur { fichier: fichier.to_owned(), motif };
    let abimee = |e: &dyn std::fmt::Display| refus(format!("archive abîmée ({e})"));
    let mut archive = zip::ZipArchive::new(Cursor::new(octets)).map_err(|e| abimee(&e))?;
    if archive.len() > limites.entrees {
        return Err(refus(format!("plus de {} éléments dans l’archive", limites.entrees)));
    }
    let permis = limites.deballes.min(taille.saturating_mul(limites.ratio));
    let mut deballes = 0;
    for i in 0..archive.len() {
        let partie = archive.by_index(i).map_err(|e| abimee(&e))?;
        deballes +=
            io::copy(&mut partie.take(permis + 1 - deballes), &mut io::sink()).map_err(|e| abimee(&e))?;
        if deballes > permis {
            return Err(too_big(fichier, permis));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Options;
    use crate::tableau::{Lecteur, Ligne, Lu};

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

    #[test]
    fn numbers_are_numbers_and_the_first_columns_stay_in_sight() {
        let feuille = FeuilleAEcrire {
            nom: "Formations",
            entetes: ["Identifiant", "Frais"].map(|e| (e.to_owned(), Vec::new())).to_vec(),
            lignes: [["12", "690,5"], ["a", "gratuit"], ["b", ""]]
                .map(|l| l.map(str::to_owned).to_vec())
                .to_vec(),
            figees: 1,
            nombres: vec![1],
        };
        let octets = write_feuilles("Essai", 0, &[feuille]).unwrap();
        let xml = part(&octets, "xl/worksheets/sheet1.xml");
        assert!(xml.contains("<v>690.5</v>") && xml.contains("xSplit=\"1\""), "{xml}");
        // Elsewhere, and where it is no number, a cell is the text that it was.
        assert!(part(&octets, "xl/sharedStrings.xml").contains(">12</t>"));
        let lues = read_feuilles(&octets, "e.xlsx", Limites::default(), LimitesArchive::default()).unwrap();
        let frais: Vec<&str> =
            lues[0].lignes.iter().skip(1).filter_map(|(_, l)| l.get(1).map(String::as_str)).collect();
        assert_eq!(&frais[..2], ["690.5", "gratuit"]);
    }

    #[test]
    fn paragraphs_come_back_by_a_workbook_and_their_words_alone_by_a_text_file() {
        let long = "= Un paragraphe ; « le premier ».\n\n- Le second, d’une ligne.\n".repeat(90);
        let texte = long.trim();
        let feuille = FeuilleAEcrire {
            nom: "Formations",
            entetes: ["Identifiant", "Présentation publique"].map(|e| (e.to_owned(), Vec::new())).to_vec(),
            lignes: vec![vec!["a".to_owned(), texte.to_owned()]],
            ..FeuilleAEcrire::default()
        };
        let octets = write_feuilles("Essai", 0, std::slice::from_ref(&feuille)).unwrap();
        let lues = read_feuilles(&octets, "e.xlsx", Limites::default(), LimitesArchive::default()).unwrap();
        assert_eq!(lues[0].lignes[1].1[1], texte);
        let octets = crate::tableau::write_lignes(&feuille).unwrap();
        let lues = crate::tableau::read_lignes_csv(&octets, "e.csv", Limites::default()).unwrap();
        let lu = &lues[1].1[1];
        assert!(!lu.contains('\n') && lu.split_whitespace().eq(texte.split_whitespace()), "{lu}");
    }

    fn read(octets: &[u8]) -> Result<Feuille, FichierError> {
        read_classeur(octets, "essai.xlsx", Limites::default(), LimitesArchive::default())
    }

    /// A workbook made cell by cell.
    fn made(fabrique: impl FnOnce(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
        let mut classeur = Workbook::new();
        fabrique(classeur.add_worksheet().set_name("Feuille à lire").unwrap());
        classeur.add_worksheet().write_string(0, 0, "une autre").unwrap();
        classeur.save_to_buffer().unwrap()
    }

    #[test]
    fn the_first_sheet_is_read_with_the_numbers_of_its_rows() {
        let octets = made(|f| {
            for (rang, colonne, texte) in
                [(1, 0, "Nom"), (1, 1, "Dit; \"x\""), (4, 1, "deux\nlignes"), (4, 2, "à côté")]
            {
                f.write_string(rang, colonne, texte).unwrap();
            }
            f.write_number(3, 0, 12.0).unwrap();
            f.write_boolean(3, 1, true).unwrap();
            f.write_formula(4, 0, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
        });
        assert!(is_classeur(&octets));
        let feuille = read(&octets).unwrap();
        assert_eq!(feuille.nom, "Feuille à lire");
        let mut lecteur = Lecteur::open(&feuille.csv[..], "essai.xlsx", Options::default()).unwrap();
        assert_eq!(lecteur.entetes().noms(), ["Nom", "Dit; \"x\"", ""]);
        let mut lues = Vec::new();
        let mut ligne = Ligne::default();
        while lecteur.read(&mut ligne).unwrap() == Lu::Ligne {
            lues.push((ligne.numero(), (0..3).map(|i| ligne.cell(i).to_owned()).collect::<Vec<_>>()));
        }
        let attendu = [(4, ["12", "VRAI", ""]), (5, ["2", "deux lignes", "à côté"])];
        assert_eq!(lues, attendu.map(|(n, l)| (n, l.map(str::to_owned).to_vec())));
    }

    #[test]
    fn ent_1_what_costs_too_much_is_refused_before_it_is_read() {
        let loin = made(|f| {
            f.write_string(1_048_575, 0, "au bout").unwrap();
        });
        assert_eq!(read(&loin).unwrap_err().code(), "trop_de_lignes");
        let large = made(|f| {
            f.write_string(0, 16_383, "au bout").unwrap();
        });
        assert!(read(&large).unwrap_err().to_string().contains("plus de 200 colonnes"));
        let mut bombe = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        bombe.start_file("xl/workbook.xml", options).unwrap();
        io::copy(&mut io::repeat(b' ').take(64 << 20), &mut bombe).unwrap();
        let bombe = bombe.finish().unwrap().into_inner();
        assert!(bombe.len() < 1 << 17, "{}", bombe.len());
        assert_eq!(read(&bombe).unwrap_err().code(), "trop_gros");
        let mut mille = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for i in 0..=LimitesArchive::default().entrees {
            mille.start_file(i.to_string(), options).unwrap();
        }
        // Few bytes, few cells, and a wide sheet: what it would take in memory is counted, not what it holds.
        let large = made(|f| {
            f.write_string(0, 150, "au bout").unwrap();
            for rang in 1..3_000 {
                f.write_string(rang, 0, "x").unwrap();
            }
        });
        let limites = Limites { cellules: 400_000, ..Limites::default() };
        let lues = |limites| read_feuilles(&large, "essai.xlsx", limites, LimitesArchive::default());
        assert_eq!(lues(limites).unwrap_err().code(), "trop_de_cellules");
        assert!(lues(Limites::default()).is_ok());
        let refus = read(&mille.finish().unwrap().into_inner()).unwrap_err();
        assert!(refus.to_string().contains("plus de 1000 éléments"), "{refus}");
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        let mut texte = zip::ZipWriter::new(Cursor::new(Vec::new()));
        texte.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
        for octets in [&texte.finish().unwrap().into_inner()[..], b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b""] {
            assert_eq!(read(octets).unwrap_err().code(), "classeur");
        }
        assert_eq!(read(&made(|_| {})).unwrap_err().code(), "vide");
    }

    proptest! {
        #[test]
        fn ent_1_no_damaged_workbook_panics(place in 0usize..4_000, octet in any::<u8>(), coupe in 0usize..8_000) {
            let lignes = [["a".to_owned(), "b".to_owned()], ["c".to_owned(), "d".to_owned()]];
            let mut octets = write_classeur("Essai", 0, &["x", "y"], &lignes).unwrap();
            if let Some(o) = octets.get_mut(place) {
                *o = octet;
            }
            let _ = read(&octets);
            octets.truncate(coupe);
            let _ = read(&octets);
        }
    }
}
