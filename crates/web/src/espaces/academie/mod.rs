//! The academic service: review, requests and rates of the courses of its academies, completeness of its establishments.

mod apprentissage;
mod capacites;
mod completude;
mod controle;
mod controles;
mod demandes;
mod inchangees;
mod liste;
mod manquants;
mod relance;
mod relances;
mod taux;

pub(in crate::espaces) use apprentissage::badge as badge_fiche;

use app::AppError;
use domain::droits::Action;

use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    let fixer = Acces::Action(Action::FixerTaux);
    let suivre = Acces::Action(Action::SuivreParametrage);
    let relancer = Acces::Action(Action::RelancerEtablissements);
    let repondre = Acces::Action(Action::DeciderDemande);
    let controler = Acces::Action(Action::ControlerFormation);
    Table::new()
        .avec(apprentissage::routes())
        .get("/academie/{annee}/completude", suivre, completude::get_completude)
        .get("/academie/{annee}/completude/export", suivre, completude::get_export)
        .get("/academie/{annee}/completude/relance", relancer, relance::get_relance)
        .post("/academie/{annee}/completude/relance", relancer, relance::post_relance)
        .get("/academie/{annee}/completude/formations/export", suivre, completude::get_export_formations)
        .get("/academie/{annee}/completude/relances", relancer, relances::get_relances)
        .get("/academie/{annee}/completude/relances/nouvelle", relancer, relances::get_nouvelle)
        .post("/academie/{annee}/completude/relances/nouvelle", relancer, relances::post_nouvelle)
        .get("/academie/{annee}/completude/relances/{id}", relancer, relances::get_relance)
        .post("/academie/{annee}/completude/relances/{id}", relancer, relances::post_relance)
        .get("/academie/{annee}/capacites", suivre, capacites::get_capacites)
        .get("/academie/{annee}/capacites/export", suivre, capacites::get_export)
        .get("/academie/{annee}/controles", suivre, controles::get_controles)
        .post("/academie/{annee}/controles", controler, controles::post_controles)
        .get("/academie/{annee}/controles/inchangees", controler, inchangees::get_inchangees)
        .post("/academie/{annee}/controles/inchangees", controler, inchangees::post_inchangees)
        .get("/academie/{annee}/controles/{id}", controler, controle::get_controle)
        .post("/academie/{annee}/controles/{id}", controler, controle::post_controle)
        .get("/academie/{annee}/controles/{id}/retour", controler, controle::get_retour)
        .post("/academie/{annee}/controles/{id}/retour", controler, controle::post_retour)
        .get("/academie/{annee}/demandes", repondre, demandes::get_demandes)
        .get("/academie/{annee}/demandes/export", repondre, demandes::get_export)
        .get("/academie/{annee}/demandes/{id}", repondre, demandes::get_demande)
        .post("/academie/{annee}/demandes/{id}", repondre, demandes::post_demande)
        .get("/academie", fixer, liste::get_accueil)
        .get("/academie/archives", fixer, liste::get_archives)
        .get("/academie/{annee}", fixer, liste::get_liste)
        .get("/academie/{annee}/taux", fixer, manquants::get_manquants)
        .post("/academie/{annee}/taux", fixer, manquants::post_manquants)
        .get("/academie/{annee}/taux/{id}", fixer, taux::get_taux)
        .post("/academie/{annee}/taux/{id}", fixer, taux::post_taux)
}

/// Year of an address; anything else does not exist.
fn lit_annee(annee: &str) -> Result<i64, AppError> {
    annee.parse().map_err(|_| AppError::NotFound)
}

/// « 12 % », or a dash.
fn pourcent(taux: Option<i64>) -> String {
    taux.map_or_else(|| "–".to_owned(), |t| format!("{t}\u{a0}%"))
}
