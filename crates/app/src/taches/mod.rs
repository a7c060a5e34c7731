//! Deferred work: the queue of tasks, the outbox, what the clock brings. The runner in `jobs` calls these.
//!
//! A task runs in one transaction with its own end, under a lease with a fencing number: run twice, it changes nothing
//! more; taken over by another runner, its writes are refused (RUN-2).

mod entretien;
mod envois;

pub use entretien::entretenir;
pub use envois::livrer;

use std::sync::Arc;

use domain::reprises::attente_ms;
use serde::Deserialize;
use store::Tx;
use store::messagerie::{self as base, Tache};

use crate::candidatures;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages;
use crate::plateforme::Plateforme;

/// Task: put in the outbox the mails of a published day.
pub const ANNONCER_PROPOSITIONS: &str = "annoncer_propositions";

/// Task: put in the outbox the mails of a published withdrawal.
pub const ANNONCER_RETRAIT: &str = "annoncer_retrait";

/// Task: compute a run for the person who asked.
pub(crate) const CALCULER_PASSAGE: &str = "calculer_passage";

/// Task: put in the outbox the mails about a closing put off.
pub const ANNONCER_PROLONGATION: &str = "annoncer_prolongation";

/// Task: put in the outbox the mails that say that the ordering of waiting wishes is open.
pub(crate) const ANNONCER_ORDONNANCEMENT: &str = "annoncer_ordonnancement";

/// Task: take away the wishes that nobody ordered (R-ORD-03).
pub(crate) const SUPPRIMER_NON_ORDONNES: &str = "supprimer_non_ordonnes";

/// Task: put in the outbox the mails about the wishes taken away.
pub(crate) const ANNONCER_NON_ORDONNES: &str = "annoncer_non_ordonnes";

/// Task: close what still waits at the end of the procedure (R-ORD-06).
pub(crate) const CLORE_PROCEDURE: &str = "clore_procedure";

/// Task: put in the outbox the mails that say that a version of the charter is to be accepted (R-CHA-04).
pub(crate) const ANNONCER_CHARTE: &str = "annoncer_charte";

/// Task: a batch of a reminder to every incomplete establishment of a perimeter (R-ECH-04).
pub(crate) const RELANCER: &str = "relancer_etablissements";

/// Task: read a day of the catalogue that was sent, or apply it.
pub(crate) const TRAITER_JOURNEE: &str = "traiter_journee";

/// Task: make courses of the records of the catalogue that are ready, for the person who asked.
pub(crate) const INTEGRER_FICHES: &str = "integrer_fiches";

/// Task: explain the wishes that candidates asked about, from the record of one run (R-ADM-16).
pub(crate) const EXPLIQUER_VOEUX: &str = "expliquer_voeux";

/// How long a runner keeps a task before another may take it over.
const BAIL_MS: i64 = 10 * 60_000;
/// Failures after which a task is given up.
const ESSAIS: i64 = 20;

/// Why a task did not end.
#[derive(Debug)]
enum Echec {
    /// Worth trying again.
    Passager(String),
    /// Never will.
    Definitif(String),
}

impl From<AppError> for Echec {
    fn from(e: AppError) -> Self {
        Self::Passager(e.to_string())
    }
}

impl From<store::StoreError> for Echec {
    fn from(e: store::StoreError) -> Self {
        Self::Passager(e.to_string())
    }
}

/// Runs the next due task, if any. Gives false when nothing is due.
///
/// # Errors
/// When the database refuses; a task that fails is recorded and tried again later, which is not an error here.
pub async fn executer_une(app: &Arc<Plateforme>) -> Result<bool, AppError> {
    let ctx = Ctx::systeme(app, "tâches", "tache");
    let tx = ctx.begin().await?;
    let prise = base::take_tache(&tx, ctx.recu_ms(), BAIL_MS).await?;
    tx.commit().await?;
    let Some(tache) = prise else { return Ok(false) };
    let Err(echec) = executer(&ctx, &tache).await else { return Ok(true) };
    let (etat, cause) = match echec {
        Echec::Passager(cause) if tache.essais < ESSAIS => ("a_faire", cause),
        Echec::Passager(cause) | Echec::Definitif(cause) => ("abandonnee", cause),
    };
    tracing::warn!(genre = %tache.genre, essais = tache.essais, etat, %cause, "tâche en échec");
    let prochaine = ctx.recu_ms() + attente_ms(tache.essais - 1);
    let tx = ctx.begin().await?;
    match base::save_tache(&tx, &tache, etat, Some(&cause), prochaine, ctx.recu_ms()).await {
        Ok(()) => tx.commit().await?,
        // Another runner took the task over: its outcome counts, ours does not.
        Err(store::StoreError::Conflict(_)) => {}
        Err(e) => return Err(e.into()),
    }
    Ok(true)
}

/// The work and the end of the task, in one transaction.
async fn executer(ctx: &Ctx, tache: &Tache) -> Result<(), Echec> {
    // A computation has its own short transactions, and its own key against being done twice.
    if tache.genre == CALCULER_PASSAGE {
        crate::admission::executer_calcul(ctx, &tache.donnees).await.map_err(echec_calcul)?;
    }
    // So has a day of the catalogue, whose state says what is done.
    if tache.genre == TRAITER_JOURNEE {
        crate::apprentissage::process_journee(ctx, &tache.donnees).await?;
    }
    // An integration has its own transaction too, and does nothing the second time.
    if tache.genre == INTEGRER_FICHES {
        let faite = crate::apprentissage::integrate_asked(ctx, &tache.donnees).await;
        faite.map_err(echec_integration)?;
    }
    // Opening a record is long at the size of a country: what it finds is written apart.
    if tache.genre == EXPLIQUER_VOEUX {
        crate::admission::explain_asked(ctx, &lit(tache)?).await.map_err(echec_explication)?;
    }
    let tx = ctx.begin().await?;
    match tache.genre.as_str() {
        CALCULER_PASSAGE | TRAITER_JOURNEE | INTEGRER_FICHES => {}
        EXPLIQUER_VOEUX => crate::admission::plan_rest(ctx, &tx, &lit(tache)?).await?,
        ANNONCER_PROPOSITIONS | ANNONCER_RETRAIT => annoncer(ctx, &tx, tache).await?,
        ANNONCER_PROLONGATION => {
            let r: Report = lit(tache)?;
            crate::sessions::announce_prolongation(ctx, &tx, &r.prolongation, r.apres).await?;
        }
        SUPPRIMER_NON_ORDONNES => candidatures::lose_unordered(ctx, &tx, lit(tache)?).await?,
        CLORE_PROCEDURE => candidatures::close_procedure(ctx, &tx, lit(tache)?).await?,
        ANNONCER_ORDONNANCEMENT => {
            candidatures::announce(ctx, &tx, candidatures::Annonce::Ouverture, lit(tache)?).await?;
        }
        ANNONCER_NON_ORDONNES => {
            candidatures::announce(ctx, &tx, candidatures::Annonce::Perte, lit(tache)?).await?;
        }
        ANNONCER_CHARTE => crate::charte::announce(ctx, &tx, &lit(tache)?).await?,
        RELANCER => crate::completude::run_batch(ctx, &tx, &lit(tache)?).await?,
        autre => return Err(Echec::Definitif(format!("genre de tâche inconnu : {autre}"))),
    }
    base::save_tache(&tx, tache, "faite", None, ctx.recu_ms(), ctx.recu_ms()).await?;
    tx.commit().await?;
    Ok(())
}

/// What a task carries; a task that cannot be read never will.
fn lit<T: serde::de::DeserializeOwned>(tache: &Tache) -> Result<T, Echec> {
    serde_json::from_str(&tache.donnees).map_err(|e| Echec::Definitif(format!("données : {e}")))
}

/// A refusal is told to the person who asked; a breakdown is tried again.
fn echec_calcul(e: AppError) -> Echec {
    match e {
        AppError::Rule(r) => Echec::Definitif(messages::regle(&r)),
        AppError::Conflict => Echec::Definitif("Un autre calcul a été enregistré entre-temps.".to_owned()),
        AppError::Denied(_) | AppError::NotFound => {
            Echec::Definitif("Le compte qui a demandé ce calcul n’en a plus le droit.".to_owned())
        }
        autre => Echec::Passager(autre.to_string()),
    }
}

/// What is refused stays so; a breakdown is tried again.
fn echec_integration(e: AppError) -> Echec {
    match e {
        AppError::Rule(r) => Echec::Definitif(messages::regle(&r)),
        AppError::Denied(_) | AppError::NotFound => {
            Echec::Definitif("Le compte qui a demandé cette intégration n’en a plus le droit.".to_owned())
        }
        autre => autre.into(),
    }
}

/// A record that was altered stays so; a breakdown is tried again.
fn echec_explication(e: AppError) -> Echec {
    match e {
        AppError::Rule(r) => Echec::Definitif(messages::regle(&r)),
        autre => autre.into(),
    }
}

#[derive(Deserialize)]
struct Report {
    prolongation: String,
    apres: i64,
}

#[derive(Deserialize)]
struct Annonce {
    passage: String,
    #[serde(default)]
    apres: i64,
}

/// A few hundred mails, then a task for the rest: a mass mailing never holds the base for long.
async fn annoncer(ctx: &Ctx, tx: &Tx, tache: &Tache) -> Result<(), Echec> {
    let a: Annonce = lit(tache)?;
    let genre = if tache.genre == ANNONCER_RETRAIT { ANNONCER_RETRAIT } else { ANNONCER_PROPOSITIONS };
    let suite = if genre == ANNONCER_RETRAIT {
        crate::admission::annoncer_retrait(ctx, tx, &a.passage, a.apres).await?
    } else {
        crate::admission::annoncer_propositions(ctx, tx, &a.passage, a.apres).await?
    };
    if let Some(apres) = suite {
        base::enqueue_tache(
            tx,
            ctx.app.alea.as_ref(),
            genre,
            Some(&format!("{genre}:{}:{apres}", a.passage)),
            &serde_json::json!({ "passage": a.passage, "apres": apres }).to_string(),
            ctx.recu_ms(),
            ctx.recu_ms(),
        )
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::attente_ms;

    #[test]
    fn not_1_retries_wait_from_one_minute_to_one_hour() {
        let minutes: Vec<i64> = (0..9).map(|n| attente_ms(n) / 60_000).collect();
        assert_eq!(minutes, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }
}
