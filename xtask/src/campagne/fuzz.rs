//! The readers of cases of the engine under libFuzzer: lines, and Arrow columns. The targets are in `fuzz/`, outside the
//! workspace; what was found interesting is kept in the build folder and taken up again by the next run.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Options;
use super::state::State;
use crate::measure::machine;
use crate::process::{capture, run as run_command, spawn};
use crate::workspace::{Workspace, cargo, product};

const NAME: &str = "fuzz";
/// Targets, what each is given, the ending of its seeds.
const TARGETS: [(&str, &str, &str); 2] = [
    ("lignes", "lines of cases: read, computed, verified, put into columns and back", "jsonl"),
    ("colonnes", "files of cases, Arrow columns above all: read, computed, verified", "arrow"),
];
/// Bytes of an input, and of the seeds: small ones are many a second.
const MAX_LEN: usize = 16 * 1024;
const MAX_SEED: usize = 6 * 1024;
/// Seeds of one file.
const SEEDS: usize = 150;
/// Seconds and MiB of one input, beyond which it is a finding.
const TIMEOUT: u64 = 10;
const RSS_MIB: u64 = 2048;
/// A target that keeps falling into the same hole teaches nothing more.
const MAX_FINDINGS: usize = 3;

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let parameters = json!({
        "seed": options.seed, "max_len": MAX_LEN, "timeout_seconds": TIMEOUT, "rss_mib": RSS_MIB, "sanitizer": "address",
    });
    let mut state = State::open(workspace, NAME, &parameters, options.restart)?;
    if !succeeds(Command::new(cargo()).args(["fuzz", "--version"])) {
        run_command(Command::new(cargo()).args(["install", "cargo-fuzz", "--locked"]))?;
    }
    let folder = workspace.target.join("fuzz");
    let corpora = folder.join("corpus");
    if options.restart && corpora.exists() {
        std::fs::remove_dir_all(&corpora)?;
    }
    seeds(workspace, &corpora)?;
    let host = host()?;
    for (target, _, _) in TARGETS {
        // The coverage and the sanitizer are options that stable does not give by itself.
        run_command(
            Command::new(cargo())
                .args(["fuzz", "build", target, "--target-dir"])
                .arg(&folder)
                .env("RUSTC_BOOTSTRAP", "1")
                .current_dir(workspace.root.join("fuzz")),
        )?;
    }
    // Compiling is not counted.
    let share = Duration::from_secs(options.minutes * 60 / TARGETS.len() as u64);
    let place = machine(&workspace.root);
    for (target, _, _) in TARGETS {
        let binary = folder.join(&host).join("release").join(target);
        let seed = options.seed + state.done.len() as u64;
        let mut result =
            fuzz(&binary, &corpora.join(target), &folder.join("findings").join(target), seed, share)?;
        result["target"] = json!(target);
        result["place"] = json!(place);
        println!("{target}: {result}");
        state.push(result)?;
    }
    let (text, findings) = report(&state.done, &parameters, &place);
    state.write_report(&text)?;
    // What an earlier run found may be mended since: this one says whether it is.
    let last = &state.done[state.done.len() - TARGETS.len()..];
    let bad: usize = last.iter().map(|case| case["findings"].as_array().map_or(0, Vec::len)).sum();
    println!("{findings} findings in all runs, {bad} in this one");
    if bad > 0 {
        bail!("see docs/campagnes/{NAME}.md; inputs are in {}", folder.join("findings").display());
    }
    Ok(())
}

fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn host() -> Result<String> {
    let text = capture(Command::new("rustc").arg("-vV"))?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}

/// Writes small cases as first inputs, in both forms, and the words of the lines; only once, since a corpus grows.
fn seeds(workspace: &Workspace, corpora: &Path) -> Result<()> {
    if corpora.exists() {
        return Ok(());
    }
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let convert = converter(workspace)?;
    let mut sources = vec![workspace.root.join("crates/moteur/tests/cas/exemples.jsonl")];
    // More of them where the shared data is.
    for name in ["ordre_appel.jsonl.gz", "propositions.jsonl.gz"] {
        let source = workspace.shared().join("oracle").join(name);
        sources.extend(source.exists().then_some(source));
    }
    let mut lines = BTreeSet::new();
    for (n, source) in sources.iter().enumerate() {
        let plain = scratch.path().join(format!("{n}.jsonl"));
        convert(source, &plain)?;
        let text = std::fs::read_to_string(&plain)?;
        lines.extend(text.lines().filter(|line| line.len() <= MAX_SEED).take(SEEDS).map(str::to_owned));
    }
    // Put in place at the end: a run cut here begins again.
    let made = scratch.path().join("corpus");
    for (target, _, _) in TARGETS {
        std::fs::create_dir_all(made.join(target))?;
    }
    for (n, line) in lines.iter().enumerate() {
        let file = made.join("lignes").join(format!("seed-{n}.jsonl"));
        std::fs::write(&file, format!("{line}\n"))?;
        convert(&file, &made.join("colonnes").join(format!("seed-{n}.arrow")))?;
    }
    std::fs::write(made.join("words"), words(&lines))?;
    std::fs::create_dir_all(corpora.parent().unwrap_or(corpora))?;
    capture(Command::new("cp").arg("-r").args([made.as_path(), corpora]))?;
    println!("{NAME}: {} seeds", lines.len());
    Ok(())
}

type Convert = Box<dyn Fn(&Path, &Path) -> Result<()>>;

/// `moteur convertir`: of the binary that is given, else of the crate alone, which is quicker to build than the product.
fn converter(workspace: &Workspace) -> Result<Convert> {
    let (program, before): (PathBuf, &[&str]) = match std::env::var_os("PARCOURSUP_BIN") {
        Some(given) => (given.into(), &["moteur"]),
        None => {
            run_command(
                Command::new(cargo())
                    .args(["build", "--quiet", "-p", "moteur", "--example", "moteur"])
                    .current_dir(&workspace.root),
            )?;
            (workspace.target.join("debug/examples/moteur"), &[])
        }
    };
    Ok(Box::new(move |from, to| {
        capture(product(&program).args(before).arg("convertir").args([from, to])).map(drop)
    }))
}

/// Quoted words of the lines, as a dictionary of libFuzzer: keys and statuses, that chance would not spell.
fn words(lines: &BTreeSet<String>) -> String {
    let quoted: BTreeSet<&str> = lines.iter().flat_map(|line| line.split('"').skip(1).step_by(2)).collect();
    let plain = |word: &&&str| {
        (2..=40).contains(&word.len()) && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    quoted.iter().filter(plain).fold(String::new(), |mut text, word| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\"\\\"{word}\\\"\"");
        text
    })
}

/// Runs one target until its time is over, and again after each finding.
fn fuzz(binary: &Path, corpus: &Path, findings: &Path, seed: u64, share: Duration) -> Result<Value> {
    std::fs::create_dir_all(findings)?;
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let (begun, mut executions, mut found) = (Instant::now(), 0, Vec::new());
    let mut seen = Seen::default();
    while found.len() < MAX_FINDINGS {
        let left = share.saturating_sub(begun.elapsed()).as_secs();
        if left == 0 {
            break;
        }
        let log = scratch.path().join("log");
        let mut command = Command::new(binary);
        command
            .arg(corpus)
            .arg(format!("-dict={}", corpus.with_file_name("words").display()))
            .arg(format!("-artifact_prefix={}/", findings.display()))
            .args([
                format!("-max_total_time={left}"),
                format!("-max_len={MAX_LEN}"),
                format!("-timeout={TIMEOUT}"),
                format!("-rss_limit_mb={RSS_MIB}"),
                // The same seed after a finding would lead to it again.
                format!("-seed={}", seed * 1_000 + found.len() as u64 + 1),
            ])
            .args(["-print_final_stats=1", "-detect_leaks=0"])
            .stdout(Stdio::null())
            .stderr(Stdio::from(File::create(&log)?));
        let (mut child, _guard) = spawn(&mut command)?;
        let status = child.wait()?;
        let said = String::from_utf8_lossy(&std::fs::read(&log)?).into_owned();
        seen.read(&said);
        executions += stat(&said, "number_of_executed_units").unwrap_or(seen.last);
        if !status.success() {
            found.push(json!(finding(&said)));
        }
    }
    Ok(json!({
        "seconds": begun.elapsed().as_secs(), "executions": executions, "edges": seen.edges, "features": seen.features,
        "inputs": std::fs::read_dir(corpus)?.count(), "peak_mib": seen.peak, "findings": found,
    }))
}

/// What the status lines tell: edges of the program reached, finer features, the last count.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    edges: u64,
    features: u64,
    last: u64,
    peak: u64,
}

impl Seen {
    fn read(&mut self, said: &str) {
        self.last = 0;
        for line in said.lines().filter(|line| line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let after =
                |name: &str| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1));
            let number = |text: Option<&&str>| text.and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
            self.edges = self.edges.max(number(after("cov:")));
            self.features = self.features.max(number(after("ft:")));
            self.last = number(words.first().and_then(|word| word.strip_prefix('#')).as_ref()).max(self.last);
        }
        self.peak = self.peak.max(stat(said, "peak_rss_mb").unwrap_or(0));
    }
}

fn stat(said: &str, name: &str) -> Option<u64> {
    let line =
        said.lines().find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name)?.strip_prefix(':'));
    line?.trim().parse().ok()
}

/// What stopped the program, in one line: the place of the panic if there is one, the verdict, the file of the input.
fn finding(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).collect();
    let panic = lines.iter().position(|line| line.contains("panicked at"));
    let panic = panic.map(|at| lines[at..].iter().take(2).copied().collect::<Vec<_>>().join(" "));
    let summary =
        lines.iter().find(|line| line.starts_with("SUMMARY:")).copied().unwrap_or("ended without a word");
    let input = lines.iter().find_map(|line| line.rsplit_once("Test unit written to ").map(|(_, path)| path));
    let input = input.and_then(|path| path.rsplit('/').next()).unwrap_or("no input kept");
    format!("{}{summary}; {input}", panic.map_or_else(String::new, |panic| format!("{panic}; ")))
}

fn report(done: &[Value], parameters: &Value, machine: &str) -> (String, usize) {
    let mut report = format!(
        "# Campaign {NAME}\n\nGenerated by `cargo xtask campagne {NAME}`; do not edit. Parameters: `{parameters}`.\n\
         Machine: {machine}.\n\nTargets of libFuzzer in `fuzz/`, with the address sanitizer, debug assertions and overflow checks. \
         Inputs kept by a run are where the next begins. Edges are those of the whole program that an input reaches, its \
         dependencies included.\n\n"
    );
    for (target, what, _) in TARGETS {
        // Writing to a String cannot fail.
        let _ = writeln!(report, "- `{target}`: {what}");
    }
    report.push_str(
        "\n| run | target | seconds | executions | a second | edges | features | inputs kept | peak memory | findings |\n\
         |---|---|---|---|---|---|---|---|---|---|\n",
    );
    let mut findings = Vec::new();
    for (n, case) in done.iter().enumerate() {
        let number = |key: &str| case[key].as_u64().unwrap_or(0);
        let run = n / TARGETS.len() + 1;
        let target = case["target"].as_str().unwrap_or_default();
        let here: Vec<&str> =
            case["findings"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let _ = writeln!(
            report,
            "| {run} | {target} | {} | {} | {} | {} | {} | {} | {} MiB | {} |",
            number("seconds"),
            number("executions"),
            number("executions") / number("seconds").max(1),
            number("edges"),
            number("features"),
            number("inputs"),
            number("peak_mib"),
            here.len()
        );
        findings.extend(here.into_iter().map(|text| format!("- run {run}, {target}: {text}\n")));
    }
    if !findings.is_empty() {
        report.push_str("\n## Findings\n\n");
        report.extend(findings.iter().map(String::as_str));
    }
    (report, findings.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "#2\tINITED cov: 100 ft: 120 corp: 1/2b exec/s: 0 rss: 40Mb\n\
        #900\tNEW    cov: 150 ft: 300 corp: 3/9b lim: 4 exec/s: 30 rss: 41Mb L: 1/2 MS: 1 EraseBytes-\n\
        #1024\tDONE   cov: 150 ft: 300 corp: 3/9b lim: 4 exec/s: 30 rss: 41Mb\n\
        stat::number_of_executed_units: 1024\nstat::peak_rss_mb:              41\n";

    #[test]
    fn what_libfuzzer_prints_is_read() {
        let mut seen = Seen::default();
        seen.read(SAID);
        assert_eq!(seen, Seen { edges: 150, features: 300, last: 1024, peak: 41 });
        assert_eq!(stat(SAID, "number_of_executed_units"), Some(1024));
    }

    #[test]
    fn a_finding_is_one_line() {
        let said = "thread '<unnamed>' panicked at src/x.rs:3:4:\nattempt to add with overflow\n\
                    SUMMARY: libFuzzer: deadly signal\nartifact_prefix='/x/'; Test unit written to /x/crash-12\n";
        assert_eq!(
            finding(said),
            "thread '<unnamed>' panicked at src/x.rs:3:4: attempt to add with overflow; SUMMARY: libFuzzer: deadly signal; crash-12"
        );
    }

    #[test]
    fn words_are_those_between_quotes() {
        let lines = ["{\"cas\":\"PP-1\",\"rang_appel\":3}".to_owned()].into();
        assert_eq!(words(&lines), "\"\\\"cas\\\"\"\n\"\\\"rang_appel\\\"\"\n");
    }
}
