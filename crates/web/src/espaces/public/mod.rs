//! What anybody reads: the published offer.

mod carte;
mod fiche;
mod recherche;

use domain::droits::Action;

use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    let offre = Acces::Action(Action::ConsulterOffre);
    Table::new()
        .get("/formations", offre, recherche::get_recherche)
        .get("/formations/{id}", offre, fiche::get_fiche)
        .get("/carte", Acces::Public, carte::get_carte)
}
