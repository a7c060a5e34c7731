//! `parcoursup session`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use app::sessions::{BilanOuverture, accord_malgre_le_gel, ouvrir_session, ouvrir_session_malgre_le_gel};
use app::{AppError, Ctx, messages};
use domain::RuleViolation;

use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::montage;

/// Options of `session`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    quoi: Quoi,
}

#[derive(Debug, clap::Subcommand)]
enum Quoi {
    /// Ouvrir la session d’une année, à partir de celle d’avant qui devient une archive
    Ouvrir {
        /// Année de la session à ouvrir
        #[arg(value_name = "ANNÉE", value_parser = clap::value_parser!(i64).range(2018..=2100))]
        annee: i64,
        /// Session à archiver, dont les formations et les comptes sont repris
        #[arg(long, value_name = "ANNÉE")]
        depuis: Option<i64>,
        /// Pendant un gel du calendrier : adresse du compte d’une personne de l’équipe nationale qui valide ; à donner deux
        /// fois, pour deux personnes, qui en sont prévenues
        #[arg(long, value_name = "ADRESSE")]
        malgre_le_gel: Vec<String>,
    },
    /// Lister les sessions
    Lister,
}

pub async fn run(communes: &Communes, args: Args) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let app = montage::monter_pour_commande(&c).await?;
    let ctx = montage::contexte(&app);
    match args.quoi {
        Quoi::Ouvrir { annee, depuis, malgre_le_gel: qui } => match ouvrir(&ctx, annee, depuis, &qui).await {
            Ok(b) => {
                println!("La session {annee} est ouverte.");
                if let Some(ancienne) = depuis {
                    println!(
                        "Repris de {ancienne}, désormais en lecture seule : {} établissements, {} formations, {} groupes.",
                        b.etablissements, b.formations, b.groupes
                    );
                    println!("{} comptes sont à sécuriser.", b.comptes_a_securiser);
                }
            }
            Err(AppError::Rule(RuleViolation::Gel { gel, comptes })) => bail!(
                "{} Ouvrir la session remettrait {} à sécuriser : attendez la fin du gel. S’il le faut vraiment, deux personnes de \
                 l’équipe nationale valident : ajoutez « --malgre-le-gel ADRESSE --malgre-le-gel ADRESSE », avec l’adresse du \
                 compte de chacune ; elles en sont prévenues, et c’est au journal. Rien n’a été changé.",
                messages::gel(&gel),
                messages::accord(i64::from(comptes), "compte", "comptes")
            ),
            Err(AppError::Conflict) => bail!("La session {annee} existe déjà : rien n’a été changé."),
            Err(AppError::NotFound) => bail!(
                "Il n’y a pas de session {} dont partir ; « parcoursup session lister » montre celles qui existent.",
                depuis.unwrap_or_default()
            ),
            Err(e) => return Err(e.into()),
        },
        Quoi::Lister => {
            let sessions = app::sessions::list(&ctx).await?;
            if sessions.is_empty() {
                println!("Aucune session : « parcoursup session ouvrir ANNÉE » en ouvre une.");
            }
            for (_, libelle, archivee) in sessions {
                println!("{libelle} : {}", if archivee { "archivée (lecture seule)" } else { "ouverte" });
            }
        }
    }
    app.db.clone().close().await?;
    Ok(ExitCode::SUCCESS)
}

/// R-CAL-11: in a freeze, with the agreement of the two people named.
async fn ouvrir(
    ctx: &Ctx,
    annee: i64,
    depuis: Option<i64>,
    adresses: &[String],
) -> Result<BilanOuverture, AppError> {
    match ouvrir_session(ctx, annee, depuis).await {
        Err(AppError::Rule(RuleViolation::Gel { gel, .. })) if !adresses.is_empty() => {
            let accord = accord_malgre_le_gel(&ctx.app.db, gel, adresses).await?;
            ouvrir_session_malgre_le_gel(ctx, annee, depuis, &accord).await
        }
        autre => autre,
    }
}
