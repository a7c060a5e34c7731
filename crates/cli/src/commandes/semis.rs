//! Fills a new demonstration.

use std::sync::Arc;

use anyhow::{Context, Result};
use app::Plateforme;
use domain::calendrier::instant_paris;
use jiff::civil::DateTime;

use super::demo::{Fiche, GRAINE, Moment};

/// When each moment happens, in Paris.
fn instant(moment: Moment) -> Result<jiff::Timestamp> {
    let texte = match moment {
        Moment::Parametrage => "2023-11-20T10:00",
        Moment::Voeux => "2024-02-01T10:00",
        Moment::Examen => "2024-04-15T10:00",
        Moment::Admission => "2024-05-31T10:00",
    };
    let quand: DateTime = texte.parse()?;
    instant_paris(quand).context("instant")
}

/// Opens the sessions and sets the clock of the campaign.
pub async fn semer(app: &Arc<Plateforme>, moment: Option<Moment>, graine: Option<u64>) -> Result<Fiche> {
    let (moment, graine) = (moment.unwrap_or(Moment::Voeux), graine.unwrap_or(GRAINE));
    let ctx = crate::montage::contexte(app);
    app::sessions::ouvrir_session(&ctx, 2023, None).await?;
    app::sessions::ouvrir_session(&ctx, 2024, Some(2023)).await?;
    let decalage = instant(moment)?.as_millisecond() - ctx.recu_ms();
    app::demonstration::save_decalage(&ctx, decalage).await?;
    Ok(Fiche { moment, graine, personas: Vec::new() })
}
