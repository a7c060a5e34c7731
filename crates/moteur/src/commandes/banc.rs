//! `moteur banc`.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, ensure};
use indicatif::ProgressBar;

use crate::banc::{Supplements, Taille, run as run_bench};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Nombre de candidats
    #[arg(long, value_name = "C")]
    candidats: u32,
    /// Nombre de formations
    #[arg(long, value_name = "F")]
    formations: u32,
    /// Graine des tirages
    #[arg(long, default_value_t = 2026, value_name = "G")]
    graine: u64,
    /// Nombre de fils d’exécution (par défaut : autant que de processeurs)
    #[arg(long, value_name = "T")]
    fils: Option<usize>,
    /// Calculer aussi chaque étape par la référence et comparer exactement (code de sortie 1 au premier écart)
    #[arg(long)]
    juge: bool,
    /// Jouer aussi le jour 2 depuis le jour 1 gardé en mémoire, après 200 000 réponses (moitié plus de mémoire)
    #[arg(long)]
    reprise: bool,
    /// Mesurer aussi le temps de lire une fois, puis de trier une fois, les colonnes du jour 1
    #[arg(long)]
    plancher: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    // Beyond, 26 voeux per candidat would not have 32-bit positions, nor formations 32-bit groupe codes.
    ensure!(
        (1..=80_000_000).contains(&arguments.candidats),
        "--candidats doit être compris entre 1 et 80 000 000"
    );
    ensure!(
        (1..=100_000_000).contains(&arguments.formations),
        "--formations doit être compris entre 1 et 100 000 000"
    );
    ensure!(arguments.fils != Some(0), "--fils doit être au moins 1");
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(arguments.fils.unwrap_or(0))
        .build()
        .context("création des fils d’exécution impossible")?;
    let progress = ProgressBar::new_spinner();
    progress.enable_steady_tick(Duration::from_millis(200));
    let taille =
        Taille { candidats: arguments.candidats, formations: arguments.formations, graine: arguments.graine };
    let supplements =
        Supplements { juge: arguments.juge, reprise: arguments.reprise, plancher: arguments.plancher };
    let rapport = pool.install(|| run_bench(taille, supplements, &|nom| progress.set_message(nom)))?;
    progress.finish_and_clear();
    println!("Étapes, sur {} fils :", pool.current_num_threads());
    for etape in &rapport.etapes {
        let processeur = match etape.processeur {
            Some(secondes) => format!("{} s de processeur", decimal(secondes, 2)),
            None => "processeur non mesuré".to_owned(),
        };
        let pic = match etape.pic_mio {
            Some(mio) => format!("pic {mio} Mio"),
            None => "pic non mesuré".to_owned(),
        };
        println!("{} : {} s, {processeur}, {pic}", etape.nom, decimal(etape.secondes, 3));
    }
    println!("Empreintes :");
    for (nom, valeur) in &rapport.lignes {
        println!("{nom} : {valeur}");
    }
    if let Some(ecart) = &rapport.ecart {
        println!("Écart entre le moteur et la référence : {ecart}");
        return Ok(ExitCode::from(1));
    }
    if arguments.juge {
        println!("Le moteur et la référence trouvent la même chose.");
    }
    Ok(ExitCode::SUCCESS)
}

/// A number with a decimal comma.
fn decimal(nombre: f64, decimales: usize) -> String {
    format!("{nombre:.decimales$}").replace('.', ",")
}
