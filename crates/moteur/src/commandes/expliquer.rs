//! `moteur expliquer`.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, bail};
use engine::propositions::Options;

use crate::explications::{Choix, Explications, explain_read, list};
use crate::fichier::Fichier;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Fichier de cas (.jsonl ou .arrow, compressé ou non), ou - pour l’entrée standard
    #[arg(value_name = "FICHIER")]
    fichier: String,
    /// Nom du cas ; inutile quand le fichier n’en a qu’un
    #[arg(long, value_name = "NOM")]
    cas: Option<String>,
    /// Code du candidat
    #[arg(long, value_name = "N")]
    candidat: i64,
    /// Code de la formation (sans elle : tous les vœux du candidat)
    #[arg(long, value_name = "F")]
    formation: Option<i64>,
    /// Groupe d’affectation (sa clé « id »), ou groupe de classement dans un ordre d’appel
    #[arg(long, value_name = "G")]
    groupe: Option<i64>,
    /// Seulement le vœu avec internat
    #[arg(long, conflicts_with = "sans_internat")]
    internat: bool,
    /// Seulement le vœu sans internat
    #[arg(long)]
    sans_internat: bool,
    /// Quand des groupes sont écartés, refaire le calcul sans eux (comme le produit, et non comme la référence)
    #[arg(long)]
    reparation: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let choix = Choix {
        candidat: arguments.candidat,
        formation: arguments.formation,
        groupe: arguments.groupe,
        internat: match (arguments.internat, arguments.sans_internat) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        },
        options: Options { reparation: arguments.reparation },
    };
    match find(arguments, &choix)? {
        Explications::Refus(refus) => {
            eprintln!("données refusées, rien n’est calculé : {refus}");
            Ok(ExitCode::FAILURE)
        }
        Explications::Textes(textes) => {
            let textes: Vec<String> = textes.iter().map(ToString::to_string).collect();
            let mut sortie = std::io::stdout().lock();
            match sortie.write_all(textes.join("\n\n").as_bytes()).and_then(|()| sortie.flush()) {
                Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                    Err(error).context("écriture impossible sur la sortie standard")
                }
                _ => Ok(ExitCode::SUCCESS),
            }
        }
    }
}

/// The case asked for, explained. Without a name, the file must have one case only.
fn find(arguments: &Arguments, choix: &Choix) -> anyhow::Result<Explications> {
    let mut fichier = Fichier::open(&arguments.fichier)?;
    let mut noms = Vec::new();
    let mut seul = None;
    while let Some(lu) = fichier.next_cas()? {
        if arguments.cas.as_ref() == Some(&lu.cas) {
            return explain_read(&lu, choix);
        }
        noms.push(lu.cas.clone());
        seul.get_or_insert(lu);
    }
    match (&arguments.cas, seul, noms.len()) {
        (None, Some(lu), 1) => explain_read(&lu, choix),
        (None, Some(_), _) => bail!(
            "« {} » contient plusieurs cas : choisissez-en un par --cas ; {}",
            arguments.fichier,
            list("cas", noms.into_iter())
        ),
        (Some(cas), ..) if !noms.is_empty() => {
            bail!("aucun cas « {cas} » dans « {} » ; {}", arguments.fichier, list("cas", noms.into_iter()))
        }
        _ => bail!("« {} » ne contient aucun cas", arguments.fichier),
    }
}
