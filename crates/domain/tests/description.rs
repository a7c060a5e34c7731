//! The description of a course: its table of fields, what is read, what is missing, what is taken over.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as it says")]

use std::collections::HashSet;

use domain::formations::description::{
    CHAMPS, Champ, Description, Exigence, Genres, LigneListe, Nature, Rubrique, Valeur, check_jours,
    check_valeur, join_lignes, modele, modele_de, read_lignes, read_texte, write_texte,
};
use domain::formations::{Famille, Genre, normalise_recherche};
use jiff::civil::date;

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
        if let Exigence::Si(autre, valeurs, dit) = c.exige {
            let autre = champ(autre);
            assert!(!valeurs.is_empty());
            assert!(dit.starts_with("si ") || dit.starts_with("s’il "), "{} says when: « {dit} »", c.code);
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
    // The columns of the first sheet of the workbook are found by their title.
    let simples: Vec<&str> = CHAMPS.iter().filter(|c| c.colonnes().is_empty()).map(|c| c.libelle).collect();
    let titres: HashSet<String> = simples.iter().map(|l| normalise_recherche(l)).collect();
    assert_eq!(titres.len(), simples.len());
}

#[test]
fn r_for_28_what_many_courses_say_alike_is_all_but_the_grid_and_the_places() {
    let codes: Vec<&str> = Champ::partageables().map(|c| c.code).collect();
    assert_eq!(codes.iter().collect::<HashSet<_>>().len(), codes.len(), "a code names one field");
    for code in ["frais", "presentation", "frais_boursiers", "contact_courriel", "pieces", "epreuves"] {
        assert!(codes.contains(&code), "{code}");
    }
    for code in ["site", "composante", "poids_1", "importance_1", "criteres", "conseils"] {
        assert!(!codes.contains(&code), "{code}");
    }
    let propres: Vec<&str> = Champ::partageables().filter(|c| c.is_propre()).map(|c| c.code).collect();
    assert_eq!(propres, ["frais", "presentation"]);
    let [cv, livret] = ["CV", "Livret"].map(|nom| ligne(&[("piece", nom)]));
    let (ici, autres) = ([cv.clone()], [livret.clone(), cv.clone(), livret.clone()]);
    assert_eq!(join_lignes(&ici, &autres), [cv, livret], "none is repeated");
}

/// The law says what every course publishes; what one kind of courses adds is for those who wish, the minor of the health courses
/// apart, which is their very name.
#[test]
fn r_for_22_what_a_kind_of_courses_adds_never_prevents_publication() {
    let propres = |g: Genre| {
        CHAMPS
            .iter()
            .filter(move |c| matches!(c.genres, Genres::Seulement(_)) && c.concerne(g))
            .collect::<Vec<_>>()
    };
    for g in Genre::ALL {
        let exiges: Vec<&str> =
            propres(g).iter().filter(|c| c.exige != Exigence::Facultatif).map(|c| c.code).collect();
        let sante = matches!(g, Genre::Pass | Genre::LicenceLas);
        assert_eq!(exiges, if sante { vec!["mineure"] } else { Vec::new() }, "{}", g.code());
        assert!(!propres(g).is_empty(), "{} has nothing of its own", g.code());
    }
    for (genre, code) in [
        (Genre::DnMade, "mention_dnmade"),
        (Genre::Architecture, "hmonp"),
        (Genre::Iep, "campus"),
        (Genre::Deust, "secteur_professionnel"),
        (Genre::Commerce, "controle_texte"),
        (Genre::Ingenieur, "cti_fin"),
        (Genre::Efts, "diplome_social"),
        (Genre::Paramedical, "diplome_sante"),
        (Genre::Ifsi, "vaccinations"),
        (Genre::Specialisation, "diplome_requis"),
        (Genre::Sport, "exigences_prealables"),
        (Genre::Licence, "accompagnement"),
        (Genre::Cpge, "vise"),
        (Genre::Cpes, "universite"),
        (Genre::Cmi, "licence_suivie"),
        (Genre::LicencePro, "secteur_professionnel"),
    ] {
        assert!(champ(code).concerne(genre) && !champ(code).concerne(Genre::Bts), "{code}");
    }
    assert!(Genre::ALL.into_iter().all(|g| champ("alternance").concerne(g)), "under either status");
}

#[test]
fn r_for_15_the_template_of_a_course_says_the_diploma_that_its_label_names() {
    for (famille, libelle, attendus) in [
        (
            Famille::Efts,
            "D.E secteur social - D.E Educateur spécialisé",
            [
                ("diplome", "Diplôme d’État d’éducateur spécialisé"),
                ("diplome_social", "dees"),
                ("duree", "3"),
            ],
        ),
        (
            Famille::Autre,
            "Certificat de capacité d'Orthophoniste",
            [("diplome", "Certificat de capacité d’orthophoniste"), ("controle", ""), ("duree", "5")],
        ),
        (
            Famille::Autre,
            "Certificat de Spécialisation - Sommellerie",
            [("diplome", "Certificat de spécialisation"), ("complement", "cs"), ("duree", "1")],
        ),
        (Famille::Autre, "FCIL - Soudure", [("controle", "aucun"), ("complement", "fcil"), ("duree", "1")]),
        (
            Famille::Autre,
            "DN MADE - Événement - Scénographie",
            [
                ("diplome", "Diplôme national des métiers d’art et du design"),
                ("mention_dnmade", "evenement"),
                ("duree", "3"),
            ],
        ),
        (
            Famille::Autre,
            "DN MADE - Mention innovation sociale",
            [("mention_dnmade", "innovation_sociale"), ("controle", "grade"), ("duree", "3")],
        ),
        (
            Famille::Autre,
            "Architecture",
            [
                ("diplome", "Diplôme d’études en architecture, conférant le grade de licence"),
                ("controle", "grade"),
                ("duree", "3"),
            ],
        ),
        (
            Famille::Autre,
            "Bicursus Architecture Ingénieur",
            [
                ("diplome", "Diplôme d’études en architecture et titre d’ingénieur diplômé"),
                ("controle", "grade"),
                ("duree", ""),
            ],
        ),
        (
            Famille::Commerce,
            "Formation des écoles de commerce et de management Bac + 3",
            [("diplome", "Diplôme d’école de management"), ("controle", "visa"), ("duree", "3")],
        ),
        (
            Famille::Autre,
            "C.M.I - Cursus Master en Ingénierie - Informatique",
            [
                ("diplome", "Licence puis master, avec le label « cursus master en ingénierie » (CMI)"),
                ("controle", "diplome_national"),
                ("duree", "5"),
            ],
        ),
        (
            Famille::Autre,
            "Cycle pluridisciplinaire d'Études Supérieures - Sciences",
            [
                (
                    "diplome",
                    "Diplôme de cycle pluridisciplinaire d’études supérieures, conférant le grade de licence",
                ),
                ("controle", "grade"),
                ("duree", "3"),
            ],
        ),
        (
            Famille::Autre,
            "Licence professionnelle - Techniques du son et de l'image",
            [("diplome", "Licence professionnelle"), ("controle", "diplome_national"), ("duree", "3")],
        ),
        (
            Famille::Autre,
            "Diplôme d'Université - PAREO",
            [
                ("diplome", "Diplôme d’université « passeport pour réussir et s’orienter » (PaRéO)"),
                ("controle", "aucun"),
                ("duree", "1"),
            ],
        ),
        (
            Famille::Bts,
            "BTS - Services - Tourisme",
            [("diplome", "Brevet de technicien supérieur"), ("controle", "diplome_national"), ("duree", "2")],
        ),
    ] {
        let genre = Genre::of(famille, libelle);
        let d = modele_de(genre, libelle);
        for (code, texte) in attendus {
            assert_eq!(d.texte(code), texte, "{libelle}: {code}");
        }
        for (code, valeur) in d.iter() {
            assert_eq!(check_valeur(champ(code), valeur), Ok(()), "{libelle}: {code}");
        }
        assert_eq!(d.clone().connue(genre), d, "{libelle}");
    }
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

#[test]
fn r_for_30_the_days_of_an_examination_are_of_the_session() {
    let session = (date(2023, 11, 13), date(2024, 9, 13));
    let jours = |debut, fin| [ligne(&[("epreuve", "Oral"), ("debut", debut), ("fin", fin)])];
    let faux = |debut, fin| -> Vec<Option<(usize, &str)>> {
        check_jours(champ("epreuves"), &jours(debut, fin), session).into_iter().map(|d| d.ou).collect()
    };
    for (debut, fin) in [("13/11/2023", "2024-09-13"), ("2024-04-20", ""), ("le 20", "31/02/2025")] {
        assert_eq!(faux(debut, fin), [], "{debut} {fin}");
    }
    assert_eq!(faux("20/04/2023", "21/04/2023"), [Some((0, "debut")), Some((0, "fin"))], "last year's");
    assert_eq!(faux("2024-04-20", "14/09/2024"), [Some((0, "fin"))]);
    let dit = &check_jours(champ("epreuves"), &jours("20/04/2042", ""), session)[0].message;
    assert!(dit.contains("du 13/11/2023 au 13/09/2024"), "{dit}");
    assert_eq!(check_jours(champ("pieces"), &jours("20/04/2042", ""), session), [], "no day there");
}

/// What is written is read again as the same.
#[test]
fn r_for_10_a_stored_value_comes_back_as_it_was_typed() {
    for genre in Genre::ALL {
        for (code, valeur) in modele(genre).iter() {
            assert_eq!(check_valeur(champ(code), valeur), Ok(()), "{} {code}", genre.code());
            if let Valeur::Texte(t) = valeur {
                assert_eq!(read_texte(champ(code), &write_texte(champ(code), t)), Ok(Some(t.clone())));
            }
        }
    }
}

#[test]
fn r_for_11_what_depends_on_an_answer_is_asked_for_with_it() {
    let codes = |d: &Description| -> Vec<&str> { d.manques(Genre::Bts).iter().map(|c| c.code).collect() };
    let vide = codes(&Description::default());
    assert!(vide.contains(&"lettre") && !vide.contains(&"lettre_usage") && !vide.contains(&"preselection"));
    assert!(!vide.contains(&"mineure"), "of health courses only");
    assert!(Description::default().manques(Genre::Pass).iter().any(|c| c.code == "mineure"));
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
    let changes: Vec<&str> = reportee.differences(&d, Genre::Bts).iter().map(|c| c.code).collect();
    assert_eq!(changes, ["epreuves"]);
}

#[test]
fn r_for_15_a_template_adds_up_and_leaves_what_is_of_each_course() {
    for genre in Genre::ALL {
        let d = modele(genre);
        let poids: u32 = (1..=5).map(|i| d.texte(&format!("poids_{i}")).parse::<u32>().unwrap()).sum();
        assert_eq!(poids, 100, "{}", genre.code());
        for propre in ["attendus", "contact", "contact_courriel", "site"] {
            assert!(d.valeur(propre).is_none(), "{propre}");
        }
        assert_eq!(d.clone().connue(genre), d);
    }
    // « A new BTS from its template needs at most 25 fields »: those that are compulsory and still empty.
    assert!(modele(Genre::Bts).manques(Genre::Bts).len() <= 25);
}

#[test]
fn r_for_10_a_field_that_no_longer_exists_is_left_aside() {
    let d: Description = serde_json::from_str(r#"{"diplome":"BTS","ancien":"x","mineure":"Droit"}"#).unwrap();
    let connus: Vec<String> = d.connue(Genre::Bts).iter().map(|(c, _)| c.to_owned()).collect();
    assert_eq!(connus, ["diplome"]);
    assert_eq!(Rubrique::ALL.iter().filter(|r| Rubrique::from_code(r.code()) == Some(**r)).count(), 7);
}

#[test]
fn r_cge_01_07_a_template_has_nothing_to_mend_and_a_wrong_sum_is_found() {
    for genre in Genre::ALL {
        let fautes: Vec<_> = modele(genre).constats().into_iter().filter(|c| c.regle.is_blocking()).collect();
        assert!(fautes.is_empty(), "{}: {fautes:?}", genre.code());
    }
    let conseils =
        "Soignez le projet de formation motivé. Les notes des épreuves terminales de spécialité comptent.";
    let d = modele(Genre::Bts).avec("poids_1", "50").avec("lettre", "oui").avec("conseils", conseils);
    let regles: Vec<&str> =
        d.constats().iter().filter(|c| c.regle.prevents_publication()).map(|c| c.regle.code()).collect();
    assert_eq!(regles, ["B1", "B7"]);
    assert!(Description::default().constats().is_empty(), "nothing is said of what is not there");
    // The words are read whatever the weights are; what they add up to, once they are all there.
    let conseils = "Soignez votre projet de formation motivé.";
    let d = modele(Genre::Bts).avec("poids_1", "").avec("poids_2", "99").avec("conseils", conseils);
    let regles: Vec<&str> = d.constats().iter().map(|c| c.regle.code()).collect();
    assert_eq!((regles, d.grille()), (vec!["B7"], None));
}

#[test]
fn a_criterion_reads_as_one_line_with_the_number_of_the_form() {
    let criteres = Champ::from_code("criteres").unwrap();
    let dit = ligne(&[
        ("champ", "1"),
        ("intitule", "Notes de terminale"),
        ("elements", "Bulletins des deux années."),
        ("importance", "essentiel"),
    ]);
    let lu = criteres.ligne_lisible(&dit);
    assert!(lu.contains("Notes de terminale, Bulletins des deux années. Essentiel"), "{lu}");
    assert_eq!(criteres.lignes_lisibles(&[dit.clone(), dit.clone()]), [lu.clone(), lu]);
    // The second criterion of the form is the first of its field.
    let mut d = Description::default();
    for (i, code) in domain::formations::description::POIDS.iter().enumerate() {
        d.pose(code, Some(Valeur::Texte(if i == 0 { "100" } else { "0" }.to_owned())));
    }
    let projet = ligne(&[
        ("champ", "1"),
        ("intitule", "Projet"),
        ("elements", "Projet de formation motivé"),
        ("importance", "essentiel"),
    ]);
    let autre =
        ligne(&[("champ", "2"), ("intitule", "Autre"), ("elements", "Dossier"), ("importance", "important")]);
    d.pose("criteres", Some(Valeur::Lignes(vec![autre, projet])));
    let constats = d.constats();
    let b7 = constats.iter().find(|c| c.regle.code() == "B7").unwrap();
    assert_eq!(b7.lieu(), "Champ 1 «\u{a0}Résultats académiques\u{a0}», critère 1");
    assert_eq!(d.ligne_critere(b7), Some(1));
    assert_eq!(
        d.lieu_constat(b7),
        "Champ 1 «\u{a0}Résultats académiques\u{a0}», critère 2 «\u{a0}Projet\u{a0}»"
    );
    let vide = constats.iter().find(|c| c.regle.code() == "B3").unwrap();
    assert_eq!((d.ligne_critere(vide), d.lieu_constat(vide)), (None, vide.lieu()));
}
