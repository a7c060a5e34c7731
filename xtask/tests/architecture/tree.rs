//! `docs/architecture.md` names each crate and each folder of capabilities, and nothing that is not there.

use std::collections::BTreeSet;

use super::{crates, document, files, none, root};

const DOCUMENT: &str = "docs/architecture.md";

/// First folders a path of the repository can begin with: other backticked words are not paths.
const TOPS: &[&str] = &["crates/", "xtask/", "e2e/", "docs/", "migrations/", "deploy/", "fixtures/", ".ci/"];

#[test]
fn the_document_names_no_path_that_does_not_exist() {
    let named = named_paths(&document(DOCUMENT));
    assert!(!named.is_empty(), "{DOCUMENT} names no path between backticks");
    let faults: Vec<String> = named
        .iter()
        .filter(|path| !root().join(path).exists())
        .map(|path| format!("`{path}` does not exist"))
        .collect();
    none(&faults, DOCUMENT);
}

#[test]
fn the_document_names_every_crate_and_capability_folder() {
    let named = named_paths(&document(DOCUMENT));
    let faults: Vec<String> = expected()
        .into_iter()
        .filter(|path| !named.contains(path))
        .map(|path| format!("`{path}` is not named"))
        .collect();
    none(&faults, DOCUMENT);
}

#[test]
fn the_howtos_and_decisions_name_no_path_that_does_not_exist() {
    let mut faults = Vec::new();
    let mut read = 0;
    for folder in ["docs/howto", "docs/adr"] {
        for (file, text) in files(folder, &[".md"]) {
            for path in named_paths(&text) {
                read += 1;
                if !root().join(&path).exists() {
                    faults.push(format!("{file}: `{path}` does not exist"));
                }
            }
        }
    }
    assert!(read > 10, "only {read} paths read");
    none(&faults, "paths named in vain");
}

/// Each crate; the capabilities, which are the folders below the `src` of these four; each audience of the web edge.
fn expected() -> Vec<String> {
    let mut expected: Vec<String> = crates().into_iter().map(|name| format!("crates/{name}")).collect();
    for name in ["domain", "store", "app", "web"] {
        expected.extend(folders(&format!("crates/{name}/src")));
    }
    expected.extend(folders("crates/web/src/espaces"));
    expected
}

fn folders(parent: &str) -> Vec<String> {
    let mut found: Vec<String> = std::fs::read_dir(root().join(parent))
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| format!("{parent}/{}", entry.file_name().to_string_lossy()))
        .collect();
    found.sort();
    found
}

/// Paths between backticks; `crates/x/src/{a,b}` stands for two.
fn named_paths(text: &str) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for word in text.split('`').skip(1).step_by(2) {
        let word = word.trim().trim_end_matches('/');
        if !TOPS.iter().any(|top| word.starts_with(top)) || word.contains([' ', '*', '…', '<']) {
            continue;
        }
        match (word.split_once('{'), word.split_once('}')) {
            (Some((before, _)), Some((inside, after))) => {
                let choices = &inside[before.len() + 1..];
                named.extend(choices.split(',').map(|choice| format!("{before}{}{after}", choice.trim())));
            }
            _ => {
                named.insert(word.to_owned());
            }
        }
    }
    named
}

#[test]
fn paths_are_read_between_backticks() {
    let named = named_paths("see `crates/app/` and `crates/{web,jobs}/src`, not `AppError` nor crates/other");
    let expected: BTreeSet<String> =
        ["crates/app", "crates/web/src", "crates/jobs/src"].map(str::to_owned).into();
    assert_eq!(named, expected);
}
