//! How many records one account may read and take away: beyond, a second step or a pause. Counted in the journal itself,
//! so that every server counts alike.

use store::journal::alarmes as base;
use store::{Sql, Tx};

use super::Lecture;
use crate::contexte::{Ctx, SecondeEtape};
use crate::erreur::AppError;

const HEURE_US: i64 = 3_600_000_000;

/// Refuses the reading when the account already read, or took away, as much as it may. What is being read now is not
/// counted: a page is shown whole.
///
/// # Errors
/// [`AppError::Confirmation`] when many records were read since the last second step, [`AppError::TooMany`] when too many
/// files left.
pub(super) async fn check(tx: &Tx, ctx: &Ctx, lecture: &Lecture<'_>) -> Result<(), AppError> {
    let Some(compte) = ctx.acteur.compte else { return Ok(()) };
    if lecture.export.is_some() {
        check_exports(tx, ctx, compte).await?;
    }
    let seconde_etape_us = match ctx.seconde_etape {
        SecondeEtape::SansObjet => return Ok(()),
        SecondeEtape::Absente => i64::MIN,
        SecondeEtape::Faite { le_ms, .. } => le_ms * 1_000,
    };
    let l = &ctx.app.limites;
    let maintenant = ctx.recu_le.as_microsecond();
    let depuis = (maintenant - l.alarme_fenetre_min * 60_000_000).max(seconde_etape_us);
    if base::records_read(tx, compte, depuis, maintenant).await? >= l.dossiers_avant_confirmation {
        return Err(AppError::Confirmation);
    }
    Ok(())
}

/// Refuses a file before anything is read for it, when as many left as may; counted again when it leaves.
///
/// # Errors
/// [`AppError::TooMany`].
pub(crate) async fn require_export(ctx: &Ctx) -> Result<(), AppError> {
    match ctx.acteur.compte {
        Some(compte) => check_exports(&ctx.app.db, ctx, compte).await,
        None => Ok(()),
    }
}

async fn check_exports(tx: &impl Sql, ctx: &Ctx, compte: i64) -> Result<(), AppError> {
    let l = &ctx.app.limites;
    let maintenant = ctx.recu_le.as_microsecond();
    let mut reprise = maintenant;
    for (maximum, duree) in [(l.exports_par_heure, HEURE_US), (l.exports_par_jour, 24 * HEURE_US)] {
        let (nombre, premier) = base::exports_since(tx, compte, maintenant - duree).await?;
        if nombre >= maximum {
            reprise = reprise.max(premier + duree);
        }
    }
    if reprise == maintenant {
        return Ok(());
    }
    Err(AppError::TooMany { attente_s: (reprise - maintenant).unsigned_abs().div_ceil(1_000_000) })
}
