//! Counts, times and logs each request: by route, never by address (an address may hold a token), never a person.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram};
use tracing::Instrument;

/// What machines ask all day long is not worth a line each.
const DISCRETES: &[&str] = &["/assets", "/sante", "/metrics"];

/// Outermost middleware. The request context writes the request's number in the span once it is drawn, so that
/// every line of the logs within carries it.
pub async fn observe(requete: Request, suite: Next) -> Response {
    let route = requete
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "autre".to_owned(), |chemin| chemin.as_str().to_owned());
    let methode = requete.method().as_str().to_owned();
    let etape = tracing::info_span!("requete", numero = tracing::field::Empty, %methode, %route);
    let depart = Instant::now();
    let reponse = suite.run(requete).instrument(etape.clone()).await;
    let duree = depart.elapsed();
    let statut = reponse.status().as_u16();
    let discrete = statut < 400 && DISCRETES.iter().any(|d| route.starts_with(d));
    counter!(
        "parcoursup_requetes_total",
        "route" => route.clone(), "methode" => methode, "statut" => statut.to_string()
    )
    .increment(1);
    histogram!("parcoursup_requete_duree_secondes", "route" => route).record(duree.as_secs_f64());
    let duree_ms = u64::try_from(duree.as_millis()).unwrap_or(u64::MAX);
    etape.in_scope(|| {
        if discrete {
            tracing::debug!(statut, duree_ms, "requête");
        } else {
            tracing::info!(statut, duree_ms, "requête");
        }
    });
    reponse
}
