//! Forgotten password: the link by mail, then the new password.

use app::AppError;
use app::comptes::{check_reset, request_reset, reset_password};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use domain::comptes::Niveau;

use crate::components::{Bouton, Formulaire, LienBouton};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, redirige, refuse};

#[derive(Template)]
#[template(path = "commun/oubli.html")]
struct PageOubli {
    page: Page,
    form: Formulaire,
}

fn rend_oubli(requete: &Requete, form: Formulaire, statut: StatusCode) -> Response {
    let page = requete.page("Mot de passe oublié").en_erreur(!form.est_valide());
    rend(statut, &PageOubli { page, form })
}

pub async fn page_oubli(requete: Requete) -> Resultat {
    Ok(rend_oubli(&requete, requete.formulaire(), StatusCode::OK))
}

pub async fn envoi_oubli(recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    match request_reset(&requete.ctx, form.valeur("courriel")).await {
        Ok(()) => Ok(redirige("/mot-de-passe-oublie?fait=courriel-envoye")),
        Err(e) => {
            refuse(&mut form, e)?;
            Ok(rend_oubli(&requete, form, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}

/// A link that was used, replaced, or ran out.
#[derive(Template)]
#[template(path = "commun/lien_perime.html")]
struct LienPerime {
    page: Page,
    duree: String,
    url: &'static str,
    libelle: &'static str,
}

/// Says that a link no longer serves, and how to get another one.
pub(super) fn lien_perime(
    requete: &Requete,
    duree: String,
    url: &'static str,
    libelle: &'static str,
) -> Response {
    let page = requete.page("Ce lien n’est plus valable");
    rend(StatusCode::GONE, &LienPerime { page, duree, url, libelle })
}

fn perime(requete: &Requete) -> Response {
    let duree = format!("{} minutes", requete.ctx.app.limites.lien_oubli_min);
    lien_perime(requete, duree, "/mot-de-passe-oublie", "Demander un nouveau lien")
}

#[derive(Template)]
#[template(path = "commun/choix_mot_de_passe.html")]
struct PageChoix {
    page: Page,
    form: Formulaire,
    action: String,
    indice: &'static str,
}

/// What is asked of a new password, in one sentence.
pub(super) fn indice(niveau: Niveau) -> &'static str {
    match niveau {
        Niveau::Gestion => {
            "12 caractères au moins, mêlant majuscules, minuscules, chiffres et signes ; ou une phrase d’au moins 17 lettres."
        }
        Niveau::Candidat => "12 caractères au moins. Une phrase de quelques mots convient très bien.",
    }
}

fn rend_choix(requete: &Requete, form: Formulaire, niveau: Niveau, statut: StatusCode) -> Response {
    let page = PageChoix {
        page: requete.page("Choisir un nouveau mot de passe").en_erreur(!form.est_valide()),
        form,
        action: requete.chemin.clone(),
        indice: indice(niveau),
    };
    rend(statut, &page)
}

pub async fn page_choix(requete: Requete, Path(jeton): Path<String>) -> Resultat {
    match check_reset(&requete.ctx, &jeton).await {
        Ok(niveau) => Ok(rend_choix(&requete, requete.formulaire(), niveau, StatusCode::OK)),
        Err(AppError::NotFound) => Ok(perime(&requete)),
        Err(e) => Err(e.into()),
    }
}

pub async fn envoi_choix(Path(jeton): Path<String>, recu: Recu) -> Resultat {
    let Recu { requete, mut form } = recu;
    let (neuf, confirmation) =
        (form.valeur("mot_de_passe").to_owned(), form.valeur("confirmation").to_owned());
    match reset_password(&requete.ctx, &jeton, &neuf, &confirmation).await {
        Ok(()) => Ok(redirige("/connexion?fait=mot-de-passe")),
        Err(AppError::NotFound) => Ok(perime(&requete)),
        Err(e) => {
            refuse(&mut form, e)?;
            let niveau = check_reset(&requete.ctx, &jeton).await?;
            Ok(rend_choix(&requete, form, niveau, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
