//! `conformite`: the suite run by the program against a server that opens sandboxes, and what it says of one where nothing was done.

use std::fs;

use serde_json::Value;

use crate::commun::{echoue, port, reussit, run, texte};
use crate::demo::demarre;

#[test]
fn r_api_09_10_a_sandbox_passes_the_suite_and_says_what_a_program_has_not_shown() {
    let dossier = tempfile::tempdir().unwrap();
    let d = dossier.path().join("donnees");
    let d = d.to_str().unwrap();
    let port = port();
    let adresse = format!("http://localhost:{port}");
    echoue(&["conformite", "--adresse", &adresse], "ne répond pas");
    echoue(&["conformite", "--adresse", "http://essai.example"], "en clair");

    let serveur = demarre(d, port, &["--moment", "parametrage", "--bac-a-sable"]);
    let rapport = dossier.path().join("rapport.json");
    let sortie = run(&["conformite", "--adresse", &adresse, "--rapport", rapport.to_str().unwrap()]);
    let dit = texte(&sortie.stdout);
    println!("{dit}");
    assert!(sortie.status.success(), "{}", texte(&sortie.stderr));
    assert!(
        dit.contains("en défaut : 0.") && !dit.contains('✗') && !dit.contains('–'),
        "all of it, the events too"
    );
    let ecrit: Value = serde_json::from_slice(&fs::read(&rapport).unwrap()).unwrap();
    assert_eq!(
        (ecrit["conforme"].as_bool(), ecrit["adresse"].as_str()),
        (Some(true), Some(adresse.as_str()))
    );
    assert_eq!(ecrit["version"], "1.0.0");
    let controles = ecrit["controles"].as_array().unwrap();
    assert!(
        controles.len() >= 30 && controles.iter().all(|c| c["etat"] == "reussi" && c["duree_ms"].is_u64())
    );

    // A sandbox where one call was made.
    let ouvert = serveur.poste("/api/v1/bac-a-sable");
    let ouvert: Value = serde_json::from_str(&ouvert).unwrap();
    let jeton = ouvert["jeton"].as_str().unwrap();
    let constat = ["conformite", "--adresse", &adresse, "--constat", "--jeton", jeton];
    let formation = ouvert["formations"][0]["id"].as_str().unwrap();
    let (statut, _) = serveur.lit(
        &format!("/api/v1/sessions/2024/formations/{formation}"),
        &format!("Authorization: Bearer {jeton}\r\n"),
    );
    assert_eq!(statut, 200);
    let sortie = run(&constat);
    let dit = texte(&sortie.stdout);
    assert_eq!(sortie.status.code(), Some(1), "{dit}{}", texte(&sortie.stderr));
    assert!(dit.contains("✓ Lire une formation") && dit.contains("✗ Recevoir un événement"), "{dit}");
    assert!(dit.contains("Exercices faits : 1 sur 8."), "{dit}");
    // Put back to its beginning, the suite runs there too, and leaves every exercise done. For people, a report in Markdown.
    let lisible = dossier.path().join("rapport.md");
    let fichier = lisible.to_str().unwrap();
    let dit = reussit(&["conformite", "--adresse", &adresse, "--jeton", jeton, "--rapport", fichier]);
    assert!(dit.contains("en défaut : 0.") && dit.contains("Rapport écrit"), "{dit}");
    let lu = fs::read_to_string(&lisible).unwrap();
    assert!(lu.starts_with("# Conformité") && lu.contains("**Conforme.**") && lu.contains(&adresse), "{lu}");
    assert_eq!(lu.lines().filter(|l| l.contains("| réussie |")).count(), controles.len());
    let preuve = dossier.path().join("constat.json");
    let dit = reussit(&[&constat[..], &["--rapport", preuve.to_str().unwrap()]].concat());
    assert!(dit.contains("Exercices faits : 8 sur 8."), "{dit}");
    let ecrit: Value = serde_json::from_slice(&fs::read(&preuve).unwrap()).unwrap();
    assert_eq!(
        (ecrit["conforme"].as_bool(), ecrit["exercices"].as_array().map(Vec::len)),
        (Some(true), Some(8))
    );
    echoue(&["conformite", "--adresse", &adresse, "--jeton", "pcs_faux"], "ce jeton n’ouvre rien ici");
    echoue(&["conformite", "--adresse", &adresse, "--constat"], "--jeton");
    assert!(serveur.arrete().0);

    let serveur = demarre(d, port, &[]);
    echoue(&["conformite", "--adresse", &adresse], "n’ouvre pas de bac à sable");
    assert!(serveur.arrete().0);
}
