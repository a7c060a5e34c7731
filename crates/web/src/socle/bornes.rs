//! WEB-4 and §10: how long an exchange may last, how often one may ask, and what is told beyond.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use app::AppError;
use app::debits::Debit;
use app::limites::Limites;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::MatchedPath;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use bytes::BytesMut;
use tokio::time::{Instant, timeout_at};

use super::attente::holds_a_secret;
use super::brouillons::GARDER;
use super::contexte::{Envoi, is_file};
use super::erreur::{Erreur, ErreurNue};
use super::recu::paires;
use super::requete::Requete;
use crate::components::{NOM_JETON, Renvoi};
use crate::erreurs_page::ErreurPage;

/// WEB-4: what takes more than a page does. A file is read or written whole; a publication concerns everybody.
pub(super) fn is_long(parts: &Parts) -> bool {
    const LONGUES: [&str; 5] =
        ["/export", "/import/appliquer", "/publier", "/journal/vus", "/recapitulatif.pdf"];
    let chemin = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    is_file(parts) || LONGUES.iter().any(|fin| chemin.ends_with(fin))
}

/// Reads what is sent, within its size, and as long as it comes: a few seconds, and one more for so many bytes (WEB-4).
pub(crate) async fn receive(mut corps: Body, limite: usize, l: &Limites) -> Result<Bytes, StatusCode> {
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
pub(super) async fn too_slow(requete: &Requete, envoi: Envoi) -> Response {
    let ecrit = !matches!(envoi, Envoi::Lecture);
    let (renvoi, _) = send_again(requete, envoi).await;
    let mut page =
        ErreurPage::new(requete.page("").reference(&requete.ctx.requete), StatusCode::SERVICE_UNAVAILABLE);
    let document = requete.chemin.split('?').next().is_some_and(|chemin| chemin.ends_with(".pdf"));
    if ecrit {
        page = page.detail(
            "La réponse n’est pas venue à temps. Regardez d’abord si votre envoi est enregistré ; le même envoi fait deux fois \
             ne compte qu’une fois.",
        );
    } else if document {
        page = page.detail(
            "Le document n’a pas été prêt à temps. Rien n’est perdu : revenez à la page précédente et redemandez-le.",
        );
    }
    // Documents are set one after another: another one is under way.
    page.renvoi(renvoi).attente(if document { 30 } else { 10 }).reponse()
}

/// §10: what somebody signed in asked for too soon. Signing out is never refused.
pub(super) fn too_often(requete: &Requete, ecrit: bool) -> Option<ErreurNue> {
    requete.compte().ok()?;
    let deconnexion = requete.chemin == requete.etat.site.url_deconnexion;
    let debit = match ecrit {
        true if requete.chemin == GARDER => Debit::Brouillon,
        true => Debit::Ecriture,
        false => Debit::Page,
    };
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
pub(super) async fn refuse_rate(requete: &Requete, envoi: Envoi, nue: &ErreurNue) -> Response {
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
        Envoi::Formulaire(corps) => match paires(&requete.etat, corps.to_vec()).await {
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
