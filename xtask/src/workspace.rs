//! Where things are: the repository, the build folder, the shared data beside it, and who we are on this machine.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::run;

/// What is compiled before tests, stories and lints of an integration run. The same list each time: with other kinds of targets
/// cargo resolves profiles otherwise, and compiles most crates again.
pub const TARGETS: [&str; 5] = ["--bins", "--tests", "--examples", "--bench", "*"];

/// The repository this tool was started in.
pub struct Workspace {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Workspace {
    /// Asks cargo, so that `CARGO_TARGET_DIR` and configuration files are honoured.
    pub fn find() -> Result<Self> {
        let output = Command::new(cargo())
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(manifest_dir()?)
            .stderr(Stdio::inherit())
            .output()
            .context("cannot run `cargo metadata`")?;
        if !output.status.success() {
            bail!("`cargo metadata` failed: see its message above");
        }
        let metadata: serde_json::Value = serde_json::from_slice(&output.stdout)?;
        let path = |key: &str| {
            metadata[key]
                .as_str()
                .map(PathBuf::from)
                .with_context(|| format!("`cargo metadata` gives no {key}"))
        };
        Ok(Self { root: path("workspace_root")?, target: path("target_directory")? })
    }

    /// The product's binary, in the profile named `debug` or `release`.
    pub fn binary(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join("parcoursup")
    }

    /// The binary that is measured: the one of `PARCOURSUP_BIN`, else a release build made now.
    pub fn measured(&self) -> Result<PathBuf> {
        if let Some(given) = std::env::var_os("PARCOURSUP_BIN") {
            return Ok(PathBuf::from(given));
        }
        run(Command::new(cargo())
            .args(["build", "--release", "-p", "cli", "--bin", "parcoursup"])
            .current_dir(&self.root))?;
        Ok(self.binary("release"))
    }

    /// A measuring program of the command line's crate, in release. What helps tests comes with it, so that some
    /// dependencies are compiled again.
    pub fn example(&self, name: &str) -> Result<Command> {
        run(Command::new(cargo())
            .args(["build", "--release", "-p", "cli", "--example", name])
            .current_dir(&self.root))?;
        Ok(Command::new(self.target.join("release/examples").join(name)))
    }

    /// Data shared beside the repository: too large for it, needed by some tests.
    pub fn shared(&self) -> PathBuf {
        self.root.parent().unwrap_or(&self.root).join("shared")
    }
}

/// A command of the product: a variable that is ours would be an unknown setting of its own.
pub fn product(binary: &Path) -> Command {
    let mut command = Command::new(binary);
    command.env_remove("PARCOURSUP_BIN");
    command
}

/// In the integration run nothing may be skipped silently.
pub fn is_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// The cargo that started us, else the one on the path.
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

fn manifest_dir() -> Result<PathBuf> {
    match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(dir) => Ok(PathBuf::from(dir)),
        None => std::env::current_dir().context("no current directory"),
    }
}

pub fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

/// Looks a program up on the path.
pub fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|file| is_executable(file))
}

fn is_executable(file: &Path) -> bool {
    std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.mode() & 0o111 != 0)
}
