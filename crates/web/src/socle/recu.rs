//! Received forms: origin and token verified (WEB-2), pairs decoded, limits applied (ENT-1, ENT-2).

use std::collections::HashSet;

use app::AppError;
use app::brouillons::PageSaisie;
use app::idempotence::Garde;
use axum::body::Body;
use axum::extract::{Form, FromRequest, FromRequestParts, MatchedPath, Multipart, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Erreur, EtatWeb, Requete, champs};
use crate::components::{Formulaire, NOM_JETON, PLUSIEURS};

/// A form sent by a page of ours.
pub struct Recu {
    pub requete: Requete,
    /// What was typed, ready to be shown again.
    pub form: Formulaire,
}

impl Recu {
    /// Idempotency key and expected version.
    pub fn garde(&self) -> Garde {
        garde(&self.form)
    }
}

fn garde(form: &Formulaire) -> Garde {
    let cle = form.cle();
    let page = |chemin: &str| PageSaisie { chemin: chemin.to_owned(), onglet: form.onglet().to_owned() };
    Garde {
        cle: (!cle.is_empty() && cle.len() <= 64).then(|| cle.to_owned()),
        version: form.version(),
        brouillon: form.adresse_gardee().map(page),
    }
}

/// A form with one file.
pub struct RecuFichier {
    pub requete: Requete,
    pub form: Formulaire,
    pub nom_fichier: String,
    pub octets: Vec<u8>,
}

impl RecuFichier {
    /// Idempotency key and expected version.
    pub fn garde(&self) -> Garde {
        garde(&self.form)
    }
}

/// A form with files, of one field or of several; one that has none may come without them.
pub struct RecuFichiers {
    pub requete: Requete,
    pub form: Formulaire,
    /// Name and bytes of each, in the order sent; a field left empty is none.
    pub fichiers: Vec<(String, Vec<u8>)>,
}

impl RecuFichiers {
    /// Idempotency key and expected version.
    pub fn garde(&self) -> Garde {
        garde(&self.form)
    }
}

/// Same origin, as the browser says (`Sec-Fetch-Site`), or as `Origin` compared with `Host`.
fn same_origin(entetes: &HeaderMap) -> bool {
    let lit = |nom: &str| entetes.get(nom).and_then(|v| v.to_str().ok());
    if let Some(site) = lit("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (lit("origin"), lit("host")) {
        (Some(origine), Some(hote)) => {
            origine.strip_prefix("https://").or_else(|| origine.strip_prefix("http://")) == Some(hote)
        }
        (Some(_), None) => false,
        // Neither header: an old browser; the token decides alone.
        (None, _) => true,
    }
}

/// WEB-2: sent by a page of ours that holds this token.
pub(super) fn sent_by(entetes: &HeaderMap, paires: &[(String, String)], jeton: &str) -> bool {
    let recu = paires.iter().find(|(n, _)| n == NOM_JETON).map(|(_, v)| v.as_str());
    same_origin(entetes) && recu == Some(jeton)
}

/// Why a form is not even read.
pub enum Rejet {
    /// Its shape, its origin.
    Statut(StatusCode),
    /// It has a field that it should not have, named to its sender.
    Champ(String),
}

impl From<StatusCode> for Rejet {
    fn from(statut: StatusCode) -> Self {
        Self::Statut(statut)
    }
}

impl IntoResponse for Rejet {
    fn into_response(self) -> Response {
        match self {
            Self::Statut(statut) => statut.into_response(),
            Self::Champ(nom) => Erreur(AppError::Champ(nom)).into_response(),
        }
    }
}

fn check(
    requete: &Requete,
    entetes: &HeaderMap,
    route: Option<&MatchedPath>,
    paires: &[(String, String)],
) -> Result<(), Rejet> {
    if !sent_by(entetes, paires, &requete.jeton()) {
        return Err(StatusCode::FORBIDDEN.into());
    }
    check_champs(requete, route, paires)
}

/// What is asked of any form, whoever sends it.
fn check_champs(
    requete: &Requete,
    route: Option<&MatchedPath>,
    paires: &[(String, String)],
) -> Result<(), Rejet> {
    if paires.len() > requete.ctx.app.limites.champs {
        return Err(StatusCode::PAYLOAD_TOO_LARGE.into());
    }
    if duplicate(paires) || paires.iter().any(|(n, v)| forbidden(n) || forbidden(v)) {
        return Err(StatusCode::BAD_REQUEST.into());
    }
    match champs::unknown(route.map_or("", MatchedPath::as_str), &requete.chemin, paires) {
        Some(nom) => Err(Rejet::Champ(nom.to_owned())),
        None => Ok(()),
    }
}

/// ENT-2: a name given twice. Which of the two would count is a question that no handler should answer. Only the fields
/// made for several answers come more than once, and never beside a single one of their name.
pub(super) fn duplicate(paires: &[(String, String)]) -> bool {
    let mut vus = HashSet::with_capacity(paires.len());
    let noms = || paires.iter().map(|(n, _)| n.as_str());
    noms().any(|n| !n.ends_with(PLUSIEURS) && !vus.insert(n))
        || noms().filter_map(|n| n.strip_suffix(PLUSIEURS)).any(|n| vus.contains(n))
}

/// NUL, controls other than line ends and tabs, and bidirectional overrides (ENT-2).
fn forbidden(texte: &str) -> bool {
    texte.chars().any(|c| {
        (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    })
}

impl FromRequest<EtatWeb> for Recu {
    type Rejection = Rejet;

    async fn from_request(requete: Request, etat: &EtatWeb) -> Result<Self, Rejet> {
        let (mut parts, corps) = requete.into_parts();
        let vue = Requete::from_request_parts(&mut parts, etat).await?;
        let route = parts.extensions.get::<MatchedPath>().cloned();
        let entetes = parts.headers.clone();
        let genre = entetes.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        if !genre.starts_with("application/x-www-form-urlencoded") {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into());
        }
        let paires = form_pairs(parts, corps, etat).await?;
        check(&vue, &entetes, route.as_ref(), &paires)?;
        let form = Formulaire::recu(vue.jeton(), paires);
        Ok(Self { requete: vue, form })
    }
}

async fn form_pairs(parts: Parts, corps: Body, etat: &EtatWeb) -> Result<Vec<(String, String)>, Rejet> {
    let lu = Form::<Vec<(String, String)>>::from_request(Request::from_parts(parts, corps), etat).await;
    Ok(lu.map_err(|_| StatusCode::BAD_REQUEST)?.0)
}

/// A form that a program may send as well as a page, under an address whose secret is the proof: it has no token of ours.
pub struct RecuSansJeton(pub Requete);

impl FromRequest<EtatWeb> for RecuSansJeton {
    type Rejection = Rejet;

    async fn from_request(requete: Request, etat: &EtatWeb) -> Result<Self, Rejet> {
        let (mut parts, corps) = requete.into_parts();
        let vue = Requete::from_request_parts(&mut parts, etat).await?;
        let route = parts.extensions.get::<MatchedPath>().cloned();
        let entetes = parts.headers.clone();
        let genre = entetes.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        if genre.starts_with("application/x-www-form-urlencoded") {
            let paires = form_pairs(parts, corps, etat).await?;
            check_champs(&vue, route.as_ref(), &paires)?;
        }
        Ok(Self(vue))
    }
}

impl FromRequest<EtatWeb> for RecuFichier {
    type Rejection = Rejet;

    async fn from_request(requete: Request, etat: &EtatWeb) -> Result<Self, Rejet> {
        let (requete, form, mut fichiers) = read_parts(requete, etat).await?;
        let (nom_fichier, octets) = fichiers.pop().unwrap_or_default();
        Ok(Self { requete, form, nom_fichier, octets })
    }
}

impl FromRequest<EtatWeb> for RecuFichiers {
    type Rejection = Rejet;

    async fn from_request(requete: Request, etat: &EtatWeb) -> Result<Self, Rejet> {
        let genre = requete.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        if genre.starts_with("application/x-www-form-urlencoded") {
            let Recu { requete, form } = Recu::from_request(requete, etat).await?;
            return Ok(Self { requete, form, fichiers: Vec::new() });
        }
        let (requete, form, mut fichiers) = read_parts(requete, etat).await?;
        // A field left empty is sent too, without a name.
        fichiers.retain(|(nom, octets)| !nom.is_empty() || !octets.is_empty());
        Ok(Self { requete, form, fichiers })
    }
}

/// Name and bytes of a file.
type Fichier = (String, Vec<u8>);

/// The pairs and the files of a form that has some, in the order sent.
async fn read_parts(requete: Request, etat: &EtatWeb) -> Result<(Requete, Formulaire, Vec<Fichier>), Rejet> {
    let (mut parts, corps) = requete.into_parts();
    let vue = Requete::from_request_parts(&mut parts, etat).await?;
    let route = parts.extensions.get::<MatchedPath>().cloned();
    let entetes = parts.headers.clone();
    let mut multipart = Multipart::from_request(Request::from_parts(parts, corps), etat)
        .await
        .map_err(|_| StatusCode::UNSUPPORTED_MEDIA_TYPE)?;
    let (mut paires, mut fichiers) = (Vec::new(), Vec::new());
    while let Some(champ) = multipart.next_field().await.map_err(|_| StatusCode::BAD_REQUEST)? {
        let nom = champ.name().unwrap_or("").to_owned();
        if let Some(fichier) = champ.file_name() {
            let fichier = fichier.to_owned();
            let octets = champ.bytes().await.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?.to_vec();
            fichiers.push((fichier, octets));
        } else {
            paires.push((nom, champ.text().await.map_err(|_| StatusCode::BAD_REQUEST)?));
        }
    }
    check(&vue, &entetes, route.as_ref(), &paires)?;
    let form = Formulaire::recu(vue.jeton(), paires);
    Ok((vue, form, fichiers))
}

/// The pairs of a form kept by the server: already verified when it was received.
pub(crate) async fn paires(etat: &EtatWeb, corps: Vec<u8>) -> Result<Vec<(String, String)>, StatusCode> {
    let requete = Request::post("/")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(corps))
        .map_err(|_| StatusCode::BAD_REQUEST)?;
    let Form(paires) = Form::<Vec<(String, String)>>::from_request(requete, etat)
        .await
        .map_err(|_| StatusCode::BAD_REQUEST)?;
    Ok(paires)
}
