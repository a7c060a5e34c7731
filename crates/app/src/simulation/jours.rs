//! Days of admission in a row: compute and publish as the platform would, then candidates answer.

use std::time::Instant;

use domain::admission::{EtatPassage, Nature, ORIGINE_SIMULATION};
use domain::calendrier::{Etape, jour_paris};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use store::admission::{self as base, LignePassage};

use super::repondre::{BilanReponses, repondre};
use crate::admission::{calculer_ordre_appel, publier_passage, read_bilan, un_jour};
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

pub(super) fn ms(depart: Instant) -> u64 {
    u64::try_from(depart.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// How many days are played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Etendue {
    /// So many more. A day that was cut counts as one of them.
    Encore(u16),
    /// To this day of the admission phase, itself included: asked again after a cut, it ends what remains and no more.
    JusquA(u16),
}

/// Plays days of admission from the first that is not over, call orders included when there are none. `vu` is called
/// after each day. The clock of the campaign is that of each day, whatever the present one.
///
/// Cut anywhere, it goes on: a run that was computed is published, a day that was published gets its answers.
///
/// # Errors
/// Those of the runs: a missing rate or ranking, the end of the phase… [`AppError::Conflict`] or a broken rule when
/// another node plays the same day and was faster.
pub async fn simuler_jours(
    ctx: &Ctx,
    annee: i64,
    etendue: Etendue,
    graine: u64,
    vu: &mut (dyn FnMut(&JourSimule) + Send),
) -> Result<Vec<JourSimule>, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    session.require_ouverte()?;
    let fenetre = |etape| session.calendrier.fenetre(etape).ok_or(AppError::NotFound);
    let (ordre, admission) = (fenetre(Etape::OrdreAppel)?, fenetre(Etape::Admission)?);
    ordre_appel(&a(ctx, ordre.ouvre), annee, session.id).await?;

    let dernier = en_vigueur(ctx, session.id, Nature::Propositions).await?;
    let mut reste = match &dernier {
        Some(p) if is_ours(p, EtatPassage::Calcule) => Reste::Publication(p.public_id.clone()),
        Some(p) if read_bilan(&p.bilan).reponses_donnees == Some(false) => Reste::Reponses,
        _ => Reste::Tout,
    };
    let deja = dernier.map_or(0, |p| p.jour);
    let premier = if reste == Reste::Tout { deja + 1 } else { deja };
    let fin = match etendue {
        Etendue::Encore(n) => premier + i64::from(n) - 1,
        Etendue::JusquA(jour) => i64::from(jour),
    };
    let mut sortie = Vec::new();
    for jour in premier..=fin {
        // Each evening at the hour of the opening; answers two hours later.
        let soir = plus_heures(admission.ouvre, 24 * (jour - 1));
        let ce_soir = a(ctx, soir);
        let depart = Instant::now();
        match std::mem::replace(&mut reste, Reste::Tout) {
            Reste::Tout => drop(un_jour(&ce_soir, &ce_soir, annee).await?),
            Reste::Publication(passage) => {
                publier_passage(&ce_soir, &Garde::default(), annee, &passage).await?;
            }
            Reste::Reponses => {}
        }
        let passage_ms = ms(depart);
        let depart = Instant::now();
        let reponses = repondre(&a(ctx, plus_heures(soir, 2)), annee, graine).await?;
        let publie = en_vigueur(ctx, session.id, Nature::Propositions).await?.ok_or(AppError::NotFound)?;
        let fait = JourSimule {
            jour: publie.jour,
            date: jour_paris(soir).to_string(),
            propositions: read_bilan(&publie.bilan).propositions,
            reponses,
            passage_ms,
            reponses_ms: ms(depart),
        };
        vu(&fait);
        sortie.push(fait);
    }
    Ok(sortie)
}

/// What remains of a day that was cut.
#[derive(PartialEq, Eq)]
enum Reste {
    Tout,
    /// Of the run with this public identifier, then the answers.
    Publication(String),
    Reponses,
}

/// Computes and publishes the call orders, or what of it is not done.
async fn ordre_appel(ctx: &Ctx, annee: i64, session: i64) -> Result<(), AppError> {
    let mut p = en_vigueur(ctx, session, Nature::OrdreAppel).await?;
    if p.is_none() {
        calculer_ordre_appel(ctx, &Garde::default(), annee).await?;
        p = en_vigueur(ctx, session, Nature::OrdreAppel).await?;
    }
    // The one in force: the newest may be that of another node which came second, and is abandoned.
    if let Some(p) = p.filter(|p| is_ours(p, EtatPassage::Calcule)) {
        publier_passage(ctx, &Garde::default(), annee, &p.public_id).await?;
    }
    Ok(())
}

async fn en_vigueur(ctx: &Ctx, session: i64, nature: Nature) -> Result<Option<LignePassage>, AppError> {
    Ok(base::passage_en_vigueur(&ctx.app.db, session, nature.code(), i64::MAX).await?)
}

/// A run of a simulation in this state. One that somebody computed waits for its second person, never for us.
fn is_ours(p: &LignePassage, etat: EtatPassage) -> bool {
    p.etat == etat.code() && p.origine == ORIGINE_SIMULATION
}

/// The same person at another instant of the campaign.
fn a(ctx: &Ctx, quand: Timestamp) -> Ctx {
    Ctx { campagne_le: quand, origine: ORIGINE_SIMULATION, ..ctx.clone() }
}

pub(super) fn plus_heures(t: Timestamp, heures: i64) -> Timestamp {
    t.checked_add(SignedDuration::from_hours(heures)).unwrap_or(t)
}
