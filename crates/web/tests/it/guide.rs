//! The guides say what the pages say: names of buttons, numbers, links. Public, searched, whole.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use app::comptes::{MotDePasse, NouveauCompte, create_compte};
use app::limites::Limites;
use domain::apprentissage::{Constat, Statut};
use domain::calendrier::Etape;
use domain::comptes::{EtatCompte, Role};
use domain::droits::{Action, Attribution};
use domain::etablissements::Partie;
use domain::formations::description::Rubrique;
use testkit::{TestApp, both_databases};
use web::components::{Aide, GUIDE_ACADEMIE, GUIDE_APPRENTISSAGE, GUIDE_INTERFACES, GUIDE_PARAMETRAGE};
use web::espaces::commun::documentation::{
    Guide, captures, cherche, cherche_par_guide, guide_academie, guide_apprentissage, guide_comptes,
    guide_interfaces, guide_parametrage,
};

const TEXTES: &str = "templates/documentation";
const POIDS_MAX: u64 = 60 * 1024;

fn racine() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn fichiers(dossier: &Path, suffixe: &str) -> Vec<PathBuf> {
    let mut trouves = Vec::new();
    for entree in std::fs::read_dir(dossier).unwrap() {
        let chemin = entree.unwrap().path();
        if chemin.is_dir() {
            trouves.extend(fichiers(&chemin, suffixe));
        } else if chemin.to_string_lossy().ends_with(suffixe) {
            trouves.push(chemin);
        }
    }
    trouves.sort();
    trouves
}

fn lit(chemin: &Path) -> String {
    std::fs::read_to_string(chemin).unwrap()
}

/// What else a page shows comes from there: labels of parts and fields, messages.
const LIBELLES: [&str; 6] = [
    "../domain/src/etablissements/completude.rs",
    "../domain/src/formations/demandes.rs",
    "../domain/src/formations/description/mod.rs",
    "../domain/src/formations/description/champs.rs",
    "../domain/src/formations/description/fiche.rs",
    "../app/src/messages.rs",
];

/// Source whose calls and texts are on one line each, however they are laid out.
fn on_one_line(source: &str) -> String {
    let mut net = String::with_capacity(source.len());
    for ligne in source.lines().map(str::trim_start) {
        match ligne.strip_suffix('\\') {
            Some(debut) => net.push_str(debut),
            None => {
                net.push_str(ligne);
                net.push(' ');
            }
        }
    }
    net.replace("( \"", "(\"")
}

/// (file, text) of the guides' own templates.
fn textes() -> Vec<(String, String)> {
    let nom = |p: &Path| p.strip_prefix(racine().join(TEXTES)).unwrap().to_string_lossy().into_owned();
    fichiers(&racine().join(TEXTES), ".html").iter().map(|p| (nom(p), lit(p))).collect()
}

/// All that makes a page, the guides apart.
fn pages() -> Vec<String> {
    let mut sources: Vec<PathBuf> = fichiers(&racine().join("templates"), ".html");
    sources.retain(|p| !p.starts_with(racine().join(TEXTES)));
    sources.push(racine().join("ui/site.js"));
    let mut code = fichiers(&racine().join("src"), ".rs");
    code.retain(|p| !p.starts_with(racine().join("src/espaces/commun/documentation")));
    code.extend(LIBELLES.map(|l| racine().join(l)));
    sources.iter().map(|p| lit(p)).chain(code.iter().map(|p| on_one_line(&lit(p)))).collect()
}

fn guide() -> Guide {
    guide_comptes(&Limites::default()).unwrap()
}

fn guides() -> Vec<Guide> {
    vec![guide(), guide_parametrage(&Limites::default(), Some(2024)).unwrap()]
}

fn service() -> Guide {
    guide_academie(&Limites::default(), Some(2024)).unwrap()
}

fn apprentissage() -> Guide {
    guide_apprentissage(Some(2024)).unwrap()
}

/// Those that are written for people; programs have their own.
fn tous_les_guides() -> Vec<Guide> {
    guides().into_iter().chain([service(), apprentissage()]).collect()
}

fn guide_des_interfaces(l: &Limites) -> Guide {
    guide_interfaces(l, "https://essai.example/").unwrap()
}

/// First arguments of the calls `self.<quoi>("…")`.
fn cites(texte: &str, quoi: &str) -> Vec<String> {
    let appel = format!("self.{quoi}(\"");
    texte.match_indices(&appel).map(|(i, _)| literal(&texte[i + appel.len()..]).to_owned()).collect()
}

/// Up to the closing quotation mark.
fn literal(texte: &str) -> &str {
    texte.split_once('"').unwrap().0
}

/// Whether some page shows this text in that part.
fn shown(sources: &[String], quoi: &str, libelle: &str) -> bool {
    // A text of a template may be the content of a tag, or what a component was given.
    let element = |balise: &str| {
        let contenu = format!(">{libelle}</{balise}>");
        sources.iter().any(|s| s.contains(&contenu))
    };
    let donne = |avant: &[&str]| {
        avant.iter().any(|a| {
            let appel = format!("{a}\"{libelle}\"");
            sources.iter().any(|s| s.contains(&appel))
        })
    };
    // Chosen by a `match` or an `if`, then given to the component.
    let branche = || donne(&["=> ", "{ "]);
    let script = || {
        let texte = format!(".textContent = '{libelle}'");
        sources.iter().any(|s| s.contains(&texte))
    };
    match quoi {
        // Given to a macro, to a list of them, or made of a label and of what follows it.
        "bouton" => {
            let compose = format!("format!(\"{libelle} {{");
            donne(&["Bouton::new(", "enregistrer(", "push((", "Some(("])
                || sources.iter().any(|s| s.contains(&compose))
                || element("button")
                || branche()
                || script()
        }
        "dit" => sources.iter().any(|s| s.contains(libelle)),
        "lien" => {
            // A menu is a list of pairs: name, address.
            let paire = format!("(\"{libelle}\", \"/");
            donne(&["Lien::new(", "Markup::lien("])
                || element("a")
                || sources.iter().any(|s| s.contains(&paire))
        }
        "champ" => {
            // The second argument of a field: its name comes first.
            let appel = format!("\", \"{libelle}\"");
            sources.iter().any(|s| s.contains(&appel))
        }
        _ => element("h1") || element("h2") || donne(&["page(", ".bloc("]) || branche(),
    }
}

#[test]
fn every_name_in_the_guide_is_that_of_a_page() {
    let sources = pages();
    let mut absents = Vec::new();
    let mut vus = 0;
    for (fichier, texte) in textes() {
        for quoi in ["bouton", "lien", "champ", "titre", "dit"] {
            for libelle in cites(&texte, quoi) {
                vus += 1;
                if !shown(&sources, quoi, &libelle) {
                    absents.push(format!("{fichier}: {quoi} « {libelle} »"));
                }
            }
        }
    }
    assert!(absents.is_empty(), "no page shows:\n{}", absents.join("\n"));
    assert!(vus > 250, "{vus} names only: the guides quote them with self.bouton, lien, champ, titre, dit");
    // The comparison itself can fail.
    assert!(!shown(&sources, "bouton", "Bouton que personne ne montre"));
    assert!(!shown(&sources, "lien", "Envoyer l’invitation"), "a button is no link");
    assert!(!shown(&sources, "dit", "La rubrique est perdue."));
}

#[test]
fn no_number_is_typed_in_the_guide() {
    for (fichier, texte) in textes() {
        for (numero, ligne) in texte.lines().enumerate() {
            let mut clair = ligne.to_owned();
            for (debut, fin) in [("{{", "}}"), ("{%", "%}"), ("<", ">")] {
                while let Some(i) = clair.find(debut) {
                    let j = clair[i..].find(fin).map_or(clair.len(), |j| i + j + fin.len());
                    clair.replace_range(i..j, "");
                }
            }
            assert!(
                !clair.contains(|c: char| c.is_ascii_digit()),
                "{fichier}:{}: a number that a setting may change: {ligne}",
                numero + 1
            );
        }
    }
}

#[test]
fn numbers_follow_the_limits() {
    let l =
        Limites { lien_invitation_h: 71, lien_oubli_min: 29, echecs_avant_attente: 13, ..testkit::limites() };
    let texte = format!("{:?}", guide_comptes(&l).unwrap());
    for attendu in ["valable 71 heures", "valable 29 minutes", "Après 13 essais manqués"] {
        assert!(texte.contains(attendu), "{attendu}");
    }
}

/// What follows `href="<debut>` in a text.
fn liens(texte: &str, debut: &str) -> Vec<String> {
    let attribut = format!("href=\"{debut}");
    texte.match_indices(&attribut).map(|(i, _)| literal(&texte[i + attribut.len()..]).to_owned()).collect()
}

/// Every anchor of a guide, each once, and all of its text.
fn ancres(guide: &Guide) -> (BTreeSet<String>, String) {
    let mut ancres = BTreeSet::new();
    let mut html = String::new();
    for c in &guide.chapitres {
        assert!(ancres.insert(c.ancre.clone()), "twice: {}", c.ancre);
        html.push_str(&c.introduction.to_string());
        assert!(!c.sections.is_empty(), "{}", c.titre);
        for s in &c.sections {
            assert!(ancres.insert(s.ancre.clone()), "twice: {}", s.ancre);
            assert!(!s.titre.is_empty() && !s.contenu.est_vide(), "{}", s.ancre);
            html.push_str(&s.contenu.to_string());
        }
    }
    (ancres, html)
}

#[test]
fn anchors_are_unique_and_every_link_leads_somewhere() {
    let guides = tous_les_guides();
    let textes: String = guides.iter().map(|g| ancres(g).1).collect();
    for guide in &guides {
        let (ancres, html) = ancres(guide);
        let internes = liens(&html, "#");
        assert!(internes.len() > 10, "{internes:?}");
        let entrant = format!("{}#", guide.couverture.adresse);
        let venus: Vec<String> = pages().iter().chain([&textes]).flat_map(|p| liens(p, &entrant)).collect();
        for ancre in internes.iter().chain(venus.iter()).filter(|a| !a.starts_with('{')) {
            assert!(ancres.contains(ancre), "no section #{ancre} in {}", guide.couverture.titre);
        }
    }
    let comptes = pages().iter().flat_map(|p| liens(p, "/documentation/comptes#")).count();
    assert!(comptes > 2, "{comptes} links from the pages to the guide to accounts");
}

#[test]
fn the_guide_to_interfaces_says_the_limits_and_has_a_section_for_each_error() {
    let l = Limites { lectures_api: 4_321, jetons_par_etablissement: 7, ..testkit::limites() };
    let guide = guide_des_interfaces(&l);
    let (ancres, html) = ancres(&guide);
    for interne in liens(&html, "#") {
        assert!(ancres.contains(&interne), "no section #{interne}");
    }
    // What an answer of the interface gives as its type.
    for statut in [
        "400", "401", "403", "404", "405", "408", "409", "412", "413", "415", "422", "428", "429", "500",
        "503",
    ] {
        assert!(ancres.contains(statut), "no section #{statut}");
    }
    for attendu in ["4\u{202f}321 lectures", "a 7 jetons", "https://essai.example/api/v1/jeton", "{\n"] {
        assert!(html.contains(attendu), "{attendu}");
    }
    // Every operation that a program may receive is there with how long it lasts.
    for o in domain::interfaces::jetons::operations_possibles().iter().skip(1) {
        assert!(html.contains(o.libelle()), "{o:?}");
    }
    let toutes = [guide_des_interfaces(&l), guide_comptes(&l).unwrap()];
    assert_eq!(cherche(&toutes, "webhook signature").unwrap()[0].ancre, "verifier-la-signature");
    assert_eq!(cherche(&toutes, "sandbox").unwrap()[0].ancre, "ouvrir-un-bac-a-sable");
    assert!(html.contains("parcoursup demo --bac-a-sable") && html.contains("--constat"));
    assert_eq!(cherche(&toutes, "obtenir un token").unwrap()[0].ancre, "qui-donne-un-jeton");
}

#[test]
fn the_help_of_every_screen_is_a_section_of_the_guide() {
    let (parametrage, _) = ancres(&guide_parametrage(&Limites::default(), Some(2024)).unwrap());
    let (comptes, _) = ancres(&guide());
    let mut sources: Vec<String> =
        fichiers(&racine().join("templates"), ".html").iter().map(|p| lit(p)).collect();
    for dossier in ["src/espaces", "src/components"] {
        sources.extend(fichiers(&racine().join(dossier), ".rs").iter().map(|p| on_one_line(&lit(p))));
    }
    let liees = |appel: &str| -> Vec<String> {
        let suites = |t: &String| -> Vec<String> {
            t.match_indices(appel).map(|(i, a)| literal(&t[i + a.len()..]).to_owned()).collect()
        };
        sources.iter().flat_map(suites).collect()
    };
    let mut vers_parametrage = liees("Aide::new(\"");
    assert!(vers_parametrage.len() >= 12, "{vers_parametrage:?}");
    vers_parametrage.extend(Partie::ALL.map(|p| Aide::partie(p).ancre().to_owned()));
    vers_parametrage.extend(Rubrique::ALL.map(|r| Aide::rubrique(r).ancre().to_owned()));
    let vers_comptes = liees("Aide::comptes(\"");
    assert!(vers_comptes.len() >= 2, "{vers_comptes:?}");
    let (academie, _) = ancres(&service());
    let vers_academie = liees("Aide::academie(\"");
    assert!(vers_academie.len() >= 20, "{vers_academie:?}");
    let (apprentissage, _) = ancres(&apprentissage());
    let vers_apprentissage = liees("Aide::apprentissage(\"");
    assert!(vers_apprentissage.len() >= 8, "{vers_apprentissage:?}");
    for (ancre, guide) in [
        (&vers_parametrage, &parametrage),
        (&vers_comptes, &comptes),
        (&vers_academie, &academie),
        (&vers_apprentissage, &apprentissage),
    ]
    .into_iter()
    .flat_map(|(liens, guide)| liens.iter().map(move |a| (a, guide)))
    {
        assert!(guide.contains(ancre), "no section #{ancre}");
    }
    let lien = Aide::rubrique(Rubrique::Grille).to_string();
    let attendu = format!("{GUIDE_PARAMETRAGE}#formation-grille");
    assert!(lien.contains(&attendu) && lien.contains("Aide : Grille d’analyse des candidatures"), "{lien}");
}

#[test]
fn links_lead_to_the_screens_of_the_open_session() {
    let texte = |annee| ancres(&guide_parametrage(&Limites::default(), annee).unwrap()).1;
    let ouverte = texte(Some(2031));
    for ecran in ["/formations", "/lot", "/classeur", "/etablissements"] {
        let lien = format!("href=\"/gestion/2031{ecran}\"");
        assert!(ouverte.contains(&lien), "{lien}");
    }
    // None is open: no year is made up.
    assert!(liens(&texte(None), "/gestion").iter().all(String::is_empty));
    let service = |annee| ancres(&guide_academie(&Limites::default(), annee).unwrap()).1;
    let ouverte = service(Some(2031));
    for page in [
        "/academie/2031/completude",
        "/academie/2031/controles",
        "/academie/2031/demandes",
        "/academie/2031/capacites",
        "/informations/2031/publication/nouvelle",
        "/mes-seances/2031/organisation/nouvelle",
    ] {
        assert!(ouverte.contains(&format!("href=\"{page}\"")), "{page}");
    }
    assert!(liens(&service(None), "/academie").iter().all(String::is_empty));
    let fiches = |annee| ancres(&guide_apprentissage(annee).unwrap()).1;
    let ouverte = fiches(Some(2031));
    for page in ["/academie/2031/apprentissage/doublons", "/gestion/2031/apprentissage"] {
        assert!(ouverte.contains(&format!("href=\"{page}\"")), "{page}");
    }
    assert!(liens(&fiches(None), "/academie").iter().all(String::is_empty));
}

#[test]
fn the_lists_of_the_guide_are_those_of_the_fields_and_of_the_rights() {
    let texte = ancres(&guide_parametrage(&Limites::default(), Some(2024)).unwrap()).1;
    for c in domain::formations::description::CHAMPS {
        assert!(texte.contains(c.libelle), "{}", c.libelle);
    }
    // The head describes the establishment and publishes; courses are not the head's to write.
    let ligne = |acte: &str| {
        let debut = texte.find(&format!(">{acte}</")).unwrap();
        texte[debut..].split_once("</tr>").unwrap().0.to_owned()
    };
    let reponses = |acte: &str| -> Vec<bool> {
        let ligne = ligne(acte);
        let mut lues: Vec<(usize, bool)> = ligne.match_indices(">Oui<").map(|(i, _)| (i, true)).collect();
        lues.extend(ligne.match_indices(">Non<").map(|(i, _)| (i, false)));
        lues.sort_unstable();
        lues.into_iter().map(|(_, oui)| oui).collect()
    };
    assert_eq!(reponses("Décrire une formation"), [true, true, false, false, false]);
    assert_eq!(reponses("Décrire l’établissement"), [true, false, true, false, false]);
    assert_eq!(reponses("Soumettre ou publier une formation"), [true, true, true, false, false]);
}

#[test]
fn the_tables_of_the_guides_of_the_service_are_those_of_the_rules() {
    let texte = ancres(&service()).1;
    for nature in domain::formations::demandes::NatureDemande::ALL {
        assert!(texte.contains(nature.libelle()), "{nature:?}");
    }
    // A right that a step opens is told with it, another with the whole session.
    let quand = |acte: &str| {
        let debut = texte.find(&format!(">{acte}</")).unwrap();
        texte[debut..].split_once("</tr>").unwrap().0.to_owned()
    };
    let nom = |action| {
        let dit = app::messages::action(action);
        let mut lettres = dit.chars();
        lettres.next().map(|c| format!("{}{}", c.to_uppercase(), lettres.as_str())).unwrap()
    };
    assert!(quand(&nom(Action::FixerTaux)).contains(Etape::Taux.libelle()));
    assert!(quand(&nom(Action::ControlerFormation)).contains("Toute la session"));
    let texte = ancres(&apprentissage()).1;
    for statut in Statut::ALL {
        let fin: String = statut.libelle().chars().skip(1).collect();
        assert!(texte.contains(&format!("{fin}<")), "{statut:?}");
    }
    for constat in Constat::ALL {
        assert!(texte.contains(constat.libelle()) && texte.contains(constat.a_faire()), "{constat:?}");
    }
    let l = Limites { relance_jours: 41, attente_jours: 43, ..testkit::limites() };
    let texte = ancres(&guide_academie(&l, None).unwrap()).1;
    assert!(texte.contains("moins de 41 jours") && texte.contains("plus de 43 jours"));
}

#[test]
fn the_questions_that_people_ask_are_answered() {
    for (guide, au_moins) in tous_les_guides().iter().zip([25, 15, 10, 8]) {
        let questions = &guide.chapitres.iter().find(|c| c.ancre == "questions").unwrap().sections;
        assert!(questions.len() >= au_moins, "{}: {}", guide.couverture.titre, questions.len());
        for q in questions {
            assert!(q.ancre.starts_with("q-"), "{}", q.ancre);
        }
    }
}

#[test]
fn accents_case_and_word_endings_do_not_count_in_a_search() {
    let guide = guide();
    let titres =
        |q: &str| -> Vec<String> { guide.cherche(q).unwrap().into_iter().map(|t| t.titre).collect() };
    assert_eq!(titres("DEROGATION adresse")[0], "Demander une dérogation pour une adresse de service");
    assert_eq!(titres("oublié"), titres("oublie"));
    assert!(titres("mot passe oublié")[0].contains("Mot de passe oublié"));
    assert!(titres("licorne").is_empty());
    assert!(guide.cherche("  ").is_none());
    // What is said is a sentence of the text, without a tag.
    for t in guide.cherche("invitation").unwrap() {
        assert!(!t.extrait.contains(['<', '{']) && t.extrait.chars().count() <= 221, "{}", t.extrait);
    }
}

#[test]
fn ordinary_words_find_their_answer() {
    let guide = guide();
    for (question, attendue) in [
        ("piraté", "un-compte-vole"),
        ("mon compte a été piraté", "mettre-en-securite"),
        ("comptes piratés", "signes-d-un-vol"),
        ("volée", "un-compte-vole"),
        ("compte volé", "un-compte-vole"),
        ("quitté le lycée", "suspendre-ou-supprimer"),
        ("un collègue est parti à la retraite", "suspendre-ou-supprimer"),
        ("téléphone cassé", "perdu-sans-rien"),
        ("Mon portable est tombé", "perdu-avec-codes"),
        ("mot de passe oublié", "mot-de-passe-oublie"),
        ("j’ai perdu mon mot de passe", "mot-de-passe-oublie"),
        ("intérim", "changer-les-roles"),
        ("INTERIMS", "q-remplacant"),
        ("hameçonnage", "si-un-courriel-douteux"),
        ("excel", "deleguer-par-tableur"),
        ("bloqué", "attendre-avant-de-recommencer"),
    ] {
        let ancres: Vec<String> = guide.cherche(question).unwrap().into_iter().map(|t| t.ancre).collect();
        assert!(ancres.iter().any(|a| a == attendue), "« {question} » gives {ancres:?}");
    }
    // Words that are searched are not shown.
    let page =
        format!("{:?}", guide.chapitres.iter().map(|c| c.introduction.to_string()).collect::<Vec<_>>());
    assert!(!page.contains("cambriolé"));
    assert!(guide.cherche("cambriolé").unwrap().iter().all(|t| !t.extrait.contains("cambriolé")));
}

#[test]
fn ordinary_words_find_their_answer_in_both_guides() {
    let guides = guides();
    for (question, attendue) in [
        ("Je n’ai plus le temps", "q-plus-le-temps"),
        ("recopier l’année précédente", "reprendre-de-l-an-dernier"),
        ("rien changé", "confirmer-les-formations"),
        ("nouveau proviseur", "etablissement-chef"),
        ("projet motivé", "lettre"),
        ("notes du bac", "grille-ne-pas-ecrire"),
        ("CORDEES", "grille-cordees"),
        ("champ bloqué", "q-champ-grise"),
        ("fermer une formation", "q-n-ouvre-pas"),
        ("excel refusé", "classeur-refuse"),
        ("pourcentages", "formation-grille"),
        ("mauvais chiffre", "q-publie-une-erreur"),
        ("où en suis-je", "ce-qu-il-reste-a-faire"),
        ("écrire au rectorat", "ecrire-au-service-academique"),
    ] {
        let trouvees = cherche(&guides, question).unwrap();
        let ancres: Vec<&str> = trouvees
            .iter()
            .filter(|t| t.couverture.adresse == GUIDE_PARAMETRAGE)
            .map(|t| t.ancre.as_str())
            .collect();
        assert!(ancres.contains(&attendue), "« {question} » gives {ancres:?}");
    }
    // One search answers from both guides, titles first.
    let trouvees = cherche(&guides, "excel").unwrap();
    for g in &guides {
        assert!(
            trouvees.iter().any(|t| t.couverture.adresse == g.couverture.adresse),
            "{}",
            g.couverture.nom
        );
    }
    assert_eq!(cherche(&guides, "Demander une lettre").unwrap()[0].ancre, "lettre");
    assert!(cherche(&guides, " ").is_none());
}

#[test]
fn ordinary_words_find_their_answer_in_the_guides_of_the_service() {
    let guides = tous_les_guides();
    for (question, guide, attendue) in [
        ("retourner une formation", GUIDE_ACADEMIE, "retourner"),
        ("délai dépassé", GUIDE_ACADEMIE, "retour-sans-reponse"),
        ("relancer tous", GUIDE_ACADEMIE, "relancer-tous"),
        ("identiques", GUIDE_ACADEMIE, "accepter-les-inchangees"),
        ("webinaire", GUIDE_ACADEMIE, "annoncer-une-seance"),
        ("CRAOES", GUIDE_ACADEMIE, "presenter-la-cellule"),
        ("boursiers", GUIDE_ACADEMIE, "fixer-les-taux"),
        ("collègue absent", GUIDE_ACADEMIE, "q-collegue-absent"),
        ("doublons", GUIDE_APPRENTISSAGE, "doublons"),
        ("carif", GUIDE_APPRENTISSAGE, "corriger-la-fiche"),
        ("validation du recteur", GUIDE_APPRENTISSAGE, "decider-d-une-fiche"),
        ("cfa sans compte", GUIDE_APPRENTISSAGE, "sans-personne"),
    ] {
        let trouvees = cherche(&guides, question).unwrap();
        let ancres: Vec<&str> =
            trouvees.iter().filter(|t| t.couverture.adresse == guide).map(|t| t.ancre.as_str()).collect();
        assert!(ancres.contains(&attendue), "« {question} » gives {ancres:?}");
    }
}

#[test]
fn answers_come_guide_by_guide_that_of_the_reader_first_and_that_of_programs_last() {
    let l = Limites::default();
    let mut toutes = tous_les_guides();
    toutes.insert(0, guide_des_interfaces(&l));
    let adresses = |question: &str, sien: Option<&str>| -> Vec<&'static str> {
        let groupes = cherche_par_guide(&toutes, question, (sien, GUIDE_INTERFACES)).unwrap();
        assert!(groupes.iter().all(|(c, t)| t.iter().all(|t| t.couverture.adresse == c.adresse)));
        groupes.into_iter().map(|(c, _)| c.adresse).collect()
    };
    for sien in [GUIDE_PARAMETRAGE, GUIDE_ACADEMIE] {
        let lues = adresses("capacité", Some(sien));
        assert_eq!((lues.first(), lues.last()), (Some(&sien), Some(&GUIDE_INTERFACES)), "{lues:?}");
    }
    assert_eq!(adresses("capacité", None).last(), Some(&GUIDE_INTERFACES));
    assert_eq!(adresses("capacité", Some(GUIDE_INTERFACES)).first(), Some(&GUIDE_INTERFACES));
    assert!(cherche_par_guide(&toutes, " ", (None, GUIDE_INTERFACES)).is_none());
    // What a secretary asks leads to the request about the course, or to what sends it.
    for (question, attendue) in [
        ("dérogation", "hors-periode"),
        ("hors période", "hors-periode"),
        ("envoyer le dossier", "publier-une-formation"),
    ] {
        let groupes = cherche_par_guide(&toutes, question, (Some(GUIDE_PARAMETRAGE), GUIDE_INTERFACES));
        let (couverture, trouvees) = groupes.unwrap().remove(0);
        let premiere = (couverture.adresse, trouvees[0].ancre.as_str());
        assert_eq!(premiere, (GUIDE_PARAMETRAGE, attendue), "{question}");
    }
}

#[test]
fn the_step_by_step_document_names_what_the_pages_show() {
    let source = lit(&racine().join("../app/src/demo/informations.rs"));
    let (_, suite) = source.split_once("titre: \"Pas à pas").unwrap();
    let (texte, _) = suite.split_once("\n    },").unwrap();
    let sources = pages();
    let noms: Vec<&str> = texte.split('«').skip(1).map(|t| t.split_once('»').unwrap().0.trim()).collect();
    assert!(noms.len() > 20, "{noms:?}");
    for nom in noms {
        assert!(shown(&sources, "dit", nom), "no page shows « {nom} »");
    }
}

#[test]
fn every_picture_is_shown_described_and_light() {
    let dossier = racine().join("ui/guide");
    let poses: BTreeSet<String> = fichiers(&dossier, ".webp")
        .iter()
        .map(|p| p.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let prises: BTreeSet<String> = captures().keys().cloned().collect();
    assert_eq!(poses, prises, "files and captures.json: take them again (cargo xtask captures)");
    let montrees: BTreeSet<String> = textes().iter().flat_map(|(_, t)| cites(t, "image")).collect();
    assert_eq!(montrees, prises, "what the guide shows and what the story takes");
    for nom in &prises {
        let poids = std::fs::metadata(dossier.join(format!("{nom}.webp"))).unwrap().len();
        assert!(poids < POIDS_MAX, "{nom}: {poids} bytes");
        let structure = racine().join(format!("../../e2e/guide/{nom}.txt"));
        assert!(structure.exists(), "{nom}: what the page looked like is not kept in e2e/guide");
    }
    for (fichier, texte) in textes() {
        for (i, _) in texte.match_indices("self.image(") {
            let arguments: Vec<&str> = texte[i..].splitn(5, '"').collect();
            assert!(arguments[3].chars().count() > 40, "{fichier}: {} says too little", arguments[1]);
        }
    }
}

both_databases! {
    async fn the_guide_is_read_without_signing_in_and_from_every_menu(base) {
        let t = TestApp::with_session_2024(base).await;
        let mut n = t.navigateur();
        let liste = n.opens("/documentation").await;
        crate::verification::verifie(&liste.html);
        liste.is(200).sees("Guide des comptes").sees("Informations – Documentation");
        assert_eq!(liste.link("Calendrier de la session"), "/");
        let etab = t.etablissement("0800001A", "Lycée d’essai").await;
        let a = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let (compte, _) = t.personne("calendrier@essai.example", a).await;
        let connecte = t.navigateur_de(compte).await.opens("/documentation").await;
        assert_eq!(connecte.link("Calendrier de la session"), "/informations/2024/calendrier");
        let guide = n.opens("/documentation/comptes").await;
        crate::verification::verifie(&guide.html);
        guide.is(200).sees("Sommaire").sees("Inviter une personne").sees("72 heures").sees_not("{{");
        let trouve = n.opens("/documentation?q=mot+de+passe+oublie").await;
        crate::verification::verifie(&trouve.html);
        trouve.is(200).sees("pour « mot de passe oublie »").sees("Mot de passe oublié");
        liste.sees("Documentation – Paramétrage");
        t.at("2023-11-20T10:00");
        let second = n.opens("/documentation/parametrage").await;
        crate::verification::verifie(&second.html);
        // Dates are those of the calendar of the session, links those of its screens.
        second.is(200).sees("Sommaire").sees("Ce qui est ouvert, et jusqu’à quand").sees("13 décembre 2023").sees_not("{{");
        assert!(second.html.contains("/gestion/2024/lot"));
        let lettre = n.opens("/documentation?q=projet+motive").await;
        crate::verification::verifie(&lettre.html);
        lettre.is(200).sees("Documentation – Paramétrage").sees("Lettre, pièces, questionnaire, épreuves");
        let rien = n.opens("/documentation?q=%3Cb%3Elicorne").await;
        crate::verification::verifie(&rien.html);
        rien.is(200).sees("Aucune réponse pour « <b>licorne »");
        assert!(!rien.html.contains("<b>licorne"));
        n.opens("/connexion").await.sees("Le guide des comptes");
        liste.sees("Guide du service académique").sees("Guide de l’apprentissage");
        for (adresse, dit) in [
            (GUIDE_ACADEMIE, "Retourner une formation avec vos motifs"),
            (GUIDE_APPRENTISSAGE, "Compléter la formation"),
        ] {
            let guide = n.opens(adresse).await;
            crate::verification::verifie(&guide.html);
            guide.is(200).sees("Sommaire").sees(dit).sees("13 décembre 2023").sees_not("{{");
        }
        liste.sees("Guide des interfaces");
        let interfaces = n.opens("/documentation/interfaces").await;
        crate::verification::verifie(&interfaces.html);
        interfaces.is(200).sees("Essayer avec curl").sees("412 – Version dépassée").sees_not("{{");
    }

    async fn cpt_4_the_guide_is_open_to_an_account_that_is_not_secured_yet(base) {
        let t = TestApp::with_session_2024(base).await;
        let compte = NouveauCompte {
            courriel: "secretariat@lycee.fr".to_owned(),
            nom: "Morel".to_owned(),
            prenom: "Brigitte".to_owned(),
            mot_de_passe: MotDePasse::Clair("Grun4!pLoc7?".to_owned()),
            roles: vec![Attribution::simple(Role::AdminNational)],
            etat: EtatCompte::ASecuriser,
            totp: None,
        };
        create_compte(&t.systeme(), compte).await.unwrap();
        let mut n = t.navigateur();
        let page = n.opens("/connexion").await;
        let saisie = [("courriel", "secretariat@lycee.fr"), ("mot_de_passe", "Grun4!pLoc7?")];
        let verification = n.submits(&page, "Se connecter", &saisie).await;
        let envoye = n.submits(&verification, "Recevoir un code par courriel", &[]).await;
        let arrivee = n.submits(&envoye, "Valider le code", &[("code", &t.code_recu().await)]).await;
        arrivee.sees("Mettre votre compte à jour").sees("le guide des comptes");
        // Nothing else answers; the guide does, at the section that the page leads to.
        n.opens("/compte").await.sees("Mettre votre compte à jour").sees_not("Informations personnelles");
        let guide = n.opens(&arrivee.link("le guide des comptes")).await;
        guide.is(200).sees("Mettre à jour un compte d’une session précédente");
        crate::verification::verifie(&guide.html);
    }
}
