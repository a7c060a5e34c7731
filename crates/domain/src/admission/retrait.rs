//! R-ADM-13: putting some courses back to what they were before a day (RUN-5): which propositions are taken back, and what their
//! groups are again.

/// What became of a proposition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReponseProposition {
    /// Nobody has answered yet.
    Attendue,
    /// The candidate said yes.
    Acceptee,
    /// The candidate said no.
    Refusee,
    /// Given back after a yes.
    Renoncee,
    /// The deadline has passed.
    Expiree,
    /// Taken back by a withdrawal.
    Retiree,
    /// Accepted by the automatic answer on the day it was made (R-RA-04), and by nobody: stored as accepted.
    AccepteeParRepondeur,
}

impl ReponseProposition {
    /// Every answer.
    pub const ALL: [Self; 7] = [
        Self::Attendue,
        Self::Acceptee,
        Self::Refusee,
        Self::Renoncee,
        Self::Expiree,
        Self::Retiree,
        Self::AccepteeParRepondeur,
    ];

    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Attendue => "attendue",
            Self::Acceptee => "acceptee",
            Self::Refusee => "refusee",
            Self::Renoncee => "renoncee",
            Self::Expiree => "expiree",
            Self::Retiree => "retiree",
            Self::AccepteeParRepondeur => "acceptee_par_repondeur",
        }
    }

    /// The answer of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// R-ADM-13: a withdrawal takes back what still waits for an answer, or was accepted by the platform alone, and nothing of what a
    /// candidate chose.
    pub const fn is_retirable(self) -> bool {
        matches!(self, Self::Attendue | Self::AccepteeParRepondeur)
    }
}

/// What a published day said of a group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JourGroupe {
    /// Day of the admission phase, from 1.
    pub jour: i64,
    /// Highest call rank displayed, never lower than the day before.
    pub dernier_appele: i64,
    /// Highest call rank proposed that day.
    pub dernier_interne: i64,
    /// Length of the waiting list.
    pub en_attente: i64,
}

/// R-ADM-13: what a group is again once everything since `depuis` is withdrawn: the last day that still counts, the highest call
/// rank proposed by those that do. A group without such a day is what it was before the first one. `jours`: those that count for
/// the group, in any order. `None` when none of them is `depuis` or later: there is nothing to withdraw.
pub fn avant_retrait(jours: &[JourGroupe], depuis: i64) -> Option<JourGroupe> {
    if jours.iter().all(|j| j.jour < depuis) {
        return None;
    }
    let avant = || jours.iter().filter(|j| j.jour < depuis);
    let mut retabli = avant().max_by_key(|j| j.jour).copied().unwrap_or_default();
    retabli.dernier_interne = avant().map(|j| j.dernier_interne).max().unwrap_or(0);
    retabli.dernier_appele = avant().map(|j| j.dernier_appele).max().unwrap_or(0);
    Some(retabli)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_adm_13_only_what_nobody_chose_is_taken_back() {
        let retirables: Vec<_> = ReponseProposition::ALL.into_iter().filter(|r| r.is_retirable()).collect();
        assert_eq!(retirables, [ReponseProposition::Attendue, ReponseProposition::AccepteeParRepondeur]);
        for r in ReponseProposition::ALL {
            assert_eq!(ReponseProposition::from_code(r.code()), Some(r));
        }
        assert_eq!(ReponseProposition::from_code("oui"), None);
    }

    #[test]
    fn r_adm_13_a_group_is_again_what_the_days_before_had_made_of_it() {
        let jour = |jour, dernier_appele, dernier_interne, en_attente| JourGroupe {
            jour,
            dernier_appele,
            dernier_interne,
            en_attente,
        };
        // Nobody was called on day 2: the last one called before day 3 is that of day 1.
        let jours = [jour(3, 40, 40, 2), jour(1, 10, 9, 8), jour(2, 10, 0, 7)];
        assert_eq!(avant_retrait(&jours, 3), Some(jour(2, 10, 9, 7)));
        assert_eq!(avant_retrait(&jours, 2), Some(jour(1, 10, 9, 8)));
        assert_eq!(avant_retrait(&jours, 1), Some(JourGroupe::default()));
        assert_eq!(avant_retrait(&jours, 4), None);
        assert_eq!(avant_retrait(&[], 1), None);
    }
}
