//! The web edge: parses a request, calls one use case, renders. Decides nothing.

pub mod api;
pub mod assets;
mod avis;
pub mod components;
pub mod entetes;
pub mod erreurs_page;
pub mod espaces;
mod fautes;
pub mod layout;
mod recours;
pub mod socle;
mod typographie;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use socle::{Acces, Demo, EtatWeb, Interne, Ligne, Mesures, Persona};

use crate::erreurs_page::FabriquePage;

/// The route table, without the demonstration's own routes unless it is one.
pub fn table(demo: bool) -> socle::Table {
    let table = socle::Table::new()
        .avec(espaces::commun::routes())
        .avec(espaces::public::routes())
        .avec(espaces::candidat::routes())
        .avec(espaces::gestion::routes())
        .avec(espaces::academie::routes())
        .avec(espaces::national::routes())
        .avec(espaces::exploitation::routes());
    if demo { table.avec(espaces::dev::routes()) } else { table }
}

/// The whole site.
pub fn router(etat: EtatWeb) -> Router {
    let (pages, _) = table(etat.demo.is_some()).fin();
    surround(pages, etat)
}

/// What every page stands on: context, error pages, limits, headers.
pub fn surround(pages: Router<EtatWeb>, etat: EtatWeb) -> Router {
    let site = etat.site.clone();
    let fabrique: FabriquePage = Arc::new(move |parts| {
        parts
            .extensions
            .get::<socle::Requete>()
            .map_or_else(|| layout::Page::new(site.clone(), ""), |r| r.page("").reference(&r.ctx.requete))
    });
    pages
        // Declared, so that an address that leads nowhere also gets its context, its page and its number.
        .fallback(|| async { StatusCode::NOT_FOUND })
        // WEB-5: below the error pages, so that a handler that panics also gets its page and its number.
        .layer(CatchPanicLayer::new())
        .layer(from_fn_with_state(fabrique, erreurs_page::habille))
        // The context middleware applies our own limits (ENT-1) before anything is read.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(etat.clone(), socle::contexte))
        .merge(api::router(&etat))
        .merge(assets::routes())
        .layer(CatchPanicLayer::new())
        .layer(CompressionLayer::new())
        .layer(from_fn(entetes::securite))
        .layer(from_fn(socle::observe))
        .with_state(etat)
}
