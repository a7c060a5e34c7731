//! `/api`: what programs of establishments read and write. Parses, calls one use case, answers in JSON.

mod appel;
mod document;
mod probleme;
pub mod v1;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use tower_http::catch_panic::CatchPanicLayer;

use crate::socle::{EtatWeb, Ligne};

/// Every route, with who may reach it; those of sandboxes where they are opened.
pub fn lignes(bac_a_sable: bool) -> Vec<Ligne> {
    v1::interface(bac_a_sable).fin().1
}

/// The description of the interface, as it is served.
pub fn description(bac_a_sable: bool) -> serde_json::Value {
    serde_json::to_value(v1::interface(bac_a_sable).document()).unwrap_or_default()
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
