//! Times the public search over N invented courses on a throw-away SQLite file (or PostgreSQL, when
//! `PARCOURSUP_TEST_POSTGRES` is set and `postgres` is asked): `cargo run --release -p app --example recherche [N] [postgres]`.
#![expect(clippy::unwrap_used, reason = "a measuring tool stops where it fails")]

use std::time::Instant;

use app::communes::Lieu;
use app::formations::{Criteres, TriOffre, search_offre};
use domain::calendrier::Etape;
use domain::droits::{Acteur, Action, Cible};
use domain::formations::{Famille, texte_recherche};
use domain::territoires::{departement, ville, villes};
use store::ecriture::META;
use store::{Value, insert_batch};
use testkit::{Base, TestApp};

const DOMAINES: [&str; 12] = [
    "Droit",
    "Informatique",
    "Électronique",
    "Management commercial opérationnel",
    "Langues étrangères appliquées – Anglais espagnol",
    "Mathématiques physique chimie",
    "Génie civil",
    "Sciences et techniques des activités physiques et sportives",
    "Comptabilité et gestion",
    "Psychologie",
    "Métiers de la chimie",
    "Histoire",
];

async fn remplit(t: &TestApp, n: usize) {
    let ctx = t.systeme();
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme()).unwrap();
    let e = ctx.ecriture(&permit);
    let session = app::sessions::courante(&t.app.db).await.unwrap().id;
    let tx = ctx.begin().await.unwrap();
    let ligne = |valeurs: Vec<Value>| e.meta().1.into_iter().chain(valeurs).collect::<Vec<Value>>();
    let nb_etab = (n / 6).max(1);
    let etabs = (0..nb_etab).map(|i| ligne(vec![format!("9{i:06}A").into()]));
    insert_batch(&tx, &format!("INSERT INTO etablissement ({META}, uai)"), 7, etabs, "").await.unwrap();
    // Keys follow each other in an empty base.
    let etabs = (0..nb_etab).map(|i| {
        let v = &villes()[i % villes().len()];
        ligne(vec![
            (i as i64 + 1).into(),
            session.into(),
            format!("Établissement d’enseignement supérieur nº {i} de {}", v.nom).into(),
            "public".to_owned().into(),
            v.departement.to_owned().into(),
            departement(v.departement).unwrap().academie.to_owned().into(),
            v.nom.to_owned().into(),
        ])
    });
    let colonnes = "etablissement_id, session_id, nom, statut, departement, academie, commune";
    insert_batch(&tx, &format!("INSERT INTO etablissement_session ({META}, {colonnes})"), 13, etabs, "")
        .await
        .unwrap();
    let inscriptions = (0..n).map(|i| ligne(vec![((i % nb_etab) as i64 + 1).into(), format!("c{i}").into()]));
    let debut = format!("INSERT INTO formation_inscription ({META}, etablissement_id, cle)");
    insert_batch(&tx, &debut, 8, inscriptions, "").await.unwrap();
    let formations = (0..n).map(|i| {
        let statut = if i % 3 == 0 { "apprentissage" } else { "etudiant" };
        ligne(vec![(i as i64 + 1).into(), format!("c{i}").into(), statut.to_owned().into()])
    });
    let debut = format!("INSERT INTO formation ({META}, formation_inscription_id, cle, statut)");
    insert_batch(&tx, &debut, 9, formations, "").await.unwrap();
    let presentation = "Une formation exigeante, ouverte sur le monde professionnel. ".repeat(20);
    let offres = (0..n).map(|i| {
        let v = &villes()[(i % nb_etab) % villes().len()];
        let famille = Famille::ALL[i % Famille::ALL.len()];
        let libelle = format!("{} – {}", famille.libelle(), DOMAINES[(i / 11) % DOMAINES.len()]);
        let etablissement = format!("Établissement d’enseignement supérieur nº {} de {}", i % nb_etab, v.nom);
        let lieu = format!("{} {}", v.nom, v.departement);
        ligne(vec![
            (i as i64 + 1).into(),
            session.into(),
            ((i % nb_etab) as i64 + 1).into(),
            famille.code().to_owned().into(),
            libelle.clone().into(),
            ((i % 2) as i64).into(),
            v.departement.to_owned().into(),
            departement(v.departement).unwrap().academie.to_owned().into(),
            v.nom.to_owned().into(),
            (v.latitude + (i % 17) as f64 / 500.0).into(),
            (v.longitude + (i % 13) as f64 / 500.0).into(),
            24_i64.into(),
            0_i64.into(),
            presentation.clone().into(),
            "publiee".to_owned().into(),
            texte_recherche(&libelle, "", &etablissement, &lieu).into(),
        ])
    });
    let colonnes = "formation_id, session_id, etablissement_id, famille, libelle, selective, departement, academie, commune,
        latitude, longitude, capacite, frais_centimes, presentation, etat, recherche";
    insert_batch(&tx, &format!("INSERT INTO formation_session ({META}, {colonnes})"), 22, offres, "")
        .await
        .unwrap();
    let publications = (0..n).map(|i| {
        vec![
            t.app.alea.public_id().as_str().to_owned().into(),
            (i as i64 + 1).into(),
            1_i64.into(),
            0_i64.into(),
            24_i64.into(),
            0_i64.into(),
            presentation.clone().into(),
        ]
    });
    let debut =
        "INSERT INTO formation_publication (public_id, formation_session_id, numero, publie_le, capacite,
        frais_centimes, presentation)";
    insert_batch(&tx, debut, 7, publications, "").await.unwrap();
    tx.commit().await.unwrap();
    t.app.db.analyze().await.unwrap();
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let n = arguments.first().and_then(|a| a.parse().ok()).unwrap_or(25_000);
    let base = if arguments.iter().any(|a| a == "postgres") {
        Base::postgres().await.unwrap()
    } else {
        Base::sqlite()
    };
    let t = TestApp::with_session_2024(base).await;
    let debut = Instant::now();
    remplit(&t, n).await;
    println!("{n} formations en {:.1} s", debut.elapsed().as_secs_f64());
    t.at_opening(Etape::Consultation).await;
    let ctx = t.ctx(Acteur::public());
    let autour = |km| ville("69", "Lyon").map(|v| (Lieu::from(v), km));
    let texte = |q: &str| Criteres { texte: q.to_owned(), page: 1, ..Criteres::default() };
    for (nom, c) in [
        ("tout", texte("")),
        ("un mot courant", texte("licence")),
        ("trois mots", texte("bts electronique lyon")),
        ("un mot absent", texte("inexistant")),
        (
            "huit mots",
            texte("licence sciences techniques activites physiques sportives etablissement superieur"),
        ),
        ("une famille", Criteres { famille: Some(Famille::Bts), ..texte("") }),
        (
            "en apprentissage",
            Criteres { statut: domain::formations::StatutFormation::from_code("apprentissage"), ..texte("") },
        ),
        ("une académie", Criteres { academie: Some("10".to_owned()), ..texte("droit") }),
        ("50 km de Lyon", Criteres { autour: autour(50), tri: TriOffre::Distance, ..texte("") }),
        (
            "100 km de Lyon, un mot",
            Criteres { autour: autour(100), tri: TriOffre::Distance, ..texte("droit") },
        ),
        ("dernière page", Criteres { page: u32::MAX, ..texte("") }),
    ] {
        let mut durees: Vec<f64> = Vec::new();
        let mut total = 0;
        for _ in 0..21 {
            let debut = Instant::now();
            total = search_offre(&ctx, &c).await.unwrap().total;
            durees.push(debut.elapsed().as_secs_f64() * 1000.0);
        }
        durees.sort_by(f64::total_cmp);
        println!(
            "{nom:<24} {total:>6} résultats, médiane {:>6.1} ms, maximum {:>6.1} ms",
            durees[10], durees[20]
        );
    }
}
