//! What whoever invited is told: the invitation was accepted, or its link ran out.

use domain::droits::{Action, Cible};
use serde_json::json;
use store::Tx;
use store::comptes as base;

use super::courriels::{self, Courriel};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};

/// Invitations looked at in one transaction.
const LOT: i64 = 200;

/// Puts a notice for whoever invited in the outbox, if their account still serves.
pub(super) async fn tell_inviter(
    tx: &Tx,
    ctx: &Ctx,
    i: &base::LigneInvitation,
    avis: &Courriel,
) -> Result<(), AppError> {
    let Some(par) = i.cree_par else { return Ok(()) };
    let compte = match base::by_id(tx, par).await {
        Err(store::StoreError::NotFound(_)) => return Ok(()),
        autre => autre?,
    };
    if compte.etat()?.may_sign_in() {
        courriels::enqueue(tx, ctx, Some(compte.id), &compte.courriel, avis).await?;
    }
    Ok(())
}

/// Tells, once for each link, that it ran out without being followed; gives how many. Twice changes nothing.
///
/// # Errors
/// [`AppError::Denied`] unless the platform itself asks.
pub async fn tell_expired_invitations(ctx: &Ctx) -> Result<u64, AppError> {
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let permit = ctx.permit(Action::GererComptes, &Cible::plateforme())?;
    let mut dites = 0;
    loop {
        let tx = ctx.begin().await?;
        let lot = base::expired_invitations(&tx, ctx.recu_ms(), LOT).await?;
        for i in &lot {
            if !base::note_expiry(&tx, i.id, ctx.recu_ms()).await? {
                continue;
            }
            tell_inviter(&tx, ctx, i, &courriels::invitation_perimee(ctx, i)?).await?;
            let apres = Some(json!({ "etat": "perimee" }));
            let acte = Acte { objet: "invitation", objet_id: &i.public_id, avant: None, apres };
            record(&tx, ctx, &permit, &acte).await?;
            dites += 1;
        }
        tx.commit().await?;
        if i64::try_from(lot.len()).is_ok_and(|n| n < LOT) {
            return Ok(dites);
        }
    }
}
