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

/// The ministry by which lists of establishments are narrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParTutelle {
    /// Those that this one answers for.
    Celle(Tutelle),
    /// Those of which nobody said it.
    NonConnue,
}

impl ParTutelle {
    /// Every one, in display order.
    fn all() -> impl Iterator<Item = Self> {
        Tutelle::ALL.into_iter().map(Self::Celle).chain([Self::NonConnue])
    }

    /// Stable code, used in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Celle(t) => t.code(),
            Self::NonConnue => "inconnue",
        }
    }

    /// The one of an address.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|t| t.code() == code)
    }

    /// What is stored of these establishments.
    pub const fn stocke(self) -> &'static str {
        match self {
            Self::Celle(t) => t.code(),
            Self::NonConnue => "",
        }
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Celle(t) => t.libelle(),
            Self::NonConnue => "Non connu",
        }
    }

    /// R-ETA-13: what a list offers of what its establishments say, in display order: nothing where they all say the same. The one that is
    /// chosen is always among them.
    pub fn offertes(stockees: &[String], choisie: Option<Self>) -> Vec<Self> {
        let dites: Vec<Self> = Self::all().filter(|t| stockees.iter().any(|s| s == t.stocke())).collect();
        if dites.len() < 2 && choisie.is_none() {
            return Vec::new();
        }
        Self::all().filter(|t| dites.contains(t) || choisie == Some(*t)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_eta_13_a_list_offers_the_ministries_of_its_establishments_and_the_one_that_is_chosen() {
        use ParTutelle::{Celle, NonConnue};
        for t in ParTutelle::all() {
            assert_eq!(ParTutelle::from_code(t.code()), Some(t));
            assert!(!t.libelle().is_empty());
        }
        assert_eq!(ParTutelle::from_code(""), None);
        let offre = |stockees: &[&str], choisie| {
            let stockees: Vec<String> = stockees.iter().map(|s| (*s).to_owned()).collect();
            ParTutelle::offertes(&stockees, choisie)
        };
        let (agriculture, culture) = (Celle(Tutelle::Agriculture), Celle(Tutelle::Culture));
        assert_eq!(offre(&["culture", "", "agriculture"], None), [agriculture, culture, NonConnue]);
        // Nothing to choose among.
        assert_eq!(offre(&[""], None), []);
        assert_eq!(offre(&["culture"], None), []);
        assert_eq!(offre(&["culture"], Some(NonConnue)), [culture, NonConnue]);
        assert_eq!(offre(&[], Some(culture)), [culture]);
    }

    #[test]
    fn r_eta_13_each_ministry_has_one_code_and_one_label() {
        for t in Tutelle::ALL {
            assert_eq!(Tutelle::from_code(t.code()), Some(t));
            assert_eq!(Tutelle::ALL.iter().filter(|a| a.libelle() == t.libelle()).count(), 1);
        }
        assert_eq!(Tutelle::from_code(""), None);
    }
}
