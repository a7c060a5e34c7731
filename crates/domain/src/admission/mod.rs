//! Admission: what surrounds the engine (who may publish, what an answer does).

mod explication;
mod passage;
mod reponse;
mod retenue;
mod retrait;
mod sans_reponse;
mod taux;

pub use explication::EtatDemandeExplication;
pub use passage::{EtatPassage, Nature, jour_a_calculer, publication_prevue, require_avant_publication};
pub use reponse::{ChoixCandidat, Consequence, VoeuEnJeu, decide_reponse};
pub use retenue::{BornesRetenue, FaitsGroupe, MotifRetenue};
pub use retrait::{JourGroupe, ReponseProposition, avant_retrait};
pub use sans_reponse::{is_maintenu, perte_sans_reponse};
pub use taux::check_taux;

use crate::erreurs::RuleViolation;

/// Where an act of the command line comes from: whoever holds the server's console can sign with any account.
pub const ORIGINE_CONSOLE: &str = "commande";
/// Where the acts of a simulated campaign come from: one machine plays both people, on invented candidates.
pub const ORIGINE_SIMULATION: &str = "simulation";

/// Who signs an act that takes two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signataire<'a> {
    /// `None`: the platform, which is nobody.
    pub compte: Option<i64>,
    /// `ecran`, `commande`…
    pub origine: &'a str,
}

/// R-ADM-01 (HAB-8): an act that takes two people is done by two different accounts, and not by one console twice:
/// an operator names the account that signs, hence could be both.
///
/// # Errors
/// [`RuleViolation::DeuxiemePersonne`] unless two people are told apart.
pub fn require_deuxieme_personne(
    premiere: Signataire<'_>,
    seconde: Signataire<'_>,
) -> Result<(), RuleViolation> {
    let toutes = |origine: &str| premiere.origine == origine && seconde.origine == origine;
    let deux = premiere.compte.is_some() && seconde.compte.is_some() && premiere.compte != seconde.compte;
    if toutes(ORIGINE_SIMULATION) || (deux && !toutes(ORIGINE_CONSOLE)) {
        return Ok(());
    }
    Err(RuleViolation::DeuxiemePersonne)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_adm_01_hab_8_two_people_are_two_accounts_and_not_one_console() {
        let essai = |a: (Option<i64>, &str), b: (Option<i64>, &str)| {
            let s = |(compte, origine)| Signataire { compte, origine };
            require_deuxieme_personne(s(a), s(b)).is_ok()
        };
        assert!(essai((Some(1), "ecran"), (Some(2), "ecran")));
        assert!(essai((Some(1), "commande"), (Some(2), "ecran")));
        assert!(essai((Some(1), "ecran"), (Some(2), "commande")));
        assert!(!essai((Some(1), "ecran"), (Some(1), "ecran")));
        assert!(!essai((Some(1), "commande"), (Some(1), "ecran")));
        assert!(!essai((Some(1), "commande"), (Some(2), "commande")));
        assert!(!essai((None, "ecran"), (None, "ecran")));
        assert!(!essai((None, "tache"), (Some(2), "ecran")));
        assert!(!essai((Some(1), "ecran"), (None, "tache")));
        assert!(essai((None, "simulation"), (None, "simulation")));
        assert!(!essai((None, "simulation"), (None, "ecran")));
    }
}
