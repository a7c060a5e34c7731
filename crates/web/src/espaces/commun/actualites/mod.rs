//! `/informations`: the Fil info, its items, and where they are published.

mod audience;
mod publier;

pub(super) use crate::components::{enumere, instant};
pub(super) use audience::{ChampsAudience, MARQUES, destinataires, lit_audience, pose_audience};

use app::AppError;
use app::actualites::{Actualite, read_actualite, view_fil};
use app::messages::date_heure;
use app::sessions;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::PublicId;
use domain::droits::Action;

use crate::components::{Badge, Documents, LienBouton, Markup, Ton, signature, texte_riche};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Acces, Requete, Resultat, Table, redirige};

pub fn routes() -> Table {
    let lire = Acces::Action(Action::ConsulterInformations);
    let publier = Acces::Action(Action::PublierInformation);
    Table::new()
        .get("/informations", lire, get_session)
        .get("/informations/{annee}", lire, get_fil)
        .get("/informations/{annee}/actualites/{id}", lire, get_actualite)
        .get("/informations/{annee}/publication", publier, publier::get_liste)
        .get("/informations/{annee}/publication/nouvelle", publier, publier::get_nouvelle)
        .post("/informations/{annee}/publication/nouvelle", publier, publier::post_nouvelle)
        .get("/informations/{annee}/publication/{id}/lectures/export", publier, publier::get_export)
        .get("/informations/{annee}/publication/{id}", publier, publier::get_publication)
        .post("/informations/{annee}/publication/{id}", publier, publier::post_publication)
        .post("/informations/{annee}/publication/{id}/retirer", publier, publier::post_retrait)
}

pub(super) fn lit_annee(annee: &str) -> Result<i64, AppError> {
    annee.parse().map_err(|_| AppError::NotFound)
}

pub(super) fn lit_chemin((annee, id): &(String, String)) -> Result<(i64, PublicId), AppError> {
    Ok((lit_annee(annee)?, PublicId::parse(id).ok_or(AppError::NotFound)?))
}

pub(super) fn adresse(annee: i64) -> String {
    format!("/informations/{annee}")
}

/// `/informations` leads to the open session.
pub async fn get_session(requete: Requete) -> Resultat {
    requete.ctx.scope(Action::ConsulterInformations)?;
    let session = sessions::courante(&requete.ctx.app.db).await?;
    Ok(redirige(&adresse(session.annee)))
}

/// An item in the list.
struct Ligne {
    titre: String,
    url: String,
    quand: String,
    iso: String,
    de: String,
    corrigee: Option<String>,
    badge: Option<Badge>,
}

#[derive(Template)]
#[template(path = "commun/actualites/fil.html")]
struct PageFil {
    page: Page,
    lignes: Vec<Ligne>,
    calendrier: String,
    charte: String,
    documents: String,
    donnees: String,
    /// For those who publish.
    publication: Option<String>,
}

pub async fn get_fil(requete: Requete, Path(annee): Path<String>) -> Resultat {
    let annee = lit_annee(&annee)?;
    let fil = view_fil(&requete.ctx, annee).await?;
    let page = PageFil {
        page: requete.page("Fil info").session(&fil.session.libelle),
        lignes: fil.actualites.iter().map(|a| ligne(annee, a)).collect(),
        calendrier: format!("{}/calendrier", adresse(annee)),
        charte: format!("{}/charte", adresse(annee)),
        documents: format!("{}/documents", adresse(annee)),
        donnees: format!("{}/donnees", adresse(annee)),
        publication: fil.publie.then(|| format!("{}/publication", adresse(annee))),
    };
    Ok(rend(StatusCode::OK, &page))
}

fn ligne(annee: i64, a: &Actualite) -> Ligne {
    let le = instant(a.publiee_le);
    Ligne {
        titre: a.titre.clone(),
        url: format!("{}/actualites/{}", adresse(annee), a.id.as_str()),
        quand: date_heure(le),
        iso: le.to_string(),
        de: signature(a.emetteur, &a.audience),
        corrigee: a.corrigee_le.map(|le| date_heure(instant(le))),
        badge: a.non_lue.then(|| Badge::new(Ton::Info, "Non lue")),
    }
}

#[derive(Template)]
#[template(path = "commun/actualites/actualite.html")]
struct PageActualite {
    page: Page,
    ligne: Ligne,
    texte: Markup,
    pieces: Documents,
    retour: String,
    /// For those who may correct it.
    modifier: Option<String>,
}

pub async fn get_actualite(requete: Requete, Path(chemin): Path<(String, String)>) -> Resultat {
    let (annee, id) = lit_chemin(&chemin)?;
    let l = read_actualite(&requete.ctx, annee, &id).await?;
    let retour = adresse(annee);
    let page = PageActualite {
        page: requete
            .page(&l.actualite.titre)
            .session(&l.session.libelle)
            .ariane(vec![Lien::new("Fil info", &retour)]),
        ligne: ligne(annee, &l.actualite),
        texte: texte_riche(&l.texte, 2),
        pieces: Documents::new(annee, &l.pieces),
        modifier: l.modifiable.then(|| format!("{retour}/publication/{}", id.as_str())),
        retour,
    };
    Ok(rend(StatusCode::OK, &page))
}
