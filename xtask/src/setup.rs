//! `cargo xtask setup`: a fresh Debian with Rust and Node becomes able to run every test. Installs only what is missing.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::postgres;
use crate::process::{run, status};
use crate::workspace::{Workspace, is_root, which};

/// Something the tests need, and the Debian packages that bring it.
struct Need {
    what: &'static str,
    is_there: fn() -> bool,
    packages: &'static [&'static str],
}

const NEEDS: &[Need] = &[
    Need { what: "PostgreSQL server", is_there: has_postgres, packages: &["postgresql"] },
    Need { what: "Chromium", is_there: has_chromium, packages: &["chromium"] },
    Need {
        what: "fonts",
        is_there: || Path::new("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").exists(),
        packages: &["fonts-dejavu-core"],
    },
    Need {
        what: "fonts for web pages",
        is_there: || Path::new("/usr/share/fonts/truetype/liberation").exists(),
        packages: &["fonts-liberation"],
    },
];

fn has_postgres() -> bool {
    postgres::bin_dir().is_some()
}

fn has_chromium() -> bool {
    chromium().is_some()
}

/// Chromium without its windows: the stories take a third less time in it.
const SHELL: &str = "chromium-headless-shell";

/// The browser of the stories; `PARCOURSUP_CHROMIUM` chooses another.
pub fn chromium() -> Option<std::path::PathBuf> {
    match std::env::var_os("PARCOURSUP_CHROMIUM") {
        Some(path) => Some(path.into()),
        None => which(SHELL).or_else(|| which("chromium")),
    }
}

/// Where it may be had without asking anybody; the stories are told in Chromium otherwise.
fn lighter_browser() -> Option<&'static str> {
    let chosen = std::env::var_os("PARCOURSUP_CHROMIUM").is_some();
    if chosen || which(SHELL).is_some() || !is_root() || which("apt-get").is_none() {
        return None;
    }
    let mut install = apt(&["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=30", "install", "-y"]);
    let ended = status(install.as_mut_command().args(["--no-install-recommends", SHELL]));
    if ended.is_ok_and(|s| s.success()) && which(SHELL).is_some() {
        return Some(SHELL);
    }
    println!("setup: no {SHELL} to be had: the stories are told in Chromium, which takes half as long again");
    None
}

/// Installs what is missing and says so; says nothing more than one line when all is there.
pub fn setup(workspace: &Workspace) -> Result<()> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.is_there)()).collect();
    let mut installed = Vec::new();
    if !missing.is_empty() {
        let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
        for need in &missing {
            println!("setup: {} is missing: installing {}", need.what, need.packages.join(" "));
        }
        install_packages(&packages)?;
        for need in &missing {
            if !(need.is_there)() {
                bail!("{} is still not found after installing {}", need.what, need.packages.join(" "));
            }
        }
        installed.extend(packages);
    }
    installed.extend(lighter_browser());
    for program in ["node", "npm"] {
        if which(program).is_none() {
            bail!(
                "`{program}` is not on the path: install Node.js 20 or later (it builds the front-end files)"
            );
        }
    }
    if npm_packages(&workspace.root.join("e2e"))? {
        installed.push("npm packages of e2e");
    }
    if installed.is_empty() {
        println!("setup: nothing to install");
    } else {
        println!("setup: installed {}", installed.join(", "));
    }
    Ok(())
}

fn install_packages(packages: &[&str]) -> Result<()> {
    if which("apt-get").is_none() {
        bail!("no apt-get here: install by your system's own means what Debian calls {}", packages.join(" "));
    }
    if !is_root() && which("sudo").is_none() {
        bail!(
            "installing packages needs root: run `apt-get install {}` as root, then try again",
            packages.join(" ")
        );
    }
    if !has_package_lists() {
        update_lists()?;
    }
    // A second try with fresh lists: a list older than the mirror names files that are gone.
    if !status(apt(&install_arguments(packages)).as_mut_command())?.success() {
        update_lists()?;
        run(apt(&install_arguments(packages)).as_mut_command())
            .with_context(|| format!("cannot install {}", packages.join(" ")))?;
    }
    Ok(())
}

fn install_arguments<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    arguments
}

fn update_lists() -> Result<()> {
    let mut last = None;
    for attempt in 0..3 {
        if attempt > 0 {
            // `apt-get update` does not wait for another apt's lock on the lists.
            std::thread::sleep(Duration::from_secs(10));
        }
        match run(apt(&["update"]).as_mut_command()) {
            Ok(()) => return Ok(()),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| anyhow::anyhow!("apt-get update did not run")))
}

fn has_package_lists() -> bool {
    std::fs::read_dir("/var/lib/apt/lists").is_ok_and(|entries| {
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().contains("_Packages"))
    })
}

struct Apt(Command);

impl Apt {
    fn as_mut_command(&mut self) -> &mut Command {
        &mut self.0
    }
}

fn apt(arguments: &[&str]) -> Apt {
    let mut command = if is_root() {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    } else {
        let mut command = Command::new("sudo");
        command.args(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command
    };
    // Another apt may be at work (unattended upgrades): wait for it rather than fail.
    command.args(["-o", "DPkg::Lock::Timeout=400"]).args(arguments);
    Apt(command)
}

/// `npm ci` when the lock file is not the one installed from last time. True when it ran.
fn npm_packages(dir: &Path) -> Result<bool> {
    let lock = std::fs::read(dir.join("package-lock.json"))
        .with_context(|| format!("no package-lock.json in {}", dir.display()))?;
    let stamp = dir.join("node_modules/.installed-from");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(false);
    }
    println!("setup: installing the npm packages of {}", dir.display());
    run(Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(dir))?;
    std::fs::write(&stamp, lock).context("cannot note what was installed")?;
    Ok(true)
}

/// `cargo xtask doctor`: what is there and what is not, without installing anything.
pub fn doctor(workspace: &Workspace) -> Result<()> {
    let mut lacking = 0;
    let mut line = |what: &str, found: bool, mend: &str| {
        println!("{} {what}{}", if found { "ok     " } else { "MISSING" }, if found { "" } else { mend });
        lacking += u32::from(!found);
    };
    for need in NEEDS {
        line(need.what, (need.is_there)(), ": cargo xtask setup");
    }
    line("node", which("node").is_some(), ": install Node.js 20 or later");
    line("npm", which("npm").is_some(), ": install Node.js 20 or later");
    line(
        "npm packages of e2e",
        workspace.root.join("e2e/node_modules/playwright-core").exists(),
        ": cargo xtask setup",
    );
    line(
        "shared data beside the repository",
        workspace.shared().exists(),
        ": tests on national data will be skipped",
    );
    for program in ["cargo-nextest", SHELL] {
        let found = which(program).is_some();
        println!("{} {program} (optional, faster)", if found { "ok     " } else { "absent " });
    }
    if lacking > 0 {
        bail!("{lacking} missing");
    }
    Ok(())
}
