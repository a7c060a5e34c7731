//! CPT-7: an account that nobody uses is told twice, then suspended. Compared with the clock each time, so that a missed
//! night repairs itself.

use domain::calendrier::paris;
use domain::comptes::{EtatCompte, Inactivite, inactivite, suspension};
use domain::droits::{Action, Cible};
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde_json::json;
use store::comptes as base;

use super::courriels;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::sessions::gel_ouvert;

/// Accounts looked at in one transaction.
const LOT: i64 = 200;

/// What was done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BilanInactivite {
    /// Reminders put in the outbox.
    pub rappels: u64,
    /// Accounts suspended.
    pub suspensions: u64,
}

/// Sends the reminders that are due and suspends what has to be, but during a freeze (R-CAL-10). Twice changes nothing.
///
/// # Errors
/// [`AppError::Denied`] unless the platform itself asks.
pub async fn suspend_inactifs(ctx: &Ctx) -> Result<BilanInactivite, AppError> {
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let delais = ctx.app.limites.inactivite;
    // Unused for less than the months less the first reminder: nothing can be due. A day of margin covers what civil
    // months and hours make of it; the rule itself decides.
    let marge = SignedDuration::from_hours(24 * (delais.rappels_jours[0] + 1));
    let avant = ctx
        .recu_le
        .to_zoned_datetime(paris())
        .checked_sub(delais.mois.months())
        .ok()
        .and_then(|z| z.timestamp().checked_add(marge).ok())
        .unwrap_or(Timestamp::MIN);
    // RUN-6: nobody is locked out in the days before a date. Compared again each night, the first one after suspends.
    let gele = gel_ouvert(&ctx.app.db, ctx.campagne_le).await?.is_some();
    let mut bilan = BilanInactivite::default();
    let mut apres = 0;
    loop {
        let tx = ctx.begin().await?;
        let lot = base::idle_accounts(&tx, avant.as_millisecond(), apres, LOT).await?;
        let Some(dernier) = lot.last() else { return Ok(bilan) };
        apres = dernier.id;
        for ligne in &lot {
            match deal(ctx, &tx, ligne, gele).await? {
                Inactivite::Rien => {}
                Inactivite::Rappel(_) => bilan.rappels += 1,
                Inactivite::Suspendre => bilan.suspensions += 1,
            }
        }
        tx.commit().await?;
    }
}

async fn deal(
    ctx: &Ctx,
    tx: &store::Tx,
    ligne: &base::LigneInactive,
    gele: bool,
) -> Result<Inactivite, AppError> {
    let instant = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or(ctx.recu_le);
    let delais = ctx.app.limites.inactivite;
    let derniere = instant(ligne.derniere_le);
    let dernier_rappel = ligne.rappel_inactivite_le.map(instant);
    let du = inactivite(derniere, ligne.rappels_inactivite, dernier_rappel, ctx.recu_le, delais);
    let compte = match du {
        Inactivite::Rien => return Ok(du),
        Inactivite::Suspendre if gele => return Ok(Inactivite::Rien),
        _ => base::by_id(tx, ligne.id).await?,
    };
    let permit = ctx.permit(Action::GererComptes, &Cible::plateforme())?;
    let (apres, avis) = match du {
        Inactivite::Rien => return Ok(du),
        Inactivite::Rappel(n) => {
            if !base::note_reminder(tx, compte.id, i64::from(n), ctx.recu_ms()).await? {
                return Ok(Inactivite::Rien);
            }
            let laisse = SignedDuration::from_hours(24 * delais.rappels_jours[usize::from(n) - 1]);
            let terme =
                ctx.recu_le.checked_add(laisse).unwrap_or(ctx.recu_le).max(suspension(derniere, delais));
            (json!({ "rappel_inactivite": n }), courriels::rappel_inactivite(ctx, terme))
        }
        Inactivite::Suspendre => {
            let motif = format!("Aucune connexion depuis {} mois", delais.mois);
            base::set_etat(tx, &ctx.ecriture(&permit), &compte, EtatCompte::Suspendu, &motif).await?;
            base::delete_sessions_web(tx, compte.id).await?;
            (json!({ "etat": "suspendu", "change": "inactivite" }), courriels::compte_suspendu(ctx))
        }
    };
    courriels::enqueue(tx, ctx, Some(compte.id), &compte.courriel, &avis).await?;
    let acte = Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres: Some(apres) };
    record(tx, ctx, &permit, &acte).await?;
    Ok(du)
}
