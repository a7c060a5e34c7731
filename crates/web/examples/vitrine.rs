//! Serves the showcase of components on the loopback: `cargo run -p web --example vitrine [port] [etat]`.

use std::sync::Arc;

use axum::Router;
use axum::extract::Query;
use axum::http::HeaderMap;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use std::collections::HashMap;
use web::components::{Alerte, vitrine};
use web::erreurs_page::{self, FabriquePage};
use web::layout::{Apparence, Identite, Lien, Moment, Page, Personne, Site};
use web::{assets, entetes};

fn page(site: Site, apparence: Apparence) -> Page {
    Page::new(site, "")
        .session("Session 2024")
        .navigation(vec![
            Lien::new("Tableau de bord", "/dev/composants"),
            Lien::new("Mes vœux", "/dev/composants").courant(true),
            Lien::new("Mon dossier", "/dev/composants"),
            Lien::new("Messagerie", "/dev/composants"),
        ])
        .ariane(vec![Lien::new("Outils de démonstration", "/dev")])
        .personne(Some(Personne {
            nom: "Léa Martin".into(),
            role: "Candidate".into(),
            jeton: "exemple".into(),
        }))
        .moment(Some(Moment { date: "mercredi 13 mars 2024, 10 h".into(), url: "/dev".into() }))
        .avis(Some(Alerte::succes("Vous êtes connectée.")))
        .apparence(apparence)
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let port = arguments.first().and_then(|texte| texte.parse().ok()).unwrap_or(8123_u16);
    let etat = arguments.iter().any(|argument| argument == "etat");
    let identite = if etat { Identite::Etat } else { Identite::Neutre };
    let site = Site { identite, demonstration: !etat, ..Site::default() };

    let modele = site.clone();
    let fabrique: FabriquePage = Arc::new(move |_| Page::new(modele.clone(), "").reference("7F3K-92QX"));
    let maintenant = "2024-03-11T22:00:00Z".parse().map_err(std::io::Error::other)?;
    let composants = move |Query(demande): Query<HashMap<String, String>>, cookies: HeaderMap| async move {
        let choisie = demande.get("apparence").and_then(|code| Apparence::lit(code));
        let apparence = choisie.unwrap_or_else(|| Apparence::de_la_requete(&cookies));
        vitrine::composants(page(site, apparence), "exemple", maintenant)
    };
    let application = Router::new()
        .route("/dev/composants", get(composants))
        .merge(assets::routes())
        .layer(from_fn_with_state(fabrique, erreurs_page::habille))
        .layer(from_fn(entetes::securite));
    let ecoute = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://127.0.0.1:{port}/dev/composants");
    axum::serve(ecoute, application).await
}
