//! Securing an account before its first use, and signing out.

use app::comptes::{
    CommandeEnrolement, Connexion, Enrolement, EtapeConnexion, SessionVue, enrol, enrol_passkey,
    postpone_enrolement, prepare_enrolement, sign_out, start_passkey, view_conformite,
};
use app::{AppError, messages};
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use domain::comptes::Niveau;
use jiff::Timestamp;

use super::connexion::{Demande, abandon, accueil, ailleurs, avance, avec_suite, json, pose_cookies};
use super::mot_de_passe::indice;
use crate::components::{Bouton, Formulaire, LienBouton};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Rejet, Requete, Resultat, efface_session, redirige, refuse};

#[derive(Template)]
#[template(path = "commun/enrolement.html")]
struct PageEnrolement {
    page: Page,
    form: Formulaire,
    cle: Formulaire,
    action: String,
    action_cle: String,
    action_plus_tard: String,
    /// Until when the second factor may wait.
    plus_tard: Option<String>,
    enrolement: Enrolement,
    /// What is asked of the new password.
    indice: &'static str,
}

/// Recovery codes, shown once.
#[derive(Template)]
#[template(path = "commun/codes_secours.html")]
struct PageCodes {
    page: Page,
    codes: Vec<String>,
    suite: String,
}

/// Shows fresh recovery codes, then leads on.
pub(super) fn rend_codes(requete: &Requete, codes: Vec<String>, suite: &str) -> Response {
    let page = requete.page("Vos codes de secours");
    rend(StatusCode::OK, &PageCodes { page, codes, suite: suite.to_owned() })
}

/// The account is secured: codes to note if there are new ones, otherwise the next page.
fn secured(requete: &Requete, mut c: Connexion, demande: &Demande) -> Response {
    let codes = std::mem::take(&mut c.codes);
    if codes.is_empty() {
        return avance(&requete.etat, &c, demande);
    }
    let suite = demande.suite().unwrap_or(accueil(&c.roles)).to_owned();
    pose_cookies(rend_codes(requete, codes, &suite), &requete.etat, &c)
}

impl PageEnrolement {
    fn abandon(&self) -> Bouton {
        abandon()
    }
}

async fn rend_enrolement(
    requete: &Requete,
    session: &SessionVue,
    form: Formulaire,
    demande: &Demande,
    statut: StatusCode,
) -> Result<Response, AppError> {
    let scelle = form.valeur("scelle").to_owned();
    let scelle = (!scelle.is_empty()).then_some(scelle);
    let enrolement = prepare_enrolement(&requete.ctx, session, scelle.as_deref()).await?;
    let page = PageEnrolement {
        page: requete.page("Sécuriser votre compte").en_erreur(!form.est_valide()),
        action: avec_suite("/connexion/enrolement", demande.suite()),
        action_cle: avec_suite("/connexion/enrolement/cle", demande.suite()),
        action_plus_tard: avec_suite("/connexion/enrolement/plus-tard", demande.suite()),
        plus_tard: enrolement
            .plus_tard_ms
            .and_then(|ms| Timestamp::from_millisecond(ms).ok())
            .map(messages::date_heure),
        cle: requete.formulaire().avec_prefixe("cle"),
        enrolement,
        indice: indice(Niveau::Gestion),
        form,
    };
    Ok(rend(statut, &page))
}

pub async fn page_enrolement(requete: Requete, Query(demande): Query<Demande>) -> Resultat {
    match &requete.session {
        Some(s) if s.etape == EtapeConnexion::Enrolement => {
            let manques = view_conformite(&requete.ctx, s).await?;
            let attend = demande.mobile_later() && manques.allows_factor();
            if !manques.is_complete() && !attend {
                return Ok(redirige("/connexion/conformite"));
            }
            Ok(rend_enrolement(&requete, s, requete.formulaire(), &demande, StatusCode::OK).await?)
        }
        autre => Ok(ailleurs(autre.as_ref(), EtapeConnexion::Enrolement, &demande)),
    }
}

pub async fn envoi_enrolement(Query(demande): Query<Demande>, recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let Some(session) = requete.session.as_ref().filter(|s| s.etape == EtapeConnexion::Enrolement) else {
        return Ok(ailleurs(requete.session.as_ref(), EtapeConnexion::Enrolement, &demande));
    };
    let commande = CommandeEnrolement {
        scelle: form.valeur("scelle").to_owned(),
        code: form.valeur("code").to_owned(),
        mot_de_passe: form.valeur("mot_de_passe").to_owned(),
        confirmation: form.valeur("confirmation").to_owned(),
    };
    match enrol(&requete.ctx, session, &requete.navigateur, &commande).await {
        Ok(c) => Ok(secured(&requete, c, &demande)),
        Err(e) => {
            refuse(&mut form, e)?;
            Ok(rend_enrolement(&requete, session, form, &demande, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

/// The account is secured with a passkey.
pub async fn envoi_cle(Query(demande): Query<Demande>, recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let Some(session) = requete.session.as_ref().filter(|s| s.etape == EtapeConnexion::Enrolement) else {
        return Ok(ailleurs(requete.session.as_ref(), EtapeConnexion::Enrolement, &demande));
    };
    let (nom, reponse) = (form.valeur("nom").to_owned(), form.valeur("reponse").to_owned());
    match enrol_passkey(&requete.ctx, session, &requete.navigateur, &nom, &reponse).await {
        Ok(c) => Ok(secured(&requete, c, &demande)),
        Err(AppError::Invalid(fautes)) => {
            for (_, message) in fautes {
                form.refuse_tout(message);
            }
            let statut = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(rend_enrolement(&requete, session, form, &demande, statut).await?)
        }
        Err(e) => Err(e.into()),
    }
}

/// The second factor waits, while it may.
pub async fn envoi_plus_tard(Query(demande): Query<Demande>, recu: Recu) -> Resultat {
    let requete = recu.requete;
    let Some(session) = requete.session.as_ref().filter(|s| s.etape == EtapeConnexion::Enrolement) else {
        return Ok(ailleurs(requete.session.as_ref(), EtapeConnexion::Enrolement, &demande));
    };
    let c = postpone_enrolement(&requete.ctx, session, &requete.navigateur).await?;
    Ok(avance(&requete.etat, &c, &demande))
}

/// What the browser needs to create a passkey: asked by the page's script.
pub async fn defi_ajout(recu: Recu) -> Resultat {
    let requete = recu.requete;
    let session = requete.session.as_ref().ok_or(AppError::NotFound)?;
    Ok(json(start_passkey(&requete.ctx, session).await?))
}

/// SES-4: signing out ends the session on the server and empties what the browser kept. Whoever is no longer signed in
/// gets the same answer.
pub async fn deconnexion(requete: Requete, recu: Result<Recu, Rejet>) -> Resultat {
    if let Some(session) = &requete.session {
        match recu {
            Ok(_) => sign_out(&requete.ctx, session).await?,
            Err(Rejet::Champ(nom)) => return Err(AppError::Champ(nom).into()),
            Err(Rejet::Statut(_)) => return Err(AppError::Denied(refus()).into()),
        }
    }
    Ok(dehors(&requete, "/?fait=deconnecte"))
}

/// The answer that signs out: no cookie, nothing left in the browser.
pub(super) fn dehors(requete: &Requete, vers: &str) -> Response {
    let mut reponse = redirige(vers);
    let entetes = reponse.headers_mut();
    entetes.append(header::SET_COOKIE, efface_session(&requete.etat));
    // Not « cookies »: the choice of light or dark stays; ours is erased above.
    entetes.insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    reponse
}

fn refus() -> domain::droits::Denial {
    domain::droits::Denial { action: domain::droits::Action::ConsulterDossier, connu: true }
}
