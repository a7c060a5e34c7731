//! Recording an act in the journal, in its own transaction.

use domain::droits::Permit;
use serde_json::Value as Json;
use store::Tx;
use store::journal::{Entree, append};

use crate::contexte::Ctx;
use crate::erreur::AppError;

/// What happened to which object.
#[derive(Debug, Clone, Default)]
pub struct Acte<'a> {
    /// Kind of object: the table's name.
    pub objet: &'a str,
    /// Public identifier.
    pub objet_id: &'a str,
    /// State before; `None` for a creation or a reading.
    pub avant: Option<Json>,
    /// State after, or what was read; `None` when there is nothing to tell.
    pub apres: Option<Json>,
}

/// Appends the act to the journal of the transaction.
///
/// # Errors
/// When the database refuses.
pub async fn record(tx: &Tx, ctx: &Ctx, permit: &Permit, acte: &Acte<'_>) -> Result<(), AppError> {
    let entree = Entree {
        instant_us: ctx.recu_le.as_microsecond(),
        compte: ctx.acteur.compte,
        role: permit.role().code(),
        reseau: &ctx.reseau,
        requete: &ctx.requete,
        action: permit.action().code(),
        objet: acte.objet,
        objet_id: acte.objet_id,
        issue: "fait",
        avant: acte.avant.as_ref().map(Json::to_string),
        apres: acte.apres.as_ref().map(Json::to_string),
    };
    Ok(append(tx, &entree).await?)
}

/// Appends an event that needs no permit: sign-in, refusal, failed attempt. `action` is a stable code.
///
/// # Errors
/// When the database refuses.
pub async fn record_event(
    tx: &Tx,
    ctx: &Ctx,
    action: &str,
    issue: &str,
    objet: &str,
    objet_id: &str,
) -> Result<(), AppError> {
    let role = ctx.acteur.attributions.first().map_or("public", |a| a.role.code());
    let entree = Entree {
        instant_us: ctx.recu_le.as_microsecond(),
        compte: ctx.acteur.compte,
        role,
        reseau: &ctx.reseau,
        requete: &ctx.requete,
        action,
        objet,
        objet_id,
        issue,
        avant: None,
        apres: None,
    };
    Ok(append(tx, &entree).await?)
}
