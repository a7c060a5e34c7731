//! `cargo xtask test` and `cargo xtask bless`: everything, on both databases, with one closing line.

use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::postgres::Cluster;
use crate::process::{run, tee};
use crate::tally::{Tally, read_skips};
use crate::workspace::{TARGETS, Workspace, cargo, is_ci, which};
use crate::{e2e, setup};

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Leave the browser stories out
    #[arg(long)]
    no_e2e: bool,
    /// Only these packages (`-p domain -p store`); leaves doc tests and stories out
    #[arg(short, long)]
    package: Vec<String>,
    /// Only tests whose name contains one of these; leaves doc tests and stories out
    filter: Vec<String>,
}

impl Options {
    fn is_partial(&self) -> bool {
        !self.package.is_empty() || !self.filter.is_empty()
    }
}

pub fn test(workspace: &Workspace, options: &Options) -> Result<()> {
    run_all(workspace, options, false)
}

/// Runs the tests with `BLESS=1`: golden files are rewritten with what the code gives now. Review the diff.
pub fn bless(workspace: &Workspace, options: &Options) -> Result<()> {
    if is_ci() {
        bail!("golden files are not accepted in an integration run");
    }
    run_all(workspace, options, true)
}

struct Part {
    name: &'static str,
    tally: Tally,
    seconds: f64,
}

fn run_all(workspace: &Workspace, options: &Options, bless: bool) -> Result<()> {
    let shared = workspace.shared();
    let mut notes = Vec::new();
    if !shared.exists() {
        if is_ci() {
            bail!(
                "the folder `shared` beside the repository is missing: in an integration run this is a failure"
            );
        }
        notes.push("no folder `shared` beside the repository: tests on national data leave early".to_owned());
    }
    setup::setup(workspace)?;

    let started = Instant::now();
    // One build for all that follows: test and ordinary targets together, so that features and therefore crates are
    // resolved once, and the binary of the stories is the one beside the tests.
    let targets: &[&str] = if options.is_partial() { &["--bins", "--tests"] } else { &TARGETS };
    run(selected(Command::new(cargo()).arg("build"), options).args(targets).current_dir(&workspace.root))?;
    println!("xtask: built in {:.0} s", started.elapsed().as_secs_f64());

    let skips = std::env::temp_dir().join(format!("parcoursup-skips-{}", std::process::id()));
    let _skips_guard = {
        let skips = skips.clone();
        crate::cleanup::on_exit(move || {
            // Absent when no test left early.
            let _ = std::fs::remove_file(skips);
        })
    };
    let mut environment = vec![("PARCOURSUP_TEST_SKIPS", skips.display().to_string())];
    if bless {
        environment.push(("BLESS", "1".to_owned()));
    }
    let cluster = match std::env::var("PARCOURSUP_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => {
            println!("xtask: using the PostgreSQL of PARCOURSUP_TEST_POSTGRES");
            environment.push(("PARCOURSUP_TEST_POSTGRES", url));
            None
        }
        _ => {
            let cluster = Cluster::start()?;
            environment.push(("PARCOURSUP_TEST_POSTGRES", cluster.url()));
            Some(cluster)
        }
    };

    let mut parts = Vec::new();
    let mut code_part = rust_tests(workspace, options, &environment)?;
    let skipped = read_skips(&skips);
    code_part.tally.move_to_skipped(skipped.tests.len() as u64);
    parts.push(code_part);
    if !options.is_partial() && !bless {
        parts.push(part("doc tests", |tally| {
            tee(
                Command::new(cargo())
                    .args(["test", "--workspace", "--doc", "--no-fail-fast"])
                    .envs(environment.iter().cloned())
                    .current_dir(&workspace.root),
                |line| tally.read_line(line),
            )
        })?);
    }
    drop(cluster);
    if options.no_e2e {
        notes.push("browser stories left out (--no-e2e)".to_owned());
    } else if !options.is_partial() && !bless {
        parts.push(part("browser stories", |tally| e2e::run_stories(workspace, &[], tally))?);
    }
    close(&parts, &notes, &skipped)
}

fn close(parts: &[Part], notes: &[String], skipped: &crate::tally::Skips) -> Result<()> {
    println!("\n--- summary");
    let mut total = Tally::default();
    for part in parts {
        println!("{:<16} {} ({:.0} s)", part.name, part.tally, part.seconds);
        total += part.tally;
    }
    for note in notes.iter().chain(&skipped.reasons) {
        println!("skipped: {note}");
    }
    for test in &skipped.tests {
        println!("skipped test: {test}");
    }
    println!("{total}");
    if total.failed > 0 {
        // The closing line must stay the last one: exit without another message.
        crate::cleanup::release_all();
        std::process::exit(1);
    }
    if is_ci() && !skipped.tests.is_empty() {
        bail!("tests left early in an integration run");
    }
    Ok(())
}

fn rust_tests(workspace: &Workspace, options: &Options, environment: &[(&str, String)]) -> Result<Part> {
    let with_nextest = which("cargo-nextest").is_some();
    part("tests", |tally| {
        let mut command = Command::new(cargo());
        if with_nextest {
            command.args(["nextest", "run", "--no-fail-fast", "--no-tests=pass", "--status-level", "fail"]);
            command.args(["--final-status-level", "slow"]);
            selected(&mut command, options).args(&options.filter);
        } else {
            // `--tests` takes the unit tests of libraries and binaries too, and leaves documentation to its own part.
            selected(command.arg("test"), options).args(["--no-fail-fast", "--tests", "--"]);
            command.args(&options.filter);
        }
        tee(command.envs(environment.iter().cloned()).current_dir(&workspace.root), |line| {
            tally.read_line(line)
        })
    })
}

fn selected<'a>(command: &'a mut Command, options: &Options) -> &'a mut Command {
    if options.package.is_empty() {
        command.arg("--workspace")
    } else {
        for package in &options.package {
            command.args(["-p", package]);
        }
        command
    }
}

fn part(
    name: &'static str,
    body: impl FnOnce(&mut Tally) -> Result<std::process::ExitStatus>,
) -> Result<Part> {
    println!("\n--- {name}");
    let started = Instant::now();
    let mut tally = Tally::default();
    let status = body(&mut tally).with_context(|| format!("{name} could not run"))?;
    if !status.success() && tally.failed == 0 {
        // A crash or a build failure has no closing line: it still is one failure.
        tally.failed = 1;
    }
    Ok(Part { name, tally, seconds: started.elapsed().as_secs_f64() })
}
