//! Scheduled work. It takes no input: it compares the state with the clock and does what is due, so that a missed
//! night repairs itself.

use std::sync::Arc;

use domain::RuleViolation;
use domain::droits::{Action, Cible};

use crate::candidatures::BilanEcheances;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::plateforme::Plateforme;

/// Applies the deadlines of the procedure that have passed (campaign's clock), then purges what has expired in real
/// time. Gives how many rows changed.
///
/// # Errors
/// When the database refuses.
pub async fn entretenir(app: &Arc<Plateforme>) -> Result<u64, AppError> {
    let ctx = Ctx::systeme(app, "entretien", "tache");
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let echeances = match crate::candidatures::expire_due(&ctx).await {
        // The rest depends on no deadline.
        Err(AppError::Rule(RuleViolation::HorlogeDecalee)) => {
            tracing::error!(ecart_ms = app.horloge.ecart_ms(), "horloge décalée : échéances en attente");
            BilanEcheances::default()
        }
        bilan => bilan?,
    };
    let inactifs = crate::comptes::suspend_inactifs(&ctx).await?;
    let invitations = crate::comptes::tell_expired_invitations(&ctx).await?;
    let resumes = crate::actualites::tell_unread(&ctx).await?;
    let seances = crate::seances::maintain(&ctx).await?;
    let assistance = crate::assistance::purge_demandes(&ctx).await?;
    // A record that cannot be taken does not stop what follows: it is told, and tried again at the next round.
    let fiches = crate::apprentissage::integrate_courante(&ctx).await.unwrap_or_else(|cause| {
        tracing::error!(%cause, "intégration des fiches d’apprentissage");
        0
    });
    let explications = crate::admission::purge_explications(&ctx).await?;
    let appels =
        crate::interfaces::purge_appels(&ctx).await? + crate::interfaces::purge_livraisons(&ctx).await?;
    let comptes = crate::comptes::purge_comptes(&ctx).await?;
    let journal = crate::journal::purger_journal(&ctx).await?;
    crate::journal::ronde(&ctx).await?;
    let tx = ctx.begin().await?;
    let n = store::entretien::purge_idempotence(&tx, ctx.recu_ms()).await?
        + store::fichiers::purge(&tx, ctx.recu_ms() - app.limites.demande_gardee_min * 60_000).await?;
    tx.commit().await?;
    let n = n
        + journal
        + comptes.sessions
        + comptes.jetons
        + comptes.essais
        + comptes.restes
        + inactifs.rappels
        + inactifs.suspensions
        + invitations
        + resumes
        + seances
        + assistance
        + fiches
        + explications
        + appels;
    Ok(n + echeances.voeux_annules + echeances.propositions_expirees + echeances.voeux_perdus)
}
