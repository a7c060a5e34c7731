//! A workbook changed as somebody would in a spreadsheet.

use files::tableau::{Lecteur, Ligne, Lu, read_classeur, write_classeur};
use files::{Limites, LimitesArchive, Options, Separateur};

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
