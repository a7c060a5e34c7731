//! `docs/regles.md` and the code tell the same rules: a table row each, `| R-VOE-07 | … | tests |`, where the last cell
//! names its tests between backticks: a Rust test function, or a story by its path (`e2e/stories/…mjs`).

use std::collections::{BTreeMap, BTreeSet};

use super::{document, files, none, root};

const DOCUMENT: &str = "docs/regles.md";

#[test]
fn every_rule_names_tests_that_exist() {
    let rules = rules(&document(DOCUMENT));
    assert!(!rules.is_empty(), "{DOCUMENT} has no row that begins with a rule number");
    let known = test_functions();
    let mut faults = Vec::new();
    for (rule, tests) in &rules {
        if tests.is_empty() {
            faults.push(format!("{rule} names no test"));
        }
        for test in tests {
            let exists = match test.ends_with(".mjs") {
                true => root().join(test).exists(),
                false => known.contains(test.rsplit("::").next().unwrap()),
            };
            if !exists {
                faults.push(format!("{rule}: no test `{test}`"));
            }
        }
    }
    none(&faults, DOCUMENT);
}

#[test]
fn every_rule_cited_in_the_code_is_in_the_document() {
    let rules = rules(&document(DOCUMENT));
    let mut faults = Vec::new();
    for folder in ["crates", "migrations", "e2e"] {
        for (path, text) in files(folder, &[".rs", ".html", ".sql", ".mjs", ".csv"]) {
            for (at, line) in text.lines().enumerate() {
                for rule in numbers(line) {
                    if !rules.contains_key(rule) {
                        faults.push(format!("{path}:{}: {rule} is not in {DOCUMENT}", at + 1));
                    }
                }
            }
        }
    }
    none(&faults, "rules cited but not written down");
}

#[test]
fn no_rule_is_written_twice() {
    let text = document(DOCUMENT);
    let mut seen = BTreeSet::new();
    let faults: Vec<String> =
        text.lines().filter_map(row_number).filter(|rule| !seen.insert(*rule)).map(str::to_owned).collect();
    none(&faults, "rules with two rows");
}

/// `docs/invariants.md`: the versioned list of what is true of a run before it is published (RUN-3).
#[test]
fn run_3_every_invariant_names_tests_that_exist() {
    let text = document("docs/invariants.md");
    let known = test_functions();
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| I-")).collect();
    assert!(rows.len() >= 30, "{} invariants", rows.len());
    let mut faults = Vec::new();
    for (n, row) in (1..).zip(rows) {
        let tests = last_cell_names(row);
        if tests.is_empty() || !row.starts_with(&format!("| I-{n:02} |")) {
            faults.push(format!("{row}: out of its place, or names no test"));
        }
        faults.extend(
            tests.iter().filter(|test| !known.contains(*test)).map(|test| format!("no test `{test}`")),
        );
    }
    none(&faults, "docs/invariants.md");
}

fn rules(text: &str) -> BTreeMap<String, Vec<String>> {
    text.lines().filter_map(|line| Some((row_number(line)?.to_owned(), last_cell_names(line)))).collect()
}

/// The number a table row begins with.
fn row_number(line: &str) -> Option<&str> {
    let first = line.trim().strip_prefix('|')?.split('|').next()?;
    numbers(first).first().copied()
}

fn last_cell_names(line: &str) -> Vec<String> {
    let last = line.trim().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
    last.split('`').skip(1).step_by(2).map(|name| name.trim().trim_end_matches("()").to_owned()).collect()
}

/// `R-XXX-NN`: three or more capitals, two or more digits.
fn numbers(line: &str) -> Vec<&str> {
    line.match_indices("R-")
        .filter(|(at, _)| !line[..*at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '-'))
        .filter_map(|(at, _)| {
            let rest = &line[at + 2..];
            let letters = rest.find(|c: char| !c.is_ascii_uppercase())?;
            let digits = rest[letters..].strip_prefix('-')?;
            let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
            (letters >= 3 && length >= 2).then(|| &line[at..at + 2 + letters + 1 + length])
        })
        .collect()
}

/// Names of functions marked as tests, or inside the macro of the kit that makes two tests of one, and of modules that only
/// hold examples of documentation.
pub(super) fn test_functions() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, text) in files("crates", &[".rs"]).into_iter().chain(files("xtask", &[".rs"])) {
        names.extend(test_names(&text));
    }
    assert!(names.contains("every_rule_names_tests_that_exist"), "test functions are not recognised");
    names
}

fn test_names(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut is_marked = false;
    // Indentation of the macro call whose block we are in.
    let mut block: Option<usize> = None;
    for raw in text.lines() {
        let line = raw.trim();
        let indent = raw.len() - raw.trim_start().len();
        if line.starts_with("both_databases!") || line.starts_with("testkit::both_databases!") {
            block = Some(indent);
        } else if block == Some(indent) && line.starts_with('}') {
            block = None;
        } else if line.starts_with("#[") {
            is_marked |=
                ["#[test]", "#[tokio::test", "#[cfg(doctest)]"].iter().any(|mark| line.starts_with(mark));
        } else if let Some(rest) = line.strip_prefix("pub mod ").filter(|_| is_marked) {
            names.extend(rest.split([' ', ';']).next().map(str::to_owned));
            is_marked = false;
        } else if let Some(rest) =
            line.trim_start_matches("pub ").trim_start_matches("async ").strip_prefix("fn ")
        {
            if is_marked || block.is_some() {
                names.extend(rest.split(['(', '<']).next().map(|name| name.trim().to_owned()));
            }
            is_marked = false;
        }
    }
    names
}

#[test]
fn tests_are_recognised_by_their_mark() {
    let text = "#[test]\nfn one() {\n}\nfn helper() {\n}\n#[tokio::test]\n// why\nasync fn two() {\n}\n\
                both_databases! {\n    async fn three(base) {\n    }\n}\nasync fn other() {}\n\
                #[cfg(doctest)]\npub mod four {}\npub mod five {}\n";
    let expected: BTreeSet<String> = ["one", "two", "three", "four"].map(str::to_owned).into();
    assert_eq!(test_names(text), expected);
}

#[test]
fn rows_and_numbers_are_read() {
    let row =
        "| **R-VOE-07** | Un vœu… | art. D. 612-1 | `confirms_at_the_last_minute`, `domain::voeux::closes` |";
    let rules = rules(&format!("| règle | texte |\n|---|---|\n{row}\nsee R-CAL-01"));
    assert_eq!(rules.len(), 1);
    assert_eq!(rules["R-VOE-07"], ["confirms_at_the_last_minute", "domain::voeux::closes"]);
    assert_eq!(numbers("// R-CAL-01, XR-CAL-02, R-C-03, R-ABC-4 and R-ADM-112."), ["R-CAL-01", "R-ADM-112"]);
}
