//! `doctor`, keys and first account, as an operator runs them.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use crate::commun::{echoue, installe, port, reussit, run, texte};

fn points(sortie: &[u8]) -> Vec<(String, String, String)> {
    let lus: Vec<serde_json::Value> = serde_json::from_slice(sortie).unwrap();
    let champ = |p: &serde_json::Value, nom: &str| p[nom].as_str().unwrap_or_default().to_owned();
    lus.iter().map(|p| (champ(p, "nom"), champ(p, "etat"), champ(p, "remede"))).collect()
}

#[test]
fn a_sound_installation_has_no_fault_and_a_broken_one_says_how_to_mend_it() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    let s = run(&["doctor", "--donnees", &d, "--json"]);
    let p = points(&s.stdout);
    assert!(s.status.success(), "{p:?}");
    for nom in [
        "configuration",
        "clés",
        "dossier des données",
        "disque",
        "serveur",
        "base",
        "horloge",
        "boîte d’envoi",
        "tâches",
        "courriel",
    ] {
        assert!(p.iter().any(|(n, e, _)| n == nom && e != "faute"), "{nom}: {p:?}");
    }
    assert!(reussit(&["doctor", "--donnees", &d]).contains("0 faute(s)"));

    std::fs::remove_file(dossier.path().join("cles.toml")).unwrap();
    std::fs::remove_file(dossier.path().join("parcoursup.sqlite")).unwrap();
    std::fs::write(
        dossier.path().join("parcoursup.toml"),
        format!(
            "[courriel]\ntransport = \"smtp\"\nhote = \"127.0.0.1\"\nport = {}\nexpediteur = \"a@exemple.fr\"\nsecurite = \"aucune\"\n",
            port()
        ),
    )
    .unwrap();
    let s = run(&["doctor", "--donnees", &d, "--json"]);
    assert_eq!(s.status.code(), Some(1));
    let p = points(&s.stdout);
    for nom in ["clés", "adresse publique", "base", "courriel"] {
        let trouve = p.iter().find(|(n, _, _)| n == nom).unwrap_or_else(|| panic!("{nom}: {p:?}"));
        assert!(trouve.1 == "faute" && trouve.2.len() > 15, "{trouve:?}");
    }

    std::fs::write(dossier.path().join("parcoursup.toml"), "identite = 3\n").unwrap();
    let s = run(&["doctor", "--donnees", &d]);
    assert_eq!(s.status.code(), Some(1));
    let dit = texte(&s.stdout);
    assert!(dit.contains("FAUTE") && dit.contains("« identite »") && dit.contains("→"), "{dit}");
}

/// Accepts one message and keeps its lines.
fn relay() -> (u16, Arc<Mutex<Vec<String>>>) {
    let ecoute = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = ecoute.local_addr().unwrap().port();
    let recu = Arc::new(Mutex::new(Vec::new()));
    let boite = Arc::clone(&recu);
    std::thread::spawn(move || {
        for flux in ecoute.incoming().map_while(Result::ok) {
            let mut ecrit = flux.try_clone().unwrap();
            let boite = Arc::clone(&boite);
            std::thread::spawn(move || {
                let mut donnees = false;
                ecrit.write_all(b"220 relais\r\n").unwrap();
                for ligne in BufReader::new(flux).lines().map_while(Result::ok) {
                    boite.lock().unwrap().push(ligne.clone());
                    let reponse = match (donnees, ligne.as_str()) {
                        (true, ".") => {
                            donnees = false;
                            "250 ok\r\n"
                        }
                        (true, _) => continue,
                        (false, "DATA") => {
                            donnees = true;
                            "354 allez\r\n"
                        }
                        (false, "QUIT") => "221 fin\r\n",
                        _ => "250 ok\r\n",
                    };
                    if ecrit.write_all(reponse.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (port, recu)
}

#[test]
fn a_test_mail_leaves_by_the_relay() {
    let dossier = tempfile::tempdir().unwrap();
    let port = port();
    let d = installe(dossier.path(), port);
    let (relais, recu) = relay();
    std::fs::write(
        dossier.path().join("parcoursup.toml"),
        format!(
            "adresse = \"http://localhost:{port}\"\n[courriel]\ntransport = \"smtp\"\nhote = \"127.0.0.1\"\nport = {relais}\n\
             securite = \"aucune\"\nexpediteur = \"Parcoursup <ne-pas-repondre@exemple.fr>\"\n"
        ),
    )
    .unwrap();
    let dit = reussit(&["doctor", "--donnees", &d, "--envoyer", "lea@exemple.fr"]);
    assert!(dit.contains("message d’essai remis pour lea@exemple.fr"), "{dit}");
    let lignes = recu.lock().unwrap().join("\n");
    assert!(lignes.contains("RCPT TO:<lea@exemple.fr>") && lignes.contains("Subject:"), "{lignes}");
}

#[test]
fn don_2_keys_turn_in_a_running_installation_and_an_old_one_is_only_forgotten_when_it_seals_nothing() {
    let dossier = tempfile::tempdir().unwrap();
    let port = port();
    let d = installe(dossier.path(), port);
    echoue(&["cles", "creer", "--donnees", &d], "existe déjà");
    reussit(&["session", "ouvrir", "2024", "--donnees", &d]);
    assert!(reussit(&["cles", "tourner", "--donnees", &d]).contains("La version 2"));
    assert!(reussit(&["cles", "rechiffrer", "--donnees", &d]).contains("rien à faire"));
    echoue(&["cles", "retirer", "2", "--donnees", &d], "ne se retire pas");
    echoue(&["cles", "retirer", "9", "--donnees", &d], "pas dans ce fichier");
    // A server that may have been started before the rotation still seals under the old version.
    let serveur = crate::commun::sert(&d, port);
    echoue(&["cles", "retirer", "1", "--donnees", &d], "Un serveur tourne déjà");
    drop(serveur);
    assert!(reussit(&["cles", "retirer", "1", "--donnees", &d]).contains("est retirée"));
}

#[test]
fn cpt_5_the_first_account_comes_by_a_link_that_serves_once() {
    let dossier = tempfile::tempdir().unwrap();
    let port = port();
    let d = installe(dossier.path(), port);
    let creer = [
        "compte",
        "creer-administrateur",
        "--donnees",
        &d,
        "--courriel",
        "ada@exemple.fr",
        "--nom",
        "Lovelace",
        "--prenom",
        "Ada",
    ];
    let dit = reussit(&creer);
    let lien = dit.lines().find(|l| l.starts_with("http")).unwrap();
    let chemin = lien.strip_prefix(&format!("http://localhost:{port}")).unwrap();
    assert!(chemin.starts_with("/mot-de-passe/") && chemin.len() > 60, "{lien}");
    echoue(&creer, "existe déjà");
    let base = std::fs::read(dossier.path().join("parcoursup.sqlite")).unwrap();
    let jeton = chemin.rsplit('/').next().unwrap().as_bytes();
    assert!(!base.windows(jeton.len()).any(|o| o == jeton), "the token itself is stored");
    let serveur = crate::commun::sert(&d, port);
    let (statut, page) = serveur.lit(chemin, "");
    assert_eq!(statut, 200, "{page}");
    assert_eq!(serveur.lit("/mot-de-passe/autre", "").0 / 100, 4);
}
