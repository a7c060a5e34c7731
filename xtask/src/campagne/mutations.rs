//! Mutants of the engine: one operator, one constant, one body changed at a time; the tests of the crate must see it. Cut into
//! shards, one after the other: a run stops between two of them and the next goes on.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Options;
use super::state::State;
use crate::measure::machine;
use crate::process::{capture, run as run_command, status};
use crate::workspace::{Workspace, cargo};

const NAME: &str = "mutations";
/// What is changed: the call orders, the propositions, their independent verifier and the explanations. Not the names of statuses
/// and refusals, which the cases of the exchange format check outside the crate.
const SOURCES: [&str; 4] = [
    "crates/engine/src/bits.rs",
    "crates/engine/src/ordre_appel/**",
    "crates/engine/src/propositions/**",
    "crates/engine/src/explication/**",
];
const LEFT_OUT: [&str; 1] = ["crates/engine/src/propositions/refus.rs"];
/// Each is a sample of all the files: what some of them show holds for the others.
const SHARDS: u64 = 24;
/// Seconds that the tests may take on a mutant; a loop without end is seen too.
const TIMEOUT: u64 = 40;
/// Of `Cargo.toml`: compiling a mutant there costs no more than testing it.
const PROFILE: &str = "mutants";
/// Of `.config/nextest.toml`: the quickest tests first, and the first failure ends the run.
const NEXTEST: &str = "mutants";
/// In a hundred.
const AIM: u64 = 95;

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let parameters = json!({
        "shards": SHARDS, "timeout_seconds": TIMEOUT, "profile": PROFILE, "sources": SOURCES, "left_out": LEFT_OUT,
    });
    let mut state = State::open(workspace, NAME, &parameters, options.restart)?;
    if capture(Command::new(cargo()).args(["mutants", "--version"])).is_err() {
        run_command(Command::new(cargo()).args(["install", "cargo-mutants", "--locked"]))?;
    }
    let begun = Instant::now();
    let limit = Duration::from_secs(options.minutes * 60);
    let place = machine(&workspace.root);
    let folder = workspace.target.join("mutations");
    // That the tests pass without a mutant has to be seen once.
    let mut baseline = "run";
    while let Some(shard) = (0..SHARDS).find(|n| state.done.iter().all(|case| case["shard"] != json!(n))) {
        if begun.elapsed() >= limit {
            println!("{NAME}: {} of {SHARDS} shards; run it again to go on", state.done.len());
            break;
        }
        let output = folder.join(format!("shard-{shard}"));
        std::fs::create_dir_all(&output)?;
        let start = Instant::now();
        let mut command = Command::new(cargo());
        command
            .args(["mutants", "--package", "engine", "--test-package", "engine", "--test-tool", "nextest"])
            .args(["--no-shuffle", "--colors", "never", "--jobs", "1", "--profile", PROFILE])
            .args(["--sharding", "round-robin"])
            .arg(format!("--shard={shard}/{SHARDS}"))
            .arg(format!("--timeout={TIMEOUT}"))
            .arg(format!("--baseline={baseline}"))
            .arg("--output")
            .arg(&output)
            // What the crate depends on is compiled once for all the shards.
            .env("CARGO_TARGET_DIR", folder.join("target"))
            .env("NEXTEST_PROFILE", NEXTEST)
            .current_dir(&workspace.root);
        for source in SOURCES {
            command.args(["--file", source]);
        }
        for source in LEFT_OUT {
            command.args(["--exclude", source]);
        }
        // Survivors are a result, not a failure of the tool.
        let ended = status(&mut command)?;
        let lines = |name: &str| read(&output.join("mutants.out").join(name));
        let (caught, missed, late) = (lines("caught.txt")?, lines("missed.txt")?, lines("timeout.txt")?);
        if caught.is_empty() && missed.is_empty() {
            bail!("cargo-mutants ended with {ended} and no mutant: see {}", output.display());
        }
        baseline = "skip";
        state.push(json!({
            "shard": shard, "seconds": start.elapsed().as_secs(), "caught": caught.len(), "timeout": late.len(),
            "unviable": lines("unviable.txt")?.len(), "missed": missed, "place": place,
        }))?;
        let (text, _) = report(&state.done, &parameters);
        state.write_report(&text)?;
    }
    let (text, score) = report(&state.done, &parameters);
    state.write_report(&text)?;
    if state.done.len() as u64 == SHARDS && score < AIM {
        bail!("{score} % of the mutants are seen, {AIM} % are wanted: see docs/campagnes/{NAME}.md");
    }
    Ok(())
}

fn read(file: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(text.lines().map(str::to_owned).collect())
}

/// The report, and how many mutants in a hundred are seen.
fn report(done: &[Value], parameters: &Value) -> (String, u64) {
    let sum = |key: &str| done.iter().filter_map(|case| case[key].as_u64()).sum::<u64>();
    let missed: Vec<&str> =
        done.iter().flat_map(|case| case["missed"].as_array()).flatten().filter_map(Value::as_str).collect();
    let seen = sum("caught") + sum("timeout");
    let all = seen + missed.len() as u64;
    let score = (seen * 100).checked_div(all).unwrap_or(0);
    let machines: std::collections::BTreeSet<&str> =
        done.iter().filter_map(|case| case["place"].as_str()).collect();
    let mut text = format!(
        "# Campaign {NAME}\n\nGenerated by `cargo xtask campagne {NAME}`; do not edit. Parameters: `{parameters}`.\n\
         Machine: {}.\n\nEach mutant is one change of the source of `crates/engine`; the tests of that crate alone must fail, or \
         never end. Those that do not compile are left out.\n\n\
         | shards | mutants | seen by a test | by the time limit | not seen | score | do not compile | seconds |\n\
         |---|---|---|---|---|---|---|---|\n\
         | {} of {SHARDS} | {all} | {} | {} | {} | {score} % | {} | {} |\n",
        machines.into_iter().collect::<Vec<_>>().join("; "),
        done.len(),
        sum("caught"),
        sum("timeout"),
        missed.len(),
        sum("unviable"),
        sum("seconds"),
    );
    if !missed.is_empty() {
        text.push_str("\n## Not seen\n\nWhat each of them would change, and why it is left, is in `docs/moteur.md`.\n\n");
        for mutant in missed {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "- `{mutant}`");
        }
    }
    (text, score)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_counts_those_that_never_end_as_seen_and_names_the_others() {
        let done = [
            json!({ "shard": 0, "caught": 8, "timeout": 1, "unviable": 3, "missed": ["a.rs:1: replace + with -"] }),
            json!({ "shard": 1, "caught": 10, "timeout": 0, "unviable": 0, "missed": [] }),
        ];
        let (text, score) = report(&done, &json!({}));
        assert_eq!(score, 95);
        assert!(text.contains("| 2 of 24 | 20 | 18 | 1 | 1 | 95 % | 3 |"), "{text}");
        assert!(text.contains("- `a.rs:1: replace + with -`"), "{text}");
    }
}
