//! Names of columns: found whatever their case, accents and spaces.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Faute, Ligne};

/// Lower case, without accents, punctuation nor spaces: « Candidat - Code » and « CANDIDAT CODE » are one name.
pub fn normalize_header(nom: &str) -> String {
    nom.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

/// The header line.
#[derive(Debug, Clone, Default)]
pub struct Entetes {
    noms: Vec<String>,
    /// The names as messages give them.
    etiquettes: Vec<String>,
    cles: Vec<String>,
}

impl Entetes {
    pub(super) fn from_ligne(ligne: &Ligne) -> Self {
        let noms: Vec<String> = (0..ligne.len()).map(|i| ligne.cell(i).to_owned()).collect();
        let cles = noms.iter().map(|n| normalize_header(n)).collect();
        let etiquettes = (1..).zip(&noms).map(|(numero, nom)| label(numero, nom)).collect();
        Self { noms, etiquettes, cles }
    }

    /// Number of columns.
    pub fn len(&self) -> usize {
        self.noms.len()
    }

    /// Whether there is no column.
    pub fn is_empty(&self) -> bool {
        self.noms.is_empty()
    }

    /// The names as written.
    pub fn noms(&self) -> &[String] {
        &self.noms
    }

    /// How to name a column in a message: its name, cut if endless, or its number when it has none.
    pub fn nom(&self, index: usize) -> String {
        match self.etiquettes.get(index) {
            Some(etiquette) => etiquette.clone(),
            None => (index + 1).to_string(),
        }
    }

    /// [`Entetes::nom`] of a column that exists, without a copy.
    pub(crate) fn etiquette(&self, index: usize) -> &str {
        self.etiquettes.get(index).map_or("", String::as_str)
    }

    /// Column of one of these names, in order of preference.
    pub fn find(&self, noms: &[&str]) -> Option<usize> {
        noms.iter().find_map(|nom| {
            let cle = normalize_header(nom);
            self.cles.iter().position(|c| *c == cle)
        })
    }

    /// Columns that bear a name already borne: the cell to believe would be anyone's guess.
    pub(crate) fn duplicates(&self) -> Vec<Faute> {
        let mut vues = std::collections::HashMap::new();
        let mut fautes = Vec::new();
        for (index, cle) in self.cles.iter().enumerate() {
            if cle.is_empty() {
                continue;
            }
            if let Some(premiere) = vues.get(cle.as_str()) {
                fautes.push(Faute {
                    ligne: 1,
                    colonne: self.nom(index),
                    motif: format!(
                        "nom de colonne en double (colonnes {} et {}) : gardez-en une seule",
                        premiere + 1,
                        index + 1
                    ),
                });
            } else {
                vues.insert(cle.as_str(), index);
            }
        }
        fautes
    }
}

/// A thousand faults that each repeat a name of 60 KiB would cost what the limits are there to spare.
const ETIQUETTE_MAX: usize = 80;

fn label(numero: usize, nom: &str) -> String {
    if nom.is_empty() {
        return numero.to_string();
    }
    match nom.char_indices().nth(ETIQUETTE_MAX) {
        Some((coupe, _)) => format!("{}…", nom.get(..coupe).unwrap_or_default()),
        None => nom.to_owned(),
    }
}
