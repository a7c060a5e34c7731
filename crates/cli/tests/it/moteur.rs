//! `moteur`: files of cases, what is printed where, and how it ends.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::commun::{echoue, parcoursup, reussit, run, texte};

/// Six cases with their outputs, two of which are refusals.
fn exemples() -> String {
    let chemin = Path::new(env!("CARGO_MANIFEST_DIR")).join("../moteur/tests/cas/exemples.jsonl");
    std::fs::read_to_string(chemin).unwrap()
}

/// Runs with this on its standard input.
fn avec_entree(arguments: &[&str], entree: &[u8]) -> Output {
    let mut commande = parcoursup(arguments);
    commande.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut enfant = commande.spawn().unwrap();
    enfant.stdin.take().unwrap().write_all(entree).unwrap();
    enfant.wait_with_output().unwrap()
}

#[test]
fn cases_are_computed_from_files_and_from_the_standard_input() {
    let dossier = tempfile::tempdir().unwrap();
    let ici = |nom: &str| dossier.path().join(nom).to_str().unwrap().to_owned();
    let (lignes, compresse) = (ici("cas.jsonl"), ici("cas.jsonl.zst"));
    std::fs::write(&lignes, exemples()).unwrap();
    std::fs::write(&compresse, zstd::encode_all(exemples().as_bytes(), 3).unwrap()).unwrap();

    let s = avec_entree(&["moteur", "calculer", "-", &compresse], exemples().as_bytes());
    assert!(s.status.success(), "{}", texte(&s.stderr));
    let dit = texte(&s.stdout);
    let attendus: Vec<Value> = exemples()
        .lines()
        .map(|ligne| {
            let cas: Value = serde_json::from_str(ligne).unwrap();
            serde_json::json!({ "cas": cas["cas"], "sortie": cas["sortie"] })
        })
        .collect();
    let lus: Vec<Value> = dit.lines().map(|ligne| serde_json::from_str(ligne).unwrap()).collect();
    assert_eq!(lus, [attendus.clone(), attendus].concat());
    assert!(dit.starts_with("{\"cas\":\"EX-1\",\"sortie\":{"), "{dit}");
    // What was refused is told apart, with its place.
    assert!(texte(&s.stderr).contains("entrée standard, ligne 2, cas EX-2 : données refusées : "));

    assert!(reussit(&["moteur", "comparer", &lignes, &compresse]).ends_with("12 cas, 0 différences\n"));
    assert!(reussit(&["moteur", "verifier", &lignes]).ends_with("6 cas, 0 violations\n"));
    let vide = avec_entree(&["moteur", "comparer", "-"], b"");
    assert_eq!((vide.status.code(), texte(&vide.stdout)), (Some(0), "0 cas, 0 différences\n".to_owned()));
}

#[test]
fn a_difference_is_shown_and_the_status_says_so() {
    let dossier = tempfile::tempdir().unwrap();
    let chemin = dossier.path().join("cas.jsonl").to_str().unwrap().to_owned();
    std::fs::write(&chemin, exemples().replace("[3,1,2,4,7,5,6,8]", "[1,3,2,4,7,5,6,8]")).unwrap();
    let s = run(&["moteur", "comparer", &chemin]);
    let dit = texte(&s.stdout);
    assert_eq!(s.status.code(), Some(1), "{dit}");
    assert!(dit.ends_with("6 cas, 1 différences\n"), "{dit}");
    assert!(dit.contains("sortie.ordres_appel[0].candidats[0] : attendu 1, obtenu 3"), "{dit}");
    let s = run(&["moteur", "verifier", &chemin]);
    assert!(s.status.code() == Some(1) && texte(&s.stdout).contains("violation"), "{}", texte(&s.stdout));

    std::fs::write(&chemin, "\n{\"cas\":\"X\",\"type\":\"ordre_appel\",\"entree\":3}\n").unwrap();
    let dit = echoue(&["moteur", "calculer", &chemin], "ligne 2, colonne ");
    assert!(dit.contains("le nombre 3 au lieu d’un objet"), "{dit}");
    echoue(&["moteur", "comparer", "/nulle/part.jsonl"], "impossible d’ouvrir « /nulle/part.jsonl »");
    assert_eq!(run(&["moteur", "calculer"]).status.code(), Some(2));
}

#[test]
fn the_bench_prints_a_line_for_each_step_and_each_fingerprint() {
    let taille = ["--candidats", "500", "--formations", "40", "--graine", "2026", "--fils", "2"];
    let dit = reussit(&[&["moteur", "banc"][..], &taille].concat());
    let etape = |nom: &str| {
        let ligne = dit.lines().find(|ligne| ligne.starts_with(&format!("{nom} : "))).unwrap();
        assert!(ligne.contains(" s, ") && ligne.ends_with("Mio"), "{ligne}");
    };
    etape("ordre d’appel, vérifié");
    etape("jour 1, contrôles, vérifications et affichages");
    etape("jour GDD, contrôles, vérifications et affichages");
    // The names of the table of the oracle, in its order.
    let empreintes: Vec<&str> = dit
        .lines()
        .skip_while(|ligne| *ligne != "Empreintes :")
        .skip(1)
        .filter_map(|ligne| ligne.rsplit_once(" : ").map(|(nom, _)| nom))
        .collect();
    assert_eq!(empreintes.first(), Some(&"groupes ; plus grand ; candidats classés"));
    assert_eq!(empreintes.last(), Some(&"GDD vérifié : dernier appelé"));
    assert_eq!(empreintes.len(), 16);
    assert_eq!(run(&["moteur", "banc", "--candidats", "0", "--formations", "1"]).status.code(), Some(1));
}
