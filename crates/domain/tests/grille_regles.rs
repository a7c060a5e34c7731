//! R-CGE-01 to 17, rule by rule: what is found, where, in which words, and what is said of it.

use domain::grille::{Champ, Constat, Contexte, Critere, Grille, Importance, Partie, Regle, relire};
use proptest::prelude::*;

fn critere(intitule: &str, elements: &str) -> Critere {
    Critere {
        intitule: intitule.to_owned(),
        elements: elements.to_owned(),
        importance: Importance::Important,
    }
}

/// A grid without a fault for a course that asks for nothing.
fn grille() -> Grille {
    let champ = || Champ {
        poids: 20,
        importance: Importance::Important,
        criteres: vec![critere("Moyennes", "Bulletins de première et de terminale")],
    };
    Grille { champs: std::array::from_fn(|_| champ()), conseils: "Bienvenue.".to_owned(), oad: None }
}

/// The same with one text of its own: in a field, or in the advice (field 0).
fn avec(champ: usize, intitule: &str, elements: &str) -> Grille {
    let mut grille = grille();
    match champ {
        0 => grille.conseils = elements.to_owned(),
        _ => grille.champs[champ - 1].criteres = vec![critere(intitule, elements)],
    }
    grille
}

fn contexte(demande: &str) -> Contexte {
    let est = |nom: &str| demande.split('+').any(|d| d == nom);
    Contexte {
        lettre: est("lettre"),
        questionnaire: est("questionnaire"),
        ecrit: est("ecrit"),
        oral: est("oral"),
        pratique: est("pratique"),
        en_ligne: est("en_ligne"),
        documents: None,
    }
}

fn codes(grille: &Grille, contexte: &Contexte) -> Vec<(Regle, usize, usize)> {
    relire(grille, contexte, &[]).iter().map(|c| (c.regle, c.champ, c.critere)).collect()
}

fn seul(grille: &Grille, demande: &str) -> Constat {
    let mut constats = relire(grille, &contexte(demande), &[]);
    assert_eq!(constats.len(), 1, "{constats:?}");
    constats.remove(0)
}

/// The words of a finding, in the text that was typed.
fn mots<'a>(grille: &'a Grille, constat: &Constat) -> &'a str {
    let extrait = constat.extraits[0];
    let texte = match extrait.partie {
        Partie::Conseils => &grille.conseils,
        partie => {
            let critere = &grille.champs[constat.champ - 1].criteres[constat.critere - 1];
            if partie == Partie::Intitule { &critere.intitule } else { &critere.elements }
        }
    };
    &texte[extrait.debut..extrait.fin]
}

#[test]
fn r_cge_01_weights_add_up_to_a_hundred_and_the_gap_is_said() {
    assert_eq!(codes(&grille(), &Contexte::default()), []);
    let mut g = grille();
    g.champs[0].poids = 25;
    let constat = seul(&g, "");
    assert_eq!((constat.regle, constat.lieu().as_str()), (Regle::B1, "Grille entière"));
    assert!(constat.quoi.contains("105\u{a0}%") && constat.correction.contains("5\u{a0}%"), "{constat:?}");
}

#[test]
fn r_cge_02_r_cge_03_a_field_has_criteria_when_it_counts_and_only_then() {
    let mut g = grille();
    g.champs[1].criteres.clear();
    g.champs[2].poids = 0;
    g.champs[3].poids = 40;
    assert_eq!(codes(&g, &Contexte::default()), [(Regle::B2, 2, 0), (Regle::B3, 3, 0)]);
}

#[test]
fn r_cge_04_a_finding_tells_its_words_in_the_text_that_was_typed() {
    let texte = "Moyennes ; pour un quart, notes des ÉPREUVES\nterminales de spécialité";
    let g = avec(1, "Résultats", texte);
    let constat = seul(&g, "");
    assert_eq!((constat.regle, constat.champ, constat.critere), (Regle::B4, 1, 1));
    assert_eq!(mots(&g, &constat), "ÉPREUVES\nterminales de spécialité");
    assert!(constat.pourquoi().contains("2024") && constat.correction.contains("bulletins"));
}

#[test]
fn r_cge_05_r_cge_17_the_letter_is_explained_when_it_is_asked_and_not_cited_when_it_is_not() {
    let g = avec(4, "Lettre de motivation", "La commission y apprécie la cohérence du projet");
    assert_eq!(codes(&g, &contexte("lettre")), []);
    assert_eq!(codes(&g, &Contexte::default()), [(Regle::A7, 4, 1)]);
    assert_eq!(codes(&grille(), &contexte("lettre")), [(Regle::B5, 4, 0)]);
    let niee = avec(0, "", "La lettre de motivation n'est pas demandée.");
    assert_eq!(codes(&niee, &Contexte::default()), []);
}

#[test]
fn r_cge_06_what_is_announced_is_set_up_and_the_reverse() {
    let g = avec(3, "Entretien", "Vingt minutes devant deux formateurs");
    assert_eq!(codes(&g, &contexte("oral")), []);
    let annonce = seul(&g, "");
    assert_eq!((annonce.regle, mots(&g, &annonce)), (Regle::B6, "Entretien"));
    let niee = avec(0, "", "Aucun oral n'est prévu.");
    assert_eq!(codes(&niee, &Contexte::default()), []);
    assert_eq!(seul(&niee, "oral").lieu(), "Conseils aux candidats");
    let oubliee = seul(&grille(), "ecrit");
    assert!(oubliee.extraits.is_empty() && oubliee.quoi.contains("écrite"), "{oubliee:?}");
}

#[test]
fn r_cge_04_the_marks_set_against_those_of_the_year_are_the_terminal_ones() {
    for (elements, faute) in [
        ("Spécialités : contrôle continu et épreuve", true),
        ("Notes de spécialité (bulletins et bac)", true),
        ("Bac : spécialités, français", true),
        ("Notes de spécialité (bulletins et bac blanc)", false),
        ("Notes de spécialité avant le bac", false),
    ] {
        let attendu: &[_] = if faute { &[(Regle::B4, 1, 1)] } else { &[] };
        assert_eq!(codes(&avec(1, "Résultats", elements), &Contexte::default()), attendu, "{elements}");
    }
}

#[test]
fn r_cge_04_a_denial_turned_round_is_a_use_and_the_last_word_wins() {
    for (elements, faute) in [
        ("Il serait faux de croire que les épreuves de spécialité sont sans effet", true),
        ("Un dossier sans les épreuves de spécialité est incomplet", true),
        ("On a longtemps ignoré les épreuves de spécialité ; depuis cette année elles comptent", true),
        ("Nous classons sans les épreuves de spécialité", false),
        ("Les épreuves de spécialité comptent-elles ? Non.", false),
        ("On se demande si les épreuves de spécialité comptent : non", false),
    ] {
        let attendu: &[_] = if faute { &[(Regle::B4, 1, 1)] } else { &[] };
        assert_eq!(codes(&avec(1, "Résultats", elements), &Contexte::default()), attendu, "{elements}");
    }
}

#[test]
fn r_cge_05_a_letter_is_explained_by_its_readers_its_purpose_or_a_title_that_says_what_is_assessed() {
    for (intitule, elements, explique) in [
        ("Lettre de motivation", "Le jury se représente le candidat dans le métier", true),
        ("Lettre de motivation", "Pour savoir qui vous êtes", true),
        ("Lettre de motivation", "Ce qui vous attire chez nous", true),
        ("Cohérence du projet", "Lettre de motivation", true),
        ("Motivation", "Lettre de motivation", false),
        ("Lettre de motivation", "La commission demande une page", false),
        ("Lettre de motivation", "Le plagiat est détecté par un logiciel", false),
        ("Projet", "Lettre de motivation. Le projet est apprécié d'après la fiche Avenir", false),
    ] {
        let attendu: &[_] = if explique { &[] } else { &[(Regle::B5, 4, 0)] };
        assert_eq!(codes(&avec(4, intitule, elements), &contexte("lettre")), attendu, "{elements}");
    }
}

#[test]
fn r_cge_06_an_examination_is_known_by_its_time_its_place_its_jury_or_what_is_done() {
    for (sorte, elements) in [
        ("ecrit", "Dictée et résumé, le 4 mai"),
        ("oral", "Échange de quinze minutes avec un enseignant"),
        ("pratique", "Modèle vivant, fusain, trois heures"),
        ("en_ligne", "Quarante minutes chez vous, webcam allumée"),
        ("questionnaire", "Vos réponses aux six questions du dossier"),
    ] {
        assert_eq!(codes(&avec(2, "Aptitudes", elements), &contexte(sorte)), [], "{elements}");
        assert_eq!(
            codes(&avec(2, "Aptitudes", "Bulletins"), &contexte(sorte)),
            [(Regle::B6, 0, 0)],
            "{sorte}"
        );
    }
    for elements in ["Exposés au lycée", "Devoirs surveillés de quatre heures", "Carnet de croquis personnel"]
    {
        assert_eq!(codes(&avec(2, "Aptitudes", elements), &Contexte::default()), [], "{elements}");
    }
}

#[test]
fn r_cge_06_what_is_told_by_what_is_done_may_be_another_examination_that_is_set_up() {
    let floral = avec(2, "Aptitudes", "Composition florale à réaliser en une heure, dans nos locaux");
    assert_eq!(codes(&floral, &contexte("pratique")), []);
    assert_eq!(codes(&floral, &contexte("oral")), [(Regle::B6, 0, 0), (Regle::B6, 2, 1)]);
    let mut g = avec(2, "Concours", "Une épreuve d'histoire, une épreuve de langue");
    g.champs[2].criteres = vec![critere("Aisance", "Oral de vingt minutes")];
    assert_eq!(codes(&g, &contexte("ecrit+oral")), []);
    assert_eq!(codes(&g, &contexte("ecrit+oral+questionnaire")), [(Regle::B6, 0, 0)]);
}

#[test]
fn r_cge_07_the_former_document_is_refused_under_any_of_its_names() {
    for texte in [
        "Projet de formation motivé",
        "PFM soigné",
        "P.F.M.",
        "projet de\nformation  motive",
        "projet motivé de formation",
    ] {
        assert_eq!(codes(&avec(4, "Projet", texte), &Contexte::default()), [(Regle::B7, 4, 1)], "{texte}");
    }
    for texte in ["Bilans de PFMP", "Projet motivé et réfléchi", "Le projet de formation du lycée"] {
        assert_eq!(codes(&avec(4, "Projet", texte), &Contexte::default()), [], "{texte}");
    }
}

#[test]
fn r_cge_11_what_is_not_sent_is_no_criterion_unless_it_is_said_not_to_count() {
    for texte in ["Âge du candidat", "Revenus du foyer", "Lycée d'origine", "Sont favorisés les garçons"]
    {
        assert_eq!(codes(&avec(3, "Autre", texte), &Contexte::default()), [(Regle::A1, 3, 1)], "{texte}");
    }
    for texte in
        ["Ni l'âge ni le sexe ne comptent", "Égalité des sexes : actions menées", "Moyen Âge et Renaissance"]
    {
        assert_eq!(codes(&avec(3, "Autre", texte), &Contexte::default()), [], "{texte}");
    }
}

#[test]
fn r_cge_12_the_cordees_are_information_and_never_a_fault() {
    let g = avec(5, "Cordées de la réussite", "Années de participation");
    let constat = seul(&g, "");
    assert_eq!((constat.regle, constat.regle.is_blocking()), (Regle::A2, false));
    assert!(constat.pourquoi().contains("article\u{a0}37"));
}

#[test]
fn r_cge_13_words_that_fit_everybody_are_pointed_at() {
    for texte in ["Bon élève, profil sérieux", "Dossier solide", "Forte motivation"] {
        assert_eq!(codes(&avec(2, "Niveau", texte), &Contexte::default()), [(Regle::A3, 2, 1)], "{texte}");
    }
    for texte in ["Bon niveau en anglais : 12 de moyenne", "Toutes", "Appréciations"] {
        assert_eq!(codes(&avec(2, "Niveau", texte), &Contexte::default()), [], "{texte}");
    }
}

#[test]
fn r_cge_14_a_criterion_has_at_most_1500_characters_title_included() {
    let long = |n: usize| avec(2, "Titre", &"é".repeat(n - 5));
    assert_eq!(codes(&long(1_500), &Contexte::default()), []);
    assert_eq!(codes(&long(1_501), &Contexte::default()), [(Regle::A4, 2, 1)]);
}

/// What is expected, a title, elements, whether they contradict it.
const ATTENDUS: &[(&str, &str, &str, bool)] = &[
    ("Avoir une bonne maîtrise de l'anglais", "Anglais", "Il n'est pas tenu compte de l'anglais", true),
    ("Avoir une bonne maîtrise de l'anglais", "Anglais", "Sans importance pour cette formation", true),
    (
        "Savoir travailler en équipe",
        "Savoir-être",
        "Le travail de groupe n'entre pas dans notre appréciation",
        true,
    ),
    ("Savoir travailler en équipe", "Savoir-être", "Nous laissons de côté les projets collectifs", true),
    ("Disposer de compétences à l'écrit", "Français", "L'orthographe ne compte pas", true),
    ("Disposer de compétences rédactionnelles", "Français", "La qualité de l'écrit est ignorée", true),
    ("Disposer de bonnes connaissances en mathématiques", "Notes", "Nous ne regardons pas les maths", true),
    (
        "Être intéressé par les questions de société",
        "Ouverture",
        "Aucune attention n'est portée à l'intérêt pour le social",
        true,
    ),
    ("Faire preuve de curiosité intellectuelle", "Ouverture", "La curiosité n'est pas un critère", true),
    ("Avoir un engagement associatif", "Engagement", "Le bénévolat ne compte pas", true),
    (
        "Aucune connaissance du droit n'est requise",
        "Droit",
        "Des connaissances juridiques et de droit sont exigées",
        true,
    ),
    ("Aucun prérequis en informatique", "Informatique", "La maîtrise de Python est obligatoire", true),
    (
        "L'entrée se fait sans connaissance préalable en arabe",
        "Langue",
        "Trois années d'arabe sont nécessaires",
        true,
    ),
    ("Aucune pratique du dessin n'est demandée", "Dessin", "Indispensable", true),
    (
        "Il n'est pas nécessaire d'avoir étudié l'économie",
        "Résultats",
        "L'économie doit avoir été suivie au lycée",
        true,
    ),
    ("Aucun niveau sportif n'est exigé", "Sport", "Un niveau régional est exigé en sport", true),
    ("Avoir une bonne maîtrise de l'anglais", "Anglais", "Moyennes des deux dernières années", false),
    (
        "Avoir une bonne maîtrise de l'anglais",
        "Langues",
        "La seconde langue n'est pas prise en compte",
        false,
    ),
    ("Avoir une bonne maîtrise de l'anglais", "Anglais", "Une certification n'est pas exigée", false),
    (
        "Savoir travailler en équipe",
        "Savoir-être",
        "Capacité à travailler avec d'autres, d'après les bulletins",
        false,
    ),
    (
        "Disposer de compétences à l'écrit",
        "Français",
        "Les épreuves écrites du baccalauréat ne comptent pas",
        false,
    ),
    (
        "Disposer de bonnes connaissances en mathématiques",
        "Notes",
        "L'absence de spécialité mathématiques ne pénalise pas",
        false,
    ),
    (
        "Disposer de bonnes connaissances en mathématiques",
        "Notes",
        "Pas seulement les mathématiques : aussi le français",
        false,
    ),
    ("Disposer de bonnes connaissances en mathématiques", "Sport", "Le sport ne compte pas", false),
    ("Avoir un engagement associatif", "Engagement", "Un engagement n'est pas seulement un loisir", false),
    (
        "Aucune connaissance du droit n'est requise",
        "Droit",
        "Un intérêt pour le droit est indispensable",
        false,
    ),
    (
        "Aucune connaissance du droit n'est requise",
        "Droit",
        "Des notions de droit sont appréciées sans être exigées",
        false,
    ),
    ("Aucune connaissance du droit n'est requise", "Droit", "Aucune connaissance n'est demandée", false),
    ("Aucun prérequis en informatique", "Informatique", "Une pratique personnelle est un plus", false),
    ("Aucun prérequis en informatique", "Mathématiques", "Un bon niveau est exigé", false),
    ("Aucun niveau sportif n'est exigé", "Sport", "Licence et palmarès regardés", false),
    ("Montrer de la curiosité", "Curiosité", "Lectures, sorties, d'après la fiche Avenir", false),
];

#[test]
fn r_cge_15_the_grid_does_not_contradict_what_is_expected_of_candidates() {
    let faux: Vec<_> = ATTENDUS
        .iter()
        .filter(|(attendu, intitule, elements, faute)| {
            let vus = relire(&avec(2, intitule, elements), &Contexte::default(), &[attendu]);
            vus.iter().any(|c| (c.regle, c.champ, c.critere) == (Regle::A5, 2, 1)) != *faute
        })
        .collect();
    assert!(faux.is_empty(), "{faux:#?}");
}

#[test]
fn r_cge_15_a_contradiction_tells_which_expectation_and_prevents_nothing() {
    let g = avec(0, "", "La pratique du piano est exigée.");
    let attendus = "Connaître le répertoire\n- Aucune pratique du piano n'est demandée";
    let constats = relire(&g, &Contexte::default(), &[attendus]);
    let [c] = &constats[..] else { panic!("{constats:?}") };
    assert_eq!((c.regle, c.lieu().as_str(), mots(&g, c)), (Regle::A5, "Conseils aux candidats", "piano"));
    assert!(!c.regle.is_blocking() && !c.regle.prevents_publication());
    assert!(c.quoi.contains("«\u{a0}Aucune pratique du piano n’est demandée\u{a0}»"), "{}", c.quoi);
    assert!(c.pourquoi().contains("attendus") && !c.correction.is_empty());
    assert_eq!(relire(&g, &Contexte::default(), &[]), []);
}

#[test]
fn r_cge_16_the_tool_and_the_grid_agree() {
    let mut g = grille();
    g.oad = Some([40, 20, 20, 20, 0]);
    assert_eq!(codes(&g, &Contexte::default()), []);
    g.champs[4].importance = Importance::Essentiel;
    assert_eq!(codes(&g, &Contexte::default()), [(Regle::A6, 5, 0)]);
}

/// Each sentence was written to try the reading, and stays read: `asked+asked|rule field|field|title|elements`. A field 0 is the
/// advice, or the whole grid for what is missing.
#[test]
fn r_cge_04_r_cge_05_r_cge_06_sentences_once_understood_stay_understood() {
    let mut faux = Vec::new();
    for ligne in include_str!("grilles/phrases.txt").lines() {
        let cases: Vec<&str> = ligne.split('|').collect();
        let [demande, attendu, champ, intitule, elements] = cases[..] else { panic!("{ligne}") };
        let mut vus: Vec<String> =
            relire(&avec(champ.parse().unwrap(), intitule, elements), &contexte(demande), &[])
                .iter()
                .filter(|c| c.regle.is_blocking())
                .map(|c| format!("{} {}", c.regle.code(), c.champ))
                .collect();
        // Two examinations announced at the same place are two findings of one fault.
        vus.dedup();
        let attendus: Vec<String> = (attendu != "-").then(|| attendu.to_owned()).into_iter().collect();
        if vus != attendus {
            faux.push(format!("{ligne} -> {vus:?}"));
        }
    }
    assert!(faux.is_empty(), "{}", faux.join("\n"));
}

#[test]
fn r_cge_01_17_every_finding_is_told_in_french_with_its_typography() {
    let mut g = avec(1, "Bon niveau", "Dossier solide");
    g.champs[1].criteres = vec![critere("EDS du bac", "PFM, cordées de la réussite, âge du candidat")];
    g.champs[2] = Champ { poids: 0, ..g.champs[2].clone() };
    g.champs[4].criteres.clear();
    g.champs[3].criteres = vec![critere("Oral", &"Devant un jury, lettre de motivation. ".repeat(50))];
    g.oad = Some([100, 0, 5, 0, 0]);
    for contexte in [Contexte::default(), Contexte { lettre: true, ecrit: true, ..Contexte::default() }] {
        for c in relire(&g, &contexte, &[]) {
            for texte in [c.quoi.as_str(), c.correction.as_str(), c.pourquoi(), &c.lieu()] {
                assert!(texte.chars().next().is_some_and(char::is_uppercase), "{texte}");
                for signe in [" :", " ;", " ?", " !", " %", "« ", " »", "'", "..."] {
                    assert!(!texte.contains(signe), "{signe} in {texte}");
                }
            }
        }
    }
}

proptest! {
    /// Whatever is typed, the reading ends and points at whole characters.
    #[test]
    fn r_cge_01_17_any_text_is_read_and_its_words_are_found_back(
        saisie in proptest::collection::vec(
            prop_oneof![
                "[a-zé'’ ]{0,8}",
                proptest::sample::select(vec![
                    "épreuve", "épr.", "de", "spécialité", "EDS", "bac", "blanc", "ne", "pas", "sans", "ni", "aucun", "jury", "devant",
                    "oral", "écrit", "lettre", "de motivation", "questionnaire", ":", ";", ".", "\n-", ",", "(", "?", "PFM", "p", "f", "m", "\u{ad}",
                    "-\n", "e\u{301}", "œ", "examen", "note", "terminale", "juin", "trimestre", "entretien", "avec", "non", "plus", "vous", "reçu",
                ]).prop_map(str::to_owned),
                any::<String>(),
            ],
            0..40,
        ),
        lettre in any::<bool>(), oral in any::<bool>(), champ in 0_usize..6,
    ) {
        let texte = saisie.join(" ");
        let g = avec(champ, &texte, &texte);
        for c in relire(&g, &Contexte { lettre, oral, ..Contexte::default() }, &[]) {
            if !c.extraits.is_empty() {
                prop_assert!(!mots(&g, &c).is_empty());
            }
        }
    }
}
