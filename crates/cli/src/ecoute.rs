//! Listening, answering, stopping without dropping anybody.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Result, anyhow};
use axum::Router;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Takes the addresses. One that this machine does not have (IPv6 switched off) is left out when another remains
/// and `tolerer` says so.
///
/// # Errors
/// One sentence: taken, forbidden, or not of this machine.
pub async fn prendre(adresses: &[SocketAddr], tolerer: bool) -> Result<Vec<TcpListener>> {
    let mut prises = Vec::new();
    let mut manquee = None;
    for adresse in adresses {
        match TcpListener::bind(adresse).await {
            Ok(prise) => prises.push(prise),
            Err(e) if e.kind() == ErrorKind::AddrInUse => {
                return Err(anyhow!(
                    "Le port {} est déjà pris sur {} : arrêtez le programme qui l’occupe ou choisissez-en un autre.",
                    adresse.port(),
                    adresse.ip()
                ));
            }
            Err(e) if e.kind() == ErrorKind::PermissionDenied => {
                return Err(anyhow!(
                    "Le système interdit à cet utilisateur le port {} : choisissez-en un au-dessus de 1023.",
                    adresse.port()
                ));
            }
            Err(e) => manquee = Some((adresse, e)),
        }
    }
    match manquee {
        Some((adresse, e)) if prises.is_empty() || !tolerer => Err(anyhow!(
            "L’adresse {adresse} ne peut pas être écoutée : elle n’est pas de cette machine ({}).",
            crate::phrases::cause_io(&e)
        )),
        _ => Ok(prises),
    }
}

/// Becomes `true` at the first SIGTERM or SIGINT.
///
/// # Errors
/// When the system refuses to watch signals.
pub fn arret() -> Result<watch::Receiver<bool>> {
    let (annonce, recoit) = watch::channel(false);
    let mut fin = signal(SignalKind::terminate())?;
    let mut coupure = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = fin.recv() => {}
            _ = coupure.recv() => {}
        }
        tracing::info!("arrêt demandé : les demandes en cours se terminent");
        // Nobody listens any more only when everything is stopped.
        let _ = annonce.send(true);
    });
    Ok(recoit)
}

/// Waits for the stop.
pub async fn attendre(mut stop: watch::Receiver<bool>) {
    // An error means that the announcer is gone: same conclusion.
    let _ = stop.wait_for(|arrete| *arrete).await;
}

/// Answers on every address until the stop, then lets running requests end for at most `delai`.
///
/// # Errors
/// When a listener breaks.
pub async fn servir(
    prises: Vec<TcpListener>,
    site: Router,
    stop: watch::Receiver<bool>,
    delai: Duration,
) -> Result<()> {
    let mut serveurs = JoinSet::new();
    for prise in prises {
        let site = site.clone().into_make_service_with_connect_info::<SocketAddr>();
        let stop = stop.clone();
        serveurs.spawn(async move { axum::serve(prise, site).with_graceful_shutdown(attendre(stop)).await });
    }
    let fini = async {
        while let Some(resultat) = serveurs.join_next().await {
            resultat??;
        }
        Ok::<(), anyhow::Error>(())
    };
    tokio::select! {
        resultat = fini => resultat?,
        () = async { attendre(stop).await; tokio::time::sleep(delai).await } => {
            tracing::warn!(delai_s = delai.as_secs(), "des demandes duraient encore : elles sont coupées");
        }
    }
    tracing::info!("serveur arrêté");
    Ok(())
}
