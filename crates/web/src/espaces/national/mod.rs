//! The national team: dashboard, computations, publication by a second person.

mod calculer;
mod calculs;
mod calendrier;
mod decider;
mod demandes;
mod donnees;
mod passages;
mod retenues;
mod retraits;
mod securite;
mod tableau;

use app::admission::Passage;
use app::{AppError, messages};
use domain::PublicId;
use domain::admission::{EtatPassage, Nature};
use domain::droits::Action;

use crate::components::{Alerte, Badge, Ton};
use crate::layout::Lien;
use crate::socle::{Acces, Table};

pub fn routes() -> Table {
    let lire = Acces::Action(Action::ConsulterPassages);
    let calculer = Acces::Action(Action::CalculerPassage);
    let publier = Acces::Action(Action::PublierPassage);
    let reglages = Acces::Action(Action::GererSession);
    let accorder = Acces::Action(Action::AccorderDerogation);
    Table::new()
        .get("/national/{annee}/demandes", accorder, demandes::get_demandes)
        .get("/national/{annee}/demandes/{id}", accorder, demandes::get_demande)
        .post("/national/{annee}/demandes/{id}", accorder, demandes::post_demande)
        .get("/national/{annee}/calendrier", reglages, calendrier::get_calendrier)
        .post("/national/{annee}/calendrier", reglages, calendrier::post_calendrier)
        .get("/national/{annee}/calendrier/{id}", reglages, calendrier::get_proposition)
        .post("/national/{annee}/calendrier/{id}", reglages, calendrier::post_proposition)
        .get("/national/{annee}/donnees", reglages, donnees::get_donnees)
        .post("/national/{annee}/donnees", reglages, donnees::post_donnees)
        .get("/national", lire, tableau::get_accueil)
        .get("/national/archives", lire, tableau::get_archives)
        .get("/national/securite", reglages, securite::get)
        .post("/national/securite", reglages, securite::post)
        .get("/national/{annee}", lire, tableau::get_tableau)
        .get("/national/{annee}/ordre-appel", calculer, calculer::get_ordre)
        .post("/national/{annee}/ordre-appel", calculer, calculer::post_ordre)
        .get("/national/{annee}/propositions", calculer, calculer::get_propositions)
        .post("/national/{annee}/propositions", calculer, calculer::post_propositions)
        .get("/national/{annee}/calculs/{id}", calculer, calculs::get_calcul)
        .get("/national/{annee}/passages", lire, passages::get_liste)
        .get("/national/{annee}/passages/{id}", lire, passages::get_passage)
        .get("/national/{annee}/retenue", calculer, retenues::get)
        .post("/national/{annee}/retenue", calculer, retenues::post)
        .get("/national/{annee}/retrait", calculer, retraits::get)
        .post("/national/{annee}/retrait", calculer, retraits::post)
        .get("/national/{annee}/programmation", publier, decider::get_programmation)
        .post("/national/{annee}/programmation", publier, decider::post_programmation)
        .get("/national/{annee}/passages/{id}/publier", publier, decider::get_publier)
        .post("/national/{annee}/passages/{id}/publier", publier, decider::post_publier)
        .get("/national/{annee}/passages/{id}/abandonner", calculer, decider::get_abandonner)
        .post("/national/{annee}/passages/{id}/abandonner", calculer, decider::post_abandonner)
}

/// Year of an address; anything else does not exist.
fn lit_annee(annee: &str) -> Result<i64, AppError> {
    annee.parse().map_err(|_| AppError::NotFound)
}

fn lit_chemin((annee, id): &(String, String)) -> Result<(i64, String), AppError> {
    let id = PublicId::parse(id).ok_or(AppError::NotFound)?;
    Ok((lit_annee(annee)?, id.as_str().to_owned()))
}

fn adresse(annee: i64, p: &Passage) -> String {
    format!("/national/{annee}/passages/{}", p.public_id)
}

/// The way to a page about a run.
fn ariane(annee: i64, p: &Passage) -> Vec<Lien> {
    vec![
        Lien::new("Équipe nationale", format_args!("/national/{annee}")),
        Lien::new("Passages", format_args!("/national/{annee}/passages")),
        Lien::new(nom(p), adresse(annee, p)),
    ]
}

/// What is computed, in a title.
fn titre_calcul(nature: Nature) -> &'static str {
    match nature {
        Nature::OrdreAppel => "Calculer les ordres d’appel",
        Nature::Propositions => "Calculer les propositions du jour",
        Nature::Retrait => "Calculer le retrait",
    }
}

fn nom(p: &Passage) -> String {
    messages::passage(p.nature, p.jour)
}

fn badge(p: &Passage) -> Badge {
    if p.bilan.inacheve {
        return Badge::new(Ton::Neutre, "Inachevé");
    }
    let ton = match p.etat {
        EtatPassage::Calcule => Ton::Attention,
        EtatPassage::Publie => Ton::Succes,
        EtatPassage::Abandonne => Ton::Neutre,
    };
    Badge::new(ton, p.etat.libelle())
}

/// Where the agreement to publish a run at the hour of the calendar stands (R-ADM-40).
fn programmation(p: &Passage) -> Option<Alerte> {
    let g = p.programmation.as_ref()?;
    Some(if g.a_agir { Alerte::attention(&g.texte) } else { Alerte::info(&g.texte) })
}

/// Who acted: a person, or a command of the platform.
fn qui(personne: &str) -> &str {
    if personne.is_empty() { "la plateforme" } else { personne }
}
