//! The state of a campaign: a file one can read, append to, and take up again.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::workspace::Workspace;

pub struct State {
    file: PathBuf,
    report: PathBuf,
    pub done: Vec<Value>,
}

impl State {
    /// Reads what earlier runs left, or begins. Results of other parameters are never mixed in.
    pub fn open(workspace: &Workspace, name: &str, parameters: &Value, restart: bool) -> Result<Self> {
        let dir = workspace.root.join("docs/campagnes");
        std::fs::create_dir_all(&dir)?;
        let file = dir.join(format!("{name}.jsonl"));
        let mut state = Self { report: dir.join(format!("{name}.md")), file, done: Vec::new() };
        let text =
            if restart { String::new() } else { std::fs::read_to_string(&state.file).unwrap_or_default() };
        let mut lines = text.lines();
        match lines.next() {
            None => std::fs::write(&state.file, format!("{}\n", json!({ "parameters": parameters })))?,
            Some(first) => {
                let first: Value =
                    serde_json::from_str(first).context("the state file does not begin as one")?;
                if &first["parameters"] != parameters {
                    bail!(
                        "{name} was begun with {}, not {parameters}: use the same, or --restart",
                        first["parameters"]
                    );
                }
                // A last line cut by a kill is no result: it is done again.
                state.done = lines.filter_map(|line| serde_json::from_str(line).ok()).collect();
                let kept: String = state.done.iter().map(|case| format!("{case}\n")).collect();
                std::fs::write(&state.file, format!("{first}\n{kept}"))?;
            }
        }
        Ok(state)
    }

    /// Adds the result of a case; on the disk before the next begins.
    pub fn push(&mut self, case: Value) -> Result<()> {
        let mut file = OpenOptions::new().append(true).open(&self.file)?;
        writeln!(file, "{case}")?;
        self.done.push(case);
        Ok(())
    }

    pub fn write_report(&self, text: &str) -> Result<()> {
        std::fs::write(&self.report, text).with_context(|| format!("cannot write {}", self.report.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_campaign_goes_on_after_a_cut_line_and_refuses_other_parameters() {
        let dir = tempfile::tempdir().unwrap();
        let workspace = Workspace { root: dir.path().to_owned(), target: dir.path().to_owned() };
        let parameters = json!({ "seed": 1 });
        let mut state = State::open(&workspace, "x", &parameters, false).unwrap();
        state.push(json!({ "case": 0 })).unwrap();
        let mut file =
            OpenOptions::new().append(true).open(dir.path().join("docs/campagnes/x.jsonl")).unwrap();
        write!(file, "{{\"case\": 1, \"verd").unwrap();
        let mut state = State::open(&workspace, "x", &parameters, false).unwrap();
        assert_eq!(state.done, [json!({ "case": 0 })]);
        state.push(json!({ "case": 1 })).unwrap();
        assert_eq!(State::open(&workspace, "x", &parameters, false).unwrap().done.len(), 2);
        assert!(State::open(&workspace, "x", &json!({ "seed": 2 }), false).is_err());
        assert_eq!(State::open(&workspace, "x", &json!({ "seed": 2 }), true).unwrap().done.len(), 0);
    }
}
