//! R-VIE-12: what a change that the services granted does to the review of the course.

use domain::droits::Permit;
use domain::formations::controle::EtatControle;
use serde_json::json;
use store::formations::{self as base, LigneFormation};
use store::{Sql, Tx};

use super::{count_changes, etat, note};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::contenu::{Contenu, present};
use crate::formations::load_groupes;
use crate::formations::parametrage::Brouillon;

/// Where the review of the present values stands, before they change.
pub(in crate::formations) async fn standing(
    c: &impl Sql,
    f: &LigneFormation,
) -> Result<EtatControle, AppError> {
    let Some(l) = base::controle(c, f.id).await? else { return Ok(EtatControle::Brouillon) };
    let fidele = l.empreinte == Contenu::load(c, f).await?.empreinte()?;
    Ok(etat(Some(&l)).of_values(fidele))
}

/// The review of a course whose values a granted request has just changed, and nothing else. `avant`: where it stood; `sienne`: its
/// establishment is the same. What waits for its decision goes on waiting with what was granted; what was accepted, and that the
/// public reads as it is now, stays accepted; anything else is to be submitted again (R-CTL-02).
///
/// # Errors
/// [`AppError::Conflict`] when someone was faster.
pub(in crate::formations) async fn settle(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    formation_session: i64,
    (avant, sienne): (EtatControle, bool),
) -> Result<(), AppError> {
    let Some(l) = base::controle(tx, formation_session).await? else { return Ok(()) };
    let f = base::by_id(tx, formation_session).await?.ok_or(AppError::NotFound)?;
    let cote = present(tx, &f).await?;
    let reste = match avant {
        EtatControle::Soumise => sienne,
        EtatControle::Acceptee => is_publiee(tx, &f, &cote.contenu).await?,
        EtatControle::Brouillon | EtatControle::Retournee => false,
    };
    let e = ctx.ecriture(permit);
    if !reste {
        return Ok(base::undo_controle(tx, &e, f.id).await?);
    }
    let empreinte = cote.contenu.empreinte()?;
    let changes = count_changes(tx, &f, &cote).await?;
    base::keep_controle(tx, &e, (l.id, l.version), &empreinte, changes).await?;
    let apres = json!({ "etat": l.etat, "empreinte": empreinte, "changes": changes, "pris_par": l.pris_par });
    note(tx, ctx, permit, &f, Some(&l), &apres).await
}

/// Whether the public reads these very values.
async fn is_publiee(c: &impl Sql, f: &LigneFormation, contenu: &Contenu) -> Result<bool, AppError> {
    let groupes = load_groupes(c, f.id).await?;
    let publication = base::last_publication(c, f.id).await?;
    Brouillon { formation: f, groupes: &groupes }.is_published(publication.as_ref(), contenu.description())
}
