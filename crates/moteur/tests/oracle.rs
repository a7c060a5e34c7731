#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! Every case of the oracle, compared exactly.

mod commun;

use std::collections::BTreeMap;

use commun::{each_case, oracle};
use engine::propositions::Options;
use moteur::ecarts::differences;
use moteur::evaluation::evaluate;

fn compare(fichier: &str, cases: usize) {
    let Some(chemin) = oracle(fichier) else {
        return;
    };
    let (mut count, mut wrong) = (0, Vec::new());
    each_case(&chemin, |lieu, ligne| {
        let evalue = evaluate(lieu, ligne, &Options::default()).unwrap();
        let found = differences(&evalue.attendu.unwrap(), &evalue.resultat.sortie, 5);
        if !found.is_empty() {
            wrong.push(format!("{} : {found:#?} {:?}", evalue.cas, evalue.resultat.refus));
        }
        count += 1;
    });
    assert!(wrong.is_empty(), "{} cas différents :\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(count, cases);
}

/// The list of families with their counts, that `docs/moteur.md` shows.
#[test]
fn families_are_those_of_the_documentation() {
    let documentation = include_str!("../../../docs/moteur.md");
    let mut familles: BTreeMap<(String, String), usize> = BTreeMap::new();
    for fichier in [
        "ordre_appel.jsonl.gz",
        "ordre_appel_moyen.jsonl.gz",
        "propositions.jsonl.gz",
        "propositions_moyen.jsonl.gz",
    ] {
        let Some(chemin) = oracle(fichier) else { return };
        each_case(&chemin, |_, ligne| {
            let cas: serde_json::Value = serde_json::from_str(ligne).unwrap();
            let texte = |cle: &str| cas[cle].as_str().unwrap().to_owned();
            *familles.entry((texte("type"), texte("famille"))).or_default() += 1;
        });
    }
    for ((genre, famille), cas) in familles {
        let ligne = format!("| {genre} | {famille} | {cas} |\n");
        assert!(documentation.contains(&ligne), "docs/moteur.md has not: {ligne}");
    }
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
