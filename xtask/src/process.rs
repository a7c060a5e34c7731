//! Running other programs: always without standard input, always in a group we can end.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;

use anyhow::{Context, Result, bail};

use crate::cleanup;

/// Runs a program with its output shown as it comes; an unsuccessful end is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = status(command)?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Like [`run`], but hands the exit status over.
pub fn status(command: &mut Command) -> Result<ExitStatus> {
    println!("$ {}", shown(command));
    let (mut child, _guard) = spawn(command)?;
    child.wait().with_context(|| format!("cannot wait for {}", shown(command)))
}

/// Shows the output as it comes and also gives each line to `on_line`.
pub fn tee(command: &mut Command, mut on_line: impl FnMut(&str)) -> Result<ExitStatus> {
    println!("$ {}", shown(command));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let (mut child, _guard) = spawn(command)?;
    let (sender, receiver) = mpsc::channel::<String>();
    let readers = [
        child.stdout.take().map(|pipe| forward(pipe, sender.clone())),
        child.stderr.take().map(|pipe| forward(pipe, sender.clone())),
    ];
    drop(sender);
    for line in receiver {
        println!("{line}");
        on_line(&line);
    }
    for reader in readers.into_iter().flatten() {
        // A reader that panicked has lost lines, not the result: the exit status decides.
        let _ = reader.join();
    }
    child.wait().with_context(|| format!("cannot wait for {}", shown(command)))
}

/// Runs quietly; the text printed, or an error that quotes it.
pub fn capture(command: &mut Command) -> Result<String> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let (child, _guard) = spawn(command)?;
    let output = child.wait_with_output().with_context(|| format!("cannot wait for {}", shown(command)))?;
    if !output.status.success() {
        bail!(
            "{} ended with {}:\n{}{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Starts a program in its own process group, ended with us whatever happens.
pub fn spawn(command: &mut Command) -> Result<(Child, cleanup::Guard)> {
    let child = command
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let group = child.id();
    let guard = cleanup::on_exit(move || end_group(group));
    Ok((child, guard))
}

/// Ends what is left of a process group; an empty group is no fault.
fn end_group(group: u32) {
    let _ = Command::new("kill")
        .args(["-TERM", "--", &format!("-{group}")])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

fn forward(pipe: impl Read + Send + 'static, sender: mpsc::Sender<String>) -> std::thread::JoinHandle<()> {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut line = Vec::new();
        loop {
            line.clear();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {
                    let text = String::from_utf8_lossy(&line);
                    if sender.send(text.trim_end_matches(['\n', '\r']).to_owned()).is_err() {
                        return;
                    }
                }
            }
        }
    })
}

/// A command as one would type it.
fn shown(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    if let Some(name) = text.rsplit('/').next().filter(|name| *name == "cargo") {
        text = name.to_owned();
    }
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        text.push(' ');
        if argument.contains([' ', '"', '$']) || argument.is_empty() {
            text.push_str(&format!("'{argument}'"));
        } else {
            text.push_str(&argument);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tee_gives_both_streams_and_the_status() {
        let mut lines = Vec::new();
        let status = tee(Command::new("sh").args(["-c", "echo un; echo deux >&2; exit 3"]), |line| {
            lines.push(line.to_owned());
        })
        .unwrap();
        lines.sort();
        assert_eq!(lines, ["deux", "un"]);
        assert_eq!(status.code(), Some(3));
    }

    #[test]
    fn a_failed_command_is_named() {
        let error = run(Command::new("sh").args(["-c", "exit 4"])).unwrap_err().to_string();
        assert!(error.contains("sh -c 'exit 4'"), "{error}");
    }
}
