//! The binary `parcoursup`: reads the configuration, puts the platform together, runs one command.

mod cles;
mod commandes;
mod configuration;
mod conformite;
mod ecoute;
mod journaux;
mod ligne;
mod montage;
mod phrases;
mod sauvegarde;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// Pages are made of many small texts by several threads: a seventh of their time went to the allocator of the system.
#[global_allocator]
static ALLOCATEUR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let ligne = match ligne::lire(std::env::args_os()) {
        Ok(ligne) => ligne,
        Err(e) => return ligne::refuser(&e),
    };
    let executeur = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(executeur) => executeur,
        Err(e) => {
            eprintln!("Erreur : le système refuse de démarrer le programme ({e}).");
            return ExitCode::FAILURE;
        }
    };
    match executeur.block_on(commandes::executer(ligne)) {
        Ok(code) => code,
        Err(e) => {
            eprintln!("Erreur : {}", phrases::erreur(&e));
            ExitCode::FAILURE
        }
    }
}
