//! Nightly cleaning of what accounts leave behind; each part has its retention in the data dictionary.

use domain::droits::{Action, Cible};
use store::{comptes as base, essais, jetons};

use super::securite::{TRANCHE_MS, premiere_tranche};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::limites::JOUR_MS;

/// What was removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BilanPurge {
    /// Sign-in sessions that had ended.
    pub sessions: u64,
    /// Links of invitation, enrolment or reset out of date.
    pub jetons: u64,
    /// Attempts too old for any limit to count them.
    pub essais: u64,
    /// Codes, challenges, kept forms, drafts of forms, known networks and browsers.
    pub restes: u64,
}

/// Removes sign-in sessions dead for some hours, links that ran out 72 hours ago, attempts older than a day. Twice changes nothing.
///
/// # Errors
/// [`AppError::Denied`] unless the platform itself asks.
pub async fn purge_comptes(ctx: &Ctx) -> Result<BilanPurge, AppError> {
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let maintenant = ctx.recu_ms();
    let l = &ctx.app.limites;
    let avant = base::AvantConnus {
        reseaux: maintenant - l.confirmation_jours * JOUR_MS,
        navigateurs: maintenant - l.navigateur_jours * JOUR_MS,
        tranche: premiere_tranche(maintenant),
        echecs: maintenant - TRANCHE_MS,
    };
    let tx = ctx.begin().await?;
    let bilan = BilanPurge {
        sessions: base::purge_sessions_web(&tx, maintenant - ctx.app.limites.session_finie_h * 3_600_000)
            .await?,
        jetons: jetons::purge(&tx, maintenant - 72 * 3_600_000).await?,
        essais: essais::purge(&tx, maintenant - 24 * 3_600_000).await?,
        restes: base::purge_connus(&tx, maintenant, &avant).await?
            + store::brouillons::purge(&tx, maintenant).await?,
    };
    tx.commit().await?;
    Ok(bilan)
}
