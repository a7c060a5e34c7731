//! `demo`: fills once, answers on the loopback, takes up its data again, touches nothing else.

use std::time::Instant;

use crate::commun::{Serveur, echoue, installe, parcoursup, port, reussit};

/// Starts a demonstration.
pub fn demarre(d: &str, port: u16, options: &[&str]) -> Serveur {
    let texte = port.to_string();
    let mut arguments = vec!["demo", "--donnees", d, "--port", &texte];
    arguments.extend(options);
    Serveur::demarre(parcoursup(&arguments), port, "Ctrl+C")
}

#[test]
fn the_demonstration_answers_then_takes_its_data_up_again() {
    let dossier = tempfile::tempdir().unwrap();
    let d = dossier.path().join("donnees");
    let d = d.to_str().unwrap();
    let port = port();
    let depart = Instant::now();
    let serveur = demarre(d, port, &["--moment", "examen"]);
    println!("first start: {:.1} s", depart.elapsed().as_secs_f64());
    assert!(serveur.dit.contains(&format!("http://localhost:{port}/")), "{}", serveur.dit);
    assert!(serveur.dit.contains("avril 2024"), "{}", serveur.dit);
    assert_eq!(serveur.lit("/sante", "").0, 200);
    assert_eq!(serveur.lit("/dev", "").0, 200);
    let (page, corps) = serveur.lit("/formations", "");
    assert_eq!(page, 200, "{corps}");
    // Nobody else may open the same data or the same port.
    echoue(&["demo", "--donnees", d, "--port", &crate::commun::port().to_string()], "Un serveur tourne déjà");
    let ailleurs = dossier.path().join("ailleurs");
    echoue(&["demo", "--donnees", ailleurs.to_str().unwrap(), "--port", &port.to_string()], "est déjà pris");
    let (propre, journal, _) = serveur.arrete();
    assert!(propre, "{journal}");

    let depart = Instant::now();
    let serveur = demarre(d, port, &[]);
    println!("second start: {:.1} s", depart.elapsed().as_secs_f64());
    assert!(
        serveur.dit.contains("Données reprises") && serveur.dit.contains("avril 2024"),
        "{}",
        serveur.dit
    );
    assert!(depart.elapsed().as_secs() < 10);
    assert!(serveur.arrete().0);

    // Another moment is other data.
    let texte = port.to_string();
    let moment = ["demo", "--donnees", d, "--port", &texte, "--moment", "voeux"];
    echoue(&moment, "--neuf");
    let serveur = demarre(d, port, &["--moment", "voeux", "--neuf"]);
    assert!(
        serveur.dit.contains("février 2024") && !serveur.dit.contains("Données reprises"),
        "{}",
        serveur.dit
    );
    assert!(serveur.arrete().0);
    // A demonstration never becomes a real server.
    let mut vrai = parcoursup(&["servir", "--donnees", d]);
    let sortie = vrai.env("PARCOURSUP_ADRESSE", "https://parcoursup.example").output().unwrap();
    let dit = crate::commun::texte(&sortie.stderr);
    assert!(!sortie.status.success() && dit.contains("démonstration"), "{dit}");
}

#[test]
fn a_real_installation_is_neither_filled_nor_erased() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    reussit(&["session", "ouvrir", "2024", "--donnees", &d]);
    let texte = port().to_string();
    for option in [None, Some("--neuf")] {
        let mut arguments = vec!["demo", "--donnees", &d, "--port", &texte];
        arguments.extend(option);
        echoue(&arguments, "vrai service");
    }
    assert!(reussit(&["session", "lister", "--donnees", &d]).contains("Session 2024 : ouverte"));
}
