//! The published offer in one file.

use domain::formations::Famille;
use testkit::{Base, TestApp};

#[tokio::test]
async fn r_for_20_the_file_of_the_offer_is_downloaded_and_versioned() {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    t.at("2024-02-01T10:00");
    let etab = t.etablissement("0590001A", "Lycée d’essai").await;
    t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
    let mut n = t.navigateur();
    let page = n.opens("/formations").await;
    let page = n.opens(&page.link("Toute l’offre en un fichier")).await;
    page.is(200).sees("frais_euros").sees("If-None-Match");
    let url = page.link("Télécharger l’offre (CSV)");
    let fichier = n.opens(&url).await;
    fichier.is(200);
    let dit =
        |nom: &str| fichier.entetes.get(nom).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!(dit("content-type"), "text/csv; charset=utf-8");
    assert_eq!(dit("content-disposition"), "attachment; filename=\"offre-parcoursup-2024.csv\"");
    assert!(dit("cache-control").starts_with("public, max-age="), "{}", dit("cache-control"));
    assert!(fichier.octets.starts_with("\u{feff}identifiant;session;uai;".as_bytes()));
    assert!(fichier.html.contains("BTS Essai"), "{}", fichier.html);
    let mut relit = t.navigateur().with_header("if-none-match", &dit("etag"));
    relit.opens(&url).await.is(304);
    t.sql("UPDATE formation_session SET etat = 'brouillon', version = version + 1", vec![]).await;
    let apres = relit.opens(&url).await;
    apres.is(200);
    assert!(!apres.html.contains("BTS Essai"), "{}", apres.html);
    t.at("2023-11-20T10:00");
    n.opens("/formations/donnees").await.is(200).sees("pas encore publiée");
}
