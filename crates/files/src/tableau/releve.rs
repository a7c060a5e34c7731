//! What was wrong in a file, kept within bounds: a hostile file cannot fill the memory with its faults.

use std::collections::BTreeMap;

use crate::{Compression, Encodage, Separateur};

/// Line of a fault of the file as a whole.
pub const FICHIER_ENTIER: u64 = 0;

/// Something that refuses the line, hence the file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Faute {
    /// Line of the file, the header being line 1, or [`FICHIER_ENTIER`].
    pub ligne: u64,
    /// Name of the column, or its number when it has none; empty when the fault is in none.
    pub colonne: String,
    /// French sentence without final stop: what is wrong.
    pub motif: String,
}

impl Faute {
    /// What stops the reading of the file as a whole; `None` when it is at a place of it.
    pub fn du_fichier(&self) -> Option<&str> {
        (self.ligne == FICHIER_ENTIER && self.colonne.is_empty()).then_some(self.motif.as_str())
    }
}

/// Something to know that refuses nothing.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Avertissement {
    pub ligne: u64,
    pub colonne: String,
    pub motif: String,
    pub nature: Nature,
}

/// Kinds of warnings, counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Nature {
    /// Not UTF-8, but recognised.
    Encodage,
    ColonneInconnue,
    ColonneAbsente,
    /// « nd »: the statistic is not available.
    NonDisponible,
    /// A statistic that is no number.
    ChiffreIllisible,
    /// No capacity given: it stays unknown.
    CapaciteAbsente,
    SansCoordonnees,
    CoordonneesHorsBornes,
    /// Establishment code whose form or check letter is wrong.
    Uai,
    /// SIRET whose check digit is wrong.
    Siret,
    /// Department or academy unknown.
    Territoire,
    /// A value outside its known list.
    ValeurInconnue,
    /// No national code: identity made of labels and order.
    IdentiteIncertaine,
    /// Two columns that should agree do not.
    Discordance,
    /// A control character left out of a label.
    CaractereOte,
}

impl Nature {
    /// French label of the counter, plural.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Encodage => "encodages autres qu’UTF-8",
            Self::ColonneInconnue => "colonnes inconnues",
            Self::ColonneAbsente => "colonnes absentes",
            Self::NonDisponible => "valeurs « nd »",
            Self::ChiffreIllisible => "statistiques illisibles",
            Self::CapaciteAbsente => "capacités absentes",
            Self::SansCoordonnees => "formations sans coordonnées",
            Self::CoordonneesHorsBornes => "coordonnées hors bornes",
            Self::Uai => "codes UAI non conformes",
            Self::Siret => "SIRET dont la clé est fausse",
            Self::Territoire => "départements ou académies inconnus",
            Self::ValeurInconnue => "valeurs hors liste",
            Self::IdentiteIncertaine => "identités incertaines",
            Self::Discordance => "colonnes discordantes",
            Self::CaractereOte => "caractères de contrôle ôtés",
        }
    }
}

/// Faults and warnings of a file: all counted, the first ones kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Releve {
    pub fautes: Vec<Faute>,
    pub total_fautes: u64,
    pub avertissements: Vec<Avertissement>,
    pub total_avertissements: u64,
    /// Every warning counted, those not kept included.
    pub par_nature: BTreeMap<Nature, u64>,
}

impl Releve {
    /// Faults kept, and warnings kept.
    pub const MAX: usize = 1_000;
    /// Warnings of one nature kept, so that thousands of « nd » do not hide the only unknown column.
    pub const MAX_PAR_NATURE: u64 = 200;

    /// Whether the file may be applied as it is.
    pub const fn is_clean(&self) -> bool {
        self.total_fautes == 0
    }

    /// Counts a fault, and keeps it while there is room.
    pub fn fault(&mut self, faute: Faute) {
        self.total_fautes += 1;
        if self.fautes.len() < Self::MAX {
            self.fautes.push(faute);
        }
    }

    /// Counts a warning; `motif` is only written when the warning is kept.
    pub(crate) fn warn(&mut self, nature: Nature, ligne: u64, colonne: &str, motif: impl FnOnce() -> String) {
        self.total_avertissements += 1;
        let compte = self.par_nature.entry(nature).or_default();
        *compte += 1;
        if *compte <= Self::MAX_PAR_NATURE && self.avertissements.len() < Self::MAX {
            self.avertissements.push(Avertissement {
                ligne,
                colonne: colonne.to_owned(),
                motif: motif(),
                nature,
            });
        }
    }
}

/// What a reader says once the file is read to its end.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Bilan {
    pub fichier: String,
    pub encodage: Encodage,
    pub compression: Compression,
    pub separateur: Separateur,
    /// Data lines read, faulty ones included.
    pub lignes_lues: u64,
    /// Rows handed over.
    pub lignes_valides: u64,
    /// Lines that are right but not the affair of this reader.
    pub lignes_ignorees: u64,
    /// Lines with at least one fault, which were left out.
    pub lignes_fautives: u64,
    /// Rows handed over, by session.
    pub sessions: BTreeMap<u16, u64>,
    pub releve: Releve,
}
