//! RUN-2: a run interrupted at any point starts again and ends in the same state. Days of admission cut by `kill -9` at
//! random moments on SQLite; two nodes that start the same day at once on PostgreSQL.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Options;
use super::rng::Rng;
use super::state::State;
use crate::bench::install;
use crate::measure::machine;
use crate::place::{Bases, Place};
use crate::postgres::{Cluster, bin_dir};
use crate::process::{capture, spawn};
use crate::workspace::{Workspace, which};

const NAME: &str = "coupures";
const OFFER: &str = "data/02-statistiques/fr-esr-parcoursup_2024.csv.zst";
/// The smallest that the product draws: some 900 candidates and 12,000 wishes.
const SCALE: &str = "0.001";
/// Days played and cut: the call orders, a full day, a quiet one, one with the first deadlines.
const DAYS: u16 = 3;
/// Starts of two nodes at once.
const STARTS: u64 = 24;
/// A command that was cut ends at the first new start; more are tried, to tell a slow end from none.
const TRIES: usize = 3;
/// Milliseconds that may part the two nodes, for every second case; the others start together.
const APART: usize = 400;

/// What must be the same, by name, one line a row. Instants are those of the campaign, which the day fixes. Left out:
/// public identifiers and signatures, drawn or made anew by each computation; the instants of the real clock; runs that a
/// cut left abandoned, which are kept as evidence and read by nothing.
const COMPARED: &[(&str, &str)] = &[
    (
        "published runs",
        "SELECT nature, jour, empreinte_entree, empreinte_sortie, version_code, parametres, calcule_le, publie_le
         FROM passage WHERE etat = 'publie' ORDER BY nature, jour",
    ),
    ("runs left to publish", "SELECT nature, jour FROM passage WHERE etat = 'calcule' ORDER BY nature, jour"),
    (
        "call ranks",
        "SELECT o.groupe_classement_id, o.candidat_id, o.rang_appel
         FROM ordre_appel o JOIN passage p ON p.id = o.passage_id WHERE p.etat = 'publie' ORDER BY 1, 2",
    ),
    (
        "decided",
        "SELECT p.jour, d.voeu_id, d.groupe_affectation_id
         FROM passage_proposition d JOIN passage p ON p.id = d.passage_id WHERE p.etat = 'publie' ORDER BY 1, 2",
    ),
    (
        "propositions",
        "SELECT r.voeu_id, r.candidat_id, r.groupe_affectation_id, p.jour, r.emise_le, r.echeance_le, r.reponse,
                r.repondue_le
         FROM proposition r JOIN passage p ON p.id = r.passage_id ORDER BY 1",
    ),
    ("states of wishes", "SELECT id, etat, etat_le, maintenu_le FROM voeu ORDER BY 1"),
    (
        "waiting ranks",
        "SELECT p.jour, r.voeu_id, r.rang
         FROM rang_attente r JOIN passage p ON p.id = r.passage_id WHERE p.etat = 'publie' ORDER BY 1, 2",
    ),
    (
        "groups",
        "SELECT p.jour, g.groupe_affectation_id, g.dernier_appele, g.dernier_appele_interne, g.en_attente,
                g.propositions
         FROM groupe_jour g JOIN passage p ON p.id = g.passage_id WHERE p.etat = 'publie' ORDER BY 1, 2",
    ),
    (
        "boarding bars",
        "SELECT p.jour, i.groupe_internat_id, i.groupe_affectation_id, i.barre_internat, i.barre_appel
         FROM internat_jour i JOIN passage p ON p.id = i.passage_id WHERE p.etat = 'publie' ORDER BY 1, 2, 3",
    ),
    (
        "automatic answers",
        "SELECT p.jour, a.voeu_id, a.statut
         FROM passage_automatique a JOIN passage p ON p.id = a.passage_id WHERE p.etat = 'publie' ORDER BY 1, 2",
    ),
    // Their salts are drawn by each computation: only that there is one of each run can be the same.
    (
        "public commitments",
        "SELECT p.nature, p.jour, COUNT(*)
         FROM engagement e JOIN passage p ON p.id = e.passage_id WHERE p.etat = 'publie' GROUP BY 1, 2 ORDER BY 1, 2",
    ),
    // Each done once, however many times it was begun.
    (
        "acts in the journal",
        "SELECT action, objet, COUNT(*) FROM journal
         WHERE objet IN ('passage', 'session_admission') GROUP BY action, objet ORDER BY 1, 2",
    ),
    ("mails to send", "SELECT genre, COUNT(*) FROM tache GROUP BY genre ORDER BY 1"),
];

impl Place {
    fn state(&self) -> Result<Vec<String>> {
        COMPARED.iter().map(|(_, query)| self.rows(query)).collect()
    }
}

/// An uninterrupted run: what every other one must come to.
struct Reference {
    state: Vec<String>,
    seconds: f64,
}

impl Reference {
    fn play(binary: &Path, place: &Place, day: u16) -> Result<Self> {
        let begun = Instant::now();
        capture(&mut place.command(binary, &play(&day.to_string())))?;
        let seconds = begun.elapsed().as_secs_f64();
        let faults = proofs(binary, place)?;
        if !faults.is_empty() {
            bail!("the uninterrupted run itself does not verify: {}", faults.join("; "));
        }
        Ok(Self { state: place.state()?, seconds })
    }

    /// The first thing that differs.
    fn differs(&self, state: &[String]) -> Option<String> {
        for ((name, _), (expected, found)) in COMPARED.iter().zip(self.state.iter().zip(state)) {
            if expected == found {
                continue;
            }
            let pair = expected.lines().zip(found.lines()).find(|(a, b)| a != b);
            let lines = |text: &str| text.lines().count();
            return Some(match pair {
                Some((a, b)) => format!("{name}: « {b} » instead of « {a} »"),
                None => format!("{name}: {} rows instead of {}", lines(found), lines(expected)),
            });
        }
        None
    }

    /// FNV-1a over the whole: tells at a glance whether two reports are about the same state.
    fn fingerprint(&self) -> String {
        let bytes = self.state.iter().flat_map(|text| text.bytes().chain([0]));
        format!(
            "{:016x}",
            bytes.fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
        )
    }
}

fn play(day: &str) -> [&str; 4] {
    ["simuler", "jours", "--jusqu-a", day]
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let offer = workspace.shared().join(OFFER);
    if !offer.exists() {
        bail!("this campaign reads {OFFER} of the folder `shared` beside the repository, which is missing");
    }
    if which("sqlite3").is_none() {
        bail!("this campaign reads databases with `sqlite3`, which is missing: `apt-get install sqlite3`");
    }
    let parameters = json!({ "seed": options.seed, "scale": SCALE, "days": DAYS });
    let mut state = State::open(workspace, NAME, &parameters, options.restart)?;
    let binary = workspace.measured()?;
    let built = if std::env::var_os("PARCOURSUP_BIN").is_some() {
        "given by `PARCOURSUP_BIN`"
    } else {
        "a release build of that commit"
    };
    let begun = Instant::now();
    let over = || begun.elapsed().as_secs() > options.minutes * 60;
    let done =
        |state: &State, part: &str| state.done.iter().filter(|case| case["part"] == part).count() as u64;
    if done(&state, "kill") < options.cases {
        kills(&binary, &offer, options, &mut state, &over)?;
    }
    if done(&state, "nodes") < STARTS && !over() {
        match server()? {
            Some((server, _cluster)) => nodes(&binary, &offer, options, &mut state, &server, &over)?,
            None => println!("{NAME}: no PostgreSQL here, the two nodes are left out (`cargo xtask setup`)"),
        }
    }
    if over() {
        println!("{NAME}: {} minutes are over; the next run goes on", options.minutes);
    }
    let (text, bad) =
        report(&state.done, &parameters, &format!("{}; binary: {built}", machine(&workspace.root)));
    state.write_report(&text)?;
    println!("{} passed, {bad} failed", state.done.len() - bad);
    if bad > 0 {
        bail!("see docs/campagnes/{NAME}.md");
    }
    Ok(())
}

/// Where databases may be created: the server of the tests, else one of our own, ended with us.
fn server() -> Result<Option<(String, Option<Cluster>)>> {
    if which("psql").is_none() {
        return Ok(None);
    }
    match std::env::var("PARCOURSUP_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => Ok(Some((url, None))),
        _ if bin_dir().is_none() => Ok(None),
        _ => {
            let cluster = Cluster::start()?;
            Ok(Some((cluster.url(), Some(cluster))))
        }
    }
}

/// An offer and its candidates, before any day.
fn prepare(binary: &Path, offer: &Path, place: &Place) -> Result<()> {
    install(binary, &place.arguments())?;
    capture(place.command(binary, &["import", "offre"]).arg(offer).arg("--appliquer"))?;
    capture(&mut place.command(binary, &["simuler", "cohorte", "--echelle", SCALE]))?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    capture(Command::new("cp").args(["-a", "--reflink=auto"]).args([from, to])).map(drop)
}

/// What the product says of itself once it ended: records played again, journal sealed and verified.
fn proofs(binary: &Path, place: &Place) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let verified = place.command(binary, &["admission", "verifier"]).output()?;
    if !verified.status.success() || !text(&verified.stdout).lines().any(|line| line.starts_with("Oui")) {
        faults.push(format!("admission verifier: {}", last_line(&verified)));
    }
    capture(&mut place.command(binary, &["journal", "sceller"]))?;
    let journal = place.command(binary, &["journal", "verifier"]).output()?;
    if !journal.status.success() {
        faults.push(format!("journal verifier: {}", last_line(&journal)));
    }
    Ok(faults)
}

fn kills(
    binary: &Path,
    offer: &Path,
    options: &Options,
    state: &mut State,
    over: &dyn Fn() -> bool,
) -> Result<()> {
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let prepared = scratch.path().join("prepared");
    prepare(binary, offer, &Place { folder: prepared.clone(), base: None })?;
    let at = |name: &str| Place { folder: scratch.path().join(name), base: None };
    let place = at("reference");
    copy(&prepared, &place.folder)?;
    let reference = Reference::play(binary, &place, DAYS)?;
    println!("reference: {:.2} s, state {}", reference.seconds, reference.fingerprint());
    let first = state.done.iter().filter(|case| case["part"] == "kill").count() as u64;
    for n in first..options.cases {
        if over() {
            break;
        }
        let share = draw(&mut Rng::new(options.seed, n));
        let (case, seen) = (at("case"), at("seen"));
        let result = kill_one(binary, &prepared, &case, &seen, &reference, share)?;
        println!("kill {n:>4} {:<40} {}", result["stage"].as_str().unwrap_or_default(), verdict(&result));
        let mut result = result;
        result["part"] = json!("kill");
        result["case"] = json!(n);
        state.push(result)?;
        for place in [case, seen] {
            std::fs::remove_dir_all(place.folder)?;
        }
    }
    Ok(())
}

/// From 0 to 1, excluded.
fn draw(rng: &mut Rng) -> f64 {
    rng.below(1_000_000) as f64 / 1_000_000.0
}

fn kill_one(
    binary: &Path,
    prepared: &Path,
    case: &Place,
    seen: &Place,
    reference: &Reference,
    share: f64,
) -> Result<Value> {
    let day = DAYS.to_string();
    // A machine that has become faster ends before its moment: the same case, a little earlier.
    let mut seconds = share * reference.seconds;
    let moment = loop {
        if case.folder.exists() {
            std::fs::remove_dir_all(&case.folder)?;
        }
        copy(prepared, &case.folder)?;
        let mut command = case.command(binary, &play(&day));
        let (mut child, guard) = spawn(command.stdout(Stdio::null()).stderr(Stdio::null()))?;
        std::thread::sleep(Duration::from_secs_f64(seconds));
        let ended = child.try_wait()?.is_some();
        if !ended {
            // The whole group at once, without a word: what a power cut does.
            capture(Command::new("kill").args(["-KILL", "--", &format!("-{}", child.id())]))?;
        }
        let status = child.wait()?;
        drop(guard);
        if !ended && status.code().is_none() {
            break seconds;
        }
        seconds *= 0.9;
    };
    // Looked at in a copy: reading a database that was cut mends it, and that is the product's part.
    copy(&case.folder, &seen.folder)?;
    let stage = stage(seen)?;
    let mut tries = 0;
    let mut said = String::new();
    while tries < TRIES {
        tries += 1;
        let again = case.command(binary, &play(&day)).output()?;
        if again.status.success() {
            said.clear();
            break;
        }
        said = last_line(&again);
    }
    let mut faults = Vec::new();
    if said.is_empty() {
        faults.extend(reference.differs(&case.state()?));
        faults.extend(proofs(binary, case)?);
    } else {
        faults.push(format!("does not start again: {said}"));
    }
    Ok(json!({
        "share": share, "ms": (moment * 1000.0).round(), "stage": stage, "tries": tries, "reference": reference.fingerprint(),
        "abandoned": case.rows("SELECT COUNT(*) FROM passage WHERE etat = 'abandonne'")?.trim().parse::<u64>()?,
        "faults": faults,
    }))
}

/// What had been done when the command was cut.
fn stage(place: &Place) -> Result<String> {
    let last = place.rows("SELECT nature, jour, etat FROM passage ORDER BY id DESC LIMIT 1")?;
    let answers = place.rows(
        "SELECT COUNT(*) FROM journal WHERE objet = 'session_admission' AND action = 'repondre_proposition'",
    )?;
    let cells: Vec<&str> = last.trim().split('|').collect();
    let [nature, day, run] = cells[..] else { return Ok("before the first run".to_owned()) };
    let what = if nature == "ordre_appel" { "call orders".to_owned() } else { format!("day {day}") };
    let answered = answers.trim() == day && nature != "ordre_appel";
    Ok(match run {
        "abandonne" => format!("{what}: being written"),
        "calcule" => format!("{what}: computed"),
        _ if answered => format!("{what}: answered"),
        _ => format!("{what}: published"),
    })
}

/// What two nodes do at once, from which day on.
const CONTESTED: [(&str, u16, u16); 2] = [("call orders and day 1", 0, 1), ("day 2", 1, 2)];

fn nodes(
    binary: &Path,
    offer: &Path,
    options: &Options,
    state: &mut State,
    server: &str,
    over: &dyn Fn() -> bool,
) -> Result<()> {
    let scratch = tempfile::tempdir().context("no temporary folder")?;
    let mut bases = Bases::on(server.to_owned(), "campagne_coupures");
    let base = |bases: &mut Bases, name: &str, from: Option<&Place>| -> Result<Place> {
        let place = Place {
            folder: scratch.path().join(name),
            base: Some(bases.create(name, from.and_then(|p| p.base.as_deref()))?),
        };
        if let Some(from) = from {
            copy(&from.folder, &place.folder)?;
        }
        Ok(place)
    };
    let empty = base(&mut bases, "prepared", None)?;
    prepare(binary, offer, &empty)?;
    // For each thing contested: where it begins, and what comes out when nobody contests.
    let mut scenes = Vec::new();
    for (what, before, day) in CONTESTED {
        let start = base(&mut bases, &format!("start_{day}"), Some(&empty))?;
        if before > 0 {
            capture(&mut start.command(binary, &play(&before.to_string())))?;
        }
        let end = base(&mut bases, &format!("reference_{day}"), Some(&start))?;
        let reference = Reference::play(binary, &end, day)?;
        println!("reference, {what}: {:.2} s, state {}", reference.seconds, reference.fingerprint());
        scenes.push((what, day, start, reference));
    }
    let first = state.done.iter().filter(|case| case["part"] == "nodes").count() as u64;
    for n in first..STARTS {
        if over() {
            break;
        }
        let (what, day, start, reference) = &scenes[(n % scenes.len() as u64) as usize];
        // Together, or a little apart: a draw of its own, far from those of the kills.
        let mut rng = Rng::new(options.seed, 1_000_000 + n);
        let apart = if n / 2 % 2 == 0 { 0 } else { rng.below(APART) as u64 };
        let name = format!("case_{n}");
        let place = base(&mut bases, &name, Some(start))?;
        let mut result = start_two(binary, &place, *day, reference, apart)?;
        println!("nodes {n:>3} {what:<24} {apart:>4} ms {}", verdict(&result));
        for (key, value) in [("part", json!("nodes")), ("case", json!(n)), ("contested", json!(what))] {
            result[key] = value;
        }
        state.push(result)?;
        bases.remove(&name)?;
        std::fs::remove_dir_all(&place.folder)?;
    }
    Ok(())
}

fn start_two(binary: &Path, place: &Place, day: u16, reference: &Reference, apart: u64) -> Result<Value> {
    let day = day.to_string();
    let start = || -> Result<_> {
        spawn(place.command(binary, &play(&day)).stdout(Stdio::piped()).stderr(Stdio::piped()))
    };
    let (one, _one) = start()?;
    std::thread::sleep(Duration::from_millis(apart));
    let (two, _two) = start()?;
    // They say a few lines: a pipe holds them while the other is waited for.
    let ended = [one.wait_with_output()?, two.wait_with_output()?];
    let mut faults = Vec::new();
    let (mut applied, mut refused) = (0, Vec::new());
    for output in &ended {
        let said = text(&output.stderr);
        match output.status.code() {
            // One who came after the end says that nothing is left to do.
            Some(0) if !text(&output.stdout).contains("rien à faire") => applied += 1,
            Some(0) => refused.push("nothing left to do".to_owned()),
            Some(1) if is_clean(&said) => refused.push(last_line(output)),
            code => faults
                .push(format!("a node ended with {code:?}: {}", said.chars().take(300).collect::<String>())),
        }
    }
    if applied != 1 {
        faults.push(format!("{applied} nodes say that they played the day"));
    }
    faults.extend(reference.differs(&place.state()?));
    faults.extend(proofs(binary, place)?);
    Ok(json!({
        "apart_ms": apart, "applied": applied, "refused": refused, "reference": reference.fingerprint(),
        "abandoned": place.rows("SELECT COUNT(*) FROM passage WHERE etat = 'abandonne'")?.trim().parse::<u64>()?,
        "faults": faults,
    }))
}

/// One sentence for a person, and nothing of the machinery.
fn is_clean(stderr: &str) -> bool {
    let lines: Vec<&str> = stderr.lines().filter(|line| !line.trim().is_empty()).collect();
    matches!(lines[..], [line] if line.starts_with("Erreur : ")) && !stderr.contains("panicked")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn last_line(output: &Output) -> String {
    let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
    all.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().chars().take(300).collect()
}

fn verdict(case: &Value) -> String {
    let faults: Vec<&str> =
        case["faults"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if faults.is_empty() { "as expected".to_owned() } else { faults.join("; ") }
}

fn report(done: &[Value], parameters: &Value, machine: &str) -> (String, usize) {
    let is_good = |case: &Value| case["faults"].as_array().is_some_and(Vec::is_empty);
    let part = |name: &str| done.iter().filter(|case| case["part"] == name).collect::<Vec<_>>();
    let (kills, nodes) = (part("kill"), part("nodes"));
    let good = |cases: &[&Value]| cases.iter().filter(|case| is_good(case)).count();
    let mut report = format!(
        "# Campaign {NAME}\n\nGenerated by `cargo xtask campagne {NAME}`; do not edit. Parameters: `{parameters}`.\n\
         Machine: {machine}.\n\n\
         Offer of 2024, cohort at scale {SCALE}. After each case are compared, row by row, with an uninterrupted run: {}. \
         Left out: public identifiers and signatures, which each computation makes anew; instants of the real clock; runs \
         that a cut left abandoned. Then `admission verifier` must answer « Oui » and `journal verifier`, once sealed, find \
         nothing.\n\n\
         ## Killed\n\n`simuler jours --jusqu-a {DAYS}` (call orders, then {DAYS} days, answers included) on SQLite, its process \
         group ended by `kill -9` at a moment drawn uniformly over the time that it takes, then started again until it ends. \
         {} kills, {} ended in the same state.\n\n\
         | what had been done last | kills | same state | most starts needed | abandoned runs left |\n|---|---|---|---|---|\n",
        COMPARED.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", "),
        kills.len(),
        good(&kills),
    );
    let mut stages: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for case in &kills {
        stages.entry(case["stage"].as_str().unwrap_or_default()).or_default().push(case);
    }
    let sum = |cases: &[&Value], key: &str| cases.iter().filter_map(|case| case[key].as_u64()).sum::<u64>();
    for (stage, cases) in &stages {
        let tries = cases.iter().filter_map(|case| case["tries"].as_u64()).max().unwrap_or(0);
        // Writing to a String cannot fail.
        let _ = writeln!(
            report,
            "| {stage} | {} | {} | {tries} | {} |",
            cases.len(),
            good(cases),
            sum(cases, "abandoned")
        );
    }
    let _ = write!(
        report,
        "\n## Two nodes\n\nThe same command started twice on one PostgreSQL database, together or at most {APART} ms apart: one \
         plays the day, the other ends with one sentence, and nothing is done twice. {} starts, {} as expected.\n\n\
         | contested | starts | as expected | abandoned runs left |\n|---|---|---|---|\n",
        nodes.len(),
        good(&nodes),
    );
    let mut scenes: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    let mut sentences: BTreeMap<&str, u64> = BTreeMap::new();
    for case in &nodes {
        scenes.entry(case["contested"].as_str().unwrap_or_default()).or_default().push(case);
        for said in case["refused"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            *sentences.entry(said).or_default() += 1;
        }
    }
    for (scene, cases) in &scenes {
        let _ =
            writeln!(report, "| {scene} | {} | {} | {} |", cases.len(), good(cases), sum(cases, "abandoned"));
    }
    report.push_str("\nWhat the other said:\n\n| said | times |\n|---|---|\n");
    for (said, times) in sentences {
        let _ = writeln!(report, "| {} | {times} |", said.replace('|', "\\|"));
    }
    let bad: Vec<&Value> = done.iter().filter(|case| !is_good(case)).collect();
    if !bad.is_empty() {
        report.push_str("\n## Not as expected\n\n");
        for case in &bad {
            let _ = writeln!(
                report,
                "- {} {}, {}: {}",
                case["part"].as_str().unwrap_or_default(),
                case["case"],
                case["stage"].as_str().or(case["contested"].as_str()).unwrap_or_default(),
                verdict(case)
            );
        }
    }
    (report, bad.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_named() {
        let mut state = vec!["1|a\n2|b\n".to_owned(); COMPARED.len()];
        let reference = Reference { state: state.clone(), seconds: 1.0 };
        assert_eq!(reference.differs(&state), None);
        "1|a\n2|c\n".clone_into(&mut state[4]);
        assert_eq!(reference.differs(&state).unwrap(), "propositions: « 2|c » instead of « 2|b »");
        "1|a\n".clone_into(&mut state[4]);
        assert_eq!(reference.differs(&state).unwrap(), "propositions: 1 rows instead of 2");
    }

    #[test]
    fn a_clean_end_is_one_sentence() {
        assert!(is_clean("Erreur : c’est déjà fait.\n"));
        assert!(!is_clean("thread 'main' panicked at x\nErreur : y"));
        assert!(!is_clean(""));
    }

    #[test]
    fn what_failed_is_counted_and_told() {
        let case = |faults: Value| json!({ "part": "kill", "case": 3, "stage": "day 1: computed", "tries": 1, "abandoned": 2, "faults": faults });
        let (text, bad) = report(&[case(json!([])), case(json!(["stuck"]))], &json!({}), "here");
        assert_eq!(bad, 1);
        assert!(text.contains("| day 1: computed | 2 | 1 | 1 | 4 |"), "{text}");
        assert!(text.contains("- kill 3, day 1: computed: stuck"), "{text}");
    }
}
