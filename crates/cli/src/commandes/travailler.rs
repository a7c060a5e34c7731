//! `parcoursup travailler`: the task runner alone, as many as wanted on PostgreSQL.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use app::Mode;
use app::ports::HorlogeSysteme;

use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::{ecoute, journaux, montage};

pub async fn run(communes: &Communes) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    // Mails hold links to the site.
    c.adresse_exigee()?;
    journaux::demarrer(c.journaux);
    let app = montage::monter(&c, Mode::Production, Arc::new(HorlogeSysteme::default())).await?;
    montage::exiger_migree(&app).await?;
    println!("Les tâches s’exécutent.");
    jobs::run(Arc::clone(&app), ecoute::arret()?).await;
    app.db.clone().close().await?;
    Ok(ExitCode::SUCCESS)
}
