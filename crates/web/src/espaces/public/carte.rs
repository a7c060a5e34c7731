//! `/carte`: the drawing of a map, as a picture. Nothing of anybody is in it: what it shows is in its address.

use app::AppError;
use axum::extract::Query;
use axum::http::header;
use axum::response::IntoResponse;
use serde::Deserialize;

use crate::components::plan::{Taille, Vue, lit_point, svg};
use crate::entetes::en_cache_public;
use crate::socle::Resultat;

/// The same address is the same drawing.
const GARDEE_S: u32 = 86_400;

#[derive(Deserialize)]
pub struct Parametres {
    vue: String,
    taille: String,
    point: Option<String>,
}

pub async fn get_carte(Query(p): Query<Parametres>) -> Resultat {
    let vue = Vue::from_code(&p.vue).ok_or(AppError::NotFound)?;
    let taille = Taille::from_code(&p.taille).ok_or(AppError::NotFound)?;
    let dessin = svg(vue, taille, p.point.as_deref().and_then(lit_point));
    Ok(en_cache_public(([(header::CONTENT_TYPE, "image/svg+xml")], dessin).into_response(), GARDEE_S))
}
