//! « Calendrier technique »: every step of a session with its dates, whom it concerns, what it opens: made of the calendar in force,
//! so that it cannot say anything else than what the platform does.

use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::{Action, roles_allowed, roles_of, scope_session};
use jiff::Timestamp;

use super::{Date, agenda, dates_in};
use crate::contexte::Ctx;
use crate::documents::Document;
use crate::erreur::AppError;
use crate::sessions::{self, SessionAdmission};

/// A step of the technical calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateTechnique {
    /// Its dates, and where it stands.
    pub date: Date,
    /// Who does something in it, by the table of rights; nobody for what the platform opens to all.
    pub roles: Vec<Role>,
}

/// The technical calendar of a session.
#[derive(Debug, Clone)]
pub struct CalendrierTechnique {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// When the version in force took effect.
    pub etabli_le: Timestamp,
    /// In the order of the campaign.
    pub dates: Vec<DateTechnique>,
}

/// A step that opens nothing to those who run courses nor to candidates is the national team's, unless it opens something to all.
fn concerned(etape: Etape) -> Vec<Role> {
    let roles = roles_of(etape);
    let a_tous = |a: &Action| a.etapes().contains(&etape) && roles_allowed(*a).contains(&Role::Public);
    if roles.is_empty() && !Action::ALL.iter().any(a_tous) { vec![Role::AdminNational] } else { roles }
}

/// The technical calendar.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist, [`AppError::Denied`] for those who have no Fil info.
pub async fn view_calendrier_technique(ctx: &Ctx, annee: i64) -> Result<CalendrierTechnique, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    scope_session(&ctx.acteur, Action::ConsulterInformations, session.id)?;
    let dates = dates_in(ctx, &session, Etape::ALL).await?;
    Ok(CalendrierTechnique {
        etabli_le: agenda::effect(ctx, &session).await?,
        dates: dates.into_iter().map(|date| DateTechnique { roles: concerned(date.etape), date }).collect(),
        session,
    })
}

/// The same for a calendar program.
///
/// # Errors
/// As [`view_calendrier_technique`].
pub async fn agenda_technique(ctx: &Ctx, annee: i64) -> Result<Vec<u8>, AppError> {
    let c = view_calendrier_technique(ctx, annee).await?;
    let dates: Vec<Date> = c.dates.iter().map(|d| d.date).collect();
    agenda::write(ctx, &c.session, &dates, &format!("/informations/{annee}/calendrier")).await
}

/// The same to print, as `compose` puts it.
///
/// # Errors
/// As [`view_calendrier_technique`]; [`AppError::Internal`] when it cannot be set.
pub async fn print_calendrier(
    ctx: &Ctx,
    annee: i64,
    compose: impl FnOnce(&CalendrierTechnique) -> Document,
) -> Result<Vec<u8>, AppError> {
    let c = view_calendrier_technique(ctx, annee).await?;
    ctx.app.imprimerie.imprime(compose(&c)).await
}
