//! Information sessions in a browser: announced by a service, joined by managers and by the public, attended, counted.

use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, Navigateur, TestApp};

async fn people(t: &TestApp) -> (Navigateur, Navigateur, Navigateur) {
    let mut gens = Vec::new();
    for uai in ["0590001A", "0590002B"] {
        let etab = t.etablissement(uai, "Lycée d’essai").await;
        t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let admin = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let (compte, _) = t.personne(&format!("admin@{uai}.example"), admin).await;
        gens.push(t.navigateur_de(compte).await);
    }
    for table in ["etablissement_session", "formation_session"] {
        t.sql(&format!("UPDATE {table} SET academie = '09', departement = '59'"), vec![]).await;
    }
    let region = Attribution {
        academies: vec!["09".to_owned(), "20".to_owned()],
        ..Attribution::simple(Role::Academie)
    };
    let (compte, _) = t.personne("draio@essai.example", region).await;
    let draio = t.navigateur_de(compte).await;
    let second = gens.pop().expect("two people");
    (draio, gens.pop().expect("two people"), second)
}

const SAISIE: [(&str, &str); 8] = [
    ("titre", "Temps d’échange"),
    ("contenu", "Bonjour <b>à tous</b>.\n\n- premiers jalons"),
    ("jour", "2023-11-28"),
    ("heure", "14:00"),
    ("heure_fin", "16:00"),
    ("places", "1"),
    ("lien", "https://visio.example/salle"),
    ("academies[]", "09"),
];

#[tokio::test]
async fn a_webinar_is_announced_joined_full_freed_attended_and_counted() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let (mut draio, mut un, mut deux) = people(&t).await;
    let accueil = draio.opens("/mes-seances").await;
    accueil.is(200).sees("Aucune séance ne vous est proposée");
    let page = draio.opens(&accueil.link("Annoncer une séance")).await;
    page.is(200).sees("Lille").sees_not("Bordeaux");
    // Nothing typed is lost by what is missing.
    let faux = [
        ("contenu", SAISIE[1].1),
        ("jour", "demain"),
        ("heure", "14:00"),
        ("heure_fin", "16:00"),
        ("places", "zéro"),
    ];
    let refus = draio.submits(&page, "Annoncer la séance", &faux).await;
    refus.is(422).sees("Saisissez une date qui existe").sees("Saisissez un nombre entier");
    assert!(
        refus.html.contains("value=\"demain\"") && refus.html.contains("value=\"zéro\""),
        "{}",
        refus.texte()
    );
    let mut saisie = SAISIE;
    saisie[6].1 = "http://visio.example";
    let refus = draio.submits(&refus, "Annoncer la séance", &saisie).await;
    refus.is(422).sees("commence par https://");
    let apercu = draio.submits(&refus, "Voir l’aperçu", &[("lien", SAISIE[6].1)]).await;
    apercu.is(200).sees("Aperçu : Temps d’échange");
    assert!(!apercu.html.contains("<b>à tous</b>"));
    let liste = draio.submits(&apercu, "Annoncer la séance", &[]).await;
    liste
        .is(200)
        .sees("La séance est annoncée")
        .sees("mardi 28 novembre 2023, de 14 h à 16 h")
        .sees("À venir");

    let vue = un.opens("/mes-seances/2024").await;
    vue.sees("Service académique de Lille").sees("1 place libre").sees_not("Annoncer");
    let vue = un.opens(&vue.link("Temps d’échange")).await;
    vue.is(200).sees("Inscription obligatoire").sees_not("visio.example");
    let inscrit = un.submits(&vue, "M’inscrire", &[]).await;
    inscrit
        .is(200)
        .sees("Vous avez une place")
        .sees("Récépissé nº")
        .sees("sera sur cette page à partir du mardi 28 novembre 2023 à 11 h");
    let ics = un.opens(&inscrit.link("Ajouter à mon agenda")).await;
    assert!(ics.is(200).html.contains("BEGIN:VEVENT"), "{}", ics.html);
    let vue = deux.opens(&vue.url).await;
    let attente = deux.submits(&vue, "M’inscrire sur la liste d’attente", &[]).await;
    attente.is(200).sees("position 1 sur la liste d’attente");
    deux.opens("/mes-seances/2024/organisation").await.is(403);

    let inscrit = un.opens(&vue.url).await;
    un.submits(&inscrit, "Me désinscrire", &[]).await.is(200).sees("Vous n’êtes plus inscrit");
    deux.opens(&vue.url).await.sees("Vous avez une place");
    t.at("2023-11-28T11:00");
    deux.opens(&vue.url).await.sees("Rejoindre la séance");
    un.opens(&vue.url).await.sees_not("Rejoindre la séance");

    let seance = draio.opens(&liste.link("Temps d’échange")).await;
    let presences = draio.opens(&seance.link("Présences et enregistrement")).await;
    presences.sees("Les présences se notent à partir du début").sees("admin@0590002B.example");
    t.at("2023-11-28T16:00");
    draio.opens(&seance.url).await.sees("elle ne se modifie plus").sees_not("Annuler la séance");
    let presences = draio.opens(&presences.url).await;
    let refus =
        draio.submits(&presences, "Noter ces personnes présentes", &[("adresses", "x@y.example")]).await;
    refus.is(422).sees("Personne n’a de place avec ces adresses : x@y.example");
    assert!(refus.html.contains("x@y.example</textarea>"), "the list is kept");
    let notees = draio.submits(&presences, "Noter tout le monde présent", &[]).await;
    notees.is(200).sees("1 inscrit, dont 1 présent");
    let refus = draio.submits(&notees, "Publier l’enregistrement", &[("enregistrement", "ici")]).await;
    refus.is(422).sees("commence par https://");
    let publie = draio
        .submits(&notees, "Publier l’enregistrement", &[("enregistrement", "https://video.example/1")])
        .await;
    publie.is(200).sees("L’enregistrement est publié");
    assert_eq!(un.opens("/mes-seances/2024").await.link("Voir l’enregistrement"), "https://video.example/1");
    let stats = draio.opens("/mes-seances/2024/organisation/statistiques").await;
    stats.is(200).sees("BTS").sees("Nord (59)").sees("Mon service");
    draio.opens(&stats.link("CSV")).await.is(200);
}

#[tokio::test]
async fn a_teacher_registers_on_the_public_site_with_a_proved_address() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let (_, mut admin, _) = people(&t).await;
    let national = Attribution::simple(Role::AdminNational);
    let (compte, _) = t.personne("national@essai.example", national).await;
    let mut national = t.navigateur_de(compte).await;
    let page = national.opens("/mes-seances/2024/organisation/nouvelle").await;
    let mixte = [("qualites[]", "enseignant"), ("roles[]", "chef_etab"), ("places", "")];
    let mut saisie: Vec<_> = SAISIE[..7].iter().copied().filter(|(n, _)| *n != "places").collect();
    saisie.extend(mixte);
    let refus = national.submits(&page, "Annoncer la séance", &saisie).await;
    refus.is(422).sees("soit au public, soit aux personnes du site de gestion");
    let page = national.opens("/mes-seances/2024/organisation/nouvelle").await;
    saisie.retain(|(n, _)| *n != "roles[]");
    national.submits(&page, "Annoncer la séance", &saisie).await.is(200).sees("Site public : Enseignant");
    admin.opens("/mes-seances/2024").await.sees_not("Temps d’échange");

    let mut prof = t.navigateur();
    let liste = prof.opens("/").await;
    let liste = prof.opens(&liste.link("Séances")).await;
    liste.is(200).sees("Temps d’échange").sees_not("visio.example");
    let page = prof.opens(&liste.link("S’inscrire à cette séance")).await;
    page.is(200).sees("effacée 15 jours après");
    let refus = prof.submits(&page, "Recevoir le lien", &[("courriel", "prof"), ("qualite", "eleve")]).await;
    refus
        .is(422)
        .sees("ne s’adresse pas à vous")
        .sees("Choisissez votre département")
        .sees("adresse complète");
    assert!(refus.html.contains("value=\"prof\""));
    let saisie = [("courriel", "prof@lycee.example"), ("qualite", "enseignant"), ("departement", "59")];
    let envoye = prof.submits(&refus, "Recevoir le lien", &saisie).await;
    envoye.is(200).sees("un courriel vient de lui être envoyé");
    let envois = t.envois().await;
    let corps = &envois.first().expect("a mail").corps;
    let lien = corps
        .split("https://parcoursup.example")
        .nth(1)
        .expect("a link")
        .split_whitespace()
        .next()
        .expect("an address");
    let page = prof.opens(lien).await;
    page.is(200).sees("Il reste à confirmer").sees_not("visio.example");
    let inscrit = prof.submits(&page, "Confirmer mon inscription", &[]).await;
    inscrit.is(200).sees("Vous avez une place").sees("Récépissé nº");
    assert!(prof.opens(&inscrit.link("Ajouter à mon agenda")).await.html.contains("BEGIN:VEVENT"));
    // Asked for again: the same answer, word for word.
    let page = prof.opens("/seances/inscription").await;
    let id = liste.link("S’inscrire à cette séance");
    let id = id.split('=').nth(1).expect("an identifier");
    let mut encore = saisie.to_vec();
    encore.push(("seance", id));
    assert_eq!(prof.submits(&page, "Recevoir le lien", &encore).await.texte(), envoye.texte());
    t.at("2023-11-28T11:30");
    prof.opens(lien).await.sees("Rejoindre la séance");
    t.at("2023-11-20T10:00");
    let page = prof.opens(lien).await;
    prof.submits(&page, "Me désinscrire", &[]).await.is(200).sees("Vous n’êtes plus inscrit");
    prof.opens(lien).await.is(410).sees("Ce lien ne mène plus à une inscription");
}

/// A session of the public site, announced by the service of Lille and Amiens for the first of them.
async fn announces_in_lille(draio: &mut Navigateur) {
    let page = draio.opens("/mes-seances/2024/organisation/nouvelle").await;
    let mut saisie = SAISIE.to_vec();
    saisie.push(("qualites[]", "eleve"));
    draio.submits(&page, "Annoncer la séance", &saisie).await.is(200).sees("La séance est annoncée");
}

#[tokio::test]
async fn r_sea_13_the_list_keeps_the_sessions_of_a_place_and_another_place_is_told_where_to_look() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let (mut draio, _, _) = people(&t).await;
    announces_in_lille(&mut draio).await;
    let mut eleve = t.navigateur();
    let liste = eleve.opens("/seances").await;
    liste.is(200).sees("Temps d’échange").sees("Réservée aux académies suivantes Lille");
    let gironde = eleve.opens("/seances?departement=33").await;
    gironde.is(200).sees("Gironde, région académique Nouvelle-Aquitaine").sees_not("Temps d’échange");
    gironde.sees("Aucune séance n’est annoncée pour ce lieu pour le moment.");
    assert_eq!(gironde.link("Toutes les séances"), "/seances");
    let faux = eleve.opens("/seances?departement=AA").await;
    faux.is(422).sees("Choisissez un département de la liste.").sees("Temps d’échange");
    // Nothing of the place is remembered.
    eleve.opens("/seances").await.sees("Temps d’échange").sees_not("Lieu choisi");
    // The Somme is of the same région académique, and of another academy.
    let somme = eleve.opens("/seances?departement=80").await;
    somme.sees("Temps d’échange").sees_not("S’inscrire à cette séance");
    let nord = eleve.opens("/seances?departement=59").await;
    let lien = nord.link("S’inscrire à cette séance");
    assert!(lien.ends_with("&departement=59"), "{lien}");

    let page = eleve.opens(&liste.link("S’inscrire à cette séance")).await;
    let saisie = [("courriel", "lea@lycee.example"), ("qualite", "eleve"), ("departement", "33")];
    let refus = eleve.submits(&page, "Recevoir le lien", &saisie).await;
    refus.is(422).sees("Cette séance est réservée à l’académie de Lille");
    assert!(refus.html.contains("lea@lycee.example"), "what was typed stays");
    assert_eq!(refus.link("Séances d’information pour le département 33"), "/seances?departement=33");
    let envois = t.envois().await;
    assert!(envois.iter().all(|e| e.destinataire != "lea@lycee.example"), "nobody is written to");
    let page = eleve.opens(&lien).await;
    page.is(200).sees_not("Séances d’information pour le département");
    let saisie = [("courriel", "lea@lycee.example"), ("qualite", "eleve")];
    let envoye = eleve.submits(&page, "Recevoir le lien", &saisie).await;
    envoye.is(200).sees("un courriel vient de lui être envoyé");
}

#[tokio::test]
async fn r_sea_13_the_page_of_a_cell_lists_the_sessions_of_its_region() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let (mut draio, _, _) = people(&t).await;
    let mut eleve = t.navigateur();
    eleve.opens("/assistance?departement=59").await.is(200).sees_not("Les séances de la région académique");
    announces_in_lille(&mut draio).await;
    let page = eleve.opens("/assistance?departement=59").await;
    page.sees("Les séances de la région académique").sees("Temps d’échange").sees(
        "mardi 28 novembre 2023, de 14 h à 16 h (heure de Paris). Pour : élève ou étudiant. 1 place libre.",
    );
    assert_eq!(page.link("Séances d’information et visioconférences"), "/seances?departement=59");
    let inscription = eleve.opens(&page.link("S’inscrire à « Temps d’échange »")).await;
    inscription.is(200).sees("Recevoir le lien d’inscription");
    let somme = eleve.opens("/assistance?code_postal=80000").await;
    somme.sees("Réservée aux académies suivantes : Lille.").sees_not("S’inscrire à « Temps d’échange »");
    for ailleurs in ["/assistance?departement=33", "/assistance"] {
        eleve.opens(ailleurs).await.is(200).sees_not("Temps d’échange");
    }
    // Its one place taken, one waits.
    let saisie = [("courriel", "lea@lycee.example"), ("qualite", "eleve")];
    eleve.submits(&inscription, "Recevoir le lien", &saisie).await.is(200);
    let envois = t.envois().await;
    let sien = envois.iter().find(|e| e.destinataire == "lea@lycee.example").expect("a mail");
    let jeton = sien.corps.split("/seances/inscription/").nth(1).and_then(|x| x.split_whitespace().next());
    let lien = eleve.opens(&format!("/seances/inscription/{}", jeton.expect("a link"))).await;
    eleve.submits(&lien, "Confirmer mon inscription", &[]).await.is(200).sees("Vous avez une place");
    let page = eleve.opens("/assistance?departement=59").await;
    page.sees("Complète.").sees("S’inscrire sur la liste d’attente de « Temps d’échange »");
    t.at("2023-11-28T14:00");
    eleve.opens("/assistance?departement=59").await.sees_not("Temps d’échange");
}
