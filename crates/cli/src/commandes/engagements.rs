//! The public register of the runs, receipts and witnesses, from the command line.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app::admission::{
    BilanExplications, Declaration, EcartProcesVerbal, Registre, SecretPassage, exporter_secrets, recu_pour,
    registre as lire_registre, temoigner as inscrire, verify_recu, verify_registre,
};
use app::messages::accord;
use app::{AppError, Ctx};
use domain::PublicId;

use super::proces_verbaux::lit_cle;
use super::verifier::{Verdict, non};

/// The file of an auditor with what opens the commitments.
const SECRETS: &str = "engagements.json";

fn lire_fichier(chemin: &Path) -> Result<Vec<u8>> {
    fs::read(chemin).with_context(|| format!("Le fichier {} ne se lit pas", chemin.display()))
}

/// Whether a register is of the expected key; without one, says which it brings itself.
fn est_de(sienne: &str, cle: Option<&str>) -> Result<bool> {
    let Some(cle) = cle else {
        println!(
            "La clé publique est celle du registre ({sienne}) : comparez-la à celle que montre la page « Transparence »."
        );
        return Ok(true);
    };
    lit_cle(cle)?;
    let attendue = cle.trim() == sienne;
    if !attendue {
        println!("Non. Le registre n’est pas signé par la clé attendue.");
    }
    Ok(attendue)
}

/// R-ADM-22: the whole register, and that it goes on from a head signed before.
pub fn verifier_registre(registre: &Path, tete: Option<&Path>, cle: Option<&str>) -> Result<ExitCode> {
    let octets = lire_fichier(registre)?;
    let tete = tete.map(lire_fichier).transpose()?;
    let lu = match Registre::read(&octets) {
        Ok(lu) => lu,
        Err(ecart) => return Ok(non(&majuscule(&ecart.to_string()))),
    };
    if !est_de(&lu.cle, cle)? {
        return Ok(ExitCode::FAILURE);
    }
    let declarations = match verify_registre(&lu) {
        Ok(declarations) => declarations,
        Err(ecart) => return Ok(non(&majuscule(&ecart.to_string()))),
    };
    let Some(nouvelle) = lu.head(lu.passages.len()) else {
        return Ok(non("Le registre est vide : rien n’a été vérifié"));
    };
    let couverts = match &tete {
        None => None,
        Some(octets) => match std::str::from_utf8(octets).ok().and_then(|tete| lu.covered_by(tete)) {
            Some(couverts) => Some(couverts),
            None => {
                return Ok(non(
                    "Ce registre ne prolonge pas la tête donnée : des passages ont été retirés ou réécrits depuis, ou ce n’est \
                     pas une tête de cette session",
                ));
            }
        },
    };
    println!(
        "Oui. Registre de la session {} : {} dans la chaîne, dont {} par la plateforme ; {}.",
        lu.session,
        accord(lu.passages.len(), "passage", "passages"),
        accord(declarations.iter().flatten().count(), "publié et signé", "publiés et signés"),
        accord(lu.temoignages.len(), "signature de témoin", "signatures de témoins")
    );
    if let Some(couverts) = couverts {
        println!(
            "Il prolonge la tête donnée, de {} : {} depuis.",
            accord(couverts, "passage", "passages"),
            accord(lu.passages.len() - couverts, "passage ajouté", "passages ajoutés")
        );
        for (n, declaration) in (1..).zip(&declarations).skip(couverts) {
            let titre =
                declaration.as_ref().map_or_else(|| "passage non publié".to_owned(), Declaration::titre);
            println!("  nº {n} : {titre}");
        }
    }
    print!("Tête à signer :\n{nouvelle}");
    Ok(ExitCode::SUCCESS)
}

pub fn verifier_recu(registre: &Path, recu: &Path, cle: Option<&str>) -> Result<ExitCode> {
    let (registre, recu) = (lire_fichier(registre)?, lire_fichier(recu)?);
    let sienne = Registre::read(&registre).map(|r| r.cle).unwrap_or_default();
    if !est_de(&sienne, cle)? {
        return Ok(ExitCode::FAILURE);
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
        Err(ecart) => non(&majuscule(&ecart.to_string())),
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

/// Says that the public commitments are those of the records. `attendus`: there are some to look at.
pub fn dire(verifies: Result<usize, EcartProcesVerbal>, attendus: bool) -> Verdict {
    match verifies.map_err(|ecart| ecart.to_string())? {
        0 if attendus => Err("Aucun des engagements donnés n’est celui d’un passage vérifié".to_owned()),
        0 => Ok(()),
        n => {
            println!(
                "Engagements publics : {} ceux de {}.",
                accord(n, "passage a", "passages ont"),
                if n < 2 { "son procès-verbal" } else { "leurs procès-verbaux" }
            );
            Ok(())
        }
    }
}

/// Says that the explanations drawn are those that the second implementation finds; there must be some (R-ADM-19).
pub fn dire_explications(jugees: Result<BilanExplications, EcartProcesVerbal>) -> Verdict {
    let b = jugees.map_err(|ecart| ecart.to_string())?;
    if b.voeux == 0 {
        return Err(
            "Explications tirées au hasard : il n’y avait rien à tirer, aucun jour vérifié n’a lu de vœu"
                .to_owned(),
        );
    }
    println!(
        "Explications tirées au hasard : {} d’un vœu (dont {} en attente) et {} d’un rang d’appel, que la seconde \
         implémentation retrouve toutes.",
        b.voeux, b.attentes, b.ordres
    );
    Ok(())
}
