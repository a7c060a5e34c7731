//! Bench of the interface of programs: reads offered at a steady rate, each timed from the instant when it was due, so that a
//! slow answer delays none of the others in the account. Loopback only, bounded in time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::bench::Options;
use crate::http::Client;
use crate::measure::{machine, processor};
use crate::served::{Served, percentile};
use crate::workspace::Workspace;

/// Reads offered a second.
const RATE: u64 = 2_000;
/// Seconds of the slowest of a hundred.
const P99: f64 = 0.020;
const SECONDS: u64 = 60;
/// Each has its own sandbox and its own limit of 6,000 reads a minute.
const TOKENS: usize = 40;
/// Connections: enough that a slow answer does not keep the next ones from being offered.
const WORKERS: usize = 32;

/// What is read, in turn, of a sandbox.
const READS: &[(&str, &str)] = &[
    ("list of courses", "/api/v1/sessions/{annee}/formations"),
    ("course", "/api/v1/sessions/{annee}/formations/{f}"),
    ("capacities", "/api/v1/sessions/{annee}/formations/{f}/capacites"),
    ("part of a description", "/api/v1/sessions/{annee}/formations/{f}/description/attendus"),
    ("establishment", "/api/v1/sessions/{annee}/etablissements/{e}"),
    ("session", "/api/v1/sessions/{annee}"),
];

struct Sandbox {
    token: String,
    paths: Vec<String>,
}

fn sandbox(served: &Served) -> Result<Sandbox> {
    let opened = served.sandbox()?;
    let text = |v: &Value| v.as_str().map(str::to_owned).context("a sandbox without what it is made of");
    let (year, house) = (opened["annee"].to_string(), text(&opened["etablissement"])?);
    let course = text(&opened["formations"][0]["id"])?;
    let paths = READS
        .iter()
        .map(|(_, path)| path.replace("{annee}", &year).replace("{f}", &course).replace("{e}", &house))
        .collect();
    Ok(Sandbox { token: text(&opened["jeton"])?, paths })
}

/// One worker: takes the next read that is due, waits for its instant, and times it from there.
fn work(
    served: &Served,
    sandboxes: &[Sandbox],
    next: &AtomicU64,
    (begun, during, rate): (Instant, Duration, u64),
    times: &Mutex<Vec<(usize, f64)>>,
) -> Result<u64> {
    let mut client = Client::new(served.address, "127.0.0.1");
    let mut kept = Vec::new();
    let mut wrong = 0;
    loop {
        let n = next.fetch_add(1, Ordering::Relaxed);
        let due = Duration::from_nanos(n * 1_000_000_000 / rate);
        if due >= during {
            break;
        }
        if let Some(early) = due.checked_sub(begun.elapsed()) {
            std::thread::sleep(early);
        }
        let which = usize::try_from(n).unwrap_or(0);
        let who = which % sandboxes.len();
        let what = (which / sandboxes.len()) % READS.len();
        client.bearer = Some(sandboxes[who].token.clone());
        let answer = client.get(&sandboxes[who].paths[what])?;
        if answer.status != 200 {
            wrong += 1;
        }
        kept.push((what, begun.elapsed().saturating_sub(due).as_secs_f64()));
    }
    times.lock().unwrap_or_else(PoisonError::into_inner).append(&mut kept);
    Ok(wrong)
}

pub fn bench(workspace: &Workspace, options: &Options) -> Result<()> {
    let binary = workspace.measured()?;
    let settings = [("PARCOURSUP_INTERFACES_BACS_A_SABLE", "1000".to_owned())];
    let served = Arc::new(Served::start_with(&binary, "parametrage", &settings, &["--bac-a-sable"])?);
    let sandboxes = Arc::new((0..TOKENS).map(|_| sandbox(&served)).collect::<Result<Vec<_>>>()?);
    let during = Duration::from_secs(options.seconds(SECONDS));
    let times = Arc::new(Mutex::new(Vec::new()));
    let next = Arc::new(AtomicU64::new(0));
    let cpu = (served.processor(), processor(std::process::id()));
    let begun = Instant::now();
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (served, sandboxes) = (Arc::clone(&served), Arc::clone(&sandboxes));
            let (next, times) = (Arc::clone(&next), Arc::clone(&times));
            std::thread::spawn(move || work(&served, &sandboxes, &next, (begun, during, RATE), &times))
        })
        .collect();
    let mut wrong = 0;
    for worker in workers {
        wrong += worker.join().map_err(|_| anyhow::anyhow!("a worker stopped"))??;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let times = times.lock().unwrap_or_else(PoisonError::into_inner);
    let sorted = |keep: &dyn Fn(usize) -> bool| {
        let mut kept: Vec<f64> = times.iter().filter(|(what, _)| keep(*what)).map(|(_, s)| *s).collect();
        kept.sort_by(f64::total_cmp);
        kept
    };
    println!("{}", machine(&workspace.root));
    println!("| read | number | p50 (ms) | p99 (ms) | longest (ms) |\n|---|---|---|---|---|");
    let line = |name: &str, kept: &[f64]| {
        println!(
            "| {name} | {} | {:.2} | {:.2} | {:.1} |",
            kept.len(),
            percentile(kept, 0.5) * 1_000.0,
            percentile(kept, 0.99) * 1_000.0,
            kept.last().copied().unwrap_or(0.0) * 1_000.0,
        );
    };
    for (i, (name, _)) in READS.iter().enumerate() {
        line(name, &sorted(&|what| what == i));
    }
    let all = sorted(&|_| true);
    line("all", &all);
    let rate = all.len() as f64 / seconds;
    println!(
        "{rate:.0} reads a second of {RATE} offered during {seconds:.0} s, {wrong} not 200; {TOKENS} tokens, {WORKERS} \
         connections\nprocessor: server {:.0} %, generator {:.0} % of one core",
        (served.processor() - cpu.0) / seconds * 100.0,
        (processor(std::process::id()) - cpu.1) / seconds * 100.0,
    );
    if wrong > 0 || rate < RATE as f64 * 0.99 || percentile(&all, 0.99) > P99 {
        bail!("not {RATE} reads a second with 99 in a hundred under {} ms", P99 * 1_000.0);
    }
    Ok(())
}
