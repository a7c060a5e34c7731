//! The ministry that answers for an establishment (domaine §3.1).

/// A ministry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tutelle {
    /// Universities, engineering schools…
    EnseignementSuperieur,
    /// Lycées.
    EducationNationale,
    /// Agricultural lycées and schools.
    Agriculture,
    /// Nursing and other health professions.
    Sante,
    /// Architecture, art, heritage.
    Culture,
    /// Military lycées and schools.
    Defense,
    /// Sport and youth work.
    Sports,
    /// Another ministry, or a consular chamber.
    Autre,
}

impl Tutelle {
    /// Every one, in display order.
    pub const ALL: [Self; 8] = [
        Self::EnseignementSuperieur,
        Self::EducationNationale,
        Self::Agriculture,
        Self::Sante,
        Self::Culture,
        Self::Defense,
        Self::Sports,
        Self::Autre,
    ];

    /// Stable code, used in storage and forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::EnseignementSuperieur => "esr",
            Self::EducationNationale => "en",
            Self::Agriculture => "agriculture",
            Self::Sante => "sante",
            Self::Culture => "culture",
            Self::Defense => "defense",
            Self::Sports => "sports",
            Self::Autre => "autre",
        }
    }

    /// The one of a stored code; none while nobody said it.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::EnseignementSuperieur => "Enseignement supérieur et recherche",
            Self::EducationNationale => "Éducation nationale",
            Self::Agriculture => "Agriculture",
            Self::Sante => "Santé",
            Self::Culture => "Culture",
            Self::Defense => "Armées",
            Self::Sports => "Sports",
            Self::Autre => "Autre",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_eta_13_each_ministry_has_one_code_and_one_label() {
        for t in Tutelle::ALL {
            assert_eq!(Tutelle::from_code(t.code()), Some(t));
            assert_eq!(Tutelle::ALL.iter().filter(|a| a.libelle() == t.libelle()).count(), 1);
        }
        assert_eq!(Tutelle::from_code(""), None);
    }
}
