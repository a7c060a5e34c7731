//! `/connexion/conformite`: what an account lacks before its password and factor are renewed (CPT-3, CPT-4).

use app::AppError;
use app::comptes::{
    Conformite, EtapeConnexion, SessionVue, confirm_conforming_mobile, give_mobile,
    request_conforming_address, view_conformite,
};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;

use super::connexion::{Demande, abandon, ailleurs, attente, duree, reessayer_apres};
use crate::components::{Bouton, Etapes, Formulaire, LienBouton};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

const PAGE: &str = "/connexion/conformite";

#[derive(Template)]
#[template(path = "commun/conformite.html")]
struct PageConformite {
    page: Page,
    form: Formulaire,
    etapes: Etapes,
    manques: Conformite,
}

impl PageConformite {
    fn abandon(&self) -> Bouton {
        abandon()
    }
}

fn rend_conformite(requete: &Requete, manques: Conformite, form: Formulaire, statut: StatusCode) -> Response {
    let suite =
        if manques.reprise { "Mot de passe et double authentification" } else { "Double authentification" };
    let page = PageConformite {
        page: requete.page("Mettre votre compte à jour").en_erreur(!form.est_valide()),
        form,
        etapes: Etapes::new(1, &["Vos coordonnées", suite]),
        manques,
    };
    rend(statut, &page)
}

fn a_securiser(requete: &Requete) -> Option<&SessionVue> {
    requete.session.as_ref().filter(|s| s.etape == EtapeConnexion::Enrolement)
}

pub async fn page(requete: Requete, Query(demande): Query<Demande>) -> Resultat {
    let Some(session) = a_securiser(&requete) else {
        return Ok(ailleurs(requete.session.as_ref(), EtapeConnexion::Enrolement, &demande));
    };
    let manques = view_conformite(&requete.ctx, session).await?;
    if manques.is_complete() {
        return Ok(redirige("/connexion/enrolement"));
    }
    Ok(rend_conformite(&requete, manques, requete.formulaire(), StatusCode::OK))
}

pub async fn envoi(Query(demande): Query<Demande>, recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let Some(session) = a_securiser(&requete) else {
        return Ok(ailleurs(requete.session.as_ref(), EtapeConnexion::Enrolement, &demande));
    };
    let (ctx, navigateur) = (&requete.ctx, &requete.navigateur);
    let (resultat, avis) = match form.valeur("quoi") {
        "mobile" => {
            let avis = if ctx.app.sms.available() { "code-mobile" } else { "mobile" };
            (give_mobile(ctx, session, navigateur, form.valeur("mobile")).await, avis)
        }
        "code" => {
            let code = form.valeur("code_mobile");
            (confirm_conforming_mobile(ctx, session, navigateur, code).await, "mobile-verifie")
        }
        _ => (request_conforming_address(ctx, session, form.valeur("courriel")).await, "adresse-demandee"),
    };
    let statut = match resultat {
        Ok(()) => return Ok(redirige(&format!("{PAGE}?fait={avis}"))),
        // Done in another tab: the page says what is left.
        Err(AppError::Conflict) => return Ok(redirige(PAGE)),
        Err(AppError::TooMany { attente_s }) if form.valeur("quoi") == "code" => {
            form.refuse("code_mobile", format_args!("{}.", attente(attente_s)));
            let manques = view_conformite(ctx, session).await?;
            let reponse = rend_conformite(&requete, manques, form, StatusCode::TOO_MANY_REQUESTS);
            return Ok(reessayer_apres(reponse, attente_s));
        }
        Err(AppError::TooMany { attente_s }) => {
            form.refuse(
                "mobile",
                format_args!(
                    "Un code vient déjà de partir. Vous pourrez en demander un autre dans {}.",
                    duree(attente_s)
                ),
            );
            let manques = view_conformite(ctx, session).await?;
            let reponse = rend_conformite(&requete, manques, form, StatusCode::TOO_MANY_REQUESTS);
            return Ok(reessayer_apres(reponse, attente_s));
        }
        Err(AppError::Rule(r @ domain::RuleViolation::BoiteDeFonction { .. })) => {
            form.refuse("courriel", app::messages::regle(&r));
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(e) => {
            refuse(&mut form, e)?;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    let manques = view_conformite(ctx, session).await?;
    Ok(rend_conformite(&requete, manques, form, statut))
}
