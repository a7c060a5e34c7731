//! What must be undone when we stop: at the end, on a failure, on Ctrl-C or SIGTERM.
//!
//! A database server or a demo left behind would hold a port and a folder until the machine restarts.

use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};

type Release = Box<dyn FnOnce() + Send>;

static PENDING: Mutex<Vec<(u64, Release)>> = Mutex::new(Vec::new());

/// Runs its release once: when dropped, or when a signal ends the program.
pub struct Guard(u64);

/// Registers what undoes something just done.
pub fn on_exit(release: impl FnOnce() + Send + 'static) -> Guard {
    let mut pending = pending();
    let id = pending.iter().map(|(id, _)| id + 1).max().unwrap_or(0);
    pending.push((id, Box::new(release)));
    Guard(id)
}

impl Drop for Guard {
    fn drop(&mut self) {
        let release = {
            let mut pending = pending();
            let position = pending.iter().position(|(id, _)| *id == self.0);
            position.map(|at| pending.remove(at).1)
        };
        if let Some(release) = release {
            release();
        }
    }
}

/// Undoes everything, last done first.
pub fn release_all() {
    loop {
        let last = pending().pop();
        match last {
            Some((_, release)) => release(),
            None => return,
        }
    }
}

/// From here on an interruption releases everything, then exits with the customary code.
pub fn install_handler() -> Result<()> {
    ctrlc::set_handler(|| {
        eprintln!("\nxtask: interrupted, cleaning up");
        release_all();
        std::process::exit(130);
    })
    .context("cannot install the signal handler")
}

fn pending() -> MutexGuard<'static, Vec<(u64, Release)>> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_release_runs_once_on_drop() {
        let count = Arc::new(AtomicUsize::new(0));
        let inner = Arc::clone(&count);
        let guard = on_exit(move || {
            inner.fetch_add(1, Ordering::SeqCst);
        });
        assert_eq!(count.load(Ordering::SeqCst), 0);
        drop(guard);
        assert_eq!(count.load(Ordering::SeqCst), 1);
    }
}
