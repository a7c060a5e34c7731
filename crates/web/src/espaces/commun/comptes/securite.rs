//! Putting an establishment under safety in one gesture, and lifting it (SES-5).

use app::comptes::{SecuriteVue, lift_securite, secure_etablissement, view_securite};
use app::messages;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;

use super::ariane;
use crate::components::{Alerte, Bouton, Formulaire, LienBouton, nombre};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, encode, redirige, refuse};

#[derive(Debug, Default, Deserialize)]
pub struct Demande {
    uai: Option<String>,
}

#[derive(Template)]
#[template(path = "commun/comptes/securite_choix.html")]
struct PageChoix {
    page: Page,
    form: Formulaire,
}

#[derive(Template)]
#[template(path = "commun/comptes/securite.html")]
struct PageSecurite {
    page: Page,
    form: Formulaire,
    nom: String,
    comptes: String,
    en_cours: Option<Alerte>,
    url: String,
}

/// Which establishment, by its code.
pub async fn get_choix(requete: Requete, Query(d): Query<Demande>) -> Resultat {
    let uai = d.uai.unwrap_or_default();
    let mut form = Formulaire::new("").avec("uai", &uai);
    let mut statut = StatusCode::OK;
    if !uai.is_empty() {
        match view_securite(&requete.ctx, &uai).await {
            Ok(s) => return Ok(redirige(&format!("/comptes/securite/{}", encode(&s.uai)))),
            Err(app::AppError::NotFound | app::AppError::Denied(_)) => {
                form.refuse("uai", "Aucun établissement de votre périmètre n’a ce code.");
                statut = StatusCode::UNPROCESSABLE_ENTITY;
            }
            Err(e) => return Err(e.into()),
        }
    }
    requete.ctx.scope(domain::droits::Action::SecuriserEtablissement)?;
    let page =
        requete.page("Mettre un établissement en sécurité").ariane(ariane()).en_erreur(!form.est_valide());
    Ok(rend(statut, &PageChoix { page, form }))
}

fn rend_securite(requete: &Requete, s: &SecuriteVue, form: Formulaire, statut: StatusCode) -> Response {
    let en_cours = s.en_cours.as_ref().map(|(depuis, motif)| {
        Alerte::attention(format_args!(
            "En sécurité depuis le {}\u{a0}: « {motif} ». Les exports sont coupés.",
            messages::date_heure(*depuis)
        ))
    });
    let titre = if en_cours.is_some() {
        "Lever la mise en sécurité"
    } else {
        "Mettre l’établissement en sécurité"
    };
    let page = PageSecurite {
        page: requete.page(titre).ariane(ariane()).en_erreur(!form.est_valide()),
        form,
        nom: format!("{} ({})", s.nom, s.uai),
        comptes: match s.comptes {
            1 => "Le compte".to_owned(),
            n => format!("Les {} comptes", nombre(i64::try_from(n).unwrap_or(i64::MAX))),
        },
        en_cours,
        url: format!("/comptes/securite/{}", s.uai),
    };
    rend(statut, &page)
}

pub async fn get_securite(requete: Requete, Path(uai): Path<String>) -> Resultat {
    let s = view_securite(&requete.ctx, &uai).await?;
    Ok(rend_securite(&requete, &s, requete.formulaire(), StatusCode::OK))
}

pub async fn post_securite(Path(uai): Path<String>, recu: Recu) -> Resultat {
    let garde = recu.garde();
    let Recu { requete, mut form } = recu;
    let motif = form.valeur("motif").to_owned();
    let lever = form.valeur("geste") == "lever";
    let resultat = if lever {
        lift_securite(&requete.ctx, &garde, &uai, &motif).await
    } else {
        secure_etablissement(&requete.ctx, &garde, &uai, &motif).await
    };
    match resultat {
        Ok(_) if lever => Ok(redirige("/comptes?fait=securite-levee")),
        // Whoever belongs to the establishment was signed out with the others: the page of sign-in says so.
        Ok(_) if requete.ctx.acteur.attributions.iter().any(|a| a.role.is_over_etablissement()) => {
            Ok(redirige("/connexion?fait=mon-etablissement-securise"))
        }
        Ok(_) => Ok(redirige("/comptes?fait=etablissement-securise")),
        Err(e) => {
            refuse(&mut form, e)?;
            let s = view_securite(&requete.ctx, &uai).await?;
            Ok(rend_securite(&requete, &s, form, StatusCode::UNPROCESSABLE_ENTITY))
        }
    }
}
