#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! Explanations of cases: a few texts to the letter, the form of all of them, and what is said of a wrong number.

mod commun;

use commun::{each_case, oracle};
use moteur::cas::{Cas, EntreeModification, EntreeOrdre, EntreePropositions, Enveloppe};
use moteur::explications::{Choix, Explications, explain_case};
use moteur::lecture::Lieu;

const EXEMPLES: &str = include_str!("cas/exemples.jsonl");
/// The cases explained in `docs/moteur.md`.
const EXPLIQUES: &str = include_str!("cas/expliques.jsonl");
const LIEU: Lieu<'_> = Lieu { fichier: "essai", ligne: 1 };

fn ligne(nom: &str) -> &'static str {
    let debut = format!("{{\"cas\":\"{nom}\"");
    EXEMPLES.lines().chain(EXPLIQUES.lines()).find(|ligne| ligne.starts_with(&debut)).unwrap()
}

fn texts(ligne: &str, choix: &Choix) -> Vec<String> {
    match explain_case(LIEU, ligne, choix).unwrap() {
        Explications::Textes(textes) => textes.iter().map(ToString::to_string).collect(),
        Explications::Refus(refus) => panic!("{refus}"),
    }
}

fn candidat(candidat: i64) -> Choix {
    Choix { candidat, ..Choix::default() }
}

fn error(ligne: &str, choix: &Choix) -> String {
    explain_case(LIEU, ligne, choix).unwrap_err().root_cause().to_string()
}

/// What no sentence of ours may look like.
fn faults(texte: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for phrase in texte.lines().filter(|phrase| phrase.starts_with("  ")) {
        let phrase = phrase.trim_start();
        // A number is a word of its own: « 11 candidats » is no fault.
        let one = [" 1 candidats", " 1 places", " 1 rangs", " 1 boursiers", " 1 autres"];
        let wrong = ["  ", " .", " ,", "..", "aucun candidats", "aucune places", "{", "}", "'", "-1"];
        let bounded = format!(" {phrase}");
        let wrong = one.iter().chain(&wrong).find(|wrong| bounded.contains(*wrong));
        if wrong.is_some() || !phrase.ends_with(['.', ')']) || phrase.starts_with(char::is_lowercase) {
            faults.push(format!("{wrong:?} : {phrase}"));
        }
    }
    faults
}

/// Candidats of a case, in the order of the file.
fn candidats(ligne: &str) -> Vec<i64> {
    let enveloppe: Enveloppe = serde_json::from_str(ligne).unwrap();
    match enveloppe.genre.as_str() {
        "ordre_appel" => {
            let cas: Cas<EntreeOrdre> = serde_json::from_str(ligne).unwrap();
            cas.entree.groupes_classement.iter().flat_map(|g| &g.voeux).map(|v| v.candidat).collect()
        }
        "modification_classement" => {
            let cas: Cas<EntreeModification> = serde_json::from_str(ligne).unwrap();
            vec![cas.entree.modification.candidat]
        }
        _ => {
            let cas: Cas<EntreePropositions> = serde_json::from_str(ligne).unwrap();
            cas.entree.voeux.iter().map(|v| v.candidat).collect()
        }
    }
}

/// Explains candidats spread over each case of a file.
fn explain_file(fichier: &str, cases: usize, par_cas: usize) {
    let Some(chemin) = oracle(fichier) else {
        return;
    };
    let (mut explained, mut refused, mut wrong) = (0, 0, Vec::new());
    each_case(&chemin, |lieu, ligne| {
        let candidats = candidats(ligne);
        let pas = candidats.len().div_ceil(par_cas).max(1);
        let mut any = false;
        for &candidat in candidats.iter().step_by(pas) {
            match explain_case(lieu, ligne, &Choix { candidat, ..Choix::default() }).unwrap() {
                Explications::Textes(textes) => {
                    any = true;
                    wrong.extend(textes.iter().flat_map(|texte| faults(&texte.to_string())));
                }
                Explications::Refus(_) => {
                    refused += 1;
                    return;
                }
            }
        }
        explained += usize::from(any || candidats.is_empty());
    });
    wrong.truncate(20);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(explained + refused, cases);
    println!("{fichier} : {explained} cas expliqués, {refused} refusés");
}

#[test]
fn three_explanations_are_those_of_the_documentation() {
    let documentation = include_str!("../../../docs/moteur.md");
    let first = texts(ligne("EXPL-1"), &candidat(15));
    let second = texts(ligne("EXPL-2"), &Choix { internat: Some(true), ..candidat(23) });
    let third = texts(ligne("EXPL-3"), &candidat(35));
    for textes in [first, second, third] {
        let [texte] = textes.as_slice() else { panic!("one text: {textes:?}") };
        assert_eq!(faults(texte), [""; 0]);
        assert!(documentation.contains(texte.trim_end()), "docs/moteur.md has not:\n{texte}");
    }
}

#[test]
fn some_sentences_to_the_letter() {
    let [premier] = &texts(ligne("EXPL-1"), &candidat(13))[..] else { panic!("one voeu") };
    assert!(premier.contains("Une proposition d’admission est faite ce jour-là."), "{premier}");
    assert!(premier.contains("1 candidat reçoit une proposition, jusqu’au rang d’appel 4."), "{premier}");
    let [avec, sans] = &texts(ligne("EXPL-2"), &candidat(23))[..] else { panic!("two voeux") };
    assert!(avec.starts_with("Candidat 23, formation 8 (groupe 1), avec internat : jour 1\n"), "{avec}");
    assert!(
        avec.contains("Il aurait fallu que la barre de l’internat monte au moins jusqu’au rang 3."),
        "{avec}"
    );
    assert!(sans.contains("Une place de la formation lui revenait dans l’ordre d’appel."), "{sans}");
    let [corrige] = &texts(ligne("EX-3"), &candidat(9))[..] else { panic!("one text") };
    assert!(corrige.contains("y entre au rang 2. Son rang d’appel est 1."), "{corrige}");
    let [boursier] = &texts(ligne("EX-1"), &candidat(3))[..] else { panic!("one text") };
    assert!(
        boursier.contains("2 candidats mieux classés sont appelés après lui : il gagne 2 rangs"),
        "{boursier}"
    );
}

#[test]
fn every_call_order_of_the_reference_is_explained() {
    explain_file("ordre_appel.jsonl.gz", 199, 20);
    explain_file("ordre_appel_moyen.jsonl.gz", 3, 1);
}

#[test]
fn every_day_of_the_reference_is_explained() {
    explain_file("propositions.jsonl.gz", 403, 4);
    explain_file("propositions_moyen.jsonl.gz", 9, 1);
}

#[test]
fn a_wrong_number_gives_what_exists() {
    let day = ligne("EX-4");
    assert_eq!(
        error(day, &candidat(99)),
        "aucun vœu du candidat 99 dans ce cas ; candidats présents : 11, 12, 13"
    );
    assert_eq!(
        error(day, &Choix { formation: Some(7), ..candidat(11) }),
        "le candidat 11 n’a pas ce vœu ; il a : formation 1 (groupe 1), sans internat"
    );
    assert_eq!(
        error(day, &Choix { internat: Some(true), ..candidat(11) }),
        "le candidat 11 n’a pas ce vœu ; il a : formation 1 (groupe 1), sans internat"
    );
    let ordre = ligne("EX-1");
    assert_eq!(
        error(ordre, &candidat(99)),
        "le candidat 99 n’est pas classé ici ; candidats présents : 1, 2, 3, 4, 5, 6, 7, 8"
    );
    assert_eq!(
        error(ordre, &Choix { groupe: Some(4), ..candidat(1) }),
        "aucun groupe de classement 4 dans ce cas ; groupes présents : 1"
    );
    assert!(error(ordre, &Choix { formation: Some(1), ..candidat(1) }).contains("--formation"));
    assert!(error(ligne("EX-3"), &candidat(1)).contains("le candidat 9 du groupe de classement 1"));
    let refus = explain_case(LIEU, ligne("EX-2"), &candidat(1)).unwrap();
    assert!(matches!(refus, Explications::Refus(refus) if refus.contains("le même rang de classement")));
}
