//! R-RA-01 to 03: when a candidate may leave the platform answer in their place.

use super::ordre::VoeuOrdonnable;
use crate::candidatures::EtatVoeu;
use crate::erreurs::RuleViolation;

/// R-RA-01 and 02: whether the automatic answer may be switched on, the step being open.
///
/// - R-RA-01: at least one waiting wish has a rank, and none is without: the engine refuses a night in which a candidate who
///   leaves it answer has a waiting wish without rank. No proposition waits for an answer: each one afterwards is accepted
///   at once (I6).
/// - R-RA-02: a new proposition takes the place of the one accepted, even when the candidate ordered it before: so nothing
///   that waits may be ordered after it. A proposition accepted without a rank was accepted while the wishes that still
///   wait were explicitly kept (I2): it comes after them all.
/// - R-RA-03 (I5): apprenticeship and the complementary phase are not looked at.
///
/// # Errors
/// [`RuleViolation::RepondeurSansOrdre`], [`RuleViolation::RepondeurPropositionOuverte`] or
/// [`RuleViolation::RepondeurMoinsBon`].
pub fn check_activation(voeux: &[VoeuOrdonnable]) -> Result<(), RuleViolation> {
    let mut attente = voeux.iter().filter(|v| v.attend()).peekable();
    if attente.peek().is_none() || attente.any(|v| v.rang == 0) {
        return Err(RuleViolation::RepondeurSansOrdre);
    }
    if voeux.iter().any(|v| v.tient() && v.etat == EtatVoeu::Propose) {
        return Err(RuleViolation::RepondeurPropositionOuverte);
    }
    let acceptee = voeux.iter().filter(|v| v.tient() && v.rang > 0).map(|v| v.rang).min();
    let moins_bons = acceptee.map_or(0, |a| voeux.iter().filter(|v| v.attend() && v.rang > a).count());
    match u32::try_from(moins_bons).unwrap_or(u32::MAX) {
        0 => Ok(()),
        voeux => Err(RuleViolation::RepondeurMoinsBon { voeux }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EtatVoeu as E;
    use RuleViolation as R;

    fn voeu(etat: E, rang: u32) -> VoeuOrdonnable {
        VoeuOrdonnable { id: i64::from(rang), etat, concerne: true, rang }
    }

    #[test]
    fn r_ra_01_an_ordered_waiting_wish_is_needed_and_none_without_rank() {
        assert_eq!(check_activation(&[]), Err(R::RepondeurSansOrdre));
        assert_eq!(check_activation(&[voeu(E::Accepte, 1)]), Err(R::RepondeurSansOrdre));
        assert_eq!(check_activation(&[voeu(E::EnAttente, 1)]), Ok(()));
        let un_sans_rang = [voeu(E::EnAttente, 1), voeu(E::EnAttente, 0)];
        assert_eq!(check_activation(&un_sans_rang), Err(R::RepondeurSansOrdre));
        let perdu = [voeu(E::EnAttente, 1), voeu(E::SupprimeNonOrdonne, 0)];
        assert_eq!(check_activation(&perdu), Ok(()));
    }

    #[test]
    fn r_ra_01_i6_a_proposition_without_an_answer_is_answered_first() {
        let voeux = [voeu(E::EnAttente, 1), voeu(E::Propose, 2)];
        assert_eq!(check_activation(&voeux), Err(R::RepondeurPropositionOuverte));
    }

    #[test]
    fn r_ra_02_a_place_held_is_not_lost_for_a_wish_ordered_after_it() {
        let meilleur = [voeu(E::EnAttente, 1), voeu(E::EnAttente, 2), voeu(E::Accepte, 3)];
        assert_eq!(check_activation(&meilleur), Ok(()));
        let un_moins_bon = [voeu(E::EnAttente, 1), voeu(E::Accepte, 2), voeu(E::EnAttente, 3)];
        assert_eq!(check_activation(&un_moins_bon), Err(R::RepondeurMoinsBon { voeux: 1 }));
        let sans_rang = [voeu(E::EnAttente, 1), voeu(E::Accepte, 0)];
        assert_eq!(check_activation(&sans_rang), Ok(()));
    }

    #[test]
    fn r_ra_03_i5_apprenticeship_and_the_complementary_phase_stay_outside() {
        let ailleurs = |etat, rang| VoeuOrdonnable { concerne: false, ..voeu(etat, rang) };
        let voeux = [
            voeu(E::EnAttente, 2),
            ailleurs(E::Propose, 0),
            ailleurs(E::EnAttente, 0),
            ailleurs(E::Accepte, 1),
        ];
        assert_eq!(check_activation(&voeux), Ok(()));
        assert_eq!(check_activation(&voeux[1..]), Err(R::RepondeurSansOrdre));
    }
}
