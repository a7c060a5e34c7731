//! The subcommands of `parcoursup moteur` alone, to measure the engine without building the rest of the product.

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
struct Ligne {
    #[command(flatten)]
    moteur: moteur::MoteurArgs,
}

fn main() -> anyhow::Result<ExitCode> {
    moteur::run(Ligne::parse().moteur)
}
