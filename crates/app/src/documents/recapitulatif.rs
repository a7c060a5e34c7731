//! R-DOC-01: everything that an establishment declared for a session, or one of its courses: what the person reads on the
//! pages, and no more.

use domain::PublicId;
use domain::droits::{Action, Cible, Permit, scope_session};
use store::formations::{self as base, FiltreGestion};

use super::Document;
use crate::accueil::perimetre;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::etablissements::{VueEtablissement, view_etablissement};
use crate::formations::{Parametrage, VueDescription, view_description, view_parametrage};
use crate::journal::{Lecture, record_lecture};
use crate::messages::nombre;
use crate::sessions::{self, SessionAdmission};

/// One course, as its pages show it to the person.
#[derive(Debug, Clone)]
pub struct RecapFormation {
    /// Capacity, places, fees, state, what is missing.
    pub parametrage: Parametrage,
    /// The seven parts.
    pub description: VueDescription,
}

/// An establishment and its courses, as their pages show them to the person.
#[derive(Debug, Clone)]
pub struct Recapitulatif {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Name, that of the session.
    pub nom: String,
    /// Identifier of the establishment in the national register.
    pub uai: String,
    /// `None` for those who read courses only.
    pub etablissement: Option<VueEtablissement>,
    /// Those that the person reads, in the order of the list of courses, closed ones included.
    pub formations: Vec<RecapFormation>,
}

/// The file of a printed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprime {
    /// Identifier of the establishment in the national register, for the name of the file.
    pub uai: String,
    /// Title of the course; empty for a whole establishment.
    pub formation: String,
    /// A PDF.
    pub octets: Vec<u8>,
}

async fn formation(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<RecapFormation, AppError> {
    Ok(RecapFormation {
        parametrage: view_parametrage(ctx, annee, id).await?,
        description: view_description(ctx, annee, id).await?,
    })
}

/// (internal key, public identifier, name, code of the national register).
type Maison = (i64, PublicId, String, String);

/// The establishment asked for; else the first of the person by name, which the home shows.
async fn maison(
    ctx: &Ctx,
    session: &SessionAdmission,
    choisi: Option<&PublicId>,
) -> Result<Maison, AppError> {
    let db = &ctx.app.db;
    if let Some(id) = choisi {
        let l = store::etablissements::parametrage(db, session.id, id.as_str()).await?;
        let l = l.ok_or(AppError::NotFound)?;
        return Ok((l.etablissement_id, id.clone(), l.nom, l.uai));
    }
    let scope = scope_session(&ctx.acteur, Action::ConsulterParametrage, session.id)?;
    let premier = perimetre(db, session.id, &scope).await?.into_iter().next().ok_or(AppError::NotFound)?;
    let l = store::etablissements::parametrage(db, session.id, &premier.public_id).await?;
    let l = l.ok_or(AppError::NotFound)?;
    let id = PublicId::parse(&l.etablissement).ok_or(AppError::NotFound)?;
    Ok((l.etablissement_id, id, l.nom, l.uai))
}

/// Loads what the person reads of an establishment and of its courses, with the right that says so.
async fn load(
    ctx: &Ctx,
    annee: i64,
    choisi: Option<&PublicId>,
) -> Result<(Recapitulatif, PublicId, Permit), AppError> {
    // Refused before looking for the session: someone without a role does not learn which sessions exist.
    ctx.scope(Action::ConsulterParametrage)?;
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::ConsulterParametrage, session.id)?;
    let (cle, id, nom, uai) = maison(ctx, &session, choisi).await?;
    let filtre = FiltreGestion { session: session.id, etablissement: Some(cle), ..FiltreGestion::default() };
    let max = ctx.app.limites.lot_formations;
    if base::count_gestion(db, &scope, &filtre).await? > max {
        let message = format!(
            "Un récapitulatif contient {} formations au plus : demandez celui de chaque formation, sur sa page.",
            nombre(max)
        );
        return Err(AppError::Invalid(vec![("formations", message)]));
    }
    let etablissement = match view_etablissement(ctx, annee, &id).await {
        Ok(vue) => Some(vue),
        Err(AppError::Denied(_)) => None,
        Err(autre) => return Err(autre),
    };
    let mut formations = Vec::new();
    let mut permit = match &etablissement {
        Some(vue) => Some(ctx.permit(Action::ConsulterEtablissement, &vue.cible())?),
        None => None,
    };
    for l in base::list_gestion(db, &scope, &filtre, max, 0).await? {
        let id = PublicId::parse(&l.public_id).ok_or(AppError::NotFound)?;
        if permit.is_none() {
            let cible = Cible::formation(session.id, l.etablissement_id, l.formation_id, &l.academie);
            permit = Some(ctx.permit(Action::ConsulterParametrage, &cible)?);
        }
        formations.push(formation(ctx, annee, &id).await?);
    }
    // HAB-3: an establishment of which nothing is read does not exist.
    let permit = permit.ok_or(AppError::NotFound)?;
    Ok((Recapitulatif { session, nom, uai, etablissement, formations }, id, permit))
}

/// Keeps trace of a document that leaves; it holds no record of a candidate, and counts among the files of nobody.
async fn note(ctx: &Ctx, permit: &Permit, objet: &str, id: &PublicId) -> Result<(), AppError> {
    let lecture = Lecture {
        objet,
        objet_id: id.as_str(),
        etablissement: None,
        dossiers: Vec::new(),
        champs: &["recapitulatif"],
        export: None,
    };
    let tx = ctx.begin().await?;
    record_lecture(&tx, ctx, permit, &lecture).await?;
    tx.commit().await?;
    Ok(())
}

/// Prints everything that an establishment declared. `compose`: how it is said; the first establishment of the person when
/// none is asked for.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown session, or an establishment of which the person reads nothing;
/// [`AppError::Invalid`] beyond the courses of one act; [`AppError::Denied`] for someone without a role on courses.
pub async fn print_recapitulatif(
    ctx: &Ctx,
    annee: i64,
    choisi: Option<&PublicId>,
    compose: impl FnOnce(&Recapitulatif) -> Document + Send,
) -> Result<Imprime, AppError> {
    let _tour = ctx.file_turn().await?;
    let (r, id, permit) = load(ctx, annee, choisi).await?;
    let octets = ctx.app.imprimerie.imprime(compose(&r)).await?;
    note(ctx, &permit, "etablissement_session", &id).await?;
    Ok(Imprime { uai: r.uai, formation: String::new(), octets })
}

/// Prints what one course declared.
///
/// # Errors
/// [`AppError::NotFound`], or [`AppError::Denied`] outside the person's perimeter.
pub async fn print_formation(
    ctx: &Ctx,
    annee: i64,
    id: &PublicId,
    compose: impl FnOnce(&RecapFormation) -> Document + Send,
) -> Result<Imprime, AppError> {
    let _tour = ctx.file_turn().await?;
    let f = formation(ctx, annee, id).await?;
    let permit = ctx.permit(Action::ConsulterParametrage, f.parametrage.cible())?;
    let octets = ctx.app.imprimerie.imprime(compose(&f)).await?;
    note(ctx, &permit, "formation_session", id).await?;
    Ok(Imprime { uai: f.parametrage.uai.clone(), formation: f.parametrage.intitule.libelle.clone(), octets })
}
