//! The published offer, read by anybody.

use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::TestApp;

async fn prepare() -> (TestApp, String) {
    let t = TestApp::with_session_2024(testkit::Base::sqlite()).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(etablissement, "BTS Électronique", Famille::Bts, true, 24, true).await;
    t.formation(etablissement, "BTS Caché", Famille::Bts, true, 24, false).await;
    for i in 0..25 {
        t.formation(
            etablissement,
            &format!("Licence – Lettres {i:02}"),
            Famille::Licence,
            false,
            100 + i,
            true,
        )
        .await;
    }
    t.at_opening(Etape::Consultation).await;
    (t, f.public_id)
}

#[tokio::test]
async fn the_search_finds_pages_and_keeps_its_filters() {
    let (t, _) = prepare().await;
    let mut n = t.navigateur();
    let page = n.opens("/formations").await;
    page.is(200).sees("26 formations trouvées, page 1 sur 2");
    let page = n.submits(&page, "Rechercher", &[("q", "electronique amiens")]).await;
    page.is(200)
        .sees("1 formation trouvée")
        .sees("24 places")
        .sees("sans frais de scolarité")
        .sees_not("Caché");
    let page = n.submits(&page, "Appliquer", &[("q", "lettres"), ("famille", "licence")]).await;
    page.is(200).sees("25 formations trouvées").sees("Licence : retirer ce filtre");
    let page = n.opens(&page.link("Page suivante")).await;
    page.is(200).sees("page 2 sur 2").sees("Lettres 24");
    assert!(page.url.contains("famille=licence") && page.url.contains("q=lettres"), "{}", page.url);
    let page = n.opens(&page.link("retirer ce filtre")).await;
    page.is(200).sees("25 formations trouvées");
    assert!(!page.url.contains("famille"), "{}", page.url);
    n.opens("/formations?q=inexistant").await.is(200).sees("Aucune formation trouvée").sees("moins de mots");
}

#[tokio::test]
async fn a_filter_that_does_not_exist_is_said_and_the_list_is_still_there() {
    let (t, _) = prepare().await;
    let mut n = t.navigateur();
    let page = n.opens("/formations?famille=%3Cscript%3E&rayon=7&tri=distance").await;
    page.is(422)
        .sees("3 erreurs")
        .sees("Pour classer par distance, choisissez une ville.")
        .sees("26 formations");
    assert!(!page.html.contains("<script>"), "{}", page.html);
    n.opens("/formations?page=999").await.is(200).sees("page 2 sur 2");
    n.opens("/formations?page=abc").await.is(200).sees("page 1 sur 2");
}

#[tokio::test]
async fn before_its_day_the_offer_says_when_it_opens() {
    let (t, id) = prepare().await;
    t.at("2023-12-20T11:59");
    let mut n = t.navigateur();
    for url in ["/formations".to_owned(), format!("/formations/{id}")] {
        n.opens(&url).await.is(200).sees("mercredi 20 décembre 2023 à 12\u{a0}h").sees_not("Électronique");
    }
}

#[tokio::test]
async fn the_sheet_says_everything_and_leads_to_the_wish_when_wishes_are_open() {
    let (t, id) = prepare().await;
    let mut n = t.navigateur();
    let page = n.opens("/formations?q=electronique").await;
    let page = n.opens(&page.link("BTS Électronique")).await;
    page.is(200)
        .sees("Lycée Jules-Verne – Amiens (80)")
        .sees("24 places")
        .sees("Formation sélective")
        .sees("Somme")
        .sees("Première publication")
        .sees(
            "Vous pourrez ajouter cette formation à vos vœux à partir du mercredi 17 janvier 2024 à 0\u{a0}h",
        )
        .sees_not("Ajouter à mes vœux");
    t.during(Etape::Voeux).await;
    let page = n.opens(&format!("/formations/{id}")).await;
    assert_eq!(page.link("Ajouter à mes vœux"), format!("/candidat/voeux/ajouter?formation={id}"));
    t.at_closing(Etape::Voeux).await;
    let page = n.opens(&format!("/formations/{id}")).await;
    page.is(200).sees("est close depuis le jeudi 14 mars 2024 à 23\u{a0}h\u{a0}59");
}

#[tokio::test]
async fn what_is_not_published_is_not_found() {
    let (t, _) = prepare().await;
    let etablissement = t.etablissement("0800002B", "Lycée voisin").await;
    let cache = t.formation(etablissement, "BTS Voisin", Famille::Bts, true, 24, false).await.public_id;
    let (compte, _) = t.personne("nat@example.org", Attribution::simple(Role::AdminNational)).await;
    let mut n = t.navigateur_de(compte).await;
    for id in [cache.as_str(), "aaaaaaaaaaaaaaaaaaaaaaaaaa", "1", "%00"] {
        n.opens(&format!("/formations/{id}")).await.is(404);
    }
}
