#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! Every case of the oracle, compared exactly.

use std::path::PathBuf;

use engine::propositions::Options;
use moteur::ecarts::differences;
use moteur::evaluation::evaluate;
use moteur::lecture::Lignes;

/// A file of the oracle, or none where it is not at hand (a failure in continuous integration).
fn oracle(fichier: &str) -> Option<PathBuf> {
    let chemin = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracle").join(fichier);
    if chemin.exists() {
        return Some(chemin);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "../shared/oracle absent");
    println!("ignoré : ../shared/oracle absent");
    None
}

fn compare(fichier: &str, cases: usize) {
    let Some(chemin) = oracle(fichier) else {
        return;
    };
    let mut lignes = Lignes::open(chemin.to_str().unwrap()).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    while let Some((lieu, ligne)) = lignes.next_ligne().unwrap() {
        let evalue = evaluate(lieu, ligne, &Options::default()).unwrap();
        let found = differences(&evalue.attendu.unwrap(), &evalue.resultat.sortie, 5);
        if !found.is_empty() {
            wrong.push(format!("{} : {found:#?} {:?}", evalue.cas, evalue.resultat.refus));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{} cas différents :\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(count, cases);
}

#[test]
fn ordre_appel() {
    compare("ordre_appel.jsonl.gz", 199);
}

#[test]
fn ordre_appel_moyen() {
    compare("ordre_appel_moyen.jsonl.gz", 3);
}

#[test]
fn propositions() {
    compare("propositions.jsonl.gz", 403);
}

#[test]
fn propositions_moyen() {
    compare("propositions_moyen.jsonl.gz", 9);
}
