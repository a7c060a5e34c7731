//! The request context: who, when, from where; made once, before the handler.

use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use app::comptes::{
    DemandeGardee, EtapeConnexion, SessionVue, ended_session, keep_request, needs_second_factor,
    resolve_session, second_step_choices,
};
use app::contexte::{SecondeEtape, on_screen};
use app::debits::Debit;
use app::limites::Limites;
use app::{AppError, Ctx, messages};
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use domain::PublicId;
use domain::comptes::{Moyen, Role};
use domain::droits::{Acteur, Action, Denial};
use tokio::time::{Instant, timeout, timeout_at};

use super::erreur::ErreurNue;
use super::recu::{duplicate, sent_by};
use super::{Erreur, EtatWeb, appareil, reseau};
use crate::components::{Alerte, Formulaire, NOM_JETON, Renvoi};
use crate::erreurs_page::ErreurPage;
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
            .avis(self.avis.clone())
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

/// The spaces that this person may enter, in the header.
fn navigation(session: Option<&SessionVue>, chemin: &str) -> Vec<Lien> {
    let mut liens = vec![Lien::new("Formations", "/formations")];
    for a in session.map(|s| s.roles.as_slice()).unwrap_or_default() {
        let (libelle, url) = match a.role {
            Role::Candidat => ("Mon espace candidat", "/candidat"),
            Role::Academie => ("Service académique", "/academie"),
            Role::AdminNational | Role::Auditeur => ("Équipe nationale", "/national"),
            Role::Public | Role::Systeme => continue,
            _ => ("Site de gestion", "/gestion"),
        };
        if !liens.iter().any(|l| l.url == url) {
            liens.push(Lien::new(libelle, url));
        }
    }
    if let Some(s) = session
        && domain::droits::scope(&s.acteur(), Action::ConsulterComptes).is_ok()
    {
        liens.push(Lien::new("Comptes", "/comptes"));
    }
    liens.push(Lien::new("Informations – Documentation", "/documentation"));
    liens
        .into_iter()
        .map(|l| {
            let ici = chemin.split('?').next() == Some(l.url.as_str())
                || chemin.starts_with(&format!("{}/", l.url));
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

const SESSION: &str = "session";
const NAVIGATEUR: &str = "navigateur";
const DEMANDE: &str = "demande";
/// Fields that are typed again rather than kept, even ciphered.
const SECRETS: [&str; 4] = ["mot_de_passe", "nouveau", "confirmation", "code"];
/// A year: a browser not used for so long is unknown again.
const DUREE_NAVIGATEUR_S: u32 = 31_536_000;

/// Behind HTTPS, the prefix keeps the other sites of the domain from writing it (SES-1).
fn nom_cookie(etat: &EtatWeb, nom: &str) -> String {
    if etat.https { format!("__Host-{nom}") } else { nom.to_owned() }
}

fn set_cookie(etat: &EtatWeb, nom: &str, valeur: &str, site: &str, duree: &str) -> HeaderValue {
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

/// Leads on with the form left waiting known to this browser alone: whoever has no more than the password of somebody
/// else cannot leave them one to send (SEC-3).
fn redirige_avec_demande(requete: &Requete, vers: &str, demande: Option<&str>) -> Response {
    let mut reponse = redirige(vers);
    if let Some(id) = demande {
        let duree = format!("; Max-Age={}", requete.ctx.app.limites.demande_gardee_min * 60);
        let temoin = set_cookie(&requete.etat, DEMANDE, id, "Strict", &duree);
        reponse.headers_mut().append(header::SET_COOKIE, temoin);
    }
    reponse
}

/// Erases the cookie of the session.
pub fn efface_session(etat: &EtatWeb) -> HeaderValue {
    set_cookie(etat, SESSION, "", "Lax", "; Max-Age=0")
}

/// `Set-Cookie` of a browser that completed a sign-in (LIM-1).
pub fn cookie_navigateur(etat: &EtatWeb, temoin: &str) -> HeaderValue {
    set_cookie(etat, NAVIGATEUR, temoin, "Lax", &format!("; Max-Age={DUREE_NAVIGATEUR_S}"))
}

fn cookie<'a>(entetes: &'a HeaderMap, nom: &str) -> Option<&'a str> {
    entetes
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|c| c.trim().split_once('='))
        .find_map(|(n, v)| (n == nom).then_some(v))
}

/// POST, redirect, GET. `chemin` is ours, never what a person typed.
pub fn redirige(chemin: &str) -> Response {
    match HeaderValue::from_str(chemin) {
        Ok(v) => (StatusCode::SEE_OTHER, [(header::LOCATION, v)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Middleware: finds the session, reads the body of a write within its limit, takes the instant of receipt (TPS-2),
/// runs the handler, dresses errors.
pub async fn contexte(State(etat): State<EtatWeb>, requete: Request, suite: Next) -> Response {
    let (parts, corps) = requete.into_parts();
    let sql = Duration::from_secs(etat.app.limites.sql_ecran_s);
    if is_long(&parts) {
        answer(etat, parts, corps, suite).await
    } else {
        on_screen(sql, answer(etat, parts, corps, suite)).await
    }
}

/// WEB-4: what takes more than a page does. A file is read or written whole; a publication concerns everybody.
fn is_long(parts: &Parts) -> bool {
    const LONGUES: [&str; 4] = ["/export", "/import/appliquer", "/publier", "/journal/vus"];
    let chemin = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    is_file(parts) || LONGUES.iter().any(|fin| chemin.ends_with(fin))
}

async fn answer(etat: EtatWeb, mut parts: Parts, corps: Body, suite: Next) -> Response {
    let ecrit = !matches!(parts.method, Method::GET | Method::HEAD);
    let arrivee = vue(&etat, &parts);
    tracing::Span::current().record("numero", arrivee.ctx.requete.as_str());
    let jeton = cookie(&parts.headers, &nom_cookie(&etat, SESSION));
    let session = match jeton {
        None => None,
        Some(jeton) => {
            match resolve_session(&etat.app, jeton, &arrivee.ctx.reseau, arrivee.ctx.recu_ms()).await {
                Ok(s) => s,
                Err(cause) => {
                    tracing::error!(requete = %arrivee.ctx.requete, %cause, "session illisible");
                    return bare_page(&arrivee, StatusCode::SERVICE_UNAVAILABLE);
                }
            }
        }
    };
    // Before the body: only somebody signed in may make the server hold a file (ENT-1).
    let limite = body_limit(&etat, &parts, session.as_ref());
    let lu = if ecrit { receive(corps, limite, &etat.app.limites).await } else { Ok(Bytes::new()) };
    let requete = received(&arrivee, session);
    // ENT-2, for addresses as for forms.
    if Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).is_ok_and(|Query(p)| duplicate(&p)) {
        return bare_page(&requete, StatusCode::BAD_REQUEST);
    }
    if let Some(jeton) = jeton.filter(|_| ecrit && requete.session.is_none()) {
        match sent_too_late(&requete, &parts, jeton, lu.as_ref().ok()).await {
            Ok(None) => {}
            Ok(Some((vers, demande))) => return redirige_avec_demande(&requete, &vers, demande.as_deref()),
            Err(cause) => {
                tracing::error!(requete = %requete.ctx.requete, %cause, "demande non gardée");
                return bare_page(&requete, StatusCode::SERVICE_UNAVAILABLE);
            }
        }
    }
    let lu = match lu {
        Ok(lu) => lu,
        Err(statut) => return bare_page(&requete, statut),
    };
    let envoi = if !ecrit {
        Envoi::Lecture
    } else if is_form(&parts) {
        Envoi::Formulaire(lu.clone())
    } else {
        Envoi::Autre
    };
    if let Some(trop) = too_often(&requete, ecrit) {
        return refuse_rate(&requete, envoi, &trop).await;
    }
    parts.extensions.insert(requete.clone());
    let l = &etat.app.limites;
    let delai = Duration::from_secs(if is_long(&parts) { l.reponse_longue_s } else { l.reponse_s });
    let Ok(reponse) = timeout(delai, suite.run(Request::from_parts(parts, Body::from(lu)))).await else {
        tracing::error!(requete = %requete.ctx.requete, delai_s = delai.as_secs(), "réponse trop longue");
        return too_slow(&requete, envoi).await;
    };
    let nue = reponse.extensions().get::<ErreurNue>().cloned();
    if let Some(nue) = &nue {
        note_refus(&requete, nue).await;
    }
    dress(&requete, envoi, reponse).await
}

/// Reads what is sent, within its size, and as long as it comes: a few seconds, and one more for so many bytes (WEB-4).
async fn receive(mut corps: Body, limite: usize, l: &Limites) -> Result<Bytes, StatusCode> {
    if corps.size_hint().lower() > limite as u64 {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    }
    let debut = Instant::now();
    let mut recu = BytesMut::new();
    loop {
        let gagne = Duration::from_millis(recu.len() as u64 * 1_000 / l.corps_octets_s.max(1));
        let jusqu_a = debut + Duration::from_secs(l.corps_s) + gagne;
        let morceau = poll_fn(|cx| Pin::new(&mut corps).poll_frame(cx));
        match timeout_at(jusqu_a, morceau).await {
            Err(_) => return Err(StatusCode::REQUEST_TIMEOUT),
            Ok(None) => return Ok(recu.freeze()),
            Ok(Some(Err(_))) => return Err(StatusCode::BAD_REQUEST),
            Ok(Some(Ok(morceau))) => {
                let octets = morceau.into_data().unwrap_or_default();
                if recu.len() + octets.len() > limite {
                    return Err(StatusCode::PAYLOAD_TOO_LARGE);
                }
                recu.extend_from_slice(&octets);
            }
        }
    }
}

/// WEB-4: no answer in time. Whether it was recorded is not known; sent again as it was, it counts once (TRX-2).
async fn too_slow(requete: &Requete, envoi: Envoi) -> Response {
    let ecrit = !matches!(envoi, Envoi::Lecture);
    let (renvoi, _) = send_again(requete, envoi).await;
    let mut page =
        ErreurPage::new(requete.page("").reference(&requete.ctx.requete), StatusCode::SERVICE_UNAVAILABLE);
    if ecrit {
        page = page.detail(
            "La réponse n’est pas venue à temps. Regardez d’abord si votre envoi est enregistré ; le même envoi fait deux fois \
             ne compte qu’une fois.",
        );
    }
    page.renvoi(renvoi).attente(10).reponse()
}

/// §10: what somebody signed in asked for too soon. Signing out is never refused.
fn too_often(requete: &Requete, ecrit: bool) -> Option<ErreurNue> {
    requete.compte().ok()?;
    let deconnexion = requete.chemin == requete.etat.site.url_deconnexion;
    let debit = if ecrit { Debit::Ecriture } else { Debit::Page };
    let Err(refus @ AppError::TooMany { .. }) = requete.ctx.take(debit) else { return None };
    let l = &requete.ctx.app.limites;
    let detail = if ecrit {
        format!("Un compte envoie au plus {} formulaires par minute. Rien n’a été enregistré.", l.ecritures.0)
    } else {
        format!("Un compte ouvre au plus {} pages par minute.", l.pages.0)
    };
    (!deconnexion).then(|| ErreurNue { detail: Some(detail), ..Erreur(refus).nue() })
}

/// 429: nothing was done, and what was typed is in the page, to be sent again.
async fn refuse_rate(requete: &Requete, envoi: Envoi, nue: &ErreurNue) -> Response {
    let (renvoi, conseil) = send_again(requete, envoi).await;
    let detail: Vec<&str> = nue.detail.as_deref().into_iter().chain(conseil).collect();
    let mut page =
        ErreurPage::new(requete.page("").reference(&requete.ctx.requete), nue.statut).renvoi(renvoi);
    if !detail.is_empty() {
        page = page.detail(detail.join(" "));
    }
    page.attente(nue.attente.unwrap_or(1)).reponse()
}

/// What was sent, to send it again from the page; or what to do instead.
async fn send_again(requete: &Requete, envoi: Envoi) -> (Option<Renvoi>, Option<&'static str>) {
    match envoi {
        Envoi::Lecture => (None, None),
        Envoi::Formulaire(corps) => match super::recu::paires(&requete.etat, corps.to_vec()).await {
            Ok(paires) if may_show(requete, &paires) => {
                (Some(Renvoi::new(&requete.chemin, requete.jeton(), paires)), None)
            }
            _ => (None, Some("Revenez à la page précédente : ce que vous y aviez saisi y est encore.")),
        },
        Envoi::Autre => (
            None,
            Some("Revenez à la page précédente et choisissez de nouveau le fichier : il n’a pas été gardé."),
        ),
    }
}

/// Sent by a page of ours (another site does not know the token), and holds nothing that must be typed again.
fn may_show(requete: &Requete, paires: &[(String, String)]) -> bool {
    let jeton = requete.jeton();
    paires.iter().any(|(nom, valeur)| nom == NOM_JETON && *valeur == jeton) && !holds_a_secret(paires)
}

fn holds_a_secret(paires: &[(String, String)]) -> bool {
    paires.iter().any(|(nom, _)| SECRETS.contains(&nom.as_str()))
}

/// What was asked, to come back to it after a second step.
enum Envoi {
    Lecture,
    /// The bytes of a form: a cheap copy, kept only if it must wait.
    Formulaire(Bytes),
    /// A file, which is not kept.
    Autre,
}

fn is_form(parts: &Parts) -> bool {
    let genre = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    genre.starts_with("application/x-www-form-urlencoded")
}

/// Keeps what was sent, for the account; nothing when it holds a secret, or is too large.
async fn keep(
    requete: &Requete,
    compte: i64,
    corps: &Bytes,
    paires: &[(String, String)],
) -> Result<Option<String>, AppError> {
    if holds_a_secret(paires) {
        return Ok(None);
    }
    let demande = DemandeGardee { chemin: requete.chemin.clone(), corps: corps.to_vec() };
    keep_request(&requete.ctx, compte, &demande).await
}

/// SES-3: a form sent from a page whose session ended meanwhile is kept for its sender, who signs in and goes on. Gives
/// where to go; nothing when the form does not come from such a page.
async fn sent_too_late(
    requete: &Requete,
    parts: &Parts,
    jeton: &str,
    corps: Option<&Bytes>,
) -> Result<Option<(String, Option<String>)>, AppError> {
    let par_une_page = parts
        .headers
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|genres| genres.contains("text/html"));
    if !par_une_page || requete.chemin == requete.etat.site.url_deconnexion {
        return Ok(None);
    }
    let Some(finie) = ended_session(&requete.ctx.app, jeton).await? else { return Ok(None) };
    let perdu = || ("/connexion?fait=session-finie-fichier".to_owned(), None);
    let Some(corps) = corps.filter(|_| is_form(parts)) else { return Ok(Some(perdu())) };
    let Ok(paires) = super::recu::paires(&requete.etat, corps.to_vec()).await else { return Ok(None) };
    if !sent_by(&parts.headers, &paires, &finie.csrf) {
        return Ok(None);
    }
    let gardee = keep(requete, finie.compte, corps, &paires).await?;
    let vers = |id: String| (format!("/connexion?fait=session-finie&suite=/reprise/{id}"), Some(id));
    Ok(Some(gardee.map_or_else(perdu, vers)))
}

/// The route as declared, never the address: an address may hold a token.
fn route(parts: &Parts) -> String {
    let chemin = parts.extensions.get::<MatchedPath>().map_or("autre", MatchedPath::as_str);
    format!("{} {chemin}", parts.method)
}

/// JOU-1: a signed-in person asked for what is not theirs. A refusal that cannot be written is still a refusal.
async fn note_refus(requete: &Requete, nue: &ErreurNue) {
    if (nue.refus.is_none() && !nue.absent) || requete.compte().is_err() {
        return;
    }
    let chemin = requete.chemin.split('?').next().unwrap_or("");
    let objet = chemin.split('/').filter_map(PublicId::parse).next_back();
    let objet = objet.as_ref().map_or("", PublicId::as_str);
    if let Err(cause) = app::journal::record_refus(&requete.ctx, nue.refus, objet).await {
        tracing::error!(%cause, "refus non consigné");
    }
}

fn is_file(parts: &Parts) -> bool {
    let genre = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    genre.starts_with("multipart/form-data")
}

fn body_limit(etat: &EtatWeb, parts: &Parts, session: Option<&SessionVue>) -> usize {
    let limites = &etat.app.limites;
    let complet = session.is_some_and(|s| s.etape == EtapeConnexion::Complete);
    if complet && is_file(parts) { limites.fichier_octets + 64 * 1024 } else { limites.formulaire_octets }
}

fn bare_page(requete: &Requete, statut: StatusCode) -> Response {
    ErreurPage::new(requete.page("").reference(&requete.ctx.requete), statut).reponse()
}

async fn dress(requete: &Requete, envoi: Envoi, reponse: Response) -> Response {
    let Some(nue) = reponse.extensions().get::<ErreurNue>().cloned() else { return reponse };
    let etape = requete.session.as_ref().map(|s| s.etape);
    // HAB-3: whoever is not signed in goes to sign-in, whether what they asked for exists or not.
    let cachee = nue.refus.is_some() || (nue.absent && nue.reservee);
    if nue.confirmation || (cachee && etape != Some(EtapeConnexion::Complete)) {
        let mieux = nue.confirmation && has_better_means(requete).await;
        return match come_back(requete, envoi).await {
            Ok((suite, demande)) => {
                let vers = second_step(requete, nue.confirmation && !mieux, &suite);
                redirige_avec_demande(requete, &vers, demande.as_deref())
            }
            Err(cause) => {
                tracing::error!(%cause, "demande non gardée");
                bare_page(requete, StatusCode::SERVICE_UNAVAILABLE)
            }
        };
    }
    if nue.statut == StatusCode::TOO_MANY_REQUESTS {
        return refuse_rate(requete, envoi, &nue).await;
    }
    let mut page = ErreurPage::new(requete.page("").reference(&requete.ctx.requete), nue.statut);
    if let Some(detail) = nue.detail {
        page = page.detail(detail);
    }
    if let Some(attente) = nue.attente {
        page = page.attente(attente);
    }
    page.reponse()
}

/// Query that leads back to what was asked, and the form left waiting. A form sent by somebody whose session waits for a
/// second step is kept (SEC-3): its token was verified by then, so that no other site can leave one here.
async fn come_back(requete: &Requete, envoi: Envoi) -> Result<(String, Option<String>), AppError> {
    let gardee = match (envoi, &requete.session) {
        (Envoi::Lecture, _) => return Ok((format!("suite={}", encode(&requete.chemin)), None)),
        (_, None) => return Ok(("suite=".to_owned(), None)),
        (Envoi::Autre, Some(_)) => None,
        (Envoi::Formulaire(corps), Some(session)) => {
            match super::recu::paires(&requete.etat, corps.to_vec()).await {
                Ok(paires) => keep(requete, session.compte, &corps, &paires).await?,
                Err(_) => None,
            }
        }
    };
    Ok(match gardee {
        Some(id) => (format!("suite=/reprise/{id}"), Some(id)),
        None => ("fait=fichier-non-garde".to_owned(), None),
    })
}

/// The person has a means that suffices for a sensitive act, whatever the one just shown.
async fn has_better_means(requete: &Requete) -> bool {
    let Ok(session) = requete.compte() else { return false };
    let choix = second_step_choices(&requete.ctx, session).await;
    choix.is_ok_and(|c| c.moyens.iter().any(|m| m.suffit_aux_actes_sensibles()))
}

/// Where the second step is made. Whoever just made it by mail, and has nothing else, adds a safer means first (SEC-5).
fn second_step(requete: &Requete, sans_mieux: bool, suite: &str) -> String {
    let par_courriel = matches!(
        requete.ctx.seconde_etape,
        SecondeEtape::Faite { moyen: Moyen::Courriel, .. } if requete.ctx.is_fresh()
    );
    if sans_mieux && par_courriel {
        return format!("/compte/securite?fait=moyen-sur&{suite}");
    }
    match requete.session.as_ref().map(|s| s.etape) {
        None => format!("/connexion?{suite}"),
        Some(EtapeConnexion::Enrolement) => format!("/connexion/enrolement?{suite}"),
        Some(_) => format!("/connexion/verification?{suite}"),
    }
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

fn vue(etat: &EtatWeb, parts: &Parts) -> Requete {
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
        ecrit: !matches!(parts.method, Method::GET | Method::HEAD),
        origine: "ecran",
    };
    let fait = parts.uri.query().unwrap_or("").split('&').find_map(|p| p.strip_prefix("fait="));
    Requete(Arc::new(Vue {
        avis: fait.and_then(|code| crate::avis::avis(code, &app.limites)),
        apparence: Apparence::de_la_requete(&parts.headers),
        navigateur: app.coffre.fingerprint("navigateur", agent),
        chemin: parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned(),
        demande: cookie(&parts.headers, &nom_cookie(etat, DEMANDE)).map(str::to_owned),
        etat: etat.clone(),
        ctx,
        session: None,
    }))
}

/// The request once wholly received: its instants are those of now, its actor that of the session.
fn received(requete: &Requete, session: Option<SessionVue>) -> Requete {
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
    }))
}
