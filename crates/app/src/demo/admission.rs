//! The call orders and the first day of admission, done by the two national agents as they would on screen.

use std::sync::Arc;

use domain::droits::Action;
use store::admission as base;

use super::personas::Agents;
use super::{ANNEE, contexte, instant};
use crate::Ctx;
use crate::admission::{calculer_ordre_appel, cible, passages, publier_passage, un_jour};
use crate::erreur::AppError;
use crate::idempotence::Garde;
use crate::plateforme::Plateforme;
use crate::sessions;
use crate::simulation::repondre;

pub(super) async fn jouer(app: &Arc<Plateforme>, agents: &Agents, graine: u64) -> Result<(), AppError> {
    let [une, autre] = &agents.nationaux;
    let acteur = |a: &domain::droits::Acteur, quand: &str| -> Result<Ctx, AppError> {
        Ok(contexte(app, Some(a.clone()), instant(quand)?))
    };
    calculer_ordre_appel(&acteur(une, "2024-05-27T09:00")?, &Garde::default(), ANNEE).await?;
    let ctx = acteur(autre, "2024-05-28T14:00")?;
    let calcule = passages(&ctx, ANNEE, 1, 0).await?.into_iter().next().ok_or(AppError::NotFound)?;
    publier_passage(&ctx, &Garde::default(), ANNEE, &calcule.public_id).await?;
    un_jour(&acteur(une, "2024-05-30T19:00")?, &acteur(autre, "2024-05-30T19:00")?, ANNEE).await?;
    // A first part of the candidates answers in the evening and the next morning.
    let ctx = contexte(app, None, instant("2024-05-31T08:30")?);
    repondre(&ctx, ANNEE, graine).await?;
    mistype(&ctx).await
}

/// Somebody typed one digit too many: the next day withholds the group, and asks (R-ADM-12).
async fn mistype(ctx: &Ctx) -> Result<(), AppError> {
    let session = sessions::session(&ctx.app.db, ANNEE).await?;
    let permit = ctx.permit(Action::CalculerPassage, &cible(&session))?;
    let groupes = base::groupes_affectation(&ctx.app.db, session.id, 2).await?;
    // The last one, of a course that ranks: far from those of the personas.
    let moyen =
        |g: &&base::GroupeAffectation| g.sans_classement == 0 && (10..40).contains(&g.nombre_a_appeler);
    let Some(g) = groupes.iter().rev().find(moyen) else { return Ok(()) };
    let tx = ctx.begin().await?;
    store::simulation::set_appels(&tx, &ctx.ecriture(&permit), &[(g.id, g.nombre_a_appeler * 10)]).await?;
    Ok(tx.commit().await?)
}
