//! The subcommands of `parcoursup moteur` alone, to measure the engine without building the rest of the product.

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
struct Ligne {
    #[command(flatten)]
    moteur: moteur::MoteurArgs,
}

fn main() -> ExitCode {
    moteur::run(Ligne::parse().moteur).unwrap_or_else(|error| {
        eprintln!("erreur : {error:#}");
        ExitCode::from(2)
    })
}
