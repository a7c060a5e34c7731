//! `admission`: in somebody's name, never twice the same person.

use crate::commun::{Serveur, echoue, installe, parcoursup, port, reussit};

#[test]
fn hab_8_a_run_is_computed_and_published_by_people_with_the_right_at_its_time() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    let avec = |arguments: &[&str]| -> Vec<String> {
        arguments.iter().chain(&["--donnees", d.as_str()]).map(|a| (*a).to_owned()).collect()
    };
    let refuse = |arguments: &[&str], attendu: &str| {
        let tous = avec(arguments);
        echoue(&tous.iter().map(String::as_str).collect::<Vec<_>>(), attendu)
    };
    refuse(&["admission", "etat"], "Cette session n’existe pas");
    reussit(&["session", "ouvrir", "2024", "--donnees", &d]);
    let dit = reussit(&["admission", "etat", "--donnees", &d]);
    assert!(dit.contains("Session 2024") && dit.contains("Aucun passage."), "{dit}");
    refuse(&["admission", "etat", "--session", "2031"], "Cette session n’existe pas");
    refuse(&["admission", "propositions", "--compte", "ada@exemple.fr"], "Aucun compte en service");
    // The command asks in whose name.
    let s = crate::commun::run(&["admission", "publier", "--donnees", &d]);
    assert_eq!(s.status.code(), Some(2));
    assert!(crate::commun::texte(&s.stderr).contains("--compte"), "{}", crate::commun::texte(&s.stderr));
}

/// The whole path on a demonstration: two people of the national team, whose addresses it prints.
#[test]
fn r_adm_01_hab_8_one_console_does_not_compute_and_publish_under_two_names() {
    let dossier = tempfile::tempdir().unwrap();
    let d = dossier.path().join("donnees");
    let d = d.to_str().unwrap();
    let port = port();
    let texte = port.to_string();
    let commande = parcoursup(&["demo", "--donnees", d, "--port", &texte, "--moment", "admission"]);
    let serveur = Serveur::demarre(commande, port, "Ctrl+C");
    let agents: Vec<String> = serveur
        .dit
        .lines()
        .filter(|l| l.to_lowercase().contains("quipe nationale"))
        .filter_map(|l| l.split_whitespace().find(|m| m.contains('@')).map(str::to_owned))
        .collect();
    assert!(agents.len() >= 2, "{}", serveur.dit);
    let (un, deux) = (agents[0].as_str(), agents[1].as_str());
    let dit = reussit(&["admission", "propositions", "--compte", un, "--donnees", d]);
    assert!(dit.contains("calculé et vérifié"), "{dit}");
    echoue(&["admission", "publier", "--compte", un, "--donnees", d], "une deuxième personne doit le faire");
    // HAB-8: one console cannot be two people, whatever accounts it names.
    echoue(
        &["admission", "publier", "--compte", deux, "--donnees", d],
        "une deuxième personne doit le faire",
    );
    let dit = reussit(&["admission", "abandonner", "--compte", deux, "--donnees", d]);
    assert!(dit.contains("abandonné"), "{dit}");
    echoue(&["admission", "publier", "--compte", deux, "--donnees", d], "Aucun passage n’attend");
    assert!(reussit(&["admission", "etat", "--donnees", d]).contains("publié"));
    drop(serveur);
}
