//! Rules on the text of the repository's files.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process::capture;

/// Above this a file belongs beside the repository or in a release, not in its history.
const LARGE: u64 = 512 * 1024;
const LARGE_ALLOWED: &[&str] = &["docs/images/"];

/// Every fault, as `path:line: what`.
pub fn check(root: &Path) -> Result<Vec<String>> {
    let listed = capture(
        Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root),
    )?;
    let mut faults = Vec::new();
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        let path = root.join(name);
        // Deleted but not yet committed, or a link to a folder.
        let Ok(meta) = std::fs::metadata(&path) else {
            continue;
        };
        if !meta.is_file() {
            continue;
        }
        if meta.len() > LARGE && !LARGE_ALLOWED.iter().any(|allowed| name.starts_with(allowed)) {
            faults.push(format!("{name}: {} KiB, over {} KiB", meta.len() / 1024, LARGE / 1024));
        }
        if let Ok(text) = std::fs::read_to_string(&path) {
            faults.extend(faults_in(name, &text));
        }
    }
    Ok(faults)
}

fn faults_in(name: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    // Fixtures and licences quote the world as it is.
    let is_ours = name != "LICENSE" && !name.starts_with("fixtures/");
    let is_npm_lock = name.ends_with("package-lock.json");
    for (number, line) in text.lines().enumerate() {
        let mut fault = |what: &str| faults.push(format!("{name}:{}: {what}", number + 1));
        if is_ours {
            if let Some(path) = machine_path(line) {
                fault(&format!("path of somebody's machine ({path}…)"));
            }
            if let Some(word) = unnumbered_task(line) {
                fault(&format!("{word} without an issue number (write `{word}(#12)`)"));
            }
            if line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ") {
                fault("conflict marker");
            }
        }
        if is_npm_lock && line.contains("\"resolved\":") {
            fault("download address in a lock file (npm install --omit-lockfile-registry-resolved)");
        }
    }
    faults
}

// Cut in two so that this file does not accuse itself.
const MACHINE_PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/")];
const TASK_WORDS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// An absolute path that only exists where the author sat; `a/work/b` or `https://x/home/` is no such path.
fn machine_path(line: &str) -> Option<&'static str> {
    MACHINE_PATHS.iter().copied().find(|path| {
        line.match_indices(path).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + path.len()..].chars().next();
            !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | ')' | '$'))
                && after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '.')
        })
    })
}

fn unnumbered_task(line: &str) -> Option<&'static str> {
    TASK_WORDS.iter().copied().find(|word| {
        line.match_indices(word).any(|(at, _)| {
            let whole = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let rest = &line[at + word.len()..];
            whole(line[..at].chars().next_back())
                && whole(rest.chars().next())
                && !rest.strip_prefix("(#").is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_path_is_found_where_it_is_one() {
        assert!(machine_path(concat!("see /ro", "ot/x")).is_some());
        assert!(machine_path(concat!("\"/ho", "me/lea/parcoursup\"")).is_some());
        assert!(machine_path(concat!("target/wo", "rk/x")).is_none());
        assert!(machine_path("ProtectHome=yes").is_none());
    }

    #[test]
    fn a_task_word_needs_a_number() {
        let word = TASK_WORDS[0];
        assert!(unnumbered_task(&format!("// {word}: later")).is_some());
        assert!(unnumbered_task(&format!("// {word}(#12): later")).is_none());
        assert!(unnumbered_task(&format!("MAS{word}NTE")).is_none());
    }

    #[test]
    fn a_lock_file_keeps_no_address() {
        let faults = faults_in("e2e/package-lock.json", "  \"resolved\": \"x\",\n  \"integrity\": \"y\"\n");
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("e2e/package-lock.json:1:"));
    }
}
