//! `cargo xtask e2e`: the stories in a real browser, and the pictures kept from them.

use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, bail};

use crate::process::{run, tee};
use crate::setup;
use crate::tally::Tally;
use crate::workspace::{TARGETS, Workspace, cargo};

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only the stories whose file name contains one of these
    story: Vec<String>,
}

pub fn e2e(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::setup(workspace)?;
    run(Command::new(cargo()).args(["build", "--workspace"]).args(TARGETS).current_dir(&workspace.root))?;
    told(run_stories(workspace, &options.story, &mut Tally::default())?)
}

/// Takes the pictures of the guides again: the same stories, which then write instead of comparing.
pub fn captures(workspace: &Workspace) -> Result<()> {
    setup::setup(workspace)?;
    run(Command::new(cargo()).args(["build", "--workspace"]).args(TARGETS).current_dir(&workspace.root))?;
    let mut stories = stories(workspace, &["97-guide".to_owned(), "98-guide".to_owned()])?;
    told(tee(stories.env("PARCOURSUP_E2E_CAPTURES", "1").env("PARCOURSUP_E2E_LANES", "1"), |_| {})?)
}

fn told(status: ExitStatus) -> Result<()> {
    if !status.success() {
        crate::cleanup::release_all();
        std::process::exit(1);
    }
    Ok(())
}

/// Runs the stories on the binary of the dev profile, which must have been built.
pub fn run_stories(workspace: &Workspace, stories: &[String], tally: &mut Tally) -> Result<ExitStatus> {
    tee(&mut self::stories(workspace, stories)?, |line| tally.read_line(line))
}

fn stories(workspace: &Workspace, stories: &[String]) -> Result<Command> {
    let chromium = setup::chromium().context("no Chromium found: run `cargo xtask setup`")?;
    let mut command = Command::new("node");
    command
        .arg("run.mjs")
        .args(stories)
        .env("PARCOURSUP_BIN", workspace.binary("debug"))
        .env("PARCOURSUP_CHROMIUM", chromium)
        .current_dir(workspace.root.join("e2e"));
    Ok(command)
}

#[derive(Debug, clap::Args)]
pub struct ImageOptions {
    /// Names of pictures in e2e/out, without `.png`; none: list them
    name: Vec<String>,
}

/// Copies chosen screenshots into docs/images, where the documentation shows them.
pub fn images(workspace: &Workspace, options: &ImageOptions) -> Result<()> {
    let from = workspace.root.join("e2e/out");
    let to = workspace.root.join("docs/images");
    if options.name.is_empty() {
        let entries = std::fs::read_dir(&from).context("no e2e/out: run `cargo xtask e2e` first")?;
        let mut names: Vec<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".png").map(str::to_owned))
            .collect();
        names.sort();
        for name in names {
            println!("{name}");
        }
        return Ok(());
    }
    std::fs::create_dir_all(&to)?;
    for name in &options.name {
        let source = from.join(format!("{name}.png"));
        if !source.exists() {
            bail!("no picture {name} in e2e/out: `cargo xtask images` lists them");
        }
        std::fs::copy(&source, to.join(format!("{name}.png")))?;
        println!("docs/images/{name}.png");
    }
    Ok(())
}
