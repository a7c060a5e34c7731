//! Days of admission in a row: compute and publish as the platform would, then candidates answer.

use std::time::Instant;

use domain::admission::EtatPassage;
use domain::calendrier::{Etape, jour_paris};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::repondre::{BilanReponses, repondre};
use crate::admission::{calculer_ordre_appel, passages, publier_passage, un_jour};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::Garde;
use crate::sessions;

/// A simulated day.
#[derive(Debug, Clone, Serialize)]
pub struct JourSimule {
    /// Day of the admission phase, from 1.
    pub jour: i64,
    /// ISO day.
    pub date: String,
    /// Made and published that day.
    pub propositions: i64,
    /// Given the same evening.
    pub reponses: BilanReponses,
    /// Computation and publication, then answers, in milliseconds.
    pub passage_ms: u64,
    /// See `passage_ms`.
    pub reponses_ms: u64,
}

fn ms(depart: Instant) -> u64 {
    u64::try_from(depart.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Plays `jours` days of admission from the next one to compute, call orders included when there are none. `vu` is
/// called after each day. The clock of the campaign is that of each day, whatever the present one.
///
/// # Errors
/// Those of the runs: a missing rate or ranking, the end of the phase…
pub async fn simuler_jours(
    ctx: &Ctx,
    annee: i64,
    jours: u16,
    graine: u64,
    vu: &mut (dyn FnMut(&JourSimule) + Send),
) -> Result<Vec<JourSimule>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    session.require_ouverte()?;
    let fenetre = |etape| session.calendrier.fenetre(etape).ok_or(AppError::NotFound);
    let (ordre, admission) = (fenetre(Etape::OrdreAppel)?, fenetre(Etape::Admission)?);
    let mut faits = passages(&a(ctx, admission.ouvre), annee, 200, 0).await?;
    // A day that was cut, or given up, is still to be played.
    faits.retain(|p| p.etat != EtatPassage::Abandonne);
    if !faits.iter().any(|p| p.nature == domain::admission::Nature::OrdreAppel) {
        let ctx = a(ctx, ordre.ouvre);
        calculer_ordre_appel(&ctx, &Garde::default(), annee).await?;
        let calcule = passages(&ctx, annee, 1, 0).await?.into_iter().next().ok_or(AppError::NotFound)?;
        publier_passage(&ctx, &Garde::default(), annee, &calcule.public_id).await?;
    }
    let deja = faits
        .iter()
        .filter(|p| p.nature == domain::admission::Nature::Propositions)
        .map(|p| p.jour)
        .max()
        .unwrap_or(0);
    let mut sortie = Vec::new();
    for k in 0..i64::from(jours) {
        // Each evening at the hour of the opening; answers two hours later.
        let soir = plus_heures(admission.ouvre, 24 * (deja + k));
        let ce_soir = a(ctx, soir);
        let depart = Instant::now();
        let jour = un_jour(&ce_soir, &ce_soir, annee).await?;
        let passage_ms = ms(depart);
        let depart = Instant::now();
        let reponses = repondre(&a(ctx, plus_heures(soir, 2)), annee, graine).await?;
        let fait = JourSimule {
            jour: jour.jour,
            date: jour_paris(soir).to_string(),
            propositions: jour.bilan.propositions,
            reponses,
            passage_ms,
            reponses_ms: ms(depart),
        };
        vu(&fait);
        sortie.push(fait);
    }
    Ok(sortie)
}

/// The same person at another instant of the campaign.
fn a(ctx: &Ctx, quand: Timestamp) -> Ctx {
    Ctx { campagne_le: quand, origine: domain::admission::ORIGINE_SIMULATION, ..ctx.clone() }
}

fn plus_heures(t: Timestamp, heures: i64) -> Timestamp {
    t.checked_add(SignedDuration::from_hours(heures)).unwrap_or(t)
}
