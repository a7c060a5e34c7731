//! Candidats: the person applying and the record that courses examine.

mod identite;
mod ine;

pub use identite::{AGE_MAX, AGE_MIN, naissance_plausible, nom_propre};
pub use ine::Ine;

/// Series of the baccalauréat, at the grain of the public statistics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeBac {
    /// « Voie générale »: specialities rather than series.
    General,
    /// « Voie technologique »: STMG, STI2D, ST2S…
    Techno,
    /// « Voie professionnelle »: the speciality of the diploma.
    Pro,
    /// Everyone else: students changing course, foreign diplomas, adults.
    Autre,
}

impl TypeBac {
    /// Every type, in the order of the public statistics.
    pub const ALL: [Self; 4] = [Self::General, Self::Techno, Self::Pro, Self::Autre];

    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::General => "general",
            Self::Techno => "techno",
            Self::Pro => "pro",
            Self::Autre => "autre",
        }
    }

    /// The type of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::General => "Baccalauréat général",
            Self::Techno => "Baccalauréat technologique",
            Self::Pro => "Baccalauréat professionnel",
            Self::Autre => "Autre parcours",
        }
    }
}

/// What is sealed in `candidat.boursier_chiffre`: scholarship of secondary school, declared and certified, or not.
pub const fn code_boursier(boursier: bool) -> &'static str {
    if boursier { "1" } else { "0" }
}

/// Reads what [`code_boursier`] wrote.
pub fn boursier_from_code(code: &str) -> Option<bool> {
    match code {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}
