//! `/brouillon`: what is typed in a long form and not saved yet (SES-3): kept by its page, read back, forgotten.

use app::AppError;
use app::brouillons::{Issue, Saisie, find, forget, keep};
use app::messages;
use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderName, StatusCode};
use axum::response::IntoResponse;
use domain::PublicId;
use domain::calendrier::paris;
use jiff::Timestamp;
use serde::Deserialize;

use crate::components::{Bouton, Definitions, Formulaire, LienBouton, Markup};
use crate::layout::{Page, rend};
use crate::socle::brouillons::{Adresse, full_title, groups, place, typed};
use crate::socle::{Recu, Requete, Resultat, redirige};

/// Where the form says that it is kept.
fn address(form: &Formulaire) -> Result<(Adresse, &str), AppError> {
    let adresse = form.adresse_gardee().ok_or(AppError::NotFound)?;
    Ok((Adresse::parse(adresse).ok_or(AppError::NotFound)?, adresse))
}

/// When a form was kept: the hour of the campaign, in Paris, as the notice above the form will say it; that of the browser may be
/// another one.
const HEURE: HeaderName = HeaderName::from_static("x-heure");

fn heure(instant: Timestamp) -> String {
    let z = instant.to_zoned_datetime(paris());
    format!("{}:{:02}", z.hour(), z.minute())
}

/// Sent by the script while a form is typed, and when its page is left: says nothing but whether it is kept, and when.
pub async fn garde(recu: Recu) -> Resultat {
    recu.requete.compte()?;
    let (adresse, chemin) = address(&recu.form)?;
    let saisie = Saisie {
        chemin: chemin.to_owned(),
        onglet: PublicId::parse(recu.form.onglet()).ok_or(AppError::NotFound)?,
        paires: typed(&recu.form),
        garde: recu.garde(),
    };
    let statut = match keep(&recu.requete.ctx, adresse.actions(), &saisie).await? {
        Issue::Gardee => StatusCode::NO_CONTENT,
        Issue::DejaEnregistree => StatusCode::CONFLICT,
        Issue::AutreSaisie => StatusCode::PRECONDITION_FAILED,
        Issue::TropLongue => StatusCode::PAYLOAD_TOO_LARGE,
    };
    Ok((statut, [(HEURE, heure(recu.requete.ctx.campagne_le))]).into_response())
}

/// « L’oublier »: back to the form, as it is stored.
pub async fn oubli(recu: Recu) -> Resultat {
    recu.requete.compte()?;
    let (_, chemin) = address(&recu.form)?;
    forget(&recu.requete.ctx, chemin).await?;
    let et = if chemin.contains('?') { '&' } else { '?' };
    Ok(redirige(&format!("{chemin}{et}fait=brouillon-oublie")))
}

#[derive(Deserialize)]
pub struct Parametres {
    #[serde(default)]
    adresse: String,
}

#[derive(Template)]
#[template(path = "commun/brouillon.html")]
struct PageBrouillon {
    page: Page,
    titre: String,
    le: String,
    saisie: Definitions,
    adresse: String,
    form: Formulaire,
}

/// What was typed, by itself: where its form is closed, or no longer this person's, the text may still be copied.
pub async fn page(requete: Requete, Query(p): Query<Parametres>) -> Resultat {
    requete.compte()?;
    let adresse = Adresse::parse(&p.adresse).ok_or(AppError::NotFound)?;
    let gardee = find(&requete.ctx, &p.adresse).await?.ok_or(AppError::NotFound)?;
    let groupes = groups(&requete, &adresse).await?;
    let libelle = |nom: &str| adresse.libelle(nom, &groupes);
    let mut paires: Vec<_> = gardee.paires.iter().filter(|(_, v)| !v.trim().is_empty()).collect();
    paires.sort_by_key(|(nom, _)| place(nom, &groupes));
    let saisie = paires.into_iter().fold(Definitions::new(), |d, (nom, valeur)| match nom.as_str() {
        "champs" => d.ligne(libelle(nom), libelle(valeur)),
        _ => d.ligne_markup(libelle(nom), lisible(valeur)),
    });
    let page = PageBrouillon {
        page: requete.page("Saisie non enregistrée").ariane(vec![adresse.accueil()]),
        titre: full_title(&requete, &adresse).await?,
        le: messages::date_heure(gardee.le),
        saisie,
        adresse: gardee.chemin,
        form: requete.formulaire(),
    };
    Ok(rend(StatusCode::OK, &page))
}

/// A choice in a list is known by its identifier alone, which says nothing to anybody.
fn lisible(valeur: &str) -> Markup {
    if PublicId::parse(valeur).is_some() {
        return Markup::texte("un choix de la liste");
    }
    Markup::lignes(&valeur.lines().map(str::to_owned).collect::<Vec<_>>())
}
