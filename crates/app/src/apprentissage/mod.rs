//! The records of the catalogue of apprenticeship, from the check of the academic service to the course of the platform
//! (R-APP-06 to R-APP-10, R-APP-19 to R-APP-21). What a day of the catalogue changes is in `imports::apprentissage`.

mod courriels;
mod decider;
mod doublons;
mod fiche;
mod integrer;
mod journees;
mod liste;
mod rapprocher;
mod rejets;

pub use decider::{Decision, decide_fiche, declare_pretes};
pub use doublons::{
    FicheDuGroupe, GroupeDoublons, LigneGroupe, ListeGroupes, keep_fiche, list_groupes, view_groupe,
};
pub use fiche::{EvenementVu, FicheVue, view_fiche};
pub use integrer::{BilanIntegration, SuiviIntegration, ask_integration, integrate, view_integration};
pub(crate) use integrer::{integrate_asked, integrate_courante};
pub(crate) use journees::{AAppliquer, COLONNES_JOURNEE, JourApplique, fingerprint, process_journee, seal};
pub use journees::{
    EnvoiJournee, FichierJournee, JourneeRecue, JourneeVue, ListeJournees, RapportGarde, Reception,
    RejetGarde, ScelleVu, SuiviJournee, Travail, decide_journee, export_journee, list_journees,
    proces_verbal_journee, receive_journee, view_journee,
};
pub use liste::{
    CriteresFiches, LigneFiche, ListeFiches, MesFiches, PlaceCherchee, StatutCherche, count_a_traiter,
    count_mes_fiches, list_fiches, list_mes_fiches,
};
pub use rapprocher::{FormationVoisine, LigneRapprochement, Rapprochement, decide_rapprochement};
pub(crate) use rejets::COLONNES as COLONNES_REJETS;
pub use rejets::{FauteRejet, ListeRejets, RejetVu, export_rejets, list_rejets};

use domain::PublicId;
use domain::apprentissage::{Fiche, Perimetre, Statut};
use domain::droits::Cible;
pub use files::catalogue::{expected_names, extensions};
use store::apprentissage::{self as base, FicheEntiere};
use store::{Sql, StoreError};

use crate::erreur::AppError;
use crate::imports::perimetre_of;
use crate::sessions::SessionAdmission;

/// Lines of a page.
const PAR_PAGE: i64 = 50;

fn unreadable() -> AppError {
    StoreError::Unreadable("fiche_apprentissage").into()
}

fn read(contenu: &str) -> Result<Fiche, AppError> {
    serde_json::from_str(contenu).map_err(|_| unreadable())
}

fn statut(code: &str) -> Result<Statut, AppError> {
    Statut::from_code(code).ok_or_else(unreadable)
}

/// What a record is to the table of rights. One whose place nobody knows is out of reach of an academy.
fn cible(session: &SessionAdmission, f: &FicheEntiere) -> Cible {
    let academie = Some(f.academie.clone()).filter(|a| !a.is_empty());
    Cible { session: Some(session.id), academie, ..Cible::default() }
}

async fn load(c: &impl Sql, session: &SessionAdmission, id: &PublicId) -> Result<FicheEntiere, AppError> {
    base::fiche(c, session.id, id.as_str()).await?.ok_or(AppError::NotFound)
}

async fn perimetre(c: &impl Sql, session: &SessionAdmission) -> Result<Perimetre, AppError> {
    perimetre_of(session.annee, &base::perimetre(c, session.id).await?)
}

/// The identifier of the record that has the course of its group: itself, or the one that it repeats.
fn gardee(f: &FicheEntiere) -> &str {
    f.doublon_de.as_deref().unwrap_or(&f.identifiant)
}
