//! R-ADM-14: `/candidat/voeux/{id}/recu`: what a run has read and decided of a wish, to be kept and checked.

use app::AppError;
use app::admission::{RecuDuVoeu, recu_du_candidat};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use domain::PublicId;
use serde::Deserialize;

use super::{lien_voeux, page};
use crate::components::{Alerte, Definitions, LienBouton};
use crate::layout::{Page, rend};
use crate::socle::{Requete, Resultat, fichier};

/// Said of a run that has nothing about a wish.
pub(super) const PAS_EXAMINE: &str =
    "Ce calcul n’a pas examiné ce vœu : il n’était pas, ou plus, dans la procédure.";

#[derive(Deserialize)]
pub struct Choix {
    /// Of which run; the last published one by default.
    jour: Option<String>,
    /// The file itself.
    fichier: Option<String>,
}

#[derive(Template)]
#[template(path = "candidat/recu.html")]
struct PageRecu {
    page: Page,
    formation: String,
    passage: Option<String>,
    valeurs: Option<Definitions>,
    absent: Option<Alerte>,
    telecharger: String,
    transparence: String,
    /// Title and address of the other runs.
    autres: Vec<(String, String)>,
}

pub async fn get_recu(requete: Requete, Path(id): Path<String>, Query(choix): Query<Choix>) -> Resultat {
    let voeu = PublicId::parse(&id).ok_or(AppError::NotFound)?;
    let jour = match choix.jour.as_deref() {
        None | Some("") => None,
        Some(texte) => Some(texte.parse().map_err(|_| AppError::NotFound)?),
    };
    let r = recu_du_candidat(&requete.ctx, &voeu, jour).await?;
    if choix.fichier.is_some() {
        let recu = r.recu.as_ref().ok_or(AppError::NotFound)?;
        let nom = format!("recu-{}-jour-{}.json", r.annee, r.jour.as_ref().map_or(0, |j| j.jour));
        return Ok(fichier(&nom, "application/json", recu.json().into_bytes()));
    }
    Ok(rend(StatusCode::OK, &vue(&requete, &voeu, r)))
}

fn vue(requete: &Requete, voeu: &PublicId, r: RecuDuVoeu) -> PageRecu {
    let adresse = |jour: i64| format!("/candidat/voeux/{}/recu?jour={jour}", voeu.as_str());
    let absent = match (&r.jour, &r.recu) {
        (None, _) => Some(
            "Aucun calcul publié ne porte encore sur vos vœux : le reçu sera disponible après le premier.",
        ),
        (Some(_), None) => Some(PAS_EXAMINE),
        (Some(_), Some(_)) => None,
    };
    PageRecu {
        page: page(requete, "Reçu vérifiable", r.annee, vec![lien_voeux()]),
        formation: r.formation,
        telecharger: r.jour.as_ref().map(|j| adresse(j.jour) + "&fichier=oui").unwrap_or_default(),
        transparence: format!("/transparence/{}", r.annee),
        autres: r
            .jours
            .iter()
            .filter(|j| Some(*j) != r.jour.as_ref())
            .map(|j| (j.titre.clone(), adresse(j.jour)))
            .collect(),
        passage: r.jour.map(|j| j.titre),
        valeurs: r.recu.map(|recu| {
            recu.valeurs.iter().fold(Definitions::new(), |d, (libelle, valeur)| d.ligne(libelle, valeur))
        }),
        absent: absent.map(Alerte::info),
    }
}
