//! R-ADM-12: whether what a night is about to do for a group is likely, from what its course declared (RUN-4).

/// Beyond what a group is withheld: settings of the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BornesRetenue {
    /// Per cent of the places: people to call, or called, beyond it are too many.
    pub appels_pct: i64,
    /// Per cent of the capacity of the year before: more, or as much less, is another course.
    pub capacite_pct: i64,
    /// People: a smaller gap is never too large.
    pub marge: i64,
}

/// A group about to be computed, and its course.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FaitsGroupe {
    /// Places of the group, as published.
    pub places: i64,
    /// People to call in it.
    pub a_appeler: i64,
    /// Everybody up to this call rank has a proposition; 0: nobody by this alone.
    pub rang_limite: i64,
    /// People in the call order of the group.
    pub classes: i64,
    /// Capacity of the course.
    pub capacite: i64,
    /// The same in the session before; `None` for a new course.
    pub capacite_avant: Option<i64>,
    /// The course proposes to everybody (R-ADM-09).
    pub sans_classement: bool,
    /// People who hold a proposition of the group.
    pub tenues: i64,
    /// Propositions that the run is about to make.
    pub propositions: i64,
}

/// Why a group is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MotifRetenue {
    /// Far more people to call than places.
    Appels,
    /// The whole of a call by rank is far beyond the places: a waiting list taken for a list of those called.
    RangLimite,
    /// Far from the capacity of the year before.
    Capacite,
    /// The propositions, those held and those about to be made, are far beyond the places.
    Propositions,
}

impl MotifRetenue {
    /// Stable number in the records of runs: those of several reasons add up.
    const fn code(self) -> i64 {
        match self {
            Self::Appels => 1,
            Self::RangLimite => 2,
            Self::Capacite => 4,
            Self::Propositions => 8,
        }
    }

    /// Several reasons, each once, in one number.
    pub fn codes(motifs: &[Self]) -> i64 {
        motifs.iter().map(|m| m.code()).sum()
    }
}

impl FaitsGroupe {
    /// What was declared, and nothing that changes from one night to the next: a person who lifts a withholding has read
    /// these numbers and no others.
    pub fn declares(&self) -> String {
        let avant = self.capacite_avant.map_or_else(|| "-".to_owned(), |n| n.to_string());
        format!("{}/{}/{}/{}/{avant}", self.places, self.a_appeler, self.rang_limite, self.capacite)
    }

    /// R-ADM-12: the reasons to withhold the group; empty when the night may go on. Three ratios of RUN-4 are not among them. Capacity
    /// against people ranked: a course short of candidates is ordinary, and each of them has a place; a long list for few places is
    /// ordinary too. Places of the groups against the capacity: they add up to it (R-FOR-04), and each group is judged by its own.
    /// Rates: they change the order of those ranked and never how many are called, and are in the call orders, published before.
    pub fn motifs(&self, b: &BornesRetenue) -> Vec<MotifRetenue> {
        use MotifRetenue as M;
        // A course that is closed, or that took nobody this year, is told yes or no by nobody.
        if self.a_appeler == 0 && self.rang_limite == 0 {
            return Vec::new();
        }
        // Whoever signs a record chooses the numbers that are read again from it.
        let au_dela = |n: i64, base: i64, pct: i64| {
            n.saturating_mul(100) > base.saturating_mul(pct) && n.saturating_sub(base) > b.marge
        };
        let avant = |avant: i64| {
            au_dela(self.capacite, avant, b.capacite_pct) || au_dela(avant, self.capacite, b.capacite_pct)
        };
        let classe = !self.sans_classement;
        // Beyond the last one ranked, a call by rank calls nobody more.
        let par_rang = self.rang_limite.min(self.classes);
        let prises = self.tenues.saturating_add(self.propositions);
        [
            (M::Appels, classe && au_dela(self.a_appeler, self.places, b.appels_pct)),
            (M::RangLimite, classe && au_dela(par_rang, self.places, b.appels_pct)),
            (M::Capacite, self.capacite_avant.is_some_and(avant)),
            (M::Propositions, classe && au_dela(prises, self.places, b.appels_pct)),
        ]
        .into_iter()
        .filter_map(|(motif, tient)| tient.then_some(motif))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BORNES: BornesRetenue = BornesRetenue { appels_pct: 300, capacite_pct: 300, marge: 20 };

    fn ordinaire() -> FaitsGroupe {
        FaitsGroupe {
            places: 24,
            a_appeler: 30,
            rang_limite: 60,
            classes: 400,
            capacite: 48,
            capacite_avant: Some(45),
            sans_classement: false,
            tenues: 24,
            propositions: 6,
        }
    }

    #[test]
    fn r_adm_12_run_4_an_ordinary_night_is_not_withheld() {
        assert_eq!(ordinaire().motifs(&BORNES), []);
        // A small course may triple, a new one has no past, nobody ranked is nobody called.
        let petite =
            FaitsGroupe { places: 4, a_appeler: 20, capacite: 4, capacite_avant: Some(1), ..ordinaire() };
        assert_eq!(FaitsGroupe { rang_limite: 0, tenues: 4, ..petite }.motifs(&BORNES), []);
        assert_eq!(FaitsGroupe { capacite_avant: None, classes: 0, ..ordinaire() }.motifs(&BORNES), []);
        // Far fewer people ranked than called: all of them are called, and each of them has a place.
        assert_eq!(FaitsGroupe { classes: 2, ..ordinaire() }.motifs(&BORNES), []);
        let neuve =
            FaitsGroupe { places: 240, a_appeler: 240, capacite: 240, capacite_avant: None, ..ordinaire() };
        assert_eq!(FaitsGroupe { classes: 5, rang_limite: 0, ..neuve }.motifs(&BORNES), []);
        assert_eq!(FaitsGroupe { classes: 20_000, ..ordinaire() }.motifs(&BORNES), []);
        // Nothing to call: closed, or not declared this year.
        let close = FaitsGroupe { a_appeler: 0, rang_limite: 0, places: 0, capacite: 0, ..ordinaire() };
        assert_eq!(close.motifs(&BORNES), []);
        // Courses that do not rank propose to everybody.
        let libre =
            FaitsGroupe { sans_classement: true, propositions: 3_000, a_appeler: 3_000, ..ordinaire() };
        assert_eq!(libre.motifs(&BORNES), []);
    }

    #[test]
    fn r_adm_12_run_4_each_number_out_of_bounds_is_a_reason() {
        use MotifRetenue as M;
        let faux = [
            (M::Appels, FaitsGroupe { a_appeler: 240, ..ordinaire() }),
            (M::RangLimite, FaitsGroupe { rang_limite: 400, ..ordinaire() }),
            (M::Capacite, FaitsGroupe { capacite_avant: Some(480), ..ordinaire() }),
            (M::Capacite, FaitsGroupe { capacite_avant: Some(12), ..ordinaire() }),
            (M::Propositions, FaitsGroupe { propositions: 60, ..ordinaire() }),
        ];
        for (motif, faits) in faux {
            assert_eq!(faits.motifs(&BORNES), [motif], "{faits:?}");
        }
        // In a record, several are one number that says each of them.
        let tous = [M::Appels, M::RangLimite, M::Capacite, M::Propositions];
        assert_eq!(M::codes(&tous), 15);
        assert_eq!((M::codes(&[]), M::codes(&tous[1..3])), (0, 6));
        // A limit beyond the last one ranked calls those ranked, not more.
        assert_eq!(FaitsGroupe { rang_limite: 9_999, classes: 70, ..ordinaire() }.motifs(&BORNES), []);
    }

    #[test]
    fn r_adm_12_what_is_lifted_is_what_was_declared() {
        let f = ordinaire();
        assert_eq!(f.declares(), "24/30/60/48/45");
        assert_eq!(FaitsGroupe { tenues: 25, propositions: 0, classes: 399, ..f }.declares(), f.declares());
        assert_ne!(FaitsGroupe { rang_limite: 61, ..f }.declares(), f.declares());
        assert_eq!(FaitsGroupe { capacite_avant: None, ..f }.declares(), "24/30/60/48/-");
    }
}
