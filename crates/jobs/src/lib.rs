//! Queue runner and schedule: calls one use case after the other, decides nothing.
//!
//! Several runners may work on one PostgreSQL database: tasks and messages are taken under a lease.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::{AppError, Plateforme, journal, taches};
use tokio::sync::watch;

/// Pause when nothing is due.
const REPOS: Duration = Duration::from_secs(1);
/// Pause after the database refused, before trying again.
const REPOS_PANNE: Duration = Duration::from_secs(10);
/// Scheduled work is looked at this often, in real time.
const CADENCE: Duration = Duration::from_secs(60);

/// Works until `stop` becomes true (or its sender is gone). What is under way ends; nothing is left half done.
pub async fn run(app: Arc<Plateforme>, mut stop: watch::Receiver<bool>) {
    let mut planifie: Option<Instant> = None;
    tracing::info!("traitements différés : en marche");
    while !*stop.borrow() {
        let du = planifie.is_none_or(|t| t.elapsed() >= CADENCE);
        let repos = match step(&app, du).await {
            Ok(fait) => {
                if du {
                    planifie = Some(Instant::now());
                }
                if fait > 0 { None } else { Some(REPOS) }
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
    tracing::info!("traitements différés : arrêt");
}

/// One thing of each kind, so that a long queue of tasks does not hold the mails back. Gives how many were done.
async fn step(app: &Arc<Plateforme>, planifie: bool) -> Result<usize, AppError> {
    if planifie {
        taches::entretenir(app).await?;
    }
    // Within the second (JOU-3), before what may be long.
    journal::sceller(app).await?;
    let envois = taches::livrer(app).await?;
    let tache = taches::executer_une(app).await?;
    Ok(envois + usize::from(tache))
}

/// Does everything that is due at this instant, then stops: for the demonstration, commands and tests. Gives how many
/// tasks and messages were dealt with; a database that refuses ends the pass.
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
