//! R-CGE-19: short grids, good and faulty, read against the documents that their course asks for; then what is said of it.
#![expect(clippy::unwrap_used, reason = "fixtures: a fault in them must stop the test")]

use std::collections::BTreeSet;

use domain::formations::Genre;
use domain::formations::description::{Description, LigneListe, Valeur, modele};
use domain::grille::{Champ, Constat, Contexte, Critere, Documents, Grille, Importance, Regle, relire};
use serde_json::Value;

fn textes(v: &Value) -> Vec<&str> {
    v.as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect()
}

fn critere(intitule: &str, elements: &str) -> Critere {
    Critere {
        intitule: intitule.to_owned(),
        elements: elements.to_owned(),
        importance: Importance::Important,
    }
}

/// A grid without a fault but in the criteria of a case.
fn grille(cas: &Value) -> Grille {
    let champ = || Champ {
        poids: 20,
        importance: Importance::Important,
        criteres: vec![critere("Moyennes", "Bulletins de première et de terminale")],
    };
    let mut champs: [Champ; 5] = std::array::from_fn(|_| champ());
    for c in cas["criteres"].as_array().unwrap() {
        let i = usize::try_from(c[0].as_u64().unwrap()).unwrap();
        champs[i - 1].criteres = vec![critere(c[1].as_str().unwrap(), c[2].as_str().unwrap())];
    }
    Grille { champs, conseils: cas["conseils"].as_str().unwrap().to_owned(), oad: None }
}

fn contexte(cas: &Value) -> Contexte {
    Contexte {
        oral: cas["oral"].as_bool().unwrap(),
        documents: Some(Documents::new(&textes(&cas["pieces"]), &[])),
        ..Contexte::default()
    }
}

fn constats(grille: &Grille, contexte: &Contexte) -> Vec<Constat> {
    relire(grille, contexte, &[]).into_iter().filter(|c| c.regle == Regle::A8).collect()
}

#[test]
fn r_cge_19_the_annotated_cases_are_read_as_their_author_did() {
    let mut lus = 0;
    for ligne in include_str!("grilles/documents.jsonl").lines() {
        let cas: Value = serde_json::from_str(ligne).unwrap();
        let trouves = constats(&grille(&cas), &contexte(&cas));
        let vus: BTreeSet<(usize, usize)> = trouves.iter().map(|c| (c.champ, c.critere)).collect();
        let place = |v: &Value| usize::try_from(v.as_u64().unwrap()).unwrap();
        let fautes: BTreeSet<(usize, usize)> =
            cas["fautes"].as_array().unwrap().iter().map(|f| (place(&f[0]), place(&f[1]))).collect();
        assert_eq!(vus, fautes, "{} ({}): {trouves:?}", cas["id"], cas["note"]);
        lus += 1;
    }
    assert!(lus >= 40, "{lus}");
}

#[test]
fn r_cge_19_a_finding_says_what_where_why_and_how_to_mend_and_prevents_nothing() {
    let cas = serde_json::json!({
        "pieces": ["CV"], "oral": false, "conseils": "Bienvenue.",
        "criteres": [[2, "Créativité", "Qualité du dossier\nartistique"]],
    });
    let g = grille(&cas);
    let trouves = constats(&g, &contexte(&cas));
    assert_eq!(trouves.len(), 2, "{trouves:?}");
    assert!(!Regle::A8.is_blocking() && !Regle::A8.prevents_publication() && Regle::A8.is_information());
    assert_eq!(trouves[0].lieu(), "Grille entière");
    assert!(trouves[0].quoi.contains("un curriculum vitæ") && trouves[0].mots(&g).is_empty());
    assert_eq!((trouves[1].champ, trouves[1].critere), (2, 1));
    assert_eq!(trouves[1].mots(&g), ["dossier artistique"]);
    assert!(trouves[1].quoi.contains("que vous ne demandez pas"), "{}", trouves[1].quoi);
    for c in &trouves {
        assert!(!c.correction.is_empty() && c.pourquoi().contains("pièces demandées"), "{c:?}");
    }
    // Nothing is said where what is asked is not known.
    assert_eq!(constats(&g, &Contexte::default()), []);
}

#[test]
fn r_cge_19_a_course_is_read_with_all_that_asks_for_a_document() {
    let ligne = |mots: &[(&str, &str)]| -> LigneListe {
        mots.iter().map(|(code, t)| ((*code).to_owned(), (*t).to_owned())).collect()
    };
    let lignes = |l: LigneListe| Some(Valeur::Lignes(vec![l]));
    let lus = |d: &Description| d.constats().into_iter().filter(|c| c.regle == Regle::A8).count();
    let mut d = modele(Genre::DnMade);
    assert_eq!(lus(&d), 0);
    d.pose("pieces", lignes(ligne(&[("piece", "CV"), ("obligatoire", "oui"), ("format", "pdf")])));
    assert_eq!(lus(&d), 1);
    let conseils = "Votre CV tient en une page.";
    assert_eq!(lus(&d.clone().avec("conseils", conseils)), 0);
    // A criterion on what a question, an examination or the conditions ask for.
    let mut d = modele(Genre::DnMade);
    d.pose(
        "criteres",
        lignes(ligne(&[
            ("champ", "1"),
            ("intitule", "Créativité"),
            ("elements", "Portfolio"),
            ("importance", "important"),
        ])),
    );
    assert_eq!(lus(&d), 1);
    assert_eq!(lus(&d.clone().avec("dossier_artistique", "entretien")), 0);
    assert_eq!(lus(&d.clone().avec("dossier_artistique", "aucun")), 1);
    assert_eq!(lus(&d.clone().avec("selection", "Chacun apporte son book.")), 0);
    let question = ligne(&[("question", "À quelle adresse voir votre portfolio ?"), ("reponse", "texte")]);
    d.pose("questions", lignes(question));
    assert_eq!(lus(&d), 0);
}
