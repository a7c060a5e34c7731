//! What everybody uses: home, signing in, registration, forgotten password, information pages.

mod accueil;
mod alarmes;
mod compte;
mod comptes;
mod conformite;
mod connexion;
mod informations;
mod inscription;
mod invitation;
mod journal;
mod moi;
mod mot_de_passe;
mod recepisse;

use domain::droits::Action;

use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    Table::new()
        .get("/", Acces::Public, accueil::page)
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
        .post("/deconnexion", Acces::Public, compte::deconnexion)
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
        .get("/recepisse", Acces::Public, recepisse::page)
        .get("/apparence", Acces::Public, informations::apparence)
        .post("/apparence", Acces::Public, informations::envoi_apparence)
        .get("/accessibilite", Acces::Public, informations::accessibilite)
        .get("/mentions-legales", Acces::Public, informations::mentions)
        .get("/plan-du-site", Acces::Public, informations::plan)
        .get("/aide", Acces::Public, informations::aide)
}
