//! A whole day, for the command line and the simulator: compute as one, publish as another.

use domain::admission::Nature;
use store::admission as base;

use super::sceau::{Bilan, read_bilan};
use super::{calculer_propositions, publier_passage};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::Garde;
use crate::sessions;

/// What a day did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilanJour {
    /// Public identifier of the run.
    pub passage: String,
    /// Day of the admission phase, from 1.
    pub jour: i64,
    /// As published.
    pub bilan: Bilan,
}

/// Computes and publishes the propositions of the present day.
///
/// # Errors
/// Those of [`calculer_propositions`] and [`publier_passage`].
pub async fn un_jour(ctx_calcul: &Ctx, ctx_publication: &Ctx, annee: i64) -> Result<BilanJour, AppError> {
    calculer_propositions(ctx_calcul, &Garde::default(), annee).await?;
    let session = sessions::session(&ctx_publication.app.db, annee).await?;
    let p = dernier(ctx_publication, session.id).await?;
    publier_passage(ctx_publication, &Garde::default(), annee, &p.public_id).await?;
    let p = dernier(ctx_publication, session.id).await?;
    Ok(BilanJour { passage: p.public_id, jour: p.jour, bilan: read_bilan(&p.bilan) })
}

async fn dernier(ctx: &Ctx, session: i64) -> Result<base::LignePassage, AppError> {
    base::passage_en_vigueur(&ctx.app.db, session, Nature::Propositions.code(), i64::MAX)
        .await?
        .ok_or(AppError::NotFound)
}
