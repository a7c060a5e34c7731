//! `cargo xtask bench NOM`: the measured commands of the product, in release, with the machine they ran on.
//!
//! To add one: a [`Bench`] in [`BENCHES`]. Steps run in order in one temporary data folder.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::measure::{machine, measure};
use crate::process::run;
use crate::workspace::{Workspace, cargo};

pub struct Bench {
    name: &'static str,
    what: &'static str,
    steps: &'static [Step],
}

/// One command of the product. In arguments `{shared}` and `{donnees}` stand for the two folders.
struct Step {
    label: &'static str,
    arguments: &'static [&'static str],
    /// Beyond these the bench fails: a budget nobody checks is a wish.
    max_seconds: f64,
    max_mib: u64,
}

const BENCHES: &[Bench] = &[Bench {
    name: "import-offre",
    what: "import of the national offer of 2025, dry run, for real, then again",
    steps: &[
        Step {
            label: "dry run",
            arguments: &["import", "offre", OFFRE_2025, "--donnees", "{donnees}"],
            max_seconds: 5.0,
            max_mib: 256,
        },
        Step {
            label: "applied",
            arguments: &["import", "offre", OFFRE_2025, "--donnees", "{donnees}", "--appliquer"],
            max_seconds: 5.0,
            max_mib: 256,
        },
        Step {
            label: "second pass, nothing changes",
            arguments: &["import", "offre", OFFRE_2025, "--donnees", "{donnees}", "--appliquer"],
            max_seconds: 5.0,
            max_mib: 256,
        },
    ],
}];

const OFFRE_2025: &str = "{shared}/data/02-statistiques/fr-esr-parcoursup_2025.csv.zst";

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Which one; none: list them
    name: Option<String>,
}

pub fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    let Some(name) = &options.name else {
        for bench in BENCHES {
            println!("{:<20} {}", bench.name, bench.what);
        }
        return Ok(());
    };
    let bench = BENCHES
        .iter()
        .find(|bench| bench.name == name)
        .with_context(|| format!("no bench named {name}: `cargo xtask bench` lists them"))?;
    let shared = workspace.shared();
    if bench.steps.iter().any(|step| step.arguments.iter().any(|text| text.contains("{shared}")))
        && !shared.exists()
    {
        bail!("this bench reads the folder `shared` beside the repository, which is missing");
    }
    run(Command::new(cargo())
        .args(["build", "--release", "-p", "cli", "--bin", "parcoursup"])
        .current_dir(&workspace.root))?;

    let donnees = tempfile::tempdir().context("no temporary folder")?;
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    println!("\n{} — {}\n{}\n", bench.name, bench.what, machine(&workspace.root));
    println!("| step | seconds | peak memory | budget |\n|---|---|---|---|");
    let mut over = Vec::new();
    for step in bench.steps {
        let mut command = Command::new(workspace.binary("release"));
        command.args(step.arguments.iter().map(|text| filled(text, &shared, donnees.path())));
        let limit = Duration::from_secs_f64(step.max_seconds * 20.0);
        let result = measure(&mut command, limit, scratch.path())?;
        let mib = result.peak_kib / 1024;
        println!(
            "| {} | {:.2} | {mib} MiB | {} s, {} MiB |",
            step.label, result.seconds, step.max_seconds, step.max_mib
        );
        if !result.status.is_some_and(|status| status.success()) {
            bail!("step « {} » failed:\n{}{}", step.label, result.stdout, result.stderr);
        }
        if result.seconds > step.max_seconds || mib > step.max_mib {
            over.push(step.label);
        }
    }
    if !over.is_empty() {
        bail!("over budget: {}", over.join(", "));
    }
    Ok(())
}

fn filled(text: &str, shared: &Path, donnees: &Path) -> String {
    text.replace("{shared}", &shared.display().to_string())
        .replace("{donnees}", &donnees.display().to_string())
}
