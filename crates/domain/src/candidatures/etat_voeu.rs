//! R-VOE-01: states of a voeu and what may happen in each (`domaine.md` §5). One match decides.

use crate::erreurs::RuleViolation;

/// Where a voeu stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EtatVoeu {
    /// Formulated: not examined until the candidate confirms it.
    Saisi,
    /// The course may examine it.
    Confirme,
    /// Not confirmed in time; final.
    Annule,
    /// Withdrawn by the candidate while it was still possible; final.
    Supprime,
    /// Ranked by the commission; the candidate reads « confirmé » until admission opens (R-VOE-06).
    Classe,
    /// Not kept by a selective course; hidden like the ranking until admission opens; final.
    RefuseFormation,
    /// In the published call order, without a proposition so far.
    EnAttente,
    /// A place is offered, until the deadline of the proposition.
    Propose,
    /// The candidate holds the place; at most one outside apprenticeship (I1).
    Accepte,
    /// The candidate said no to the proposition; final.
    RefuseCandidat,
    /// No answer by the deadline: the proposition is lost (I3); final.
    Expire,
    /// Given up while waiting, by choice or for not having been kept (I2, I3); final.
    Renonce,
    /// A place held, then given back, for a better one or for nothing; final.
    RenonceApresAcceptation,
    /// Not put in order when the ordering of waiting wishes ended (R-ORD-03); final.
    SupprimeNonOrdonne,
    /// In summer, given up for a proposition that its candidate ordered before it (R-ORD-05); final, unless that proposition is taken
    /// back (R-ADM-13).
    DemissionAutoGdd,
    /// The same, by the automatic answer, which gives back the place held as well (R-RA-04); as final.
    DemissionAutoRa,
    /// Still waiting when the procedure ended; final.
    CloSansProposition,
}

/// What happens to a voeu.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evenement {
    /// The candidate confirms.
    Confirmation,
    /// The candidate withdraws the voeu while wishes are open.
    Retrait,
    /// The confirmation deadline passes without confirmation.
    FinConfirmation,
    /// The commission's ranking holds the candidate.
    Classement,
    /// A selective course does not keep the candidate (a human act, notified).
    NonRetenu,
    /// The call order is published.
    OrdreAppel,
    /// The day's run proposes.
    Proposition,
    /// The candidate says yes to the proposition.
    Acceptation,
    /// The candidate says no to the proposition.
    Refus,
    /// The answer deadline passes.
    EcheanceDepassee,
    /// The national team takes the proposition back before its candidate answers: a day was wrong for the course. What the platform had
    /// accepted or given up in their place because of it is undone (R-ADM-13).
    RetraitProposition,
    /// The candidate renounces a waiting voeu.
    Renonciation,
    /// Another proposition is accepted: this accepted one is given back at once (I1).
    AutreAcceptation,
    /// Waiting voeu not kept after an acceptance or without any answer (I2, I3).
    NonMaintien,
    /// The ordering of waiting wishes ends and this one has no rank (R-ORD-03).
    FinOrdonnancement,
    /// The day's run proposes something ordered before this one to a candidate who answers by themselves (R-ORD-05).
    DemissionGdd,
    /// The day's run proposes something ordered before this one to a candidate whose automatic answer is on (R-RA-04).
    DemissionRepondeur,
    /// The automatic answer accepts what the day's run proposes (R-RA-04).
    AcceptationRepondeur,
    /// The procedure ends: who still waits will not be called.
    FinProcedure,
}

impl EtatVoeu {
    /// Every state.
    pub const ALL: [Self; 17] = [
        Self::Saisi,
        Self::Confirme,
        Self::Annule,
        Self::Supprime,
        Self::Classe,
        Self::RefuseFormation,
        Self::EnAttente,
        Self::Propose,
        Self::Accepte,
        Self::RefuseCandidat,
        Self::Expire,
        Self::Renonce,
        Self::RenonceApresAcceptation,
        Self::SupprimeNonOrdonne,
        Self::DemissionAutoGdd,
        Self::DemissionAutoRa,
        Self::CloSansProposition,
    ];

    /// Stable code, used in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Saisi => "saisi",
            Self::Confirme => "confirme",
            Self::Annule => "annule",
            Self::Supprime => "supprime",
            Self::Classe => "classe",
            Self::RefuseFormation => "refuse_formation",
            Self::EnAttente => "en_attente",
            Self::Propose => "propose",
            Self::Accepte => "accepte",
            Self::RefuseCandidat => "refuse_candidat",
            Self::Expire => "expire",
            Self::Renonce => "renonce",
            Self::RenonceApresAcceptation => "renonce_apres_acceptation",
            Self::SupprimeNonOrdonne => "supprime_non_ordonne",
            Self::DemissionAutoGdd => "demission_auto_gdd",
            Self::DemissionAutoRa => "demission_auto_ra",
            Self::CloSansProposition => "clos_sans_proposition",
        }
    }

    /// The state of a stored code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// French label shown to the candidate.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Saisi => "À confirmer",
            Self::Confirme => "Confirmé",
            Self::Annule => "Annulé (non confirmé)",
            Self::Supprime => "Retiré",
            Self::Classe => "Examiné",
            Self::RefuseFormation => "Non retenu par la formation",
            Self::EnAttente => "En liste d’attente",
            Self::Propose => "Proposition d’admission",
            Self::Accepte => "Proposition acceptée",
            Self::RefuseCandidat => "Proposition refusée",
            Self::Expire => "Proposition expirée",
            Self::Renonce => "Renonciation",
            Self::RenonceApresAcceptation => "Place rendue",
            Self::SupprimeNonOrdonne => "Supprimé (non ordonné)",
            Self::DemissionAutoGdd => "Remplacé par un vœu mieux ordonné",
            Self::DemissionAutoRa => "Remplacé par le répondeur automatique",
            Self::CloSansProposition => "Clos sans proposition",
        }
    }

    /// A voeu that can still lead somewhere.
    pub const fn is_vivant(self) -> bool {
        matches!(
            self,
            Self::Saisi | Self::Confirme | Self::Classe | Self::EnAttente | Self::Propose | Self::Accepte
        )
    }

    /// R-VOE-06: what the candidate may read. Until the admission phase opens, nothing of the examination shows: a
    /// ranked, refused, waiting or proposed voeu still reads as confirmed (TPS-6).
    #[must_use]
    pub const fn montre(self, admission_ouverte: bool) -> Self {
        match self {
            Self::Classe | Self::RefuseFormation | Self::EnAttente | Self::Propose if !admission_ouverte => {
                Self::Confirme
            }
            autre => autre,
        }
    }

    /// The state after an event.
    ///
    /// # Errors
    /// [`RuleViolation::ForbiddenTransition`] when the event cannot happen here.
    pub fn apply(self, evenement: Evenement) -> Result<Self, RuleViolation> {
        use EtatVoeu as V;
        use Evenement as E;
        match (self, evenement) {
            (V::Saisi, E::Confirmation) => Ok(V::Confirme),
            (V::Saisi | V::Confirme, E::Retrait) => Ok(V::Supprime),
            (V::Saisi, E::FinConfirmation) => Ok(V::Annule),
            (V::Confirme, E::Classement) => Ok(V::Classe),
            (V::Confirme, E::NonRetenu) => Ok(V::RefuseFormation),
            (V::Classe, E::OrdreAppel) => Ok(V::EnAttente),
            (V::EnAttente, E::Proposition) => Ok(V::Propose),
            (V::Propose, E::Acceptation) => Ok(V::Accepte),
            (V::Propose, E::Refus) => Ok(V::RefuseCandidat),
            (V::Propose, E::EcheanceDepassee) => Ok(V::Expire),
            (V::Propose | V::Accepte | V::DemissionAutoGdd | V::DemissionAutoRa, E::RetraitProposition) => {
                Ok(V::EnAttente)
            }
            (V::EnAttente, E::Renonciation | E::NonMaintien) => Ok(V::Renonce),
            (V::Accepte, E::AutreAcceptation | E::Renonciation) => Ok(V::RenonceApresAcceptation),
            (V::EnAttente, E::FinOrdonnancement) => Ok(V::SupprimeNonOrdonne),
            (V::EnAttente | V::Propose, E::DemissionGdd) => Ok(V::DemissionAutoGdd),
            (V::EnAttente | V::Propose | V::Accepte, E::DemissionRepondeur) => Ok(V::DemissionAutoRa),
            (V::EnAttente | V::Propose, E::AcceptationRepondeur) => Ok(V::Accepte),
            (V::EnAttente, E::FinProcedure) => Ok(V::CloSansProposition),
            (from, event) => {
                Err(RuleViolation::ForbiddenTransition { from: from.code(), event: event.code() })
            }
        }
    }
}

impl Evenement {
    /// Every event.
    pub const ALL: [Self; 19] = [
        Self::Confirmation,
        Self::Retrait,
        Self::FinConfirmation,
        Self::Classement,
        Self::NonRetenu,
        Self::OrdreAppel,
        Self::Proposition,
        Self::Acceptation,
        Self::Refus,
        Self::EcheanceDepassee,
        Self::RetraitProposition,
        Self::Renonciation,
        Self::AutreAcceptation,
        Self::NonMaintien,
        Self::FinOrdonnancement,
        Self::DemissionGdd,
        Self::DemissionRepondeur,
        Self::AcceptationRepondeur,
        Self::FinProcedure,
    ];

    /// Stable code, used in the journal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Confirmation => "confirmation",
            Self::Retrait => "retrait",
            Self::FinConfirmation => "fin_confirmation",
            Self::Classement => "classement",
            Self::NonRetenu => "non_retenu",
            Self::OrdreAppel => "ordre_appel",
            Self::Proposition => "proposition",
            Self::Acceptation => "acceptation",
            Self::Refus => "refus",
            Self::EcheanceDepassee => "echeance_depassee",
            Self::RetraitProposition => "retrait_proposition",
            Self::Renonciation => "renonciation",
            Self::AutreAcceptation => "autre_acceptation",
            Self::NonMaintien => "non_maintien",
            Self::FinOrdonnancement => "fin_ordonnancement",
            Self::DemissionGdd => "demission_gdd",
            Self::DemissionRepondeur => "demission_repondeur",
            Self::AcceptationRepondeur => "acceptation_repondeur",
            Self::FinProcedure => "fin_procedure",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_voe_01_every_state_and_event_has_a_decision_and_dead_ends_stay_dead() {
        let mut permises = 0;
        for etat in EtatVoeu::ALL {
            for evenement in Evenement::ALL {
                match etat.apply(evenement) {
                    Ok(_) => {
                        permises += 1;
                        // Only what the platform gave up by itself comes back, when it was wrong (R-ADM-13).
                        let retabli = evenement == Evenement::RetraitProposition
                            && matches!(etat, EtatVoeu::DemissionAutoGdd | EtatVoeu::DemissionAutoRa);
                        assert!(
                            etat.is_vivant() || retabli,
                            "{etat:?} is an end and must refuse {evenement:?}"
                        );
                    }
                    Err(e) => assert_eq!(e.code(), "transition_interdite"),
                }
            }
        }
        assert_eq!(permises, 28, "a transition was added or removed: review domaine.md §5 and this number");
    }

    #[test]
    fn r_ord_05_r_ra_04_what_the_summer_takes_away_and_what_it_leaves() {
        use EtatVoeu as V;
        use Evenement as E;
        let apres = |de: V, quoi| de.apply(quoi).ok();
        for (de, gdd, ra, accepte) in [
            (V::EnAttente, Some(V::DemissionAutoGdd), Some(V::DemissionAutoRa), Some(V::Accepte)),
            (V::Propose, Some(V::DemissionAutoGdd), Some(V::DemissionAutoRa), Some(V::Accepte)),
            // Only the automatic answer gives back a place that was accepted.
            (V::Accepte, None, Some(V::DemissionAutoRa), None),
            (V::SupprimeNonOrdonne, None, None, None),
        ] {
            assert_eq!(apres(de, E::DemissionGdd), gdd, "{de:?}");
            assert_eq!(apres(de, E::DemissionRepondeur), ra, "{de:?}");
            assert_eq!(apres(de, E::AcceptationRepondeur), accepte, "{de:?}");
        }
        for fin in [V::SupprimeNonOrdonne, V::DemissionAutoGdd, V::DemissionAutoRa] {
            assert!(!fin.is_vivant() && fin.montre(true) == fin, "{fin:?}");
        }
    }

    #[test]
    fn r_voe_06_nothing_of_the_examination_shows_before_admission_opens() {
        for etat in EtatVoeu::ALL {
            assert_eq!(etat.montre(true), etat);
            let avant = etat.montre(false);
            assert!(
                !matches!(
                    avant,
                    EtatVoeu::Classe | EtatVoeu::RefuseFormation | EtatVoeu::EnAttente | EtatVoeu::Propose
                ),
                "{etat:?}"
            );
        }
        assert_eq!(EtatVoeu::Saisi.montre(false), EtatVoeu::Saisi);
    }

    #[test]
    fn r_voe_01_codes_are_unique_and_read_back() {
        for etat in EtatVoeu::ALL {
            assert_eq!(EtatVoeu::from_code(etat.code()), Some(etat));
        }
    }
}
