//! « Fil info »: what the national team and the academic services tell those who run courses. Each reads what concerns them
//! (R-INF-01, 02), and what nobody opened is told by mail, a day at once (R-INF-06).

mod exporter;
mod publier;
mod resume;

pub(crate) use exporter::COLONNES as COLONNES_SANS_LECTURE;
pub use exporter::export_sans_lecture;
pub use publier::{
    Publication, Publications, Saisie, SansLecture, Suivi, SuiviEtablissements, correct_actualite,
    list_publications, publish_actualite, take_down_actualite, view_publication,
};
pub(crate) use publier::{academies_of, right};
pub(crate) use resume::tell_unread;
pub use resume::{is_digest_wanted, set_digest_wanted, stop_digest, view_digest_link};

use std::collections::BTreeMap;

use domain::PublicId;
use domain::actualites::{Audience, Emetteur, EtatActualite, Situation, is_unread};
use domain::droits::{Action, Cible, Permit, scope_session};
use store::Sql;
use store::actualites::{self as base, Comptes, LigneActualite, SituationSurPlace};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::references::{DocumentReference, list_carried};
use crate::sessions::{self, SessionAdmission};

/// An item of the Fil info, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actualite {
    /// In its address.
    pub id: PublicId,
    /// One line.
    pub titre: String,
    /// Who speaks.
    pub emetteur: Emetteur,
    /// Whom it concerns.
    pub audience: Audience,
    /// Milliseconds of the campaign.
    pub publiee_le: i64,
    /// End of its showing, set or taken down; milliseconds of the campaign.
    pub retiree_le: Option<i64>,
    /// Last correction after its publication, in milliseconds of the campaign.
    pub corrigee_le: Option<i64>,
    /// At the instant of the request.
    pub etat: EtatActualite,
    /// R-INF-05.
    pub non_lue: bool,
}

impl Actualite {
    fn new(l: &LigneActualite, maintenant: i64, lue: Option<i64>) -> Result<Self, AppError> {
        Ok(Self {
            id: PublicId::parse(&l.public_id).ok_or(AppError::NotFound)?,
            titre: l.titre.clone(),
            emetteur: l.emetteur,
            audience: l.audience.clone(),
            publiee_le: l.publiee_le,
            retiree_le: l.retiree_le,
            corrigee_le: (l.version > 1 && l.maj_le > l.publiee_le).then_some(l.maj_le),
            etat: EtatActualite::at(maintenant, l.publiee_le, l.retiree_le),
            non_lue: is_unread(lue, l.a_lire),
        })
    }
}

/// The Fil info of a person in a session.
#[derive(Debug, Clone)]
pub struct FilInfo {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Shown now, to this person; the last published first.
    pub actualites: Vec<Actualite>,
    /// The person publishes too.
    pub publie: bool,
}

/// An item opened.
#[derive(Debug, Clone)]
pub struct Lecture {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// As it is now.
    pub actualite: Actualite,
    /// With light marks.
    pub texte: String,
    /// What it carries, by title.
    pub pieces: Vec<DocumentReference>,
    /// The person may correct it.
    pub modifiable: bool,
}

/// What each account is in a session, or one of them, as the audiences look at it.
pub(crate) async fn situations(
    c: &impl Sql,
    session: i64,
    comptes: Comptes,
) -> Result<BTreeMap<i64, Vec<Situation>>, AppError> {
    let paramedicales = sessions::filieres_paramedicales(c, session).await?;
    Ok(base::situations(c, session, comptes, &paramedicales).await?)
}

/// What every account is in a session, each situation with the establishment that it is over.
pub(crate) async fn situations_sur_place(
    c: &impl Sql,
    session: i64,
) -> Result<Vec<SituationSurPlace>, AppError> {
    let paramedicales = sessions::filieres_paramedicales(c, session).await?;
    Ok(base::situations_sur_place(c, session, Comptes::Tous, &paramedicales).await?)
}

/// What whoever acts is in a session, as the audiences look at it. R-API-12: a program is what whoever gave its token is over the
/// establishment of the token, and nothing that they are elsewhere.
pub(crate) async fn own_situations(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
) -> Result<Vec<Situation>, AppError> {
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    if ctx.jeton.is_none() {
        return Ok(situations(c, session, Comptes::Un(compte)).await?.remove(&compte).unwrap_or_default());
    }
    let scope = scope_session(&ctx.acteur, Action::ConsulterInformations, session)?;
    let maisons = &scope.portee().etablissements;
    let paramedicales = sessions::filieres_paramedicales(c, session).await?;
    let siennes = base::situations_sur_place(c, session, Comptes::Un(compte), &paramedicales).await?;
    let ici = |s: &SituationSurPlace| s.etablissement.is_some_and(|e| maisons.contains(&e));
    Ok(siennes.into_iter().filter(ici).map(|s| s.situation).collect())
}

/// What this person reads of the items of a session, those shown now.
pub(crate) async fn readable(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
) -> Result<(Vec<LigneActualite>, BTreeMap<i64, i64>), AppError> {
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    let siennes = own_situations(c, ctx, session).await?;
    let maintenant = ctx.campagne_ms();
    let mut lignes = base::actualites(c, session).await?;
    lignes.retain(|l| {
        EtatActualite::at(maintenant, l.publiee_le, l.retiree_le) == EtatActualite::Publiee
            && siennes.iter().any(|s| l.audience.is_read_by(s))
    });
    Ok((lignes, base::lectures(c, compte).await?))
}

/// The permit of an act that is about no object of the person's in particular: by the first of their roles that has it.
pub(crate) fn permit_of(ctx: &Ctx, action: Action, session: i64) -> Result<Permit, AppError> {
    scope_session(&ctx.acteur, action, session)?;
    let mut refus = AppError::NotFound;
    for a in ctx.acteur.attributions.iter().filter(|a| a.session.is_none_or(|s| s == session)) {
        let cible = Cible {
            session: Some(session),
            etablissement: a.etablissement,
            formation: a.formation,
            academie: a.academies.first().cloned(),
            candidat: a.candidat,
        };
        match ctx.permit(action, &cible) {
            Ok(permit) => return Ok(permit),
            Err(e) => refus = e,
        }
    }
    Err(refus)
}

/// The Fil info, as this person reads it.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist, [`AppError::Denied`] for those who have no Fil info.
pub async fn view_fil(ctx: &Ctx, annee: i64) -> Result<FilInfo, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    scope_session(&ctx.acteur, Action::ConsulterInformations, session.id)?;
    let (lignes, lues) = readable(db, ctx, session.id).await?;
    let maintenant = ctx.campagne_ms();
    let actualites = lignes
        .iter()
        .map(|l| Actualite::new(l, maintenant, lues.get(&l.id).copied()))
        .collect::<Result<_, _>>()?;
    Ok(FilInfo {
        publie: !session.archivee
            && scope_session(&ctx.acteur, Action::PublierInformation, session.id).is_ok(),
        session,
        actualites,
    })
}

/// The items that the person has not opened, the last published first: for their home. Nothing for those who have no Fil info.
///
/// # Errors
/// When the database refuses.
pub async fn unread(ctx: &Ctx, session: i64) -> Result<Vec<Actualite>, AppError> {
    if scope_session(&ctx.acteur, Action::ConsulterInformations, session).is_err() {
        return Ok(Vec::new());
    }
    let (lignes, lues) = readable(&ctx.app.db, ctx, session).await?;
    let maintenant = ctx.campagne_ms();
    lignes
        .iter()
        .map(|l| Actualite::new(l, maintenant, lues.get(&l.id).copied()))
        .filter(|a| a.as_ref().map_or(true, |a| a.non_lue))
        .collect()
}

/// Opens an item: it is read from then on. Not by a program: whoever gave its token has not opened it (R-API-12).
///
/// # Errors
/// [`AppError::NotFound`] for an item that does not exist, is not shown now, or concerns others.
pub async fn read_actualite(ctx: &Ctx, annee: i64, id: &PublicId) -> Result<Lecture, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let permit = permit_of(ctx, Action::ConsulterInformations, session.id)?;
    let (lignes, lues) = readable(db, ctx, session.id).await?;
    let ligne = lignes.into_iter().find(|l| l.public_id == id.as_str()).ok_or(AppError::NotFound)?;
    let lue = lues.get(&ligne.id).copied();
    if ctx.jeton.is_none() && lue != Some(ligne.version) {
        let tx = ctx.begin().await?;
        base::mark_read(&tx, &ctx.ecriture(&permit), &ligne).await?;
        tx.commit().await?;
    }
    let texte = base::texte(db, ligne.id).await?;
    let pieces = list_carried(db, session.id, ligne.id).await?;
    let publiant = scope_session(&ctx.acteur, Action::PublierInformation, session.id);
    Ok(Lecture {
        pieces,
        modifiable: !session.archivee
            && publiant.is_ok_and(|p| ligne.emetteur.check(p.portee(), &ligne.audience).is_ok()),
        actualite: Actualite::new(&ligne, ctx.campagne_ms(), lue)?,
        texte,
        session,
    })
}
