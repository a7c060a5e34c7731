//! What maintenance does: changes told, reminders (R-SEA-07), addresses forgotten (R-SEA-10).

use std::collections::BTreeMap;

use domain::droits::{Action, Cible, Permit};
use store::seances::{self as base, APrevenir};

use super::courriels::{Avis, send};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::limites::JOUR_MS;
use crate::sessions;

/// People told in one transaction: a screen that writes waits for no more.
const LOT: i64 = 200;

/// Puts in the outbox the reminders due, forgets what is to be forgotten. Gives how many rows changed.
///
/// # Errors
/// When the database refuses.
pub(crate) async fn maintain(ctx: &Ctx) -> Result<u64, AppError> {
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    // First: who is told now of a session about to begin is not reminded a moment later.
    let prevenus = tell(ctx, &permit).await?;
    let rappels = remind(ctx, &permit).await?;
    let tx = ctx.begin().await?;
    let finies_avant = ctx.campagne_ms() - ctx.app.limites.seance_adresses_jours * JOUR_MS;
    let oubliees = base::forget(&tx, &ctx.ecriture(&permit), finies_avant, ctx.recu_ms()).await?;
    tx.commit().await?;
    Ok(prevenus + rappels + oubliees)
}

/// Writes to those whom a change is still to be told, a few hundred at once.
async fn tell(ctx: &Ctx, permit: &Permit) -> Result<u64, AppError> {
    let db = &ctx.app.db;
    let session = match sessions::courante(db).await {
        Ok(session) => session,
        Err(AppError::NotFound) => return Ok(0),
        Err(e) => return Err(e),
    };
    let avance = ctx.app.limites.seance_rappel_h * 3_600_000;
    let mut partis = 0;
    loop {
        let lot = base::to_tell(db, &ctx.app.coffre, LOT).await?;
        if lot.is_empty() {
            return Ok(partis);
        }
        let seances: BTreeMap<i64, _> =
            base::seances(db, session.id).await?.into_iter().map(|l| (l.id, l)).collect();
        let tx = ctx.begin().await?;
        for i in &lot {
            let Some(quoi) = i.a_prevenir else { continue };
            // Noted first: of two nodes that look at once, one sends.
            if !base::told(&tx, &ctx.ecriture(permit), i.id, quoi).await? {
                continue;
            }
            // Of a past session: nobody is told any more.
            let Some(l) = seances.get(&i.seance) else { continue };
            let avis = match quoi {
                APrevenir::Place => Avis::Place,
                APrevenir::Modifiee => Avis::Modifiee,
                APrevenir::Annulee => Avis::Annulee,
                APrevenir::Enregistrement => Avis::Enregistrement,
            };
            send(&tx, ctx, session.annee, l, i, avis).await?;
            if ctx.campagne_ms() >= l.programme.debut - avance {
                base::set_rappel(&tx, &ctx.ecriture(permit), i.id).await?;
            }
            partis += 1;
        }
        tx.commit().await?;
    }
}

async fn remind(ctx: &Ctx, permit: &Permit) -> Result<u64, AppError> {
    let db = &ctx.app.db;
    let session = match sessions::courante(db).await {
        Ok(session) => session,
        Err(AppError::NotFound) => return Ok(0),
        Err(e) => return Err(e),
    };
    let (maintenant, avance) = (ctx.campagne_ms(), ctx.app.limites.seance_rappel_h * 3_600_000);
    let mut dus = base::to_remind(db, &ctx.app.coffre, (maintenant, maintenant + avance)).await?;
    if dus.is_empty() {
        return Ok(0);
    }
    let seances: BTreeMap<i64, _> =
        base::seances(db, session.id).await?.into_iter().map(|l| (l.id, l)).collect();
    dus.retain(|i| {
        let due =
            |l: &base::LigneSeance| l.horaire().is_rappel_due(maintenant, avance, i.inscrit_le, i.rappele);
        seances.get(&i.seance).is_some_and(due)
    });
    let mut partis = 0;
    for lot in dus.chunks(usize::try_from(LOT).unwrap_or(1)) {
        let tx = ctx.begin().await?;
        for i in lot {
            let Some(l) = seances.get(&i.seance) else { continue };
            // Noted first: of two nodes that look at once, one sends.
            if base::set_rappel(&tx, &ctx.ecriture(permit), i.id).await? {
                send(&tx, ctx, session.annee, l, i, Avis::Rappel).await?;
                partis += 1;
            }
        }
        tx.commit().await?;
    }
    Ok(partis)
}
