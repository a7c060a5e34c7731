//! `cargo xtask campagne NOM`: long campaigns, outside `test`. Bounded in cases and minutes, resumable, deterministic for
//! a seed; results kept in `docs/campagnes/NOM.jsonl` (state, one case a line) and `NOM.md` (report).

mod api;
mod attaque;
mod capacites;
mod chaines;
mod conformite;
mod coupures;
mod exigences;
mod fuzz;
mod hostile;
mod import_hostile;
mod journal;
mod mutations;
mod rng;
mod state;

use anyhow::{Result, bail};

use crate::workspace::Workspace;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Which one; none: list them
    name: Option<String>,
    /// Same seed, same cases
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many cases in all, those of earlier runs included
    #[arg(long, default_value_t = 110)]
    cases: u64,
    /// Stop after this many minutes; the next run goes on from there
    #[arg(long, default_value_t = 20)]
    minutes: u64,
    /// Size of the largest generated files, in MiB
    #[arg(long, default_value_t = 64)]
    max_mib: u64,
    /// Forget the results kept so far
    #[arg(long)]
    restart: bool,
}

pub fn campagne(workspace: &Workspace, options: &Options) -> Result<()> {
    match options.name.as_deref() {
        None => {
            println!(
                "api                  the interface of programs, called with all that its description allows"
            );
            println!(
                "attaque              stolen logins against a server, while people sign in as every day"
            );
            println!("capacites            real capacities, right and wrong, against the rule of likelihood");
            println!(
                "conformite           the conformance suite on sandboxes, with the reports that a vendor shows"
            );
            println!("coupures             days cut by kill -9 at random moments; two nodes on the same day");
            println!(
                "exigences            rules removed one at a time: the test of each requirement must fail"
            );
            println!("fuzz                 the readers of cases and what they feed, guided by coverage");
            println!("import-hostile       broken and hostile files given to `parcoursup import offre`");
            println!(
                "journal              random alterations of a sealed journal, each of which must be found"
            );
            println!("mutations            the engine changed one operator at a time: its tests must fail");
            Ok(())
        }
        Some("api") => api::run_campaign(workspace, options),
        Some("attaque") => attaque::run(workspace, options),
        Some("capacites") => capacites::run(workspace, options),
        Some("conformite") => conformite::run(workspace, options),
        Some("coupures") => coupures::run(workspace, options),
        Some("exigences") => exigences::run(workspace, options),
        Some("fuzz") => fuzz::run(workspace, options),
        Some("import-hostile") => import_hostile::run(workspace, options),
        Some("journal") => journal::run(workspace, options),
        Some("mutations") => mutations::run(workspace, options),
        Some(other) => bail!("no campaign named {other}: `cargo xtask campagne` lists them"),
    }
}
