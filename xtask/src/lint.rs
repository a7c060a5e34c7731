//! `cargo xtask lint`: what a reviewer should never have to say.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::status;
use crate::texts;
use crate::workspace::{TARGETS, Workspace, cargo};

/// Crates that bring a C library with its own security advisories, or a second TLS.
pub const BANNED_CRATES: &[&str] = &["openssl-sys", "native-tls", "aws-lc-sys"];

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Only what needs no compilation: texts, large files, Cargo.lock
    #[arg(long)]
    quick: bool,
}

pub fn lint(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut faults = Vec::new();
    if !options.quick {
        compiled(workspace, &mut faults)?;
    }
    let lock = std::fs::read_to_string(workspace.root.join("Cargo.lock"))?;
    faults.extend(banned(&lock).map(|name| format!("Cargo.lock: {name} is refused (rustls with ring only)")));
    faults.extend(texts::check(&workspace.root)?);

    for fault in &faults {
        eprintln!("lint: {fault}");
    }
    if !faults.is_empty() {
        bail!("{} fault(s)", faults.len());
    }
    println!("lint: clean");
    Ok(())
}

fn compiled(workspace: &Workspace, faults: &mut Vec<String>) -> Result<()> {
    let mut cargo_step = |name: &str, arguments: &[&str]| -> Result<()> {
        if !status(Command::new(cargo()).args(arguments).current_dir(&workspace.root))?.success() {
            faults.push(format!("{name}: see above"));
        }
        Ok(())
    };
    cargo_step("format (mend with `cargo fmt --all`)", &["fmt", "--all", "--check"])?;
    // The integration run compiles with the lints on, and tests what was compiled: one build instead of two.
    if std::env::var("RUSTC_WORKSPACE_WRAPPER").is_ok_and(|w| w == "clippy-driver") {
        return cargo_step("clippy", &[&["build", "--workspace"][..], &TARGETS].concat());
    }
    cargo_step("clippy", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
}

fn banned(lock: &str) -> impl Iterator<Item = &'static str> {
    BANNED_CRATES
        .iter()
        .copied()
        .filter(move |name| lock.lines().any(|line| line == format!("name = \"{name}\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_banned_crate_by_its_whole_name() {
        let lock = "[[package]]\nname = \"openssl-sys\"\n[[package]]\nname = \"native-tls-not\"\n";
        assert_eq!(banned(lock).collect::<Vec<_>>(), ["openssl-sys"]);
    }
}
