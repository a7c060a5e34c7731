//! R-DOC-01: everything that an establishment declared for a session, or one of its courses: what the person reads on the
//! pages, and no more.

use domain::PublicId;
use domain::droits::{Action, Cible, Permit, Scope, scope_session};
use store::formations::{self as base, FiltreGestion};

use super::Document;
use crate::accueil::perimetre;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::etablissements::{VueEtablissement, view_etablissement};
use crate::formations::{Parametrage, VueDescription, intitule, view_description, view_parametrage};
use crate::journal::{Lecture, record_lecture};
use crate::sessions::{self, SessionAdmission};

/// One course, as its pages show it to the person.
#[derive(Debug, Clone)]
pub struct RecapFormation {
    /// Capacity, places, fees, state, what is missing.
    pub parametrage: Parametrage,
    /// The seven parts.
    pub description: VueDescription,
}

/// A document of an establishment that has too many courses for one: setting all of them would take minutes, and a
/// gigabyte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// From 1.
    pub numero: i64,
    /// How many there are.
    pub sur: i64,
    /// Rank of its first course among those of the establishment that the person reads, from 1.
    pub premiere: i64,
    /// Rank of its last course.
    pub derniere: i64,
}

impl Volume {
    /// The volumes of so many courses, `taille` at most in each; always one.
    fn of(formations: i64, taille: i64) -> Vec<Self> {
        let taille = taille.max(1);
        let sur = (formations.max(1) + taille - 1) / taille;
        // As many in each, or one less: none has three courses beside others of forty.
        let debut = |n: i64| formations * n / sur;
        (0..sur)
            .map(|n| Self { numero: n + 1, sur, premiere: debut(n) + 1, derniere: debut(n + 1) })
            .collect()
    }

    /// Whether everything is in this one.
    pub fn is_seul(&self) -> bool {
        self.sur == 1
    }

    fn formations(&self) -> i64 {
        self.derniere - self.premiere + 1
    }
}

/// The volumes of an establishment, to choose from.
#[derive(Debug, Clone)]
pub struct Volumes {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// The establishment.
    pub id: PublicId,
    /// Its name, that of the session.
    pub nom: String,
    /// Courses that the person reads.
    pub formations: i64,
    /// In order, with the names of the first and last course.
    pub volumes: Vec<(Volume, String, String)>,
}

/// An establishment and its courses, as their pages show them to the person.
#[derive(Debug, Clone)]
pub struct Recapitulatif {
    /// Which part of the courses.
    pub volume: Volume,
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Name, that of the session.
    pub nom: String,
    /// Identifier of the establishment in the national register.
    pub uai: String,
    /// `None` for those who read courses only, and beyond the first volume.
    pub etablissement: Option<VueEtablissement>,
    /// Those of the volume that the person reads, in the order of the list of courses, closed ones included.
    pub formations: Vec<RecapFormation>,
}

/// The file of a printed document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprime {
    /// Identifier of the establishment in the national register, for the name of the file.
    pub uai: String,
    /// Title of the course; empty for a whole establishment.
    pub formation: String,
    /// Number of the volume; `None` when there is only one.
    pub volume: Option<i64>,
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

/// What the person reads of an establishment, before anything is loaded.
struct Choix {
    session: SessionAdmission,
    scope: Scope,
    maison: Maison,
    /// Courses that the person reads there.
    formations: i64,
}

impl Choix {
    fn filtre(&self) -> FiltreGestion {
        let (cle, ..) = self.maison;
        FiltreGestion { session: self.session.id, etablissement: Some(cle), ..FiltreGestion::default() }
    }

    fn volumes(&self, ctx: &Ctx) -> Vec<Volume> {
        Volume::of(self.formations, ctx.app.limites.volume_formations)
    }
}

async fn choose(ctx: &Ctx, annee: i64, choisi: Option<&PublicId>) -> Result<Choix, AppError> {
    // Refused before looking for the session: someone without a role does not learn which sessions exist.
    ctx.scope(Action::ConsulterParametrage)?;
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::ConsulterParametrage, session.id)?;
    let maison = maison(ctx, &session, choisi).await?;
    let mut choix = Choix { session, scope, maison, formations: 0 };
    choix.formations = base::count_gestion(db, &choix.scope, &choix.filtre()).await?;
    Ok(choix)
}

/// The establishment itself, for whoever reads more than its courses.
async fn read_etablissement(
    ctx: &Ctx,
    annee: i64,
    choix: &Choix,
) -> Result<Option<VueEtablissement>, AppError> {
    match view_etablissement(ctx, annee, &choix.maison.1).await {
        // R-ETA-03: the head, and with them what is for the service alone, are said to people, not to programs.
        Ok(vue) if ctx.jeton.is_some() => Ok(Some(VueEtablissement { chefs: None, ..vue })),
        Ok(vue) => Ok(Some(vue)),
        // HAB-3: an establishment of which nothing is read does not exist.
        Err(AppError::Denied(_)) if choix.formations == 0 => Err(AppError::NotFound),
        Err(AppError::Denied(_)) => Ok(None),
        Err(autre) => Err(autre),
    }
}

/// The documents that hold together everything that an establishment declared; the first establishment of the person when none is
/// asked for.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown session, or an establishment of which the person reads nothing; [`AppError::Denied`] for
/// someone without a role on courses.
pub async fn view_volumes(ctx: &Ctx, annee: i64, choisi: Option<&PublicId>) -> Result<Volumes, AppError> {
    let choix = choose(ctx, annee, choisi).await?;
    if choix.formations == 0 {
        read_etablissement(ctx, annee, &choix).await?;
    }
    let (db, filtre) = (&ctx.app.db, choix.filtre());
    let mut volumes = Vec::new();
    for v in choix.volumes(ctx) {
        let mut noms = [String::new(), String::new()];
        for (nom, rang) in noms.iter_mut().zip([v.premiere, v.derniere]).filter(|(_, rang)| *rang > 0) {
            let ligne = base::list_gestion(db, &choix.scope, &filtre, 1, rang - 1).await?.into_iter().next();
            *nom = ligne.map(|l| intitule(&l.libelle, &l.detail)).unwrap_or_default();
        }
        let [premiere, derniere] = noms;
        volumes.push((v, premiere, derniere));
    }
    let Choix { session, maison: (_, id, nom, _), formations, .. } = choix;
    Ok(Volumes { session, id, nom, formations, volumes })
}

/// Loads one volume of what the person reads of an establishment and of its courses, with the right that says so.
async fn load(
    ctx: &Ctx,
    annee: i64,
    choisi: Option<&PublicId>,
    numero: i64,
) -> Result<(Recapitulatif, PublicId, Permit), AppError> {
    let choix = choose(ctx, annee, choisi).await?;
    let volume = choix.volumes(ctx).into_iter().find(|v| v.numero == numero).ok_or(AppError::NotFound)?;
    let vue = read_etablissement(ctx, annee, &choix).await?;
    let mut permit = match &vue {
        Some(vue) => Some(ctx.permit(Action::ConsulterEtablissement, &vue.cible())?),
        None => None,
    };
    let etablissement = vue.filter(|_| numero == 1);
    let mut formations = Vec::new();
    let (db, session) = (&ctx.app.db, &choix.session);
    let lignes =
        base::list_gestion(db, &choix.scope, &choix.filtre(), volume.formations(), volume.premiere - 1)
            .await?;
    for l in lignes {
        let id = PublicId::parse(&l.public_id).ok_or(AppError::NotFound)?;
        if permit.is_none() {
            let cible = Cible::formation(session.id, l.etablissement_id, l.formation_id, &l.academie);
            permit = Some(ctx.permit(Action::ConsulterParametrage, &cible)?);
        }
        formations.push(formation(ctx, annee, &id).await?);
    }
    let permit = permit.ok_or(AppError::NotFound)?;
    let Choix { session, maison: (_, id, nom, uai), .. } = choix;
    Ok((Recapitulatif { volume, session, nom, uai, etablissement, formations }, id, permit))
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

/// Prints one volume of what an establishment declared. `compose`: how it is said; the first establishment of the person when
/// none is asked for.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown session or volume, or an establishment of which the person reads nothing;
/// [`AppError::Denied`] for someone without a role on courses.
pub async fn print_recapitulatif(
    ctx: &Ctx,
    annee: i64,
    choisi: Option<&PublicId>,
    numero: i64,
    compose: impl FnOnce(&Recapitulatif) -> Document + Send,
) -> Result<Imprime, AppError> {
    let _tour = ctx.file_turn().await?;
    let (r, id, permit) = load(ctx, annee, choisi, numero).await?;
    let octets = ctx.app.imprimerie.imprime(compose(&r)).await?;
    note(ctx, &permit, "etablissement_session", &id).await?;
    let volume = (!r.volume.is_seul()).then_some(r.volume.numero);
    Ok(Imprime { uai: r.uai, formation: String::new(), volume, octets })
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
    let p = &f.parametrage;
    Ok(Imprime { uai: p.uai.clone(), formation: p.intitule.libelle.clone(), volume: None, octets })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_doc_01_every_course_is_in_one_volume_and_volumes_are_alike() {
        for formations in 0..500 {
            let volumes = Volume::of(formations, 40);
            assert_eq!(volumes.iter().map(Volume::formations).sum::<i64>(), formations);
            assert_eq!(volumes.first().map(|v| v.premiere), Some(1));
            assert!(volumes.windows(2).all(|v| v[0].derniere + 1 == v[1].premiere));
            let tailles = || volumes.iter().map(Volume::formations);
            assert!(tailles().max() <= Some(40) && tailles().max() <= tailles().min().map(|n| n + 1));
            assert_eq!(volumes[0].is_seul(), formations <= 40);
        }
    }
}
