//! R-ACC-01: what a visit of the site de gestion is, so that what changed since the last one can be told. R-ACC-02: what waits for too
//! long.

/// The visits of a person, in milliseconds of the campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visite {
    /// End of the visit before; `None` during the first one.
    pub precedente: Option<i64>,
    /// Last time that the home was opened.
    pub vue: i64,
}

impl Visite {
    /// R-ACC-01: opening the home again within `duree` goes on with the same visit, and what changed is still told from
    /// the end of the one before. A clock set back (demonstration) starts another visit.
    #[must_use]
    pub fn opened(avant: Option<Self>, maintenant: i64, duree: i64) -> Self {
        let precedente = match avant {
            None => None,
            Some(v) if (v.vue..v.vue.saturating_add(duree)).contains(&maintenant) => v.precedente,
            Some(v) => Some(v.vue).filter(|vue| *vue <= maintenant),
        };
        Self { precedente, vue: maintenant }
    }
}

/// R-ACC-02: what has waited in a queue since this instant, or before, is late: longer than `delai`. Milliseconds of the campaign.
pub const fn late_since(maintenant: i64, delai: i64) -> i64 {
    maintenant.saturating_sub(delai)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_acc_02_what_waits_longer_than_the_delay_is_late() {
        assert_eq!(late_since(1_000, 100), 900);
        assert_eq!(late_since(i64::MIN, 100), i64::MIN);
    }

    #[test]
    fn r_acc_01_a_page_opened_again_tells_the_same_and_a_new_visit_tells_from_the_end_of_the_last() {
        let premiere = Visite::opened(None, 1_000, 100);
        assert_eq!(premiere, Visite { precedente: None, vue: 1_000 });
        let encore = Visite::opened(Some(premiere), 1_099, 100);
        assert_eq!(encore, Visite { precedente: None, vue: 1_099 });
        let suivante = Visite::opened(Some(encore), 1_199, 100);
        assert_eq!(suivante, Visite { precedente: Some(1_099), vue: 1_199 });
        assert_eq!(Visite::opened(Some(suivante), 1_200, 100).precedente, Some(1_099));
        assert_eq!(Visite::opened(Some(suivante), 500, 100), Visite { precedente: None, vue: 500 });
    }
}
