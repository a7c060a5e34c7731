//! R-DOC-01: the PDF through its page, as the product sets it.

use std::sync::Arc;

use app::documents::Imprimerie;
use documents::Typographe;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, TestApp};

fn compte(octets: &[u8], texte: &str) -> usize {
    octets.windows(texte.len()).filter(|f| *f == texte.as_bytes()).count()
}

#[tokio::test]
async fn r_doc_01_the_page_gives_an_accessible_pdf() {
    let t = TestApp::with_session_2024(Base::sqlite())
        .await
        .with_imprimerie(Imprimerie::new(Arc::new(Typographe), 2));
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    for nom in ["BTS Électronique", "BTS Mécanique"] {
        t.formation(etablissement, nom, Famille::Bts, true, 24, true).await;
    }
    t.at("2023-11-20T10:00");
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let mut n = t.navigateur_de(t.personne("admin@lycee.example", a).await.0).await;
    let accueil = n.opens("/gestion/2024").await;
    let pdf = n.opens(&accueil.link("Récapitulatif (PDF)")).await;
    pdf.is(200);
    assert_eq!(pdf.entetes["content-type"], "application/pdf");
    let octets = &pdf.octets;
    assert!(octets.starts_with(b"%PDF-1.7") && octets.len() > 20_000, "{} bytes", octets.len());
    // One of the establishment at least, then each course on its own.
    let pages = compte(octets, "/Type/Page") - compte(octets, "/Type/Pages");
    assert!(pages >= 3, "{pages} pages");
    for dit in ["/Lang(fr-FR)", "/StructTreeRoot", "<pdfuaid:part>1</pdfuaid:part>", "/S/TH"] {
        assert!(compte(octets, dit) > 0, "no {dit}");
    }
}
