//! A workbook changed as somebody would in a spreadsheet.

use files::tableau::{FeuilleAEcrire, Lecteur, Ligne, Lu, read_classeur, write_classeur, write_feuilles};
use files::{Limites, LimitesArchive, Options, Separateur};

/// A workbook of one sheet: its headers, then its lines.
pub fn of_lines(nom: &str, lignes: &[&[&str]]) -> Vec<u8> {
    let lignes = lignes.iter().map(|l| l.iter().map(|c| (*c).to_owned()).collect()).collect();
    of_sheets(&[(nom, lignes)])
}

/// A workbook of several sheets: of each, its name, then its headers and its lines.
pub fn of_sheets(feuilles: &[(&str, Vec<Vec<String>>)]) -> Vec<u8> {
    let mut a_ecrire = Vec::new();
    for (nom, lignes) in feuilles {
        let (entetes, lignes) = lignes.split_first().unwrap();
        a_ecrire.push(FeuilleAEcrire {
            nom,
            entetes: entetes.iter().map(|e| (e.clone(), Vec::new())).collect(),
            lignes: lignes.to_vec(),
            ..FeuilleAEcrire::default()
        });
    }
    write_feuilles("Essai", 0, &a_ecrire).unwrap()
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
