//! Time and memory of a step.

use std::time::Instant;

/// What a step took.
#[derive(Debug, Clone)]
pub struct Etape {
    /// Its name.
    pub nom: &'static str,
    /// Seconds elapsed.
    pub secondes: f64,
    /// Processor seconds (to a hundredth), where the system tells.
    pub processeur: Option<f64>,
    /// Peak memory of the process so far, in MiB, where the system tells.
    pub pic_mio: Option<u64>,
}

/// Runs and measures a step.
pub fn measure<T>(nom: &'static str, etapes: &mut Vec<Etape>, step: impl FnOnce() -> T) -> T {
    let before = processor();
    let start = Instant::now();
    let resultat = step();
    let secondes = start.elapsed().as_secs_f64();
    let processeur = before.zip(processor()).map(|(before, after)| after - before);
    etapes.push(Etape { nom, secondes, processeur, pic_mio: peak() });
    resultat
}

/// Processor seconds of the process: fields 14 and 15 of its status line, in hundredths.
fn processor() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, champs) = stat.rsplit_once(')')?;
    let mut champs = champs.split_whitespace().skip(11);
    let user: f64 = champs.next()?.parse().ok()?;
    let system: f64 = champs.next()?.parse().ok()?;
    Some((user + system) / 100.0)
}

fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let ligne = status.lines().find_map(|ligne| ligne.strip_prefix("VmHWM:"))?;
    ligne.split_whitespace().next()?.parse::<u64>().ok().map(|kio| kio / 1024)
}
