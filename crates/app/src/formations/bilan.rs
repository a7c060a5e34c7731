//! What an act on many courses did: those to which it was done, and why each of the others was left aside.

use domain::RuleViolation;
use serde::{Deserialize, Serialize};
use store::formations::LigneFormation;

use super::intitule;
use crate::idempotence::Recepisse;
use crate::messages;

/// What came of an act on many courses: its receipt; else what prevents each of them, and nothing was done.
pub type IssueLot = Result<Recepisse, Bilan>;

/// What an act on many courses did, as its receipt says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bilan {
    /// Public identifiers of those to which it was done, in the order asked for.
    // Receipts that were issued before all acts said it alike are still read.
    #[serde(rename = "formations", alias = "soumises", alias = "reprises")]
    pub faites: Vec<String>,
    /// The others, in the order asked for.
    #[serde(default)]
    pub laissees: Vec<LaisseeDeCote>,
}

impl Bilan {
    /// That none was submitted, and how many for which reason, in French.
    pub fn dit_aucune(&self) -> String {
        let a_jour = self.laissees.iter().filter(|l| l.a_jour).count();
        let a_relire = self.laissees.iter().filter(|l| l.a_relire).count();
        let a_completer = self.laissees.len() - a_jour - a_relire;
        let mut dits = Vec::new();
        if a_completer > 0 {
            dits.push(format!("{a_completer} à compléter"));
        }
        if a_relire > 0 {
            dits.push(format!("{a_relire} à relire"));
        }
        if a_jour > 0 {
            dits.push(format!("{a_jour} déjà à jour"));
        }
        format!("Aucune formation n’est soumise : {}.", dits.join(", "))
    }
}

/// A course to which the act was not done with the others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaisseeDeCote {
    /// Public identifier.
    pub id: String,
    /// Course and establishment.
    pub formation: String,
    /// Everything that prevents it, in French; never empty.
    pub motifs: Vec<String>,
    /// Nothing is asked of it: it is already as the act would leave it.
    #[serde(default)]
    pub a_jour: bool,
    /// TRX-4: it changed since it was shown.
    #[serde(default)]
    pub a_relire: bool,
}

impl LaisseeDeCote {
    pub(super) fn new(f: &LigneFormation, refus: &[RuleViolation]) -> Self {
        Self {
            id: f.public_id.clone(),
            formation: named(f),
            motifs: messages::motifs_a_part(refus),
            a_jour: refus.iter().all(is_a_jour),
            a_relire: refus.iter().any(is_a_relire),
        }
    }
}

/// A course with its establishment: « BTS Tourisme – Lycée Neuf ».
pub(super) fn named(f: &LigneFormation) -> String {
    format!("{} – {}", intitule(&f.libelle, &f.detail), f.etablissement)
}

/// Whether this says that there is nothing to submit, rather than something to mend.
fn is_a_jour(r: &RuleViolation) -> bool {
    use RuleViolation as R;
    matches!(r, R::RienAPublier | R::ForbiddenTransition { from: "soumise" | "acceptee", .. })
}

/// TRX-4: whether this says that the course changed since it was shown.
pub(super) fn is_a_relire(r: &RuleViolation) -> bool {
    matches!(r, RuleViolation::ModifieeDepuis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipts_of_every_act_on_many_are_read_whatever_they_called_what_was_done() {
        let attendu = Bilan { faites: vec!["a".to_owned()], laissees: Vec::new() };
        for ancien in [
            r#"{"soumises":["a"],"laissees":[]}"#,
            r#"{"reprises":["a"],"laissees":[]}"#,
            r#"{"formations":["a"]}"#,
        ] {
            assert_eq!(serde_json::from_str::<Bilan>(ancien).expect("read"), attendu, "{ancien}");
        }
        let ecrit = serde_json::to_string(&attendu).expect("written");
        assert_eq!(serde_json::from_str::<Bilan>(&ecrit).expect("read"), attendu);
    }
}
