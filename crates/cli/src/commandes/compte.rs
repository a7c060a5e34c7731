//! `parcoursup compte`.

use std::process::ExitCode;

use anyhow::{Result, bail};
use app::{AppError, messages};

use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::montage;

/// Options of `compte`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    quoi: Quoi,
}

#[derive(Debug, clap::Subcommand)]
enum Quoi {
    /// Créer un compte de l’équipe nationale et le lien par lequel son titulaire choisit son mot de passe
    CreerAdministrateur {
        /// Adresse de messagerie de la personne
        #[arg(long, value_name = "ADRESSE")]
        courriel: String,
        /// Nom de la personne
        #[arg(long)]
        nom: String,
        /// Prénom de la personne
        #[arg(long)]
        prenom: String,
    },
}

pub async fn run(communes: &Communes, args: Args) -> Result<ExitCode> {
    let Quoi::CreerAdministrateur { courriel, nom, prenom } = args.quoi;
    let c = Configuration::lire(communes, &[])?;
    c.adresse_exigee()?;
    let app = montage::monter_pour_commande(&c).await?;
    let ctx = montage::contexte(&app);
    match app::exploitation::amorcer_administrateur(&ctx, &courriel, &nom, &prenom).await {
        Ok(amorce) => {
            println!("Compte créé pour {courriel}. Remettez-lui ce lien, de la main à la main :");
            println!("{}", amorce.lien);
            println!(
                "Il ne sert qu’une fois, jusqu’au {}. La double authentification se met en place à la première connexion.",
                messages::date_heure(amorce.expire_le)
            );
        }
        Err(AppError::Conflict) => bail!("Un compte existe déjà pour {courriel} : rien n’a été changé."),
        Err(e) => return Err(e.into()),
    }
    app.db.clone().close().await?;
    Ok(ExitCode::SUCCESS)
}
