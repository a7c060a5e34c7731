//! Days of the catalogue through the pages: who sends one, what is refused, the dry run, the decision, the list, the files.

use domain::comptes::Role;
use domain::droits::Attribution;
use testkit::{Base, Navigateur, TestApp};

use crate::apprentissage::{fiche, imports};

const ICI: &str = "/academie/2024/apprentissage/journees";
const ENVOYER: &str = "Envoyer et voir ce qui changerait";
const COMPLETE: [(&str, &str); 1] = [("etendue", "complete")];

struct Scene {
    t: TestApp,
    national: Navigateur,
}

/// A session with its first day, received by a command.
async fn prepare(fiches: &[serde_json::Value]) -> Scene {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2023-11-20T10:00");
    let (national, _) = t.personne("national@exemple.fr", Attribution::simple(Role::AdminNational)).await;
    imports(&t, fiches).await;
    let national = t.navigateur_de(national).await;
    Scene { t, national }
}

fn json(fiches: &[serde_json::Value]) -> Vec<u8> {
    serde_json::to_vec_pretty(fiches).expect("JSON")
}

impl Scene {
    async fn works(&self) {
        while matches!(app::taches::executer_une(&self.t.app).await, Ok(true)) {}
    }

    async fn fiches(&self) -> i64 {
        self.t.nombre("SELECT COUNT(*) FROM fiche_apprentissage WHERE presente = 1", vec![]).await
    }
}

#[tokio::test]
async fn r_imp_11_a_day_is_sent_shown_then_applied_and_sent_twice_is_received_once() {
    let mut s = prepare(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Gestion")]).await;
    let page = s.national.opens("/national/2024").await;
    let page = s.national.opens(&page.link("Journées du catalogue")).await;
    // The national team is not let into the space of the academic service: its pages are read from its own.
    page.sees("Équipe nationale").sees_not("Service académique").sees("Archives");
    assert!(page.html.contains("<li><a href=\"/national/2024\">Équipe nationale</a></li>"), "{}", page.html);
    assert!(page.html.contains("href=\"/national\" aria-current=\"true\""), "{}", page.html);
    page.is(200).sees("1 journée").sees("Ligne de commande").sees("Créations : 2").sees("fiches.json");
    let mut fautive = fiche("f", "BTS Fautif");
    fautive["cfd"] = "320".into();
    let jour = json(&[
        fiche("a", "BTS Tourisme"),
        fiche("b", "BTS Gestion"),
        fiche("c", "BTS Comptabilité"),
        fautive,
    ]);
    let envoi = ("fichier", "jour.json", jour.as_slice());
    let page = s.national.fills_and_uploads(&page, ENVOYER, &COMPLETE, envoi).await;
    page.is(200).sees("Les fichiers sont reçus").sees("Lecture en cours").sees("En lecture");
    assert!(page.entetes.contains_key("refresh"), "the page comes back by itself");
    let arretee = s.national.opens(&page.link("Ne plus actualiser")).await;
    assert!(!arretee.is(200).entetes.contains_key("refresh"));
    s.works().await;

    let url = page.url.split('?').next().unwrap_or_default().to_owned();
    let page = s.national.opens(&url).await;
    page.is(200)
        .sees("À confirmer")
        .sees("Essai à blanc : rien n’est encore appliqué")
        .sees("Ce qui changerait");
    page.sees("Créations 1").sees("Fiches refusées 1").sees("jour.json").sees("créée");
    page.sees("c|1|2").sees("BTS Comptabilité");
    page.sees("n’a pas huit lettres ou chiffres (cfd).").sees("la fait corriger par son Carif-Oref");
    page.sees("BTS Fautif").sees("jour.json, fiche nº 4 (ligne ");
    let (change, decision) = (page.html.find("Ce qui changerait</h2>"), page.html.find("Décision</h2>"));
    assert!(change.is_some() && change < decision, "what changes is read before it is decided");
    assert!(!page.entetes.contains_key("refresh"));
    assert_eq!(s.fiches().await, 2, "a dry run writes nothing");
    let autre = s.national.opens(&url).await;
    let csv = s.national.opens(&page.link("Télécharger le compte rendu")).await;
    csv.is(200).sees("refusée").sees("c|1|2;BTS Comptabilité;");
    assert!(csv.entetes["content-disposition"].to_str().is_ok_and(|d| d.contains("journee-catalogue-2024")));

    let page = s.national.submits(&page, "Appliquer cette journée", &[]).await;
    page.is(200).sees("La journée est confirmée").sees("Application en cours").sees("Récépissé nº");
    let suite = page.url.clone();
    let tard = s.national.submits(&autre, "Abandonner cette journée", &[]).await;
    tard.is(409).sees("a changé depuis que vous l’avez ouverte");
    s.works().await;
    assert_eq!(s.fiches().await, 3);
    let page = s.national.opens(&suite).await;
    page.is(200).sees("La journée est appliquée : 1\u{a0}fiche créée, 1\u{a0}fiche refusée.");
    page.sees_not("La journée est confirmée");
    let page = s.national.opens(&url).await;
    page.is(200).sees("Appliquée").sees("Ce qui a changé").sees("Confirmée par Camille Essai");
    page.sees("Le procès-verbal gardé est celui qui a été signé.").sees_not("Appliquer cette journée");
    let pv = s.national.opens(&page.link("Télécharger le procès-verbal signé")).await;
    pv.is(200);
    assert!(pv.html.starts_with("parcoursup journee-catalogue 1\nsession 2024\n"), "{}", pv.html);
    s.national.opens(&page.link("Fiches refusées")).await.is(200).sees("1 fiche refusée");

    let page = s.national.opens(ICI).await;
    page.is(200).sees("2 journées").sees("Camille Essai").sees("Fiches refusées : 1").sees("jour.json, ");
    page.sees_not("SHA-256");
    let page = s.national.fills_and_uploads(&page, ENVOYER, &COMPLETE, envoi).await;
    page.is(200).sees("avaient déjà été reçus : rien n’est enregistré de nouveau").sees("Appliquée");
    assert_eq!(page.url.split('?').next(), Some(url.as_str()));
    s.national.opens(ICI).await.is(200).sees("2 journées");
}

#[tokio::test]
async fn r_imp_11_a_wrong_file_is_refused_in_french_and_nothing_typed_is_lost() {
    let mut s = prepare(&[fiche("a", "BTS Tourisme")]).await;
    let page = s.national.opens(ICI).await;
    let saisie = [("etendue", "partielle"), ("flux", "essai")];
    for (nom, octets, dit) in [
        ("", "", "Choisissez au moins un fichier"),
        ("jour.pdf", "%PDF-1.7", "n’annonce pas ce qui est attendu : fiches du catalogue (.json, .jsonl"),
        ("jour.json", "<lheo/>", "son contenu n’est pas celui que son nom annonce"),
        ("jour.xml", "", "Le fichier « jour.xml » est vide"),
    ] {
        let refus =
            s.national.fills_and_uploads(&page, ENVOYER, &saisie, ("fichier", nom, octets.as_bytes())).await;
        refus.is(422).sees(dit);
        assert!(refus.html.contains("value=\"essai\""), "{}", refus.texte());
        assert!(refus.html.contains("value=\"partielle\" checked"), "{}", refus.texte());
    }
    let jour = json(&[fiche("b", "BTS Gestion")]);
    let envoi = ("fichier", "jour.json", jour.as_slice());
    // Whether absence means removal is never guessed.
    let refus = s.national.fills_and_uploads(&page, ENVOYER, &[("flux", "Mon flux")], envoi).await;
    refus.is(422).sees("Un flux se nomme en minuscules").sees("Choisissez de nouveau les fichiers");
    refus.sees("Dites si les fichiers ont toutes les fiches, ou seulement ce qui change.");
    let rien = ("fichier", "", b"".as_slice());
    let refus = s.national.fills_and_uploads(&page, ENVOYER, &[("flux", "Mon flux")], rien).await;
    refus.is(422).sees("Un flux se nomme en minuscules").sees("Choisissez au moins un fichier");
    // What only the reading finds out.
    let envoi = ("fichier", "jour.json", b"[{\"id_formation\": \"a\"".as_slice());
    let page = s.national.fills_and_uploads(&page, ENVOYER, &COMPLETE, envoi).await;
    s.works().await;
    let url = page.url.split('?').next().unwrap_or_default().to_owned();
    let page = s.national.opens(&url).await;
    page.is(200)
        .sees("Refusée")
        .sees("Les fichiers ne peuvent pas être repris")
        .sees("s’arrête avant sa fin");
    page.sees("Envoyer de nouveau").sees_not("Les fichiers sont reçus");
    s.national.opens(&format!("{url}/export")).await.is(404);
    s.national.opens(&format!("{url}/proces-verbal")).await.is(404);
    assert_eq!(s.fiches().await, 1);
}

#[tokio::test]
async fn r_imp_11_r_app_05_a_day_that_is_held_says_why_and_what_to_do() {
    let tout: Vec<_> = (0..30).map(|n| fiche(&format!("f{n:02}"), &format!("BTS Essai {n}"))).collect();
    let mut s = prepare(&tout).await;
    let coupe = json(&tout[..10]);
    let envoi = ("fichier", "jour.json", coupe.as_slice());
    let page = s.national.opens(ICI).await;
    let page = s.national.fills_and_uploads(&page, ENVOYER, &COMPLETE, envoi).await;
    s.works().await;
    let url = page.url.split('?').next().unwrap_or_default().to_owned();
    let page = s.national.opens(&url).await;
    page.is(200).sees("Cette journée est retenue").sees("20 des 30 fiches connues de ce flux");
    page.sees("S’ils n’ont que ce qui change : « Relire comme un envoi partiel ».");
    page.sees("Retraits 20").sees_not("Appliquer cette journée");
    let refus = s.national.submits(&page, "Retirer ces fiches et appliquer", &[]).await;
    refus.is(422).sees("Cochez cette case si ces fiches ont vraiment quitté le catalogue.");
    let page = s.national.submits(&refus, "Relire comme un envoi partiel", &[]).await;
    page.is(200).sees("relue comme un envoi partiel");
    s.works().await;
    s.national.opens(&url).await.is(200).sees("Rien à changer").sees("il n’y a rien à appliquer");
    let page = s.national.opens(ICI).await;
    let page = s.national.fills_and_uploads(&page, ENVOYER, &COMPLETE, envoi).await;
    s.works().await;
    let url = page.url.split('?').next().unwrap_or_default().to_owned();
    let page = s.national.opens(&url).await;
    let page = s.national.submits(&page, "Retirer ces fiches et appliquer", &[("retraits", "oui")]).await;
    page.is(200).sees("La journée est confirmée");
    s.works().await;
    s.national.opens(&url).await.is(200).sees("Appliquée").sees("Retraits 20");
    assert_eq!(s.fiches().await, 10);
}

#[tokio::test]
async fn r_dro_01_r_imp_11_an_academic_service_reads_the_list_and_an_establishment_nothing() {
    let mut s = prepare(&[fiche("a", "BTS Tourisme")]).await;
    let page = s.national.opens(ICI).await;
    let jour = json(&[fiche("a", "BTS Tourisme"), fiche("b", "BTS Gestion")]);
    let envoi = ("fichier", "jour.json", jour.as_slice());
    let page = s.national.fills_and_uploads(&page, ENVOYER, &COMPLETE, envoi).await;
    let url = page.url.split('?').next().unwrap_or_default().to_owned();
    let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
    let (agent, _) = s.t.personne("agent@ac.example", a).await;
    let mut agent = s.t.navigateur_de(agent).await;
    let liste = agent.opens("/academie/2024/apprentissage").await;
    let liste = agent.opens(&liste.link("Journées reçues du catalogue")).await;
    liste
        .is(200)
        .sees("2 journées")
        .sees("En lecture")
        .sees_not("Envoyer une journée")
        .sees_not("Compte rendu");
    for fin in ["", "/export", "/proces-verbal"] {
        agent.opens(&format!("{url}{fin}")).await.is(404);
    }
    let page = agent.opens("/aide").await;
    let jeton = page.jeton().to_owned();
    let paires = [("_jeton".to_owned(), jeton.clone()), ("etendue".to_owned(), "complete".to_owned())];
    agent.posts_file(&format!("{ICI}/import"), &paires, "fichier", "jour.json", &jour).await.is(404);
    agent.posts(&url, &[("_jeton", &jeton), ("acte", "abandonner")]).await.is(404);
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM journee_catalogue", vec![]).await, 2);
    let etablissement = s.t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (admin, _) = s.t.personne("admin@lycee.example", a).await;
    let mut admin = s.t.navigateur_de(admin).await;
    admin.opens(ICI).await.is(403);
    let mut anonyme = s.t.navigateur();
    assert!(anonyme.opens(ICI).await.url.starts_with("/connexion"));
}
