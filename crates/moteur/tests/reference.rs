#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! The second implementation on every case of the oracle, compared exactly: it was written from the specification alone.

mod commun;

use commun::{each_case, oracle};
use moteur::ecarts::differences;
use moteur::reference::evaluate;

fn compare(fichier: &str, cases: usize) {
    let Some(chemin) = oracle(fichier) else {
        return;
    };
    let (mut count, mut wrong) = (0, Vec::new());
    each_case(&chemin, |lieu, ligne| {
        let attendu: serde_json::Value = serde_json::from_str(ligne).unwrap();
        let found = differences(&attendu["sortie"], &evaluate(ligne).unwrap(), 5);
        if !found.is_empty() {
            wrong.push(format!("{lieu} {} : {found:#?}", attendu["cas"]));
        }
        count += 1;
    });
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
