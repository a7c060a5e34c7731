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
        let closes = self.laissees.iter().filter(|l| l.close).count();
        let a_completer = self.laissees.iter().filter(|l| !(l.a_jour || l.a_relire || l.close)).count();
        if closes > 0 && closes == self.laissees.len() {
            return "Aucune formation n’est soumise : l’étape n’est pas ouverte.".to_owned();
        }
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
        if closes > 0 {
            dits.push(format!("{closes} dont l’étape n’est pas ouverte"));
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
    /// Its step is closed, or not open yet: there is nothing to mend in it.
    #[serde(default)]
    pub close: bool,
}

impl LaisseeDeCote {
    pub(super) fn new(f: &LigneFormation, refus: &[RuleViolation]) -> Self {
        Self {
            id: f.public_id.clone(),
            formation: named(f),
            motifs: messages::motifs_a_part(refus),
            a_jour: refus.iter().all(is_a_jour),
            a_relire: refus.iter().any(is_a_relire),
            close: refus.iter().any(is_close),
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

/// Whether this says that it is not the time, rather than something to mend.
pub(super) fn is_close(r: &RuleViolation) -> bool {
    use RuleViolation as R;
    matches!(r, R::Closed { .. } | R::NotYetOpen { .. } | R::NotScheduled { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ctl_08_why_none_is_submitted_is_told_by_kinds_and_a_closed_step_asks_for_nothing() {
        let cas = |a_jour: bool, a_relire: bool, close: bool| LaisseeDeCote {
            id: "a".to_owned(),
            formation: "BTS Tourisme – Lycée Neuf".to_owned(),
            motifs: vec!["Un motif.".to_owned()],
            a_jour,
            a_relire,
            close,
        };
        let dit = |laissees: &[LaisseeDeCote]| {
            let bilan = Bilan { faites: Vec::new(), laissees: laissees.to_vec() };
            bilan.dit_aucune()
        };
        let (a_completer, a_jour) = (cas(false, false, false), cas(true, false, false));
        let (a_relire, close) = (cas(false, true, false), cas(false, false, true));
        assert_eq!(
            dit(&[close.clone(), close.clone()]),
            "Aucune formation n’est soumise : l’étape n’est pas ouverte."
        );
        assert_eq!(
            dit(&[a_completer, close.clone(), a_relire, a_jour, close]),
            "Aucune formation n’est soumise : 1 à compléter, 1 à relire, 1 déjà à jour, 2 dont l’étape n’est pas ouverte."
        );
    }

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
