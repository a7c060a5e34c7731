//! R-ADM-16: where an explanation that a candidate asked for stands.

/// What was found for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EtatDemandeExplication {
    /// Nothing yet: a task makes it.
    Demandee,
    /// To be read.
    Prete,
    /// The run did not look at the wish.
    Absente,
    /// The record of the run is not what was signed, or does not explain this wish.
    Impossible,
}

impl EtatDemandeExplication {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Demandee, Self::Prete, Self::Absente, Self::Impossible];

    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Demandee => "demandee",
            Self::Prete => "prete",
            Self::Absente => "absente",
            Self::Impossible => "impossible",
        }
    }

    /// The state of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }
}
