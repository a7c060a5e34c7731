//! `/comptes`: the accounts that a person looks after. The same pages for an establishment, an academic service and the
//! national team: the perimeter decides what they show.

mod derogations;
mod fiche;
mod inviter;
mod liste;
mod responsables;
mod securite;

pub(super) use liste::role as libelle_role;

use app::AppError;
use domain::PublicId;
use domain::droits::Action;

use crate::layout::Lien;
use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    let consulter = Acces::Action(Action::ConsulterComptes);
    let inviter = Acces::Action(Action::InviterComptes);
    let gerer = Acces::Action(Action::GererComptes);
    let securiser = Acces::Action(Action::SecuriserEtablissement);
    let deroger = Acces::Action(Action::DerogerAdresse);
    Table::new()
        .get("/comptes", consulter, liste::get_liste)
        .get("/comptes/inviter", inviter, inviter::get_inviter)
        .post("/comptes/inviter", inviter, inviter::post_inviter)
        .post("/comptes/inviter/derogation", inviter, inviter::post_derogation)
        .get("/comptes/invitations/{id}", inviter, inviter::get_invitation)
        .post("/comptes/invitations/{id}/renvoyer", inviter, inviter::post_renvoyer)
        .post("/comptes/invitations/{id}/annuler", inviter, inviter::post_annuler)
        .get("/comptes/derogations", deroger, derogations::get_liste)
        .get("/comptes/derogations/{id}", deroger, derogations::get_decider)
        .post("/comptes/derogations/{id}", deroger, derogations::post_decider)
        .get("/comptes/responsables", consulter, responsables::get_liste)
        .get("/comptes/responsables/export", consulter, responsables::get_export)
        .get("/comptes/securite", securiser, securite::get_choix)
        .get("/comptes/securite/{uai}", securiser, securite::get_securite)
        .post("/comptes/securite/{uai}", securiser, securite::post_securite)
        .get("/comptes/{id}", consulter, fiche::get_fiche)
        .get("/comptes/{id}/{acte}", gerer, fiche::get_acte)
        .post("/comptes/{id}/{acte}", gerer, fiche::post_acte)
}

fn lit_id(id: &str) -> Result<PublicId, AppError> {
    PublicId::parse(id).ok_or(AppError::NotFound)
}

fn ariane() -> Vec<Lien> {
    vec![Lien::new("Comptes", "/comptes")]
}
