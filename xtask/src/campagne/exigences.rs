//! Rules removed one at a time, each of which must make the test that proves its requirement fail: a test that passes
//! without the rule proves nothing.
//!
//! Nothing is touched in the checkout. In a copy of the tree, with its own target, every rule of `xtask/retraits.toml` is
//! written under a switch read from the environment: one build serves them all, and without the switch the code is what it
//! was, which the same test shows first by passing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::Options;
use super::rng::Rng;
use super::state::State;
use crate::measure::{machine, measure};
use crate::process::capture;
use crate::workspace::{Workspace, cargo};

const NAME: &str = "exigences";
const LIST: &str = "xtask/retraits.toml";
const SWITCH: &str = "RETRAIT";
/// A rule removed may leave a loop without end: that is no failure of the test.
const MAX_SECONDS: u64 = 180;

struct Removal {
    requirement: String,
    /// Of the repository.
    file: String,
    /// An expression, or a whole statement when nothing takes its place.
    text: String,
    instead: String,
    /// `app/it` for `crates/app/tests/it`, `domain/lib` for the tests beside the code of a crate.
    suite: String,
    test: String,
}

impl Removal {
    /// The rule under its switch.
    fn switched(&self, rank: usize) -> String {
        let Self { text, instead, .. } = self;
        let read = format!("std::env::var_os(\"{SWITCH}\")");
        match instead.as_str() {
            "" => format!("if {read}.is_none_or(|r| r != \"{rank}\") {{ {text} }}"),
            instead => {
                format!("(if {read}.is_some_and(|r| r == \"{rank}\") {{ {instead} }} else {{ {text} }})")
            }
        }
    }

    fn case(&self, verdict: &str) -> Value {
        json!({
            "requirement": self.requirement, "file": self.file, "removed": one_line(&self.text),
            "instead": one_line(&self.instead), "test": self.test, "verdict": verdict,
        })
    }

    /// What was last said of this very removal.
    fn last<'a>(&self, done: &'a [Value]) -> Option<&'a Value> {
        done.iter().rev().find(|case| case["verdict"].as_str().is_some_and(|v| **case == self.case(v)))
    }

    fn is_beside_the_code(&self) -> bool {
        self.suite.ends_with("/lib")
    }
}

pub fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let removals =
        read(&fs::read_to_string(workspace.root.join(LIST)).with_context(|| format!("no {LIST}"))?)?;
    let order = drawn(removals.len(), options.seed);
    let order = &order[..order.len().min(usize::try_from(options.cases)?)];
    let parameters = json!({ "seed": options.seed });
    let mut state = State::open(workspace, NAME, &parameters, options.restart)?;
    // A removal that was changed, or whose test was mended, is judged again; the others are not.
    let pending: Vec<&Removal> = order
        .iter()
        .map(|rank| &removals[*rank])
        .filter(|removal| removal.last(&state.done).is_none_or(|case| case["verdict"] != FAILS))
        .collect();
    if !pending.is_empty() {
        let suites = build(workspace, &workspace.target.join("campagne-exigences"), &pending)?;
        let started = Instant::now();
        for (switch, removal) in pending.iter().enumerate() {
            if started.elapsed().as_secs() > options.minutes * 60 {
                println!("{NAME}: {} minutes are over; the next run goes on", options.minutes);
                break;
            }
            let suite = suites.get(&removal.suite).with_context(|| format!("no tests {}", removal.suite))?;
            let verdict = judge(suite, removal, switch)?;
            println!("{:<7} {verdict}", removal.requirement);
            state.push(removal.case(verdict))?;
        }
    }
    let judged: Vec<&Value> = order.iter().filter_map(|rank| removals[*rank].last(&state.done)).collect();
    state.write_report(&report(&judged, removals.len(), &parameters, &machine(&workspace.root)))?;
    let bad = judged.iter().filter(|case| case["verdict"] != FAILS).count();
    println!("{} passed, {bad} failed", judged.len() - bad);
    if bad > 0 {
        bail!("a rule is proved by no test: see docs/campagnes/{NAME}.md");
    }
    Ok(())
}

fn read(text: &str) -> Result<Vec<Removal>> {
    let list: toml::Table = text.parse().with_context(|| format!("{LIST} is no TOML"))?;
    let rows =
        list.get("retrait").and_then(toml::Value::as_array).with_context(|| format!("{LIST} is empty"))?;
    rows.iter()
        .map(|row| {
            let cell = |key: &str| {
                let value = row.get(key).and_then(toml::Value::as_str).map(str::to_owned);
                value.with_context(|| format!("{LIST}: no « {key} » in {row}"))
            };
            Ok(Removal {
                requirement: cell("exigence")?,
                file: cell("fichier")?,
                text: cell("texte")?,
                instead: cell("sans")?,
                suite: cell("suite")?,
                test: cell("test")?,
            })
        })
        .collect()
}

/// A random order, the same for a seed.
fn drawn(count: usize, seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut rng = Rng::new(seed, 0);
    for last in (1..count).rev() {
        order.swap(last, rng.below(last + 1));
    }
    order
}

/// The binary of each suite and the folder it runs in, every rule being under its switch.
fn build(
    workspace: &Workspace,
    scratch: &Path,
    removals: &[&Removal],
) -> Result<BTreeMap<String, (PathBuf, PathBuf)>> {
    let tree = scratch.join("arbre");
    copy(&workspace.root, &tree, &switched_files(&workspace.root, removals)?)?;
    let mut command = Command::new(cargo());
    command.args(["test", "-q", "--workspace", "--no-run", "--message-format=json"]);
    if removals.iter().any(|removal| removal.is_beside_the_code()) {
        command.arg("--lib");
    }
    let names: BTreeSet<&str> = removals
        .iter()
        .filter(|removal| !removal.is_beside_the_code())
        .filter_map(|removal| removal.suite.rsplit('/').next())
        .collect();
    for name in names {
        command.args(["--test", name]);
    }
    println!("{NAME}: building in {}", tree.display());
    let said = capture(command.env("CARGO_TARGET_DIR", scratch.join("target")).current_dir(&tree))
        .context("a removal that does not compile proves nothing")?;
    let mut suites = BTreeMap::new();
    for line in said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let (Some(binary), Some(manifest)) = (line["executable"].as_str(), line["manifest_path"].as_str())
        else {
            continue;
        };
        let Some(folder) = Path::new(manifest).parent() else { continue };
        let package = folder.file_name().unwrap_or_default().to_string_lossy();
        let target = match line["target"]["kind"][0].as_str() {
            Some("test") => line["target"]["name"].as_str().unwrap_or_default(),
            _ => "lib",
        };
        suites.insert(format!("{package}/{target}"), (PathBuf::from(binary), folder.to_owned()));
    }
    Ok(suites)
}

/// The files that hold a rule to remove, with its switch. A text that is not there once is no rule that we know.
fn switched_files(root: &Path, removals: &[&Removal]) -> Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    for (rank, removal) in removals.iter().enumerate() {
        let Removal { requirement, file, text, .. } = removal;
        if !files.contains_key(file) {
            let original =
                fs::read_to_string(root.join(file)).with_context(|| format!("{requirement}: no {file}"))?;
            files.insert(file.clone(), original);
        }
        let content = files.entry(file.clone()).or_default();
        let found = content.matches(text.as_str()).count();
        if found != 1 {
            bail!("{requirement}: « {} » is {found} times in {file}", one_line(text));
        }
        *content = content.replacen(text.as_str(), &removal.switched(rank), 1);
    }
    Ok(files)
}

/// Makes the tree that of the checkout but for some files. What did not change keeps its date, so that it is not compiled
/// again.
fn copy(root: &Path, tree: &Path, changed: &BTreeMap<String, String>) -> Result<()> {
    let list =
        capture(Command::new("git").args(["ls-files", "-co", "--exclude-standard", "-z"]).current_dir(root))?;
    let kept: BTreeSet<&str> = list.split('\0').filter(|name| !name.is_empty()).collect();
    remove_others(tree, tree, &kept)?;
    for name in kept {
        let content = match changed.get(name) {
            Some(text) => text.clone().into_bytes(),
            // A file removed since it was added to the index.
            None => match fs::read(root.join(name)) {
                Ok(content) => content,
                Err(_) => continue,
            },
        };
        let file = tree.join(name);
        if fs::read(&file).ok().as_deref() != Some(content.as_slice()) {
            fs::create_dir_all(file.parent().unwrap_or(tree))?;
            fs::write(&file, content)?;
        }
    }
    Ok(())
}

fn remove_others(tree: &Path, folder: &Path, kept: &BTreeSet<&str>) -> Result<()> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            remove_others(tree, &path, kept)?;
        } else if path.strip_prefix(tree).ok().and_then(Path::to_str).is_none_or(|name| !kept.contains(name))
        {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

const FAILS: &str = "fails without the rule";

fn judge((binary, folder): &(PathBuf, PathBuf), removal: &Removal, rank: usize) -> Result<&'static str> {
    let told = |switch: Option<usize>| -> Result<Outcome> {
        let mut command = Command::new(binary);
        command
            .arg(&removal.test)
            .current_dir(folder)
            .env_remove("PARCOURSUP_TEST_POSTGRES")
            .env_remove(SWITCH);
        if let Some(rank) = switch {
            command.env(SWITCH, rank.to_string());
        }
        let scratch = tempfile::tempdir()?;
        let result = measure(&mut command, Duration::from_secs(MAX_SECONDS), scratch.path())?;
        Ok(outcome(&removal.test, result.status.is_some(), &result.stdout))
    };
    Ok(match told(None)? {
        Outcome::Absent => "no such test",
        Outcome::Failed | Outcome::Endless => "fails even with the rule",
        Outcome::Passed => match told(Some(rank))? {
            Outcome::Failed => FAILS,
            Outcome::Endless => "does not end without the rule",
            Outcome::Passed | Outcome::Absent => "passes without the rule",
        },
    })
}

#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Passed,
    Failed,
    Absent,
    Endless,
}

/// What the harness says of the test of this name, or of those of the module of this name: one for each database.
fn outcome(test: &str, ended: bool, stdout: &str) -> Outcome {
    let mut lines = stdout
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.split_once(" ... "))
        .filter(|(path, _)| path.split("::").any(|part| part == test))
        .peekable();
    if !ended {
        Outcome::Endless
    } else if lines.peek().is_none() {
        Outcome::Absent
    } else if lines.any(|(_, said)| said.ends_with("FAILED")) {
        Outcome::Failed
    } else {
        Outcome::Passed
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn report(done: &[&Value], removals: usize, parameters: &Value, machine: &str) -> String {
    let good = done.iter().filter(|case| case["verdict"] == FAILS).count();
    let requirements: BTreeSet<&str> = done.iter().filter_map(|case| case["requirement"].as_str()).collect();
    let mut report = format!(
        "# Campaign {NAME}\n\nGenerated by `cargo xtask campagne {NAME}`; do not edit. Parameters: `{parameters}`.\n\
         Machine: {machine}.\n\nRules of the [requirements](../exigences.md) removed one at a time from a copy of the code, \
         in an order drawn at random among the {removals} of `{LIST}`: {} removed, of {} requirements. The test named for the \
         requirement passes with the rule and fails without it: {good} of {}.\n\n\
         | requirement | file | removed | in its place | test | the test |\n|---|---|---|---|---|---|\n",
        done.len(),
        requirements.len(),
        done.len()
    );
    for case in done {
        let cell = |key: &str| case[key].as_str().unwrap_or_default().replace('|', "\\|");
        let code = |key: &str| match cell(key).as_str() {
            "" => "nothing".to_owned(),
            text => format!("`` {text} ``"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            report,
            "| {} | `{}` | {} | {} | `{}` | {} |",
            cell("requirement"),
            cell("file"),
            code("removed"),
            code("instead"),
            cell("test"),
            cell("verdict")
        );
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_harness_says_is_understood() {
        let said =
            "running 2 tests\ntest un::sqlite ... ok\ntest un::postgres ... FAILED\ntest deux ... ok\n";
        assert_eq!(outcome("un", true, said), Outcome::Failed);
        assert_eq!(outcome("deux", true, said), Outcome::Passed);
        assert_eq!(outcome("u", true, said), Outcome::Absent);
        assert_eq!(outcome("deux", false, said), Outcome::Endless);
    }

    #[test]
    fn a_rule_is_switched_once_and_an_unknown_one_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.rs"), "fn f() { if a < b { g()?; } h()?; h()?; }").unwrap();
        let rule = |text: &str, instead: &str| Removal {
            requirement: "SEC-6".into(),
            file: "a.rs".into(),
            text: text.into(),
            instead: instead.into(),
            suite: "app/x".into(),
            test: "x".into(),
        };
        let files = switched_files(dir.path(), &[&rule("a < b", "true"), &rule("g()?;", "")]).unwrap();
        assert_eq!(
            files["a.rs"],
            "fn f() { if (if std::env::var_os(\"RETRAIT\").is_some_and(|r| r == \"0\") { true } else { a < b }) { if \
             std::env::var_os(\"RETRAIT\").is_none_or(|r| r != \"1\") { g()?; } } h()?; h()?; }"
        );
        assert!(switched_files(dir.path(), &[&rule("h()?;", "")]).is_err());
        assert!(switched_files(dir.path(), &[&rule("absent", "")]).is_err());
    }

    /// Code that moves takes its removal with it: otherwise the campaign stops before its first case.
    #[test]
    fn every_removal_of_the_list_finds_its_text_once() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let removals = read(&fs::read_to_string(root.join(LIST)).unwrap()).unwrap();
        assert!(removals.len() > 60, "{}", removals.len());
        switched_files(root, &removals.iter().collect::<Vec<_>>()).unwrap();
    }

    #[test]
    fn a_removal_that_changed_is_judged_again() {
        let rule = |test: &str| Removal {
            requirement: "SEC-6".into(),
            file: "a.rs".into(),
            text: "a <\n b".into(),
            instead: String::new(),
            suite: "app/x".into(),
            test: test.into(),
        };
        let done =
            [rule("x").case("passes without the rule"), rule("x").case(FAILS), rule("y").case("other")];
        assert_eq!(rule("x").last(&done).unwrap()["verdict"], FAILS);
        assert_eq!(rule("y").last(&done).unwrap()["verdict"], "other");
        assert!(rule("z").last(&done).is_none());
    }

    #[test]
    fn every_removal_is_drawn_once() {
        let order = drawn(50, 7);
        assert_ne!(order, (0..50).collect::<Vec<_>>());
        assert_eq!(order, drawn(50, 7));
        assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), 50);
    }
}
