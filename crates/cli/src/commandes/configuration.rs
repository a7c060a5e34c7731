//! `parcoursup configuration`.

use std::process::ExitCode;

use anyhow::Result;
use store::Dsn;

use crate::configuration::{Configuration, Courriel, table};
use crate::ligne::Communes;
use crate::montage::sans_secret;

/// Options of `configuration`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    quoi: Quoi,
}

#[derive(Debug, clap::Subcommand)]
enum Quoi {
    /// Écrire un fichier commenté, avec chaque réglage et sa valeur par défaut
    Exemple,
    /// Lire la configuration en place et dire chaque faute
    Verifier,
}

pub fn run(communes: &Communes, args: &Args) -> Result<ExitCode> {
    if let Quoi::Exemple = args.quoi {
        print!("{}", table::exemple());
        return Ok(ExitCode::SUCCESS);
    }
    let c = Configuration::lire(communes, &[])?;
    match &c.fichier {
        Some(fichier) => println!("La configuration est correcte (fichier {}).", fichier.display()),
        None => println!(
            "La configuration est correcte ; il n’y a pas de fichier {} : valeurs par défaut et environnement.",
            c.fichier_attendu().display()
        ),
    }
    println!("Adresse publique : {}", c.adresse.as_deref().unwrap_or("à déclarer avant de servir"));
    println!(
        "Écoute           : {}",
        c.ecoute.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    );
    match &c.base {
        Dsn::Sqlite(chemin) => println!("Base             : SQLite, {}", chemin.display()),
        Dsn::Postgres(url) => println!("Base             : {}", sans_secret(url)),
    }
    println!("Clés             : {}", c.cles.display());
    println!("Fichiers         : {}", c.fichiers.display());
    match &c.courriel {
        Courriel::Journal => println!("Courriel         : gardé dans la boîte d’envoi, rien ne part"),
        Courriel::Smtp(r) => println!("Courriel         : par {}, port {}", r.hote, r.port),
    }
    Ok(ExitCode::SUCCESS)
}
