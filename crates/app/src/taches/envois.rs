//! NOT-1: the outbox is delivered at least once, under one identifier, outside any transaction.

use std::sync::Arc;

use domain::reprises::attente_ms;
use store::messagerie::{self as base, Envoi};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::plateforme::Plateforme;
use crate::ports::{EnvoiError, Message};

/// Messages taken at a time.
const LOT: i64 = 50;
/// How long they are ours: a runner that dies leaves them to another after that.
const BAIL_MS: i64 = 5 * 60_000;
/// Failures after which a message is given up (about two days).
const ESSAIS: i64 = 50;

/// Sends the messages due, the most useful first. Gives how many were dealt with, 0 when nothing is due.
///
/// # Errors
/// When the database refuses; a carrier that fails is recorded and tried again later, which is not an error here.
pub async fn livrer(app: &Arc<Plateforme>) -> Result<usize, AppError> {
    let ctx = Ctx::systeme(app, "envois", "tache");
    let tx = ctx.begin().await?;
    let pris = base::take_envois(&tx, ctx.recu_ms(), ctx.recu_ms() + BAIL_MS, LOT).await?;
    tx.commit().await?;
    let combien = pris.len();
    for envoi in pris {
        let envoi = match envoi.readable(&app.coffre) {
            Ok(envoi) => envoi,
            Err(cause) => {
                // It comes back with its lease, once the keys are right; the others do not wait for it.
                tracing::error!(%cause, "message illisible");
                continue;
            }
        };
        let (etat, erreur, prochain) = send(&ctx, &envoi).await;
        let tx = ctx.begin().await?;
        base::save_envoi(&tx, envoi.id, etat, erreur.as_deref(), prochain, ctx.recu_ms()).await?;
        tx.commit().await?;
    }
    Ok(combien)
}

async fn send(ctx: &Ctx, envoi: &Envoi) -> (&'static str, Option<String>, i64) {
    // Read again before each message: those before it may have been slow.
    let maintenant = ctx.app.horloge.maintenant().as_millisecond();
    if envoi.perime_le.is_some_and(|limite| limite <= maintenant) {
        return ("perime", None, maintenant);
    }
    let message = Message {
        identifiant: envoi.public_id.clone(),
        destinataire: envoi.destinataire.clone(),
        sujet: envoi.sujet.clone(),
        corps: envoi.corps.clone(),
        piece: envoi.piece.clone(),
        arret: envoi.arret.clone(),
    };
    let transporteur = match envoi.canal.as_str() {
        "sms" => &ctx.app.sms,
        crate::journal::SUPERVISION => &ctx.app.supervision,
        _ => &ctx.app.courriel,
    };
    match transporteur.send(&message).await {
        Ok(()) => ("envoye", None, maintenant),
        Err(EnvoiError::Definitif(cause)) => {
            tracing::warn!(envoi = %envoi.public_id, %cause, "message abandonné");
            ("abandonne", Some(cause), maintenant)
        }
        Err(EnvoiError::Passager(cause)) => {
            let etat = if envoi.essais + 1 >= ESSAIS { "abandonne" } else { "a_envoyer" };
            tracing::warn!(envoi = %envoi.public_id, essais = envoi.essais + 1, %cause, "message non parti");
            (etat, Some(cause), maintenant + attente_ms(envoi.essais))
        }
    }
}
