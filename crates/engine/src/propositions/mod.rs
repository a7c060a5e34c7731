//! The propositions of a day: from the voeux of the morning to those proposed, resigned, and the displays.
//!
//! [`compute`] follows the reference bit for bit. The rules are numbered as in the published presentation; the order
//! of the steps is in `calcul`, each rule in its own module.

mod affichages;
mod calcul;
mod complexes;
mod controles;
mod entree;
mod internes;
mod journee;
mod ligne;
mod passage;
mod refus;
mod reparation;
mod reponses;
mod sortie;
mod table;
mod verificateur;
mod verification;

pub use calcul::{compute, compute_with};
pub use entree::{Entree, Etat, Groupe, Internat, Parametres, Statut, Voeu, VoeuInternat, Voeux};
pub use journee::Journee;
pub use refus::{Lieu, Motif, Refus};
pub use sortie::{
    AffichageGroupe, AffichageInternat, BarresGroupe, Changement, Propriete, SANS_LIMITE, Sortie,
    ViolationResultat,
};
pub use verificateur::{Regle, Violation, verify};

/// How a day is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// When groupes are set aside, compute the day again with these groupes closed, so that no published change
    /// depends on a withheld one. Off: as the reference does.
    pub reparation: bool,
}
