//! Counting what test runners say, so that one closing line tells it all.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::AddAssign;
use std::path::Path;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

impl Tally {
    /// Adds what a closing line counts; other lines change nothing.
    ///
    /// Known: `cargo test` (`test result: …`), nextest (`Summary […] …`) and our own (`N passed, N failed, N skipped`).
    pub fn read_line(&mut self, line: &str) {
        // What a failed test had printed is shown again by nextest, indented: its own closing line is not one more.
        if let Some(rest) = line.strip_prefix("test result:") {
            return self.add(rest);
        }
        let line = line.trim();
        let counts = if let Some(rest) = line.strip_prefix("Summary [") {
            rest.split_once("tests run:")
                .or_else(|| rest.split_once("test run:"))
                .map_or("", |(_, counts)| counts)
        } else if is_plain(line) {
            line
        } else {
            return;
        };
        self.add(counts);
    }

    fn add(&mut self, counts: &str) {
        for part in counts.split([',', ';', '.', '(']) {
            let mut words = part.split_whitespace();
            let (Some(number), Some(word)) = (words.next(), words.next()) else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match word {
                "passed" | "passed)" => self.passed += number,
                "failed" | "timed" | "exec" => self.failed += number,
                "skipped" | "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }

    /// A test that left early for want of data counts as skipped, not as passed.
    pub fn move_to_skipped(&mut self, count: u64) {
        let moved = count.min(self.passed);
        self.passed -= moved;
        self.skipped += moved;
    }
}

fn is_plain(line: &str) -> bool {
    let mut parts = line.split(", ");
    let is = |part: Option<&str>, word: &str| {
        part.and_then(|part| part.strip_suffix(word)).is_some_and(|number| number.parse::<u64>().is_ok())
    };
    is(parts.next(), " passed") && is(parts.next(), " failed")
}

/// What tests wrote about themselves when they left early: `test name<TAB>reason`, a line each.
pub fn read_skips(file: &Path) -> Skips {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut skips = Skips::default();
    for line in text.lines() {
        let (test, reason) = line.split_once('\t').unwrap_or((line, ""));
        skips.tests.insert(test.to_owned());
        skips.reasons.insert(reason.to_owned());
    }
    skips
}

#[derive(Debug, Default)]
pub struct Skips {
    pub tests: BTreeSet<String>,
    pub reasons: BTreeSet<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str]) -> (u64, u64, u64) {
        let mut tally = Tally::default();
        for line in lines {
            tally.read_line(line);
        }
        (tally.passed, tally.failed, tally.skipped)
    }

    #[test]
    fn reads_cargo_test() {
        assert_eq!(
            tally(&[
                "running 3 tests",
                "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
                "test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.00s",
            ]),
            (4, 2, 1)
        );
    }

    #[test]
    fn reads_nextest() {
        assert_eq!(
            tally(&["     Summary [   0.012s] 5 tests run: 4 passed (1 slow), 1 failed, 2 skipped"]),
            (4, 1, 2)
        );
        assert_eq!(tally(&["     Summary [   0.012s] 1 test run: 1 passed, 0 skipped"]), (1, 0, 0));
        assert_eq!(
            tally(&["     Summary [   9.012s] 3/9 tests run: 1 passed, 1 failed, 1 timed out, 0 skipped"]),
            (1, 2, 0)
        );
        // Shown again under a failure that the summary counts.
        assert_eq!(tally(&["    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured"]), (0, 0, 0));
    }

    #[test]
    fn reads_our_own_and_nothing_else() {
        assert_eq!(tally(&["7 passed, 1 failed, 2 skipped"]), (7, 1, 2));
        assert_eq!(tally(&["he passed, she failed", "12 candidats passed the test"]), (0, 0, 0));
    }

    #[test]
    fn a_test_without_its_data_is_skipped() {
        let mut tally = Tally { passed: 5, failed: 0, skipped: 1 };
        tally.move_to_skipped(2);
        assert_eq!(tally, Tally { passed: 3, failed: 0, skipped: 3 });
    }
}
