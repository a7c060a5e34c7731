//! JOU-4: entries go at the end of their retention, up to a signed head, which stays.

use domain::droits::{Action, Cible};
use serde_json::json;
use store::journal::chaine as base;
use store::journal::chaine::LignePurge;

use super::chaine::sign_purge;
use super::{Acte, record};
use crate::contexte::Ctx;
use crate::erreur::AppError;

/// Removes the entries older than the retention (`Limites`), up to the last signed head that is old enough. Recorded. Gives how many went.
///
/// # Errors
/// When the database refuses.
pub async fn purger_journal(ctx: &Ctx) -> Result<u64, AppError> {
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let avant = ctx.recu_ms() - ctx.app.limites.journal_retention_j * 86_400_000;
    let deja = |purges: Vec<LignePurge>| purges.last().map_or(0, |p| p.rang);
    // Looked at without writing first: the rule has nothing to do on almost every pass.
    let rang = deja(base::purges(&ctx.app.db).await?);
    if base::tete_before(&ctx.app.db, avant, rang).await?.is_none() {
        return Ok(0);
    }
    let tx = ctx.begin().await?;
    base::take_turn(&tx).await?;
    let rang = deja(base::purges(&tx).await?);
    let Some(tete) = base::tete_before(&tx, avant, rang).await? else { return Ok(0) };
    let entrees = base::count_to(&tx, tete.rang).await?;
    let mut p = LignePurge {
        rang: tete.rang,
        avant_le: avant,
        purgee_le: ctx.recu_ms(),
        entrees,
        signature: Vec::new(),
    };
    sign_purge(&ctx.app.secrets.journal, &mut p);
    let n = base::purge(&tx, &p).await?;
    let apres = json!({ "entrees": entrees, "jusqu_a": tete.rang, "avant_le": avant });
    let acte = Acte { objet: "journal", objet_id: "purge", avant: None, apres: Some(apres) };
    record(&tx, ctx, &permit, &acte).await?;
    tx.commit().await?;
    Ok(n)
}
