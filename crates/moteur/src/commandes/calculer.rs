//! `moteur calculer`.

use std::io::{BufWriter, Write};
use std::process::ExitCode;

use anyhow::Context;
use engine::propositions::Options;
use serde::Serialize;
use serde_json::Value;

use super::Fichiers;
use crate::evaluation::evaluate_cas;
use crate::fichier::Fichier;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    fichiers: Fichiers,
    /// Quand des groupes sont écartés, refaire le calcul sans eux (comme le produit, et non comme la référence)
    #[arg(long)]
    reparation: bool,
}

#[derive(Serialize)]
struct Ligne<'a> {
    cas: &'a str,
    sortie: &'a Value,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let options = Options { reparation: arguments.reparation };
    let mut sortie = BufWriter::new(std::io::stdout().lock());
    for fichier in &arguments.fichiers.fichiers {
        let mut fichier = Fichier::open(fichier)?;
        while let Some(cas) = fichier.next_cas()? {
            let lieu = cas.lieu.clone();
            let evalue = evaluate_cas(cas, &options)?;
            if let Some(refus) = &evalue.resultat.refus {
                eprintln!("{lieu}, cas {} : données refusées : {refus}", evalue.cas);
            }
            if let Some(avis) = &evalue.resultat.avis {
                eprintln!("{lieu}, cas {} : {avis}", evalue.cas);
            }
            let ligne = Ligne { cas: &evalue.cas, sortie: &evalue.resultat.sortie };
            let texte = serde_json::to_string(&ligne)?;
            if let Err(error) = writeln!(sortie, "{texte}") {
                return stop(error);
            }
        }
    }
    match sortie.flush() {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) => stop(error),
    }
}

/// A reader that has read enough (`| head`) is no failure.
fn stop(error: std::io::Error) -> anyhow::Result<ExitCode> {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return Ok(ExitCode::SUCCESS);
    }
    Err(error).context("écriture impossible sur la sortie standard")
}
