//! `cargo xtask bench NOM`: the measured commands of the product, in release, with the machine they ran on.
//!
//! To add one: a [`Bench`] in [`BENCHES`]. Steps run in order in one temporary data folder, prepared by [`install`].

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::api;
use crate::apprentissage;
use crate::load;
use crate::measure::{load_average, machine, measure};
use crate::moteur;
use crate::process::{capture, run};
use crate::workspace::{Workspace, cargo, product};

pub struct Bench {
    name: &'static str,
    what: &'static str,
    steps: fn() -> Vec<Step>,
}

/// One command of the product. In arguments `{shared}` stands for the folder of shared data.
struct Step {
    label: String,
    arguments: Vec<String>,
    /// Beyond these the bench fails: a budget nobody checks is a wish. Seconds are of the processor.
    max_seconds: f64,
    max_mib: u64,
}

const BENCHES: &[Bench] = &[Bench {
    name: "import-offre",
    what: "import of every national offer, dry run, for real, then again",
    steps: import_offre,
}];

/// Benches that make their own report: of a running server, of a part of the program.
type Load = (&'static str, &'static str, fn(&Workspace, &Options) -> Result<()>);
const LOADS: &[Load] = &[
    (
        "apprentissage",
        "the whole catalogue of apprenticeship, then days of 3,000 records, read and integrated by the command",
        apprentissage::bench,
    ),
    ("connexion", "sign-ins a second against bare Argon2id on the same cores", load::connexion),
    ("grilles", "grids of criteria of the whole national offer read again, on one thread", grilles),
    ("api", "reads of programs, offered at a steady rate, over the interface of a sandbox", api::bench),
    ("classeur", "the workbook of 400 courses exported, then read back with its report", classeur),
    (
        "documents",
        "the PDF of what an establishment declared, 40 courses then 400 in volumes, through its page",
        documents,
    ),
    (
        "moteur",
        "the engine on the reproducible bench, at three sizes, on one thread and on two",
        moteur::bench,
    ),
    ("pages", "pages of two hundred people at work on the whole national offer, a page a second each", pages),
    ("charge", "pages of signed-in people while sign-ins are offered far beyond the machine", load::charge),
    ("droits", "a decision of the table of rights, over the whole matrix", droits),
    ("journal", "the latency of a write with and without its journal entry, at 200 writes a second", journal),
    ("journal-violation", "what an account saw, on a year of journal entries", journal_violation),
];

/// Writes offered a second by `journal`.
const WRITES: &str = "200";

fn droits(workspace: &Workspace, options: &Options) -> Result<()> {
    run(workspace.example("mesure_droits")?.arg(options.seconds(5).to_string()))
}

/// Seconds that the export and the reading of 400 courses may take.
const WORKBOOK_SECONDS: [&str; 2] = ["1", "3"];

fn classeur(workspace: &Workspace, _: &Options) -> Result<()> {
    run(workspace.example("mesure_classeur")?.args(WORKBOOK_SECONDS))
}

/// Seconds that a document of courses described in full may take, and MiB that the process may hold.
const DOCUMENT_BUDGET: [&str; 2] = ["10", "600"];

fn documents(workspace: &Workspace, _: &Options) -> Result<()> {
    run(workspace.example("mesure_documents")?.args(DOCUMENT_BUDGET))
}

/// Milliseconds that 99 pages of a hundred may take, whichever the page; people at work.
const PAGE_MILLISECONDS: &str = "50";
const AT_WORK: &str = "200";

fn pages(workspace: &Workspace, options: &Options) -> Result<()> {
    let data = workspace.shared().join("data");
    let files = [
        "02-statistiques/fr-esr-parcoursup_2024.csv.zst",
        "02-statistiques/fr-esr-parcoursup_2025.csv.zst",
        "01-offre/offre-composee_2024-2025.csv.zst",
        "06-nomenclatures/mps_filieres_2024.csv.zst",
        "07-attendus-textes/mps_attendus-et-recommandations-eds_2024.json.zst",
    ];
    if !data.exists() {
        bail!("this bench reads the folder `shared` beside the repository, which is missing");
    }
    let mut command = workspace.example("mesure_pages")?;
    command.args([&options.seconds(60).to_string(), AT_WORK, PAGE_MILLISECONDS]);
    run(options.on_database(command.args(files.map(|file| data.join(file)))))
}

fn journal(workspace: &Workspace, options: &Options) -> Result<()> {
    let seconds = options.seconds(60).to_string();
    run(options.on_database(workspace.example("mesure_journal")?.args(["ecriture", &seconds, WRITES])))
}

fn journal_violation(workspace: &Workspace, options: &Options) -> Result<()> {
    let entries = options.entries.to_string();
    run(options.on_database(workspace.example("mesure_journal")?.args(["violation", &entries])))
}

/// Sessions whose offer is published as a file.
const YEARS: [u16; 6] = [2018, 2020, 2021, 2023, 2024, 2025];

fn import_offre() -> Vec<Step> {
    let open = Step {
        label: "session 2025 opened".to_owned(),
        arguments: ["session", "ouvrir", "2025"].map(str::to_owned).to_vec(),
        max_seconds: 5.0,
        max_mib: 256,
    };
    let import = |year: u16, label: &str, apply: bool| {
        let file = format!("{{shared}}/data/02-statistiques/fr-esr-parcoursup_{year}.csv.zst");
        let mut arguments = vec!["import".to_owned(), "offre".to_owned(), file];
        arguments.extend(apply.then(|| "--appliquer".to_owned()));
        Step { label: format!("{year}, {label}"), arguments, max_seconds: 5.0, max_mib: 256 }
    };
    let years = YEARS.into_iter().flat_map(|year| {
        [import(year, "dry run", false), import(year, "applied", true), import(year, "again", true)]
    });
    std::iter::once(open).chain(years).collect()
}

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Which one; none: list them
    name: Option<String>,
    /// PostgreSQL instead of a SQLite file: an empty database for `import-offre`, a server where databases may be created
    /// for `apprentissage`, `journal` and `pages`
    #[arg(long, value_name = "ADDRESS")]
    pub postgres: Option<String>,
    /// Seconds of the measure (each bench has its own default: 600 for `charge`)
    #[arg(long, value_name = "SECONDS")]
    duree: Option<u64>,
    /// Entries of the year of `journal-violation`
    #[arg(long, default_value_t = 5_000_000)]
    entries: u64,
    /// Sign-ins offered a second by `charge`
    #[arg(long, default_value_t = 900)]
    pub offered: u64,
}

impl Options {
    /// Seconds asked for, else those of the bench.
    pub fn seconds(&self, usual: u64) -> u64 {
        self.duree.unwrap_or(usual)
    }

    /// The examples that measure take the server of databases from the environment, as tests do.
    fn on_database<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match &self.postgres {
            Some(server) => command.arg("--postgres").env("PARCOURSUP_TEST_POSTGRES", server),
            None => command,
        }
    }
}

pub fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    let Some(name) = &options.name else {
        for bench in BENCHES {
            println!("{:<20} {}", bench.name, bench.what);
        }
        for (name, what, _) in LOADS {
            println!("{name:<20} {what}");
        }
        return Ok(());
    };
    if let Some((name, what, measure)) = LOADS.iter().find(|load| load.0 == name) {
        println!("{name} — {what}\n{}\n", machine(&workspace.root));
        let result = measure(workspace, options);
        println!("load average at the end: {}", load_average());
        return result;
    }
    let bench = BENCHES
        .iter()
        .find(|bench| bench.name == name)
        .with_context(|| format!("no bench named {name}: `cargo xtask bench` lists them"))?;
    let steps = (bench.steps)();
    let shared = workspace.shared();
    if steps.iter().any(|step| step.arguments.iter().any(|text| text.contains("{shared}")))
        && !shared.exists()
    {
        bail!("this bench reads the folder `shared` beside the repository, which is missing");
    }
    let binary = workspace.measured()?;
    let donnees = tempfile::tempdir().context("no temporary folder")?;
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let mut place = vec!["--donnees".to_owned(), donnees.path().display().to_string()];
    if let Some(address) = &options.postgres {
        place.extend(["--base".to_owned(), address.clone()]);
    }
    install(&binary, &place)?;
    println!("\n{} — {}\n{}\n", bench.name, bench.what, machine(&workspace.root));
    println!(
        "| step | seconds | of the processor | peak memory | budget | said |\n|---|---|---|---|---|---|"
    );
    let mut over = Vec::new();
    for step in steps {
        let mut command = product(&binary);
        command.args(step.arguments.iter().map(|text| filled(text, &shared))).args(&place);
        // Of the clock, on a busy machine.
        let limit = Duration::from_secs_f64(step.max_seconds * 100.0);
        let result = measure(&mut command, limit, scratch.path())?;
        let mib = result.peak_kib / 1024;
        println!(
            "| {} | {:.2} | {:.2} | {mib} MiB | {} s, {} MiB | {} |",
            step.label,
            result.seconds,
            result.cpu_seconds,
            step.max_seconds,
            step.max_mib,
            result.stdout.trim().lines().next_back().unwrap_or_default()
        );
        if !result.status.is_some_and(|status| status.success()) {
            bail!("step « {} » failed:\n{}{}", step.label, result.stdout, result.stderr);
        }
        if result.cpu_seconds > step.max_seconds || mib > step.max_mib {
            over.push(step.label);
        }
    }
    if !over.is_empty() {
        bail!("over budget: {}", over.join(", "));
    }
    Ok(())
}

/// The pure reading of grids, without a server nor a base.
fn grilles(workspace: &Workspace, _: &Options) -> Result<()> {
    run(Command::new(cargo())
        .args(["bench", "--quiet", "-p", "domain", "--bench", "grilles"])
        .current_dir(&workspace.root))
}

/// Keys and an empty, migrated base: without them the product does nothing.
pub fn install(binary: &Path, place: &[String]) -> Result<()> {
    for command in [&["cles", "creer"][..], &["migrer"]] {
        capture(product(binary).args(command).args(place))?;
    }
    Ok(())
}

fn filled(text: &str, shared: &Path) -> String {
    text.replace("{shared}", &shared.display().to_string())
}
