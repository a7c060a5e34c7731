//! What anybody reads: the published offer, the register of the runs.

mod carte;
mod fiche;
mod offre;
mod recherche;
mod seances;
mod transparence;

use domain::droits::Action;

use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    let offre = Acces::Action(Action::ConsulterOffre);
    Table::new()
        .get("/formations", offre, recherche::get_recherche)
        .get("/formations/donnees", offre, offre::get_donnees)
        .get("/formations/donnees/export", offre, offre::get_export)
        .get("/formations/{id}", offre, fiche::get_fiche)
        .get("/carte", Acces::Public, carte::get_carte)
        .get("/seances", Acces::Public, seances::get_seances)
        .get("/seances/inscription", Acces::Public, seances::get_inscription)
        .post("/seances/inscription", Acces::Public, seances::post_inscription)
        .get("/seances/inscription/{jeton}", Acces::Public, seances::get_lien)
        .post("/seances/inscription/{jeton}", Acces::Public, seances::post_lien)
        .get("/seances/inscription/{jeton}/agenda", Acces::Public, seances::get_agenda)
        .post("/seances/inscription/{jeton}/desister", Acces::Public, seances::post_desistement)
        .get("/transparence", Acces::Public, transparence::get_courante)
        .get("/transparence/{annee}", Acces::Public, transparence::get_transparence)
        .get("/transparence/{annee}/registre", Acces::Public, transparence::get_registre)
        .get("/transparence/{annee}/derniers-appeles", Acces::Public, transparence::get_derniers_appeles)
        .get("/transparence/{annee}/groupes", Acces::Public, transparence::get_groupes)
        .get("/transparence/{annee}/tete", Acces::Public, transparence::get_tete)
        .get("/transparence/{annee}/verifier", Acces::Public, transparence::get_verifier)
        .post("/transparence/{annee}/verifier", Acces::Public, transparence::post_verifier)
}
