//! Queue runner and schedule: calls one use case after the other, decides nothing.
//!
//! Several runners may work on one PostgreSQL database: tasks and messages are taken under a lease.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::{AppError, Plateforme, admission, interfaces, journal, taches};
use tokio::sync::watch;

/// Pause when nothing is due.
const REPOS: Duration = Duration::from_secs(1);
/// Pause after the database refused, before trying again.
const REPOS_PANNE: Duration = Duration::from_secs(10);
/// Scheduled work is looked at this often, in real time.
const CADENCE: Duration = Duration::from_secs(60);

/// Works until `stop` becomes true (or its sender is gone). What is under way ends; nothing is left half done. Mails do
/// not wait for the end of a long task, nor for programs that answer slowly: a sign-in code is among them.
pub async fn run(app: Arc<Plateforme>, stop: watch::Receiver<bool>) {
    tracing::info!("traitements différés : en marche");
    tokio::join!(
        repeat(&app, stop.clone(), Travail::Courrier),
        repeat(&app, stop.clone(), Travail::Taches),
        repeat(&app, stop.clone(), Travail::Publications),
        repeat(&app, stop, Travail::Logiciels)
    );
    tracing::info!("traitements différés : arrêt");
}

/// What one loop does.
#[derive(Clone, Copy)]
enum Travail {
    /// Scheduled work, the seal of the journal and mails.
    Courrier,
    Taches,
    /// Runs of the admission whose instant has come: they wait for no task.
    Publications,
    /// Messages to programs.
    Logiciels,
}

/// One turn after the other until `stop`, with a pause when a turn had nothing to do.
async fn repeat(app: &Arc<Plateforme>, mut stop: watch::Receiver<bool>, travail: Travail) {
    let mut planifie: Option<Instant> = None;
    while !*stop.borrow() {
        let du = planifie.is_none_or(|t| t.elapsed() >= CADENCE);
        let tour = match travail {
            Travail::Courrier => mails(app, du).await,
            Travail::Taches => taches::executer_une(app).await.map(usize::from),
            Travail::Publications => admission::publier_programmees(app).await,
            Travail::Logiciels => interfaces::deliver(app).await,
        };
        let repos = match tour {
            Ok(fait) => {
                if du {
                    planifie = Some(Instant::now());
                }
                (fait == 0).then_some(REPOS)
            }
            Err(cause) => {
                tracing::warn!(%cause, "traitements différés : la base ne répond pas");
                Some(REPOS_PANNE)
            }
        };
        if let Some(repos) = repos {
            tokio::select! {
                change = stop.changed() => if change.is_err() { break },
                () = tokio::time::sleep(repos) => {}
            }
        }
    }
}

/// Scheduled work when it is due, the seal of the journal, then some mails. Gives how many were dealt with.
async fn mails(app: &Arc<Plateforme>, planifie: bool) -> Result<usize, AppError> {
    if planifie {
        taches::entretenir(app).await?;
    }
    // Within the second (JOU-3), before what may be long.
    journal::sceller(app).await?;
    // Of what has just been sealed; delivered by a loop of its own. Mails do not wait for programs.
    if let Err(cause) = interfaces::make_events(app).await {
        tracing::error!(%cause, "événements : nouvel essai au prochain tour");
    }
    taches::livrer(app).await
}

/// One thing of each kind, so that a long queue of tasks does not hold the mails back. Gives how many were done.
async fn step(app: &Arc<Plateforme>, planifie: bool) -> Result<usize, AppError> {
    let publications = admission::publier_programmees(app).await?;
    let envois = mails(app, planifie).await?;
    let livraisons = interfaces::deliver(app).await?;
    let tache = taches::executer_une(app).await?;
    Ok(publications + envois + livraisons + usize::from(tache))
}

/// Does everything that is due at this instant, then stops: for the demonstration, commands and tests. Gives how many
/// tasks and messages were dealt with, those to programs included; a database that refuses ends the pass.
pub async fn run_due(app: &Arc<Plateforme>) -> usize {
    let mut total = 0;
    let mut premier = true;
    loop {
        match step(app, std::mem::take(&mut premier)).await {
            Ok(0) => return total,
            Ok(n) => total += n,
            Err(cause) => {
                tracing::warn!(%cause, "traitements différés interrompus");
                return total;
            }
        }
    }
}
