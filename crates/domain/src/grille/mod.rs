//! The analysis grid of a course (« critères généraux d'examen des vœux »): five fields, their weights and criteria, and what
//! is wrong with it. Pure: reads a grid and the settings that it must agree with, gives findings.

mod attendus;
mod constat;
mod documents;
mod epreuves;
mod faisceau;
mod lettre;
mod lexique;
mod mentions;
mod polarite;
mod relecture;
mod scenes;
mod specialites;
mod tenue;
mod terminales;
mod texte;

pub use constat::{Constat, Decompte, Extrait, Partie};
pub use documents::Documents;
pub use relecture::relire;

/// How much something counts, as the candidate reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Importance {
    /// Decides first.
    Essentiel,
    /// Decides next.
    TresImportant,
    /// Counts.
    Important,
    /// Settles what is close.
    Complementaire,
}

impl Importance {
    /// Every degree, the highest first.
    pub const ALL: [Self; 4] = [Self::Essentiel, Self::TresImportant, Self::Important, Self::Complementaire];

    /// Stable code, used in storage and forms.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Essentiel => "essentiel",
            Self::TresImportant => "tres_important",
            Self::Important => "important",
            Self::Complementaire => "complementaire",
        }
    }

    /// The degree of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|i| i.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Essentiel => "Essentiel",
            Self::TresImportant => "Très important",
            Self::Important => "Important",
            Self::Complementaire => "Complémentaire",
        }
    }
}

/// The five national fields, in their order.
pub const CHAMPS: [&str; 5] = [
    "Résultats académiques",
    "Compétences académiques, acquis méthodologiques, savoir-faire",
    "Savoir-être",
    "Motivation, connaissance de la formation, cohérence du projet",
    "Engagements, activités et centres d’intérêt, réalisations péri ou extra-scolaires",
];

/// A criterion of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Critere {
    /// Its title.
    pub intitule: String,
    /// What is taken into account.
    pub elements: String,
    /// How much it counts in its field.
    pub importance: Importance,
}

/// One of the five fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Champ {
    /// Per cent of the whole.
    pub poids: u32,
    /// How much it counts.
    pub importance: Importance,
    /// In the order of display.
    pub criteres: Vec<Critere>,
}

/// What the settings of the course say, which the grid must not contradict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Contexte {
    /// A letter of motivation is asked of candidates.
    pub lettre: bool,
    /// A questionnaire is asked of candidates.
    pub questionnaire: bool,
    /// A written examination is organised.
    pub ecrit: bool,
    /// An oral examination or an interview is organised.
    pub oral: bool,
    /// A practical examination is organised.
    pub pratique: bool,
    /// A test on line is organised.
    pub en_ligne: bool,
    /// What candidates join to their record; `None`: not known, nothing is compared with it.
    pub documents: Option<Documents>,
}

/// The grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grille {
    /// In the order of [`CHAMPS`].
    pub champs: [Champ; 5],
    /// Advice to candidates.
    pub conseils: String,
    /// Weights of the decision tool of the commission, when there is one.
    pub oad: Option<[u32; 5]>,
}

/// A rule of the grid. Those in B prevent the publication, those in A are advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Regle {
    /// R-CGE-01: weights add up to 100.
    B1,
    /// R-CGE-02: a field that counts has a criterion.
    B2,
    /// R-CGE-03: a field that does not count has none.
    B3,
    /// R-CGE-04: marks of the terminal examinations of specialities are not sent in 2024.
    B4,
    /// R-CGE-05: a letter that is asked is named and its use explained in field 4.
    B5,
    /// R-CGE-06: what is asked of candidates is what is set up, and the reverse.
    B6,
    /// R-CGE-07: the « projet de formation motivé » no longer exists.
    B7,
    /// R-CGE-11: a criterion on what is not sent.
    A1,
    /// R-CGE-12: information on the « cordées de la réussite ».
    A2,
    /// R-CGE-13: words that tell nothing.
    A3,
    /// R-CGE-14: a criterion that nobody will read to its end.
    A4,
    /// R-CGE-15: the grid contradicts what is expected of candidates.
    A5,
    /// R-CGE-16: the grid and the decision tool disagree.
    A6,
    /// R-CGE-17: a letter that is not asked is cited.
    A7,
    /// R-CGE-19: the grid and the documents asked of candidates disagree.
    A8,
}

impl Regle {
    /// Every rule.
    pub const ALL: [Self; 15] = [
        Self::B1,
        Self::B2,
        Self::B3,
        Self::B4,
        Self::B5,
        Self::B6,
        Self::B7,
        Self::A1,
        Self::A2,
        Self::A3,
        Self::A4,
        Self::A5,
        Self::A6,
        Self::A7,
        Self::A8,
    ];

    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::B1 => "B1",
            Self::B2 => "B2",
            Self::B3 => "B3",
            Self::B4 => "B4",
            Self::B5 => "B5",
            Self::B6 => "B6",
            Self::B7 => "B7",
            Self::A1 => "A1",
            Self::A2 => "A2",
            Self::A3 => "A3",
            Self::A4 => "A4",
            Self::A5 => "A5",
            Self::A6 => "A6",
            Self::A7 => "A7",
            Self::A8 => "A8",
        }
    }

    /// The rule of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// Whether the publication waits for the mend. Of the rules on what the texts mean, those that were right at least 98 times in a
    /// hundred on texts that they never saw are of these (sixth measure of `crates/domain/tests/grilles/README.md`); B4, B5 and B6
    /// are shown, to be verified.
    pub const fn prevents_publication(self) -> bool {
        matches!(self, Self::B1 | Self::B2 | Self::B3 | Self::B7)
    }

    /// Information rather than advice: it may well be as it should.
    pub const fn is_information(self) -> bool {
        matches!(self, Self::A2 | Self::A8)
    }

    /// A rule of the frame, rather than advice.
    pub fn is_blocking(self) -> bool {
        self.code().starts_with('B')
    }
}
