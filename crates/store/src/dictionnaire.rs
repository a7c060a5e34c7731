//! Class and retention of every column (DON-1). A column that is not in the dictionary fails the tests.

use std::collections::BTreeMap;

const SOURCE: &str = include_str!("dictionnaire.csv");

/// How a column must be protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Classe {
    Publique,
    Interne,
    Personnelle,
    Sensible,
    Secrete,
}

/// Class and retention of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fiche {
    pub classe: Classe,
    /// `permanente`, `session`, `2 ans`, `1 an`, `48 h`…
    pub duree: String,
}

/// The dictionary: (table, column) → class and retention. `*` as table holds the columns of `@meta`.
pub fn fiches() -> BTreeMap<(String, String), Fiche> {
    SOURCE
        .lines()
        .skip(1)
        .filter_map(|ligne| {
            let mut champs = ligne.split(';');
            let (table, colonne) = (champs.next()?, champs.next()?);
            let classe = match champs.next()? {
                "publique" => Classe::Publique,
                "interne" => Classe::Interne,
                "personnelle" => Classe::Personnelle,
                "sensible" => Classe::Sensible,
                "secrete" => Classe::Secrete,
                _ => return None,
            };
            let duree = champs.next()?.to_owned();
            Some(((table.to_owned(), colonne.to_owned()), Fiche { classe, duree }))
        })
        .collect()
}
