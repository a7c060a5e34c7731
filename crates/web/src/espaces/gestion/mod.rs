//! The site de gestion of establishments. Every address carries its session.

mod classements;
mod delegations;
mod etablissement;
mod formation;
mod formations;
mod publier;
mod relecture;
mod saisie;

use domain::droits::Action;

use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    let consulter = Acces::Action(Action::ConsulterParametrage);
    Table::new()
        .avec(classements::routes())
        .avec(delegations::routes())
        .avec(etablissement::routes())
        .get("/gestion", consulter, formations::get_accueil)
        .get("/gestion/{annee}", consulter, formations::get_formations)
        .get("/gestion/{annee}/formations/{id}", consulter, formation::get_formation)
        .post(
            "/gestion/{annee}/formations/{id}",
            Acces::Action(Action::ModifierCapacites),
            formation::post_formation,
        )
        .get(
            "/gestion/{annee}/formations/{id}/relecture",
            Acces::Action(Action::ConsulterCapacites),
            relecture::get_relecture,
        )
        .post(
            "/gestion/{annee}/formations/{id}/relecture",
            Acces::Action(Action::ModifierCapacites),
            relecture::post_motif,
        )
        .post(
            "/gestion/{annee}/formations/{id}/relecture/confirmer",
            Acces::Action(Action::ConfirmerCapacite),
            relecture::post_confirmation,
        )
        .get(
            "/gestion/{annee}/formations/{id}/publier",
            Acces::Action(Action::PublierFormation),
            publier::get_publier,
        )
        .post(
            "/gestion/{annee}/formations/{id}/publier",
            Acces::Action(Action::PublierFormation),
            publier::post_publier,
        )
}
