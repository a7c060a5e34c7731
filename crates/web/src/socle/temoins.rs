//! Cookies: the session, the browser once known, the form that it left waiting.

use app::comptes::needs_second_factor;
use axum::http::{HeaderMap, HeaderValue, header};

use super::EtatWeb;

pub(super) const SESSION: &str = "session";

pub(super) const NAVIGATEUR: &str = "navigateur";

pub(super) const DEMANDE: &str = "demande";

/// Behind HTTPS, the prefix keeps the other sites of the domain from writing it (SES-1).
pub(super) fn nom_cookie(etat: &EtatWeb, nom: &str) -> String {
    if etat.https { format!("__Host-{nom}") } else { nom.to_owned() }
}

pub(super) fn set_cookie(etat: &EtatWeb, nom: &str, valeur: &str, site: &str, duree: &str) -> HeaderValue {
    let secure = if etat.https { "; Secure" } else { "" };
    let nom = nom_cookie(etat, nom);
    HeaderValue::from_str(&format!("{nom}={valeur}; Path=/; HttpOnly; SameSite={site}{secure}{duree}"))
        .unwrap_or(HeaderValue::from_static(""))
}

/// `Set-Cookie` of the session. Strict for those who work on the site; Lax for candidates, who come back from their mail
/// (SES-1).
pub fn cookie_session(etat: &EtatWeb, jeton: &str, roles: &[domain::droits::Attribution]) -> HeaderValue {
    let site = if needs_second_factor(roles) { "Strict" } else { "Lax" };
    set_cookie(etat, SESSION, jeton, site, "")
}

/// Erases the cookie of the session.
pub fn efface_session(etat: &EtatWeb) -> HeaderValue {
    set_cookie(etat, SESSION, "", "Lax", "; Max-Age=0")
}

/// `Set-Cookie` of a browser that completed a sign-in (LIM-1).
pub fn cookie_navigateur(etat: &EtatWeb, temoin: &str) -> HeaderValue {
    set_cookie(
        etat,
        NAVIGATEUR,
        temoin,
        "Lax",
        &format!("; Max-Age={}", etat.app.limites.navigateur_jours * 86_400),
    )
}

pub(super) fn cookie<'a>(entetes: &'a HeaderMap, nom: &str) -> Option<&'a str> {
    entetes
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|c| c.trim().split_once('='))
        .find_map(|(n, v)| (n == nom).then_some(v))
}
