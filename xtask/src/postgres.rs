//! A throw-away PostgreSQL server for the tests: its own folder, a free port on loopback, gone at the end.
//! The system's own service, if any, is never touched.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cleanup;
use crate::process::capture;
use crate::workspace::{is_root, which};

const PREFIX: &str = "parcoursup-pg-";

/// Memory that looks like a folder: a database is a thousand files, and each test makes and removes one.
const MEMORY: &str = "/dev/shm";
/// Free KiB there below which the disk is used: databases of a few tests at a time, and the log of writes.
const MEMORY_NEEDED: u64 = 3 * 1024 * 1024;

pub struct Cluster {
    port: u16,
    _guard: cleanup::Guard,
}

impl Cluster {
    /// Initialises and starts a server; dropping it stops it and removes its folder.
    pub fn start() -> Result<Self> {
        let bin = bin_dir().context("no PostgreSQL server found: run `cargo xtask setup`")?;
        sweep(&bin);
        let dir = place().join(format!("{PREFIX}{}", std::process::id()));
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
        let guard = {
            let (bin, dir) = (bin.clone(), dir.clone());
            cleanup::on_exit(move || stop(&bin, &dir))
        };
        if is_root() {
            // The server refuses to run as root; the Debian package creates this user.
            capture(Command::new("chown").arg("postgres").arg(&dir))?;
        }
        let data = dir.join("data");
        capture(
            as_server(&bin.join("initdb"))
                .arg("-D")
                .arg(&data)
                .args(["-A", "trust", "-U", "postgres", "--locale=C.UTF-8", "--no-sync"])
                .current_dir(&dir),
        )
        .context("cannot initialise the test PostgreSQL")?;

        let mut last = None;
        for _ in 0..3 {
            let port = free_port()?;
            let options = format!(
                "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c fsync=off \
                 -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_connections=200 \
                 -c max_wal_size=1GB",
                dir.display()
            );
            let started = capture(
                as_server(&bin.join("pg_ctl"))
                    .arg("-D")
                    .arg(&data)
                    .arg("-l")
                    .arg(dir.join("log"))
                    .args(["-w", "-t", "60", "-o", &options, "start"])
                    .current_dir(&dir),
            );
            match started {
                Ok(_) => {
                    return Ok(Self { port, _guard: guard });
                }
                // Somebody may have taken the port in between: try another.
                Err(error) => last = Some(error),
            }
        }
        let log = std::fs::read_to_string(dir.join("log")).unwrap_or_default();
        bail!("the test PostgreSQL does not start: {last:?}\n{log}");
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

fn place() -> PathBuf {
    let free = capture(Command::new("df").args(["--output=avail", "-k", MEMORY]));
    let free = free.ok().and_then(|table| table.lines().last()?.trim().parse::<u64>().ok());
    if free.is_some_and(|kib| kib >= MEMORY_NEEDED) { PathBuf::from(MEMORY) } else { std::env::temp_dir() }
}

/// The folder of the newest PostgreSQL server installed, Debian's way or on the path.
pub fn bin_dir() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            let bin = entry.path().join("bin");
            bin.join("initdb").exists().then_some((version, bin))
        })
        .collect();
    versions.sort();
    match versions.pop() {
        Some((_, bin)) => Some(bin),
        None => which("initdb").filter(|_| which("pg_ctl").is_some())?.parent().map(Path::to_owned),
    }
}

/// A command run as the user who may run the server.
fn as_server(program: &Path) -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    }
}

fn stop(bin: &Path, dir: &Path) {
    let pid_file = dir.join("data/postmaster.pid");
    if !pid_file.exists() && dir.join("log").exists() {
        // Interrupted while starting: the server writes its number within a moment.
        std::thread::sleep(Duration::from_millis(500));
    }
    if pid_file.exists() {
        let stopped = capture(
            as_server(&bin.join("pg_ctl"))
                .arg("-D")
                .arg(dir.join("data"))
                .args(["-m", "immediate", "-w", "stop"])
                .current_dir("/"),
        );
        if let Err(error) = stopped {
            eprintln!("xtask: the test PostgreSQL does not stop: {error}");
        }
    }
    if let Err(error) = std::fs::remove_dir_all(dir) {
        eprintln!("xtask: cannot remove {}: {error}", dir.display());
    }
}

/// Stops what an earlier run left behind when it was killed outright.
fn sweep(bin: &Path) {
    let places = [std::env::temp_dir(), PathBuf::from(MEMORY)];
    for entry in places.iter().flat_map(std::fs::read_dir).flatten().flatten() {
        let name = entry.file_name();
        let Some(pid) =
            name.to_str().and_then(|name| name.strip_prefix(PREFIX)).and_then(|pid| pid.parse::<u32>().ok())
        else {
            continue;
        };
        let command = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        if command.trim() != "xtask" {
            println!("xtask: removing the test PostgreSQL left by a killed run");
            stop(bin, &entry.path());
        }
    }
}

fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}
