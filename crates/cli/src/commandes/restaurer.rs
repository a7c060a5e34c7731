//! `parcoursup restaurer`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use store::exploitation::empreintes;
use store::{Db, Dsn};

use super::sauvegarder::chemin_de_la_cle;
use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::sauvegarde::{Manifeste, NOM_BASE_POSTGRES, NOM_BASE_SQLITE, Table, extraire, lire_cle, postgres};
use crate::{montage, phrases};

/// Options of `restaurer`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Sauvegarde à lire
    #[arg(value_name = "FICHIER")]
    fichier: PathBuf,
    /// Fichier de la clé qui l’a chiffrée (par défaut : le réglage sauvegarde.cle)
    #[arg(long, value_name = "FICHIER")]
    cle: Option<PathBuf>,
}

pub async fn run(communes: &Communes, args: &Args) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let cle = lire_cle(&chemin_de_la_cle(&c, args.cle.as_ref())?)?;
    exiger_vide(&c.donnees)?;
    phrases::creer_dossier(&c.donnees)?;
    let fait = remettre(&c, args.fichier.clone(), cle).await;
    if fait.is_err() {
        // The folder was empty: a half restoration must not be taken for one.
        vider(&c.donnees);
    }
    let manifeste = fait?;
    let lignes: u64 = manifeste.tables.iter().map(|t| t.lignes).sum();
    println!(
        "Sauvegarde du {} ({} UTC) remise dans {}.",
        manifeste.paris,
        manifeste.utc,
        c.donnees.display()
    );
    println!(
        "{} tables et {lignes} lignes : empreintes identiques à celles de la sauvegarde.",
        manifeste.tables.len()
    );
    println!("Posez maintenant le fichier de clés ({}), puis « parcoursup doctor ».", c.cles.display());
    Ok(ExitCode::SUCCESS)
}

fn exiger_vide(dossier: &Path) -> Result<()> {
    match fs::read_dir(dossier) {
        Ok(mut entrees) => match entrees.next() {
            None => Ok(()),
            Some(_) => bail!(
                "Le dossier {} n’est pas vide : une restauration ne remplace rien. Donnez-en un nouveau (--donnees).",
                dossier.display()
            ),
        },
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(phrases::io("Impossible de lire", dossier, &e)),
    }
}

fn vider(dossier: &Path) {
    for entree in fs::read_dir(dossier).into_iter().flatten().flatten() {
        let chemin = entree.path();
        // Best effort: the first error is the one that is told.
        let _ = if chemin.is_dir() { fs::remove_dir_all(&chemin) } else { fs::remove_file(&chemin) };
    }
}

async fn remettre(c: &Configuration, fichier: PathBuf, cle: [u8; 32]) -> Result<Manifeste> {
    let dossier = c.donnees.clone();
    let manifeste = tokio::task::spawn_blocking(move || extraire(&fichier, cle, &dossier)).await??;
    let db = match (&c.base, manifeste.base.as_str()) {
        (Dsn::Sqlite(chemin), "sqlite") => {
            debug_assert!(chemin.ends_with(NOM_BASE_SQLITE));
            montage::ouvrir_base(c, false).await?
        }
        (Dsn::Postgres(url), "postgres") => {
            let db = montage::ouvrir_base(c, false).await?;
            exiger_base_vide(&db).await?;
            let copie = c.donnees.join(NOM_BASE_POSTGRES);
            postgres::remettre(url, &copie).await?;
            fs::remove_file(&copie)?;
            db
        }
        (_, autre) => bail!(
            "La sauvegarde est celle d’une base {} : le réglage « base » (ou --base) doit en désigner une de même sorte.",
            if autre == "sqlite" { "SQLite" } else { "PostgreSQL" }
        ),
    };
    let tables: Vec<Table> = empreintes(&db).await?.into_iter().map(Table::from).collect();
    db.close().await?;
    if let Some(fausse) = manifeste.tables.iter().find(|t| !tables.contains(t)) {
        bail!("La table « {} » n’a pas l’empreinte de la sauvegarde : rien n’est gardé.", fausse.table);
    }
    Ok(manifeste)
}

async fn exiger_base_vide(db: &Db) -> Result<()> {
    if store::columns(db).await?.is_empty() {
        Ok(())
    } else {
        bail!(
            "La base PostgreSQL n’est pas vide : une restauration ne remplace rien. Donnez-en une neuve (--base)."
        )
    }
}
