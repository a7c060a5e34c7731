//! `parcoursup migrer`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Result, bail};
use app::ports::HorlogeSysteme;
use app::sessions::{Accord, accord_malgre_le_gel, record_livraison};
use app::{Mode, Plateforme};
use domain::calendrier::Gel;

use crate::cles::Cles;
use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::{montage, phrases};

/// Options of `migrer`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Compter ce qui manque, sans rien changer
    #[arg(long)]
    essai: bool,
    /// Pendant un gel du calendrier : adresse du compte d’une personne de l’équipe nationale qui valide ; à donner deux fois,
    /// pour deux personnes, qui en sont prévenues
    #[arg(long, value_name = "ADRESSE")]
    malgre_le_gel: Vec<String>,
}

pub async fn run(communes: &Communes, args: &Args) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    if !args.essai {
        phrases::creer_dossier(&c.donnees)?;
    }
    let db = montage::ouvrir_base(&c, !args.essai).await?;
    let n = db.pending_migrations().await?;
    let demonstration = Cles::lire(&c.cles).is_ok_and(|cles| cles.demonstration);
    let gel = montage::gel_de_livraison(&db, n, demonstration).await?;
    match n {
        0 => println!("La base est à jour : rien à faire."),
        _ if args.essai => {
            println!("{n} migration(s) à appliquer ; rien n’a été changé.");
            if let Some(gel) = gel {
                println!("{}", montage::livraison_gelee(&gel));
            }
        }
        _ => {
            let accord = match gel {
                None => None,
                Some(gel) => Some(valider(&c, gel, &args.malgre_le_gel).await?),
            };
            db.migrate().await?;
            println!("{n} migration(s) appliquée(s) : la base est à jour.");
            if let Some((app, accord)) = accord {
                record_livraison(&montage::contexte(&app), &accord, env!("CARGO_PKG_VERSION"), n).await?;
                println!("L’accord des deux personnes est au journal ; elles en sont prévenues.");
                app.db.clone().close().await?;
            }
        }
    }
    db.close().await?;
    Ok(ExitCode::SUCCESS)
}

/// R-CAL-11: the agreement of two people, and the platform that will note it once the schema is there: whatever this lacks is
/// told before anything changes.
async fn valider(c: &Configuration, gel: Gel, adresses: &[String]) -> Result<(Arc<Plateforme>, Accord)> {
    if adresses.is_empty() {
        bail!(montage::livraison_gelee(&gel));
    }
    let app = montage::monter(c, Mode::Production, Arc::new(HorlogeSysteme::default())).await?;
    let accord = accord_malgre_le_gel(&app.db, gel, adresses).await?;
    Ok((app, accord))
}
