//! The project's own commands: `cargo xtask help` lists them. CI runs the same ones.

mod api;
mod apprentissage;
mod bench;
mod campagne;
mod cleanup;
mod e2e;
mod http;
mod lint;
mod load;
mod measure;
mod moteur;
mod place;
mod postgres;
mod process;
mod served;
mod setup;
mod tally;
mod test;
mod texts;
mod workspace;

use anyhow::Result;
use clap::{Parser, Subcommand};

use workspace::Workspace;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    about = "Build, test and look after Parcoursup",
    disable_help_subcommand = false
)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what the tests need and lack (PostgreSQL, Chromium, fonts, npm packages)
    Setup,
    /// Say what is there and what lacks, without installing anything
    Doctor,
    /// Run every test: code on both databases, documentation, browser stories
    Test(test::Options),
    /// Format, clippy, forbidden dependencies, forbidden texts, large files
    Lint(lint::Options),
    /// Measure a command of the product in release
    Bench(bench::Options),
    /// Accept what golden-file tests give now (BLESS=1)
    Bless(test::Options),
    /// Run the browser stories
    E2e(e2e::Options),
    /// Take the pictures of the guides again, from the stories 97-guide and 98-guide
    Captures,
    /// Copy chosen screenshots from e2e/out to docs/images
    Images(e2e::ImageOptions),
    /// Run a long campaign outside `test`: bounded, resumable, results kept in docs/campagnes
    Campagne(campagne::Options),
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    cleanup::install_handler()?;
    let workspace = Workspace::find()?;
    let result = match &arguments.command {
        Task::Setup => setup::setup(&workspace),
        Task::Doctor => setup::doctor(&workspace),
        Task::Test(options) => test::test(&workspace, options),
        Task::Lint(options) => lint::lint(&workspace, options),
        Task::Bench(options) => bench::bench(&workspace, options),
        Task::Bless(options) => test::bless(&workspace, options),
        Task::E2e(options) => e2e::e2e(&workspace, options),
        Task::Captures => e2e::captures(&workspace),
        Task::Images(options) => e2e::images(&workspace, options),
        Task::Campagne(options) => campagne::campagne(&workspace, options),
    };
    // What a thread still at work holds too.
    cleanup::release_all();
    result
}
