//! Running a command and measuring it: seconds and peak memory, as the kernel counts them.

use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::process::spawn;

pub struct Measure {
    /// Absent when the command was ended for taking too long.
    pub status: Option<ExitStatus>,
    pub seconds: f64,
    pub peak_kib: u64,
    pub stdout: String,
    pub stderr: String,
}

/// Runs to the end or to the limit; `scratch` holds the outputs meanwhile, so that no pipe can fill up.
pub fn measure(command: &mut Command, limit: Duration, scratch: &Path) -> Result<Measure> {
    let (out, err) = (scratch.join("stdout"), scratch.join("stderr"));
    command.stdout(Stdio::from(File::create(&out)?)).stderr(Stdio::from(File::create(&err)?));
    let started = Instant::now();
    let (mut child, guard) = spawn(command)?;
    let mut peak_kib = 0;
    let status = loop {
        peak_kib = peak_kib.max(high_water_mark(child.id()));
        if let Some(status) = child.try_wait().context("cannot wait for the measured command")? {
            break Some(status);
        }
        if started.elapsed() > limit {
            drop(guard);
            child.kill().context("cannot end the measured command")?;
            child.wait()?;
            break None;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let seconds = started.elapsed().as_secs_f64();
    Ok(Measure { status, seconds, peak_kib, stdout: head(&out)?, stderr: head(&err)? })
}

/// Peak resident memory so far: the kernel keeps the maximum, so reading now and then loses at most the last instants.
fn high_water_mark(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0)
}

fn head(file: &Path) -> Result<String> {
    use std::io::Read;
    let mut bytes = Vec::new();
    File::open(file)?.take(1 << 20).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What a figure must be read with: processor, cores, memory, day, commit.
pub fn machine(root: &Path) -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name").and_then(|rest| rest.split_once(": ")))
        .map_or("unknown processor", |(_, model)| model);
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let gib = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok())
        .map_or(0.0, |kib| kib / 1024.0 / 1024.0);
    let said = |program: &str, arguments: &[&str]| {
        Command::new(program)
            .args(arguments)
            .current_dir(root)
            .output()
            .ok()
            .filter(|output| output.status.success())
            .map_or_else(
                || "?".to_owned(),
                |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
            )
    };
    format!(
        "{model}, {cores} cores, {gib:.0} GiB; {}; commit {}; {}",
        said("date", &["+%Y-%m-%d"]),
        said("git", &["rev-parse", "--short", "HEAD"]),
        said("rustc", &["--version"])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measures_memory_and_output() {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "echo oui; x=$(head -c 30000000 /dev/zero | tr '\\0' a); sleep 0.1; exit 7"]);
        let measure = measure(&mut command, Duration::from_secs(20), dir.path()).unwrap();
        assert_eq!(measure.status.and_then(|status| status.code()), Some(7));
        assert_eq!(measure.stdout, "oui\n");
        assert!(measure.peak_kib > 25_000, "{} KiB", measure.peak_kib);
    }

    #[test]
    fn ends_what_takes_too_long() {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new("sleep");
        let measure = measure(command.arg("30"), Duration::from_millis(100), dir.path()).unwrap();
        assert!(measure.status.is_none());
        assert!(measure.seconds < 10.0);
    }
}
