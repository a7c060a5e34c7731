//! `parcoursup migrer`.

use std::process::ExitCode;

use anyhow::Result;

use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::{montage, phrases};

/// Options of `migrer`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Compter ce qui manque, sans rien changer
    #[arg(long)]
    essai: bool,
}

pub async fn run(communes: &Communes, args: &Args) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    if !args.essai {
        phrases::creer_dossier(&c.donnees)?;
    }
    let db = montage::ouvrir_base(&c, !args.essai).await?;
    let n = db.pending_migrations().await?;
    match n {
        0 => println!("La base est à jour : rien à faire."),
        _ if args.essai => println!("{n} migration(s) à appliquer ; rien n’a été changé."),
        _ => {
            db.migrate().await?;
            println!("{n} migration(s) appliquée(s) : la base est à jour.");
        }
    }
    db.close().await?;
    Ok(ExitCode::SUCCESS)
}
