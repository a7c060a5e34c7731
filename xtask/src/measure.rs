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
    /// Of the processor: what remains comparable on a machine that does other things.
    pub cpu_seconds: f64,
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
    let (mut peak_kib, mut cpu_seconds) = (0, 0.0_f64);
    let status = loop {
        peak_kib = peak_kib.max(high_water_mark(child.id()));
        cpu_seconds = cpu_seconds.max(processor(child.id()));
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
    Ok(Measure { status, seconds, cpu_seconds, peak_kib, stdout: head(&out)?, stderr: head(&err)? })
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

/// Processor time so far, of all the threads: user and system, in ticks of a hundredth of a second on Linux.
pub fn processor(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name of the program, in brackets, may hold spaces: fields are counted after it.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11).take(2);
    fields.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
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
        "{model}, {cores} cores, {gib:.0} GiB, load average {}; {}; commit {}; {}",
        load_average(),
        said("date", &["+%Y-%m-%d %H:%M"]),
        said("git", &["rev-parse", "--short", "HEAD"]),
        said("rustc", &["--version"])
    )
}

/// Programs that ran or waited for a core over the last minute, five minutes and quarter of an hour.
pub fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
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
    fn processor_time_is_that_of_the_command_not_of_the_clock() {
        let dir = tempfile::tempdir().unwrap();
        let limit = Duration::from_secs(60);
        let idle = measure(Command::new("sleep").arg("0.5"), limit, dir.path()).unwrap();
        let work = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";
        let busy = measure(Command::new("sh").args(["-c", work]), limit, dir.path()).unwrap();
        assert!(
            idle.cpu_seconds < 0.2 && busy.cpu_seconds > 0.1,
            "{} {}",
            idle.cpu_seconds,
            busy.cpu_seconds
        );
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
