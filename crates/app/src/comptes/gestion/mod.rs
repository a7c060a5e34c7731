//! Accounts of a perimeter, for those who look after them: an establishment, academies, the whole country.

mod actes;
mod fiche;
mod liste;
mod responsables;
mod securite;

pub use actes::{ActeCompte, CommandeActe, act_on_compte};
pub use fiche::{FicheCompte, RetraitVu, view_compte};
pub(super) use liste::group;
pub use liste::{
    CompteListe, CoursPropose, FiltreListe, InvitationListe, ListeComptes, RoleVu, list_comptes,
};
pub(crate) use responsables::COLONNES as COLONNES_RESPONSABLES;
pub use responsables::{
    FiltreResponsables, ListeResponsables, ListeSansResponsable, Responsable, SansResponsable,
    export_responsables, list_responsables, list_sans_responsable,
};
pub use securite::{SecuriteVue, lift_securite, require_no_safety, secure_etablissement, view_securite};

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
