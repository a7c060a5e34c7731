//! What everybody uses: home, signing in, registration, forgotten password, information pages.

mod accueil;
mod actualites;
mod agenda;
mod alarmes;
mod assistance;
mod brouillons;
mod calendrier;
mod charte;
mod compte;
mod comptes;
mod conformite;
mod connexion;
pub mod documentation;
mod donnees;
mod informations;
mod inscription;
mod invitation;
mod journal;
mod moi;
mod mot_de_passe;
mod recepisse;
pub(super) mod references;
mod seances;
mod securite;

use domain::droits::Action;

use crate::components::{GUIDE_ACADEMIE, GUIDE_APPRENTISSAGE, GUIDE_INTERFACES};
use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    let lire = Acces::Action(Action::ConsulterInformations);
    let publier = Acces::Action(Action::PublierInformation);
    let accepter = Acces::Action(Action::AccepterCharte);
    let rediger = Acces::Action(Action::PublierCharte);
    Table::new()
        .get("/", Acces::Public, accueil::page)
        .get("/informations/{annee}/donnees", lire, donnees::get_donnees)
        .get("/informations/{annee}/donnees/document", lire, donnees::get_document)
        .get("/informations/{annee}/documents", lire, references::get_liste)
        .get("/informations/{annee}/documents/{id}", lire, references::get_document)
        .get("/informations/{annee}/publication/documents", publier, references::get_depots)
        .get("/informations/{annee}/publication/documents/nouveau", publier, references::get_nouveau)
        .post("/informations/{annee}/publication/documents/nouveau", publier, references::post_nouveau)
        .get("/informations/{annee}/publication/documents/{id}", publier, references::get_depot)
        .post("/informations/{annee}/publication/documents/{id}", publier, references::post_depot)
        .post("/informations/{annee}/publication/documents/{id}/retirer", publier, references::post_retrait)
        .get("/connexion", Acces::Public, connexion::page)
        .post("/connexion", Acces::Public, connexion::envoi)
        .get("/connexion/verification", Acces::Public, connexion::page_verification)
        .post("/connexion/verification", Acces::Public, connexion::envoi_verification)
        .get("/connexion/enrolement", Acces::Public, compte::page_enrolement)
        .post("/connexion/enrolement", Acces::Public, compte::envoi_enrolement)
        .get("/connexion/conformite", Acces::Public, conformite::page)
        .post("/connexion/conformite", Acces::Public, conformite::envoi)
        .get("/compte", Acces::Compte, moi::page)
        .get("/compte/{quoi}", Acces::Compte, moi::get_changer)
        .post("/compte/{quoi}", Acces::Compte, moi::post_changer)
        .get("/compte/confirmer/{jeton}", Acces::Public, moi::get_adresse)
        .post("/compte/confirmer/{jeton}", Acces::Public, moi::post_adresse)
        .post("/compte/resume/arreter", Acces::Compte, moi::post_resume_arreter)
        .post("/compte/resume/reprendre", Acces::Compte, moi::post_resume_reprendre)
        .get("/resume/{jeton}", Acces::Public, moi::get_resume)
        .post("/resume/{jeton}", Acces::Public, moi::post_resume)
        .post("/connexion/code", Acces::Public, connexion::envoi_code)
        .post("/connexion/cle", Acces::Public, connexion::defi_cle)
        .post("/connexion/enrolement/cle", Acces::Public, compte::envoi_cle)
        .post("/connexion/enrolement/plus-tard", Acces::Public, compte::envoi_plus_tard)
        .post("/deconnexion", Acces::Public, compte::deconnexion)
        .get("/reprise/{id}", Acces::Compte, securite::reprise)
        .get("/brouillon", Acces::Compte, brouillons::page)
        .post("/brouillon", Acces::Compte, brouillons::garde)
        .post("/brouillon/effacer", Acces::Compte, brouillons::oubli)
        .get("/compte/agenda", Acces::Compte, agenda::page)
        .post("/compte/agenda", Acces::Compte, agenda::creation)
        .post("/compte/agenda/retirer", Acces::Compte, agenda::retrait)
        .get("/compte/agenda/fichier", Acces::Compte, agenda::fichier)
        .get("/agenda/{jeton}", Acces::Public, agenda::abonnement)
        .get("/compte/securite", Acces::Compte, securite::page)
        .post("/compte/securite/mobile", Acces::Compte, securite::envoi_mobile)
        .post("/compte/securite/mobile/code", Acces::Compte, securite::envoi_code_mobile)
        .post("/compte/securite/codes-secours", Acces::Compte, securite::envoi_codes)
        .get("/compte/securite/application", Acces::Compte, securite::page_application)
        .post("/compte/securite/application", Acces::Compte, securite::envoi_application)
        .post("/compte/securite/cle/defi", Acces::Public, compte::defi_ajout)
        .post("/compte/securite/cle", Acces::Compte, securite::envoi_cle)
        .post("/compte/securite/cle/{id}/retirer", Acces::Compte, securite::retrait_cle)
        .post("/compte/securite/sessions/{id}/fermer", Acces::Compte, securite::fermeture)
        .post("/compte/securite/sessions/fermer", Acces::Compte, securite::partout)
        .post("/compte/securite/navigateurs/oublier", Acces::Compte, securite::oubli)
        .post("/compte/prolonger", Acces::Compte, securite::prolonge)
        .get("/inscription", Acces::Public, inscription::page)
        .post("/inscription", Acces::Public, inscription::envoi)
        .get("/inscription/{jeton}", Acces::Public, inscription::page_dossier)
        .post("/inscription/{jeton}", Acces::Public, inscription::envoi_dossier)
        .get("/mot-de-passe-oublie", Acces::Public, mot_de_passe::page_oubli)
        .post("/mot-de-passe-oublie", Acces::Public, mot_de_passe::envoi_oubli)
        .get("/mot-de-passe/{jeton}", Acces::Public, mot_de_passe::page_choix)
        .post("/mot-de-passe/{jeton}", Acces::Public, mot_de_passe::envoi_choix)
        .get("/journal", Acces::Action(Action::ConsulterJournal), journal::get_journal)
        .get("/journal/export", Acces::Action(Action::ConsulterJournal), journal::get_export)
        .get("/journal/vus", Acces::Action(Action::ConsulterJournal), journal::get_vus)
        .get("/alarmes", Acces::Action(Action::ConsulterJournal), alarmes::get_alarmes)
        .post("/alarmes", Acces::Action(Action::ConsulterJournal), alarmes::post_alarmes)
        .get("/invitation/{jeton}", Acces::Public, invitation::page)
        .post("/invitation/{jeton}", Acces::Public, invitation::envoi)
        .avec(comptes::routes())
        .avec(actualites::routes())
        .avec(seances::routes())
        .avec(assistance::routes())
        .get("/informations/{annee}/calendrier", lire, calendrier::get_calendrier)
        .get("/informations/{annee}/calendrier/agenda", lire, calendrier::get_agenda)
        .get("/informations/{annee}/calendrier/document", lire, calendrier::get_document)
        .get("/informations/{annee}/charte", lire, charte::get_charte)
        .post("/informations/{annee}/charte", accepter, charte::post_charte)
        .get(
            "/informations/{annee}/charte/export",
            Acces::Action(Action::SuivreParametrage),
            charte::get_export,
        )
        .get("/informations/{annee}/charte/nouvelle", rediger, charte::get_nouvelle)
        .post("/informations/{annee}/charte/nouvelle", rediger, charte::post_nouvelle)
        .get("/recepisse", Acces::Public, recepisse::page)
        .get("/apparence", Acces::Public, informations::apparence)
        .post("/apparence", Acces::Public, informations::envoi_apparence)
        .get("/accessibilite", Acces::Public, informations::accessibilite)
        .get("/mentions-legales", Acces::Public, informations::mentions)
        .get("/plan-du-site", Acces::Public, informations::plan)
        .get("/aide", Acces::Public, informations::aide)
        .get("/documentation", Acces::Public, documentation::liste)
        .get("/documentation/comptes", Acces::Public, documentation::comptes)
        .get("/documentation/parametrage", Acces::Public, documentation::parametrage)
        .get(GUIDE_APPRENTISSAGE, Acces::Public, documentation::apprentissage)
        .get(GUIDE_ACADEMIE, Acces::Public, documentation::academie)
        .get(GUIDE_INTERFACES, Acces::Public, documentation::interfaces)
}
