//! `/connexion/conformite`: what a carried-over account lacks before its password and factor are renewed (CPT-4).

use app::AppError;
use app::comptes::{
    Conformite, EtapeConnexion, SessionVue, give_mobile, request_conforming_address, view_conformite,
};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;

use super::connexion::{Demande, abandon, ailleurs};
use crate::components::{Bouton, Etapes, Formulaire};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

/// The steps, for whoever has them to do.
pub(super) const ETAPES: [&str; 2] = ["Vos coordonnées", "Mot de passe et double authentification"];

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
    let page = PageConformite {
        page: requete.page("Mettre votre compte à jour").en_erreur(!form.est_valide()),
        form,
        etapes: Etapes::new(1, &ETAPES),
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
    let manques = view_conformite(&requete.ctx, session).await?;
    let mobile = form.valeur("quoi") == "mobile";
    let resultat = if mobile {
        give_mobile(&requete.ctx, session, form.valeur("mobile")).await
    } else {
        request_conforming_address(&requete.ctx, session, form.valeur("courriel")).await
    };
    match resultat {
        Ok(()) if mobile => Ok(redirige("/connexion/conformite?fait=enregistre")),
        Ok(()) => Ok(redirige("/connexion/conformite?fait=adresse-demandee")),
        // Done in another tab: the page says what is left.
        Err(AppError::Conflict) => Ok(redirige("/connexion/conformite")),
        Err(AppError::Rule(r @ domain::RuleViolation::BoiteDeFonction { .. })) => {
            form.refuse("courriel", app::messages::regle(&r));
            Ok(rend_conformite(&requete, manques, form, StatusCode::UNPROCESSABLE_ENTITY))
        }
        Err(e) => {
            refuse(&mut form, e)?;
            Ok(rend_conformite(&requete, manques, form, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
