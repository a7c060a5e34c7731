//! `parcoursup cles`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use app::exploitation;
use app::ports::{AleaSysteme, Horloge, HorlogeSysteme};
use data_encoding::HEXLOWER;
use domain::calendrier::jour_paris;
use indicatif::ProgressBar;

use crate::cles::{Cles, cle, ecrire_prive};
use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::{montage, phrases};

/// Options of `cles`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    quoi: Quoi,
}

#[derive(Debug, clap::Subcommand)]
enum Quoi {
    /// Créer le fichier des clés, lisible par vous seul ; refuse d’en remplacer un
    Creer,
    /// Ajouter au fichier les clés qu’une version plus récente du programme attend
    Completer,
    /// Ajouter une version de la clé du coffre : elle chiffre désormais, les anciennes lisent encore
    Tourner,
    /// Rechiffrer sous la dernière version tout ce qui est sous une plus ancienne ; se reprend où il s’est arrêté
    Rechiffrer {
        /// Valeurs par transaction
        #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        lot: i64,
    },
    /// Oublier une ancienne version, si plus rien n’est chiffré avec elle
    Retirer {
        /// Numéro de la version
        version: u8,
    },
    /// Créer la clé qui chiffre les sauvegardes
    Sauvegarde {
        /// Fichier à écrire, lisible par vous seul
        fichier: PathBuf,
    },
}

pub async fn run(communes: &Communes, args: Args) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let date = jour_paris(HorlogeSysteme::default().maintenant()).to_string();
    match args.quoi {
        Quoi::Creer => {
            if let Some(dossier) = c.cles.parent() {
                phrases::creer_dossier(dossier)?;
            }
            Cles::creer(&AleaSysteme, &date, false).ecrire(&c.cles, true)?;
            println!("Clés créées dans {}.", c.cles.display());
            println!("Gardez-en une copie ailleurs que la base : sans elles, la base ne se lit plus.");
        }
        Quoi::Completer => {
            if Cles::completer(&c.cles, &AleaSysteme)? {
                println!("La clé qui signe le journal est ajoutée à {}.", c.cles.display());
                println!(
                    "Copiez ce fichier en lieu sûr et sur chaque machine, puis redémarrez les serveurs."
                );
            } else {
                println!("Le fichier {} est complet : rien à ajouter.", c.cles.display());
            }
        }
        Quoi::Tourner => {
            let mut cles = Cles::lire(&c.cles)?;
            let version = cles.tourner(&AleaSysteme, &date)?;
            cles.ecrire(&c.cles, false)?;
            println!("La version {version} est ajoutée à {}.", c.cles.display());
            println!(
                "Copiez ce fichier en lieu sûr et sur chaque machine, redémarrez les serveurs, puis « parcoursup cles rechiffrer »."
            );
        }
        Quoi::Rechiffrer { lot } => rechiffrer(&c, lot).await?,
        Quoi::Retirer { version } => retirer(&c, version).await?,
        Quoi::Sauvegarde { fichier } => {
            let texte = format!("{}\n", HEXLOWER.encode(&cle(&AleaSysteme)));
            ecrire_prive(&fichier, texte.as_bytes(), true)?;
            println!("Clé des sauvegardes créée dans {}.", fichier.display());
            println!(
                "Gardez-en une copie hors de cette machine : sans elle, une sauvegarde ne se relit pas."
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn rechiffrer(c: &Configuration, lot: i64) -> Result<()> {
    let app = montage::monter_pour_commande(c).await?;
    let ctx = montage::contexte(&app);
    let barre = ProgressBar::new_spinner();
    let bilan = exploitation::rechiffrer(&ctx, lot, |a| {
        barre.set_message(format!("{}.{} : {}", a.colonne.0, a.colonne.1, a.rechiffrees));
        barre.tick();
    })
    .await?;
    barre.finish_and_clear();
    let total: u64 = bilan.iter().map(|a| a.rechiffrees).sum();
    for a in bilan.iter().filter(|a| a.rechiffrees > 0) {
        println!("{}.{} : {} valeurs rechiffrées", a.colonne.0, a.colonne.1, a.rechiffrees);
    }
    match total {
        0 => println!("Tout est déjà sous la version {} : rien à faire.", app.coffre.version()),
        n => println!("{n} valeurs rechiffrées sous la version {}.", app.coffre.version()),
    }
    app.db.clone().close().await?;
    Ok(())
}

async fn retirer(c: &Configuration, version: u8) -> Result<()> {
    let mut cles = Cles::lire(&c.cles)?;
    cles.retirer(version)?;
    // A server started before the rotation still seals under the old version: what it writes would be lost.
    let _arret = super::servir::verrouiller(c)?;
    let app = montage::monter_pour_commande(c).await?;
    let restent = exploitation::count_version(&montage::contexte(&app), version).await?;
    app.db.clone().close().await?;
    if restent > 0 {
        bail!(
            "{restent} valeurs sont encore chiffrées avec la version {version} : « parcoursup cles rechiffrer » d’abord."
        );
    }
    cles.ecrire(&c.cles, false)?;
    println!(
        "La version {version} est retirée. Les sauvegardes faites avec elle ont besoin de l’ancien fichier : gardez-le."
    );
    Ok(())
}
