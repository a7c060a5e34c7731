//! `admission`: in somebody's name, never twice the same person.

mod commun;

use commun::{echoue, installe, port, reussit};

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
    let s = commun::run(&["admission", "publier", "--donnees", &d]);
    assert_eq!(s.status.code(), Some(2));
    assert!(commun::texte(&s.stderr).contains("--compte"), "{}", commun::texte(&s.stderr));
}
