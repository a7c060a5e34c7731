//! F-33, F-34, F-38: a hundred thousand stolen logins against a real server behind a declared proxy, while a few people
//! sign in as every day. What the attackers reach, when it is told, whom it hinders.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{Read, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Options;
use super::rng::Rng;
use super::state::State;
use crate::http::{Answer, Client};
use crate::measure::{machine, processor};
use crate::process::capture;
use crate::served::{Person, Served, percentile, sign_in, told};
use crate::workspace::{Workspace, product};

const NAME: &str = "attaque";
/// Attempts of one slice: what a stop loses at most.
const SLICE: u64 = 2_500;
/// Attackers at work at once.
const WORKERS: usize = 64;
/// Networks of the patient attackers, each below the line of LIM-2; a hasty one, beyond it, makes 3 % of the attempts.
const PATIENT: usize = 1_000;
const HASTY: &str = "198.51.100.7";
/// Memory of Argon2id, in KiB: far below production's, so that a hundred thousand attempts end.
const MEMORY_KIB: u32 = 64;
/// The address of the school from which its people sign in.
const SCHOOL: &str = "192.0.2.10";
/// Whose password was stolen: nobody guesses at them, so that each try meets the second step.
const STOLEN: &[&str] = &["gestionnaire", "lecteur", "chef-etablissement", "auditeur", "candidat-confirme"];
/// Who signs in all along, from the browser and the network of every day.
const AT_WORK: &[&str] = &["responsable", "commission", "admin-site", "academie", "national-publication"];
/// What a thief asks for with the session of a right password.
const WANTED: &[&str] = &["/gestion", "/national", "/journal", "/journal/export", "/comptes", "/candidat"];
/// Kinds of alarms, and words of the page that tell them.
const KINDS: &[(&str, &str)] = &[
    ("bourrage", "Beaucoup d’échecs de connexion"),
    ("mode_renforce", "bien plus nombreux que d’habitude"),
    ("double_connexion", "depuis deux réseaux"),
    ("export_reseau_inconnu", "exporté depuis un réseau inconnu"),
    ("lecture_massive", "beaucoup de dossiers"),
];
/// Marks of the lines of a page that are set apart when two refusals are compared.
const APART: &[&str] = &["type=\"hidden\"", "Date de la campagne"];
/// A step of the authenticator serves once.
const EVERY: Duration = Duration::from_secs(31);

/// What one attempt is.
enum Attempt<'a> {
    Unknown(String),
    Wrong(&'a Person),
    /// A right password; from the school's own network or from elsewhere.
    Right(&'a Person, bool),
}

/// What a slice found.
#[derive(Default)]
struct Found {
    counts: BTreeMap<String, u64>,
    /// Milliseconds of a refusal, for accounts that exist and for the others.
    known: Vec<f64>,
    unknown: Vec<f64>,
    /// Different pages of a refusal, the address typed set apart: one at most.
    pages: BTreeMap<String, u64>,
}

impl Found {
    fn count(&mut self, what: &str) {
        *self.counts.entry(what.to_owned()).or_default() += 1;
    }

    fn add(&mut self, other: Self) {
        for (what, n) in other.counts {
            *self.counts.entry(what).or_default() += n;
        }
        for (page, n) in other.pages {
            *self.pages.entry(page).or_default() += n;
        }
        self.known.extend(other.known);
        self.unknown.extend(other.unknown);
    }
}

/// What everybody shares.
struct Scene {
    served: Served,
    people: Vec<Person>,
    seed: u64,
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let parameters = json!({
        "seed": options.seed, "argon2_memory_kib": MEMORY_KIB, "argon2_passes": 1, "networks": PATIENT + 1,
    });
    let mut state = State::open(workspace, NAME, &parameters, options.restart)?;
    let slices = options.cases.div_ceil(SLICE);
    if (state.done.len() as u64) < slices {
        attack(workspace, options, &mut state, slices)?;
    }
    let (text, faults) = report(&state.done, &parameters);
    state.write_report(&text)?;
    if !faults.is_empty() {
        bail!("{}: see docs/campagnes/{NAME}.md", faults.join("; "));
    }
    Ok(())
}

/// One server for the slices of this run.
fn attack(workspace: &Workspace, options: &Options, state: &mut State, slices: u64) -> Result<()> {
    let alarms = Receiver::start()?;
    let secrets = tempfile::tempdir()?;
    let secret = secrets.path().join("supervision.secret");
    std::fs::write(&secret, format!("{:064x}\n", options.seed))?;
    capture(Command::new("chmod").arg("600").arg(&secret))?;
    let settings = [
        ("PARCOURSUP_MOTS_DE_PASSE_MEMOIRE_KIO", MEMORY_KIB.to_string()),
        ("PARCOURSUP_MOTS_DE_PASSE_PASSES", "1".to_owned()),
        ("PARCOURSUP_SUPERVISION_URL", format!("http://127.0.0.1:{}/", alarms.port)),
        ("PARCOURSUP_SUPERVISION_SECRET_FICHIER", secret.display().to_string()),
    ];
    let binary = workspace.measured()?;
    let server = if std::env::var_os("PARCOURSUP_BIN").is_some() {
        "a binary built beforehand and given by `PARCOURSUP_BIN`"
    } else {
        "a release build of that commit"
    };
    let place = format!("{}; server: {server}", machine(&workspace.root));
    let served = Served::start(&binary, "examen", &settings)?;
    let people = served.people()?;
    let scene = Arc::new(Scene { served, people, seed: options.seed });
    let opened = utc_now()?;
    let work = People::start(&scene)?;
    let watch = Watch::start(&scene)?;
    let (begun, first) = (Instant::now(), state.done.len() as u64);
    for n in first..slices {
        if begun.elapsed().as_secs() > options.minutes * 60 {
            println!("{NAME}: {} minutes are over; the next run goes on", options.minutes);
            break;
        }
        let (slice_begun, cpu, own) =
            (Instant::now(), scene.served.processor(), processor(std::process::id()));
        let found = slice(&scene, n)?;
        let mut case = summary(found);
        case["slice"] = json!(n);
        case["run"] = json!(first);
        case["place"] = json!(place);
        case["seconds"] = json!(rounded(slice_begun.elapsed().as_secs_f64()));
        case["server_cpu"] = json!(rounded(scene.served.processor() - cpu));
        case["generator_cpu"] = json!(rounded(processor(std::process::id()) - own));
        let last = n + 1 == slices || begun.elapsed().as_secs() > options.minutes * 60;
        case["people"] = work.take()?;
        if last {
            case["alarm_bourrage_seconds"] = json!(watch.first("bourrage").map(rounded));
            case["alarm_wave_seconds"] = json!(watch.first("mode_renforce").map(rounded));
            case["alarm_supervision_seconds"] =
                json!(alarms.first().map(|at| rounded(at.duration_since(begun).as_secs_f64())));
            case["alarms"] = json!(watch.kinds());
            case["rows_seen"] = json!(rows_seen(&binary, &scene, &opened)?);
        }
        println!("slice {n}: {case}");
        state.push(case)?;
        if last {
            break;
        }
    }
    work.stop();
    watch.stop();
    Ok(())
}

fn slice(scene: &Arc<Scene>, n: u64) -> Result<Found> {
    let next = Arc::new(AtomicU64::new(n * SLICE));
    let workers: Vec<_> = (0..WORKERS)
        .map(|_| {
            let (scene, next) = (Arc::clone(scene), Arc::clone(&next));
            std::thread::spawn(move || -> Result<Found> {
                let mut found = Found::default();
                let mut tokens = BTreeMap::new();
                let mut client = Client::new(scene.served.address, "");
                loop {
                    let case = next.fetch_add(1, Ordering::Relaxed);
                    if case >= (n + 1) * SLICE {
                        return Ok(found);
                    }
                    attempt(&scene, case, &mut client, &mut tokens, &mut found)?;
                }
            })
        })
        .collect();
    let mut found = Found::default();
    for worker in workers {
        found.add(worker.join().map_err(|_| anyhow::anyhow!("an attacker stopped"))??);
    }
    Ok(found)
}

fn draw<'a>(scene: &'a Scene, rng: &mut Rng, case: u64) -> (Attempt<'a>, String) {
    let network = match rng.below(100) {
        0..=2 => HASTY.to_owned(),
        _ => {
            let k = rng.below(PATIENT);
            format!("10.66.{}.{}", k / 250, k % 250)
        }
    };
    let named = |codes: &[&str], rng: &mut Rng| {
        let code = *rng.pick(codes);
        scene.people.iter().find(|p| p.code == code)
    };
    match rng.below(100) {
        0 => match named(STOLEN, rng) {
            Some(person) => {
                let school = rng.below(2) == 0;
                (Attempt::Right(person, school), if school { SCHOOL.to_owned() } else { network })
            }
            None => (Attempt::Unknown(format!("p{case}@exemple.example")), network),
        },
        1..=3 => {
            let guessed: Vec<&Person> =
                scene.people.iter().filter(|p| !STOLEN.contains(&p.code.as_str())).collect();
            (Attempt::Wrong(guessed[rng.below(guessed.len())]), network)
        }
        // Some addresses that nobody has are tried again and again, as those of the list are.
        4..=6 => (Attempt::Unknown(format!("absent{}@exemple.example", rng.below(20))), network),
        _ => (Attempt::Unknown(format!("personne{case}@exemple.example")), network),
    }
}

fn attempt(
    scene: &Scene,
    case: u64,
    client: &mut Client,
    tokens: &mut BTreeMap<String, String>,
    found: &mut Found,
) -> Result<()> {
    let mut rng = Rng::new(scene.seed, case);
    let (what, network) = draw(scene, &mut rng, case);
    client.cookies.clear();
    client.network.clone_from(&network);
    let token = match tokens.get(&network) {
        Some(token) => token.clone(),
        None => {
            let token = client.get("/connexion")?.token()?.to_owned();
            tokens.insert(network, token.clone());
            token
        }
    };
    let wrong = format!("Volé-{case}-Marronnier!");
    let (address, password) = match &what {
        Attempt::Unknown(address) => (address.as_str(), wrong.as_str()),
        Attempt::Wrong(person) => (person.address.as_str(), wrong.as_str()),
        Attempt::Right(person, _) => (person.address.as_str(), person.password.as_str()),
    };
    let fields = [("_jeton", token.as_str()), ("courriel", address), ("mot_de_passe", password)];
    let (answer, ms) = loop {
        let begun = Instant::now();
        let answer = client.post("/connexion", &fields)?;
        if answer.status != 503 {
            break (answer, begun.elapsed().as_secs_f64() * 1_000.0);
        }
        // The waiting page says when to come back, and an attacker gains nothing by not listening.
        found.count("waiting page");
        std::thread::sleep(Duration::from_secs(answer.retry_after.clamp(1, 30)));
    };
    found.count("attempts");
    match &what {
        Attempt::Right(person, school) => thief(client, person, *school, &answer, found)?,
        Attempt::Wrong(_) => refused(&answer, address, ms, true, found),
        Attempt::Unknown(_) => refused(&answer, address, ms, false, found),
    }
    Ok(())
}

fn refused(answer: &Answer, address: &str, ms: f64, known: bool, found: &mut Found) {
    let whose = if known { "existing" } else { "unknown" };
    found.count(&format!("{whose} account: {}", answer.status));
    if answer.status == 422 {
        let list = if known { &mut found.known } else { &mut found.unknown };
        list.push(ms);
        // But for the address, the hidden fields and the clock of the demonstration, which are different for everybody.
        let page: Vec<&str> = answer.body.lines().filter(|l| !APART.iter().any(|a| l.contains(a))).collect();
        *found.pages.entry(page.join("\n").replace(address, "…")).or_default() += 1;
    }
}

/// A right password: what it opens.
fn thief(
    client: &mut Client,
    person: &Person,
    school: bool,
    answer: &Answer,
    found: &mut Found,
) -> Result<()> {
    let place = if school { "from the school's network" } else { "from elsewhere" };
    let staff = !person.code.starts_with("candidat");
    let whose = if staff { "staff" } else { "candidate" };
    let second_step = answer.location.starts_with("/connexion/verification");
    let outcome = match answer.status {
        303 if second_step => "second step asked",
        303 => "session open",
        429 => "asked to wait",
        _ => "refused",
    };
    found.count(&format!("right password, {whose}, {place}: {outcome}"));
    if answer.status != 303 {
        return Ok(());
    }
    for path in WANTED.iter().copied().chain([person.home.as_str()]) {
        let page = client.get(path)?;
        // A candidate's own space opens with the password while the reinforced mode is off: counted apart.
        if page.status == 200 {
            found.count(&format!("pages reached, {whose}"));
        }
    }
    if second_step && staff {
        let token = client.get("/connexion/verification")?.token()?.to_owned();
        let tried = client.post("/connexion/verification", &[("_jeton", &token), ("code", "123456")])?;
        if tried.status == 303 {
            found.count("second step guessed");
        }
    }
    Ok(())
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn summary(mut found: Found) -> Value {
    let mut median = |list: fn(&mut Found) -> &mut Vec<f64>| {
        let list = list(&mut found);
        list.sort_by(f64::total_cmp);
        json!([list.len(), rounded(percentile(list, 0.5))])
    };
    let (known, unknown) = (median(|f| &mut f.known), median(|f| &mut f.unknown));
    json!({ "counts": found.counts, "refusal_pages": found.pages.len(), "known_ms": known, "unknown_ms": unknown })
}

fn utc_now() -> Result<String> {
    Ok(capture(Command::new("date").args(["-u", "+%Y-%m-%dT%H:%M:%SZ"]))?.trim().to_owned())
}

/// What the product says that the stolen accounts saw since the beginning (JOU-6).
fn rows_seen(binary: &std::path::Path, scene: &Scene, since: &str) -> Result<u64> {
    let mut rows = 0;
    let auditor =
        scene.people.iter().find(|p| p.code == "national-publication").context("no national agent")?;
    for person in scene.people.iter().filter(|p| STOLEN.contains(&p.code.as_str())) {
        let text = capture(
            product(binary)
                .args(["journal", "vus", "--au-nom-de", &auditor.address, "--compte", &person.address])
                .args(["--de", since, "--a", "2999-01-01T00:00:00Z", "--donnees"])
                .arg(scene.served.data.path()),
        )?;
        // The first line names the columns.
        rows += text.lines().filter(|l| !l.trim().is_empty()).skip(1).count() as u64;
    }
    Ok(rows)
}

/// A sign-in: how long it took and whether the second step was asked, or what was told instead.
type Went = Result<(f64, bool), String>;

/// Those who sign in all along.
struct People {
    stop: Arc<AtomicBool>,
    done: Arc<Mutex<Vec<Went>>>,
}

impl People {
    /// Each signs in once, with the second step, before the attack begins: their browser and network are known.
    fn start(scene: &Arc<Scene>) -> Result<Self> {
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Vec::new())));
        for code in AT_WORK {
            let person = scene
                .people
                .iter()
                .find(|p| p.code == *code && p.authenticator)
                .cloned()
                .with_context(|| format!("{code} has no authenticator in the demonstration"))?;
            let mut client = Client::new(scene.served.address, SCHOOL);
            sign_in(&scene.served, &mut client, &person)?;
            let (scene, stop, done) = (Arc::clone(scene), Arc::clone(&stop), Arc::clone(&done));
            std::thread::spawn(move || {
                let mut last = Instant::now();
                while !stop.load(Ordering::Relaxed) {
                    if last.elapsed() < EVERY {
                        std::thread::sleep(Duration::from_millis(100));
                        continue;
                    }
                    last = Instant::now();
                    let went = sign_in(&scene.served, &mut client, &person)
                        .map(|s| (s.seconds, s.second_step))
                        .map_err(|e| e.to_string());
                    done.lock().unwrap_or_else(PoisonError::into_inner).push(went);
                }
            });
        }
        Ok(Self { stop, done })
    }

    /// What happened since the last time.
    fn take(&self) -> Result<Value> {
        let done = std::mem::take(&mut *self.done.lock().unwrap_or_else(PoisonError::into_inner));
        let mut seconds: Vec<f64> = done.iter().filter_map(|d| d.as_ref().ok()).map(|(s, _)| *s).collect();
        seconds.sort_by(f64::total_cmp);
        let second_steps = done.iter().filter(|d| matches!(d, Ok((_, true)))).count();
        let failures: Vec<&String> = done.iter().filter_map(|d| d.as_ref().err()).collect();
        Ok(json!({
            "signed_in": seconds.len(), "second_steps": second_steps, "failures": failures,
            "seconds": seconds.iter().copied().map(rounded).collect::<Vec<_>>(),
        }))
    }

    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// The page of alarms, read every second by somebody of the national team.
struct Watch {
    stop: Arc<AtomicBool>,
    /// By kind: how many on the page, and when the first one was seen.
    seen: Arc<Mutex<BTreeMap<String, (u64, f64)>>>,
}

impl Watch {
    fn start(scene: &Arc<Scene>) -> Result<Self> {
        let mut client = scene.served.signed_in("national-calcul", "192.0.2.200")?;
        let begun = Instant::now();
        let (stop, seen) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(BTreeMap::new())));
        let watch = Self { stop: Arc::clone(&stop), seen: Arc::clone(&seen) };
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                if let Ok(page) = client.get("/alarmes") {
                    let text = page.body.replace('\u{a0}', " ");
                    let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                    for (kind, words) in KINDS {
                        let n = text.matches(words).count() as u64;
                        if n > 0 {
                            let at = begun.elapsed().as_secs_f64();
                            seen.entry((*kind).to_owned()).or_insert((0, at)).0 = n;
                        }
                    }
                }
                std::thread::sleep(Duration::from_secs(1));
            }
        });
        Ok(watch)
    }

    fn first(&self, kind: &str) -> Option<f64> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).get(kind).map(|(_, at)| *at)
    }

    fn kinds(&self) -> BTreeMap<String, u64> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().map(|(kind, (n, _))| (kind.clone(), *n)).collect()
    }

    fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// The operator's supervision service, which says yes to everything.
struct Receiver {
    port: u16,
    first: Arc<Mutex<Option<Instant>>>,
}

impl Receiver {
    fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let first = Arc::new(Mutex::new(None));
        let kept = Arc::clone(&first);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let mut buffer = [0; 8_192];
                let mut text = String::new();
                // An alarm is a few hundred bytes, whose last one closes the object.
                while let Ok(n) = stream.read(&mut buffer) {
                    text.push_str(&String::from_utf8_lossy(&buffer[..n]));
                    if n == 0 || text.ends_with('}') {
                        break;
                    }
                }
                if text.contains("\"genre\":\"bourrage\"") || text.contains("\"genre\":\"mode_renforce\"") {
                    let mut first = kept.lock().unwrap_or_else(PoisonError::into_inner);
                    first.get_or_insert_with(Instant::now);
                }
                let _ =
                    stream.write_all(b"HTTP/1.1 204 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            }
        });
        Ok(Self { port, first })
    }

    fn first(&self) -> Option<Instant> {
        *self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn report(done: &[Value], parameters: &Value) -> (String, Vec<String>) {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let mut seconds = Vec::new();
    let (mut failures, mut second_steps) = (Vec::new(), 0);
    let sum = |key: &str| done.iter().filter_map(|c| c[key].as_f64()).sum::<f64>();
    for case in done {
        for (what, n) in case["counts"].as_object().into_iter().flatten() {
            *counts.entry(what).or_default() += n.as_u64().unwrap_or(0);
        }
        let people = &case["people"];
        seconds.extend(people["seconds"].as_array().into_iter().flatten().filter_map(Value::as_f64));
        failures.extend(people["failures"].as_array().into_iter().flatten().filter_map(Value::as_str));
        second_steps += people["second_steps"].as_u64().unwrap_or(0);
    }
    seconds.sort_by(f64::total_cmp);
    let count = |what: &str| counts.get(what).copied().unwrap_or(0);
    let staff_pages = count("pages reached, staff");
    let rows: u64 = done.iter().filter_map(|c| c["rows_seen"].as_u64()).sum();
    let pages = done.iter().filter_map(|c| c["refusal_pages"].as_u64()).max().unwrap_or(0);
    let slowest = |key: &str| done.iter().filter_map(|c| c[key].as_f64()).fold(f64::NAN, f64::max);
    let [wave_s, network_s, supervision_s] =
        ["alarm_wave_seconds", "alarm_bourrage_seconds", "alarm_supervision_seconds"].map(slowest);
    let mut faults = Vec::new();
    for (bad, what) in [
        (staff_pages > 0, "pages of staff were reached"),
        (rows > 0, "stolen accounts read records"),
        (count("second step guessed") > 0, "a second step was guessed"),
        (!failures.is_empty(), "somebody at work could not sign in"),
        (pages > 1, "known and unknown accounts are told different pages"),
        // Written so that a figure never measured is a fault.
        (!(wave_s <= 60.0 && supervision_s <= 60.0), "the alarm was late"),
    ] {
        if bad {
            faults.push(what.to_owned());
        }
    }
    // Compared within a slice, where both were refused under the same load often enough.
    let pairs: Vec<String> = done
        .iter()
        .filter(|c| ["known_ms", "unknown_ms"].iter().all(|key| c[key][0].as_u64() >= Some(20)))
        .map(|c| {
            format!(
                "{} ms ({}) against {} ms ({})",
                c["known_ms"][1], c["known_ms"][0], c["unknown_ms"][1], c["unknown_ms"][0]
            )
        })
        .collect();
    let compared: u64 = done
        .iter()
        .filter(|c| c["refusal_pages"].is_u64())
        .filter_map(|c| c["counts"]["attempts"].as_u64())
        .sum();
    let attempts = count("attempts");
    // As each slice found it: the report may be written again elsewhere, later.
    let places: BTreeSet<&str> = done.iter().map(|c| c["place"].as_str().unwrap_or("not recorded")).collect();
    let places = places.into_iter().collect::<Vec<_>>().join("; ");
    let share = |cpu: f64| cpu / sum("seconds").max(0.01) * 100.0;
    let mut text = format!(
        "# Campaign {NAME}\n\nGenerated by `cargo xtask campagne {NAME} --cases {}`; do not edit. Parameters: \
         `{parameters}`.\nMachine and server: {places}.\n\nStolen logins offered to a demonstration (SQLite) on the loopback behind a \
         declared proxy, from {PATIENT} patient networks and a hasty one, by {WORKERS} attackers at once who wait when \
         they are asked to. **The cost of hashing is lowered to {MEMORY_KIB} KiB and one pass for this campaign alone** \
         (production: 19,456 KiB and two passes at least). Meanwhile {} people sign in every {} s from the browser and the \
         network of every day. The password of a candidate \
         opens the candidate's own record until the wave is seen (SEC-1 asks staff alone at each new network): counted \
         apart.\n\n{attempts} attempts in {:.0} s ({:.0} a second); processor: server {:.0} %, generator \
         {:.0} % of one core.\n\n| figure | found | wanted |\n|---|---|---|\n",
        done.len() as u64 * SLICE,
        AT_WORK.len(),
        EVERY.as_secs(),
        sum("seconds"),
        attempts as f64 / sum("seconds").max(0.01),
        share(sum("server_cpu")),
        share(sum("generator_cpu")),
    );
    let mut row = |figure: &str, found: String, wanted: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| {figure} | {found} | {wanted} |");
    };
    row("pages of staff reached with a stolen password", staff_pages.to_string(), "0");
    row("records seen by the stolen accounts (`parcoursup journal vus`)", rows.to_string(), "0");
    row(
        "alarm of the wave of failures on the national page, after the first attempt",
        shown(wave_s),
        "≤ 60 s",
    );
    row("first alarm received by the supervision service", shown(supervision_s), "≤ 60 s");
    row("alarm « bourrage » about the hasty network (from its 101st failure on)", shown(network_s), "–");
    let tried = seconds.len() + failures.len();
    row("people at work: sign-ins that succeeded", format!("{} of {tried}", seconds.len()), "all");
    row("of which with the second step (reinforced mode)", second_steps.to_string(), "–");
    let worst = [0.5, 0.99, 1.0].map(|s| rounded(percentile(&seconds, s)));
    row(
        "their delay: median, p99, longest",
        format!("{} s, {} s, {} s", worst[0], worst[1], worst[2]),
        "≤ 2 s",
    );
    row(
        &format!("different pages that a refusal shows, over {compared} of {attempts} attempts"),
        pages.to_string(),
        "1",
    );
    row(
        "median of a refusal, existing account against unknown one, slice by slice, under load",
        pairs.join("; "),
        "within 2 ms on an idle server",
    );
    text.push_str("\n| what happened | times |\n|---|---|\n");
    for (what, n) in &counts {
        let _ = writeln!(text, "| {what} | {n} |");
    }
    for failure in failures {
        let _ = writeln!(text, "\n- could not sign in: {}", told_or(failure));
    }
    (text, faults)
}

fn shown(seconds: f64) -> String {
    if seconds.is_nan() { "not seen".to_owned() } else { format!("{seconds} s") }
}

fn told_or(failure: &str) -> String {
    let told = told(failure);
    if told.is_empty() { failure.to_owned() } else { told }
}
