//! R-CTL-06: any two publications of a course, field by field.

use domain::PublicId;
use domain::droits::Action;
use domain::formations::Genre;
use store::Sql;
use store::formations::{self as base, LigneFormation};

use super::contenu::{ChampCompare, Contenu, Cote, compare_contenus};
use super::description::{Lieux, genre};
use super::fiche::require_lisible;
use super::identite::compare_identites;
use super::parametrage::is_lisible;
use super::{Intitule, cible, load};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions::{self, SessionAdmission};

/// Two publications of a course.
#[derive(Debug, Clone)]
pub struct Versions {
    /// The one of the course.
    pub session: SessionAdmission,
    /// Public identifier.
    pub id: String,
    /// The title of the page.
    pub intitule: Intitule,
    /// (number, UTC milliseconds) of every publication, newest first.
    pub publications: Vec<(i64, i64)>,
    /// Number of the older side; that of the newer one when there is only one publication.
    pub de: i64,
    /// Number of the newer side.
    pub a: i64,
    /// The fields that differ and that the person reads.
    pub champs: Vec<ChampCompare>,
}

/// Two publications of a course of the site de gestion; by default the last one and the one before. Numbers that do not exist
/// are those by default.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Denied`] outside the person's perimeter.
pub async fn compare_versions(
    ctx: &Ctx,
    annee: i64,
    id: &PublicId,
    choix: (Option<i64>, Option<i64>),
) -> Result<Versions, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let f = load(db, &session, id).await?;
    let cible = cible(&f);
    ctx.permit(Action::ConsulterParametrage, &cible)?;
    let mut versions = versions(db, session, &f, choix).await?;
    // R-DRO-04: before the step « consultation », capacities and fees are not everybody's.
    if !is_lisible(ctx, "capacite", &cible) {
        versions.champs.retain(|c| !c.de_capacite());
    }
    Ok(versions)
}

/// The same for anybody, of a course that the public reads: public fields alone.
///
/// # Errors
/// As the sheet.
pub async fn compare_published(
    ctx: &Ctx,
    id: &PublicId,
    choix: (Option<i64>, Option<i64>),
) -> Result<Versions, AppError> {
    let (session, f) = require_lisible(ctx, id).await?;
    let mut versions = versions(&ctx.app.db, session, &f, choix).await?;
    versions.champs.retain(|c| c.public);
    Ok(versions)
}

async fn versions(
    c: &impl Sql,
    session: SessionAdmission,
    f: &LigneFormation,
    (de, a): (Option<i64>, Option<i64>),
) -> Result<Versions, AppError> {
    let publications = base::publications(c, f.id).await?;
    let position = |numero: Option<i64>| publications.iter().position(|p| Some(p.numero) == numero);
    let derniere = position(a).unwrap_or(0);
    let avant = position(de).unwrap_or((derniere + 1).min(publications.len().saturating_sub(1)));
    // Newest first: the side that comes later in the list is the older one.
    let (vieille, neuve) = (avant.max(derniere), avant.min(derniere));
    let genre = genre(f);
    let lieux = Lieux::load(c, f.session_id, f.etablissement_id).await?;
    let cote = |i: usize| {
        let p = publications.get(i);
        p.map(|p| Contenu::of_publication(p, genre))
            .transpose()
            .map(|contenu| contenu.map(|contenu| Cote { contenu, lieux: lieux.clone() }))
    };
    let mut champs = compare_identites(&publications, (vieille, neuve), f)?;
    champs.extend(differences(cote(vieille)?.as_ref(), cote(neuve)?.as_ref(), genre));
    Ok(Versions {
        id: f.public_id.clone(),
        intitule: Intitule::of(f),
        de: publications.get(vieille).map_or(0, |p| p.numero),
        a: publications.get(neuve).map_or(0, |p| p.numero),
        champs,
        publications: publications.iter().map(|p| (p.numero, p.publie_le)).collect(),
        session,
    })
}

fn differences(avant: Option<&Cote>, apres: Option<&Cote>, genre: Genre) -> Vec<ChampCompare> {
    let Some(apres) = apres else { return Vec::new() };
    compare_contenus(avant, apres, genre, false).into_iter().filter(|c| c.change).collect()
}
