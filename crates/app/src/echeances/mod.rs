//! What is open to a person until when: on the homes, in a file for their calendar, at a personal address.

mod agenda;
mod technique;

pub use agenda::{address, agenda, agenda_by_token, create_address, withdraw_address};

pub use technique::{
    CalendrierTechnique, DateTechnique, agenda_technique, print_calendrier, view_calendrier_technique,
};

use std::collections::BTreeSet;

use domain::RuleViolation;
use domain::calendrier::{Etape, Fenetre};
use domain::droits::{Acteur, etapes_of};
use domain::territoires::HeureLocale;

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions::{self, SessionAdmission};

/// Where a step stands now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Avancement {
    /// Open now.
    Ouverte,
    /// Opens later.
    AVenir,
    /// Over.
    Close,
}

/// A step that matters to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date {
    /// What opens and closes.
    pub etape: Etape,
    /// In force, prolongations included.
    pub fenetre: Fenetre,
    /// Says whether its closing was put off.
    pub reportee: bool,
    /// At the campaign's clock.
    pub avancement: Avancement,
}

/// The dates of a person in the open session.
#[derive(Debug, Clone)]
pub struct MesDates {
    /// With its calendar in force.
    pub session: SessionAdmission,
    /// In the order of the campaign.
    pub dates: Vec<Date>,
    /// Of the territories where the person lives or works, when their clocks differ from those of Paris (TPS-4).
    pub locales: Vec<HeureLocale>,
}

/// The dates of the person who acts; `None` when no session is open or no step concerns them.
///
/// # Errors
/// When the database refuses.
pub async fn mes_dates(ctx: &Ctx) -> Result<Option<MesDates>, AppError> {
    dates(ctx, |session| etapes_of(&ctx.acteur, session.id)).await
}

/// The dates of some steps, whoever asks; `None` when no session is open.
///
/// # Errors
/// When the database refuses.
pub async fn dates_of(ctx: &Ctx, etapes: &[Etape]) -> Result<Option<MesDates>, AppError> {
    dates(ctx, |_| etapes.to_vec()).await
}

async fn dates(
    ctx: &Ctx,
    choisies: impl FnOnce(&SessionAdmission) -> Vec<Etape>,
) -> Result<Option<MesDates>, AppError> {
    let db = &ctx.app.db;
    let session = match sessions::courante(db).await {
        Ok(s) => s,
        Err(AppError::NotFound) => return Ok(None),
        Err(e) => return Err(e),
    };
    let etapes = choisies(&session);
    if etapes.is_empty() {
        return Ok(None);
    }
    let dates = dates_in(ctx, &session, etapes).await?;
    let locales = locales(ctx, &ctx.acteur, session.id).await?;
    Ok(Some(MesDates { session, dates, locales }))
}

/// The dates of steps of a session, open or archived; those that its calendar does not have are left out.
async fn dates_in(
    ctx: &Ctx,
    session: &SessionAdmission,
    etapes: impl IntoIterator<Item = Etape>,
) -> Result<Vec<Date>, AppError> {
    let reportees: BTreeSet<String> = store::prolongations::list(&ctx.app.db, session.id)
        .await?
        .into_iter()
        .filter(|p| p.calendrier_numero.is_some())
        .map(|p| p.etape)
        .collect();
    let date = |etape: Etape| {
        Some(Date {
            etape,
            fenetre: session.calendrier.fenetre(etape)?,
            reportee: reportees.contains(etape.code()),
            avancement: match session.calendrier.require_open(etape, ctx.campagne_le) {
                Ok(()) => Avancement::Ouverte,
                Err(RuleViolation::NotYetOpen { .. }) => Avancement::AVenir,
                Err(_) => Avancement::Close,
            },
        })
    };
    Ok(etapes.into_iter().filter_map(date).collect())
}

/// The same on a page of the session of a year: nothing on those of an archived one.
///
/// # Errors
/// When the database refuses.
pub async fn mes_dates_en(ctx: &Ctx, annee: i64) -> Result<Option<MesDates>, AppError> {
    Ok(mes_dates(ctx).await?.filter(|m| m.session.annee == annee))
}

async fn locales(ctx: &Ctx, acteur: &Acteur, session: i64) -> Result<Vec<HeureLocale>, AppError> {
    let mut heures: BTreeSet<HeureLocale> = acteur
        .attributions
        .iter()
        .filter(|a| a.session.is_none_or(|s| s == session))
        .flat_map(|a| &a.academies)
        .filter_map(|a| HeureLocale::of_academie(a))
        .collect();
    if let Some(compte) = acteur.compte {
        let departements = store::agendas::departements(&ctx.app.db, compte, session).await?;
        heures.extend(departements.iter().filter_map(|d| HeureLocale::of_departement(d)));
    }
    Ok(heures.into_iter().collect())
}
