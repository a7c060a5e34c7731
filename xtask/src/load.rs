//! Benches of a running server (F-33, F-49): how many people it signs in, and what those who are signed in feel while
//! sign-ins are offered far beyond what the machine can hash. Loopback only, bounded in time.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::bench::Options;
use crate::http::Client;
use crate::measure::processor;
use crate::process::capture;
use crate::served::{Person, Served, percentile};
use crate::workspace::{Workspace, product};

/// More than the pool has cores, fewer than its queue has places.
const SIGNING_IN: usize = 16;
/// Enough that those who wait for a hash do not keep the others from being offered on time.
const OFFERING: usize = 400;
/// Signed-in people who read pages, and the pause of each between two: two of them share an account, which may read 120
/// pages a minute.
const READERS: usize = 8;
const AT_WORK: &[&str] = &["responsable", "commission", "gestionnaire", "admin-site"];
const PAUSE: Duration = Duration::from_millis(1_100);
const PAGES: &[&str] = &["/gestion/2024", "/compte/securite", "/formations"];
const P99: f64 = 0.25;
const SHARE: f64 = 0.9;
/// Of sign-ins between two measures of bare Argon2id; of the latter; of the whole, unless told otherwise.
const TURN: Duration = Duration::from_secs(10);
const BARE_SECONDS: &str = "5";
const SECONDS: u64 = 90;
const STORM_SECONDS: u64 = 600;

/// What one attempt is answered.
#[derive(Default)]
struct Tally {
    right: AtomicU64,
    wrong: AtomicU64,
    waiting: AtomicU64,
    /// Asked to come back later for this account.
    later: AtomicU64,
    other: AtomicU64,
    seconds: Mutex<Vec<f64>>,
}

impl Tally {
    fn hashed(&self) -> u64 {
        self.right.load(Ordering::Relaxed) + self.wrong.load(Ordering::Relaxed)
    }
}

/// One turn of `connexion`: sign-ins a second, between two measures of bare Argon2id.
struct Turn {
    before: f64,
    rate: f64,
    after: f64,
}

impl Turn {
    fn share(&self) -> f64 {
        self.rate / f64::midpoint(self.before, self.after)
    }
}

/// Bare Argon2id and sign-ins take turns, so that another program on the machine weighs on both; the median turn decides.
pub fn connexion(workspace: &Workspace, options: &Options) -> Result<()> {
    let binary = workspace.measured()?;
    let served = Arc::new(Served::start(&binary, "voeux", &[])?);
    let people = Arc::new(served.people()?);
    let tally = Arc::new(Tally::default());
    let next = Arc::new(AtomicU64::new(0));
    let cpu = (served.processor(), processor(std::process::id()));
    let begun = Instant::now();
    let mut turns: Vec<Turn> = Vec::new();
    let mut before = bare(&binary, served.data.path())?;
    println!("| bare before, a second | sign-ins | bare after | share |\n|---|---|---|---|");
    while turns.len() < 3 || begun.elapsed() < Duration::from_secs(options.seconds(SECONDS)) {
        let rate = sign_ins(&served, &people, &tally, &next)?;
        let after = bare(&binary, served.data.path())?;
        let turn = Turn { before, rate, after };
        println!("| {before:.1} | {rate:.1} | {after:.1} | {:.1} % |", turn.share() * 100.0);
        turns.push(turn);
        before = after;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let mut shares: Vec<f64> = turns.iter().map(Turn::share).collect();
    shares.sort_by(f64::total_cmp);
    let share = percentile(&shares, 0.5);
    println!(
        "{SIGNING_IN} at once: {} right, {} wrong, {} asked to wait, {} others; median share {:.1} %\n\
         processor: server {:.0} %, generator {:.0} % of one core (bare measures apart)",
        tally.right.load(Ordering::Relaxed),
        tally.wrong.load(Ordering::Relaxed),
        tally.waiting.load(Ordering::Relaxed) + tally.later.load(Ordering::Relaxed),
        tally.other.load(Ordering::Relaxed),
        share * 100.0,
        (served.processor() - cpu.0) / seconds * 100.0,
        (processor(std::process::id()) - cpu.1) / seconds * 100.0,
    );
    if share < SHARE {
        bail!("under {} % of bare Argon2id", SHARE * 100.0);
    }
    Ok(())
}

/// Sign-ins hashed a second, as many at once as keep every core of the pool at work.
fn sign_ins(
    served: &Arc<Served>,
    people: &Arc<Vec<Person>>,
    tally: &Arc<Tally>,
    next: &Arc<AtomicU64>,
) -> Result<f64> {
    let (already, begun) = (tally.hashed(), Instant::now());
    let workers: Vec<_> = (0..SIGNING_IN)
        .map(|_| {
            let (served, people) = (Arc::clone(served), Arc::clone(people));
            let (tally, next) = (Arc::clone(tally), Arc::clone(next));
            std::thread::spawn(move || -> Result<()> {
                while begun.elapsed() < TURN {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    one(&mut Client::new(served.address, &network(n)), &people, n, &tally)?;
                }
                Ok(())
            })
        })
        .collect();
    for worker in workers {
        worker.join().map_err(|_| anyhow::anyhow!("a worker stopped"))??;
    }
    Ok((tally.hashed() - already) as f64 / begun.elapsed().as_secs_f64())
}

pub fn charge(workspace: &Workspace, options: &Options) -> Result<()> {
    let binary = workspace.measured()?;
    let served = Arc::new(Served::start(&binary, "voeux", &[])?);
    let people = Arc::new(served.people()?);
    let during = Duration::from_secs(options.seconds(STORM_SECONDS));
    let quiet = (during / 10).max(Duration::from_secs(10));
    let alone = read(&served, quiet)?;
    println!("alone, {} s: {}", quiet.as_secs(), told(&alone));
    let (tally, stop) = (Arc::new(Tally::default()), Arc::new(AtomicBool::new(false)));
    let next = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let every = Duration::from_secs_f64(1.0 / options.offered as f64);
    for _ in 0..OFFERING {
        let (served, people) = (Arc::clone(&served), Arc::clone(&people));
        let (tally, stop, next) = (Arc::clone(&tally), Arc::clone(&stop), Arc::clone(&next));
        std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let due = begun + every * u32::try_from(n).unwrap_or(u32::MAX);
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                let mut client = Client::new(served.address, &network(n));
                if one(&mut client, &people, n, &tally).is_err() {
                    tally.other.fetch_add(1, Ordering::Relaxed);
                }
            }
        })?;
    }
    let cpu = (served.processor(), processor(std::process::id()));
    let under = read(&served, during)?;
    let seconds = begun.elapsed().as_secs_f64();
    let busy = ((served.processor() - cpu.0) / seconds, (processor(std::process::id()) - cpu.1) / seconds);
    stop.store(true, Ordering::Relaxed);
    let count = |n: &AtomicU64| n.load(Ordering::Relaxed);
    let mut attempts = std::mem::take(&mut *tally.seconds.lock().unwrap_or_else(PoisonError::into_inner));
    attempts.sort_by(f64::total_cmp);
    println!(
        "under load, {seconds:.0} s: {}\nsign-ins offered: {} a second wanted, {:.0} made; {} right, {} wrong, {} \
         waiting pages, {} asked to wait, {} others\nanswers to sign-ins: median {:.2} s, p99 {:.2} s\n\
         processor: server {:.0} %, generator {:.0} % of one core (two in all)",
        told(&under),
        options.offered,
        attempts.len() as f64 / seconds,
        count(&tally.right),
        count(&tally.wrong),
        count(&tally.waiting),
        count(&tally.later),
        count(&tally.other),
        percentile(&attempts, 0.5),
        percentile(&attempts, 0.99),
        busy.0 * 100.0,
        busy.1 * 100.0,
    );
    if percentile(&under, 0.99) > P99 {
        bail!("p99 of the pages beyond {P99} s");
    }
    Ok(())
}

/// Two attempts never come from the same network within minutes: the limits stay on.
fn network(n: u64) -> String {
    format!("10.{}.{}.{}", n / 65_536 % 256, n / 256 % 256, n % 256)
}

/// 30 % of wrong passwords, as on the evening of L3; those of people who have none are hashed too.
fn one(client: &mut Client, people: &[Person], n: u64, tally: &Tally) -> Result<()> {
    let begun = Instant::now();
    let token = client.get("/connexion")?.token()?.to_owned();
    let nobody = format!("personne{n}@exemple.example");
    let (address, password) = match people.get(n as usize % people.len().max(1)) {
        Some(person) if n % 10 >= 3 => (person.address.as_str(), person.password.as_str()),
        _ => (nobody.as_str(), "Marronnier-Volé-2024"),
    };
    let fields = [("_jeton", token.as_str()), ("courriel", address), ("mot_de_passe", password)];
    let answer = client.post("/connexion", &fields)?;
    let kind = match answer.status {
        303 => &tally.right,
        422 => &tally.wrong,
        503 => &tally.waiting,
        429 => &tally.later,
        _ => &tally.other,
    };
    kind.fetch_add(1, Ordering::Relaxed);
    tally.seconds.lock().unwrap_or_else(PoisonError::into_inner).push(begun.elapsed().as_secs_f64());
    Ok(())
}

/// Passwords that the machine hashes a second, nothing else being done, as the product says it.
fn bare(binary: &Path, data: &Path) -> Result<f64> {
    let text = capture(
        product(binary).args(["doctor", "--json", "--hachage", BARE_SECONDS, "--donnees"]).arg(data),
    )?;
    let points: Vec<serde_json::Value> = serde_json::from_str(&text)?;
    let said = points.iter().find(|p| p["nom"] == "hachage").and_then(|p| p["constat"].as_str());
    said.and_then(|s| s.split(' ').next()?.parse().ok())
        .context("the product does not say how fast it hashes")
}

/// Signed-in people read pages for so long; sorted seconds of each.
fn read(served: &Arc<Served>, during: Duration) -> Result<Vec<f64>> {
    let until = Instant::now() + during;
    let readers: Vec<_> = (0..READERS)
        .map(|k| {
            let mut client =
                served.signed_in(AT_WORK[k % AT_WORK.len()], &format!("192.0.2.{}", 10 + k / 4))?;
            Ok(std::thread::spawn(move || -> Result<Vec<f64>> {
                let mut seconds = Vec::new();
                while Instant::now() < until {
                    let path = PAGES[seconds.len() % PAGES.len()];
                    let begun = Instant::now();
                    let page = client.get(path)?;
                    seconds.push(begun.elapsed().as_secs_f64());
                    if page.status != 200 {
                        bail!("{path}: {} {}", page.status, page.location);
                    }
                    std::thread::sleep(PAUSE);
                }
                Ok(seconds)
            }))
        })
        .collect::<Result<_>>()?;
    let mut all = Vec::new();
    for reader in readers {
        all.extend(reader.join().map_err(|_| anyhow::anyhow!("a reader stopped"))??);
    }
    all.sort_by(f64::total_cmp);
    Ok(all)
}

fn told(sorted: &[f64]) -> String {
    format!(
        "{} pages, median {:.0} ms, p99 {:.0} ms, longest {:.0} ms",
        sorted.len(),
        percentile(sorted, 0.5) * 1_000.0,
        percentile(sorted, 0.99) * 1_000.0,
        percentile(sorted, 1.0) * 1_000.0,
    )
}
