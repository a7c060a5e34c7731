//! `docs/exigences.md` and the tests tell the same requirements of security: a table row each,
//! `| SEC-6 | what it asks | tests | what is left out |`. The number stands in the name of a test (`sec_6_…`), or in the
//! `name` of a story.

use std::collections::{BTreeMap, BTreeSet};

use super::rules::test_functions;
use super::{document, files, none, root};

const DOCUMENT: &str = "docs/exigences.md";
const REMOVALS: &str = "xtask/retraits.toml";

struct Row {
    number: String,
    tests: Vec<String>,
    left_out: String,
}

fn rows(text: &str) -> Vec<Row> {
    text.lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.trim().strip_prefix('|')?.split('|').map(str::trim).collect();
            let [number, _, tests, left_out, ..] = cells.as_slice() else { return None };
            let (family, rank) = number.split_once('-')?;
            let is_number = family.chars().all(|c| c.is_ascii_uppercase()) && rank.parse::<u32>().is_ok();
            let names = tests.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            is_number.then(|| Row {
                number: (*number).to_owned(),
                tests: names,
                left_out: (*left_out).to_owned(),
            })
        })
        .collect()
}

/// The requirements, and rules, that the name of a test begins with: `r_cal_05_tps_3_only…` gives TPS-3.
fn named(test: &str) -> Vec<String> {
    let mut parts = test.split('_').peekable();
    if parts.peek() == Some(&"r") {
        parts.nth(2);
    }
    let mut found = Vec::new();
    while let (Some(family), Some(rank)) = (parts.next(), parts.next()) {
        let is_family = !family.is_empty() && family.chars().all(|c| c.is_ascii_lowercase());
        if !is_family || rank.is_empty() || !rank.chars().all(|c| c.is_ascii_digit()) {
            break;
        }
        found.push(format!("{}-{rank}", family.to_uppercase()));
    }
    found
}

/// The numbers that a story says in its name.
fn told(path: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("export const name = ")).unwrap_or_default();
    name.split(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_requirement_names_tests_that_exist_and_one_bears_its_number() {
    let rows = rows(&document(DOCUMENT));
    assert!(rows.len() > 50, "{DOCUMENT} has {} rows that begin with a number", rows.len());
    let known = test_functions();
    let mut faults = Vec::new();
    for Row { number, tests, left_out } in &rows {
        let mut is_borne = false;
        for test in tests {
            let (exists, numbers) = match test.ends_with(".mjs") {
                true => (root().join(test).exists(), told(test)),
                false => (known.contains(test), named(test)),
            };
            if !exists {
                faults.push(format!("{number}: no test `{test}`"));
            }
            is_borne |= numbers.contains(number);
        }
        if tests.is_empty() && left_out.is_empty() {
            faults.push(format!("{number}: neither a test nor a reason"));
        }
        if !tests.is_empty() && !is_borne {
            faults.push(format!("{number}: in the name of none of its tests"));
        }
    }
    none(&faults, DOCUMENT);
}

#[test]
fn every_test_named_after_a_requirement_is_in_the_table() {
    let rows = rows(&document(DOCUMENT));
    let families: BTreeSet<&str> = rows.iter().filter_map(|row| row.number.split('-').next()).collect();
    let listed: BTreeMap<&str, &Vec<String>> =
        rows.iter().map(|row| (row.number.as_str(), &row.tests)).collect();
    let mut faults = Vec::new();
    for test in test_functions() {
        for number in named(&test) {
            let is_ours = number.split('-').next().is_some_and(|family| families.contains(family));
            if is_ours && !listed.get(number.as_str()).is_some_and(|tests| tests.contains(&test)) {
                faults.push(format!("`{test}` is not in the row of {number}"));
            }
        }
    }
    none(&faults, DOCUMENT);
}

#[test]
fn no_requirement_is_written_twice() {
    let mut seen = BTreeSet::new();
    let rows = rows(&document(DOCUMENT));
    let twice: Vec<String> =
        rows.into_iter().map(|row| row.number).filter(|n| !seen.insert(n.clone())).collect();
    none(&twice, "requirements with two rows");
}

/// A rule is removed to see its own test fail: both are in the row of the requirement.
#[test]
fn every_removal_is_about_a_test_of_its_requirement() {
    let rows = rows(&document(DOCUMENT));
    let text = document(REMOVALS);
    let value = |line: &str, key: &str| {
        line.strip_prefix(key)
            .and_then(|rest| rest.strip_prefix(" = \""))
            .map(|v| v.trim_end_matches('"').to_owned())
    };
    let mut requirement = String::new();
    let (mut removals, mut faults) = (0, Vec::new());
    for line in text.lines() {
        if let Some(number) = value(line, "exigence") {
            requirement = number;
        } else if let Some(test) = value(line, "test") {
            removals += 1;
            if !rows.iter().any(|row| row.number == requirement && row.tests.contains(&test)) {
                faults.push(format!("{requirement}: `{test}` is not in its row"));
            }
        }
    }
    assert!(removals >= 40, "{removals} removals only");
    none(&faults, REMOVALS);
}

/// Every family of the specification is there: a table that forgets a chapter would still be consistent.
#[test]
fn every_family_is_in_the_table() {
    let rows = rows(&document(DOCUMENT));
    for (family, count) in [
        ("CPT", 8),
        ("MDP", 7),
        ("SEC", 10),
        ("LIM", 7),
        ("SES", 5),
        ("HAB", 9),
        ("JOU", 6),
        ("DON", 7),
        ("WEB", 6),
        ("TPS", 6),
        ("RUN", 6),
        ("TRX", 5),
        ("NOT", 3),
        ("ACC", 4),
    ] {
        for rank in 1..=count {
            let number = format!("{family}-{rank}");
            assert!(rows.iter().any(|row| row.number == number), "{number} has no row in {DOCUMENT}");
        }
    }
}

#[test]
fn numbers_are_read_in_names() {
    assert_eq!(named("sec_6_a_code_serves_once"), ["SEC-6"]);
    assert_eq!(named("r_cal_05_tps_3_only_later"), ["TPS-3"]);
    assert_eq!(named("trx_2_trx_4_two_tabs"), ["TRX-2", "TRX-4"]);
    assert_eq!(named("not_1_the_useful_first"), ["NOT-1"]);
    assert!(named("a_file_of_2_lines").is_empty() && named("don_t_3").is_empty());
    // A story is recognised by what it says of itself.
    let stories = files("e2e/stories", &[".mjs"]);
    assert!(stories.iter().all(|(path, _)| !told(path).is_empty()));
}
