//! The offer a cohort is drawn from: what the model needs to know of a course, with last year's figures as targets.

use domain::candidats::TypeBac;
use domain::formations::{Famille, StatutFormation};

/// A set of series of the baccalauréat: the candidates one ranking group takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Series(u8);

impl Series {
    /// Every series.
    pub const TOUTES: Self = Self(0b1111);
    /// No series; build a set with [`Series::avec`].
    pub const AUCUNE: Self = Self(0);

    /// The set with one series more.
    #[must_use]
    pub const fn avec(self, serie: TypeBac) -> Self {
        Self(self.0 | 1 << serie as u8)
    }

    /// Whether the series is in the set.
    pub const fn contient(self, serie: TypeBac) -> bool {
        self.0 & (1 << serie as u8) != 0
    }

    /// The ranking groups a family usually has (BTS: pro, techno, others; BUT: techno, others; else one).
    pub fn groupes_habituels(famille: Famille) -> Vec<Self> {
        use TypeBac::{Autre, General, Pro, Techno};
        let un = |s| Self::AUCUNE.avec(s);
        match famille {
            Famille::Bts => vec![un(Pro), un(Techno), un(General).avec(Autre)],
            Famille::But => vec![un(Techno), un(General).avec(Pro).avec(Autre)],
            _ => vec![Self::TOUTES],
        }
    }
}

/// Targets of one series for a course.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CibleSerie {
    /// Candidates with a wish in the main phase.
    pub voeux: u32,
    /// Of them, scholarship holders (nil for « autres »: the statistics do not count them).
    pub boursiers: u32,
    /// Of them, ranked by the course.
    pub classes: u32,
    /// Candidates with a wish in the complementary phase.
    pub complementaires: u32,
}

/// Targets of a course, at full scale.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cibles {
    /// By series, in the order of [`TypeBac::ALL`].
    pub series: [CibleSerie; 4],
    /// Candidates of the main phase who ask for boarding.
    pub internat: u32,
    /// Of them, ranked for boarding.
    pub internat_classes: u32,
}

impl Cibles {
    /// Candidates of the main phase, all series.
    pub fn voeux(&self) -> u32 {
        self.series.iter().map(|s| s.voeux).sum()
    }

    /// Candidates of both phases.
    pub fn candidats(&self) -> u32 {
        self.series.iter().map(|s| s.voeux + s.complementaires).sum()
    }

    /// Scholarship holders of the main phase.
    pub fn boursiers(&self) -> u32 {
        self.series.iter().map(|s| s.boursiers).sum()
    }
}

/// A course as the cohort sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct FormationSimulee {
    pub famille: Famille,
    pub statut: StatutFormation,
    pub selective: bool,
    /// National label, without the establishment: « BTS - Services - Comptabilité et gestion ». Courses of the same
    /// label form multiple wishes; its words give the field of study.
    pub libelle: String,
    /// Code of the department, as any file writes it; unknown counts as abroad.
    pub departement: String,
    /// Latitude and longitude, if known.
    pub position: Option<(f64, f64)>,
    pub capacite: u32,
    /// Ranking groups; the first that contains a candidate's series takes them. Empty: the usual ones.
    pub groupes: Vec<Series>,
    pub cibles: Cibles,
}

/// An offer: the positions of its courses are the `u32` found in a cohort.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OffreSimulee {
    pub formations: Vec<FormationSimulee>,
}
