//! `parcoursup simuler`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use app::simulation::{
    CampagneSimulee, Etendue, JourCampagne, JourSimule, ParametresCohorte, lire_moyennes, simuler_campagne,
    simuler_cohorte, simuler_jours,
};
use app::{AppError, messages, sessions};
use domain::RuleViolation;

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
    /// Jouer toute une campagne en mémoire, depuis l’état présent de la base, sans rien y écrire
    Campagne {
        /// Nombre de jours
        #[arg(long, default_value_t = 70, value_parser = clap::value_parser!(u16).range(1..=120))]
        jours: u16,
    },
}

/// Why no campaign is played before the call orders.
const ORDRES_D_ABORD: &str = "Les ordres d’appel ne sont pas publiés : « parcoursup simuler jours --jusqu-a 0 » les \
                              calcule et les publie ; la campagne part de là.";

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
        Quoi::Campagne { jours } => {
            let json = args.json;
            if !json {
                println!("Lecture de la base…");
            }
            let mut montrer = |j: &JourCampagne| {
                if !json {
                    println!("{}", ligne_campagne(j));
                }
            };
            let faite = match simuler_campagne(&ctx, annee, jours, args.graine, &mut montrer).await {
                Err(AppError::Rule(RuleViolation::OrdreAppelManquant)) => bail!(ORDRES_D_ABORD),
                autre => autre?,
            };
            println!("{}", if json { serde_json::to_string(&faite)? } else { bilan(&faite) });
        }
    }
    app.db.clone().close().await?;
    Ok(ExitCode::SUCCESS)
}

fn n(x: usize) -> String {
    messages::nombre(i64::try_from(x).unwrap_or(i64::MAX))
}

fn ligne_campagne(j: &JourCampagne) -> String {
    let r = &j.reponses;
    format!(
        "Jour {:>2}, {} : {} ; {} acceptations, {} refus, {} places rendues, {} sans réponse à temps ; {} vœux en \
         attente, {} places acceptées, {} candidats ont eu une proposition ; {} ms",
        j.jour,
        j.date,
        messages::accord(j.propositions, "proposition", "propositions"),
        n(r.acceptations),
        n(r.refus),
        n(r.places_rendues),
        n(j.expirees),
        n(j.en_attente),
        n(j.acceptes),
        n(j.servis),
        j.ms
    )
}

#[expect(clippy::cast_precision_loss, reason = "a share for people, of numbers far below 2^52")]
fn bilan(c: &CampagneSimulee) -> String {
    let secondes = |ms: u64| format!("{:.1} s", Duration::from_millis(ms).as_secs_f64());
    let servis = c.jours.last().map_or(0, |j| j.servis);
    let acceptes = c.jours.last().map_or(0, |j| j.acceptes);
    let part = |x: usize| format!("{:.1} %", 100.0 * x as f64 / c.candidats.max(1) as f64).replace('.', ",");
    format!(
        "{} candidats, {} vœux. Au dernier jour, {} ({}) ont eu au moins une proposition et {} ({}) en ont accepté une.\n\
         Lecture {}, {} jours en {}. Rien n’est écrit dans la base.",
        n(c.candidats),
        n(c.voeux),
        n(servis),
        part(servis),
        n(acceptes),
        part(acceptes),
        secondes(c.lecture_ms),
        c.jours.len(),
        secondes(c.jours_ms)
    )
}

fn ligne(j: &JourSimule) -> String {
    let r = &j.reponses;
    format!(
        "Jour {}, {} : {} ; {} acceptations, {} refus, {} places rendues, {} vœux maintenus, {} abandonnés ; \
         passage {} ms, réponses {} ms",
        j.jour,
        j.date,
        messages::accord(j.propositions, "proposition", "propositions"),
        n(r.acceptations),
        n(r.refus),
        n(r.places_rendues),
        n(r.maintiens),
        n(r.renonciations),
        j.passage_ms,
        j.reponses_ms
    )
}
