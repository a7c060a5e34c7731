//! R-VIE-06: how a closed course ended.

use domain::PublicId;
use domain::calendrier::Etape;
use domain::droits::{Action, Cible};
use domain::formations::EtatFormation;
use store::Sql;
use store::formations::{self as base, LigneFormation};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::{Intitule, intitule, load};
use crate::sessions;

/// How a course ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FinFormation {
    /// For this session alone: it returns with the next one.
    pub suspendue: bool,
    /// The course that takes its place: public identifier, title with the establishment.
    pub successeur: Option<(String, String)>,
}

/// How a closed course ended; `None` for one that is open.
pub(in crate::formations) async fn fin(
    c: &impl Sql,
    f: &LigneFormation,
) -> Result<Option<FinFormation>, AppError> {
    if f.etat != EtatFormation::Fermee.code() {
        return Ok(None);
    }
    let Some(l) = base::fin(c, f.id).await? else { return Ok(None) };
    Ok(Some(FinFormation {
        suspendue: l.suspendue == 1,
        successeur: l.successeur.filter(|_| l.suspendue == 0).map(|id| {
            let titre = intitule(&l.libelle.unwrap_or_default(), &l.detail.unwrap_or_default());
            (id, format!("{titre} – {}", l.etablissement.unwrap_or_default()))
        }),
    }))
}

/// What the public reads of a closed course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FicheFermee {
    /// « Session 2024 ».
    pub session: String,
    /// The title of the sheet.
    pub intitule: Intitule,
    /// How it ended.
    pub fin: FinFormation,
}

/// R-VIE-06: the public sheet of a closed course says so, and what takes its place.
///
/// # Errors
/// [`AppError::Rule`] outside the step « consultation »; [`AppError::NotFound`] for a course that is not closed, or that the
/// public never read.
pub async fn closed_sheet(ctx: &Ctx, id: &PublicId) -> Result<FicheFermee, AppError> {
    let db = &ctx.app.db;
    ctx.permit(Action::ConsulterOffre, &Cible::plateforme())?;
    let session = sessions::courante(db).await?;
    session.calendrier.require_open(Etape::Consultation, ctx.campagne_le)?;
    let f = load(db, &session, id).await?;
    let lue = f.precedente_id.is_some() || !base::publications(db, f.id).await?.is_empty();
    match fin(db, &f).await? {
        Some(fin) if lue => Ok(FicheFermee { session: session.libelle, intitule: Intitule::of(&f), fin }),
        _ => Err(AppError::NotFound),
    }
}
