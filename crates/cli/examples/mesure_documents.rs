//! Times the PDF of what an establishment declared, through the page that gives it, on a throwaway SQLite base: 40 courses, then
//! 400 in their volumes, each described in full. Fails beyond the seconds of the longest document and the MiB given:
//! `mesure_documents 5 400`.
#![expect(clippy::unwrap_used, reason = "a tool for developers: a surprise must stop it")]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use app::documents::Imprimerie;
use documents::Typographe;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use domain::formations::description::{Description, Valeur};
use testkit::fabrique::description_complete;
use testkit::{Base, TestApp};

/// Courses, and turns.
const MESURES: [(usize, usize); 2] = [(40, 3), (400, 2)];

/// The platform of the tests, with the printer of the product.
fn avec_typographe(t: TestApp) -> TestApp {
    t.with_imprimerie(Imprimerie::new(Arc::new(Typographe), 2))
}

/// As many pages as the tree of pages says.
fn pages(pdf: &[u8]) -> usize {
    // « /Type/Pages » is the tree itself.
    let marque = b"/Type/Page";
    pdf.windows(marque.len() + 1).filter(|f| f.starts_with(marque) && f.last() != Some(&b's')).count()
}

/// Sentences such as departments write of their courses.
const PHRASES: [&str; 12] = [
    "La formation repose sur des cours magistraux, des travaux dirigés en groupes de trente étudiants et des projets menés en petites équipes dès le premier semestre.",
    "Disposer d’un très bon niveau dans les disciplines scientifiques et savoir mobiliser, à l’écrit comme à l’oral, les notions vues en première et en terminale.",
    "Les étudiants choisissent à la fin de la première année l’un des parcours proposés : recherche et développement, enseignement, ou insertion professionnelle.",
    "Un stage d’au moins huit semaines est obligatoire ; il peut se faire à l’étranger, avec l’aide du service des relations internationales.",
    "Trois diplômés sur quatre poursuivent en master, dans l’établissement pour la moitié d’entre eux ; les autres entrent dans la vie active en moins de six mois.",
    "La commission a apprécié les candidatures qui expliquaient leur choix par des expériences précises : un stage d’observation, une journée portes ouvertes, une lecture.",
    "Elle a regretté les lettres copiées d’un modèle, qui ne disent rien de la personne ni de ce qu’elle attend de l’enseignement supérieur.",
    "Un accompagnement est proposé aux étudiants qui en ont besoin : tutorat, remise à niveau en mathématiques et en français, entretien avec un enseignant référent.",
    "Le calendrier universitaire prévoit deux sessions d’examens ; le contrôle continu compte pour la moitié de la note de chaque unité.",
    "Les bulletins de première et de terminale sont lus matière par matière, avec les appréciations des professeurs et le niveau de la classe.",
    "Être capable de travailler de façon autonome et d’organiser son temps, dans la durée, entre les cours, la bibliothèque et les travaux à rendre.",
    "Les débouchés sont nombreux : ingénierie d’études, qualité, environnement, informatique, enseignement, administration, médiation scientifique.",
];

/// A text of so many sentences, another one for each course and each field: nothing of it is set twice.
fn texte(formation: usize, champ: usize, phrases: usize) -> String {
    let phrase = |i: usize| {
        let dite = PHRASES[(formation * 5 + champ * 3 + i) % PHRASES.len()];
        format!("{dite} Voir la fiche {} du livret {champ}.", formation * 10 + i)
    };
    let paragraphes: Vec<String> = (0..phrases).map(phrase).collect();
    paragraphes.chunks(2).map(|p| p.join(" ")).collect::<Vec<_>>().join("\n\n")
}

fn lignes<const N: usize>(champ: &'static str, lignes: Vec<[(&str, String); N]>) -> (&'static str, Valeur) {
    let ligne = |l: [(&str, String); N]| l.map(|(code, dit)| (code.to_owned(), dit)).into_iter().collect();
    (champ, Valeur::Lignes(lignes.into_iter().map(ligne).collect()))
}

/// Every field of a course, as long as those of the public records of universities.
fn decrite(n: usize, site: &str) -> Description {
    let mut d = description_complete(Famille::Licence, site);
    for (i, (champ, phrases)) in [
        ("options", 4),
        ("debouches", 4),
        ("amenagements", 3),
        ("attendus", 8),
        ("attendus_locaux", 4),
        ("eligibilite", 2),
        ("lettre_usage", 2),
        ("conseils", 6),
        ("frais_precision", 2),
        ("note_academie", 2),
    ]
    .into_iter()
    .enumerate()
    {
        d.pose(champ, Some(Valeur::Texte(texte(n, i, phrases))));
    }
    let criteres = (0..8).map(|i| {
        [
            ("champ", (i % 5 + 1).to_string()),
            ("intitule", format!("Critère {} : notes et appréciations en spécialité {n}", i + 1)),
            ("elements", texte(n, 20 + i, 2)),
            ("importance", ["essentiel", "tres_important", "important"][i % 3].to_owned()),
        ]
    });
    let pieces = (0..3).map(|i| {
        [
            ("piece", format!("Pièce {} de la spécialité {n}", i + 1)),
            ("obligatoire", "oui".to_owned()),
            ("format", "pdf".to_owned()),
            ("precision", texte(n, 30 + i, 1)),
        ]
    });
    let questions = (0..3).map(|i| {
        [
            ("question", texte(n, 40 + i, 1)),
            ("reponse", "longue".to_owned()),
            ("obligatoire", "oui".to_owned()),
        ]
    });
    for (champ, valeur) in [
        lignes("criteres", criteres.collect()),
        lignes("pieces", pieces.collect()),
        lignes("questions", questions.collect()),
    ] {
        d.pose(champ, Some(valeur));
    }
    d.avec("lettre", "oui")
        .avec("intitule_local", &format!("Licence, spécialité {n}"))
        .avec("contact_telephone", "03 22 00 00 00")
        .avec("handicap_courriel", "handicap@universite.example")
}

/// A university with as many courses, each described in full.
async fn universite(t: &TestApp, formations: usize) -> i64 {
    let etablissement = t.etablissement("0800001A", "Université Jules-Verne").await;
    for n in 0..formations {
        let nom = format!("Licence - Sciences humaines et sociales - Parcours spécialité {n}");
        let f = t.formation(etablissement, &nom, Famille::Licence, false, 120, false).await;
        let ecrite = "SELECT contenu FROM formation_description WHERE formation_session_id = $1";
        let ecrite: Description =
            serde_json::from_str(&t.mot(ecrite, vec![f.formation_session.into()]).await).unwrap();
        let d = serde_json::to_string(&decrite(n, ecrite.texte("site"))).unwrap();
        t.sql(
            "UPDATE formation_description SET contenu = $1 WHERE formation_session_id = $2",
            vec![d.into(), f.formation_session.into()],
        )
        .await;
        t.sql(
            "UPDATE formation_session SET presentation = $1, frais_centimes = 17000 WHERE id = $2",
            vec![texte(n, 50, 10).into(), f.formation_session.into()],
        )
        .await;
    }
    etablissement
}

/// The most memory that the process has held, in MiB.
fn peak() -> u64 {
    let etat = std::fs::read_to_string("/proc/self/status").unwrap();
    let ligne = etat.lines().find(|l| l.starts_with("VmHWM:")).unwrap();
    ligne.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// Prints every volume in turn, `tours` times; gives the seconds of the longest one.
async fn mesure(formations: usize, tours: usize) -> f64 {
    let t = avec_typographe(TestApp::with_session_2024(Base::sqlite()).await);
    let etablissement = universite(&t, formations).await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@universite.example", a).await;
    t.at("2023-11-20T10:00");
    let mut n = t.navigateur_de(compte).await;
    let taille = usize::try_from(t.app.limites.volume_formations).unwrap();
    let volumes = formations.div_ceil(taille);
    let mut durees = Vec::new();
    let (mut de_pages, mut kib) = (0, 0);
    for _ in 0..tours {
        (de_pages, kib) = (0, 0);
        for volume in 1..=volumes {
            let depart = Instant::now();
            let pdf = n.opens(&format!("/gestion/2024/recapitulatif.pdf?volume={volume}")).await;
            durees.push(depart.elapsed().as_secs_f64());
            assert!(pdf.octets.starts_with(b"%PDF-"), "{}: {}", pdf.statut, pdf.texte());
            de_pages += pages(&pdf.octets);
            kib += pdf.octets.len() / 1024;
        }
    }
    durees.sort_by(f64::total_cmp);
    let (total, longue) = (durees.iter().sum::<f64>() / tours as f64, durees[durees.len() - 1]);
    println!(
        "{formations} formations: {volumes} documents, {de_pages} pages, {kib} KiB; a document in {:.2} s (median of {}, from {:.2} to \
         {longue:.2}), all in {total:.2} s; {} MiB at most",
        durees[durees.len() / 2],
        durees.len(),
        durees[0],
        peak(),
    );
    longue
}

#[tokio::main]
async fn main() -> ExitCode {
    let budgets: Vec<f64> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let mut longue = 0.0_f64;
    for (formations, tours) in MESURES {
        longue = longue.max(mesure(formations, tours).await);
    }
    let tenu = budgets.first().is_none_or(|secondes| longue <= *secondes)
        && budgets.get(1).is_none_or(|mib| peak() as f64 <= *mib);
    if tenu { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
