//! The candidate's space: home, record, wishes, propositions, receipts.

mod acces;
mod accueil;
mod actes;
mod ajouter;
mod dossier;
mod explication;
mod ordre;
mod propositions;
mod qui;
mod recepisses;
mod recu;
mod voeux;

use app::AppError;
use app::candidatures::{MesVoeux, VoeuVue, mes_voeux};
use axum::http::StatusCode;
use domain::PublicId;
use domain::candidatures::EtatVoeu;
use domain::droits::Action;

use crate::components::{Badge, Etiquette, Formulaire, Markup, Ton};
use crate::layout::{Lien, Page};
use crate::socle::{Acces, Erreur, Requete, Table, refuse};

pub fn routes() -> Table {
    let lire = Acces::Action(Action::ConsulterDossier);
    let formuler = Acces::Action(Action::FormulerVoeu);
    let confirmer = Acces::Action(Action::ConfirmerVoeu);
    let repondre = Acces::Action(Action::RepondreProposition);
    let ordonner = Acces::Action(Action::OrdonnerVoeux);
    let repondeur = Acces::Action(Action::ReglerRepondeur);
    Table::new()
        .get("/candidat", lire, accueil::get_accueil)
        .get("/candidat/dossier", lire, dossier::get_dossier)
        .post("/candidat/dossier", Acces::Action(Action::ModifierDossier), dossier::post_dossier)
        .get("/candidat/acces", lire, acces::get_acces)
        .get("/candidat/acces/qui", lire, qui::get_qui)
        .get("/candidat/voeux", lire, voeux::get_voeux)
        .get("/candidat/voeux/ajouter", formuler, ajouter::get_ajouter)
        .post("/candidat/voeux/ajouter", formuler, ajouter::post_ajouter)
        .post("/candidat/voeux/maintenir", repondre, actes::post_maintenir)
        .get("/candidat/voeux/ordre", ordonner, ordre::get_ordre)
        .post("/candidat/voeux/ordre", ordonner, ordre::post_ordre)
        .get("/candidat/voeux/repondeur", repondeur, ordre::get_repondeur)
        .post("/candidat/voeux/repondeur/activer", repondeur, ordre::post_activer)
        .post("/candidat/voeux/repondeur/desactiver", repondeur, ordre::post_desactiver)
        .get("/candidat/voeux/{id}/confirmer", confirmer, actes::get_confirmer)
        .post("/candidat/voeux/{id}/confirmer", confirmer, actes::post_confirmer)
        .get("/candidat/voeux/{id}/retirer", formuler, actes::get_retirer)
        .post("/candidat/voeux/{id}/retirer", formuler, actes::post_retirer)
        .get("/candidat/voeux/{id}/renoncer", repondre, propositions::get_renoncer)
        .post("/candidat/voeux/{id}/renoncer", repondre, propositions::post_renoncer)
        .get("/candidat/voeux/{id}/recu", lire, recu::get_recu)
        .get("/candidat/voeux/{id}/explication", lire, explication::get_explication)
        .post("/candidat/voeux/{id}/explication", lire, explication::post_explication)
        .get("/candidat/propositions/{id}", lire, propositions::get_proposition)
        .get("/candidat/propositions/{id}/repondre", repondre, propositions::get_repondre)
        .post("/candidat/propositions/{id}/repondre", repondre, propositions::post_repondre)
        .get("/candidat/recepisses", lire, recepisses::get_recepisses)
        .get("/candidat/recepisses/{numero}", lire, recepisses::get_recepisse)
}

/// A page of the space, with the way back to it.
fn page(requete: &Requete, titre: &str, annee: i64, etapes: Vec<Lien>) -> Page {
    let mut chemin = vec![Lien::new("Mon espace candidat", "/candidat")];
    chemin.extend(etapes);
    requete.page(titre).session(format_args!("Session {annee}")).ariane(chemin)
}

fn lien_voeux() -> Lien {
    Lien::new("Mes vœux", "/candidat/voeux")
}

/// The person's wishes and the one of the address.
async fn voeu(requete: &Requete, id: &str) -> Result<(MesVoeux, VoeuVue), AppError> {
    let id = PublicId::parse(id).ok_or(AppError::NotFound)?;
    let m = mes_voeux(&requete.ctx).await?;
    let v = m.voeux.iter().find(|v| v.public_id == id.as_str()).cloned().ok_or(AppError::NotFound)?;
    Ok((m, v))
}

/// Notes on its form why an act on a wish was refused. A wish that has changed meanwhile is shown as it is now, with a form
/// of its own: the act, if it still stands, is decided anew (TRX-4).
fn refuse_acte(
    requete: &Requete,
    mut form: Formulaire,
    e: AppError,
) -> Result<(StatusCode, Formulaire), Erreur> {
    if matches!(e, AppError::Conflict) {
        let mut form = requete.formulaire();
        form.refuse_tout(
            "Ce vœu a changé depuis que vous avez ouvert la page, et rien n’a été enregistré. Voici où il en est.",
        );
        return Ok((StatusCode::CONFLICT, form));
    }
    refuse(&mut form, e)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, form))
}

/// « Lycée Ampère – Lyon ».
fn lieu(v: &VoeuVue) -> String {
    if v.etablissement.is_empty() {
        v.commune.clone()
    } else {
        format!("{} – {}", v.etablissement, v.commune)
    }
}

/// State and particulars of a wish in a few words.
fn badges(v: &VoeuVue) -> Markup {
    let mut badges = Markup::new(Badge::new(ton(v.etat), v.etat.libelle()));
    if v.avec_internat {
        badges = badges.et(Etiquette::new("Avec internat"));
    }
    if v.apprentissage {
        badges = badges.et(Etiquette::new("Apprentissage"));
    }
    if v.suspendue {
        badges = badges.et(Badge::new(Ton::Attention, "Formation suspendue"));
    }
    badges
}

const fn ton(etat: EtatVoeu) -> Ton {
    match etat {
        EtatVoeu::Saisi => Ton::Attention,
        EtatVoeu::Confirme | EtatVoeu::Classe | EtatVoeu::EnAttente => Ton::Info,
        EtatVoeu::Propose | EtatVoeu::Accepte => Ton::Succes,
        EtatVoeu::Expire | EtatVoeu::SupprimeNonOrdonne => Ton::Erreur,
        _ => Ton::Neutre,
    }
}
