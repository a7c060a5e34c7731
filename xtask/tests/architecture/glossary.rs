//! `docs/glossaire.md`: the names it gives to types and tables exist, so that a renaming cannot forget it.

use std::collections::BTreeSet;

use super::{document, files, none};

#[test]
fn every_name_of_the_glossary_exists_in_the_code() {
    let text = document("docs/glossaire.md");
    let names: Vec<&str> = text.lines().flat_map(names_of_last_cell).collect();
    assert!(names.len() > 40, "only {} names read", names.len());
    let mut known = BTreeSet::new();
    let sources = files("crates", &[".rs"]).into_iter().chain(files("migrations", &[".sql"]));
    for (_, text) in sources {
        known.extend(words(&text).map(str::to_owned));
    }
    let faults: Vec<String> =
        names.into_iter().filter(|name| !known.contains(*name)).map(|name| format!("`{name}`")).collect();
    none(&faults, "names of the glossary that the code does not have");
}

fn names_of_last_cell(line: &str) -> Vec<&str> {
    match line
        .trim()
        .strip_suffix('|')
        .filter(|row| row.starts_with('|'))
        .and_then(|row| row.rsplit('|').next())
    {
        Some(cell) => cell.split('`').skip(1).step_by(2).collect(),
        None => Vec::new(),
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}
