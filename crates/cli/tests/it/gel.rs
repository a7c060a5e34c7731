//! RUN-6: a delivery before a date that people wait for, as an operator meets it.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::path::Path;

use store::{Db, Dsn, Sql};

use crate::commun::{echoue, installe, port, reussit, run, texte};

/// Runs statements on the database of an installation, without its server.
fn sql(dossier: &Path, instructions: &[String]) {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = Db::open(&Dsn::Sqlite(dossier.join("parcoursup.sqlite"))).await.unwrap();
        for i in instructions {
            db.exec(i, vec![]).await.unwrap();
        }
        db.close().await.unwrap();
    });
}

fn nombre(dossier: &Path, question: &str) -> i64 {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = Db::open(&Dsn::Sqlite(dossier.join("parcoursup.sqlite"))).await.unwrap();
        let n = db.int(question, vec![]).await.unwrap().unwrap_or(0);
        db.close().await.unwrap();
        n
    })
}

/// A migration that SQLite has nothing to do for waits again, as a new version of the program would bring one.
fn attend_une_version(dossier: &Path) {
    sql(dossier, &["DELETE FROM seaql_migrations WHERE version = '0066_completude_postgres'".to_owned()]);
}

#[test]
fn run_6_r_cal_11_a_delivery_in_a_freeze_waits_for_two_people_of_the_national_team() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    reussit(&["session", "ouvrir", "2024", "--donnees", &d]);
    let (ada, bob) = ("ada@exemple.fr", "bob@exemple.fr");
    for courriel in [ada, bob] {
        let qui = ["--courriel", courriel, "--nom", "Essai", "--prenom", "Camille", "--donnees", d.as_str()];
        reussit(&[&["compte", "creer-administrateur"][..], &qui[..]].concat());
    }
    // Outside a freeze nothing is asked.
    attend_une_version(dossier.path());
    assert!(reussit(&["migrer", "--donnees", &d]).contains("1 migration(s) appliquée(s)"));
    attend_une_version(dossier.path());
    let heure = 3_600_000;
    // The clock of the database: that of the machine, as the command reads it.
    let le = format!("CAST(strftime('%s', 'now') AS INTEGER) * 1000 + {heure}");
    sql(
        dossier.path(),
        &[
            "UPDATE compte SET etat = 'actif'".to_owned(),
            format!(
                "UPDATE echeance SET ouvre_le = {le} - {}, ferme_le = {le} WHERE etape = 'examen'",
                100 * heure
            ),
        ],
    );
    let dit = echoue(&["migrer", "--donnees", &d], "Gel jusqu’au");
    assert!(dit.contains("Examen et classement") && dit.contains("--malgre-le-gel"), "{dit}");
    let serveur = run(&["servir", "--donnees", &d]);
    let dit = texte(&serveur.stderr);
    assert!(!serveur.status.success() && dit.contains("Gel jusqu’au"), "{dit}");
    let dit = reussit(&["migrer", "--essai", "--donnees", &d]);
    assert!(dit.contains("1 migration(s) à appliquer") && dit.contains("Gel jusqu’au"), "{dit}");
    let avec = |deux: [&str; 2], attendu: &str| {
        let options = ["--malgre-le-gel", deux[0], "--malgre-le-gel", deux[1], "--donnees", d.as_str()];
        echoue(&[&["migrer"][..], &options[..]].concat(), attendu)
    };
    avec([ada, ada], "deux personnes différentes");
    avec([ada, "autre@exemple.fr"], "n’est pas l’adresse d’un compte actif de l’équipe nationale");
    echoue(&["migrer", "--malgre-le-gel", ada, "--donnees", &d], "deux personnes différentes");
    assert!(reussit(&["migrer", "--essai", "--donnees", &d]).contains("1 migration(s)"), "nothing was done");
    let deux = ["migrer", "--malgre-le-gel", ada, "--malgre-le-gel", bob, "--donnees", d.as_str()];
    let dit = reussit(&deux);
    assert!(dit.contains("1 migration(s) appliquée(s)") && dit.contains("au journal"), "{dit}");
    assert_eq!(nombre(dossier.path(), "SELECT COUNT(*) FROM journal WHERE objet = 'livraison'"), 1);
    assert_eq!(nombre(dossier.path(), "SELECT COUNT(*) FROM envoi WHERE modele = 'accord_gel'"), 2);
    assert!(reussit(&["migrer", "--donnees", &d]).contains("rien à faire"));
    // A demonstration is never stopped.
    attend_une_version(dossier.path());
    let cles = dossier.path().join("cles.toml");
    let vraies = std::fs::read_to_string(&cles).unwrap();
    std::fs::write(&cles, vraies.replace("demonstration = false", "demonstration = true")).unwrap();
    assert!(reussit(&["migrer", "--donnees", &d]).contains("1 migration(s) appliquée(s)"));
}
