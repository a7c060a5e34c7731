//! What a layer must never contain. Heuristics on the text: they miss the cunning and catch the absent-minded.

use super::{files, none, production_lines};

/// Lines that look forbidden and are not: file, part of the line, why. An entry that no longer serves must go.
const ALLOWED: &[(&str, &str, &str)] = &[];

#[test]
fn app_knows_no_http_and_no_html() {
    check("app", &["crates/app/src"], |line| {
        ["axum", "askama", "StatusCode", "HeaderMap", "http::"]
            .into_iter()
            .find(|word| line.contains(word))
            .or_else(|| has_closing_tag(line).then_some("HTML"))
    });
}

#[test]
fn hab_2_only_store_writes_sql() {
    let folders =
        ["crates/app/src", "crates/web/src", "crates/jobs/src", "crates/adapters/src", "crates/domain/src"];
    check("SQL", &folders, sql);
}

#[test]
fn the_edges_compare_no_dates() {
    check(
        "comparison of dates",
        &["crates/web/src", "crates/jobs/src", "crates/adapters/src"],
        date_comparison,
    );
}

#[test]
fn decisions_read_no_clock_no_file_no_network() {
    let folders = ["crates/domain/src", "crates/engine/src", "crates/simulation/src"];
    check("impure", &folders, |line| {
        let words = [
            "async fn",
            ".await",
            "std::fs",
            "std::net",
            "std::env",
            "std::process",
            "SystemTime",
            "Instant::now",
            "Timestamp::now",
            "Zoned::now",
            "getrandom",
            "thread_rng",
            "tracing::",
            "println!",
            "eprintln!",
        ];
        words.into_iter().find(|word| line.contains(word))
    });
}

fn check(what: &str, folders: &[&str], forbidden: impl Fn(&str) -> Option<&'static str>) {
    let mut faults = Vec::new();
    let mut read = 0;
    for folder in folders {
        for (path, text) in files(folder, &[".rs"]) {
            // Files of tests only.
            if path.ends_with("/tests.rs") || path.contains("/tests/") {
                continue;
            }
            read += 1;
            for (number, line) in production_lines(&text) {
                if let Some(word) = forbidden(line) {
                    let allowed = ALLOWED.iter().any(|(file, part, _)| path == *file && line.contains(part));
                    if !allowed {
                        faults.push(format!("{path}:{number}: {word}: {}", line.trim()));
                    }
                }
            }
        }
    }
    assert!(read >= folders.len(), "{what}: only {read} files found");
    none(&faults, what);
}

#[test]
fn every_exception_still_serves() {
    for (file, part, why) in ALLOWED {
        let text = super::document(file);
        assert!(text.contains(part), "{file} has no « {part} » any more ({why})");
        assert!(why.len() > 20, "{file}: say why « {part} » is allowed");
    }
}

/// `</` and a letter: in Rust it exists only inside a text.
fn has_closing_tag(line: &str) -> bool {
    line.match_indices("</").any(|(at, _)| line[at + 2..].starts_with(|c: char| c.is_ascii_lowercase()))
}

fn sql(line: &str) -> Option<&'static str> {
    let has = |first: &str, second: &str| line.find(first).is_some_and(|at| line[at..].contains(second));
    if has("SELECT ", " FROM ")
        || has("INSERT INTO ", "")
        || has("DELETE FROM ", "")
        || has("UPDATE ", " SET ")
    {
        return Some("SQL");
    }
    ["CREATE TABLE", "sea_orm", "sqlx"].into_iter().find(|word| line.contains(word))
}

/// A comparison one side of which is named like an instant; a number of seconds left to show is none.
fn date_comparison(line: &str) -> Option<&'static str> {
    const DATED: &[&str] = &[
        "now",
        "maintenant",
        "opens",
        "closes",
        "ouvre",
        "ferme",
        "echeance",
        "expire",
        "instant",
        "timestamp",
        "date",
        "at",
        "le",
    ];
    let is_operand = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '(' | ')' | '&' | '*' | ':');
    let is_dated = |operand: &str| {
        operand.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| DATED.contains(&word))
    };
    for sign in [" < ", " > ", " <= ", " >= "] {
        for (at, _) in line.match_indices(sign) {
            let before = line[..at].rsplit(|c: char| !is_operand(c)).next().unwrap_or_default();
            let after = line[at + sign.len()..].split(|c: char| !is_operand(c)).next().unwrap_or_default();
            if is_dated(before) || is_dated(after) {
                return Some("comparison of dates");
            }
        }
    }
    None
}

#[test]
fn the_heuristics_catch_what_they_name() {
    assert!(sql("let q = \"SELECT id FROM voeu\";").is_some());
    assert!(sql("UPDATE voeu SET etat = $1").is_some());
    assert!(sql("// a select box from the design system").is_none());
    assert!(has_closing_tag("format!(\"<p>{x}</p>\")"));
    assert!(!has_closing_tag("Vec<Voeu>"));
    assert!(date_comparison("if now >= closes {").is_some());
    assert!(date_comparison("if ctx.received_at < voeu.expire {").is_some());
    assert!(date_comparison("if voeu.confirme_le > limite {").is_some());
    assert!(date_comparison("if rows.len() > 20 {").is_none());
    assert!(date_comparison("let echeance = if secondes > 0 { a } else { b };").is_none());
    assert!(date_comparison("pub fn instant(&self) -> Instant {").is_none());
}
