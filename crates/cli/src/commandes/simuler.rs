//! `parcoursup simuler`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use app::simulation::{
    Etendue, JourSimule, ParametresCohorte, lire_moyennes, simuler_cohorte, simuler_jours,
};
use app::{AppError, messages, sessions};

use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::montage;

/// Options of `simuler`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    quoi: Quoi,
    /// Année de la session (par défaut : la session ouverte)
    #[arg(long, global = true, value_name = "ANNÉE")]
    session: Option<i64>,
    /// Graine du tirage : la même donne le même
    #[arg(long, global = true, default_value_t = 2024)]
    graine: u64,
    /// Donner le compte rendu en JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Quoi {
    /// Tirer des candidats, leurs vœux et les classements, d’après les chiffres publiés de chaque formation
    Cohorte {
        /// Part des effectifs réels, de 0,001 à 1 (1 : la France entière)
        #[arg(long, default_value = "0.01", value_parser = echelle)]
        echelle: f64,
        /// Distribution des moyennes des admis (JSON de Mon Projet Sup, en clair ou .zst)
        #[arg(long, value_name = "FICHIER")]
        moyennes: Option<PathBuf>,
    },
    /// Jouer des jours d’admission : calcul, publication, réponses des candidats
    Jours {
        /// Nombre de jours ; un jour interrompu est d’abord terminé, et compte
        #[arg(value_parser = clap::value_parser!(u16).range(1..=60), required_unless_present = "jusqu_a")]
        jours: Option<u16>,
        /// Jouer jusqu’à ce jour compris (0 : les ordres d’appel) ; relancée après une coupure, la commande termine ce
        /// qui reste, rien de plus
        #[arg(long, value_name = "JOUR", value_parser = clap::value_parser!(u16).range(0..=60), conflicts_with = "jours")]
        jusqu_a: Option<u16>,
    },
}

/// With a point or a comma.
fn echelle(texte: &str) -> Result<f64, String> {
    match texte.replace(',', ".").parse::<f64>() {
        Ok(x) if (0.001..=1.0).contains(&x) => Ok(x),
        _ => Err("un nombre de 0,001 à 1 est attendu".to_owned()),
    }
}

pub async fn run(communes: &Communes, args: Args) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let app = montage::monter_pour_commande(&c).await?;
    let ctx = montage::contexte(&app);
    let annee = match args.session {
        Some(annee) => annee,
        None => match sessions::courante(&app.db).await {
            Ok(session) => session.annee,
            Err(AppError::NotFound) => bail!(
                "Aucune session n’est ouverte : importez une offre (« parcoursup import offre FICHIER --appliquer »)."
            ),
            Err(e) => return Err(e.into()),
        },
    };
    match args.quoi {
        Quoi::Cohorte { echelle, moyennes } => {
            let moyennes = moyennes.as_deref().map(lire_moyennes).transpose()?;
            let p = ParametresCohorte { annee, echelle, graine: args.graine, moyennes };
            let rapport = simuler_cohorte(&ctx, p).await?;
            if args.json {
                println!("{}", serde_json::to_string(&rapport)?);
            } else {
                println!("{}", rapport.texte());
            }
        }
        Quoi::Jours { jours, jusqu_a } => {
            let etendue = jusqu_a.map_or_else(|| Etendue::Encore(jours.unwrap_or_default()), Etendue::JusquA);
            let json = args.json;
            let mut montrer = |j: &JourSimule| {
                if !json {
                    println!("{}", ligne(j));
                }
            };
            let faits = simuler_jours(&ctx, annee, etendue, args.graine, &mut montrer).await?;
            if json {
                println!("{}", serde_json::to_string(&faits)?);
            } else if faits.is_empty() {
                println!("Ces jours sont déjà joués : rien à faire.");
            }
        }
    }
    app.db.clone().close().await?;
    Ok(ExitCode::SUCCESS)
}

fn ligne(j: &JourSimule) -> String {
    let n = |x: usize| messages::nombre(i64::try_from(x).unwrap_or(i64::MAX));
    let r = &j.reponses;
    format!(
        "Jour {}, {} : {} propositions ; {} acceptations, {} refus, {} places rendues, {} vœux maintenus, {} abandonnés ; \
         passage {} ms, réponses {} ms",
        j.jour,
        j.date,
        messages::nombre(j.propositions),
        n(r.acceptations),
        n(r.refus),
        n(r.places_rendues),
        n(r.maintiens),
        n(r.renonciations),
        j.passage_ms,
        j.reponses_ms
    )
}
