//! The request context: who, when, from where; made once, before the handler.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;

use app::comptes::{EtapeConnexion, SessionVue};
use app::contexte::SecondeEtape;
use app::{AppError, Ctx, messages, sessions};
use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::comptes::Role;
use domain::droits::{Acteur, Action, Denial};

use super::temoins::{DEMANDE, NAVIGATEUR, cookie, nom_cookie};
use super::{Erreur, EtatWeb, appareil, contact, reseau};
use crate::components::{Alerte, Espace, Formulaire, GESTION, alerte_archive};
use crate::layout::{Apparence, FinSession, Lien, Moment, Page, Personne};

/// What a handler knows of the request. Cheap to clone.
#[derive(Clone)]
pub struct Requete(Arc<Vue>);

/// See [`Requete`].
pub struct Vue {
    pub ctx: Ctx,
    pub etat: EtatWeb,
    pub session: Option<SessionVue>,
    /// Fingerprint of the browser (never its name).
    pub navigateur: String,
    /// Path and query, to come back to after signing in.
    pub chemin: String,
    /// The form that this browser left waiting (SEC-3).
    pub demande: Option<String>,
    apparence: Apparence,
    avis: Option<Alerte>,
    /// The address is that of a session that is over, in the space of a service.
    archive: Option<Alerte>,
}

impl Deref for Requete {
    type Target = Vue;
    fn deref(&self) -> &Vue {
        &self.0
    }
}

impl Requete {
    /// Anti-CSRF token: the session's, or one bound to network and browser before sign-in.
    pub fn jeton(&self) -> String {
        match &self.session {
            Some(s) => s.csrf.clone(),
            None => {
                let lien = format!("{}|{}", self.ctx.reseau, self.navigateur);
                self.ctx.app.coffre.fingerprint("csrf-anonyme", &lien)
            }
        }
    }

    /// The address is that of a session that is over, in the space of a service.
    pub fn is_archivee(&self) -> bool {
        self.archive.is_some()
    }

    /// Code of what was just done, when the address says it.
    pub fn fait(&self) -> Option<&str> {
        critere(&self.chemin, "fait")
    }

    /// A blank form with its token and a fresh idempotency key.
    pub fn formulaire(&self) -> Formulaire {
        Formulaire::new(self.jeton()).avec_cle(self.ctx.app.alea.public_id().as_str())
    }

    /// The layout of a page for this person.
    pub fn page(&self, titre: impl std::fmt::Display) -> Page {
        let complet = self.session.as_ref().filter(|s| s.etape == EtapeConnexion::Complete);
        let personne = self.session.as_ref().map(|s| Personne {
            nom: format!("{} {}", s.prenom, s.nom),
            role: s.roles.first().map_or_else(|| "Compte".to_owned(), |a| a.role.libelle().to_owned()),
            jeton: s.csrf.clone(),
        });
        let moment = self
            .etat
            .demo
            .as_ref()
            .map(|_| Moment { date: messages::date_heure(self.ctx.campagne_le), url: "/dev".to_owned() });
        Page::new(self.etat.site.clone(), titre)
            .navigation(navigation(complet, &self.chemin))
            .personne(personne)
            .fin_session(complet.map(|s| self.avis_fin(s)))
            .moment(moment)
            .archive(self.archive.clone())
            .avis(self.avis.clone())
            .contact(complet.map(|_| contact::link(&self.ctx.route, &self.chemin)))
            .apparence(self.apparence)
    }

    /// SES-3: what the page needs to tell that the session is about to end.
    fn avis_fin(&self, session: &SessionVue) -> FinSession {
        let reste = (session.expire_ms - self.ctx.recu_ms()) / 1_000;
        FinSession {
            reste_s: reste.max(0),
            avis_s: self.ctx.app.limites.avis_expiration_s,
            totale: session.totale,
        }
    }

    /// The signed-in account.
    ///
    /// # Errors
    /// Sends to sign-in when there is none.
    pub fn compte(&self) -> Result<&SessionVue, Erreur> {
        self.session
            .as_ref()
            .filter(|s| s.etape == EtapeConnexion::Complete)
            .ok_or(Erreur(AppError::Denied(Denial { action: Action::ConsulterDossier, connu: true })))
    }
}

/// Leads to the queue of the open session; the pages themselves are each under their year.
const FILE_ASSISTANCE: &str = "/assistance/file";

/// Whether this address is of the queue, or of the cells, of a session.
fn is_of_assistance(chemin: &str) -> bool {
    let mut parties = chemin.split(['?', '/']).skip(1);
    parties.next() == Some("assistance")
        && parties.next().is_some_and(|annee| annee.parse::<i64>().is_ok())
        && matches!(parties.next(), Some("file" | "cellules"))
}

/// The spaces that this person may enter, in the header.
fn navigation(session: Option<&SessionVue>, chemin: &str) -> Vec<Lien> {
    let mut liens = vec![Lien::new("Formations", "/formations")];
    for a in session.map(|s| s.roles.as_slice()).unwrap_or_default() {
        let (libelle, url) = match a.role {
            Role::Candidat => ("Mon espace candidat", "/candidat"),
            Role::Academie => ("Service académique", "/academie"),
            Role::AdminNational => ("Équipe nationale", "/national"),
            Role::Auditeur => ("Audit", "/national"),
            Role::Public | Role::Logiciel | Role::Systeme => continue,
            _ => ("Site de gestion", "/gestion"),
        };
        if !liens.iter().any(|l| l.url == url) {
            liens.push(Lien::new(libelle, url));
        }
    }
    // The whole work of an auditor; others come to it from their home.
    if session.is_some_and(|s| s.roles.iter().any(|a| a.role == Role::Auditeur)) {
        liens.push(Lien::new("Journal d’audit", "/journal"));
    }
    if let Some(s) = session
        && domain::droits::scope(&s.acteur(), Action::ConsulterComptes).is_ok()
    {
        liens.push(Lien::new("Comptes", "/comptes"));
    }
    if let Some(s) = session
        && domain::droits::scope(&s.acteur(), Action::ConsulterInformations).is_ok()
    {
        liens.push(Lien::new("Fil info", "/informations"));
    }
    match session {
        Some(s) if domain::droits::scope(&s.acteur(), Action::ConsulterSeances).is_ok() => {
            liens.push(Lien::new("Séances", "/mes-seances"));
        }
        _ => liens.push(Lien::new("Séances", "/seances")),
    }
    if let Some(s) = session
        && domain::droits::scope(&s.acteur(), Action::TraiterAssistance).is_ok()
    {
        liens.push(Lien::new("Questions reçues", FILE_ASSISTANCE));
    }
    liens.push(Lien::new("Informations – Documentation", "/documentation"));
    let espace = session.and_then(|s| Espace::pour(chemin, &s.acteur()));
    if let Some(espace) = espace {
        liens.push(Lien::new("Archives", espace.archives()).a_la_fin());
    }
    liens
        .into_iter()
        .map(|l| {
            let ici = espace.is_some_and(|e| e.chemin == l.url)
                || chemin.split('?').next() == Some(l.url.as_str())
                || chemin.starts_with(&format!("{}/", l.url))
                || (l.url == FILE_ASSISTANCE && is_of_assistance(chemin));
            l.courant(ici)
        })
        .collect()
}

impl<S: Send + Sync> FromRequestParts<S> for Requete {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        // Absent only if the middleware is not installed: a fault of ours.
        parts.extensions.get::<Self>().cloned().ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// POST, redirect, GET. `chemin` is ours, never what a person typed.
pub fn redirige(chemin: &str) -> Response {
    match HeaderValue::from_str(chemin) {
        Ok(v) => (StatusCode::SEE_OTHER, [(header::LOCATION, v)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// What the query of an address says under this name, as it is written there.
pub(crate) fn critere<'c>(chemin: &'c str, nom: &str) -> Option<&'c str> {
    let (_, criteres) = chemin.split_once('?')?;
    criteres.split('&').find_map(|c| c.strip_prefix(nom)?.strip_prefix('='))
}

/// Number of the page that an address asks for, from 1.
pub fn lit_page(paires: &[(String, String)]) -> u32 {
    paires
        .iter()
        .find(|(nom, _)| nom == "page")
        .and_then(|(_, valeur)| valeur.parse().ok())
        .unwrap_or(1)
        .clamp(1, 100_000)
}

/// Seconds between two looks at what is being done, for a browser with or without script.
const CADENCE: HeaderValue = HeaderValue::from_static("3");

/// The page comes back by itself, until what it shows is done.
pub fn comes_back(mut reponse: Response) -> Response {
    reponse.headers_mut().insert(header::REFRESH, CADENCE);
    reponse
}

/// RGAA 13.1: the person may stop the page from changing by itself, by its address.
pub fn is_coming_back(paires: &[(String, String)]) -> bool {
    !paires.iter().any(|(nom, valeur)| nom == "actualiser" && valeur == "non")
}

/// The route as declared, never the address: an address may hold a token.
fn route(parts: &Parts) -> String {
    let chemin = parts.extensions.get::<MatchedPath>().map_or("autre", MatchedPath::as_str);
    format!("{} {chemin}", parts.method)
}

/// Percent-encodes a path for a query value.
pub(crate) fn encode(texte: &str) -> String {
    texte
        .bytes()
        .map(|o| match o {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => char::from(o).to_string(),
            _ => format!("%{o:02X}"),
        })
        .collect()
}

/// What is looked for, as the query of an address: criteria that say nothing are left out, `propre` comes first.
pub(crate) fn query(propre: Option<String>, criteres: &[(&str, &str)]) -> String {
    let dits = criteres.iter().filter(|(_, v)| !v.is_empty()).map(|(n, v)| format!("{n}={}", encode(v)));
    propre.into_iter().chain(dits).collect::<Vec<_>>().join("&")
}

/// An address with that query; without any, the address alone.
pub(crate) fn avec_criteres(chemin: &str, propre: Option<String>, criteres: &[(&str, &str)]) -> String {
    let query = query(propre, criteres);
    if query.is_empty() { chemin.to_owned() } else { format!("{chemin}?{query}") }
}

pub(super) fn vue(etat: &EtatWeb, parts: &Parts) -> Requete {
    let pair = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |c| c.0.ip());
    let adresse = reseau::client(pair, &parts.headers, &etat.mandataires);
    let app = &etat.app;
    let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or("");
    let ctx = Ctx {
        app: Arc::clone(app),
        acteur: Acteur::public(),
        recu_le: app.horloge.maintenant(),
        campagne_le: app.horloge.campagne(),
        requete: app.alea.public_id().as_str()[..12].to_owned(),
        reseau: app.coffre.fingerprint("reseau", &reseau::reseau(adresse)),
        route: route(parts),
        temoin: cookie(&parts.headers, &nom_cookie(etat, NAVIGATEUR)).map(str::to_owned),
        appareil: appareil::nom(agent),
        seconde_etape: SecondeEtape::Absente,
        jeton: None,
        ecrit: !matches!(parts.method, Method::GET | Method::HEAD),
        origine: "ecran",
    };
    let chemin = parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
    Requete(Arc::new(Vue {
        avis: critere(&chemin, "fait").and_then(|code| crate::avis::avis(code, &app.limites)),
        apparence: Apparence::de_la_requete(&parts.headers),
        navigateur: app.coffre.fingerprint("navigateur", agent),
        chemin,
        demande: cookie(&parts.headers, &nom_cookie(etat, DEMANDE)).map(str::to_owned),
        etat: etat.clone(),
        ctx,
        session: None,
        archive: None,
    }))
}

/// R-SES-01: what the pages of the services say when their address is that of a session that is over. Those of the establishments say
/// it each in its place.
pub(super) async fn archive(requete: &Requete, acteur: &Acteur) -> Option<Alerte> {
    let espace = Espace::of(&requete.chemin).filter(|e| e.chemin != GESTION.chemin)?;
    let annee = espace.annee(&requete.chemin)?;
    let sien = Espace::pour(&requete.chemin, acteur).unwrap_or(espace);
    match sessions::is_archivee(&requete.ctx.app.db, annee).await {
        Ok(archivee) => archivee.then(|| alerte_archive(annee, sien)),
        Err(cause) => {
            tracing::error!(%cause, "session illisible");
            None
        }
    }
}

/// The context of a call that no page makes.
pub(crate) fn received_context(etat: &EtatWeb, parts: &Parts) -> Ctx {
    vue(etat, parts).ctx.clone()
}

/// The request once wholly received: its instants are those of now, its actor that of the session.
pub(super) fn received(requete: &Requete, session: Option<SessionVue>, archive: Option<Alerte>) -> Requete {
    let mut ctx = requete.ctx.clone();
    ctx.recu_le = ctx.app.horloge.maintenant();
    ctx.campagne_le = ctx.app.horloge.campagne();
    if let Some(s) = &session {
        ctx.acteur = s.acteur();
        ctx.seconde_etape = s.seconde_etape();
    }
    Requete(Arc::new(Vue {
        ctx,
        etat: requete.etat.clone(),
        session,
        navigateur: requete.navigateur.clone(),
        chemin: requete.chemin.clone(),
        demande: requete.demande.clone(),
        apparence: requete.apparence,
        avis: requete.avis.clone(),
        archive,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_is_read_by_its_name() {
        assert_eq!(critere("/a?page=2&fait=relance", "fait"), Some("relance"));
        for autre in ["/a", "/fait=relance", "/a?defait=relance", "/a?faite=1", "/a?texte=fait%3Drelance"] {
            assert_eq!(critere(autre, "fait"), None, "{autre}");
        }
    }

    #[test]
    fn an_address_says_what_is_looked_for_and_nothing_else() {
        let choix = [("q", "droit & éco"), ("etat", ""), ("page", "2")];
        assert_eq!(avec_criteres("/a", None, &choix), "/a?q=droit%20%26%20%C3%A9co&page=2");
        assert_eq!(avec_criteres("/a", Some("page=1".to_owned()), &choix[1..2]), "/a?page=1");
        assert_eq!(avec_criteres("/a", None, &choix[1..2]), "/a");
    }

    #[test]
    fn the_queue_and_the_cells_of_a_session_are_of_the_assistance() {
        for ici in ["/assistance/2024/file?page=2", "/assistance/2024/file/01", "/assistance/2024/cellules"] {
            assert!(is_of_assistance(ici), "{ici}");
        }
        for ailleurs in ["/assistance", "/assistance/cellules", "/assistance/demandes/01A"] {
            assert!(!is_of_assistance(ailleurs), "{ailleurs}");
        }
    }
}
