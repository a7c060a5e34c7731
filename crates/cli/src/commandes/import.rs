//! `parcoursup import`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use app::imports::{OptionsImport, import_offre, lire};
use indicatif::{ProgressBar, ProgressStyle};

use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::montage;

/// Options of `import`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    quoi: Quoi,
}

#[derive(Debug, clap::Subcommand)]
enum Quoi {
    /// Lire l’offre publiée (jeu fr-esr-parcoursup, 2018 à 2025) ; sans --appliquer, montre seulement ce qui changerait
    Offre(Offre),
}

#[derive(Debug, clap::Args)]
struct Offre {
    /// Fichier .csv, .csv.gz ou .csv.zst
    #[arg(value_name = "FICHIER", required_unless_present = "apprentissage")]
    fichier: Option<PathBuf>,
    /// Offre composée, dont les formations en apprentissage sont ajoutées
    #[arg(long, value_name = "FICHIER")]
    apprentissage: Option<PathBuf>,
    /// Session qui reçoit l’offre (par défaut : l’année du fichier)
    #[arg(long, value_name = "ANNÉE", value_parser = clap::value_parser!(i64).range(2018..=2100))]
    session: Option<i64>,
    /// Écrire dans la base, en une seule transaction
    #[arg(long)]
    appliquer: bool,
    /// Laisser de côté les lignes fautives au lieu de refuser le fichier
    #[arg(long)]
    ignorer_fautes: bool,
    /// Donner le compte rendu en JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(communes: &Communes, args: Args) -> Result<ExitCode> {
    let Quoi::Offre(o) = args.quoi;
    let c = Configuration::lire(communes, &[])?;
    let app = montage::monter_pour_commande(&c).await?;
    let barre = barre();
    let (fichier, apprentissage) = (o.fichier.clone(), o.apprentissage.clone());
    let suivi = barre.clone();
    // Decompression and reading keep a core busy: not one that answers.
    let lue = tokio::task::spawn_blocking(move || {
        lire(fichier.as_deref(), apprentissage.as_deref(), &mut |nom, p| {
            if suivi.message() != nom {
                suivi.set_message(nom.to_owned());
                suivi.set_length(p.total.unwrap_or(0));
            }
            suivi.set_position(p.lus);
        })
    })
    .await?;
    barre.finish_and_clear();
    let lue = match lue {
        Ok(lue) => lue,
        Err(e) if o.json => {
            println!("{}", serde_json::json!({ "refuse": true, "erreur": e.to_string() }));
            return Ok(ExitCode::FAILURE);
        }
        Err(e) => return Err(e.into()),
    };
    let options =
        OptionsImport { appliquer: o.appliquer, ignorer_fautes: o.ignorer_fautes, session: o.session };
    let rapport = import_offre(&montage::contexte(&app), &lue, options).await?;
    if o.json {
        println!("{}", serde_json::to_string(&rapport)?);
    } else {
        println!("{}", rapport.texte());
    }
    app.db.clone().close().await?;
    Ok(if rapport.reussi() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// On the error output, and only on a terminal.
fn barre() -> ProgressBar {
    let barre = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:40}] {bytes} / {total_bytes}") {
        barre.set_style(style);
    }
    barre
}
