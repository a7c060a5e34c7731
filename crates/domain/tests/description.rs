//! The description of a course: its table of fields, what is read, what is missing, what is taken over.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it says")]

use std::collections::HashSet;

use domain::formations::Famille;
use domain::formations::description::{
    CHAMPS, Champ, Description, Exigence, LigneListe, Nature, Rubrique, Valeur, check_valeur, modele,
    read_lignes, read_texte, write_texte,
};

fn champ(code: &str) -> &'static Champ {
    Champ::from_code(code).unwrap()
}

fn ligne(paires: &[(&str, &str)]) -> LigneListe {
    paires.iter().map(|(c, v)| ((*c).to_owned(), (*v).to_owned())).collect()
}

#[test]
fn r_for_10_the_table_of_fields_holds_together() {
    let mut codes = HashSet::new();
    for c in CHAMPS {
        assert!(codes.insert(c.code), "{} twice", c.code);
        assert!(!c.libelle.is_empty() && !c.code.contains(['.', '-']), "{}", c.code);
        if let Exigence::Si(autre, valeurs) = c.exige {
            let autre = champ(autre);
            assert!(!valeurs.is_empty());
            if let Nature::Choix(choix) = autre.nature {
                assert!(valeurs.iter().all(|v| *v == "*" || choix.iter().any(|(code, _)| code == v)));
            }
        }
        let mut sous = HashSet::new();
        for s in c.colonnes() {
            assert!(sous.insert(s.code) && s.colonnes().is_empty(), "{}.{}", c.code, s.code);
        }
    }
    // Article D. 612-1-5: what the decree makes compulsory, capacity, fees and figures of last year apart, which are elsewhere.
    for code in ["controle", "attendus", "amenagements", "criteres", "boursiers", "frais_boursiers"] {
        assert!(champ(code).reglementaire && champ(code).exige == Exigence::Toujours, "{code}");
    }
    assert!(!champ("note_academie").public);
}

#[test]
fn r_for_10_what_was_typed_is_read_as_people_type_it() {
    let lu = |code: &str, saisi: &str| read_texte(champ(code), saisi);
    assert_eq!(lu("lettre", " Oui "), Ok(Some("oui".to_owned())));
    assert_eq!(lu("controle", "diplôme national"), Ok(Some("diplome_national".to_owned())));
    assert_eq!(lu("controle", "grade"), Ok(Some("grade".to_owned())));
    assert_eq!(lu("frais_dossier", "1 250,5 €"), Ok(Some("125050".to_owned())));
    assert_eq!(lu("duree", "3"), Ok(Some("3".to_owned())));
    assert_eq!(lu("attendus", "  a\r\nb "), Ok(Some("a\nb".to_owned())));
    assert_eq!(lu("attendus", "   "), Ok(None));
    for (code, faux) in [
        ("lettre", "peut-être"),
        ("controle", "or"),
        ("duree", "9"),
        ("duree", "trois"),
        ("frais_dossier", "-1"),
        ("contact_courriel", "lycee.fr"),
        ("contact_courriel", "a b@lycee.fr"),
        ("contact_telephone", "le matin"),
        ("diplome", "deux\nlignes"),
    ] {
        assert!(lu(code, faux).is_err(), "{code} {faux}");
    }
    assert!(lu("diplome", &"é".repeat(200)).is_ok() && lu("diplome", &"é".repeat(201)).is_err());
    let jour = champ("epreuves").colonnes().iter().find(|c| c.code == "debut").unwrap();
    assert_eq!(read_texte(jour, "5/4/2024"), Ok(Some("2024-04-05".to_owned())));
    assert!(read_texte(jour, "31/02/2024").is_err());
}

#[test]
fn r_for_10_every_fault_of_a_list_says_its_line_and_its_field() {
    let pieces = champ("pieces");
    let saisies = [
        ligne(&[("piece", "CV"), ("obligatoire", "oui"), ("format", "pdf")]),
        ligne(&[("piece", "  "), ("obligatoire", ""), ("format", "")]),
        ligne(&[("piece", ""), ("obligatoire", "oui"), ("format", "docx")]),
    ];
    let defauts = read_lignes(pieces, &saisies).unwrap_err();
    let ou: Vec<_> = defauts.iter().map(|d| d.ou.unwrap()).collect();
    assert_eq!(ou, [(2, "piece"), (2, "format")]);
    assert_eq!(read_lignes(pieces, &saisies[..2]).unwrap().len(), 1, "an empty line is no line");
    let trop = vec![saisies[0].clone(); 16];
    assert!(read_lignes(pieces, &trop).unwrap_err()[0].message.contains("15 au plus"));
    let epreuve = [ligne(&[
        ("epreuve", "Oral"),
        ("type", "oral"),
        ("debut", "20/04/2024"),
        ("fin", "19/04/2024"),
        ("frais", "0"),
    ])];
    assert_eq!(read_lignes(champ("epreuves"), &epreuve).unwrap_err()[0].ou, Some((0, "fin")));
}

/// What is written is read again as the same.
#[test]
fn r_for_10_a_stored_value_comes_back_as_it_was_typed() {
    for famille in Famille::ALL {
        for (code, valeur) in modele(famille).iter() {
            assert_eq!(check_valeur(champ(code), valeur), Ok(()), "{} {code}", famille.code());
            if let Valeur::Texte(t) = valeur {
                assert_eq!(read_texte(champ(code), &write_texte(champ(code), t)), Ok(Some(t.clone())));
            }
        }
    }
}

#[test]
fn r_for_11_what_depends_on_an_answer_is_asked_for_with_it() {
    let codes = |d: &Description| -> Vec<&str> { d.manques(Famille::Bts).iter().map(|c| c.code).collect() };
    let vide = codes(&Description::default());
    assert!(vide.contains(&"lettre") && !vide.contains(&"lettre_usage") && !vide.contains(&"preselection"));
    assert!(!vide.contains(&"mineure"), "of health courses only");
    assert!(Description::default().manques(Famille::Pass).iter().any(|c| c.code == "mineure"));
    let avec = Description::default().avec("lettre", "oui");
    assert!(codes(&avec).contains(&"lettre_usage") && !codes(&avec).contains(&"lettre"));
    let mut d = Description::default();
    d.pose("epreuves", Some(Valeur::Lignes(vec![ligne(&[("epreuve", "Oral"), ("type", "oral")])])));
    assert!(codes(&d).contains(&"preselection"));
    assert!(codes(&d).contains(&"epreuves"), "a line without its day is not filled");
}

#[test]
fn r_for_14_days_are_of_one_year_and_the_rest_is_taken_over() {
    let mut d = Description::default().avec("diplome", "BTS");
    let oral = ligne(&[("epreuve", "Oral"), ("debut", "2023-04-05"), ("frais", "0")]);
    d.pose("epreuves", Some(Valeur::Lignes(vec![oral])));
    let reportee = d.clone().reportee();
    assert_eq!(reportee.lignes("epreuves"), [ligne(&[("epreuve", "Oral"), ("frais", "0")])]);
    assert_eq!(reportee.texte("diplome"), "BTS");
    let changes: Vec<&str> = reportee.differences(&d, Famille::Bts).iter().map(|c| c.code).collect();
    assert_eq!(changes, ["epreuves"]);
}

#[test]
fn r_for_15_a_template_adds_up_and_leaves_what_is_of_each_course() {
    for famille in Famille::ALL {
        let d = modele(famille);
        let poids: u32 = (1..=5).map(|i| d.texte(&format!("poids_{i}")).parse::<u32>().unwrap()).sum();
        assert_eq!(poids, 100, "{}", famille.code());
        for propre in ["attendus", "contact", "contact_courriel", "site"] {
            assert!(d.valeur(propre).is_none(), "{propre}");
        }
        assert_eq!(d.clone().connue(famille), d);
    }
    // « A new BTS from its template needs at most 25 fields »: those that are compulsory and still empty.
    assert!(modele(Famille::Bts).manques(Famille::Bts).len() <= 25);
}

#[test]
fn r_for_10_a_field_that_no_longer_exists_is_left_aside() {
    let d: Description = serde_json::from_str(r#"{"diplome":"BTS","ancien":"x","mineure":"Droit"}"#).unwrap();
    let connus: Vec<String> = d.connue(Famille::Bts).iter().map(|(c, _)| c.to_owned()).collect();
    assert_eq!(connus, ["diplome"]);
    assert_eq!(Rubrique::ALL.iter().filter(|r| Rubrique::from_code(r.code()) == Some(**r)).count(), 7);
}

#[test]
fn r_cge_01_07_a_template_has_nothing_to_mend_and_a_wrong_sum_is_found() {
    for famille in Famille::ALL {
        let fautes: Vec<_> =
            modele(famille).constats().into_iter().filter(|c| c.regle.is_blocking()).collect();
        assert!(fautes.is_empty(), "{}: {fautes:?}", famille.code());
    }
    let conseils =
        "Soignez le projet de formation motivé. Les notes des épreuves terminales de spécialité comptent.";
    let d = modele(Famille::Bts).avec("poids_1", "50").avec("lettre", "oui").avec("conseils", conseils);
    let regles: Vec<&str> =
        d.constats().iter().filter(|c| c.regle.prevents_publication()).map(|c| c.regle.code()).collect();
    assert_eq!(regles, ["B1", "B7"]);
    assert!(Description::default().constats().is_empty(), "nothing is said before the weights are typed");
}
