//! Signing in: address and password, then the code of the authenticator.

use app::AppError;
use app::comptes::{Connexion, EtapeConnexion, SessionVue, Verification, sign_in, verify_code};
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::comptes::Role;
use domain::droits::Attribution;
use serde::Deserialize;

use crate::components::{Bouton, Formulaire};
use crate::layout::{Page, rend};
use crate::socle::{EtatWeb, Recu, Requete, Resultat, cookie_session, encode, redirige, refuse};

/// Where to go once signed in.
#[derive(Debug, Default, Deserialize)]
pub struct Demande {
    suite: Option<String>,
}

impl Demande {
    /// Only a page of ours (WEB-2).
    fn suite(&self) -> Option<&str> {
        self.suite.as_deref().filter(|s| est_interne(s))
    }
}

fn est_interne(chemin: &str) -> bool {
    chemin.len() <= 500
        && chemin.starts_with('/')
        && !chemin.starts_with("//")
        && !chemin.starts_with("/connexion")
        && chemin.bytes().all(|o| o.is_ascii_graphic() && o != b'\\')
}

fn avec_suite(chemin: &str, suite: Option<&str>) -> String {
    suite.map_or_else(|| chemin.to_owned(), |s| format!("{chemin}?suite={}", encode(s)))
}

/// Where a person starts, by their first role.
fn accueil(roles: &[Attribution]) -> &'static str {
    match roles.first().map(|a| a.role) {
        None | Some(Role::Public | Role::Systeme) => "/",
        Some(Role::Candidat) => "/candidat",
        Some(Role::Academie) => "/academie",
        Some(Role::AdminNational | Role::Auditeur) => "/national",
        Some(_) => "/gestion",
    }
}

/// The page where the sign-in under way goes on.
fn prochaine(etape: EtapeConnexion, roles: &[Attribution], suite: Option<&str>) -> String {
    match etape {
        EtapeConnexion::SecondFacteur => avec_suite("/connexion/verification", suite),
        EtapeConnexion::Enrolement => avec_suite("/connexion/enrolement", suite),
        EtapeConnexion::Complete => suite.unwrap_or(accueil(roles)).to_owned(),
    }
}

/// Answers a step that passed: new cookie, next page.
pub(super) fn avance(etat: &EtatWeb, c: &Connexion, demande: &Demande) -> Response {
    let mut reponse = redirige(&prochaine(c.etape, &c.roles, demande.suite()));
    reponse.headers_mut().append(header::SET_COOKIE, cookie_session(etat, &c.jeton));
    reponse
}

/// Sends to the page where the person stands, when it is not the one asked.
pub(super) fn ailleurs(
    session: Option<&SessionVue>,
    attendue: EtapeConnexion,
    demande: &Demande,
) -> Response {
    match session {
        Some(s) if s.etape != attendue => redirige(&prochaine(s.etape, &s.roles, demande.suite())),
        _ => redirige(&avec_suite("/connexion", demande.suite())),
    }
}

#[derive(Template)]
#[template(path = "commun/connexion.html")]
struct PageConnexion {
    page: Page,
    form: Formulaire,
    action: String,
    /// A page asked for an account: say why this one opens.
    pour_suite: bool,
}

pub async fn page(requete: Requete, Query(demande): Query<Demande>) -> Resultat {
    if let Some(s) = &requete.session {
        return Ok(redirige(&prochaine(s.etape, &s.roles, demande.suite())));
    }
    Ok(rend_connexion(&requete, requete.formulaire(), &demande, StatusCode::OK))
}

fn rend_connexion(requete: &Requete, form: Formulaire, demande: &Demande, statut: StatusCode) -> Response {
    let page = PageConnexion {
        page: requete.page("Connexion").en_erreur(!form.est_valide()),
        form,
        action: avec_suite("/connexion", demande.suite()),
        pour_suite: demande.suite().is_some(),
    };
    rend(statut, &page)
}

pub async fn envoi(Query(demande): Query<Demande>, recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let resultat =
        sign_in(&requete.ctx, &requete.navigateur, form.valeur("courriel"), form.valeur("mot_de_passe"))
            .await;
    match resultat {
        Ok(c) => {
            // The former session of this browser, if any, ends here.
            if let Some(ancienne) = &requete.session {
                app::comptes::sign_out(&requete.ctx, ancienne).await?;
            }
            Ok(avance(&requete.etat, &c, &demande))
        }
        Err(AppError::TooMany { attente_s }) => {
            form.refuse_tout(format_args!("{}, ou choisir un nouveau mot de passe.", attente(attente_s)));
            let reponse = rend_connexion(&requete, form, &demande, StatusCode::TOO_MANY_REQUESTS);
            Ok(reessayer_apres(reponse, attente_s))
        }
        Err(e) => {
            refuse(&mut form, e)?;
            Ok(rend_connexion(&requete, form, &demande, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

fn attente(secondes: u64) -> String {
    let duree = match secondes {
        0..=1 => "une seconde".to_owned(),
        2..=90 => format!("{secondes} secondes"),
        91..=7_200 => format!("{} minutes", secondes.div_ceil(60)),
        _ => format!("{} heures", secondes.div_ceil(3_600)),
    };
    format!("Trop d’essais manqués. Vous pourrez recommencer dans {duree}")
}

fn reessayer_apres(mut reponse: Response, secondes: u64) -> Response {
    reponse.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secondes));
    reponse
}

#[derive(Template)]
#[template(path = "commun/verification.html")]
struct PageVerification {
    page: Page,
    form: Formulaire,
    action: String,
}

fn rend_verification(requete: &Requete, form: Formulaire, demande: &Demande, statut: StatusCode) -> Response {
    let page = PageVerification {
        page: requete.page("Double authentification").en_erreur(!form.est_valide()),
        form,
        action: avec_suite("/connexion/verification", demande.suite()),
    };
    rend(statut, &page)
}

pub async fn page_verification(requete: Requete, Query(demande): Query<Demande>) -> Resultat {
    match &requete.session {
        Some(s) if s.etape == EtapeConnexion::SecondFacteur => {
            Ok(rend_verification(&requete, requete.formulaire(), &demande, StatusCode::OK))
        }
        autre => Ok(ailleurs(autre.as_ref(), EtapeConnexion::SecondFacteur, &demande)),
    }
}

pub async fn envoi_verification(Query(demande): Query<Demande>, recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let Some(session) = requete.session.as_ref().filter(|s| s.etape == EtapeConnexion::SecondFacteur) else {
        return Ok(ailleurs(requete.session.as_ref(), EtapeConnexion::SecondFacteur, &demande));
    };
    let resultat = verify_code(&requete.ctx, session, &requete.navigateur, form.valeur("code")).await;
    match resultat {
        Ok(Verification::Acceptee(c)) => Ok(avance(&requete.etat, &c, &demande)),
        Ok(Verification::Detruite) => {
            let mut reponse = redirige("/connexion?fait=codes-refuses");
            reponse.headers_mut().append(header::SET_COOKIE, cookie_session(&requete.etat, ""));
            Ok(reponse)
        }
        Ok(Verification::Refusee { restants }) => {
            let reste = if restants > 1 { format!("{restants} essais") } else { "un seul essai".to_owned() };
            form.refuse(
                "code",
                format_args!(
                    "Ce code n’est pas valable ou a déjà servi. Attendez que votre application en affiche un nouveau : il vous reste {reste}."
                ),
            );
            Ok(rend_verification(&requete, form, &demande, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(AppError::TooMany { attente_s }) => {
            form.refuse_tout(format_args!("{}.", attente(attente_s)));
            let reponse = rend_verification(&requete, form, &demande, StatusCode::TOO_MANY_REQUESTS);
            Ok(reessayer_apres(reponse, attente_s))
        }
        Err(e) => Err(e.into()),
    }
}

/// The button that gives up a sign-in under way.
pub(super) fn abandon() -> Bouton {
    Bouton::new("Abandonner et revenir à l’accueil").tertiaire()
}

impl PageVerification {
    fn abandon(&self) -> Bouton {
        abandon()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn web_2_only_pages_of_ours_follow_a_sign_in() {
        for juste in ["/candidat/voeux", "/gestion/2024?groupe=a&fait=b", "/"] {
            assert!(est_interne(juste), "{juste}");
        }
        for faux in [
            "",
            "candidat",
            "//mal.example",
            "/\\mal.example",
            "https://mal.example",
            "/a\r\nb",
            "/é",
            "/connexion?suite=/",
            "/a b",
        ] {
            assert!(!est_interne(faux), "{faux}");
        }
        assert!(!est_interne(&format!("/{}", "a".repeat(500))));
        assert_eq!(avec_suite("/connexion", Some("/a?b=c")), "/connexion?suite=/a%3Fb%3Dc");
    }
}
