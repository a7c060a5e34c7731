//! The Fil info in a browser: written, read again as its readers will see it, published, read, corrected, taken down.

use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, TestApp};

const TEXTE: &str =
    "Bonjour <b>à tous</b>.\n\n## Dates\n\n- le [calendrier](/documentation)\n- [piège](javascript:alert(1))";

#[tokio::test]
async fn an_item_is_previewed_published_read_corrected_and_taken_down() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let etab = t.etablissement("0590001A", "Lycée d’essai").await;
    t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
    for table in ["etablissement_session", "formation_session"] {
        t.sql(&format!("UPDATE {table} SET academie = '09'"), vec![]).await;
    }
    let region = Attribution {
        academies: vec!["09".to_owned(), "20".to_owned()],
        ..Attribution::simple(Role::Academie)
    };
    let (compte, _) = t.personne("draio@essai.example", region).await;
    let mut draio = t.navigateur_de(compte).await;
    let admin = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@essai.example", admin).await;
    let mut admin = t.navigateur_de(compte).await;

    let fil = draio.opens("/informations").await;
    fil.is(200).sees("Aucune information ne vous est adressée pour le moment.");
    let page = draio.opens(&fil.link("Publier une information")).await;
    page.is(200).sees("Lille").sees_not("Bordeaux");
    // Nothing typed is lost by what is missing.
    let refus = draio.submits(&page, "Publier", &[("contenu", TEXTE), ("jour", "hier")]).await;
    refus.is(422).sees("Bonjour");
    assert!(refus.html.contains("value=\"hier\""), "{}", refus.texte());
    let saisie = [("titre", "Webinaires"), ("contenu", TEXTE), ("jour", ""), ("roles[]", "admin_site")];
    let refus = draio.submits(&refus, "Publier", &saisie).await;
    refus.is(422).sees("Choisissez au moins une académie, parmi celles de votre service.");
    let apercu = draio.submits(&refus, "Voir l’aperçu", &[("academies[]", "09")]).await;
    apercu.is(200).sees("Aperçu : Webinaires");
    assert!(apercu.html.contains("<h3>Dates</h3>") && !apercu.html.contains("<b>à tous</b>"));
    assert!(!apercu.html.contains("href=\"javascript"), "a link that runs");
    let liste = draio.submits(&apercu, "Publier", &[]).await;
    liste.is(200).sees("L’information est enregistrée").sees("0 sur 1 personne").sees("académie : Lille");

    // R-INF-09: where nobody has opened it, without a name.
    let suivie = draio.opens(&liste.link("Webinaires")).await;
    assert_eq!(suivie.link("1 établissement où personne ne l’a ouverte"), "#sans-lecture");
    suivie
        .is(200)
        .sees("1 établissement sur 1 où personne ne l’a ouverte.")
        .sees("Lycée d’essai")
        .sees("0590001A")
        .sees("80 – Somme")
        .sees_not("admin@essai.example");
    draio.opens(&format!("{}?page=9", suivie.url)).await.is(200).sees("0590001A");
    let csv = draio.opens(&suivie.link("Télécharger en CSV")).await;
    assert!(csv.is(200).html.contains("0590001A;Lycée d’essai"), "{}", csv.html);
    let xlsx = draio.opens(&suivie.link("Télécharger le tableur (XLSX)")).await;
    assert!(xlsx.is(200).html.starts_with("PK"));
    admin.opens(&suivie.link("Télécharger en CSV")).await.is(403);

    let accueil = admin.opens("/gestion/2024").await;
    accueil.sees("Fil info : à lire");
    let lue = admin.opens(&accueil.link("Webinaires")).await;
    lue.is(200).sees("Service académique de Lille").sees("Bonjour <b>à tous</b>.").sees_not("Corriger");
    admin.opens("/gestion/2024").await.sees_not("Fil info : à lire");
    admin.opens("/informations/2024/publication").await.is(403);

    let liste = draio.opens("/informations/2024/publication").await;
    liste.sees("1 sur 1 personne");
    let page = draio.opens(&liste.link("Webinaires")).await;
    page.sees("Ouverte par 1 sur 1 personne")
        .sees("Dans chaque établissement à qui elle s’adresse, quelqu’un l’a ouverte.")
        .sees_not("0590001A");
    let corrections = [("contenu", "Nouveau lien."), ("relire[]", "oui"), ("retrait", "2023-11-30")];
    let liste = draio.submits(&page, "Enregistrer la correction", &corrections).await;
    liste
        .is(200)
        .sees("La correction est enregistrée")
        .sees("0 sur 1 personne, 1 avant la dernière correction");
    draio
        .opens(&page.url)
        .await
        .sees("1 établissement sur 1 où personne ne l’a ouverte depuis la dernière correction")
        .sees("0590001A");
    admin.opens("/informations/2024").await.sees("Non lue").sees("Webinaires");
    // The last day said is a day when it is read.
    t.at("2023-11-30T23:59");
    admin.opens("/informations/2024").await.sees("Webinaires");
    t.at("2023-12-01T00:00");
    admin.opens("/informations/2024").await.sees_not("Webinaires");
    t.at("2023-11-21T10:00");
    let page = draio.opens(&liste.link("Webinaires")).await;
    draio.submits(&page, "Retirer l’information", &[]).await.is(200).sees("Retirée");
    admin.opens("/informations/2024").await.sees("Aucune information");
}

#[tokio::test]
async fn an_item_programmed_says_its_instant_and_one_changed_meanwhile_is_a_conflict() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let (compte, _) = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await;
    let mut n = t.navigateur_de(compte).await;
    let page = n.opens("/informations/2024/publication/nouvelle").await;
    page.is(200).sees("Bordeaux");
    let nuit = [("titre", "Demain"), ("contenu", "Texte"), ("jour", "2024-03-31"), ("heure", "2:30")];
    let refus = n.submits(&page, "Publier", &nuit).await;
    refus.is(422).sees("l’heure change entre 2 h et 3 h");
    let cases = [("familles[]", "paramedical"), ("statuts[]", "apprentissage")];
    let refus = n.submits(&refus, "Publier", &cases).await;
    let liste = n.submits(&refus, "Publier", &[("jour", "2023-11-21"), ("heure", "9 h")]).await;
    liste.sees("formations : Formations paramédicales ; statut : En apprentissage");
    liste.is(200).sees("Programmée").sees("mardi 21 novembre 2023 à 9 h");
    let (un, deux) = (n.opens(&liste.link("Demain")).await, n.opens(&liste.link("Demain")).await);
    assert!(un.html.contains("value=\"09:00\"") && un.html.contains("value=\"2023-11-21\""));
    n.submits(&un, "Enregistrer la correction", &[("titre", "Après-demain")]).await.is(200);
    n.submits(&deux, "Enregistrer la correction", &[("titre", "Jamais")]).await.is(409);
}

#[tokio::test]
async fn the_technical_calendar_is_the_one_in_force_on_the_page_in_the_file_and_in_the_agenda() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let etab = t.etablissement("0590001A", "Lycée d’essai").await;
    let lecteur = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::Lecteur) };
    let (compte, _) = t.personne("lecteur@essai.example", lecteur).await;
    let mut n = t.navigateur_de(compte).await;
    let fil = n.opens("/informations/2024").await;
    let page = n.opens(&fil.link("Calendrier technique de la session")).await;
    page.is(200)
        .sees("Paramétrage des formations")
        .sees("mercredi 13 décembre 2023 à 23 h 59")
        .sees("Candidat")
        .sees("jeudi 30 mai 2024 à 18 h 59 Équipe nationale")
        .sees("jeudi 12 septembre 2024 à 23 h 59 Tout le monde");
    let agenda = n.opens(&page.link("Mettre dans mon agenda (.ics)")).await;
    agenda.is(200);
    assert!(agenda.html.contains("DTEND:20231213T230000Z"), "{}", agenda.html);
    n.opens("/informations/2024/calendrier/document").await.is(200);
    // A closing put off is in all of them at once, without anybody writing it again.
    t.sql("UPDATE echeance SET ferme_le = ferme_le + 86400000 WHERE etape = 'parametrage'", vec![]).await;
    n.opens("/informations/2024/calendrier").await.sees("jeudi 14 décembre 2023 à 23 h 59");
    let candidat = t.candidat("c@essai.example", domain::candidats::TypeBac::General).await;
    t.navigateur_de(candidat.compte).await.opens("/informations/2024/calendrier").await.is(403);
}

#[tokio::test]
async fn a_head_accepts_the_charter_and_an_administrator_reads_by_whom() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let etab = t.etablissement("0590001A", "Lycée d’essai").await;
    t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
    let (national, _) = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await;
    let mut national = t.navigateur_de(national).await;
    let mut gens = Vec::new();
    for role in [Role::ChefEtab, Role::AdminSite] {
        let sur = Attribution { etablissement: Some(etab), ..Attribution::simple(role) };
        let (compte, _) = t.personne(&format!("{}@essai.example", role.code()), sur).await;
        gens.push(t.navigateur_de(compte).await);
    }
    let [chef, admin] = gens.as_mut_slice() else { panic!("two people") };
    chef.opens("/informations/2024/charte").await.is(200).sees("n’est pas encore publiée");
    let page = national.opens("/informations/2024/charte/nouvelle").await;
    let vide = national.submits(&page, "Publier cette version", &[("charte", " ")]).await;
    vide.is(422).sees("Écrivez le texte de la charte.");
    let apercu =
        national.submits(&vide, "Voir l’aperçu", &[("charte", "# Principes\n\nDire la vérité.")]).await;
    assert!(apercu.html.contains("<h3>Principes</h3>"));
    national.submits(&apercu, "Publier cette version", &[]).await.is(200).sees("0 sur 1 établissement");
    let accueil = chef.opens("/gestion/2024").await;
    let page = chef.opens(&accueil.link("Accepter la charte de la procédure")).await;
    let refus = chef.submits(&page, "Accepter la charte", &[]).await;
    refus.is(422).sees("Cochez la case pour dire que vous avez lu la charte");
    admin.opens("/informations/2024/charte").await.sees("Non acceptée").sees_not("J’ai lu cette charte");
    let page = chef.submits(&refus, "Accepter la charte", &[("engagement", "oui")]).await;
    page.is(200).sees("La charte est acceptée, à votre nom").sees("Par Camille Essai");
    admin.opens("/informations/2024/charte").await.sees("Acceptée").sees("Par Camille Essai");
    chef.opens("/gestion/2024").await.sees_not("Accepter la charte");
    national.opens("/informations/2024/charte").await.sees("1 sur 1 établissement");
}

#[tokio::test]
async fn r_cha_05_a_version_that_another_replaced_is_read_again_as_it_was() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let etab = t.etablissement("0590001A", "Lycée d’essai").await;
    let (national, _) = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await;
    let mut national = t.navigateur_de(national).await;
    let sur = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::ChefEtab) };
    let (chef, _) = t.personne("chef@essai.example", sur).await;
    let mut chef = t.navigateur_de(chef).await;
    for texte in ["# Principes\n\nDire la vérité.", "Dire la vérité, et répondre."] {
        let page = national.opens("/informations/2024/charte/nouvelle").await;
        national.submits(&page, "Publier cette version", &[("charte", texte)]).await.is(200);
    }
    let page = chef.opens("/informations/2024/charte").await;
    page.is(200).sees("et répondre").sees_not("Principes");
    let avant = chef.opens(&page.link("Version 1, publiée le")).await;
    avant
        .is(200)
        .sees("ancienne version 1")
        .sees("Principes")
        .sees("n’est plus en vigueur")
        .sees_not("J’ai lu");
    chef.opens(&avant.link("Lire la version en vigueur")).await.is(200).sees("et répondre");
    chef.opens("/informations/2024/charte?version=2")
        .await
        .is(200)
        .sees("J’ai lu")
        .sees_not("ancienne version");
    for faux in ["0", "3", "un"] {
        chef.opens(&format!("/informations/2024/charte?version={faux}")).await.is(404);
    }
}

#[tokio::test]
async fn r_inf_08_the_digest_is_stopped_on_the_account_or_from_the_mail() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let (compte, _) = t.personne("national@essai.example", Attribution::simple(Role::AdminNational)).await;
    let mut n = t.navigateur_de(compte).await;
    let page = n.opens("/informations/2024/publication/nouvelle").await;
    n.submits(&page, "Publier", &[("titre", "Jalons"), ("contenu", "Texte")]).await.is(200);
    app::taches::entretenir(&t.app).await.expect("maintained");
    let envois = t.envois().await;
    let arret = envois.iter().find_map(|e| e.arret.clone()).expect("the digest left");
    let url = arret.strip_prefix(&t.app.adresse).expect("on this site").to_owned();

    // Whoever reads the mail: a page, and a button.
    let mut anonyme = t.navigateur();
    let page = anonyme.opens(&url).await;
    page.is(200).sees("Ne plus recevoir le courriel du Fil info");
    n.opens("/compte").await.is(200).sees("Un courriel vous annonce").sees_not("Vous ne recevez pas");
    anonyme
        .submits(&page, "Ne plus recevoir ce courriel", &[])
        .await
        .is(200)
        .sees("Vous ne recevez plus ce courriel");
    let page = n.opens("/compte").await;
    page.sees("Vous ne recevez pas le courriel");
    let page = n.submits(&page, "Recevoir ce courriel", &[]).await;
    page.is(200).sees("Vous recevrez de nouveau le courriel du Fil info");
    // Their mail program, which knows no page of ours and follows no redirection.
    let mut programme = t.navigateur();
    programme.posts(&url, &[("List-Unsubscribe", "One-Click")]).await.is(200);
    let page = n.opens("/compte").await;
    page.sees("Vous ne recevez pas le courriel");
    n.submits(&page, "Recevoir ce courriel", &[]).await.is(200);
    let page = n.opens("/compte").await;
    let page = n.submits(&page, "Ne plus recevoir ce courriel", &[]).await;
    page.is(200).sees("Vous ne recevrez plus le courriel du Fil info");
    programme.opens("/resume/aaaaaaaaaaaaaaaaaaaaaaaaaa").await.is(404);
    // Who does not read the Fil info is asked nothing.
    let candidat = t.candidat("c@essai.example", domain::candidats::TypeBac::General).await;
    t.navigateur_de(candidat.compte).await.opens("/compte").await.is(200).sees_not("Fil info");
}
