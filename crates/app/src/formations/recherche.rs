//! R-FOR-05, R-FOR-27: the public search among the published courses of the open session.

use domain::calendrier::Etape;
use domain::droits::{Action, Cible};
use domain::formations::{Famille, StatutFormation, mots_recherche};
use domain::territoires;
use store::formations::{self as base, Autour, FiltreRecherche, TriRecherche};

use super::{genre_de, intitule, lieu};
use crate::communes::Lieu;
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::sessions::{self, SessionAdmission};

/// Order of the results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TriOffre {
    /// Best match of the words first.
    #[default]
    Pertinence,
    /// Nearest first; means something only with [`Criteres::autour`].
    Distance,
    /// Alphabetical.
    Nom,
}

/// What is searched.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Criteres {
    /// Words of the course, establishment or town; empty for all.
    pub texte: String,
    /// `None` for every family.
    pub famille: Option<Famille>,
    /// Code of an academy.
    pub academie: Option<String>,
    /// Code of a department.
    pub departement: Option<String>,
    /// `None`: students and apprentices.
    pub statut: Option<StatutFormation>,
    /// `None`: whether or not the course may refuse.
    pub selective: Option<bool>,
    /// R-FOR-27: around a town, within so many kilometres.
    pub autour: Option<(Lieu, u32)>,
    /// By relevance unless asked otherwise.
    pub tri: TriOffre,
    /// From 1.
    pub page: u32,
}

/// A course found.
#[derive(Debug, Clone, PartialEq)]
pub struct Resultat {
    /// Public identifier.
    pub id: String,
    /// Course and detail.
    pub libelle: String,
    /// French label.
    pub genre: &'static str,
    /// Under apprenticeship rather than student status.
    pub apprentissage: bool,
    /// The course may refuse.
    pub selective: bool,
    /// Boarding can be asked with the wish.
    pub internat: bool,
    /// Name, that of the session.
    pub etablissement: String,
    /// « Lyon (69) ».
    pub lieu: String,
    /// Kilometres from the town searched.
    pub distance_km: Option<f64>,
    /// As published; `None`: an imported offer did not say it.
    pub capacite: Option<i64>,
    /// As published, in cents; `None`: an imported offer did not say them.
    pub frais_centimes: Option<i64>,
}

/// A page of results.
#[derive(Debug, Clone)]
pub struct Resultats {
    /// The open one.
    pub session: SessionAdmission,
    /// Courses found, all pages.
    pub total: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page, in the order asked.
    pub lignes: Vec<Resultat>,
}

/// Courses on a page.
pub const PAR_PAGE: i64 = 20;

/// Searches the published offer.
///
/// # Errors
/// [`AppError::Rule`] before and after the step « consultation », [`AppError::NotFound`] without an open session,
/// [`AppError::TooMany`] beyond the searches that a network makes in a minute.
pub async fn search_offre(ctx: &Ctx, criteres: &Criteres) -> Result<Resultats, AppError> {
    ctx.permit(Action::ConsulterOffre, &Cible::plateforme())?;
    ctx.take(Debit::Recherche)?;
    let db = &ctx.app.db;
    let session = sessions::courante(db).await?;
    session.calendrier.require_open(Etape::Consultation, ctx.campagne_le)?;
    let autour = criteres.autour.as_ref().map(|(ville, rayon)| Autour {
        latitude: ville.latitude,
        longitude: ville.longitude,
        rayon_km: f64::from(*rayon),
    });
    let filtre = FiltreRecherche {
        session: session.id,
        mots: mots_recherche(&criteres.texte),
        famille: criteres.famille.map(Famille::code),
        academie: criteres.academie.clone(),
        departement: criteres.departement.clone(),
        statut: criteres.statut.map(StatutFormation::code),
        selective: criteres.selective,
        autour,
        tri: match criteres.tri {
            TriOffre::Pertinence => TriRecherche::Pertinence,
            TriOffre::Distance => TriRecherche::Distance,
            TriOffre::Nom => TriRecherche::Nom,
        },
    };
    let total = base::count_recherche(db, &filtre).await?;
    let (page, pages) = pages(criteres.page, total, PAR_PAGE);
    let lignes = base::search(db, &filtre, PAR_PAGE, i64::from(page - 1) * PAR_PAGE).await?;
    let lignes = lignes
        .into_iter()
        .map(|l| Resultat {
            libelle: intitule(&l.libelle, &l.detail),
            genre: genre_de(&l.famille, &l.libelle).libelle(),
            apprentissage: l.statut == StatutFormation::Apprentissage.code(),
            selective: l.selective == 1,
            internat: l.internat == 1,
            etablissement: l.etablissement,
            lieu: lieu(&l.commune, &l.departement),
            distance_km: autour
                .zip(l.latitude.zip(l.longitude))
                .map(|(a, (lat, lon))| territoires::distance_km(a.latitude, a.longitude, lat, lon)),
            capacite: l.capacite,
            frais_centimes: l.frais_centimes,
            id: l.public_id,
        })
        .collect();
    Ok(Resultats { session, total, page, pages, lignes })
}

/// The page asked for, within those that exist (at least one), and how many there are.
pub(crate) fn pages(demandee: u32, total: i64, par_page: i64) -> (u32, u32) {
    let pages = u32::try_from((total + par_page - 1) / par_page).unwrap_or(u32::MAX).max(1);
    (demandee.clamp(1, pages), pages)
}

#[cfg(test)]
mod tests {
    use super::pages;

    #[test]
    fn a_page_stays_within_those_that_exist() {
        assert_eq!(pages(0, 0, 20), (1, 1));
        assert_eq!(pages(9, 41, 20), (3, 3));
        assert_eq!(pages(2, 40, 20), (2, 2));
    }
}
