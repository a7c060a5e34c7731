//! Securing an account before its first use, and signing out.

use app::AppError;
use app::comptes::{
    CommandeEnrolement, Enrolement, EtapeConnexion, SessionVue, enrol, prepare_enrolement, sign_out,
    view_conformite,
};
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::connexion::{Demande, abandon, ailleurs, avance};
use crate::components::{Bouton, Formulaire};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, cookie_session, redirige, refuse};

#[derive(Template)]
#[template(path = "commun/enrolement.html")]
struct PageEnrolement {
    page: Page,
    form: Formulaire,
    action: String,
    enrolement: Enrolement,
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
    statut: StatusCode,
) -> Result<Response, AppError> {
    let scelle = form.valeur("scelle").to_owned();
    let scelle = (!scelle.is_empty()).then_some(scelle);
    let page = PageEnrolement {
        page: requete.page("Sécuriser votre compte").en_erreur(!form.est_valide()),
        action: requete.chemin.clone(),
        enrolement: prepare_enrolement(&requete.ctx, session, scelle.as_deref()).await?,
        form,
    };
    Ok(rend(statut, &page))
}

pub async fn page_enrolement(requete: Requete, Query(demande): Query<Demande>) -> Resultat {
    match &requete.session {
        Some(s) if s.etape == EtapeConnexion::Enrolement => {
            if !view_conformite(&requete.ctx, s).await?.is_complete() {
                return Ok(redirige("/connexion/conformite"));
            }
            Ok(rend_enrolement(&requete, s, requete.formulaire(), StatusCode::OK).await?)
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
        Ok(c) => Ok(avance(&requete.etat, &c, &demande)),
        Err(e) => {
            refuse(&mut form, e)?;
            Ok(rend_enrolement(&requete, session, form, StatusCode::UNPROCESSABLE_ENTITY).await?)
        }
    }
}

/// SES-4: signing out ends the session on the server and empties what the browser kept. Whoever is no longer signed in
/// gets the same answer.
pub async fn deconnexion(requete: Requete, recu: Result<Recu, StatusCode>) -> Resultat {
    if let Some(session) = &requete.session {
        match recu {
            Ok(_) => sign_out(&requete.ctx, session).await?,
            Err(_) => return Err(AppError::Denied(refus()).into()),
        }
    }
    let mut reponse = redirige("/?fait=deconnecte");
    let entetes = reponse.headers_mut();
    entetes.append(header::SET_COOKIE, cookie_session(&requete.etat, ""));
    // Not « cookies »: the choice of light or dark stays; ours is erased above.
    entetes.insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    Ok(reponse)
}

fn refus() -> domain::droits::Denial {
    domain::droits::Denial { action: domain::droits::Action::ConsulterDossier, connu: true }
}
