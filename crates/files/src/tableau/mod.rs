//! Tables: reading CSV line by line with every fault located, and writing it; workbooks, written and read as the same tables.

mod classeur;
mod ecriture;
mod entetes;
mod lecteur;
mod ligne;
mod releve;
#[cfg(test)]
mod tests;

pub use classeur::{
    ClasseurAuFil, Feuille, FeuilleAEcrire, FeuilleLue, is_classeur, read_classeur, read_feuilles,
    write_classeur, write_feuilles,
};
pub(crate) use ecriture::rearm;
pub use ecriture::{Ecrivain, write_lignes, write_table};
pub use entetes::{Entetes, normalize_header};
pub use lecteur::{Lecteur, Lu, read_lignes_csv};
pub use ligne::Ligne;
pub use releve::{Avertissement, Bilan, FICHIER_ENTIER, Faute, Nature, Releve};

/// What separates two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Separateur {
    PointVirgule,
    Virgule,
    Tabulation,
}

impl Separateur {
    /// Every separator, the expected one first.
    pub const ALL: [Self; 3] = [Self::PointVirgule, Self::Virgule, Self::Tabulation];

    /// The byte itself.
    pub const fn octet(self) -> u8 {
        match self {
            Self::PointVirgule => b';',
            Self::Virgule => b',',
            Self::Tabulation => b'\t',
        }
    }

    /// French label, to announce what was found.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::PointVirgule => "point-virgule",
            Self::Virgule => "virgule",
            Self::Tabulation => "tabulation",
        }
    }

    /// The separator met most often outside quotes in the first line; `;` when there is none.
    fn detect(debut: &str) -> Self {
        let mut comptes = [0usize; 3];
        let mut cite = false;
        for octet in debut.trim_start_matches(['\r', '\n']).bytes() {
            match octet {
                b'"' => cite = !cite,
                b'\n' | b'\r' if !cite => break,
                _ if cite => {}
                _ => {
                    for (compte, separateur) in comptes.iter_mut().zip(Self::ALL) {
                        *compte += usize::from(separateur.octet() == octet);
                    }
                }
            }
        }
        let mut choisi = (Self::PointVirgule, 0);
        for (separateur, compte) in Self::ALL.into_iter().zip(comptes) {
            if compte > choisi.1 {
                choisi = (separateur, compte);
            }
        }
        choisi.0
    }
}
