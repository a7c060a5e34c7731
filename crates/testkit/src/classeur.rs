//! A workbook changed as somebody would in a spreadsheet.

use files::tableau::{FeuilleAEcrire, Lecteur, Ligne, Lu, read_classeur, write_classeur, write_feuilles};
use files::{Limites, LimitesArchive, Options, Separateur};

/// A workbook of one sheet: its headers, then its lines.
pub fn of_lines(nom: &str, lignes: &[&[&str]]) -> Vec<u8> {
    let (entetes, lignes) = lignes.split_first().unwrap();
    let feuille = FeuilleAEcrire {
        nom,
        entetes: entetes.iter().map(|e| ((*e).to_owned(), Vec::new())).collect(),
        lignes: lignes.iter().map(|l| l.iter().map(|c| (*c).to_owned()).collect()).collect(),
        ..FeuilleAEcrire::default()
    };
    write_feuilles("Essai", 0, &[feuille]).unwrap()
}

/// The same workbook of `N` columns, but for one cell: that of a line (the header is line 1) under a column.
pub fn with_cell<const N: usize>(octets: &[u8], ligne: u64, colonne: &str, valeur: &str) -> Vec<u8> {
    let feuille = read_classeur(octets, "essai.xlsx", Limites::default(), LimitesArchive::default()).unwrap();
    let options = Options { separateur: Some(Separateur::PointVirgule), ..Options::default() };
    let mut lecteur = Lecteur::open(&feuille.csv[..], "essai.xlsx", options).unwrap();
    let noms = lecteur.entetes().noms().to_vec();
    let place = noms.iter().position(|n| n == colonne).unwrap_or_else(|| panic!("no column {colonne}"));
    let mut lignes: Vec<[String; N]> = Vec::new();
    let mut lue = Ligne::default();
    while lecteur.read(&mut lue).unwrap() == Lu::Ligne {
        let change = lue.numero() == ligne;
        lignes.push(std::array::from_fn(|i| {
            if change && i == place { valeur } else { lue.cell(i) }.to_owned()
        }));
    }
    let entetes: [&str; N] = std::array::from_fn(|i| noms[i].as_str());
    write_classeur(&feuille.nom, 0, &entetes, &lignes).unwrap()
}
