//! `moteur verifier`.

use std::process::ExitCode;

use super::Fichiers;
use crate::evaluation::verify;
use crate::lecture::Lignes;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    fichiers: Fichiers,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (mut cas, mut violations) = (0_u64, 0);
    for fichier in &arguments.fichiers.fichiers {
        let mut lignes = Lignes::open(fichier)?;
        while let Some((lieu, ligne)) = lignes.next_ligne()? {
            let (nom, fautes) = verify(lieu, ligne)?;
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
