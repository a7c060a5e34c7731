//! The middleware around every page: session, body, instant of receipt, limits, then the handler and the dress of errors.

use std::time::Duration;

use app::comptes::{EtapeConnexion, SessionVue, resolve_session};
use app::contexte::on_screen;
use axum::body::{Body, Bytes};
use axum::extract::{Query, Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::PublicId;
use tokio::time::timeout;

use super::EtatWeb;
use super::attente::{come_back, has_better_means, redirige_avec_demande, second_step, sent_too_late};
use super::bornes::{is_long, receive, refuse_rate, too_often, too_slow};
use super::erreur::ErreurNue;
use super::recu::duplicate;
use super::requete::{Requete, archive, received, vue};
use super::temoins::{SESSION, cookie, nom_cookie};
use crate::erreurs_page::ErreurPage;

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
    let archive = match session.as_ref().map(SessionVue::acteur) {
        Some(acteur) => archive(&arrivee, &acteur).await,
        None => None,
    };
    let requete = received(&arrivee, session, archive);
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

/// What was asked, to come back to it after a second step.
pub(super) enum Envoi {
    Lecture,
    /// The bytes of a form: a cheap copy, kept only if it must wait.
    Formulaire(Bytes),
    /// A file, which is not kept.
    Autre,
}

pub(super) fn is_form(parts: &Parts) -> bool {
    let genre = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    genre.starts_with("application/x-www-form-urlencoded")
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

pub(super) fn is_file(parts: &Parts) -> bool {
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
    if matches!(envoi, Envoi::Lecture) {
        page = page.lecture();
    }
    if let Some(detail) = nue.detail {
        page = page.detail(detail);
    }
    if let Some(attente) = nue.attente {
        page = page.attente(attente);
    }
    page.reponse()
}
