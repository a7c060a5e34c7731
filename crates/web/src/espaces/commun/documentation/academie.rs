//! The guide of the academic service, in the order of its work: its text is in `templates/documentation/academie`, its tables are
//! those of the rights and of the requests.

use app::AppError;
use app::limites::Limites;
use app::messages::{self, capitale};
use askama::Template;
use domain::calendrier::Etape;
use domain::comptes::Role;
use domain::droits::{Action, TABLE};
use domain::formations::demandes::NatureDemande;

use super::guide::{Couverture, Guide};
use super::noms::Noms;
use crate::components::demandes::effet;
use crate::components::{Cellule, Colonne, GUIDE_ACADEMIE, Tableau};

/// Whose dates the guide shows.
pub(super) const ETAPES: [Etape; 3] = [Etape::Parametrage, Etape::CapacitesFrais, Etape::Taux];

const COUVERTURE: Couverture = Couverture {
    adresse: GUIDE_ACADEMIE,
    titre: "Guide du service académique",
    nom: "le guide du service académique",
    objet: "Suivre les établissements d’une académie, les relancer, leur répondre, contrôler leurs formations, les informer.",
    lecteurs: "Pour les agents des services académiques et régionaux de l’orientation : savoir ce qui attend, relancer, contrôler, \
               répondre aux demandes, publier, inviter. Il se lit sans être connecté.",
};

/// The text. Its methods say what the pages, the rights and the limits say.
#[derive(Template)]
#[template(path = "documentation/academie/guide.html")]
struct Texte<'a> {
    l: &'a Limites,
    annee: Option<i64>,
}

impl Noms for Texte<'_> {}

impl Texte<'_> {
    /// Where a page is in the open session; what it begins with when none is open.
    fn ici(&self, espace: &str, suite: &str) -> String {
        self.annee.map_or_else(|| espace.to_owned(), |annee| format!("{espace}/{annee}{suite}"))
    }

    fn ecran(&self, suite: &str) -> String {
        self.ici("/academie", suite)
    }

    fn informations(&self, suite: &str) -> String {
        self.ici("/informations", suite)
    }

    fn seances(&self, suite: &str) -> String {
        self.ici("/mes-seances", suite)
    }

    /// R-DRO-01 for the academic service, as a table: what, and during which step.
    fn droits(&self) -> Tableau {
        let mut actes: Vec<(&str, Action)> = Vec::new();
        for action in TABLE.iter().filter(|r| r.role == Role::Academie).flat_map(|r| r.actions) {
            let nom = messages::action(*action);
            // The same of a course and of the establishment is said once.
            if !actes.iter().any(|(dit, _)| *dit == nom) {
                actes.push((nom, *action));
            }
        }
        let quand = |action: Action| match action.etapes() {
            [] => "Toute la session".to_owned(),
            etapes => etapes.iter().map(|e| e.libelle()).collect::<Vec<_>>().join(" ou "),
        };
        let colonnes = vec![Colonne::longue("Acte"), Colonne::new("Quand")];
        Tableau::new("Ce que peut un agent du service académique", colonnes).lignes(
            actes
                .into_iter()
                .map(|(nom, action)| vec![Cellule::texte(capitale(nom)), Cellule::texte(quand(action))]),
        )
    }

    /// What each request does once it is accepted, as its page says it.
    fn demandes(&self) -> Tableau {
        let colonnes = vec![Colonne::new("Demande"), Colonne::longue("Si elle est acceptée")];
        Tableau::new("Ce que fait chaque demande", colonnes).lignes(
            NatureDemande::ALL.iter().map(|n| vec![Cellule::texte(n.libelle()), Cellule::texte(effet(*n))]),
        )
    }
}

/// The guide, with the limits in force; its links lead to the session of that year.
///
/// # Errors
/// [`AppError::Internal`] when its template does not render.
pub fn guide_academie(limites: &Limites, annee: Option<i64>) -> Result<Guide, AppError> {
    let texte = Texte { l: limites, annee }.render().map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(Guide::new(COUVERTURE, &texte))
}
