//! What was sent too early or too late waits, ciphered, for the one who sent it: after a second step (SEC-3, HAB-7) or a new
//! sign-in (SES-3).

use app::AppError;
use app::comptes::{DemandeGardee, EtapeConnexion, ended_session, keep_request, second_step_choices};
use app::contexte::SecondeEtape;
use axum::body::Bytes;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;
use domain::comptes::Moyen;

use super::brouillons::GARDER;
use super::contexte::{Envoi, is_form};
use super::recu::{paires, sent_by};
use super::requete::{Requete, encode, redirige};
use super::temoins::{DEMANDE, set_cookie};

/// Fields that are typed again rather than kept, even ciphered.
const SECRETS: [&str; 4] = ["mot_de_passe", "nouveau", "confirmation", "code"];

/// Leads on with the form left waiting known to this browser alone: whoever has no more than the password of somebody
/// else cannot leave them one to send (SEC-3).
pub(super) fn redirige_avec_demande(requete: &Requete, vers: &str, demande: Option<&str>) -> Response {
    let mut reponse = redirige(vers);
    if let Some(id) = demande {
        let duree = format!("; Max-Age={}", requete.ctx.app.limites.demande_gardee_min * 60);
        let temoin = set_cookie(&requete.etat, DEMANDE, id, "Strict", &duree);
        reponse.headers_mut().append(header::SET_COOKIE, temoin);
    }
    reponse
}

pub(super) fn holds_a_secret(paires: &[(String, String)]) -> bool {
    paires.iter().any(|(nom, _)| SECRETS.contains(&nom.as_str()))
}

/// Keeps what was sent, for the account; nothing when it holds a secret, or is too large.
async fn keep(
    requete: &Requete,
    compte: i64,
    corps: &Bytes,
    paires: &[(String, String)],
) -> Result<Option<String>, AppError> {
    // What a page has kept while it is typed is sent again by that page: it does not push out what its author sent.
    if holds_a_secret(paires) || requete.chemin == GARDER {
        return Ok(None);
    }
    let demande = DemandeGardee { chemin: requete.chemin.clone(), corps: corps.to_vec() };
    keep_request(&requete.ctx, compte, &demande).await
}

/// SES-3: a form sent from a page whose session ended meanwhile is kept for its sender, who signs in and goes on. Gives
/// where to go; nothing when the form does not come from such a page.
pub(super) async fn sent_too_late(
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
    let Ok(paires) = paires(&requete.etat, corps.to_vec()).await else { return Ok(None) };
    if !sent_by(&parts.headers, &paires, &finie.csrf) {
        return Ok(None);
    }
    let gardee = keep(requete, finie.compte, corps, &paires).await?;
    let vers = |id: String| (format!("/connexion?fait=session-finie&suite=/reprise/{id}"), Some(id));
    Ok(Some(gardee.map_or_else(perdu, vers)))
}

/// Query that leads back to what was asked, and the form left waiting. A form sent by somebody whose session waits for a
/// second step is kept (SEC-3): its token was verified by then, so that no other site can leave one here.
pub(super) async fn come_back(requete: &Requete, envoi: Envoi) -> Result<(String, Option<String>), AppError> {
    let gardee = match (envoi, &requete.session) {
        (Envoi::Lecture, _) => return Ok((format!("suite={}", encode(&requete.chemin)), None)),
        (_, None) => return Ok(("suite=".to_owned(), None)),
        (Envoi::Autre, Some(_)) => None,
        (Envoi::Formulaire(corps), Some(session)) => match paires(&requete.etat, corps.to_vec()).await {
            Ok(paires) => keep(requete, session.compte, &corps, &paires).await?,
            Err(_) => None,
        },
    };
    Ok(match gardee {
        Some(id) => (format!("suite=/reprise/{id}"), Some(id)),
        None => ("fait=fichier-non-garde".to_owned(), None),
    })
}

/// The person has a means that suffices for a sensitive act, whatever the one just shown.
pub(super) async fn has_better_means(requete: &Requete) -> bool {
    let Ok(session) = requete.compte() else { return false };
    let choix = second_step_choices(&requete.ctx, session).await;
    choix.is_ok_and(|c| c.moyens.iter().any(|m| m.suffit_aux_actes_sensibles()))
}

/// Where the second step is made. Whoever just made it by mail, and has nothing else, adds a safer means first (SEC-5).
pub(super) fn second_step(requete: &Requete, sans_mieux: bool, suite: &str) -> String {
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
