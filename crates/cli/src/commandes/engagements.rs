//! The public register of the runs, receipts and witnesses, from the command line.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app::admission::{
    BilanExplications, EcartProcesVerbal, Registre, SecretPassage, exporter_secrets, recu_pour,
    registre as lire_registre, temoigner as inscrire, verify_recu,
};
use app::messages::accord;
use app::{AppError, Ctx};
use domain::PublicId;

use super::proces_verbaux::lit_cle;

/// The file of an auditor with what opens the commitments.
const SECRETS: &str = "engagements.json";

fn lire_fichier(chemin: &Path) -> Result<Vec<u8>> {
    fs::read(chemin).with_context(|| format!("Le fichier {} ne se lit pas", chemin.display()))
}

pub fn verifier_recu(registre: &Path, recu: &Path, cle: Option<&str>) -> Result<ExitCode> {
    let (registre, recu) = (lire_fichier(registre)?, lire_fichier(recu)?);
    let sienne = serde_json::from_slice::<Registre>(&registre).map(|r| r.cle).unwrap_or_default();
    match cle {
        Some(cle) => {
            lit_cle(cle)?;
            if cle.trim() != sienne {
                println!("Non. Le registre n’est pas signé par la clé attendue.");
                return Ok(ExitCode::FAILURE);
            }
        }
        None => println!(
            "La clé publique est celle du registre ({sienne}) : comparez-la à celle que montre la page « Transparence »."
        ),
    }
    Ok(match verify_recu(&registre, &recu) {
        Ok(v) => {
            println!(
                "Oui. {} : voici ce que le calcul a lu et décidé, et qui était engagé publiquement.",
                v.passage
            );
            for (libelle, valeur) in &v.valeurs {
                println!("  {libelle} : {valeur}");
            }
            println!(
                "{} de ce passage.",
                accord(
                    v.temoins,
                    "témoin extérieur a signé la chaîne",
                    "témoins extérieurs ont signé la chaîne"
                )
            );
            ExitCode::SUCCESS
        }
        Err(ecart) => {
            println!("Non. {}.", majuscule(&ecart.to_string()));
            ExitCode::FAILURE
        }
    })
}

fn majuscule(texte: &str) -> String {
    let mut lettres = texte.chars();
    lettres.next().map(|l| l.to_uppercase().chain(lettres).collect()).unwrap_or_default()
}

pub async fn recu(ctx: &Ctx, annee: i64, voeu: &str, jour: Option<i64>) -> Result<()> {
    let lu = match PublicId::parse(voeu) {
        Some(id) => recu_pour(ctx, annee, &id, jour).await,
        None => Err(AppError::NotFound),
    };
    let lu = match lu {
        Ok(lu) => lu,
        Err(AppError::NotFound) => bail!("Aucun vœu « {voeu} » dans la session {annee}."),
        Err(e) => return Err(e.into()),
    };
    match (lu.recu, lu.jour) {
        (Some(recu), _) => print!("{}", recu.json()),
        (None, Some(passage)) => bail!(
            "{} : ce passage n’a pas examiné le vœu « {voeu} ». « --jour » en choisit un autre.",
            passage.titre
        ),
        (None, None) => bail!("Aucun passage publié n’a d’engagements, ou pas celui qui est demandé."),
    }
    Ok(())
}

pub async fn registre(ctx: &Ctx, annee: i64) -> Result<()> {
    let registre = lire_registre(ctx, annee).await?;
    print!("{}", registre.json());
    Ok(())
}

pub async fn tete(ctx: &Ctx, annee: i64) -> Result<()> {
    let registre = lire_registre(ctx, annee).await?;
    match registre.head(registre.passages.len()) {
        Some(tete) => print!("{tete}"),
        None => bail!("Le registre de la session {annee} est vide : aucun passage n’est publié."),
    }
    Ok(())
}

pub async fn temoigner(ctx: &Ctx, annee: i64, temoin: &str, cle: &str, signature: &str) -> Result<()> {
    let passages = match inscrire(ctx, annee, temoin, cle.trim(), signature.trim()).await {
        Ok(passages) => passages,
        Err(AppError::Conflict) => bail!("Cette clé a déjà signé cette tête : rien n’a changé."),
        Err(e) => return Err(e.into()),
    };
    println!(
        "Le témoignage de « {temoin} » est inscrit au registre public : il couvre {}.",
        accord(passages, "passage", "passages")
    );
    Ok(())
}

/// Writes what opens the commitments beside the records.
pub async fn exporter(ctx: &Ctx, annee: i64, dossier: &Path) -> Result<()> {
    let secrets = exporter_secrets(ctx, annee).await?;
    let chemin = dossier.join(SECRETS);
    fs::write(&chemin, serde_json::to_vec_pretty(&secrets)?)
        .with_context(|| format!("Le fichier {} ne s’écrit pas", chemin.display()))
}

/// What opens the commitments of a folder; nothing when the auditor was not given it.
pub fn lire(dossier: &Path) -> Result<Vec<SecretPassage>> {
    let chemin = dossier.join(SECRETS);
    if !chemin.exists() {
        return Ok(Vec::new());
    }
    serde_json::from_slice(&lire_fichier(&chemin)?)
        .with_context(|| format!("Le fichier {} n’est pas lisible", chemin.display()))
}

/// Says whether the public commitments are those of the records.
pub fn conclure(verifies: Result<usize, EcartProcesVerbal>, attendus: bool) -> ExitCode {
    match verifies {
        Ok(0) if !attendus => {}
        Ok(n) => println!(
            "Engagements publics : {} ceux de {}.",
            accord(n, "passage a", "passages ont"),
            if n < 2 { "son procès-verbal" } else { "leurs procès-verbaux" }
        ),
        Err(ecart) => {
            println!("Non. {ecart}.");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Says whether the explanations drawn are those that the second implementation finds.
pub fn conclure_explications(jugees: Result<BilanExplications, EcartProcesVerbal>) -> ExitCode {
    match jugees {
        Ok(b) => {
            println!(
                "Explications tirées au hasard : {} d’un vœu (dont {} en attente) et {} d’un rang d’appel, que la seconde \
                 implémentation retrouve toutes.",
                b.voeux, b.attentes, b.ordres
            );
            ExitCode::SUCCESS
        }
        Err(ecart) => {
            println!("Non. {ecart}.");
            ExitCode::FAILURE
        }
    }
}
