//! Ordre d'appel: from a pedagogical ranking and two rates to the order in which candidats are called.
//!
//! Computed once per groupe de classement ([`compute_ordre_appel`], [`compute_ordres_appel`]), verified by a
//! linear check of the published properties that shares no code with it ([`verify_ordre_appel`]), and amended for
//! one candidat after the fact ([`apply_modification`]).

mod calcul;
mod modification;
mod verification;

pub use calcul::{compute_ordre_appel, compute_ordres_appel};
pub(crate) use modification::modify;
pub use modification::{Modification, apply_modification};
pub use verification::{ProprieteOrdre, ViolationOrdre, verify_ordre_appel};

/// What the rates look at in one candidat classé: certified boursier of the secondary, resident of the secteur.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Profil(u8);

impl Profil {
    /// The profile of a candidat.
    #[must_use]
    pub const fn new(boursier: bool, resident: bool) -> Self {
        Self(boursier as u8 | (resident as u8) << 1)
    }

    /// Is the candidat boursier?
    #[must_use]
    pub const fn is_boursier(self) -> bool {
        self.0 & 1 == 1
    }

    /// Is the candidat resident (du secteur, or treated alike)?
    #[must_use]
    pub const fn is_resident(self) -> bool {
        self.0 & 2 == 2
    }
}

/// One groupe de classement: two rates, and one row per candidat classé (three columns of the same length, in any
/// order). `candidat` is a number of the caller's choice; dense numbers from 0 are the fastest.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupeClassement {
    /// Minimum rate of boursiers, per cent (0: no rate).
    pub taux_min_boursiers: i32,
    /// Minimum rate of residents, per cent (0: no rate).
    pub taux_min_residents: i32,
    /// The candidat of each row.
    pub candidat: Vec<u32>,
    /// The pedagogical rank of each row: at least 1, unique; holes are allowed.
    pub rang: Vec<i32>,
    /// The profile of each row.
    pub profil: Vec<Profil>,
}

impl GroupeClassement {
    /// A groupe without candidats.
    #[must_use]
    pub fn new(taux_min_boursiers: i32, taux_min_residents: i32) -> Self {
        Self { taux_min_boursiers, taux_min_residents, ..Self::default() }
    }

    /// Adds a candidat classé.
    pub fn push(&mut self, candidat: u32, rang: i32, profil: Profil) {
        self.candidat.push(candidat);
        self.rang.push(rang);
        self.profil.push(profil);
    }

    /// Number of rows that have all three columns.
    #[must_use]
    pub fn len(&self) -> usize {
        self.candidat.len().min(self.rang.len()).min(self.profil.len())
    }

    /// Is there no candidat?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The result for one groupe: the rows of the groupe in call order (the first one has rang d'appel 1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrdreAppel {
    /// Positions in the columns of the [`GroupeClassement`].
    pub ordre: Vec<u32>,
}

impl OrdreAppel {
    /// The candidats in call order.
    pub fn candidats<'a>(&'a self, groupe: &'a GroupeClassement) -> impl Iterator<Item = u32> + 'a {
        self.ordre.iter().map(|&position| groupe.candidat[position as usize])
    }

    /// The rang d'appel (from 1) of each row of the groupe.
    #[must_use]
    pub fn rangs_appel(&self) -> Vec<u32> {
        let mut rangs = vec![0; self.ordre.len()];
        for (rang, &position) in (1..).zip(&self.ordre) {
            rangs[position as usize] = rang;
        }
        rangs
    }
}

/// Why a groupe de classement is refused. Rows are positions in its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefusOrdre {
    /// The three columns do not have the same length, or are longer than 32-bit positions allow.
    #[error("les colonnes du groupe n’ont pas la même longueur, ou dépassent 2³² lignes")]
    Colonnes,
    /// A rate outside 0 to 100.
    #[error("un taux vaut {taux} : il doit être compris entre 0 et 100")]
    TauxHorsBornes {
        /// The faulty rate.
        taux: i32,
    },
    /// A rank of zero or less.
    #[error("le rang de classement {rang} n’est pas un entier positif")]
    RangNonPositif {
        /// The faulty row, or none when the rank is the new rank of a modification.
        position: Option<u32>,
        /// The faulty rank.
        rang: i32,
    },
    /// Two rows have the same rank.
    #[error("deux candidats ont le même rang de classement")]
    RangEnDouble {
        /// The two rows.
        positions: [u32; 2],
    },
    /// One candidat has two rows.
    #[error("un candidat figure deux fois dans le classement")]
    CandidatEnDouble {
        /// One of the rows.
        position: u32,
    },
    /// The computed order breaks a published property: a fault of this program, never of the data.
    #[error("l’ordre d’appel calculé ne respecte pas une propriété publiée : {0}")]
    Verification(ViolationOrdre),
}

impl RefusOrdre {
    /// The stable code of the refusal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Colonnes => "colonnes_incoherentes",
            Self::TauxHorsBornes { .. } => "taux_hors_bornes",
            Self::RangNonPositif { .. } => "rang_classement_non_positif",
            Self::RangEnDouble { .. } => "rang_classement_en_double",
            Self::CandidatEnDouble { .. } => "candidat_en_double",
            Self::Verification(_) => "verification_ordre_appel",
        }
    }
}

/// The refusal of a whole set of groupes: which one, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("groupe de classement n° {groupe} de la liste : {refus}")]
pub struct RefusOrdres {
    /// Position of the groupe in the list given.
    pub groupe: usize,
    /// The reason.
    pub refus: RefusOrdre,
}
