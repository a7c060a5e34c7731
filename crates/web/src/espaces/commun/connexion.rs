//! Signing in: address and password, then the code of the authenticator.

use app::AppError;
use app::comptes::{
    Choix, Connexion, EtapeConnexion, SessionVue, Verification, second_step_choices, send_code, sign_in,
    start_verification, verify_code,
};
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::comptes::{Moyen, Role};
use domain::droits::Attribution;
use serde::Deserialize;

use crate::components::{Bouton, Formulaire};
use crate::layout::{Page, rend};
use crate::socle::{
    EtatWeb, Recu, Requete, Resultat, cookie_navigateur, cookie_session, efface_session, encode, redirige,
    refuse,
};

/// Where to go once signed in.
#[derive(Debug, Default, Deserialize)]
pub struct Demande {
    suite: Option<String>,
    mobile: Option<String>,
}

impl Demande {
    /// The number will be proved later: its code does not come.
    pub(super) fn mobile_later(&self) -> bool {
        self.mobile.as_deref() == Some("plus-tard")
    }

    /// Only a page of ours (WEB-2).
    pub(super) fn suite(&self) -> Option<&str> {
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

pub(super) fn avec_suite(chemin: &str, suite: Option<&str>) -> String {
    suite.map_or_else(|| chemin.to_owned(), |s| format!("{chemin}?suite={}", encode(s)))
}

/// Where a person starts, by their first role.
pub(super) fn accueil(roles: &[Attribution]) -> &'static str {
    match roles.first().map(|a| a.role) {
        None | Some(Role::Public | Role::Logiciel | Role::Systeme) => "/",
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
    pose_cookies(redirige(&prochaine(c.etape, &c.roles, demande.suite())), etat, c)
}

/// Gives the browser its new session, and what makes it known next time.
pub(super) fn pose_cookies(mut reponse: Response, etat: &EtatWeb, c: &Connexion) -> Response {
    let entetes = reponse.headers_mut();
    entetes.append(header::SET_COOKIE, cookie_session(etat, &c.jeton, &c.roles));
    if let Some(temoin) = &c.temoin {
        entetes.append(header::SET_COOKIE, cookie_navigateur(etat, temoin));
    }
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

pub(super) fn attente(secondes: u64) -> String {
    format!("Trop d’essais manqués. Vous pourrez recommencer dans {}", duree(secondes))
}

pub(super) fn duree(secondes: u64) -> String {
    match secondes {
        0..=1 => "une seconde".to_owned(),
        2..=90 => format!("{secondes} secondes"),
        91..=7_200 => format!("{} minutes", secondes.div_ceil(60)),
        _ => format!("{} heures", secondes.div_ceil(3_600)),
    }
}

pub(super) fn reessayer_apres(mut reponse: Response, secondes: u64) -> Response {
    reponse.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secondes));
    reponse
}

#[derive(Template)]
#[template(path = "commun/verification.html")]
struct PageVerification {
    page: Page,
    form: Formulaire,
    /// The recovery code has its own field: letters on the keyboard.
    secours: Formulaire,
    action: String,
    action_envoi: String,
    choix: Choix,
}

impl PageVerification {
    fn abandon(&self) -> Bouton {
        abandon()
    }

    /// A code is typed: from an application, or sent.
    fn saisit_un_code(&self) -> bool {
        self.choix.moyens.iter().any(|m| matches!(m, Moyen::Totp | Moyen::Sms | Moyen::Courriel))
    }

    fn indice(&self) -> String {
        let application = self.choix.offre("totp").then_some("les six chiffres de votre application");
        let envoye = (self.choix.offre("sms") || self.choix.offre("courriel"))
            .then_some("les huit chiffres d’un code reçu");
        let dits: Vec<&str> = application.into_iter().chain(envoye).collect();
        format!("Saisissez {}. Un code ne sert qu’une fois.", dits.join(", ou "))
    }

    fn envois(&self) -> Vec<Bouton> {
        let bouton = |moyen: &Moyen| {
            let vers = match moyen {
                Moyen::Sms => format!("par SMS au {}", self.choix.mobile.as_deref().unwrap_or("")),
                Moyen::Courriel => format!("par courriel à {}", self.choix.courriel),
                _ => return None,
            };
            let verbe =
                if self.choix.envoye == Some(*moyen) { "Recevoir un autre code" } else { "Recevoir un code" };
            Some(Bouton::new(format_args!("{verbe} {vers}")).secondaire().valeur("moyen", moyen.code()))
        };
        self.choix.moyens.iter().filter_map(bouton).collect()
    }
}

async fn rend_verification(
    requete: &Requete,
    session: &SessionVue,
    form: Formulaire,
    demande: &Demande,
    statut: StatusCode,
) -> Result<Response, AppError> {
    let choix = second_step_choices(&requete.ctx, session).await?;
    let titre =
        if choix.confirmation { "Confirmer que c’est bien vous" } else { "Double authentification" };
    let page = PageVerification {
        page: requete.page(titre).en_erreur(!form.est_valide()),
        secours: requete.formulaire().avec_prefixe("secours"),
        form,
        action: avec_suite("/connexion/verification", demande.suite()),
        action_envoi: avec_suite("/connexion/code", demande.suite()),
        choix,
    };
    Ok(rend(statut, &page))
}

/// The session whose second step is asked, or is made again before a sensitive act.
fn a_verifier(session: Option<&SessionVue>) -> Option<&SessionVue> {
    session.filter(|s| s.etape != EtapeConnexion::Enrolement)
}

pub async fn page_verification(requete: Requete, Query(demande): Query<Demande>) -> Resultat {
    match a_verifier(requete.session.as_ref()) {
        Some(s) => Ok(rend_verification(&requete, s, requete.formulaire(), &demande, StatusCode::OK).await?),
        None => Ok(ailleurs(requete.session.as_ref(), EtapeConnexion::SecondFacteur, &demande)),
    }
}

/// Sends a code, by the means of the button.
pub async fn envoi_code(Query(demande): Query<Demande>, recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let Some(session) = a_verifier(requete.session.as_ref()) else {
        return Ok(ailleurs(requete.session.as_ref(), EtapeConnexion::SecondFacteur, &demande));
    };
    let moyen = Moyen::from_code(form.valeur("moyen")).ok_or(AppError::NotFound)?;
    match send_code(&requete.ctx, session, &requete.navigateur, moyen).await {
        Ok(()) => {
            let suite = demande.suite().map(|s| format!("&suite={}", encode(s))).unwrap_or_default();
            Ok(redirige(&format!("/connexion/verification?fait=code-{}{suite}", moyen.code())))
        }
        Err(AppError::TooMany { attente_s }) => {
            form.refuse_tout(format_args!(
                "Trop de codes demandés. Vous pourrez en recevoir un autre dans {}.",
                duree(attente_s)
            ));
            let statut = StatusCode::TOO_MANY_REQUESTS;
            let reponse = rend_verification(&requete, session, form, &demande, statut).await?;
            Ok(reessayer_apres(reponse, attente_s))
        }
        Err(AppError::Invalid(fautes)) => {
            for (_, message) in fautes {
                form.refuse_tout(message);
            }
            let statut = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(rend_verification(&requete, session, form, &demande, statut).await?)
        }
        Err(e) => Err(e.into()),
    }
}

/// What the browser needs to use a passkey: asked by the page's script, which carries the token of the form.
pub async fn defi_cle(recu: Recu) -> Resultat {
    let requete = recu.requete;
    let session = a_verifier(requete.session.as_ref()).ok_or(AppError::NotFound)?;
    Ok(json(start_verification(&requete.ctx, session).await?))
}

/// A JSON text already made.
pub(super) fn json(texte: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], texte).into_response()
}

pub async fn envoi_verification(Query(demande): Query<Demande>, recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let Some(session) = a_verifier(requete.session.as_ref()) else {
        return Ok(ailleurs(requete.session.as_ref(), EtapeConnexion::SecondFacteur, &demande));
    };
    let champ = if form.valeur("secours").is_empty() { "code" } else { "secours" };
    let code = form.valeur(champ).to_owned();
    match verify_code(&requete.ctx, session, &requete.navigateur, &code).await {
        Ok(Verification::Acceptee(c)) => Ok(avance(&requete.etat, &c, &demande)),
        Ok(Verification::Detruite) => {
            let mut reponse = redirige("/connexion?fait=codes-refuses");
            reponse.headers_mut().append(header::SET_COOKIE, efface_session(&requete.etat));
            Ok(reponse)
        }
        Ok(Verification::Refusee { restants }) => {
            let reste = if restants > 1 { format!("{restants} essais") } else { "un seul essai".to_owned() };
            form.refuse_tout(format_args!(
                "Ce code n’est pas valable, n’est plus valable ou a déjà servi. Saisissez-en un nouveau, ou choisissez un autre moyen : il vous reste {reste}."
            ));
            let statut = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(rend_verification(&requete, session, form, &demande, statut).await?)
        }
        Err(AppError::TooMany { attente_s }) => {
            form.refuse_tout(format_args!("{}.", attente(attente_s)));
            let statut = StatusCode::TOO_MANY_REQUESTS;
            let reponse = rend_verification(&requete, session, form, &demande, statut).await?;
            Ok(reessayer_apres(reponse, attente_s))
        }
        Err(e) => Err(e.into()),
    }
}

/// The button that gives up a sign-in under way.
pub(super) fn abandon() -> Bouton {
    Bouton::new("Abandonner et revenir à l’accueil").tertiaire()
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
