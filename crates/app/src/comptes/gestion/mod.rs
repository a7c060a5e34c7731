//! Accounts of a perimeter, for those who look after them: an establishment, academies, the whole country.

mod liste;

pub use liste::{CompteListe, FiltreListe, InvitationListe, ListeComptes, RoleVu, list_comptes};

use domain::droits::Scope;
use store::comptes as base;

use crate::contexte::Ctx;
use crate::erreur::AppError;

/// The establishments that a perimeter names one by one; none for academies or the country, where the UAI is typed.
pub(super) async fn etablissements_of_scope(
    ctx: &Ctx,
    scope: &Scope,
    session: i64,
) -> Result<Vec<base::LigneChoix>, AppError> {
    let portee = scope.portee();
    if portee.tout || !portee.academies.is_empty() {
        return Ok(Vec::new());
    }
    Ok(base::etablissements_of(&ctx.app.db, session, &portee.etablissements).await?)
}
