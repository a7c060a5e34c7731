//! Error pages: what happened, what to do, a number to quote; never the cause, never a fact of
//! somebody's file (WEB-5).

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::components::Renvoi;
use crate::layout::{Page, rend};

/// An error page. The texts come from the status; [`ErreurPage::detail`] adds what the rule says.
#[derive(Template)]
#[template(path = "erreurs/erreur.html")]
pub struct ErreurPage {
    page: Page,
    statut: StatusCode,
    explication: &'static str,
    conseil: &'static str,
    detail: Option<String>,
    attente: Option<u32>,
    renvoi: Option<Renvoi>,
}

impl ErreurPage {
    /// `page` carries the reference number ([`Page::reference`]).
    pub fn new(page: Page, statut: StatusCode) -> Self {
        let (titre, explication, conseil) = textes(statut);
        // What an earlier page would announce did not happen here.
        Self {
            page: page.titre(titre).avis(None),
            statut,
            explication,
            conseil,
            detail: None,
            attente: None,
            renvoi: None,
        }
    }

    /// A sentence for this case: the refused rule, the limit of size.
    #[must_use]
    pub fn detail(mut self, texte: impl std::fmt::Display) -> Self {
        self.detail = Some(texte.to_string());
        self
    }

    /// A page that the account does not read: nothing was sent from one that is too old.
    #[must_use]
    pub fn lecture(mut self) -> Self {
        if self.statut == StatusCode::FORBIDDEN {
            self.explication = "Votre rôle ne permet pas de lire cette page.";
            self.conseil = "Si vous devez la lire, adressez-vous à la personne qui gère les droits de votre établissement ou de votre \
                            service, ou à l’aide.";
        }
        self
    }

    /// Seconds before trying again: said in the page and in `Retry-After`.
    #[must_use]
    pub fn attente(mut self, secondes: u32) -> Self {
        self.attente = Some(secondes);
        self
    }

    /// What was sent and not recorded, to send again from this page.
    #[must_use]
    pub fn renvoi(mut self, renvoi: Option<Renvoi>) -> Self {
        self.renvoi = renvoi;
        self
    }

    pub fn reponse(self) -> Response {
        let mut reponse = rend(self.statut, &self);
        if let Some(secondes) = self.attente {
            reponse.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secondes));
        }
        reponse
    }

    fn attente_dite(&self) -> Option<String> {
        let secondes = self.attente?;
        Some(match secondes {
            0..=1 => "une seconde".to_owned(),
            2..=90 => format!("{secondes} secondes"),
            _ => format!("{} minutes", secondes.div_ceil(60)),
        })
    }
}

fn textes(statut: StatusCode) -> (&'static str, &'static str, &'static str) {
    match statut.as_u16() {
        400 => (
            "Demande incomprise",
            "Le site n’a pas compris ce qui lui a été envoyé.",
            "Revenez à la page précédente, rechargez-la, puis recommencez.",
        ),
        401 => (
            "Connexion nécessaire",
            "Vous n’êtes pas ou plus connecté.",
            "Connectez-vous, puis recommencez. Rien n’a été enregistré depuis votre dernière confirmation.",
        ),
        403 => (
            "Action non autorisée",
            "Votre compte ne permet pas de faire cela, ou la page est ouverte depuis trop longtemps.",
            "Rechargez la page précédente et recommencez. Si cela continue, adressez-vous à la personne qui gère les droits de votre établissement, ou à l’aide.",
        ),
        404 => (
            "Page introuvable",
            "Cette page n’existe pas, ou vous n’y avez pas accès.",
            "Vérifiez l’adresse, ou repartez de l’accueil.",
        ),
        405 => (
            "Action impossible à cette adresse",
            "Cette adresse ne permet pas ce qui a été demandé.",
            "Repartez de l’accueil et suivez les liens et les boutons du site.",
        ),
        408 => (
            "Envoi trop lent",
            "L’envoi a pris trop de temps et a été interrompu. Rien n’a été enregistré.",
            "Vérifiez votre connexion à internet, puis recommencez.",
        ),
        409 => (
            "Modifié entre-temps",
            "Ces informations ont changé depuis que vous avez ouvert la page. Votre envoi n’a pas été enregistré.",
            "Rechargez la page pour voir les informations à jour, puis recommencez si c’est encore nécessaire.",
        ),
        413 => (
            "Envoi trop volumineux",
            "Le fichier ou le texte envoyé dépasse la taille permise. Rien n’a été enregistré.",
            "Réduisez la taille du fichier (par exemple en numérisant en noir et blanc), puis recommencez.",
        ),
        415 => (
            "Format non accepté",
            "Ce qui a été envoyé n’est pas dans un format que le site sait lire.",
            "Utilisez les formulaires du site, ou l’un des formats indiqués près du champ.",
        ),
        422 => (
            "Demande refusée",
            "Ce qui a été demandé n’est pas possible dans la situation présente. Rien n’a été enregistré.",
            "Revenez à la page précédente pour corriger.",
        ),
        429 => (
            "Trop de demandes",
            "Trop de demandes ont été faites en peu de temps depuis votre compte ou votre connexion.",
            "Patientez, puis recommencez.",
        ),
        503 => (
            "Service momentanément indisponible",
            "Le site est en maintenance ou très sollicité.",
            "Réessayez un peu plus tard. Ce que vous avez confirmé et dont vous avez reçu l’accusé de réception est conservé.",
        ),
        _ if statut.is_client_error() => (
            "Demande refusée",
            "Le site ne peut pas répondre à cette demande.",
            "Revenez à la page précédente ou repartez de l’accueil.",
        ),
        _ => (
            "Incident technique",
            "Une erreur s’est produite de notre côté. Elle est enregistrée.",
            "Réessayez dans quelques minutes. Si cela continue, signalez-le en donnant le numéro indiqué ci-dessous.",
        ),
    }
}

/// Makes the page that surrounds an error, from the head of the request.
pub type FabriquePage = Arc<dyn Fn(&Parts) -> Page + Send + Sync>;

/// Middleware: an error without page (unknown address, undeclared method, refused extractor) gets
/// one, so that nobody reads a blank screen or an English sentence of the framework.
///
/// Responses that are already HTML or JSON pass, and so do requests for JSON or for our files.
/// `Router::layer(middleware::from_fn_with_state(fabrique, erreurs_page::habille))`.
pub async fn habille(State(fabrique): State<FabriquePage>, requete: Request, suite: Next) -> Response {
    let (parts, corps) = requete.into_parts();
    let brute = parts.uri.path().starts_with("/assets/") || prefere_json(&parts);
    let tete = (!brute).then(|| parts.clone());
    let reponse = suite.run(Request::from_parts(parts, corps)).await;
    let statut = reponse.status();
    let (true, Some(tete)) =
        ((statut.is_client_error() || statut.is_server_error()) && est_nue(&reponse), tete)
    else {
        return reponse;
    };
    let mut habillee = ErreurPage::new(fabrique(&tete), statut).reponse();
    // The context middleware reads there why a use case refused: to send to sign-in, to give the detail.
    *habillee.extensions_mut() = reponse.extensions().clone();
    // `Allow`, `Retry-After`, cookies: kept. What described the former body: not.
    for (nom, valeur) in reponse.headers() {
        if nom != header::CONTENT_TYPE && nom != header::CONTENT_LENGTH {
            habillee.headers_mut().append(nom, valeur.clone());
        }
    }
    habillee
}

fn prefere_json(parts: &Parts) -> bool {
    let accepte = parts.headers.get(header::ACCEPT).and_then(|valeur| valeur.to_str().ok()).unwrap_or("");
    accepte.contains("json") && !accepte.contains("html")
}

fn est_nue(reponse: &Response) -> bool {
    let genre =
        reponse.headers().get(header::CONTENT_TYPE).and_then(|valeur| valeur.to_str().ok()).unwrap_or("");
    genre.is_empty() || genre.starts_with("text/plain")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::verification::verifie;
    use crate::layout::Site;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::extract::Json;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::ServiceExt;

    fn page() -> Page {
        Page::new(Site::default(), "").reference("7F3K-92QX")
    }

    async fn texte(reponse: Response) -> String {
        String::from_utf8(to_bytes(reponse.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn web_5_each_status_has_its_page_with_a_reference() {
        let mut titres = std::collections::BTreeSet::new();
        for code in [400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 503] {
            let statut = StatusCode::from_u16(code).unwrap();
            let reponse = ErreurPage::new(page(), statut).reponse();
            assert_eq!(reponse.status(), statut);
            let html = texte(reponse).await;
            verifie(&html);
            assert!(html.contains("7F3K-92QX"), "{code}");
            assert!(html.contains(&format!("Erreur {code}")), "{code}");
            titres.insert(textes(statut).0);
        }
        assert_eq!(titres.len(), 13);
    }

    #[tokio::test]
    async fn a_page_that_one_may_not_read_is_not_said_to_be_too_old() {
        let html = texte(ErreurPage::new(page(), StatusCode::FORBIDDEN).lecture().reponse()).await;
        assert!(html.contains("Votre rôle ne permet pas de lire") && !html.contains("Rechargez"), "{html}");
        let html = texte(ErreurPage::new(page(), StatusCode::CONFLICT).lecture().reponse()).await;
        assert!(html.contains("Rechargez"), "{html}");
    }

    #[tokio::test]
    async fn when_to_come_back_is_said_twice() {
        let reponse = ErreurPage::new(page(), StatusCode::TOO_MANY_REQUESTS).attente(300).reponse();
        assert_eq!(reponse.headers()["retry-after"], "300");
        assert!(texte(reponse).await.contains("5 minutes"));
    }

    fn site() -> Router {
        let fabrique: FabriquePage = Arc::new(|_| page());
        Router::new()
            .route("/page", get(|| async { "ok" }).post(|Json(n): Json<u8>| async move { n.to_string() }))
            .route("/html", get(|| async { (StatusCode::CONFLICT, axum::response::Html("<p>à moi</p>")) }))
            .layer(from_fn_with_state(fabrique, habille))
    }

    async fn lit(methode: &str, chemin: &str, accepte: &str) -> Response {
        let requete = Request::builder().method(methode).uri(chemin).header("accept", accepte);
        site().oneshot(requete.body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn web_5_an_error_of_the_framework_becomes_a_page_in_french() {
        let absente = lit("GET", "/absente", "text/html").await;
        assert_eq!(absente.status(), 404);
        assert!(texte(absente).await.contains("Page introuvable"));
        let methode = lit("DELETE", "/page", "text/html").await;
        assert_eq!(
            (methode.status().as_u16(), methode.headers()["allow"].to_str().unwrap()),
            (405, "GET,HEAD,POST")
        );
        let extracteur = lit("POST", "/page", "text/html").await;
        assert_eq!(extracteur.status(), 415);
        let html = texte(extracteur).await;
        assert!(html.contains("Format non accepté") && !html.contains("Expected request"), "{html}");
    }

    #[tokio::test]
    async fn what_is_already_said_is_not_said_over() {
        assert_eq!(texte(lit("GET", "/html", "text/html").await).await, "<p>à moi</p>");
        assert_eq!(texte(lit("GET", "/page", "text/html").await).await, "ok");
        assert_eq!(texte(lit("GET", "/absente", "application/json").await).await, "");
        assert_eq!(texte(lit("GET", "/assets/x/y.css", "*/*").await).await, "");
    }
}
