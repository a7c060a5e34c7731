//! Style sheets, scripts, fonts and icons, embedded in the binary by `build.rs`.
//!
//! The address has the hash of the whole set, so that a browser keeps it for ever and a new version
//! has new addresses; sheets name fonts and icons by relative paths, hence one hash for all.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$OUT_DIR/assets"]
struct Fichiers;

/// Hash of all the files, from the build script.
const EMPREINTE: &str = env!("ASSETS_HASH");

struct Fichier {
    contenu: Bytes,
    gzip: Option<Bytes>,
}

/// Read once: in debug the files are on the disk, where a new build replaces them.
static TABLE: LazyLock<HashMap<String, Fichier>> = LazyLock::new(|| {
    Fichiers::iter()
        .filter(|nom| !nom.ends_with(".gz"))
        .filter_map(|nom| {
            let contenu = octets(Fichiers::get(&nom)?.data);
            let gzip = Fichiers::get(&format!("{nom}.gz")).map(|fichier| octets(fichier.data));
            Some((nom.into_owned(), Fichier { contenu, gzip }))
        })
        .collect()
});

/// Address of a file: `/assets/<hash>/site.css`.
pub fn url(nom: &str) -> String {
    format!("/assets/{EMPREINTE}/{nom}")
}

/// The route of the files, for a router of any state.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{empreinte}/{*nom}", get(sert))
}

async fn sert(Path((empreinte, nom)): Path<(String, String)>, demande: HeaderMap) -> Response {
    // Another hash is another version: answering with ours would be kept for ever under its address.
    if empreinte != EMPREINTE {
        return StatusCode::NOT_FOUND.into_response();
    }
    let Some(fichier) = TABLE.get(&nom) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut reponse = match &fichier.gzip {
        Some(gzip) if accepte_gzip(&demande) => {
            let mut reponse = Response::new(Body::from(gzip.clone()));
            reponse.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            reponse
        }
        _ => Response::new(Body::from(fichier.contenu.clone())),
    };
    let entetes = reponse.headers_mut();
    entetes.insert(header::CONTENT_TYPE, HeaderValue::from_static(type_mime(&nom)));
    entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if fichier.gzip.is_some() {
        entetes.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    reponse
}

fn octets(contenu: Cow<'static, [u8]>) -> Bytes {
    match contenu {
        Cow::Borrowed(octets) => Bytes::from_static(octets),
        Cow::Owned(octets) => Bytes::from(octets),
    }
}

fn accepte_gzip(demande: &HeaderMap) -> bool {
    demande.get_all(header::ACCEPT_ENCODING).iter().filter_map(|valeur| valeur.to_str().ok()).any(|valeur| {
        valeur.split(',').any(|codage| {
            let (nom, poids) = codage.split_once(';').unwrap_or((codage, ""));
            nom.trim().eq_ignore_ascii_case("gzip")
                && !matches!(poids.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
        })
    })
}

fn type_mime(nom: &str) -> &'static str {
    match nom.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;
    use tower::ServiceExt;

    async fn demande(chemin: &str, codage: &str) -> Response {
        let requete = Request::get(chemin).header("accept-encoding", codage).body(Body::empty()).unwrap();
        routes::<()>().oneshot(requete).await.unwrap()
    }

    #[tokio::test]
    async fn a_sheet_is_kept_for_ever_and_compressed() {
        let reponse = demande(&url("dsfr.css"), "br, gzip").await;
        assert_eq!(reponse.status(), 200);
        assert_eq!(reponse.headers()["content-type"], "text/css; charset=utf-8");
        assert_eq!(reponse.headers()["content-encoding"], "gzip");
        assert!(reponse.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let clair = demande(&url("dsfr.css"), "gzip;q=0").await;
        assert!(clair.headers().get("content-encoding").is_none());
    }

    #[tokio::test]
    async fn another_version_or_an_unknown_name_is_not_found() {
        assert_eq!(demande("/assets/0000/dsfr.css", "").await.status(), 404);
        assert_eq!(demande(&url("../Cargo.toml"), "").await.status(), 404);
        assert_eq!(demande(&url("rien.css"), "").await.status(), 404);
    }

    fn texte(nom: &str) -> String {
        String::from_utf8(TABLE[nom].contenu.to_vec()).unwrap()
    }

    #[test]
    fn web_1_every_file_named_by_a_sheet_is_there_and_nothing_comes_from_elsewhere() {
        let mut nommes = 0;
        for nom in TABLE.keys().filter(|nom| nom.ends_with(".css")) {
            let feuille = texte(nom);
            assert!(!feuille.contains("@import"), "{nom}");
            let dossier = nom.rsplit_once('/').map_or(String::new(), |(dossier, _)| format!("{dossier}/"));
            for reste in feuille.split("url(").skip(1) {
                let adresse = reste.split(')').next().unwrap().trim_matches(['"', '\'']);
                if adresse.starts_with("data:") {
                    continue;
                }
                nommes += 1;
                assert!(TABLE.contains_key(&format!("{dossier}{adresse}")), "{nom} names {adresse}");
            }
        }
        assert!(nommes > 100, "{nommes}");
    }

    #[test]
    fn acc_4_the_common_sheet_knows_no_font_of_the_state_and_is_dark_without_script() {
        let commune = texte("dsfr.css");
        assert!(!commune.contains("Marianne"));
        assert!(commune.contains("@media screen and (prefers-color-scheme:dark){"));
        assert!(commune.contains("[data-fr-scheme=system]:not([data-fr-theme])"));
        assert!(texte("theme/etat.css").contains("@font-face{"));
        assert!(!texte("theme/neutre.css").contains("Marianne"));
        assert!(!texte("site.css").contains("Marianne"));
    }
}
