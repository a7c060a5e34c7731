//! Logs: one JSON line an event on the error output, or lines to be read by eye.

use std::io::stderr;

use tracing::Level;
use tracing_subscriber::EnvFilter;

use crate::configuration::{Journaux, Niveau};

/// Starts the logs. Called once a process; a second call changes nothing.
pub fn demarrer(j: Journaux) {
    let niveau = match j.niveau {
        Niveau::Erreur => Level::ERROR,
        Niveau::Avertissement => Level::WARN,
        Niveau::Info => Level::INFO,
        Niveau::Detail => Level::DEBUG,
    };
    // Libraries only when something is wrong: their details may hold what a person typed.
    let ours = ["app", "adapters", "cli", "domain", "jobs", "parcoursup", "store", "web"];
    let mut filtre = EnvFilter::new("warn");
    for caisse in ours {
        if let Ok(directive) = format!("{caisse}={niveau}").parse() {
            filtre = filtre.add_directive(directive);
        }
    }
    let lignes = tracing_subscriber::fmt().with_env_filter(filtre).with_writer(stderr);
    // The error means that logs already run.
    let _ = if j.json {
        lignes.json().flatten_event(true).with_current_span(true).with_span_list(false).try_init()
    } else {
        lignes.compact().with_target(false).with_ansi(false).try_init()
    };
}
