//! `moteur verifier`.

use std::process::ExitCode;

use super::Fichiers;
use crate::evaluation::verify_cas;
use crate::fichier::Fichier;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    fichiers: Fichiers,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (mut cas, mut violations) = (0_u64, 0);
    for fichier in &arguments.fichiers.fichiers {
        let mut fichier = Fichier::open(fichier)?;
        while let Some(lu) = fichier.next_cas()? {
            let lieu = lu.lieu.clone();
            let (nom, fautes) = verify_cas(lu)?;
            cas += 1;
            violations += fautes.len();
            if !fautes.is_empty() {
                println!("{lieu}, cas {nom} :");
                for faute in fautes {
                    println!("  {faute}");
                }
            }
        }
    }
    println!("{cas} cas, {violations} violations");
    Ok(if violations == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
