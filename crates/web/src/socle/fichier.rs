//! Files that download.

use app::FormatTableau;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// CSV, as spreadsheets expect it.
pub const CSV: &str = "text/csv; charset=utf-8";

/// As RFC 5545 names it.
pub const CALENDRIER: &str = "text/calendar; charset=utf-8";

/// A file under a name of ours, never shown in the page. `genre`: its media type.
pub fn fichier(nom: &str, genre: &'static str, corps: impl Into<Body>) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{nom}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let genre = HeaderValue::from_static(genre);
    ([(header::CONTENT_TYPE, genre), (header::CONTENT_DISPOSITION, disposition)], corps.into())
        .into_response()
}

/// Whether the caller says that it has what this ETag names (RFC 9110, section 13.1.2).
pub fn is_known(entetes: &HeaderMap, etag: &str) -> bool {
    let connus = entetes.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    connus.is_some_and(|c| c.split(',').any(|e| e.trim().trim_start_matches("W/") == etag))
}

/// A file that somebody deposited, under the name that it had: RFC 6266, with a name in plain letters for old programs.
pub fn document(nom: &str, genre: &'static str, octets: Vec<u8>) -> Response {
    let simple: String = nom
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' })
        .collect();
    let mut exact = String::new();
    for octet in nom.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            exact.push(char::from(octet));
        } else {
            exact.push_str(&format!("%{octet:02X}"));
        }
    }
    let disposition =
        HeaderValue::from_str(&format!("attachment; filename=\"{simple}\"; filename*=UTF-8''{exact}"))
            .unwrap_or(HeaderValue::from_static("attachment"));
    let genre = HeaderValue::from_static(genre);
    ([(header::CONTENT_TYPE, genre), (header::CONTENT_DISPOSITION, disposition)], octets).into_response()
}

/// The format that an address asks for.
pub fn lit_format(paires: &[(String, String)]) -> FormatTableau {
    let voulu = paires.iter().find(|(nom, _)| nom == "format").and_then(|(_, v)| FormatTableau::from_code(v));
    voulu.unwrap_or(FormatTableau::Xlsx)
}

/// A table, in the format that was asked for.
pub fn tableur(nom: &str, format: FormatTableau, octets: Vec<u8>) -> Response {
    let genre = match format {
        FormatTableau::Csv => CSV,
        FormatTableau::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    fichier(nom, genre, octets)
}
