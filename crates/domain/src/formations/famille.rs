//! Families of courses, as the public statistics and the search name them.

/// Family (« filière » in the public statistics) of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Famille {
    /// University bachelor’s courses, those with a health option apart.
    Licence,
    /// « Licence accès santé »: a licence with a minor in health.
    LicenceLas,
    /// « Parcours d’accès spécifique santé »: the first year that prepares for medicine.
    Pass,
    /// « Brevet de technicien supérieur »: two years, selective, groups by kind of baccalauréat (§3.4).
    Bts,
    /// « Bachelor universitaire de technologie »: three years in an IUT, selective.
    But,
    /// Preparatory classes for the grandes écoles: two years in a lycée, selective, often with boarding.
    Cpge,
    /// Engineering schools that recruit after the baccalauréat.
    Ingenieur,
    /// Business and management schools that recruit after the baccalauréat.
    Commerce,
    /// « Institut de formation en soins infirmiers »: nursing.
    Ifsi,
    /// « Établissement de formation en travail social ».
    Efts,
    /// Whatever the national reference puts nowhere else; also what an unknown stored code reads as.
    Autre,
}

impl Famille {
    /// Every family, in display order.
    pub const ALL: [Self; 11] = [
        Self::Licence,
        Self::LicenceLas,
        Self::Pass,
        Self::Bts,
        Self::But,
        Self::Cpge,
        Self::Ingenieur,
        Self::Commerce,
        Self::Ifsi,
        Self::Efts,
        Self::Autre,
    ];

    /// Stable code, used in storage and URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Licence => "licence",
            Self::LicenceLas => "licence_las",
            Self::Pass => "pass",
            Self::Bts => "bts",
            Self::But => "but",
            Self::Cpge => "cpge",
            Self::Ingenieur => "ingenieur",
            Self::Commerce => "commerce",
            Self::Ifsi => "ifsi",
            Self::Efts => "efts",
            Self::Autre => "autre",
        }
    }

    /// The family of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Licence => "Licence",
            Self::LicenceLas => "Licence accès santé (LAS)",
            Self::Pass => "PASS",
            Self::Bts => "BTS",
            Self::But => "BUT",
            Self::Cpge => "Classe préparatoire (CPGE)",
            Self::Ingenieur => "École d’ingénieurs",
            Self::Commerce => "École de commerce",
            Self::Ifsi => "Soins infirmiers (IFSI)",
            Self::Efts => "Travail social (EFTS)",
            Self::Autre => "Autre formation",
        }
    }
}

/// Under which status the course is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StatutFormation {
    /// Wishes under I1 and I2: one place held at most, waiting wishes kept only if asked.
    Etudiant,
    /// Needs a contract with an employer: ceiling of its own, outside I1 and I2.
    Apprentissage,
}

impl StatutFormation {
    /// Both, in display order.
    pub const ALL: [Self; 2] = [Self::Etudiant, Self::Apprentissage];

    /// Stable code, used in storage and URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Etudiant => "etudiant",
            Self::Apprentissage => "apprentissage",
        }
    }

    /// The status of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Etudiant => "Sous statut étudiant",
            Self::Apprentissage => "En apprentissage",
        }
    }
}
