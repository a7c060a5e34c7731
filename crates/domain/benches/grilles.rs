//! `cargo xtask bench grilles`: how many grids one thread reads again in a second. The national offer has about 25,000
//! courses; each grid here takes its fields and its advice from several of the open marked texts, and is read with what a course expects.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use domain::grille::{Contexte, Grille, relire};

#[path = "../tests/annotees/mod.rs"]
#[expect(dead_code, reason = "the bench reads the grids, not their marks")]
mod annotees;

const GRILLES: usize = 25_000;
const MAX_SECONDS: f64 = 5.0;

/// Seconds of this thread on a processor: what remains comparable on a machine that does other things.
fn processor() -> Option<f64> {
    let compte = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(compte.split(' ').next()?.parse::<f64>().ok()? / 1e9)
}

fn main() -> ExitCode {
    let textes = [
        include_str!("../tests/grilles/ouvertes.jsonl"),
        include_str!("../tests/grilles/ouvertes2.jsonl"),
        include_str!("../tests/grilles/reservees.jsonl"),
        include_str!("../tests/grilles/ouvertes4.jsonl"),
    ];
    let sources: Vec<annotees::Annotee> = textes.iter().flat_map(|t| t.lines()).map(annotees::lit).collect();
    // Steps without a common factor: no two grids are alike before long.
    let source = |i: usize, pas: usize| &sources[(i * pas + i / sources.len()) % sources.len()];
    // Every course publishes what it expects.
    let attendus: Vec<Vec<&str>> = sources
        .iter()
        .filter(|s| !s.attendus.is_empty())
        .map(|s| s.attendus.iter().map(String::as_str).collect())
        .collect();
    let grilles: Vec<(Grille, Contexte)> = (0..GRILLES)
        .map(|i| {
            let champs = std::array::from_fn(|k| source(i, [1, 7, 11, 13, 17][k]).grille.champs[k].clone());
            let conseils = source(i, 19).grille.conseils.clone();
            (Grille { champs, conseils, oad: source(i, 23).grille.oad }, source(i, 29).contexte)
        })
        .collect();
    let (debut, occupe) = (Instant::now(), processor());
    let constats: usize = grilles
        .iter()
        .enumerate()
        .map(|(i, (g, c))| black_box(relire(g, c, &attendus[i % attendus.len()])).len())
        .sum();
    let duree = debut.elapsed().as_secs_f64();
    let secondes = processor().zip(occupe).map_or(duree, |(fin, debut)| fin - debut);
    let rate = GRILLES as f64 / secondes;
    println!(
        "{GRILLES} grids, {constats} findings: {secondes:.2} s of the processor, {rate:.0} a second ({duree:.2} s of the clock)"
    );
    if secondes > MAX_SECONDS {
        println!("over budget: {MAX_SECONDS} s");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
