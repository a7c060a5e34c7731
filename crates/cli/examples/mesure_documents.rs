//! Times the PDF of what an establishment declared, through the page that gives it, on a throwaway SQLite base: 40 courses, then
//! 400. Fails beyond the seconds given: `mesure_documents 5 40`.
#![expect(clippy::unwrap_used, reason = "a tool for developers: a surprise must stop it")]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use app::Plateforme;
use app::documents::Imprimerie;
use documents::Typographe;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{Base, TestApp};

/// Courses, and turns of which the median is kept.
const MESURES: [(usize, usize); 2] = [(40, 5), (400, 3)];

/// The platform of the tests, with the printer of the product.
fn avec_typographe(t: TestApp) -> TestApp {
    let app = Arc::into_inner(t.app).unwrap();
    TestApp { app: Arc::new(Plateforme { imprimerie: Imprimerie::new(Arc::new(Typographe), 2), ..app }), ..t }
}

/// As many pages as the tree of pages says.
fn pages(pdf: &[u8]) -> usize {
    // « /Type/Pages » is the tree itself.
    let marque = b"/Type/Page";
    pdf.windows(marque.len() + 1).filter(|f| f.starts_with(marque) && f.last() != Some(&b's')).count()
}

async fn mesure(formations: usize, tours: usize) -> f64 {
    let t = avec_typographe(TestApp::with_session_2024(Base::sqlite()).await);
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    for n in 0..formations {
        t.formation(etablissement, &format!("BTS Spécialité {n}"), Famille::Bts, true, 24, false).await;
    }
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (compte, _) = t.personne("admin@lycee.example", a).await;
    t.at("2023-11-20T10:00");
    let mut n = t.navigateur_de(compte).await;
    let mut durees = Vec::new();
    let mut taille = (0, 0);
    for _ in 0..tours {
        let depart = Instant::now();
        let pdf = n.opens("/gestion/2024/recapitulatif.pdf").await;
        durees.push(depart.elapsed().as_secs_f64());
        assert!(pdf.octets.starts_with(b"%PDF-"), "{}: {}", pdf.statut, pdf.texte());
        taille = (pages(&pdf.octets), pdf.octets.len() / 1024);
    }
    durees.sort_by(f64::total_cmp);
    let mediane = durees[tours / 2];
    println!(
        "{formations} formations: {} pages, {} KiB in {mediane:.2} s (median of {tours}, from {:.2} to {:.2})",
        taille.0,
        taille.1,
        durees[0],
        durees[tours - 1]
    );
    mediane
}

#[tokio::main]
async fn main() -> ExitCode {
    let budgets: Vec<f64> = std::env::args().skip(1).map(|a| a.parse().unwrap()).collect();
    let mut tenu = true;
    for (i, (formations, tours)) in MESURES.into_iter().enumerate() {
        let mediane = mesure(formations, tours).await;
        tenu &= budgets.get(i).is_none_or(|budget| mediane <= *budget);
    }
    if tenu { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
