//! `parcoursup journal`: proves the journal, gives its heads.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use app::journal::{self, Bilan};
use app::messages::nombre;
use indicatif::{ProgressBar, ProgressStyle};

use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::montage;

/// Options of `journal`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    quoi: Quoi,
}

#[derive(Debug, clap::Subcommand)]
enum Quoi {
    /// Refaire la chaîne entière et la comparer aux têtes signées ; code 1 si quelque chose ne va pas
    Verifier {
        /// Copie extérieure des têtes (par défaut : le fichier du réglage « journal.tetes »)
        #[arg(long, value_name = "FICHIER")]
        tetes: Option<PathBuf>,
    },
    /// Écrire les têtes signées, à garder ailleurs que la base
    #[command(alias = "têtes")]
    Tetes,
    /// En cas de violation : les personnes et les champs qu’un compte a vus entre deux instants
    Vus {
        /// Adresse du compte de l’équipe nationale ou de l’auditeur au nom duquel la recherche est faite et consignée
        #[arg(long, value_name = "ADRESSE")]
        au_nom_de: String,
        /// Adresse du compte examiné
        #[arg(long, value_name = "ADRESSE")]
        compte: String,
        /// Premier instant, par exemple 2024-05-30T18:00:00Z
        #[arg(long, value_name = "INSTANT")]
        de: jiff::Timestamp,
        /// Dernier instant, exclu
        #[arg(long, value_name = "INSTANT")]
        a: jiff::Timestamp,
        /// Fichier CSV à écrire (par défaut : sortie standard)
        #[arg(long, value_name = "FICHIER")]
        fichier: Option<PathBuf>,
    },
    /// Sceller ce qui attend, et dire où en est la chaîne
    Sceller,
}

pub async fn run(communes: &Communes, args: Args) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let app = montage::monter_pour_commande(&c).await?;
    let ctx = montage::contexte(&app);
    let code = match args.quoi {
        Quoi::Verifier { tetes } => {
            let (exterieures, illisibles) = match &tetes {
                None => journal::tetes_exterieures(&app).await?,
                Some(chemin) => {
                    let texte = std::fs::read_to_string(chemin)
                        .with_context(|| format!("La copie des têtes {} ne se lit pas", chemin.display()))?;
                    journal::lit_tetes(&texte)
                }
            };
            let barre = ProgressBar::new(0).with_style(
                ProgressStyle::with_template("{bar:40} {percent} % ({pos}/{len} entrées)")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            let bilan = journal::verifier(&ctx, &exterieures, illisibles, |rang, fin| {
                barre.set_length(u64::try_from(fin).unwrap_or(0));
                barre.set_position(u64::try_from(rang).unwrap_or(0));
            })
            .await?;
            barre.finish_and_clear();
            dire(&bilan);
            if bilan.is_intact() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Quoi::Tetes => {
            for tete in journal::tetes(&ctx).await? {
                println!("{}", tete.ligne());
            }
            ExitCode::SUCCESS
        }
        Quoi::Vus { au_nom_de, compte, de, a, fichier } => {
            let ctx = app::exploitation::au_nom_de(&ctx, &au_nom_de).await?;
            let rapport = journal::vus(&ctx, &compte, de, a).await?;
            let csv = journal::vus_csv(&rapport)?;
            match &fichier {
                Some(chemin) => crate::cles::ecrire_prive(chemin, &csv, true)?,
                None => std::io::Write::write_all(&mut std::io::stdout(), &csv)?,
            }
            eprintln!("{}", rapport.resume());
            if rapport.disparus > 0 {
                eprintln!("{} dossiers vus n’existent plus.", nombre(rapport.disparus as i64));
            }
            ExitCode::SUCCESS
        }
        Quoi::Sceller => {
            journal::sceller(&app).await?;
            let e = journal::etat_chaine(&app).await?;
            println!("Chaîne : {} entrées scellées.", nombre(e.rang));
            match &e.exterieure {
                Some(t) => println!(
                    "Dernière tête copiée hors de la base : n° {}, rang {}.",
                    t.numero,
                    nombre(t.rang)
                ),
                None => println!("Aucune tête n’est encore copiée hors de la base."),
            }
            println!("Fenêtre ouverte : {} entrées.", nombre(e.ouvertes));
            println!("Clé publique des têtes : {}", e.cle);
            ExitCode::SUCCESS
        }
    };
    app.db.clone().close().await?;
    Ok(code)
}

fn dire(b: &Bilan) {
    println!(
        "{} entrées vérifiées, {} têtes signées, {} dans la copie extérieure.",
        nombre(b.entrees),
        nombre(b.tetes as i64),
        nombre(b.exterieures as i64)
    );
    if b.effacees > 0 {
        println!("{} entrées effacées à la fin de leur durée, jusqu’à une tête signée.", nombre(b.effacees));
    }
    println!(
        "Prouvé jusqu’au rang {} ; fenêtre ouverte : {} entrées scellées depuis, {} en attente.",
        nombre(b.prouve),
        nombre(b.rang - b.prouve.min(b.rang)),
        nombre(b.attente)
    );
    for a in &b.anomalies {
        eprintln!("ANOMALIE  {a}");
    }
    match b.total - b.anomalies.len() {
        0 => {}
        n => eprintln!("… et {n} autres."),
    }
    if b.is_intact() {
        println!("Le journal est intact.");
    } else {
        eprintln!("Le journal a été altéré : {} anomalie(s).", b.total);
    }
}
