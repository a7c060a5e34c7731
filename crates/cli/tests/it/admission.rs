//! `admission`: in somebody's name, never twice the same person.

use store::{Db, Dsn, Sql};

use crate::commun::{Serveur, echoue, installe, parcoursup, port, reussit};

#[test]
fn hab_8_a_run_is_computed_and_published_by_people_with_the_right_at_its_time() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    let avec = |arguments: &[&str]| -> Vec<String> {
        arguments.iter().chain(&["--donnees", d.as_str()]).map(|a| (*a).to_owned()).collect()
    };
    let refuse = |arguments: &[&str], attendu: &str| {
        let tous = avec(arguments);
        echoue(&tous.iter().map(String::as_str).collect::<Vec<_>>(), attendu)
    };
    refuse(&["admission", "etat"], "Cette session n’existe pas");
    reussit(&["session", "ouvrir", "2024", "--donnees", &d]);
    let dit = reussit(&["admission", "etat", "--donnees", &d]);
    assert!(dit.contains("Session 2024") && dit.contains("Aucun passage."), "{dit}");
    refuse(&["admission", "etat", "--session", "2031"], "Cette session n’existe pas");
    refuse(&["admission", "propositions", "--compte", "ada@exemple.fr"], "Aucun compte en service");
    // The command asks in whose name.
    let s = crate::commun::run(&["admission", "publier", "--donnees", &d]);
    assert_eq!(s.status.code(), Some(2));
    assert!(crate::commun::texte(&s.stderr).contains("--compte"), "{}", crate::commun::texte(&s.stderr));
}

#[test]
fn a_campaign_before_the_call_orders_says_what_to_do() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    echoue(&["simuler", "campagne", "--donnees", &d], "Aucune session n’est ouverte");
    reussit(&["session", "ouvrir", "2024", "--donnees", &d]);
    echoue(&["simuler", "campagne", "--donnees", &d], "« parcoursup simuler jours --jusqu-a 0 »");
    let s = crate::commun::run(&["simuler", "campagne", "--jours", "0", "--donnees", &d]);
    assert_eq!(s.status.code(), Some(2), "{}", crate::commun::texte(&s.stderr));
}

/// The whole path on a demonstration: two people of the national team, whose addresses it prints.
#[test]
fn r_adm_01_hab_8_one_console_does_not_compute_and_publish_under_two_names() {
    let dossier = tempfile::tempdir().unwrap();
    let d = dossier.path().join("donnees");
    let d = d.to_str().unwrap();
    let port = port();
    let texte = port.to_string();
    let commande = parcoursup(&["demo", "--donnees", d, "--port", &texte, "--moment", "admission"]);
    let serveur = Serveur::demarre(commande, port, "Ctrl+C");
    let agents: Vec<String> = serveur
        .dit
        .lines()
        .filter(|l| l.to_lowercase().contains("quipe nationale"))
        .filter_map(|l| l.split_whitespace().find(|m| m.contains('@')).map(str::to_owned))
        .collect();
    assert!(agents.len() >= 2, "{}", serveur.dit);
    let (un, deux) = (agents[0].as_str(), agents[1].as_str());
    let dit = reussit(&["admission", "propositions", "--compte", un, "--donnees", d]);
    assert!(dit.contains("calculé et vérifié"), "{dit}");
    echoue(&["admission", "publier", "--compte", un, "--donnees", d], "une deuxième personne doit le faire");
    // HAB-8: one console cannot be two people, whatever accounts it names, nor agree beforehand (R-ADM-40).
    echoue(
        &["admission", "publier", "--compte", deux, "--donnees", d],
        "une deuxième personne doit le faire",
    );
    echoue(
        &["admission", "publier", "--programmer", "--compte", deux, "--donnees", d],
        "une deuxième personne doit le faire",
    );
    echoue(
        &["admission", "publier", "--deprogrammer", "--compte", un, "--donnees", d],
        "il n’y a rien à annuler",
    );
    let dit = reussit(&["admission", "abandonner", "--compte", deux, "--donnees", d]);
    assert!(dit.contains("abandonné"), "{dit}");
    echoue(&["admission", "publier", "--compte", deux, "--donnees", d], "Aucun passage n’attend");
    assert!(reussit(&["admission", "etat", "--donnees", d]).contains("publié"));

    // R-ADM-14, R-ADM-15: what was published is the records, and explanations drawn from them are those of the reference.
    let dit = reussit(&["admission", "verifier", "--explications", "60", "--donnees", d]);
    assert!(
        dit.contains("Engagements publics") && dit.contains("Explications tirées au hasard : 60"),
        "{dit}"
    );
    // R-ADM-20: what candidates read is what was sealed, and a published rank altered in the base is told.
    assert!(
        dit.contains("Base : ce qu’elle donne à lire de 2 passages publiés est ce qui a été scellé."),
        "{dit}"
    );
    let jour_1 = "(SELECT id FROM passage WHERE nature = 'propositions' AND etat = 'publie')";
    let altere = format!(
        "UPDATE rang_attente SET rang = rang + 1000000 WHERE passage_id = {jour_1}
           AND voeu_id = (SELECT MIN(r.voeu_id) FROM rang_attente r WHERE r.passage_id = {jour_1})"
    );
    let ecrit = |sql: &str| {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let fichier = dossier.path().join("donnees/parcoursup.sqlite");
            let db = Db::open(&Dsn::Sqlite(fichier)).await.unwrap();
            assert_eq!(db.exec(sql, vec![]).await.unwrap(), 1);
            db.close().await.unwrap();
        });
    };
    ecrit(&altere);
    let s = crate::commun::run(&["admission", "verifier", "--donnees", d]);
    let dit = crate::commun::texte(&s.stdout);
    assert!(s.status.code() == Some(1) && !dit.contains("Oui"), "{dit}");
    assert!(dit.contains("Non. Propositions du jour 1 : ce que la base donne à lire"), "{dit}");
    assert!(dit.contains("rangs d’attente : « vœu "), "{dit}");
    ecrit("UPDATE rang_attente SET rang = rang - 1000000 WHERE rang > 1000000");

    // R-ADM-19: exported, the same runs are verified without the platform, up to the seal that the platform says.
    let copie = dossier.path().join("copie");
    let copie = copie.to_str().unwrap();
    let exporter = ["admission", "exporter", "--engagements", "--compte", un, copie, "--donnees", d];
    assert!(reussit(&exporter).contains("procès-verbaux"));
    let dit = reussit(&["admission", "verifier", "--jusqu-a", "1", "--donnees", d]);
    let sceau = dit.split("Dernier sceau : ").nth(1).unwrap().split('.').next().unwrap();
    let dit = reussit(&["admission", "verifier", copie, "--jusqu-a", "9", "--dernier-sceau", sceau]);
    assert!(
        dit.contains("La clé publique est celle du dossier") && dit.contains("Engagements publics"),
        "{dit}"
    );
    assert!(reussit(&["admission", "tete", "--donnees", d]).starts_with("parcoursup-tete 1\nsession 2024\n"));
    let registre = dossier.path().join("registre.json");
    std::fs::write(&registre, reussit(&["admission", "registre", "--donnees", d])).unwrap();
    let registre = registre.to_str().unwrap();
    let s = crate::commun::run(&["admission", "verifier-recu", registre, registre]);
    let dit = crate::commun::texte(&s.stdout);
    assert!(s.status.code() == Some(1) && dit.contains("Non. Le reçu n’est pas lisible"), "{dit}");

    // A withdrawal takes two people too (R-ADM-13), and is played again like the others.
    let (_, page) = serveur.lit("/formations?q=licence+droit", "");
    let id = page.split("href=\"/formations/").nth(1).and_then(|r| r.split('"').next()).unwrap();
    let retire = |jour: &str, id: &str| {
        let commande =
            ["admission", "retirer", "--jour", jour, "--formation", id, "--motif", "Essai.", "--compte", un];
        commande.into_iter().chain(["--donnees", d]).map(str::to_owned).collect::<Vec<_>>()
    };
    let lance = |c: &[String]| crate::commun::run(&c.iter().map(String::as_str).collect::<Vec<_>>());
    for (jour, formation, attendu) in [
        ("40", id, "Aucun passage du jour 40 n’est publié"),
        ("1", "inconnue", "n’est pas celui d’une formation"),
    ] {
        let s = lance(&retire(jour, formation));
        let dit = crate::commun::texte(&s.stderr);
        assert!(!s.status.success() && dit.contains(attendu), "{dit}");
    }
    let s = lance(&retire("1", id));
    let dit = crate::commun::texte(&s.stdout);
    assert!(s.status.success() && dit.contains("Retrait depuis le jour 1 : calculé"), "{dit}{s:?}");
    echoue(
        &["admission", "publier", "--compte", deux, "--donnees", d],
        "une deuxième personne doit le faire",
    );
    let dit = reussit(&["admission", "verifier", "--donnees", d]);
    assert!(dit.contains("Retrait depuis le jour 1 : ") && dit.contains("Oui : "), "{dit}");
    drop(serveur);
}
