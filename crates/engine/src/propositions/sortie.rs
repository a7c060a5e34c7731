//! What a day gives.

use super::Statut;

/// No limit, for a bar or an estimate.
pub const SANS_LIMITE: i32 = i32::MAX;

/// A voeu whose statut changes today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changement {
    /// Position of the voeu.
    pub voeu: u32,
    /// Its new statut.
    pub statut: Statut,
}

/// What is displayed for a groupe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AffichageGroupe {
    /// Estimate of the rank of the last one called at the end of the reservation ([`SANS_LIMITE`]: everybody).
    pub estimation_rang_dernier_appele: i64,
    /// Rank displayed of the last one called today.
    pub rang_dernier_appele_affiche: i32,
    /// Candidats on the waiting list.
    pub candidats_en_attente: u32,
}

/// The two bars of a groupe in an internat: whoever is under both has been served, or has given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BarresGroupe {
    /// Position of the groupe.
    pub groupe: u32,
    /// Bar of rang d'appel.
    pub barre_appel: i32,
    /// Bar of rang internat.
    pub barre_internat: i32,
}

/// What is displayed for an internat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AffichageInternat {
    /// Highest bar that the reservation allows ([`SANS_LIMITE`]: none).
    pub barre_maximale: i32,
    /// Bar of admission ([`SANS_LIMITE`]: none).
    pub barre: i32,
    /// Bars of the groupes, by position.
    pub affichages: Vec<BarresGroupe>,
}

/// A published property of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Propriete {
    /// Nobody is overtaken in the call order.
    P1,
    /// Nobody is overtaken in both orders for the same internat.
    P2,
    /// Nobody is overtaken in the classement of an internat, and the bar stays under its maximum.
    P3,
    /// No groupe over its places, none with empty places while somebody waits.
    P4,
    /// No internat over its capacity.
    P5,
}

/// Where a property is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ViolationResultat {
    /// In a groupe (position).
    Groupe(u32, Propriete),
    /// In an internat (position).
    Internat(u32, Propriete),
}

/// The result of a day. All numbers are positions in the input.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sortie {
    /// Groupes were set aside: propositions are withheld.
    pub alerte: bool,
    /// Properties are broken, but no proposition is concerned.
    pub avertissement: bool,
    /// Groupes set aside, by position. Unless `reparee`, none of their voeux is in `changements` nor has a waiting rank.
    pub groupes_ecartes: Vec<u32>,
    /// Internats set aside with them.
    pub internats_ecartes: Vec<u32>,
    /// The groupes set aside were closed and the day computed again: nothing published depends on what they withhold,
    /// and they are displayed like groupes whose admissions are suspended.
    pub reparee: bool,
    /// Voeux whose statut changes, by position.
    pub changements: Vec<Changement>,
    /// Changes withheld with the groupes set aside, by position.
    pub changements_ecartes: Vec<Changement>,
    /// Waiting rank of each voeu (0: none).
    pub rangs_attente: Vec<u32>,
    /// Displays, one per groupe of the input.
    pub groupes: Vec<AffichageGroupe>,
    /// Displays, one per internat of the input.
    pub internats: Vec<AffichageInternat>,
    /// Every broken property.
    pub violations: Vec<ViolationResultat>,
    /// Groupes whose waiting ranks do not grow along the call order: abnormal ranks of the day before. Told, not
    /// refused.
    pub rangs_decroissants: Vec<u32>,
    /// How many times propositions were computed before no place was freed any more.
    pub passages: u32,
}
