//! `parcoursup conformite`: the interface of programs put to the test on a sandbox, or what a program has shown there.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app::ports::{Horloge as _, HorlogeSysteme};
use reqwest::Method;

use crate::conformite::{self, Client, Constat, Echec, Exercice, Rapport, Sandbox};
use crate::phrases;

const BAC: &str = "/api/v1/bac-a-sable";

/// Options of `conformite`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Adresse du serveur qui ouvre des bacs à sable, par exemple http://localhost:8024
    #[arg(long, value_name = "URL")]
    adresse: String,
    /// Jeton d’un bac à sable, remis à zéro avant de commencer (par défaut : un bac à sable neuf ; environnement : PARCOURSUP_JETON)
    #[arg(long, value_name = "JETON", env = "PARCOURSUP_JETON", hide_env_values = true)]
    jeton: Option<String>,
    /// Lire ce que les appels d’un logiciel ont montré dans son bac à sable, exercice par exercice ; code 1 s’il en manque
    #[arg(long)]
    constat: bool,
    /// Fichier où écrire aussi le résultat : Markdown si son nom finit par .md, JSON sinon
    #[arg(long, value_name = "FICHIER")]
    rapport: Option<PathBuf>,
}

pub async fn run(args: &Args) -> Result<ExitCode> {
    let client = Client::new(&args.adresse, args.jeton.as_deref()).await?;
    if !client.description().opens_sandboxes() {
        bail!(
            "{} n’ouvre pas de bac à sable : démarrez-le par « parcoursup demo --bac-a-sable ».",
            client.base()
        );
    }
    if args.constat {
        return constat(&client, args.rapport.as_deref()).await;
    }
    let bac = entre(&client).await?;
    let jeton = bac.jeton.clone().or_else(|| args.jeton.clone());
    println!("Interface {} de {}", client.description().version(), client.base());
    println!();
    let bilan = conformite::run(client.avec(jeton.as_deref()), bac).await;
    println!();
    println!("{}", bilan.total());
    ecrit(args.rapport.as_deref(), &bilan)?;
    Ok(if bilan.conforme { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn ecrit(chemin: Option<&Path>, rapport: &impl Rapport) -> Result<()> {
    let Some(chemin) = chemin else { return Ok(()) };
    let a_lire = chemin.extension().is_some_and(|e| e.eq_ignore_ascii_case("md"));
    let octets = if a_lire {
        rapport.markdown().into_bytes()
    } else {
        let mut json = serde_json::to_vec_pretty(rapport)?;
        json.push(b'\n');
        json
    };
    std::fs::write(chemin, octets).map_err(|e| phrases::io("Impossible d’écrire", chemin, &e))?;
    println!("Rapport écrit : {}", chemin.display());
    Ok(())
}

/// What was expected of the server before anything can be checked.
fn phrase(e: Echec) -> anyhow::Error {
    match e {
        Echec::Defaut { attendu, recu } => anyhow::anyhow!("attendu {attendu} ; reçu {recu}"),
        Echec::SansObjet(motif) => anyhow::anyhow!("{motif}."),
    }
}

/// Refusals that a person can do something about.
fn exige_bac(statut: u16, detail: &str) -> Result<()> {
    match statut {
        200 | 201 => Ok(()),
        401 => bail!("ce jeton n’ouvre rien ici. {detail}"),
        404 => bail!("ce jeton n’est pas celui d’un bac à sable : rien n’a été fait."),
        429 => bail!("ce serveur n’ouvre plus de bac à sable pour le moment. {detail}"),
        autre => bail!("le serveur répond {autre}. {detail}"),
    }
}

/// A new sandbox, or the one of the token put back to its beginning.
async fn entre(client: &Client) -> Result<Sandbox> {
    let chemin = if client.has_jeton() { format!("{BAC}/remise-a-zero") } else { BAC.to_owned() };
    let r = client.demande(Method::POST, &chemin).envoie().await.map_err(phrase)?;
    exige_bac(r.statut, r.texte("detail"))?;
    serde_json::from_value(r.json).context("ce que le serveur rend n’est pas un bac à sable")
}

async fn constat(client: &Client, rapport: Option<&Path>) -> Result<ExitCode> {
    if !client.has_jeton() {
        bail!("donnez le jeton du bac à sable où le logiciel a fait ses appels (--jeton).");
    }
    let r = client.get(&format!("{BAC}/conformite")).await.map_err(phrase)?;
    exige_bac(r.statut, r.texte("detail"))?;
    let texte = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let exercices: Vec<Exercice> = r.json["exercices"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|e| Exercice { code: texte(&e["code"]), libelle: texte(&e["libelle"]), fait: e["fait"] == true })
        .collect();
    for e in &exercices {
        println!("{} {}", if e.fait { '✓' } else { '✗' }, e.libelle);
    }
    let constat = Constat {
        date: HorlogeSysteme::default().maintenant().to_string(),
        adresse: client.base().to_owned(),
        version: client.description().version().to_owned(),
        programme: env!("CARGO_PKG_VERSION"),
        conforme: r.json["conforme"] == true && !exercices.is_empty(),
        exercices,
    };
    println!();
    println!("{}", constat.total());
    ecrit(rapport, &constat)?;
    Ok(if constat.conforme { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
