//! R-ORD-01, 02 and 04: the order in which a candidate wants the wishes that still wait.
//!
//! The order is that of the candidate's own preferences, from 1: it has nothing to do with the ranks of commissions.

use crate::candidatures::EtatVoeu;
use crate::erreurs::RuleViolation;

/// A wish of the candidate when they order them, or set the automatic answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoeuOrdonnable {
    /// Internal key.
    pub id: i64,
    /// As stored.
    pub etat: EtatVoeu,
    /// Made in the main procedure, under student status: apprenticeship and the complementary phase are never ordered (I5).
    pub concerne: bool,
    /// Rank of preference held now; 0: none.
    pub rang: u32,
}

impl VoeuOrdonnable {
    /// R-ORD-01: waits, and takes part in the order. With and without boarding, one course makes two of them.
    pub const fn attend(self) -> bool {
        self.concerne && matches!(self.etat, EtatVoeu::EnAttente)
    }

    /// A proposition held, or still without an answer.
    pub const fn tient(self) -> bool {
        self.concerne && matches!(self.etat, EtatVoeu::Propose | EtatVoeu::Accepte)
    }
}

/// What an order does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ordre {
    /// Key and new rank of every wish that takes part, the best one first, those left out last with 0.
    pub rangs: Vec<(i64, u32)>,
    /// Waiting wishes without a rank: lost the day after the end of the step (R-ORD-03).
    pub laisses: Vec<i64>,
    /// Waiting wishes that the candidate wants less than the proposition they hold: the automatic answer is refused
    /// (R-RA-02).
    pub apres_la_tenue: Vec<i64>,
}

/// R-ORD-01, 02 and 04: decides an order without writing it, so that the candidate reads before confirming what the
/// confirmation does.
///
/// - R-ORD-01: the waiting wishes of the main procedure outside apprenticeship get strict ranks from 1; some may be left out.
/// - R-ORD-02: whoever orders has answered so as to keep one proposition at most.
/// - R-ORD-04: that proposition takes part in the order with a rank of its own, so that it can be compared with the wishes.
///
/// `saisis`: key and rank typed; a wish that is not there has none.
///
/// # Errors
/// [`RuleViolation::PropositionsARepondre`], [`RuleViolation::RienAOrdonner`], [`RuleViolation::OrdreVide`],
/// [`RuleViolation::PropositionSansRang`], [`RuleViolation::PreferenceEnDouble`] or [`RuleViolation::PreferenceManquante`].
pub fn decide_ordre(voeux: &[VoeuOrdonnable], saisis: &[(i64, u32)]) -> Result<Ordre, RuleViolation> {
    check_ordonnable(voeux)?;
    let rang = |id: i64| saisis.iter().find(|(i, _)| *i == id).map_or(0, |(_, r)| *r);
    let mut rangs: Vec<(i64, u32)> =
        voeux.iter().filter(|v| v.attend() || v.tient()).map(|v| (v.id, rang(v.id))).collect();
    let laisses: Vec<i64> = voeux.iter().filter(|v| v.attend() && rang(v.id) == 0).map(|v| v.id).collect();
    if laisses.len() == voeux.iter().filter(|v| v.attend()).count() {
        return Err(RuleViolation::OrdreVide);
    }
    let tenue = voeux.iter().find(|v| v.tient()).map(|v| rang(v.id));
    if tenue == Some(0) {
        return Err(RuleViolation::PropositionSansRang);
    }
    rangs.sort_by_key(|&(_, r)| if r == 0 { u32::MAX } else { r });
    let donnes = rangs.iter().map(|&(_, r)| r).take_while(|r| *r > 0);
    for (attendu, donne) in (1..).zip(donnes) {
        if donne < attendu {
            return Err(RuleViolation::PreferenceEnDouble { rang: donne });
        }
        if donne > attendu {
            return Err(RuleViolation::PreferenceManquante { manquant: attendu });
        }
    }
    let apres_la_tenue =
        voeux.iter().filter(|v| v.attend() && tenue.is_some_and(|t| rang(v.id) > t)).map(|v| v.id).collect();
    Ok(Ordre { rangs, laisses, apres_la_tenue })
}

/// R-ORD-02: whether this candidate may order now, whatever the order.
///
/// # Errors
/// [`RuleViolation::RienAOrdonner`] or [`RuleViolation::PropositionsARepondre`].
pub fn check_ordonnable(voeux: &[VoeuOrdonnable]) -> Result<(), RuleViolation> {
    if !voeux.iter().any(|v| v.attend()) {
        return Err(RuleViolation::RienAOrdonner);
    }
    match voeux.iter().filter(|v| v.tient()).count() {
        0 | 1 => Ok(()),
        n => Err(RuleViolation::PropositionsARepondre { propositions: u32::try_from(n).unwrap_or(u32::MAX) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EtatVoeu as E;
    use RuleViolation as R;

    fn voeu(id: i64, etat: E) -> VoeuOrdonnable {
        VoeuOrdonnable { id, etat, concerne: true, rang: 0 }
    }

    #[test]
    fn r_ord_01_waiting_wishes_get_strict_ranks_from_1_and_some_may_be_left_out() {
        let voeux = [1, 2, 3].map(|id| voeu(id, E::EnAttente));
        let ordre = decide_ordre(&voeux, &[(3, 1), (1, 2)]).expect("partial");
        assert_eq!(ordre.rangs, [(3, 1), (1, 2), (2, 0)]);
        assert_eq!(ordre.laisses, [2]);
        let essai = |saisis: &[(i64, u32)]| decide_ordre(&voeux, saisis);
        assert_eq!(essai(&[(1, 1), (2, 1)]), Err(R::PreferenceEnDouble { rang: 1 }));
        assert_eq!(essai(&[(1, 1), (2, 3)]), Err(R::PreferenceManquante { manquant: 2 }));
        assert_eq!(essai(&[(1, 2)]), Err(R::PreferenceManquante { manquant: 1 }));
        assert_eq!(essai(&[]), Err(R::OrdreVide));
        // A key that is not one of these wishes gives nothing a rank.
        assert_eq!(essai(&[(9, 1)]), Err(R::OrdreVide));
        assert_eq!(decide_ordre(&[], &[]), Err(R::RienAOrdonner));
    }

    #[test]
    fn r_ord_01_i5_apprenticeship_the_complementary_phase_and_dead_wishes_stay_out() {
        let ailleurs = |id, etat| VoeuOrdonnable { concerne: false, ..voeu(id, etat) };
        let voeux =
            [voeu(1, E::EnAttente), ailleurs(2, E::EnAttente), voeu(3, E::Renonce), ailleurs(4, E::Accepte)];
        let ordre = decide_ordre(&voeux, &[(1, 1), (2, 2), (3, 3)]).expect("one wish");
        assert_eq!(ordre.rangs, [(1, 1)]);
        assert!(ordre.laisses.is_empty());
        assert_eq!(check_ordonnable(&voeux[1..]), Err(R::RienAOrdonner));
    }

    #[test]
    fn r_ord_02_propositions_are_answered_first_so_that_one_at_most_remains() {
        let tenues = [voeu(1, E::Propose), voeu(2, E::Accepte), voeu(3, E::EnAttente)];
        assert_eq!(check_ordonnable(&tenues), Err(R::PropositionsARepondre { propositions: 2 }));
        assert_eq!(decide_ordre(&tenues, &[(3, 1)]), Err(R::PropositionsARepondre { propositions: 2 }));
        for tenue in [E::Propose, E::Accepte] {
            let voeux = [voeu(1, tenue), voeu(3, E::EnAttente)];
            assert_eq!(check_ordonnable(&voeux), Ok(()));
        }
    }

    #[test]
    fn r_ord_04_the_proposition_held_has_a_rank_among_the_wishes() {
        let voeux = [voeu(1, E::Accepte), voeu(2, E::EnAttente), voeu(3, E::EnAttente)];
        assert_eq!(decide_ordre(&voeux, &[(2, 1), (3, 2)]), Err(R::PropositionSansRang));
        let ordre = decide_ordre(&voeux, &[(2, 1), (1, 2), (3, 3)]).expect("order");
        assert_eq!(ordre.rangs, [(2, 1), (1, 2), (3, 3)]);
        assert_eq!(ordre.apres_la_tenue, [3]);
        // The proposition held is no wish to be lost.
        let ordre = decide_ordre(&voeux, &[(2, 1), (1, 2)]).expect("order");
        assert_eq!((ordre.laisses, ordre.apres_la_tenue), (vec![3], vec![]));
    }
}
