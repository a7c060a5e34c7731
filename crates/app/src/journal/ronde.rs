//! The round that verifies the journal a little at a time, and gives the alarm (JOU-5).

use std::sync::Arc;

use store::journal::chaine as base;

use super::alarmes::raise_rupture;
use super::chaine::public_key;
use super::sceller::tetes_exterieures;
use super::verifier::{Anomalie, check_slice};
use crate::contexte::Ctx;
use crate::erreur::AppError;

/// Links of one round: a million a day and more, one round a minute.
const LIENS: i64 = 5_000;

/// Verifies the heads and the next links of the chain; what is wrong raises an alarm. Gives how many things are wrong.
///
/// # Errors
/// When the database refuses, or the copy of the heads cannot be read.
pub async fn ronde(ctx: &Ctx) -> Result<usize, AppError> {
    let app = Arc::clone(&ctx.app);
    let (rang, _) = base::ronde(&app.db).await?;
    let (exterieures, illisibles) = tetes_exterieures(&app).await?;
    if base::last_sceau(&app.db).await?.is_none() && exterieures.is_empty() {
        return Ok(0);
    }
    let (mut bilan, suite) =
        check_slice(&app.db, &public_key(&app.secrets.journal), &exterieures, rang, LIENS).await?;
    if illisibles > 0 {
        bilan.dit(Anomalie::CopieIllisible { lignes: illisibles });
    }
    let tx = ctx.begin().await?;
    if let Some(premiere) = bilan.anomalies.first() {
        raise_rupture(&tx, ctx, &premiere.code(), bilan.total).await?;
    }
    base::set_ronde(&tx, suite, ctx.recu_ms()).await?;
    tx.commit().await?;
    Ok(bilan.total)
}
