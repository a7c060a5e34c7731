//! § 1: what a day receives, and what it gives.

use std::collections::BTreeSet;

/// Code of a refusal, as the specification names it.
pub type Refus = &'static str;

/// « Without a limit », for an estimate of § 6.1 and for a bar of § 6.2.
pub const INFINI: i64 = 2_147_483_647;

/// § 1.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are those of the specification, § 1.2")]
pub enum Statut {
    EnAttente,
    PropositionDuJour,
    RaDemissionAttente,
    GddDemissionAttente,
    GddDemissionProposition,
    RaAcceptation,
    RaRefusProposition,
    PropositionAnterieureSansReponse,
    PropositionAnterieureAcceptee,
    PropositionAnterieureRefusee,
    RefusOuDemission,
    NonClasse,
}

impl Statut {
    /// ATT.
    pub fn attend(self) -> bool {
        self == Self::EnAttente
    }

    /// JOUR.
    pub fn du_jour(self) -> bool {
        matches!(self, Self::PropositionDuJour | Self::RaAcceptation)
    }

    /// ANT.
    pub fn anterieure(self) -> bool {
        self.tenue() || self == Self::PropositionAnterieureRefusee
    }

    /// A former proposition that still holds its place.
    pub fn tenue(self) -> bool {
        matches!(self, Self::PropositionAnterieureSansReponse | Self::PropositionAnterieureAcceptee)
    }

    /// PROP: holds a place.
    pub fn occupe(self) -> bool {
        self.du_jour() || self.tenue()
    }

    /// DEM_RA.
    pub fn quitte_par_repondeur(self) -> bool {
        matches!(self, Self::RaDemissionAttente | Self::RaRefusProposition)
    }

    /// DEM_GDD.
    pub fn quitte_par_gdd(self) -> bool {
        matches!(self, Self::GddDemissionAttente | Self::GddDemissionProposition)
    }
}

/// § 4: the day, and those of the calendar that change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the specification, § 4")]
pub struct Parametres {
    pub jour: i64,
    pub jour_fin_reservation_internats: i64,
    pub jour_debut_gdd: i64,
    pub jour_fin_ordonnancement_gdd: i64,
}

impl Parametres {
    /// D ≤ J < O: candidates are ordering their wishes, P7 and P8 are not looked at.
    pub fn ordonnancement(&self) -> bool {
        self.jour_debut_gdd <= self.jour && self.jour < self.jour_fin_ordonnancement_gdd
    }
}

/// An assignment group.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the specification, § 1")]
pub struct Groupe {
    pub groupe_classement: i64,
    pub formation_inscription: i64,
    pub formation: i64,
    pub places: i64,
    pub rang_limite: i64,
    pub rang_dernier_appele: i64,
    pub rang_dernier_appele_reference: i64,
    pub fin_reservation_internats: bool,
    pub admissions_suspendues: bool,
}

/// A boarding group with its own ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the specification, § 1")]
pub struct Internat {
    pub classement_internat: i64,
    pub formation_inscription: i64,
    pub formation: i64,
    pub capacite: i64,
}

/// What a wish names: a position in a list of the input, or something that is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lien {
    /// Position.
    Vers(usize),
    /// Refused (§ 10.1).
    Inconnu,
}

/// A wish.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the specification, § 1")]
pub struct Voeu {
    pub candidat: i64,
    pub groupe: Lien,
    pub avec_internat: bool,
    /// Only where the boarding has its own ranking.
    pub internat: Option<Lien>,
    pub rang_internat: i64,
    pub rang_appel: i64,
    pub rang_appel_affiche: i64,
    pub rang_preference: i64,
    pub statut: Statut,
    pub hors_pp: bool,
    pub ignorer_rang_attente: bool,
    pub ignorer_barre_internat: bool,
    pub rang_attente_veille: i64,
}

impl Voeu {
    /// Its group, once the input is known to be right.
    pub(super) fn g(&self) -> usize {
        match self.groupe {
            Lien::Vers(g) => g,
            Lien::Inconnu => usize::MAX,
        }
    }

    /// Its boarding, once the input is known to be right.
    pub(super) fn i(&self) -> Option<usize> {
        match self.internat {
            Some(Lien::Vers(i)) => Some(i),
            _ => None,
        }
    }
}

/// Everything that a day receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entree {
    /// The days.
    pub parametres: Parametres,
    /// Assignment groups.
    pub groupes: Vec<Groupe>,
    /// Boardings with a ranking.
    pub internats: Vec<Internat>,
    /// Wishes.
    pub voeux: Vec<Voeu>,
    /// Candidates whose answering machine is on.
    pub repondeurs: BTreeSet<i64>,
}

impl Entree {
    /// « Répondeur actif ».
    pub(super) fn repond(&self, candidat: i64) -> bool {
        self.repondeurs.contains(&candidat)
    }

    pub(super) fn formation(&self, v: &Voeu) -> i64 {
        self.groupes[v.g()].formation
    }
}

/// What a group shows (§ 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffichageGroupe {
    /// R(g), [`INFINI`] for everybody.
    pub estimation: i64,
    /// Last one called, as shown.
    pub dernier_appele: i64,
    /// Length of the waiting list.
    pub candidats_en_attente: i64,
}

/// What a boarding shows (§ 8.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffichageInternat {
    /// [`INFINI`] for everybody.
    pub barre_maximale: i64,
    /// [`INFINI`] for everybody.
    pub barre: i64,
    /// By position of the group: call bar, boarding bar.
    pub affichages: Vec<(usize, i64, i64)>,
}

/// Everything that a day gives, by positions of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sortie {
    /// Propositions were taken back.
    pub alerte: bool,
    /// Groups are at fault, and none of them makes a proposition.
    pub avertissement: bool,
    /// Groups of which nothing leaves.
    pub groupes_ecartes: BTreeSet<usize>,
    /// Of each wish, those of groups set aside included.
    pub statuts: Vec<Statut>,
    /// Wish and waiting rank, by wish; ranks above 0 alone.
    pub rangs_attente: Vec<(usize, i64)>,
    /// Of each group; `None`: set aside.
    pub groupes: Vec<Option<AffichageGroupe>>,
    /// Of each boarding; `None`: set aside.
    pub internats: Vec<Option<AffichageInternat>>,
}
