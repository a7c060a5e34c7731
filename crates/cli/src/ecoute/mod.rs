//! Listening, answering, stopping without dropping anybody.

mod portes;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use self::portes::{Foule, Place, Portes};
use crate::configuration::Configuration;

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

/// How long each part of an exchange may last, and how many exchanges there are (WEB-4).
pub struct Bornes {
    /// To receive the headers of a request, the wait for the first one or the next one included.
    pub entetes: Duration,
    pub foule: Foule,
    /// To end what is under way when the server stops.
    pub arret: Duration,
}

impl Bornes {
    /// Those of the configuration.
    pub fn of(c: &Configuration) -> Self {
        let l = &c.limites;
        Self {
            entetes: Duration::from_secs(l.entetes_s),
            foule: Foule {
                total: l.connexions,
                par_adresse: l.connexions_par_adresse,
                file: l.connexions_en_file,
                mandataires: c.mandataires.clone(),
            },
            arret: c.arret,
        }
    }
}

/// Answers on every address until the stop, then lets running requests end for a while.
///
/// # Errors
/// When a listener ends in the middle of its work.
pub async fn servir(
    prises: Vec<TcpListener>,
    site: Router,
    stop: watch::Receiver<bool>,
    bornes: Bornes,
) -> Result<()> {
    let mut http = http1::Builder::new();
    // HTTP/1.1 alone, which every reverse proxy speaks: telling another version apart waits for a first byte without end.
    http.timer(TokioTimer::new()).header_read_timeout(bornes.entetes);
    let portes = Arc::new(Portes::new(bornes.foule));
    let mut serveurs = JoinSet::new();
    for prise in prises {
        let accueil = Accueil { site: site.clone(), http: http.clone(), portes: Arc::clone(&portes) };
        serveurs.spawn(accueil.ecouter(prise, stop.clone()));
    }
    let fini = async {
        while let Some(resultat) = serveurs.join_next().await {
            resultat?;
        }
        Ok::<(), anyhow::Error>(())
    };
    tokio::select! {
        resultat = fini => resultat?,
        () = async { attendre(stop).await; tokio::time::sleep(bornes.arret).await } => {
            tracing::warn!(delai_s = bornes.arret.as_secs(), "des demandes duraient encore : elles sont coupées");
        }
    }
    tracing::info!("serveur arrêté");
    Ok(())
}

/// What a connection needs.
#[derive(Clone)]
struct Accueil {
    site: Router,
    http: http1::Builder,
    portes: Arc<Portes>,
}

impl Accueil {
    async fn ecouter(self, prise: TcpListener, stop: watch::Receiver<bool>) {
        let fin = GracefulShutdown::new();
        loop {
            let accepte = tokio::select! {
                () = attendre(stop.clone()) => break,
                accepte = prise.accept() => accepte,
            };
            match accepte {
                Ok((flux, pair)) => {
                    let (accueil, temoin, stop) = (self.clone(), fin.watcher(), stop.clone());
                    tokio::spawn(async move {
                        let place = tokio::select! {
                            // Whoever still waits for a place when the server stops was not received.
                            () = attendre(stop) => return,
                            place = accueil.portes.enter(pair.ip()) => place,
                        };
                        if let Some(place) = place {
                            accueil.repondre(flux, pair, temoin, place).await;
                        }
                    });
                }
                // The system has no descriptor left, or the visitor is gone already: neither ends the server.
                Err(e) => {
                    tracing::warn!(cause = %e, "connexion manquée");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
        drop(prise);
        fin.shutdown().await;
    }

    async fn repondre(self, flux: TcpStream, pair: SocketAddr, temoin: Watcher, place: Place) {
        let site = self.site;
        let service = service_fn(move |mut requete: Request<Incoming>| {
            requete.extensions_mut().insert(ConnectInfo(pair));
            site.clone().oneshot(requete)
        });
        let connexion = self.http.serve_connection(TokioIo::new(flux), service);
        if let Err(cause) = temoin.watch(connexion).await {
            tracing::debug!(%cause, "connexion rompue");
        }
        drop(place);
    }
}
