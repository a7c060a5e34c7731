//! `moteur comparer`.

use std::process::ExitCode;

use anyhow::bail;
use engine::propositions::Options;

use super::Fichiers;
use crate::ecarts::differences;
use crate::evaluation::evaluate_cas;
use crate::fichier::Fichier;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    fichiers: Fichiers,
    /// Nombre de cas différents à détailler
    #[arg(long, default_value_t = 10, value_name = "N")]
    details: usize,
}

/// Differences shown for one case.
const PAR_CAS: usize = 5;

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let (mut cas, mut differents) = (0_u64, 0);
    for fichier in &arguments.fichiers.fichiers {
        let mut fichier = Fichier::open(fichier)?;
        while let Some(lu) = fichier.next_cas()? {
            let lieu = lu.lieu.clone();
            // The repair stays off: the recorded outputs are those of the reference.
            let evalue = evaluate_cas(lu, &Options::default())?;
            let Some(attendu) = evalue.attendu else {
                bail!("{lieu} : ce cas n’a pas de clé « sortie » ; il n’y a rien à comparer");
            };
            cas += 1;
            let ecarts = differences(&attendu, &evalue.resultat.sortie, PAR_CAS);
            if ecarts.is_empty() {
                continue;
            }
            differents += 1;
            if differents <= arguments.details {
                println!("{lieu}, cas {} :", evalue.cas);
                for ecart in ecarts {
                    println!("  {ecart}");
                }
                if let Some(refus) = evalue.resultat.refus {
                    println!("  refusé : {refus}");
                }
            }
        }
    }
    println!("{cas} cas, {differents} différences");
    Ok(if differents == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
