//! `/api`: what programs of establishments read and write. Parses, calls one use case, answers in JSON.

use std::collections::HashMap;
use std::sync::LazyLock;

mod appel;
mod document;
mod probleme;
pub mod v1;
mod webhooks;

pub(crate) use probleme::titre;

use axum::Router;
use axum::http::{Method, StatusCode};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use tower_http::catch_panic::CatchPanicLayer;

use crate::socle::{EtatWeb, Ligne};

/// Every route, with who may reach it; those of sandboxes where they are opened.
pub fn lignes(bac_a_sable: bool) -> Vec<Ligne> {
    v1::interface(bac_a_sable).fin().1
}

/// The description of the interface, as it is served, with what is sent to programs.
pub fn description(bac_a_sable: bool) -> serde_json::Value {
    let mut description = serde_json::to_value(v1::interface(bac_a_sable).document()).unwrap_or_default();
    webhooks::describe(&mut description);
    description
}

/// The same as it goes out, made once.
fn description_served(bac_a_sable: bool) -> &'static [u8] {
    static TOUTES: [LazyLock<Vec<u8>>; 2] = [LazyLock::new(|| made(false)), LazyLock::new(|| made(true))];
    fn made(bac_a_sable: bool) -> Vec<u8> {
        serde_json::to_vec(&description(bac_a_sable)).unwrap_or_default()
    }
    &TOUTES[usize::from(bac_a_sable)]
}

/// What takes as long as a file does, and whether a file is sent, by method and route.
fn longue(methode: &Method, route: &str) -> Option<bool> {
    static LONGUES: LazyLock<HashMap<(Method, &'static str), bool>> =
        LazyLock::new(|| v1::interface(true).longues());
    LONGUES.iter().find(|((m, r), _)| m == methode && *r == route).map(|(_, fichier)| *fichier)
}

fn opens_bacs(etat: &EtatWeb) -> bool {
    etat.demo.as_ref().is_some_and(|d| d.bac_a_sable)
}

async fn rien() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

/// The routes and what they stand on: no session, no form, no page.
pub(crate) fn router(etat: &EtatWeb) -> Router<EtatWeb> {
    let (routes, _) = v1::interface(opens_bacs(etat)).fin();
    routes
        .route("/api", any(rien))
        .route("/api/{*reste}", any(rien))
        .layer(CatchPanicLayer::new())
        .layer(axum::extract::DefaultBodyLimit::disable())
        .layer(from_fn_with_state(etat.clone(), appel::machine))
}
