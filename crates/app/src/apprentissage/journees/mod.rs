//! Days of the catalogue sent from a page (R-IMP-11, R-IMP-12): received, read and shown, decided, applied apart from the request, then
//! kept with who sent them, their files and a signed account. Those that a command applies are kept too.

mod decider;
mod lister;
mod rapport;
mod recevoir;
mod sceller;
mod traiter;

pub use decider::decide_journee;
pub use lister::{
    JourneeRecue, JourneeVue, ListeJournees, ScelleVu, SuiviJournee, Travail, export_journee, list_journees,
    proces_verbal_journee, view_journee,
};
pub(crate) use rapport::{COLONNES as COLONNES_JOURNEE, fingerprint};
pub use rapport::{RapportGarde, RejetGarde};
pub use recevoir::{EnvoiJournee, Reception, receive_journee};
pub(crate) use sceller::{AAppliquer, JourApplique, seal};
pub(crate) use traiter::process_journee;

use domain::PublicId;
use domain::apprentissage::{EtatJournee, Etendue};
use domain::droits::{Action, Cible, Permit};
use serde::{Deserialize, Serialize};
pub use store::apprentissage::FichierJournee;
use store::apprentissage::{self as base, LigneJournee};
use store::messagerie::enqueue_tache;
use store::{Sql, StoreError, Tx};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::sessions::SessionAdmission;
use crate::taches::TRAITER_JOURNEE;

/// Who may send and apply a day: whoever charges the courses of a session.
fn permit(ctx: &Ctx) -> Result<Permit, AppError> {
    ctx.permit(Action::ImporterOffre, &Cible::plateforme())
}

fn unreadable() -> AppError {
    StoreError::Unreadable("journee_catalogue").into()
}

fn etat(j: &LigneJournee) -> Result<EtatJournee, AppError> {
    EtatJournee::from_code(&j.etat).ok_or_else(unreadable)
}

fn etendue(j: &LigneJournee) -> Result<Etendue, AppError> {
    Etendue::from_code(&j.etendue).ok_or_else(unreadable)
}

async fn load(c: &impl Sql, session: &SessionAdmission, id: &PublicId) -> Result<LigneJournee, AppError> {
    let j = base::journee(c, id.as_str()).await?.filter(|j| j.session_id == session.id);
    j.ok_or(AppError::NotFound)
}

/// Puts bytes in the depot; gives their SHA-256, in hexadecimal.
async fn keep(ctx: &Ctx, octets: &[u8]) -> Result<String, AppError> {
    ctx.app.depot.put(octets).await.map_err(AppError::internal)
}

/// Of all that a day is: sent again in another order or under other names, it is the same.
fn content(etendue: Etendue, fichiers: &[FichierJournee]) -> String {
    let mut empreintes: Vec<&str> = fichiers.iter().map(|f| f.empreinte.as_str()).collect();
    empreintes.sort_unstable();
    hash(&format!("{}\n{}", etendue.code(), empreintes.join("\n")))
}

/// What the task carries: the day, and in whose name.
#[derive(Debug, Serialize, Deserialize)]
struct Demande {
    journee: String,
    compte: Option<i64>,
}

/// The task of a day at a version.
fn task_key(journee: &str, version: i64) -> String {
    format!("{TRAITER_JOURNEE}:{journee}:{version}")
}

/// Has the day of a version read or applied, in the transaction that asks for it.
async fn enqueue(tx: &Tx, ctx: &Ctx, journee: &str, version: i64) -> Result<(), AppError> {
    let demande = Demande { journee: journee.to_owned(), compte: ctx.acteur.compte };
    let donnees = serde_json::to_string(&demande).map_err(AppError::internal)?;
    let (alea, maintenant) = (ctx.app.alea.as_ref(), ctx.recu_ms());
    let cle = task_key(journee, version);
    enqueue_tache(tx, alea, TRAITER_JOURNEE, Some(&cle), &donnees, maintenant, maintenant).await?;
    Ok(())
}
