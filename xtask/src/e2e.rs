//! `cargo xtask e2e`: the stories in a real browser, and the pictures kept from them.

use std::process::{Command, ExitStatus};

use anyhow::{Context, Result, bail};

use crate::process::{run, tee};
use crate::setup;
use crate::tally::Tally;
use crate::workspace::{Workspace, cargo};

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only the stories whose file name contains one of these
    story: Vec<String>,
}

pub fn e2e(workspace: &Workspace, options: &Options) -> Result<()> {
    setup::setup(workspace)?;
    run(Command::new(cargo())
        .args(["build", "--workspace", "--bins", "--tests"])
        .current_dir(&workspace.root))?;
    let mut tally = Tally::default();
    let status = run_stories(workspace, &options.story, &mut tally)?;
    if !status.success() {
        crate::cleanup::release_all();
        std::process::exit(1);
    }
    Ok(())
}

/// Runs the stories on the binary of the dev profile, which must have been built.
pub fn run_stories(workspace: &Workspace, stories: &[String], tally: &mut Tally) -> Result<ExitStatus> {
    let chromium = setup::chromium().context("no Chromium found: run `cargo xtask setup`")?;
    tee(
        Command::new("node")
            .arg("run.mjs")
            .args(stories)
            .env("PARCOURSUP_BIN", workspace.binary("debug"))
            .env("PARCOURSUP_CHROMIUM", chromium)
            .current_dir(workspace.root.join("e2e")),
        |line| tally.read_line(line),
    )
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
