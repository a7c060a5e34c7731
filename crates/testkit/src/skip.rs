//! Leaving a test early for want of data, without ever doing it silently.

use std::io::Write;
use std::path::PathBuf;

/// A file of the folder `shared` laid beside the repository, or `None` (said on the way) when it is not there.
///
/// # Panics
/// With `CI=true`: an integration run must have its data.
#[must_use]
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = root.join("../shared").join(path);
    if file.exists() {
        return Some(file);
    }
    skip(&format!("../shared/{path} est absent"));
    None
}

/// Says that a test leaves early, to the reader and to `cargo xtask test`, which counts it as skipped.
///
/// # Panics
/// With `CI=true`.
pub fn skip(reason: &str) {
    assert!(!is_ci(), "avec CI=true un test ne peut pas être ignoré : {reason}");
    println!("ignoré : {reason}");
    if let Some(list) = std::env::var_os("PARCOURSUP_TEST_SKIPS") {
        let line = format!("{}\t{reason}\n", test_name());
        let written = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(list)
            .and_then(|mut file| file.write_all(line.as_bytes()));
        if let Err(error) = written {
            eprintln!("la liste des tests ignorés ne s’écrit pas : {error}");
        }
    }
}

fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// nextest says it; the standard runner names the thread after the test.
fn test_name() -> String {
    std::env::var("NEXTEST_TEST_NAME")
        .unwrap_or_else(|_| std::thread::current().name().unwrap_or("test sans nom").to_owned())
}
