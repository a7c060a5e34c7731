//! Where a platform that a bench or a campaign plays with is, and what is read of it from outside the product.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process::capture;
use crate::workspace::product;

/// Its folder, and its database when it is not a file of the folder.
#[derive(Clone)]
pub struct Place {
    pub folder: PathBuf,
    pub base: Option<String>,
}

impl Place {
    pub fn arguments(&self) -> Vec<String> {
        let mut arguments = vec!["--donnees".to_owned(), self.folder.display().to_string()];
        if let Some(base) = &self.base {
            arguments.extend(["--base".to_owned(), base.clone()]);
        }
        arguments
    }

    pub fn command(&self, binary: &Path, arguments: &[&str]) -> Command {
        let mut command = product(binary);
        command.args(arguments).args(self.arguments()).env_remove("PARCOURSUP_TEST_POSTGRES");
        command
    }

    /// Rows of a query, one a line, columns parted by `|`.
    pub fn rows(&self, query: &str) -> Result<String> {
        match &self.base {
            None => capture(
                Command::new("sqlite3").arg("-batch").arg(self.folder.join("parcoursup.sqlite")).arg(query),
            ),
            Some(base) => {
                capture(Command::new("psql").args(["-qAt", "-v", "ON_ERROR_STOP=1", "-c", query, base]))
            }
        }
    }
}

/// Databases made on a server, removed with us.
pub struct Bases {
    server: String,
    whose: &'static str,
    made: Vec<String>,
}

impl Bases {
    /// `whose`: what their names begin with.
    pub fn on(server: String, whose: &'static str) -> Self {
        Self { server, whose, made: Vec::new() }
    }

    pub fn create(&mut self, name: &str, template: Option<&str>) -> Result<String> {
        let name = self.full(name);
        let mut order = format!("CREATE DATABASE {name}");
        if let Some((_, from)) = template.and_then(|url| url.rsplit_once('/')) {
            let _ = write!(order, " TEMPLATE {from}");
        }
        self.order(&order)?;
        let (server, _) =
            self.server.rsplit_once('/').context("an address of PostgreSQL names a database")?;
        let url = format!("{server}/{name}");
        self.made.push(name);
        Ok(url)
    }

    pub fn remove(&mut self, name: &str) -> Result<()> {
        let name = self.full(name);
        self.made.retain(|made| *made != name);
        self.order(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    }

    /// Ours alone, on a server that others may use.
    fn full(&self, name: &str) -> String {
        format!("{}_{}_{name}", self.whose, std::process::id())
    }

    fn order(&self, sql: &str) -> Result<()> {
        capture(Command::new("psql").args(["-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql, &self.server]))
            .map(drop)
    }
}

impl Drop for Bases {
    fn drop(&mut self) {
        for name in std::mem::take(&mut self.made) {
            if let Err(error) = self.order(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")) {
                eprintln!("xtask: cannot remove {name}: {error}");
            }
        }
    }
}
