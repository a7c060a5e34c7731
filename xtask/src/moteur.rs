//! `cargo xtask bench moteur`: the engine alone on the reproducible bench, at three sizes, on one thread and on two.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::bench::Options;
use crate::process::capture;
use crate::workspace::{Workspace, product};

/// Candidates and courses of the three columns of the oracle's table, and the wishes of their first day.
const SIZES: [(&str, &str, &str); 3] =
    [("8000", "200", "95,000"), ("80000", "2000", "1.07 M"), ("950000", "23000", "12.96 M")];
const SEED: &str = "2026";
const THREADS: [usize; 2] = [1, 2];
/// Best of so many.
const RUNS: usize = 3;
/// Steps that compute nothing: what the first day is held against.
const FLOOR: [(&str, &str); 2] = [
    ("colonnes du jour 1, lues", "columns of day 1 read once"),
    (
        "colonnes du jour 1, lues et triées",
        "columns of day 1 read and sorted once, by the sort of the library",
    ),
];
/// Time for one wish at the national size, against one wish at the middle size.
const MAX_GROWTH: f64 = 1.5;
const MAX_MIB: u64 = 800;

/// A step that has a target: as the product names it, as the table does, the line and the place in it that tell how many
/// wishes it reads, and the seconds that it may take at the national size on two threads.
struct Target {
    step: &'static str,
    label: &'static str,
    wishes: (&'static str, usize),
    seconds: f64,
}

const TARGETS: [Target; 3] = [
    Target {
        step: "ordre d’appel, vérifié",
        label: "call order, verified",
        wishes: ("groupes ; plus grand ; candidats classés", 2),
        seconds: 0.4,
    },
    Target {
        step: "jour 1, contrôles, vérifications et affichages",
        label: "day 1: checks, propositions, verification, displays",
        wishes: ("vœux jour 1 ; avec internat ; internats", 0),
        seconds: 0.8,
    },
    Target {
        step: "jour GDD, contrôles, vérifications et affichages",
        label: "summer night, the same with answers and resignations",
        wishes: ("GDD : vœux ; répondeurs actifs", 0),
        seconds: 0.8,
    },
];

/// What the product prints: steps with their seconds and peak of memory so far, then fingerprints.
#[derive(Debug, Default, PartialEq)]
struct Said {
    steps: BTreeMap<String, (f64, u64)>,
    prints: BTreeMap<String, String>,
}

impl Said {
    fn parse(text: &str) -> Result<Self> {
        let mut said = Self::default();
        let mut prints = false;
        for line in text.lines() {
            if line.starts_with("Étapes") {
                continue;
            }
            if line.starts_with("Empreintes") {
                prints = true;
                continue;
            }
            let (name, value) =
                line.rsplit_once(" : ").with_context(|| format!("« {line} » has no value"))?;
            if prints {
                said.prints.insert(name.to_owned(), value.to_owned());
                continue;
            }
            let number = |cell: Option<&str>, before: &str, after: &str| -> Option<f64> {
                cell?.strip_prefix(before)?.strip_suffix(after)?.replace(',', ".").parse().ok()
            };
            let seconds = number(value.split(", ").next(), "", " s")
                .with_context(|| format!("« {line} » has no seconds"))?;
            let mib = number(value.rsplit(", ").next(), "pic ", " Mio").unwrap_or(0.0);
            said.steps.insert(name.to_owned(), (seconds, mib as u64));
        }
        if said.steps.is_empty() || said.prints.is_empty() {
            bail!("the bench said nothing:\n{text}");
        }
        Ok(said)
    }

    /// Keeps the best seconds and the worst peak of each step.
    fn best(&mut self, other: &Self) {
        for (name, &(seconds, mib)) in &other.steps {
            let kept = self.steps.entry(name.clone()).or_insert((seconds, mib));
            *kept = (kept.0.min(seconds), kept.1.max(mib));
        }
    }

    fn wishes(&self, target: &Target) -> Result<f64> {
        let (line, place) = target.wishes;
        let value = self.prints.get(line).and_then(|value| value.split(" ; ").nth(place)?.parse().ok());
        value.with_context(|| format!("the bench does not say « {line} »"))
    }
}

pub fn bench(workspace: &Workspace, _: &Options) -> Result<()> {
    let binary = workspace.measured()?;
    let reference = std::fs::read_to_string(workspace.shared().join("oracle/README.md")).ok();
    let mut faults = Vec::new();
    println!(
        "| step | wishes | threads | seconds, best of {RUNS} | wishes a second | peak so far | a wish against one at {} | \
         budget |\n|---|---|---|---|---|---|---|---|",
        SIZES[1].2
    );
    let mut prints = Vec::new();
    // Seconds for one wish at the middle size, by step and number of threads.
    let mut middle = BTreeMap::new();
    for (size, &(candidates, courses, label)) in SIZES.iter().enumerate() {
        let mut first: Option<Said> = None;
        let mut same = true;
        for threads in THREADS {
            let mut best: Option<Said> = None;
            for _ in 0..RUNS {
                let said = play(&binary, candidates, courses, threads)?;
                same &= first.as_ref().is_none_or(|first| first.prints == said.prints);
                match &mut best {
                    None => best = Some(said),
                    Some(best) => best.best(&said),
                }
            }
            let best = best.context("no run")?;
            let national = size + 1 == SIZES.len();
            for target in &TARGETS {
                let &(seconds, mib) =
                    best.steps.get(target.step).with_context(|| format!("no step « {} »", target.step))?;
                let wishes = best.wishes(target)?;
                let each = seconds / wishes;
                if size == 1 {
                    middle.insert((target.step, threads), each);
                }
                let growth =
                    middle.get(&(target.step, threads)).filter(|_| national).map(|small| each / small);
                let budget = (national && threads == 2).then_some(target.seconds);
                if growth.is_some_and(|growth| growth > MAX_GROWTH) {
                    faults.push(format!(
                        "{}, {threads} threads: more than {MAX_GROWTH} × linear",
                        target.label
                    ));
                }
                if budget.is_some_and(|budget| seconds > budget) {
                    faults.push(format!("{}: {seconds:.3} s", target.label));
                }
                if mib > MAX_MIB {
                    faults.push(format!("{}, {label} wishes: {mib} MiB", target.label));
                }
                println!(
                    "| {} | {wishes} | {threads} | {seconds:.3} | {:.1} M | {mib} MiB | {} | {} |",
                    target.label,
                    1.0 / each / 1e6,
                    growth.map_or_else(String::new, |growth| format!("{growth:.2} ×")),
                    budget.map_or_else(String::new, |budget| format!("{budget} s, {MAX_MIB} MiB")),
                );
            }
            for (step, label) in FLOOR {
                let &(seconds, mib) = best.steps.get(step).with_context(|| format!("no step « {step} »"))?;
                let wishes = best.wishes(&TARGETS[1])?;
                let speed = wishes / seconds / 1e6;
                println!("| {label} | {wishes} | {threads} | {seconds:.3} | {speed:.1} M | {mib} MiB | | |");
            }
            first.get_or_insert(best);
        }
        let first = first.context("no run")?;
        let known = reference.as_deref().map(|text| differences(text, size, &first.prints));
        let against = match &known {
            None => "no reference beside the repository".to_owned(),
            Some(differ) if differ.is_empty() => "equal to the reference".to_owned(),
            Some(differ) => format!("NOT those of the reference: {}", differ.join(", ")),
        };
        let between = if same { "the same in every run" } else { "NOT the same in every run" };
        prints.push(format!(
            "{label} wishes: {} fingerprints and counts, {between}, {against}",
            first.prints.len()
        ));
        if !same || known.is_some_and(|differ| !differ.is_empty()) {
            faults.push(format!("fingerprints at {label} wishes"));
        }
    }
    println!("\n{}", prints.join("\n"));
    if !faults.is_empty() {
        bail!("over budget: {}", faults.join("; "));
    }
    Ok(())
}

fn play(binary: &Path, candidates: &str, courses: &str, threads: usize) -> Result<Said> {
    let mut command = product(binary);
    command.args(["moteur", "banc", "--candidats", candidates, "--formations", courses, "--graine", SEED]);
    Said::parse(&capture(command.args(["--plancher", "--fils", &threads.to_string()]))?)
}

/// Lines that are not those of this column of the oracle's table, which writes numbers with spaces.
fn differences(table: &str, column: usize, prints: &BTreeMap<String, String>) -> Vec<String> {
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect::<String>();
    let rows: BTreeMap<String, String> = table
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.strip_prefix("| ")?.split(" | ").collect();
            Some((bare(cells.first()?), bare(cells.get(column + 1)?.trim_end_matches('|'))))
        })
        .collect();
    prints
        .iter()
        .filter(|(name, value)| rows.get(&bare(name)) != Some(&bare(value)))
        .map(|(name, _)| name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Étapes, sur 2 fils :\n\
        ordre d’appel, vérifié : 0,246 s, 0,37 s de processeur, pic 47 Mio\n\
        Empreintes :\n\
        groupes ; plus grand ; candidats classés : 265 ; 5183 ; 93649\n\
        GDD, avant mise à l'écart : propositions : 5691 30155a67f092d8be\n";

    #[test]
    fn what_the_bench_prints_is_read() {
        let said = Said::parse(SAID).unwrap();
        assert_eq!(said.steps["ordre d’appel, vérifié"], (0.246, 47));
        assert_eq!(said.wishes(&TARGETS[0]).unwrap(), 93_649.0);
        assert!(Said::parse("Étapes\n").is_err());
    }

    #[test]
    fn the_best_seconds_and_the_worst_peak_are_kept() {
        let mut best = Said::parse(SAID).unwrap();
        best.best(&Said::parse(&SAID.replace("0,246", "0,300").replace("47", "90")).unwrap());
        assert_eq!(best.steps["ordre d’appel, vérifié"], (0.246, 90));
    }

    #[test]
    fn fingerprints_are_compared_with_the_table_of_the_oracle() {
        let table = "| | | | |\n|---|---|---|---|\n\
            | groupes ; plus grand ; candidats classés | 265 ; 5 183 ; 93 649 | 2 ; 3 ; 4 | 5 ; 6 ; 7 |\n\
            | GDD, avant mise à l'écart : propositions | 5 691 `30155a67f092d8be` | 1 `a` | 2 `b` |\n";
        let prints = Said::parse(SAID).unwrap().prints;
        assert_eq!(differences(table, 0, &prints), [""; 0]);
        assert_eq!(differences(table, 1, &prints).len(), 2);
    }
}
