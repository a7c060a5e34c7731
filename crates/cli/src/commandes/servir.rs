//! `parcoursup servir`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use app::ports::HorlogeSysteme;
use app::{Mode, Plateforme};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use store::{Dsn, VerrouServeur};
use web::layout::Site;
use web::{EtatWeb, Interne, Mesures};

use crate::configuration::Configuration;
use crate::ecoute::Bornes;
use crate::ligne::Communes;
use crate::{ecoute, journaux, montage, phrases};

/// Options of `servir`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Adresses et ports où répondre, séparés par des virgules : l’emporte sur la configuration
    #[arg(long, value_name = "ADRESSE:PORT")]
    ecoute: Option<String>,
    /// Ne pas exécuter les tâches dans ce programme : « parcoursup travailler » s’en charge
    #[arg(long)]
    sans_taches: bool,
}

pub async fn run(communes: &Communes, args: &Args) -> Result<ExitCode> {
    let options: Vec<_> = args.ecoute.iter().map(|e| ("ecoute", "--ecoute", e.clone())).collect();
    let c = Configuration::lire(communes, &options)?;
    let adresse = c.adresse_exigee()?.to_owned();
    journaux::demarrer(c.journaux);
    let prises = ecoute::prendre(&c.ecoute, false).await?;
    let _verrou = verrouiller(&c)?;
    let app = montage::monter(&c, Mode::Production, Arc::new(HorlogeSysteme::default())).await?;
    montage::exiger_migree(&app).await?;
    let site = web::router(EtatWeb::new(Interne {
        app: Arc::clone(&app),
        site: Site { identite: c.identite, demonstration: false, ..Site::default() },
        mandataires: c.mandataires.clone(),
        demo: None,
        https: adresse.starts_with("https://"),
        mesures: Some(mesures(&c)?),
    }));
    let stop = ecoute::arret()?;
    let taches =
        if args.sans_taches { None } else { Some(tokio::spawn(jobs::run(Arc::clone(&app), stop.clone()))) };
    tracing::info!(%adresse, "serveur prêt");
    println!("Parcoursup répond sur {}.", adresses(&c));
    ecoute::servir(prises, site, stop, Bornes::of(&c)).await?;
    terminer(app, taches).await
}

/// Ends the task runner and the database, in this order.
pub async fn terminer(app: Arc<Plateforme>, taches: Option<tokio::task::JoinHandle<()>>) -> Result<ExitCode> {
    if let Some(taches) = taches {
        taches.await?;
    }
    // What programs called in the last half second is not written yet.
    if let Err(cause) = app.carnet.flush(&app).await {
        tracing::error!(%cause, "derniers appels de logiciels non notés");
    }
    app.db.clone().close().await?;
    Ok(ExitCode::SUCCESS)
}

/// One server a SQLite file; PostgreSQL takes as many as one wants.
pub fn verrouiller(c: &Configuration) -> Result<Option<VerrouServeur>> {
    if let Dsn::Postgres(_) = c.base {
        return Ok(None);
    }
    match VerrouServeur::take(&c.donnees) {
        Ok(Some(verrou)) => Ok(Some(verrou)),
        Ok(None) => bail!(
            "Un serveur tourne déjà sur les données de {} : avec SQLite il n’y en a qu’un. Arrêtez-le, ou prenez un \
             autre dossier (--donnees).",
            c.donnees.display()
        ),
        Err(e) => Err(phrases::io("Impossible d’écrire dans le dossier des données", &c.donnees, &e)),
    }
}

/// Measures of this process, and who may read them.
pub fn mesures(c: &Configuration) -> Result<Mesures> {
    let seuils = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0];
    let releve = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Full("parcoursup_requete_duree_secondes".to_owned()), &seuils)?
        .install_recorder()?;
    Ok(Mesures {
        rendu: Arc::new(move || {
            releve.run_upkeep();
            releve.render()
        }),
        adresses: c.mesures.clone(),
    })
}

fn adresses(c: &Configuration) -> String {
    c.ecoute.iter().map(|a| format!("http://{a}")).collect::<Vec<_>>().join(" et ")
}
