//! The guide says what the pages say: names of buttons, numbers, links. Public, searched, whole.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use app::comptes::{MotDePasse, NouveauCompte, create_compte};
use app::limites::Limites;
use domain::comptes::{EtatCompte, Role};
use domain::droits::Attribution;
use testkit::{TestApp, both_databases};
use web::espaces::commun::documentation::{Guide, captures, guide_comptes};

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

/// (file, text) of the guide's own templates.
fn textes() -> Vec<(String, String)> {
    let nom = |p: &Path| p.file_name().unwrap().to_string_lossy().into_owned();
    fichiers(&racine().join(TEXTES), ".html").iter().map(|p| (nom(p), lit(p))).collect()
}

/// All that makes a page, the guide apart.
fn pages() -> Vec<String> {
    let mut sources: Vec<PathBuf> = fichiers(&racine().join("templates"), ".html");
    sources.retain(|p| !p.starts_with(racine().join(TEXTES)));
    sources.extend(fichiers(&racine().join("src"), ".rs"));
    sources.push(racine().join("ui/site.js"));
    sources.iter().map(|p| lit(p)).collect()
}

fn guide() -> Guide {
    guide_comptes(&Limites::default()).unwrap()
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
        "bouton" => donne(&["Bouton::new("]) || element("button") || branche() || script(),
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
        _ => element("h1") || element("h2") || donne(&["page("]) || branche(),
    }
}

#[test]
fn every_name_in_the_guide_is_that_of_a_page() {
    let sources = pages();
    let mut absents = Vec::new();
    let mut vus = 0;
    for (fichier, texte) in textes() {
        for quoi in ["bouton", "lien", "champ", "titre"] {
            for libelle in cites(&texte, quoi) {
                vus += 1;
                if !shown(&sources, quoi, &libelle) {
                    absents.push(format!("{fichier}: {quoi} « {libelle} »"));
                }
            }
        }
    }
    assert!(absents.is_empty(), "no page shows:\n{}", absents.join("\n"));
    assert!(vus > 80, "{vus} names only: the guide quotes them with self.bouton, lien, champ, titre");
    // The comparison itself can fail.
    assert!(!shown(&sources, "bouton", "Bouton que personne ne montre"));
    assert!(!shown(&sources, "lien", "Envoyer l’invitation"), "a button is no link");
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

#[test]
fn anchors_are_unique_and_every_link_leads_somewhere() {
    let guide = guide();
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
    let liens = |texte: &str, debut: &str| -> Vec<String> {
        let attribut = format!("href=\"{debut}");
        texte
            .match_indices(&attribut)
            .map(|(i, _)| literal(&texte[i + attribut.len()..]).to_owned())
            .collect()
    };
    let internes = liens(&html, "#");
    assert!(internes.len() > 10, "{internes:?}");
    let venus = pages().iter().flat_map(|p| liens(p, "/documentation/comptes#")).collect::<Vec<_>>();
    assert!(!venus.is_empty());
    for ancre in internes.iter().chain(venus.iter()).filter(|a| !a.starts_with("{%")) {
        assert!(ancres.contains(ancre), "no section #{ancre}");
    }
}

#[test]
fn at_least_twenty_five_questions_are_answered() {
    let guide = guide();
    let questions = &guide.chapitres.iter().find(|c| c.ancre == "questions").unwrap().sections;
    assert!(questions.len() >= 25, "{}", questions.len());
    for q in questions {
        assert!(q.ancre.starts_with("q-"), "{}", q.ancre);
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
        let guide = n.opens("/documentation/comptes").await;
        crate::verification::verifie(&guide.html);
        guide.is(200).sees("Sommaire").sees("Inviter une personne").sees("72 heures").sees_not("{{");
        let trouve = n.opens("/documentation?q=mot+de+passe+oublie").await;
        crate::verification::verifie(&trouve.html);
        trouve.is(200).sees("pour « mot de passe oublie »").sees("Mot de passe oublié");
        let rien = n.opens("/documentation?q=%3Cb%3Elicorne").await;
        crate::verification::verifie(&rien.html);
        rien.is(200).sees("Aucune réponse pour « <b>licorne »");
        assert!(!rien.html.contains("<b>licorne"));
        n.opens("/connexion").await.sees("Le guide des comptes");
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
