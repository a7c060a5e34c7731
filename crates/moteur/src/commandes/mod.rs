//! The subcommands of `parcoursup moteur`.

mod banc;
mod calculer;
mod comparer;
mod convertir;
mod expliquer;
mod verifier;

use std::process::ExitCode;

/// Le moteur d’admission sur des fichiers : calcul, comparaison, vérification, explication, mesure
#[derive(Debug, clap::Args)]
pub struct MoteurArgs {
    #[command(subcommand)]
    commande: Commande,
}

#[derive(Debug, clap::Subcommand)]
enum Commande {
    /// Calculer chaque cas : une ligne {"cas":…,"sortie":…} par cas
    Calculer(calculer::Arguments),
    /// Calculer chaque cas et comparer à la sortie enregistrée
    Comparer(comparer::Arguments),
    /// Vérifier les sorties enregistrées, par un vérificateur indépendant du calcul
    Verifier(verifier::Arguments),
    /// Convertir un fichier de cas de lignes en colonnes, ou l’inverse
    Convertir(convertir::Arguments),
    /// Expliquer en français ce qu’un cas donne à un candidat, avec les nombres
    Expliquer(expliquer::Arguments),
    /// Régénérer l’instance de référence, la calculer, mesurer chaque étape
    Banc(banc::Arguments),
}

/// Files of cases, common to three subcommands.
#[derive(Debug, clap::Args)]
struct Fichiers {
    /// Fichiers de cas (.jsonl ou .arrow, compressés ou non), ou - pour l’entrée standard
    #[arg(required = true, value_name = "FICHIER")]
    fichiers: Vec<String>,
}

/// Runs a subcommand.
///
/// # Errors
/// A file that cannot be read, with the place and the reason.
pub fn run(args: MoteurArgs) -> anyhow::Result<ExitCode> {
    match args.commande {
        Commande::Calculer(arguments) => calculer::run(&arguments),
        Commande::Comparer(arguments) => comparer::run(&arguments),
        Commande::Verifier(arguments) => verifier::run(&arguments),
        Commande::Convertir(arguments) => convertir::run(&arguments),
        Commande::Expliquer(arguments) => expliquer::run(&arguments),
        Commande::Banc(arguments) => banc::run(&arguments),
    }
}
