//! Security headers on every response, errors included (WEB-1).

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// The one policy: no inline style or script, nothing from elsewhere.
pub const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; worker-src 'self'; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

/// FIC-3: a file that downloads and that a browser would open nevertheless runs nothing, and is of no origin.
const CSP_FICHIER: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// Every feature is closed: « vide » means an empty allowlist for each. Passkeys alone need theirs, on our own pages.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), \
     fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), \
     picture-in-picture=(), publickey-credentials-create=(self), publickey-credentials-get=(self), \
     screen-wake-lock=(), usb=(), xr-spatial-tracking=()";

const TOUJOURS: [(HeaderName, &str); 7] = [
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// Middleware to put outermost: `Router::layer(middleware::from_fn(entetes::securite))`, last.
///
/// A response that says nothing about caches is private: `no-store`. A public page says so itself,
/// with [`en_cache_public`].
pub async fn securite(requete: Request, suite: Next) -> Response {
    let mut reponse = suite.run(requete).await;
    let entetes = reponse.headers_mut();
    for (nom, valeur) in TOUJOURS {
        entetes.insert(nom, HeaderValue::from_static(valeur));
    }
    if entetes.get(header::CONTENT_DISPOSITION).is_some_and(|v| v.as_bytes().starts_with(b"attachment")) {
        entetes.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP_FICHIER));
    }
    entetes.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    reponse
}

/// Lets caches keep a public page for some seconds. It varies with the cookie: a signed-in person
/// sees their name, and the appearance is chosen by cookie.
#[must_use]
pub fn en_cache_public(mut reponse: Response, secondes: u32) -> Response {
    if let Ok(valeur) = HeaderValue::from_str(&format!("public, max-age={secondes}")) {
        reponse.headers_mut().insert(header::CACHE_CONTROL, valeur);
        reponse.headers_mut().append(header::VARY, HeaderValue::from_static("cookie"));
    }
    reponse
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::from_fn;
    use axum::response::{Html, IntoResponse};
    use axum::routing::get;
    use tower::ServiceExt;

    fn site() -> Router {
        Router::new()
            .route("/prive", get(|| async { "moi" }))
            .route("/public", get(|| async { en_cache_public(Html("<p>tous</p>").into_response(), 60) }))
            .route("/panne", get(|| async { StatusCode::INTERNAL_SERVER_ERROR }))
            .route("/laxiste", get(|| async { ([("content-security-policy", "default-src *")], "x") }))
            .merge(crate::assets::routes())
            .layer(from_fn(securite))
    }

    async fn lit(methode: &str, chemin: &str) -> Response {
        let requete = Request::builder().method(methode).uri(chemin).body(Body::empty()).unwrap();
        site().oneshot(requete).await.unwrap()
    }

    #[tokio::test]
    async fn web_1_every_response_has_every_header() {
        let feuille = crate::assets::url("site.css");
        for (methode, chemin, statut) in [
            ("GET", "/prive", 200),
            ("GET", "/public", 200),
            ("GET", "/panne", 500),
            ("GET", "/absent", 404),
            ("POST", "/prive", 405),
            ("GET", "/laxiste", 200),
            ("GET", feuille.as_str(), 200),
        ] {
            let reponse = lit(methode, chemin).await;
            assert_eq!(reponse.status(), statut, "{chemin}");
            for (nom, valeur) in TOUJOURS {
                assert_eq!(reponse.headers().get_all(&nom).iter().count(), 1, "{chemin} {nom}");
                assert_eq!(reponse.headers()[&nom], valeur, "{chemin} {nom}");
            }
        }
    }

    #[tokio::test]
    async fn don_7_only_what_says_so_is_kept() {
        assert_eq!(lit("GET", "/prive").await.headers()["cache-control"], "no-store");
        assert_eq!(lit("GET", "/absent").await.headers()["cache-control"], "no-store");
        let publique = lit("GET", "/public").await;
        assert_eq!(publique.headers()["cache-control"], "public, max-age=60");
        assert_eq!(publique.headers()["vary"], "cookie");
    }

    #[test]
    fn web_1_the_policy_is_the_required_one() {
        assert_eq!(
            CSP,
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; worker-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
        );
    }
}
