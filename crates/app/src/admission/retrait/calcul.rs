//! From what was read to what a withdrawal decides: pure, so that a record is played again by the same function.

use domain::admission::{JourGroupe, ReponseProposition};
use serde::{Deserialize, Serialize};
use store::admission::GroupeJour;

use crate::admission::jour::Resultat;
use crate::admission::sceau::Empreinte;

/// A proposition made since the day withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::admission) struct PropositionLue {
    pub(in crate::admission) voeu: i64,
    /// Assignment group.
    pub(in crate::admission) groupe: i64,
    /// Of the run that made it.
    pub(in crate::admission) jour: i64,
    pub(in crate::admission) reponse: ReponseProposition,
    /// Waiting rank of the last day that still counts for the group; 0: none.
    pub(in crate::admission) rang: i64,
}

/// Everything that a withdrawal depends on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::admission) struct Lecture {
    /// First day withdrawn.
    pub(in crate::admission) depuis: i64,
    /// What each assignment group is put back to, by key.
    pub(in crate::admission) groupes: Vec<(i64, JourGroupe)>,
    /// By voeu.
    pub(in crate::admission) propositions: Vec<PropositionLue>,
}

impl Lecture {
    /// Fingerprint of what was read (RUN-1).
    pub(in crate::admission) fn hash(&self) -> String {
        let mut e = Empreinte::default();
        e.texte("retrait");
        e.nombre(self.depuis);
        e.texte("groupes");
        for (groupe, j) in &self.groupes {
            e.nombres([*groupe, j.jour, j.dernier_appele, j.dernier_interne, j.en_attente]);
        }
        e.texte("propositions");
        for p in &self.propositions {
            e.nombres([p.voeu, p.groupe, p.jour, p.rang]);
            e.texte(p.reponse.code());
        }
        e.hex()
    }
}

/// R-ADM-13: what a withdrawal decides: the propositions taken back, the ranks that their wishes have again, what the groups are
/// again; the number of a group is that of the propositions that it loses.
pub(in crate::admission) fn compute_withdrawal(lecture: &Lecture) -> Resultat {
    let repris: Vec<&PropositionLue> =
        lecture.propositions.iter().filter(|p| p.reponse.is_retirable()).collect();
    let groupes = lecture
        .groupes
        .iter()
        .map(|&(groupe, j)| GroupeJour {
            groupe,
            dernier_appele: j.dernier_appele,
            dernier_interne: j.dernier_interne,
            en_attente: j.en_attente,
            propositions: i64::try_from(repris.iter().filter(|p| p.groupe == groupe).count())
                .unwrap_or(i64::MAX),
        })
        .collect();
    Resultat {
        propositions: repris.iter().map(|p| (p.voeu, p.groupe)).collect(),
        rangs: repris.iter().filter(|p| p.rang > 0).map(|p| (p.voeu, p.rang)).collect(),
        groupes,
        ..Resultat::default()
    }
}

/// What becomes of the propositions made since the day withdrawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Devenirs {
    /// Waiting for an answer: taken back.
    pub retirees: i64,
    /// Accepted: they stay.
    pub acceptees: i64,
    /// Refused, or given back after a yes: they stay so.
    pub rendues: i64,
    /// Left without an answer until the deadline: they stay so.
    pub expirees: i64,
}

impl Devenirs {
    /// Counts one more proposition.
    pub(in crate::admission) fn count(&mut self, reponse: ReponseProposition) {
        use ReponseProposition as R;
        match reponse {
            R::Attendue => self.retirees += 1,
            R::Acceptee => self.acceptees += 1,
            R::Refusee | R::Renoncee => self.rendues += 1,
            R::Expiree => self.expirees += 1,
            // Of an earlier withdrawal: no longer counted.
            R::Retiree => {}
        }
    }

    /// Those of two courses.
    #[must_use]
    pub fn plus(self, autre: Self) -> Self {
        Self {
            retirees: self.retirees + autre.retirees,
            acceptees: self.acceptees + autre.acceptees,
            rendues: self.rendues + autre.rendues,
            expirees: self.expirees + autre.expirees,
        }
    }
}

#[cfg(test)]
mod tests {
    use ReponseProposition as R;

    use super::*;

    fn proposition(voeu: i64, groupe: i64, reponse: R, rang: i64) -> PropositionLue {
        PropositionLue { voeu, groupe, jour: 3, reponse, rang }
    }

    #[test]
    fn r_adm_13_what_was_answered_stays_and_the_others_have_their_rank_again() {
        let avant = JourGroupe { jour: 2, dernier_appele: 7, dernier_interne: 6, en_attente: 4 };
        let lecture = Lecture {
            depuis: 3,
            groupes: vec![(10, avant), (11, JourGroupe::default())],
            propositions: vec![
                proposition(1, 10, R::Attendue, 2),
                proposition(2, 10, R::Acceptee, 1),
                proposition(3, 11, R::Attendue, 0),
                proposition(4, 11, R::Renoncee, 0),
                proposition(5, 10, R::Expiree, 3),
            ],
        };
        let r = compute_withdrawal(&lecture);
        assert_eq!(r.propositions, [(1, 10), (3, 11)]);
        assert_eq!(r.rangs, [(1, 2)], "a wish that had no rank gets none");
        let groupe =
            |g: &GroupeJour| (g.groupe, g.dernier_appele, g.dernier_interne, g.en_attente, g.propositions);
        assert_eq!(r.groupes.iter().map(groupe).collect::<Vec<_>>(), [(10, 7, 6, 4, 1), (11, 0, 0, 0, 1)]);
        let mut d = Devenirs::default();
        lecture.propositions.iter().for_each(|p| d.count(p.reponse));
        assert_eq!(d, Devenirs { retirees: 2, acceptees: 1, rendues: 1, expirees: 1 });
        // Everything read is in the fingerprint.
        let mut autre = lecture.clone();
        autre.propositions[0].reponse = R::Acceptee;
        assert_ne!(autre.hash(), lecture.hash());
        autre = Lecture { depuis: 2, ..lecture.clone() };
        assert_ne!(autre.hash(), lecture.hash());
    }
}
