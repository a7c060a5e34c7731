//! The published offer, read by anybody.

use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use domain::formations::description::RubriqueFiche;
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
async fn a_filter_that_does_not_exist_is_said_and_nothing_else_is_listed() {
    let (t, _) = prepare().await;
    let mut n = t.navigateur();
    let page = n.opens("/formations?famille=%3Cscript%3E&rayon=7&tri=distance").await;
    page.is(422)
        .sees("3 erreurs")
        .sees("Pour classer par distance, indiquez une ville.")
        .sees_not("26 formations");
    assert!(!page.html.contains("<script>"), "{}", page.html);
    n.opens("/formations?page=999").await.is(200).sees("page 2 sur 2");
    n.opens("/formations?page=abc").await.is(200).sees("page 1 sur 2");
}

/// Without a script: the town is typed, an unknown one is answered with its spelling, one of several with a choice.
#[tokio::test]
async fn r_for_27_any_town_is_typed_and_the_closest_courses_come_first() {
    let (t, _) = prepare().await;
    t.sql("UPDATE formation_session SET latitude = 49.894, longitude = 2.296", vec![]).await;
    for (nom, code, departement, latitude, longitude) in [
        ("Corbie", "80800", "80", 49.908, 2.51),
        ("Saint-Aubin", "02300", "02", 49.55, 3.16),
        ("Saint-Aubin", "62170", "62", 50.45, 1.71),
    ] {
        t.sql(
            "INSERT INTO commune (nom, recherche, code_postal, departement, latitude, longitude)
             VALUES ($1, $2, $3, $4, $5, $6)",
            vec![
                nom.to_owned().into(),
                domain::territoires::cle_commune(nom).into(),
                code.to_owned().into(),
                departement.to_owned().into(),
                latitude.into(),
                longitude.into(),
            ],
        )
        .await;
    }
    let mut n = t.navigateur();
    let page = n.opens("/formations").await;
    let saisie = [("pres", "corbie"), ("rayon", "20"), ("famille", "bts")];
    let page = n.submits(&page, "Appliquer", &saisie).await;
    page.is(200)
        .sees("1 formation trouvée à moins de 20 km de Corbie (80)")
        .sees("À moins de 20 km de Corbie (80) : retirer ce filtre")
        .sees("à 15 km");
    assert!(page.url.contains("famille=bts"), "{}", page.url);
    // Nothing as near: the same search, farther.
    let page = n.submits(&page, "Appliquer", &[("rayon", "10")]).await;
    page.is(200).sees("Aucune formation trouvée à moins de 10 km de Corbie (80)");
    let page = n.opens(&page.link("Chercher à moins de 20 km de Corbie (80)")).await;
    page.is(200).sees("1 formation trouvée à moins de 20 km de Corbie (80)");
    // A page keeps the town.
    let page = n.opens("/formations?pres=Corbie&rayon=50").await;
    page.is(200).sees("26 formations trouvées à moins de 50 km de Corbie (80), page 1 sur 2");
    let page = n.opens(&page.link("Page suivante")).await;
    page.is(200).sees("page 2 sur 2").sees("à 15 km");
    let page = n.opens("/formations?pres=Corbi&rayon=20&famille=bts").await;
    page.is(422).sees("Aucune ville connue ne répond à « Corbi »").sees("au nom proche");
    let page = n.opens(&page.link("Corbie (Somme, 80)")).await;
    page.is(200).sees("1 formation trouvée à moins de 20 km de Corbie (80)");
    // Towns of one name: that of the department that is searched, else a choice.
    let page = n.opens("/formations?pres=Saint-Aubin").await;
    page.is(422)
        .sees("Plusieurs villes répondent à « Saint-Aubin »")
        .sees("Saint-Aubin (Aisne, 02)")
        .sees_not("formations trouvées");
    let page = n.opens(&page.link("Saint-Aubin (Pas-de-Calais, 62)")).await;
    page.is(200).sees("à moins de 50 km de Saint-Aubin (62)");
    n.opens("/formations?pres=Saint-Aubin&departement=62").await.is(200).sees("Saint-Aubin (62)");
    let page = n.opens("/formations?pres=Zzyzx").await;
    page.is(422).sees("indiquez une ville voisine").sees_not("De quelle ville");
    assert!(!n.opens("/formations?pres=%3Cscript%3E").await.html.contains("<script>"));
}

#[tokio::test]
async fn before_its_day_the_offer_says_when_it_opens() {
    let (t, id) = prepare().await;
    t.at("2023-12-20T11:59");
    let mut n = t.navigateur();
    for url in ["/formations".to_owned(), "/formations?pres=Amiens".to_owned(), format!("/formations/{id}")] {
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

/// The anchors that the table of contents leads to are those of the six sections, in its order, and nothing is outside them.
#[tokio::test]
async fn r_for_32_the_sheet_is_read_in_six_rubrics_that_its_table_of_contents_leads_to() {
    let (t, id) = prepare().await;
    let page = t.navigateur().opens(&format!("/formations/{id}")).await;
    page.is(200).sees("Dans cette page").sees("Historique des publications").sees("Établissement et lieu");
    let mut avant = 0;
    for r in RubriqueFiche::ALL {
        assert_eq!(page.link(r.libelle()), format!("#{}", r.ancre()));
        let debut = format!("<section class=\"rubrique\" id=\"{}\"", r.ancre());
        let ici = page.html.find(&debut).expect("a section of that anchor");
        assert!(ici > avant, "{debut} comes too early");
        avant = ici;
    }
    assert_eq!(page.html.matches("<h2").count(), RubriqueFiche::ALL.len(), "{}", page.html);
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
