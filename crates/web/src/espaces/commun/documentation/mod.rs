//! « Informations – Documentation »: the guides, read before signing in as well as after, searched, printed.

mod academie;
mod apprentissage;
mod captures;
mod comptes;
mod guide;
mod interfaces;
mod noms;
mod parametrage;

pub use academie::guide_academie;
pub use apprentissage::guide_apprentissage;
pub use captures::{Capture, captures};
pub use comptes::guide_comptes;
pub use guide::{Chapitre, Couverture, Guide, Section, Trouvaille, cherche, cherche_par_guide};
pub use interfaces::guide_interfaces;
pub use parametrage::guide_parametrage;

use app::AppError;
use app::echeances::dates_of;
use app::references::{DocumentReference, list_on_screen};
use askama::Template;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::Response;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::Action;
use domain::references::Theme;
use serde::Deserialize;

use crate::components::{
    Dates, Documents, Formulaire, GUIDE_ACADEMIE, GUIDE_INTERFACES, GUIDE_PARAMETRAGE, LienBouton,
};
use crate::layout::{Lien, Page, rend};
use crate::socle::{Requete, Resultat};
use guide::{has_all, radicaux};

/// Where the list of guides is.
pub const ADRESSE: &str = "/documentation";

#[derive(Debug, Default, Deserialize)]
pub struct Demande {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "commun/documentation/liste.html")]
struct PageListe {
    page: Page,
    form: Formulaire,
    guides: Vec<Guide>,
    /// Where the dates of the session are.
    calendrier: String,
    /// What was found, when something was looked for.
    resultats: Option<Resultats>,
}

struct Resultats {
    /// « 3 réponses pour « … » ».
    compte: String,
    /// Notes and guides deposited for the person.
    documents: Documents,
    /// Guide by guide, that of the person first.
    trouvees: Vec<(Couverture, Vec<Trouvaille>)>,
}

/// The guide of what the person does on the platform, by its address; none for a candidate, nor before signing in.
fn guide_du_lecteur(requete: &Requete) -> Option<&'static str> {
    requete.ctx.acteur.attributions.iter().find_map(|a| match a.role {
        Role::AdminNational | Role::Academie => Some(GUIDE_ACADEMIE),
        Role::ChefEtab
        | Role::AdminSite
        | Role::RespFormation
        | Role::MembreCev
        | Role::GestAdmin
        | Role::Lecteur => Some(GUIDE_PARAMETRAGE),
        Role::Auditeur | Role::Candidat | Role::Public | Role::Logiciel | Role::Systeme => None,
    })
}

/// Year of the open session: the addresses of the site de gestion carry it.
async fn annee(requete: &Requete) -> Result<Option<i64>, AppError> {
    match app::sessions::courante(&requete.ctx.app.db).await {
        Ok(s) => Ok(Some(s.annee)),
        Err(AppError::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}

/// The technical calendar of the open session for those who read it, else the home, which has the dates of everybody.
fn calendrier(requete: &Requete, annee: Option<i64>) -> String {
    let lu = annee.filter(|_| requete.ctx.scope(Action::ConsulterInformations).is_ok());
    lu.map_or_else(|| "/".to_owned(), |annee| format!("/informations/{annee}/calendrier"))
}

/// R-REF-07: those that have every word of the question, by the rules of the guides: in their title first, then with what they are for
/// and about.
fn cherche_documents<'a>(documents: &'a [DocumentReference], question: &str) -> Vec<&'a DocumentReference> {
    let mots = radicaux(question);
    let mut trouves: Vec<(usize, &DocumentReference)> = documents
        .iter()
        .filter_map(|d| {
            let tout = format!("{} {} {}", d.titre, d.theme.libelle(), d.nature.libelle());
            let rang = [d.titre.as_str(), tout.as_str()].iter().position(|t| has_all(t, &mots))?;
            Some((rang, d))
        })
        .collect();
    trouves.sort_by_key(|(rang, _)| *rang);
    trouves.into_iter().map(|(_, d)| d).collect()
}

/// The guides, or what they say of the words looked for, with the notes and guides of the open session that the person reads.
pub async fn liste(requete: Requete, Query(demande): Query<Demande>) -> Resultat {
    let annee = annee(&requete).await?;
    let guides = vec![
        guide_comptes(&requete.ctx.app.limites)?,
        guide_parametrage(&requete.ctx.app.limites, annee)?,
        guide_apprentissage(annee)?,
        guide_academie(&requete.ctx.app.limites, annee)?,
        guide_interfaces(&requete.ctx.app.limites, &requete.ctx.app.adresse)?,
    ];
    // Programs read theirs; people who ask for « capacité » do not.
    let ordre = (guide_du_lecteur(&requete), GUIDE_INTERFACES);
    let resultats = match cherche_par_guide(&guides, &demande.q, ordre) {
        None => None,
        Some(trouvees) => {
            let deposes = match annee {
                Some(annee) => list_on_screen(&requete.ctx, annee, &Theme::ALL).await?,
                None => Vec::new(),
            };
            let lus = cherche_documents(&deposes, &demande.q);
            let reponses: usize = trouvees.iter().map(|(_, t)| t.len()).sum();
            let compte = match reponses + lus.len() {
                0 => "Aucune réponse".to_owned(),
                1 => "1 réponse".to_owned(),
                n => format!("{n} réponses"),
            };
            Some(Resultats {
                compte: format!("{compte} pour « {} »", demande.q.trim()),
                documents: Documents::new(annee.unwrap_or_default(), lus),
                trouvees,
            })
        }
    };
    let page = PageListe {
        page: requete.page("Documentation"),
        form: Formulaire::new("").avec("q", demande.q.trim()),
        guides,
        calendrier: calendrier(&requete, annee),
        resultats,
    };
    Ok(rend(StatusCode::OK, &page))
}

#[derive(Template)]
#[template(path = "commun/documentation/guide.html")]
struct PageGuide {
    page: Page,
    form: Formulaire,
    guide: Guide,
    /// Of the steps that the guide is about.
    dates: Option<Dates>,
}

/// The dates of the steps that a guide is about.
async fn dates(requete: &Requete, etapes: &[Etape]) -> Result<Option<Dates>, AppError> {
    let dates = dates_of(&requete.ctx, etapes).await?;
    Ok(dates.map(|d| Dates::new(requete.ctx.campagne_le, &d).sans_lien()))
}

/// A guide, as one document.
fn document(requete: &Requete, guide: Guide, dates: Option<Dates>) -> Response {
    let page = PageGuide {
        page: requete.page(guide.couverture.titre).ariane(vec![Lien::new("Documentation", ADRESSE)]),
        form: Formulaire::new(""),
        guide,
        dates,
    };
    rend(StatusCode::OK, &page)
}

pub async fn comptes(requete: Requete) -> Resultat {
    let guide = guide_comptes(&requete.ctx.app.limites)?;
    Ok(document(&requete, guide, None))
}

pub async fn parametrage(requete: Requete) -> Resultat {
    let guide = guide_parametrage(&requete.ctx.app.limites, annee(&requete).await?)?;
    let dates = dates(&requete, &parametrage::ETAPES).await?;
    Ok(document(&requete, guide, dates))
}

pub async fn apprentissage(requete: Requete) -> Resultat {
    let guide = guide_apprentissage(annee(&requete).await?)?;
    let dates = dates(&requete, &apprentissage::ETAPES).await?;
    Ok(document(&requete, guide, dates))
}

pub async fn academie(requete: Requete) -> Resultat {
    let guide = guide_academie(&requete.ctx.app.limites, annee(&requete).await?)?;
    let dates = dates(&requete, &academie::ETAPES).await?;
    Ok(document(&requete, guide, dates))
}

pub async fn interfaces(requete: Requete) -> Resultat {
    let guide = guide_interfaces(&requete.ctx.app.limites, &requete.ctx.app.adresse)?;
    Ok(document(&requete, guide, None))
}
