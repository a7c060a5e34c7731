//! Which crate may use which: the compiler refuses what is not declared, this refuses the declaration.

use std::process::Command;

use serde_json::Value;

/// `docs/architecture.md` explains each line.
const ALLOWED: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("engine", &[]),
    ("reference", &[]),
    ("juge", &["engine", "reference"]),
    ("files", &["domain"]),
    ("lignes", &[]),
    ("store", &["domain", "lignes"]),
    ("simulation", &["domain"]),
    ("phrases", &["engine"]),
    ("moteur", &["engine", "reference", "juge", "phrases"]),
    ("app", &["domain", "engine", "juge", "phrases", "files", "store", "simulation"]),
    ("adapters", &["app", "domain"]),
    ("documents", &["app", "domain"]),
    ("web", &["app", "domain"]),
    ("jobs", &["app", "domain"]),
    (
        "cli",
        &[
            "domain",
            "engine",
            "moteur",
            "files",
            "store",
            "simulation",
            "app",
            "adapters",
            "documents",
            "web",
            "jobs",
        ],
    ),
    (
        "testkit",
        &["domain", "engine", "moteur", "files", "store", "simulation", "app", "adapters", "web", "jobs"],
    ),
    ("xtask", &[]),
];

#[test]
fn hab_2_no_arrow_between_crates_but_the_allowed_ones() {
    let packages = packages();
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut faults = Vec::new();
    for package in &packages {
        let from = package["name"].as_str().unwrap();
        let Some((_, allowed)) = ALLOWED.iter().find(|(name, _)| *name == from) else {
            faults.push(format!("{from} is not in the table of {}", file!()));
            continue;
        };
        for dependency in package["dependencies"].as_array().unwrap() {
            let to = dependency["name"].as_str().unwrap();
            if !ours.contains(&to) || !dependency["source"].is_null() {
                continue;
            }
            let is_dev = dependency["kind"].as_str() == Some("dev");
            // Tests of any layer may use the kit; nothing that ships may.
            let fine = allowed.contains(&to) || (is_dev && to == "testkit" && from != "xtask");
            if !fine {
                faults.push(format!("{from} → {to}{}", if is_dev { " (in tests)" } else { "" }));
            }
        }
    }
    super::none(&faults, "arrows that the layers forbid");
}

#[test]
fn the_table_names_only_crates_that_exist() {
    let packages = packages();
    for (name, _) in ALLOWED {
        assert!(packages.iter().any(|package| package["name"] == *name), "{name} does not exist any more");
    }
}

fn packages() -> Vec<Value> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(super::root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().clone();
    assert!(packages.len() > 10);
    packages
}
