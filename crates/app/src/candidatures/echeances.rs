//! What deadlines do by themselves. Compares the state with the calendar: a missed night repairs itself, and a
//! second pass finds nothing to do.

use std::collections::BTreeMap;

use domain::RuleViolation;
use domain::admission::perte_sans_reponse;
use domain::calendrier::Etape;
use domain::candidatures::{EtatVoeu, Evenement};
use domain::droits::{Action, Cible};
use serde_json::json;
use store::candidatures as base;

use super::{fin_ordre, instant};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::sessions;

/// What one pass did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BilanEcheances {
    /// Wishes not confirmed in time (R-VOE-08).
    pub voeux_annules: u64,
    /// Propositions left without an answer.
    pub propositions_expirees: u64,
    /// Waiting wishes lost for want of any answer (R-REP-04).
    pub voeux_perdus: u64,
}

/// Applies every deadline reached, for the open session. To be run by the platform itself: regularly, and before
/// each computation of propositions.
///
/// # Errors
/// [`AppError::Denied`] for a person; [`AppError::Internal`] when a setting of the session is missing.
pub async fn expire_due(ctx: &Ctx) -> Result<BilanEcheances, AppError> {
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    // Nobody loses a wish to a clock that runs fast.
    ctx.require_a_l_heure(Action::RepondreProposition)?;
    let session = match sessions::courante(&tx).await {
        Ok(s) => s,
        Err(AppError::NotFound) => return Ok(BilanEcheances::default()),
        Err(e) => return Err(e),
    };
    let e = ctx.ecriture(&permit);
    let (calendrier, now) = (&session.calendrier, ctx.campagne_le);
    let mut bilan = BilanEcheances::default();

    if matches!(calendrier.require_open(Etape::Confirmation, now), Err(RuleViolation::Closed { .. })) {
        let (de, vers) = transition(EtatVoeu::Saisi, Evenement::FinConfirmation)?;
        bilan.voeux_annules = base::move_all(&tx, &e, session.id, de, vers).await?;
    }

    let (de, vers) = transition(EtatVoeu::Propose, Evenement::EcheanceDepassee)?;
    bilan.propositions_expirees = base::expire_propositions(&tx, &e, session.id, de, vers).await?;

    let muets = base::list_sans_reponse(&tx, session.id).await?;
    if !muets.is_empty() {
        let jours = sessions::parametre_entier(&tx, session.id, "maintien_sans_reponse_jours").await?;
        let (de, vers) = transition(EtatVoeu::EnAttente, Evenement::NonMaintien)?;
        let mut par_echeance: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for m in muets {
            par_echeance.entry(m.derniere).or_default().push(m.candidat);
        }
        par_echeance.retain(|&d, _| now >= perte_sans_reponse(calendrier.delais(), instant(d), jours));
        for (derniere, candidats) in &par_echeance {
            bilan.voeux_perdus += base::lose_waiting(&tx, &e, (candidats, *derniere), de, vers).await?;
        }
    }

    fin_ordre::schedule(ctx, &tx, &session).await?;

    if bilan != BilanEcheances::default() {
        record(
            &tx,
            ctx,
            &permit,
            &Acte {
                objet: "session_admission",
                objet_id: &session.annee.to_string(),
                avant: None,
                apres: Some(json!({
                    "voeux_annules": bilan.voeux_annules,
                    "propositions_expirees": bilan.propositions_expirees,
                    "voeux_perdus": bilan.voeux_perdus,
                })),
            },
        )
        .await?;
    }
    tx.commit().await?;
    Ok(bilan)
}

/// Both ends of a transition, asked to the one state machine.
fn transition(de: EtatVoeu, evenement: Evenement) -> Result<(EtatVoeu, EtatVoeu), RuleViolation> {
    Ok((de, de.apply(evenement)?))
}
