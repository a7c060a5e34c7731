//! SAV-1: a backup made beside a running server, destroyed, restored, compared table by table.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::path::Path;

use crate::commun::{echoue, installe, port, reussit, sert};
use store::exploitation::{EmpreinteTable, empreintes};
use store::{Db, Dsn, Sql};

async fn tables(dsn: &Dsn) -> Vec<EmpreinteTable> {
    let db = Db::open(dsn).await.unwrap();
    let lues = empreintes(&db).await.unwrap();
    db.close().await.unwrap();
    lues
}

fn sqlite(dossier: &Path) -> Dsn {
    Dsn::Sqlite(dossier.join("parcoursup.sqlite"))
}

#[tokio::test]
async fn sav_1_destroyed_then_restored_every_table_has_its_hash() {
    let dossier = tempfile::tempdir().unwrap();
    let ailleurs = tempfile::tempdir().unwrap();
    let port = port();
    let d = installe(dossier.path(), port);
    reussit(&["session", "ouvrir", "2023", "--donnees", &d]);
    reussit(&["session", "ouvrir", "2024", "--depuis", "2023", "--donnees", &d]);
    reussit(&[
        "compte",
        "creer-administrateur",
        "--donnees",
        &d,
        "--courriel",
        "ada@exemple.fr",
        "--nom",
        "Lovelace",
        "--prenom",
        "Ada",
    ]);
    let depot = dossier.path().join("fichiers/ab");
    std::fs::create_dir_all(&depot).unwrap();
    std::fs::write(depot.join("ab12"), b"bulletin").unwrap();
    std::fs::write(depot.join("ab12.9-0.tmp"), b"en cours").unwrap();
    let cle = ailleurs.path().join("sauvegarde.cle");
    let cle = cle.to_str().unwrap();
    reussit(&["cles", "sauvegarde", cle]);
    let fichier = ailleurs.path().join("nuit.psup");
    let fichier = fichier.to_str().unwrap();
    // Sealed beforehand, then looked over once by the server: idle, it writes nothing more until the comparison.
    reussit(&["journal", "sceller", "--donnees", &d]);
    let scelleur = async || {
        let lues = tables(&sqlite(dossier.path())).await;
        lues.into_iter().find(|t| t.table == "journal_scelleur").unwrap().empreinte
    };
    let jamais = scelleur().await;
    let serveur = sert(&d, port);
    let limite = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while scelleur().await == jamais {
        assert!(std::time::Instant::now() < limite, "no round of the journal");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    echoue(&["sauvegarder", fichier, "--donnees", &d], "Il manque la clé");
    let debut = tables(&sqlite(dossier.path())).await;
    let dit = reussit(&["sauvegarder", fichier, "--donnees", &d, "--cle", cle]);
    assert!(dit.contains("1 fichiers") && dit.contains("UTC"), "{dit}");
    echoue(&["sauvegarder", fichier, "--donnees", &d, "--cle", cle], "existe déjà");
    drop(serveur);
    let avant = tables(&sqlite(dossier.path())).await;
    assert!(avant.iter().any(|t| t.table == "echeance" && t.lignes > 10), "{avant:?}");
    let octets = std::fs::read(fichier).unwrap();
    assert!(!octets.windows(8).any(|o| o == b"Lovelace" || o == b"bulletin"), "readable");
    // Only the backup, its key and the keys of the vault survive.
    let cles = ailleurs.path().join("cles.toml");
    std::fs::copy(dossier.path().join("cles.toml"), &cles).unwrap();
    drop(dossier);

    let neuf = ailleurs.path().join("neuf");
    let n = neuf.to_str().unwrap();
    let dit = reussit(&["restaurer", fichier, "--donnees", n, "--cle", cle]);
    assert!(dit.contains("empreintes identiques"), "{dit}");
    // The minute's round of the server may have passed on either side of the backup, never within it.
    let restaurees = tables(&sqlite(&neuf)).await;
    if restaurees != debut {
        assert_eq!(restaurees, avant);
    }
    assert_eq!(std::fs::read(neuf.join("fichiers/ab/ab12")).unwrap(), b"bulletin");
    echoue(&["restaurer", fichier, "--donnees", n, "--cle", cle], "n’est pas vide");
    std::fs::rename(&cles, neuf.join("cles.toml")).unwrap();
    assert!(reussit(&["session", "lister", "--donnees", n]).contains("Session 2023 : archivée"));

    // Altered, cut, or under another key: a sentence, and the folder stays empty.
    let autre = ailleurs.path().join("autre.cle");
    let autre = autre.to_str().unwrap();
    reussit(&["cles", "sauvegarde", autre]);
    let vide = ailleurs.path().join("vide");
    let v = vide.to_str().unwrap();
    echoue(&["restaurer", fichier, "--donnees", v, "--cle", autre], "la clé n’est pas celle");
    let faux = ailleurs.path().join("faux.psup");
    let mut altere = octets.clone();
    let milieu = altere.len() / 2;
    altere[milieu] ^= 1;
    std::fs::write(&faux, altere).unwrap();
    echoue(&["restaurer", faux.to_str().unwrap(), "--donnees", v, "--cle", cle], "altérée");
    std::fs::write(&faux, &octets[..octets.len() - 10]).unwrap();
    echoue(&["restaurer", faux.to_str().unwrap(), "--donnees", v, "--cle", cle], "coupée");
    assert_eq!(std::fs::read_dir(&vide).unwrap().count(), 0);
}

#[tokio::test]
async fn sav_1_postgresql_goes_through_its_own_tools() {
    let (Some(avant), Some(apres)) = (testkit::Base::postgres().await, testkit::Base::postgres().await)
    else {
        return;
    };
    let (Dsn::Postgres(url), Dsn::Postgres(neuve)) = (avant.dsn(), apres.dsn()) else { panic!("postgres") };
    let dossier = tempfile::tempdir().unwrap();
    let d = dossier.path().join("donnees");
    let d = d.to_str().unwrap();
    reussit(&["cles", "creer", "--donnees", d]);
    reussit(&["migrer", "--donnees", d, "--base", &url]);
    reussit(&["session", "ouvrir", "2024", "--donnees", d, "--base", &url]);
    let cle = dossier.path().join("sauvegarde.cle");
    let cle = cle.to_str().unwrap();
    reussit(&["cles", "sauvegarde", cle]);
    let fichier = dossier.path().join("nuit.psup");
    let fichier = fichier.to_str().unwrap();
    reussit(&["sauvegarder", fichier, "--donnees", d, "--base", &url, "--cle", cle]);
    let n = dossier.path().join("neuf");
    let n = n.to_str().unwrap();
    echoue(&["restaurer", fichier, "--donnees", n, "--cle", cle], "base PostgreSQL");
    echoue(&["restaurer", fichier, "--donnees", n, "--cle", cle, "--base", &url], "n’est pas vide");
    // The kit gives a migrated database: emptied, it is what an operator creates.
    let db = Db::open(&apres.dsn()).await.unwrap();
    for sql in ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public"] {
        db.exec(sql, Vec::new()).await.unwrap();
    }
    db.close().await.unwrap();
    reussit(&["restaurer", fichier, "--donnees", n, "--cle", cle, "--base", &neuve]);
    assert_eq!(tables(&avant.dsn()).await, tables(&apres.dsn()).await);
}
