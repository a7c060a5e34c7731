//! R-REP-01 to 03: what an answer to a proposition does to the candidate's other wishes.

use jiff::Timestamp;

use crate::candidatures::{EtatVoeu, Evenement};
use crate::erreurs::RuleViolation;

/// What the candidate decides about one proposition or waiting voeu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChoixCandidat {
    /// Accept; waiting wishes listed in `maintenus` stay, the others are renounced (I2).
    Accepter,
    /// Refuse the proposition.
    Refuser,
    /// Renounce a waiting voeu or give back an accepted one.
    Renoncer,
}

/// One of the candidate's living wishes when they answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VoeuEnJeu {
    /// Internal key.
    pub id: i64,
    /// As stored, before the answer.
    pub etat: EtatVoeu,
    /// Apprenticeship wishes live apart (I1, I5).
    pub apprentissage: bool,
    /// Limit of the proposition, when there is one.
    pub echeance: Option<Timestamp>,
}

/// A change that follows from the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consequence {
    /// Internal key, among the [`VoeuEnJeu`] given.
    pub voeu: i64,
    /// As given, never read again.
    pub avant: EtatVoeu,
    /// Equal to `avant` when the voeu is only kept.
    pub apres: EtatVoeu,
    /// Why it changes; the journal keeps it.
    pub evenement: Evenement,
    /// The waiting voeu is explicitly kept (state unchanged).
    pub maintenu: bool,
}

/// Decides everything that an answer changes, without doing it: the same function tells the candidate
/// « what happens if I accept » and applies the answer, so the two cannot disagree.
///
/// - R-REP-01 (I1): at most one accepted proposition outside apprenticeship; accepting B gives back A at once.
/// - R-REP-02 (I2): after an acceptance, waiting wishes stay only if explicitly kept.
/// - R-REP-03: an answer after the deadline is refused.
///
/// # Errors
/// [`RuleViolation::EcheanceDepassee`] or [`RuleViolation::ForbiddenTransition`].
pub fn decide_reponse(
    voeux: &[VoeuEnJeu],
    voeu: i64,
    choix: ChoixCandidat,
    maintenus: &[i64],
    now: Timestamp,
) -> Result<Vec<Consequence>, RuleViolation> {
    let Some(vise) = voeux.iter().find(|v| v.id == voeu) else {
        return Err(RuleViolation::ForbiddenTransition { from: "absent", event: "reponse" });
    };
    if let (EtatVoeu::Propose, Some(echeance)) = (vise.etat, vise.echeance)
        && now >= echeance
    {
        return Err(RuleViolation::EcheanceDepassee { echeance });
    }
    let evenement = match choix {
        ChoixCandidat::Accepter => Evenement::Acceptation,
        ChoixCandidat::Refuser => Evenement::Refus,
        ChoixCandidat::Renoncer => Evenement::Renonciation,
    };
    let mut suites = vec![consequence(vise, evenement)?];
    if choix == ChoixCandidat::Accepter && !vise.apprentissage {
        for autre in voeux.iter().filter(|v| v.id != voeu && !v.apprentissage) {
            match autre.etat {
                EtatVoeu::Accepte => suites.push(consequence(autre, Evenement::AutreAcceptation)?),
                EtatVoeu::EnAttente if maintenus.contains(&autre.id) => suites.push(Consequence {
                    voeu: autre.id,
                    avant: autre.etat,
                    apres: autre.etat,
                    evenement: Evenement::Acceptation,
                    maintenu: true,
                }),
                EtatVoeu::EnAttente => suites.push(consequence(autre, Evenement::NonMaintien)?),
                _ => {}
            }
        }
    }
    Ok(suites)
}

fn consequence(voeu: &VoeuEnJeu, evenement: Evenement) -> Result<Consequence, RuleViolation> {
    Ok(Consequence {
        voeu: voeu.id,
        avant: voeu.etat,
        apres: voeu.etat.apply(evenement)?,
        evenement,
        maintenu: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voeu(id: i64, etat: EtatVoeu) -> VoeuEnJeu {
        VoeuEnJeu { id, etat, apprentissage: false, echeance: None }
    }

    #[test]
    fn r_rep_01_accepting_gives_back_the_accepted_one_and_leaves_other_propositions_open() {
        let voeux = [voeu(1, EtatVoeu::Propose), voeu(2, EtatVoeu::Accepte), voeu(3, EtatVoeu::Propose)];
        let suites =
            decide_reponse(&voeux, 1, ChoixCandidat::Accepter, &[], Timestamp::UNIX_EPOCH).expect("allowed");
        let apres: Vec<_> = suites.iter().map(|s| (s.voeu, s.apres)).collect();
        assert_eq!(apres, [(1, EtatVoeu::Accepte), (2, EtatVoeu::RenonceApresAcceptation)]);
    }

    #[test]
    fn r_rep_02_waiting_wishes_are_lost_unless_kept() {
        let voeux = [voeu(1, EtatVoeu::Propose), voeu(2, EtatVoeu::EnAttente), voeu(3, EtatVoeu::EnAttente)];
        let suites =
            decide_reponse(&voeux, 1, ChoixCandidat::Accepter, &[3], Timestamp::UNIX_EPOCH).expect("allowed");
        assert_eq!(suites[1].apres, EtatVoeu::Renonce);
        assert!(suites[2].maintenu);
        assert_eq!(suites[2].apres, EtatVoeu::EnAttente);
    }

    #[test]
    fn r_rep_03_the_first_instant_after_the_deadline_is_too_late() {
        let echeance = Timestamp::UNIX_EPOCH;
        let voeux = [VoeuEnJeu { echeance: Some(echeance), ..voeu(1, EtatVoeu::Propose) }];
        let trop_tard = decide_reponse(&voeux, 1, ChoixCandidat::Accepter, &[], echeance);
        assert_eq!(trop_tard, Err(RuleViolation::EcheanceDepassee { echeance }));
        let a_temps = decide_reponse(
            &voeux,
            1,
            ChoixCandidat::Accepter,
            &[],
            echeance - jiff::SignedDuration::from_nanos(1),
        );
        assert!(a_temps.is_ok());
    }

    #[test]
    fn r_rep_01_apprenticeship_lives_apart() {
        let voeux =
            [VoeuEnJeu { apprentissage: true, ..voeu(1, EtatVoeu::Propose) }, voeu(2, EtatVoeu::Accepte)];
        let suites =
            decide_reponse(&voeux, 1, ChoixCandidat::Accepter, &[], Timestamp::UNIX_EPOCH).expect("allowed");
        assert_eq!(suites.len(), 1);
    }
}
