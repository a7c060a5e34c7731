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

/// A wish that was waiting, given up in its candidate's place because of one of these propositions (R-ORD-05, R-RA-04).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::admission) struct DemissionLue {
    pub(in crate::admission) voeu: i64,
    /// Of the run that gave it up.
    pub(in crate::admission) jour: i64,
    /// As the engine numbers it.
    pub(in crate::admission) statut: i64,
    /// Wish of the proposition.
    pub(in crate::admission) cause: i64,
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
    /// By voeu.
    pub(in crate::admission) demissions: Vec<DemissionLue>,
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
        // A record of before read none.
        if !self.demissions.is_empty() {
            e.texte("demissions");
            for d in &self.demissions {
                e.nombres([d.voeu, d.jour, d.statut, d.cause]);
            }
        }
        e.hex()
    }
}

/// R-ADM-13: what a withdrawal decides: the propositions taken back, the ranks that their wishes have again, what the groups are
/// again, and which wishes given up because of them wait again; the number of a group is that of the propositions that it loses.
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
    let causee = |d: &&DemissionLue| repris.iter().any(|p| (p.voeu, p.jour) == (d.cause, d.jour));
    Resultat {
        propositions: repris.iter().map(|p| (p.voeu, p.groupe)).collect(),
        rangs: repris.iter().filter(|p| p.rang > 0).map(|p| (p.voeu, p.rang)).collect(),
        groupes,
        automatiques: lecture.demissions.iter().filter(causee).map(|d| (d.voeu, d.statut)).collect(),
        ..Resultat::default()
    }
}

/// What becomes of the propositions made since the day withdrawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Devenirs {
    /// Waiting for an answer, or accepted by the automatic answer alone: taken back.
    pub retirees: i64,
    /// Of which those that the automatic answer had accepted.
    pub automatiques: i64,
    /// Wishes given up in their candidate's place because of those taken back: they wait again.
    pub retablis: i64,
    /// Propositions given back in their candidate's place because of those taken back: their place has gone on, they stay so.
    pub perdues: i64,
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
            R::AccepteeParRepondeur => {
                self.retirees += 1;
                self.automatiques += 1;
            }
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
            automatiques: self.automatiques + autre.automatiques,
            retablis: self.retablis + autre.retablis,
            perdues: self.perdues + autre.perdues,
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

    fn demission(voeu: i64, jour: i64, statut: i64, cause: i64) -> DemissionLue {
        DemissionLue { voeu, jour, statut, cause }
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
                proposition(6, 11, R::AccepteeParRepondeur, 0),
            ],
            // Given up on day 3 because of the sixth; because of one that was accepted; on another day.
            demissions: vec![demission(21, 3, 2, 6), demission(22, 3, 3, 2), demission(23, 2, 3, 1)],
        };
        let r = compute_withdrawal(&lecture);
        assert_eq!(r.propositions, [(1, 10), (3, 11), (6, 11)]);
        assert_eq!(r.automatiques, [(21, 2)], "what was given up because of what is taken back");
        assert_eq!(r.rangs, [(1, 2)], "a wish that had no rank gets none");
        let groupe =
            |g: &GroupeJour| (g.groupe, g.dernier_appele, g.dernier_interne, g.en_attente, g.propositions);
        assert_eq!(r.groupes.iter().map(groupe).collect::<Vec<_>>(), [(10, 7, 6, 4, 1), (11, 0, 0, 0, 2)]);
        let mut d = Devenirs::default();
        lecture.propositions.iter().for_each(|p| d.count(p.reponse));
        let attendus = Devenirs { acceptees: 1, rendues: 1, expirees: 1, ..Devenirs::default() };
        assert_eq!(d, Devenirs { retirees: 3, automatiques: 1, ..attendus });
        // Everything read is in the fingerprint.
        let mut autre = lecture.clone();
        autre.propositions[0].reponse = R::Acceptee;
        assert_ne!(autre.hash(), lecture.hash());
        autre = Lecture { depuis: 2, ..lecture.clone() };
        assert_ne!(autre.hash(), lecture.hash());
        autre = Lecture { demissions: lecture.demissions[1..].to_vec(), ..lecture.clone() };
        assert_ne!(autre.hash(), lecture.hash());
    }
}
