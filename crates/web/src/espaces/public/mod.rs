//! What anybody reads: the published offer, the register of the runs.

mod carte;
mod fiche;
mod recherche;
mod transparence;

use domain::droits::Action;

use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    let offre = Acces::Action(Action::ConsulterOffre);
    Table::new()
        .get("/formations", offre, recherche::get_recherche)
        .get("/formations/{id}", offre, fiche::get_fiche)
        .get("/carte", Acces::Public, carte::get_carte)
        .get("/transparence", Acces::Public, transparence::get_courante)
        .get("/transparence/{annee}", Acces::Public, transparence::get_transparence)
        .get("/transparence/{annee}/registre", Acces::Public, transparence::get_registre)
        .get("/transparence/{annee}/derniers-appeles", Acces::Public, transparence::get_derniers_appeles)
        .get("/transparence/{annee}/tete", Acces::Public, transparence::get_tete)
        .get("/transparence/{annee}/verifier", Acces::Public, transparence::get_verifier)
        .post("/transparence/{annee}/verifier", Acces::Public, transparence::post_verifier)
}
