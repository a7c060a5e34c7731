//! R-ADM-16: `/candidat/voeux/{id}/explication`: why a wish stands where it does on a published day. The page computes nothing: what is
//! asked is made apart, and the page comes back by itself until it is there, unless asked not to.

use app::AppError;
use app::admission::{
    EtatExplication, ExplicationVue, PartieExplication, demander_explication, explication_du_candidat,
};
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use domain::PublicId;

use super::recu::PAS_EXAMINE;
use super::{lien_voeux, page, refuse_acte};
use crate::components::{Alerte, Bouton, Formulaire, LienBouton, regards, toute_seule};
use crate::layout::{Page, rend};
use crate::socle::{Recu, Requete, Resultat, comes_back, is_coming_back, redirige};

#[derive(Template)]
#[template(path = "candidat/explication.html")]
struct PageExplication {
    page: Page,
    form: Formulaire,
    formation: String,
    /// The day that is shown.
    jour: Option<i64>,
    alerte: Option<Alerte>,
    parties: Vec<PartieExplication>,
    /// Where to send what is asked; none when there is nothing to ask for.
    demander: Option<String>,
    liens: Vec<Bouton>,
    /// Title and address of the other days.
    autres: Vec<(String, String)>,
}

fn adresse(voeu: &PublicId) -> String {
    format!("/candidat/voeux/{}/explication", voeu.as_str())
}

fn lit_jour(texte: &str) -> Result<Option<i64>, AppError> {
    match texte {
        "" => Ok(None),
        texte => texte.parse().map(Some).map_err(|_| AppError::NotFound),
    }
}

pub async fn get_explication(
    requete: Requete,
    Path(id): Path<String>,
    Query(paires): Query<Vec<(String, String)>>,
) -> Resultat {
    let voeu = PublicId::parse(&id).ok_or(AppError::NotFound)?;
    let jour = lit_jour(Formulaire::recu("", paires.clone()).valeur("jour"))?;
    let x = explication_du_candidat(&requete.ctx, &voeu, jour).await?;
    let form = requete.formulaire();
    Ok(reponse(&requete, &voeu, x, form, StatusCode::OK, is_coming_back(&paires)))
}

pub async fn post_explication(Path(id): Path<String>, recu: Recu) -> Resultat {
    let requete = recu.requete.clone();
    let voeu = PublicId::parse(&id).ok_or(AppError::NotFound)?;
    let jour = lit_jour(recu.form.valeur("jour"))?.ok_or(AppError::NotFound)?;
    match demander_explication(&requete.ctx, &recu.garde(), &voeu, jour).await {
        Ok(_) => Ok(redirige(&format!("{}?jour={jour}", adresse(&voeu)))),
        Err(e) => {
            let (statut, form) = refuse_acte(&requete, recu.form, e)?;
            let x = explication_du_candidat(&requete.ctx, &voeu, Some(jour)).await?;
            Ok(reponse(&requete, &voeu, x, form, statut, false))
        }
    }
}

fn reponse(
    requete: &Requete,
    voeu: &PublicId,
    x: ExplicationVue,
    form: Formulaire,
    statut: StatusCode,
    seule: bool,
) -> Response {
    let url = adresse(voeu);
    let revenir = LienBouton::new("Revenir à mes vœux", "/candidat/voeux").secondaire();
    let (jour, etat) = x.jour.map_or((None, None), |(jour, etat)| (Some(jour), Some(etat)));
    let attend = matches!(etat, Some(EtatExplication::EnPreparation));
    let mut vue = PageExplication {
        page: page(requete, "Explication de ce vœu", x.annee, vec![lien_voeux()])
            .en_erreur(!form.est_valide()),
        form,
        formation: x.formation,
        alerte: message(etat.as_ref(), seule),
        parties: Vec::new(),
        demander: None,
        liens: vec![revenir],
        autres: x
            .jours
            .iter()
            .filter(|j| Some(**j) != jour)
            .map(|j| (format!("Jour {j} de l’admission"), format!("{url}?jour={j}")))
            .collect(),
        jour,
    };
    match (etat, jour) {
        (Some(EtatExplication::Prete(parties)), _) => vue.parties = parties,
        (Some(EtatExplication::ADemander), _) => vue.demander = Some(url),
        (Some(EtatExplication::EnPreparation), Some(jour)) => {
            vue.liens.splice(0..0, regards(&format!("{url}?jour={jour}"), seule));
        }
        _ => {}
    }
    let reponse = rend(statut, &vue);
    if attend && seule { comes_back(reponse) } else { reponse }
}

/// What is said in place of an explanation that is not there.
fn message(etat: Option<&EtatExplication>, seule: bool) -> Option<Alerte> {
    Some(match etat {
        None => Alerte::info(
            "Aucun calcul publié ne porte encore sur ce vœu : l’explication pourra être demandée après le premier.",
        ),
        Some(EtatExplication::ADemander | EtatExplication::Prete(_)) => return None,
        Some(EtatExplication::EnPreparation) => Alerte::info(format_args!(
            "L’explication est en préparation. Vous pouvez quitter cette page.{}",
            toute_seule(seule)
        )),
        Some(EtatExplication::Absente) => Alerte::info(PAS_EXAMINE),
        Some(EtatExplication::Impossible) => Alerte::erreur(
            "Cette explication ne peut pas être donnée : le procès-verbal de ce calcul ne se relit pas, ou n’est plus celui qui a \
             été signé. Votre vœu n’en est pas changé.",
        ),
        Some(EtatExplication::Retiree) => Alerte::attention(
            "Ce que ce calcul avait décidé pour cette formation a été retiré depuis : il résultait d’une erreur, qui n’est pas la \
             vôtre. Les réponses déjà données restent ; les vœux en attente ont retrouvé leur rang d’avant, et le prochain calcul \
             décide pour eux.",
        ),
    })
}
