//! § 1: what a day receives, and what it gives.

use std::collections::BTreeSet;
use std::ops::Range;

/// Code of a refusal, as the specification names it.
pub type Refus = &'static str;

/// « Without a limit », for an estimate of § 6.1 and for a bar of § 6.2.
pub const INFINI: i32 = 2_147_483_647;

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
    pub jour: i32,
    pub jour_fin_reservation_internats: i32,
    pub jour_debut_gdd: i32,
    pub jour_fin_ordonnancement_gdd: i32,
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
    pub places: i32,
    pub rang_limite: i32,
    pub rang_dernier_appele: i32,
    pub rang_dernier_appele_reference: i32,
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
    pub capacite: i32,
}

/// A wish. A country has thirteen million of them: what it says is kept short.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the specification, § 1")]
pub struct Voeu {
    /// Number of the wish, by which the output names it: they go from 0, each once.
    pub numero: u32,
    /// Position of the candidate in [`Entree::repondeurs`].
    pub candidat: u32,
    /// Position of the group; refused where there is none (§ 10.1).
    pub groupe: u32,
    pub avec_internat: bool,
    /// Position of the boarding, only where it has its own ranking; refused where there is none (§ 10.1).
    pub internat: Option<u32>,
    pub rang_internat: i32,
    pub rang_appel: i32,
    pub rang_appel_affiche: i32,
    pub rang_preference: i32,
    pub statut: Statut,
    pub hors_pp: bool,
    pub ignorer_rang_attente: bool,
    pub ignorer_barre_internat: bool,
    pub rang_attente_veille: i32,
}

impl Voeu {
    /// Position of its group.
    pub(super) fn g(&self) -> usize {
        self.groupe as usize
    }

    /// Position of its boarding.
    pub(super) fn i(&self) -> Option<usize> {
        self.internat.map(|i| i as usize)
    }

    /// § 1.1: which of the two variants of a wish it is. To name a boarding is to ask for it.
    pub(super) fn variante_avec(&self) -> bool {
        self.avec_internat || self.internat.is_some()
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
    /// Wishes, in any order.
    pub voeux: Vec<Voeu>,
    /// Of each candidate: is the answering machine on?
    pub repondeurs: Vec<bool>,
}

impl Entree {
    /// Puts the wishes in the order in which groups call them.
    pub(super) fn sort(&mut self) {
        self.voeux.sort_unstable_by_key(|v| (v.groupe, v.rang_appel, v.numero));
    }

    /// « Répondeur actif ».
    pub(super) fn repond(&self, candidat: u32) -> bool {
        self.repondeurs[candidat as usize]
    }

    pub(super) fn formation(&self, v: &Voeu) -> i64 {
        self.groupes[v.g()].formation
    }
}

/// A set of candidates: the list of them in order, each once.
#[derive(Debug)]
pub(super) struct Candidats(Vec<u32>);

impl Candidats {
    pub fn new(candidats: impl Iterator<Item = u32>) -> Self {
        let mut liste: Vec<u32> = candidats.collect();
        liste.sort_unstable();
        liste.dedup();
        Self(liste)
    }

    pub fn contains(&self, candidat: u32) -> bool {
        self.0.binary_search(&candidat).is_ok()
    }

    /// How many they are.
    pub fn nombre(&self) -> i32 {
        self.0.len() as i32
    }
}

/// The day as it is being computed: what it received, and the present status of each wish.
///
/// Wishes are in the order in which groups call them: by group, by call rank. Everywhere below, `n` is a place in that order.
pub(super) struct Jour<'a> {
    pub e: &'a Entree,
    /// From which place to which place each group has its wishes.
    groupes: Vec<Range<u32>>,
    /// Wishes of each boarding, by boarding rank, whatever became of them.
    pub internats: Vec<Vec<u32>>,
    /// Of each wish.
    pub statuts: Vec<Statut>,
}

impl<'a> Jour<'a> {
    /// Of an input that § 10.1 accepts, and whose wishes are in order.
    pub fn new(e: &'a Entree) -> Self {
        let mut groupes = Vec::with_capacity(e.groupes.len());
        let mut premier = 0;
        for g in 0..e.groupes.len() {
            let nombre = e.voeux[premier..].iter().take_while(|v| v.g() == g).count();
            groupes.push(premier as u32..(premier + nombre) as u32);
            premier += nombre;
        }
        let mut internats = vec![Vec::new(); e.internats.len()];
        for (n, v) in (0..).zip(&e.voeux) {
            if let Some(i) = v.i() {
                internats[i].push(n);
            }
        }
        for voeux in &mut internats {
            voeux.sort_by_key(|n: &u32| e.voeux[*n as usize].rang_internat);
        }
        Self { e, groupes, internats, statuts: e.voeux.iter().map(|v| v.statut).collect() }
    }

    /// Wishes of a group, by call rank, whatever became of them.
    pub fn groupe(&self, g: usize) -> Range<u32> {
        self.groupes[g].clone()
    }

    /// The wish at a place.
    pub fn voeu(&self, n: u32) -> &'a Voeu {
        &self.e.voeux[n as usize]
    }

    /// Its present status.
    pub fn statut(&self, n: u32) -> Statut {
        self.statuts[n as usize]
    }

    pub fn set(&mut self, n: u32, statut: Statut) {
        self.statuts[n as usize] = statut;
    }
}

/// What a group shows (§ 8).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffichageGroupe {
    /// R(g), [`INFINI`] for everybody.
    pub estimation: i64,
    /// Last one called, as shown.
    pub dernier_appele: i32,
    /// Length of the waiting list.
    pub candidats_en_attente: i32,
}

/// What a boarding shows (§ 8.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffichageInternat {
    /// [`INFINI`] for everybody.
    pub barre_maximale: i32,
    /// [`INFINI`] for everybody.
    pub barre: i32,
    /// By position of the group: call bar, boarding bar.
    pub affichages: Vec<(u32, i32, i32)>,
}

/// Everything that a day gives, by positions of groups and boardings in the input and by numbers of wishes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sortie {
    /// Propositions were taken back.
    pub alerte: bool,
    /// Groups are at fault, and none of them makes a proposition.
    pub avertissement: bool,
    /// Groups of which nothing leaves.
    pub groupes_ecartes: BTreeSet<usize>,
    /// Of each wish, by its number, those of groups set aside included.
    pub statuts: Vec<Statut>,
    /// Waiting rank of each wish, by its number; 0: none is shown.
    pub rangs_attente: Vec<i32>,
    /// Of each group; `None`: set aside.
    pub groupes: Vec<Option<AffichageGroupe>>,
    /// Of each boarding; `None`: set aside.
    pub internats: Vec<Option<AffichageInternat>>,
}
