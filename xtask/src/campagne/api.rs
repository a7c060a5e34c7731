//! F-45: the interface of programs, called with what its own description allows and with what it forbids, by a property-based
//! tool that knows nothing else of it. Nothing may answer 5xx, nor anything that the description does not announce. The tool makes
//! each call for itself; chains, beside, feed one answer to the next call (`chaines`).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Options;
use super::chaines::World;
use super::state::State;
use crate::http::Client;
use crate::measure::machine;
use crate::process::run;
use crate::served::Served;
use crate::workspace::{Workspace, which};

const NAME: &str = "api";
/// The tool, at one version: another one may generate other cases.
const TOOL: &str = "schemathesis==4.32.5";
/// Cases of the whole campaign, unless told otherwise.
const CASES: u64 = 100_000;
/// Seconds of a slice: what a stop loses at most.
const SLICE: u64 = 300;
/// Chains of the whole campaign.
const CHAINS: u64 = 2_000;
/// Chains of a line of the state.
const BATCH: u64 = 100;
/// What each answer is held against.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,\
                      response_schema_conformance,unsupported_method,missing_required_header,ignored_auth";

/// The tool in a folder of its own, installed by the language's own client.
fn tool(workspace: &Workspace) -> Result<PathBuf> {
    let dir = workspace.target.join("xtask/schemathesis");
    let program = dir.join("bin/schemathesis");
    if !program.exists() {
        if which("python3").is_none() {
            bail!("this campaign needs Python 3 (package python3-venv)");
        }
        run(Command::new("python3").args(["-m", "venv"]).arg(&dir))?;
        run(Command::new(dir.join("bin/pip")).args(["install", "--quiet", TOOL]))?;
    }
    Ok(program)
}

/// A sandbox, and the file that tells the tool which objects exist in it.
fn prepare(served: &Served, dir: &Path) -> Result<PathBuf> {
    let bac = served.sandbox()?;
    let text = |v: &Value| v.as_str().map(str::to_owned).context("a sandbox without what it is made of");
    let (token, house) = (text(&bac["jeton"])?, text(&bac["etablissement"])?);
    let course = text(&bac["formations"][0]["id"])?;
    let mut client = Client::new(served.address, "127.0.0.1");
    client.bearer = Some(token.clone());
    let read = client.get(&format!("/api/v1/sessions/{}/formations/{course}/capacites", bac["annee"]))?;
    let group = text(&serde_json::from_str::<Value>(&read.body)?["groupes"][0]["groupe"])?;
    let mut file = format!(
        "headers = {{ Authorization = \"Bearer {token}\" }}\n\n[parameters]\nannee = {}\n\n\
         [checks]\nmissing_required_header.expected-statuses = [400, 401, 403, 404, 415, 428]\n",
        bac["annee"]
    );
    for (part, id) in [("formations", &course), ("etablissements", &house), ("groupes", &group)] {
        write!(
            file,
            "\n[[operations]]\ninclude-path-regex = \"/{part}/[{{]id[}}]\"\nparameters = {{ id = \"{id}\" }}\n"
        )?;
    }
    let path = dir.join("schemathesis.toml");
    std::fs::write(&path, file)?;
    Ok(path)
}

/// « 17323 generated, 23 found 23 unique failures ».
fn count(output: &str, after: &str) -> Option<u64> {
    let line = output.lines().find(|l| l.contains(after))?;
    line.split(after).next()?.split_whitespace().next_back()?.parse().ok()
}

fn slice(program: &Path, served: &Served, config: &Path, seed: u64, seconds: u64) -> Result<Value> {
    let begun = Instant::now();
    let output = Command::new(program)
        .arg("--config-file")
        .arg(config)
        .arg("run")
        .arg(format!("http://{}/api/v1/openapi.json", served.address))
        .args(["--phases", "coverage,fuzzing", "--continue-on-failure", "--checks", CHECKS])
        // These two would put the sandbox away from under the others.
        .args(["--exclude-operation-id", "remettre_a_zero", "--exclude-operation-id", "ouvrir_bac_a_sable"])
        .args(["--seed", &seed.to_string(), "--max-time", &seconds.to_string(), "--warnings", "off"])
        .env("NO_COLOR", "1")
        // It keeps a folder of its own where it runs.
        .current_dir(config.parent().unwrap_or(Path::new(".")))
        .output()
        .context("the tool cannot be run")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let generated = count(&text, " generated").context(text.clone())?;
    let failures: Vec<&str> = text.lines().filter(|l| l.trim_start().starts_with("- ST")).collect();
    if !output.status.success() {
        eprintln!("{text}");
    }
    Ok(json!({
        "seed": seed,
        "cases": generated,
        "seconds": begun.elapsed().as_secs(),
        "passed": output.status.success(),
        "failures": failures,
    }))
}

pub fn run_campaign(workspace: &Workspace, options: &Options) -> Result<()> {
    let wanted = if options.cases > 1_000 { options.cases } else { CASES };
    let program = tool(workspace)?;
    let binary = workspace.measured()?;
    let mut state =
        State::open(workspace, NAME, &json!({ "seed": options.seed, "tool": TOOL }), options.restart)?;
    let settings = [
        ("PARCOURSUP_DEBITS_LECTURES_API", "1000000".to_owned()),
        ("PARCOURSUP_DEBITS_ECRITURES_API", "1000000".to_owned()),
        ("PARCOURSUP_DEBITS_IMPORTS", "100000".to_owned()),
        ("PARCOURSUP_DEBITS_EXPORTS", "1000,1000".to_owned()),
    ];
    let served = Served::start_with(&binary, "parametrage", &settings, &["--bac-a-sable"])?;
    let dir = tempfile::tempdir()?;
    let config = prepare(&served, dir.path())?;
    let end = Instant::now() + Duration::from_secs(options.minutes * 60);
    let mut world = World::open(&served)?;
    while sum(&state.done, "chains") < CHAINS && Instant::now() < end {
        let first = sum(&state.done, "chains");
        let case = world.run(options.seed, first, BATCH.min(CHAINS - first));
        println!("chains from {first}: {} calls, passed: {}", case["calls"], case["passed"]);
        state.push(case)?;
    }
    while sum(&state.done, "cases") < wanted && Instant::now() < end {
        let left = end.saturating_duration_since(Instant::now()).as_secs().max(30);
        let seed = options.seed + slices(&state.done);
        let case = slice(&program, &served, &config, seed, left.min(SLICE))?;
        println!("seed {seed}: {} cases in {} s, passed: {}", case["cases"], case["seconds"], case["passed"]);
        state.push(case)?;
    }
    let (report, failed) = report(&state.done, wanted, &machine(&workspace.root));
    state.write_report(&report)?;
    print!("{report}");
    if failed == 0 { Ok(()) } else { bail!("the interface answered what it does not announce") }
}

fn sum(done: &[Value], what: &str) -> u64 {
    done.iter().filter_map(|c| c[what].as_u64()).sum()
}

/// Lines of the state that are slices of the tool.
fn slices(done: &[Value]) -> u64 {
    u64::try_from(done.iter().filter(|c| c["cases"].is_u64()).count()).unwrap_or(0)
}

/// The report, and how many lines of the state failed.
fn report(done: &[Value], wanted: u64, machine: &str) -> (String, usize) {
    let failed = |what: &'static str| {
        done.iter().filter(move |c| c[what].is_u64() && c["passed"] != true).collect::<Vec<&Value>>()
    };
    let (tool, chains) = (failed("cases"), failed("chains"));
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for (kind, count) in done.iter().filter_map(|c| c["kinds"].as_object()).flatten() {
        *kinds.entry(kind).or_default() += count.as_u64().unwrap_or(0);
    }
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    let mut report = format!(
        "# The interface, called by what its description says (F-45)\n\n`cargo xtask campagne api`, {machine}, {TOOL}.\n\n\
         {} cases of {wanted}, {} slices; checks: {CHECKS}.\n\nSlices with a failure: {}.\n",
        sum(done, "cases"),
        slices(done),
        tool.len()
    );
    // Writing to a String cannot fail.
    for case in &tool {
        let _ = writeln!(report, "- seed {}: {}", case["seed"], case["failures"]);
    }
    let faults: Vec<&Value> = chains.iter().filter_map(|c| c["failures"].as_array()).flatten().collect();
    let _ = write!(
        report,
        "\n## Chains\n\nWhat one answer gives feeds the next call: read, written under the version that was read, read again, sent \
         again under the same key (the same answer, to the number of its receipt), something else under that key (409), under a \
         version that is stale (412, and nothing is written).\n\n{} chains of {CHAINS}, {} calls: {}.\n\nChains with a failure: \
         {}.\n",
        sum(done, "chains"),
        sum(done, "calls"),
        if kinds.is_empty() { "none yet".to_owned() } else { kinds.join(", ") },
        faults.len()
    );
    for fault in faults {
        let _ = writeln!(report, "- {}", fault.as_str().unwrap_or_default());
    }
    (report, tool.len() + chains.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_and_chains_are_counted_and_told_apart() {
        let slice =
            |seed: u64, passed: bool| json!({ "seed": seed, "cases": 500, "passed": passed, "failures": [] });
        let batch = |passed: bool, failures: &[&str]| {
            let kinds = json!({ "contact": 40, "message": 60 });
            json!({ "chains": 100, "calls": 900, "kinds": kinds, "passed": passed, "failures": failures })
        };
        let fault = batch(false, &["chain 150, contact: 500"]);
        let done = [slice(1, true), batch(true, &[]), fault, slice(2, false)];
        assert_eq!((slices(&done), sum(&done, "cases"), sum(&done, "chains")), (2, 1_000, 200));
        let (text, failed) = report(&done, 1_000, "here");
        assert_eq!(failed, 2);
        for said in [
            "1000 cases of 1000, 2 slices",
            "Slices with a failure: 1.\n- seed 2: []\n",
            "200 chains of 2000, 1800 calls: contact 80, message 120.",
            "Chains with a failure: 1.\n- chain 150, contact: 500\n",
        ] {
            assert!(text.contains(said), "{said} — {text}");
        }
        assert_eq!(report(&done[..1], 1_000, "here").1, 0);
    }

    #[test]
    fn what_the_tool_says_is_counted() {
        let text = "Test cases:\n  17323 generated, 23 found 23 unique failures, 40 skipped\n";
        assert_eq!(count(text, " generated"), Some(17_323));
        assert_eq!(count("", " generated"), None);
    }
}
