//! The guide to apprenticeship, for the academic service then for the establishment: its text is in
//! `templates/documentation/apprentissage`, its tables are those of the statuses and of the findings.

use app::AppError;
use app::messages::capitale;
use askama::Template;
use domain::apprentissage::{Constat, Statut};
use domain::calendrier::Etape;

use super::guide::{Couverture, Guide};
use super::noms::Noms;
use crate::components::{Cellule, Colonne, GUIDE_APPRENTISSAGE, Tableau};

/// Whose dates the guide shows.
pub(super) const ETAPES: [Etape; 3] = [Etape::Parametrage, Etape::CapacitesFrais, Etape::Consultation];

const COUVERTURE: Couverture = Couverture {
    adresse: GUIDE_APPRENTISSAGE,
    titre: "Guide de l’apprentissage",
    nom: "le guide de l’apprentissage",
    objet: "Du catalogue national aux candidats : vérifier les fiches, compléter les formations qui en viennent.",
    lecteurs: "Pour les agents des services académiques, et pour les établissements et les CFA dont une formation vient du catalogue \
               national. Il se lit sans être connecté.",
};

/// The text. Its methods say what the pages and the rules say.
#[derive(Template)]
#[template(path = "documentation/apprentissage/guide.html")]
struct Texte {
    annee: Option<i64>,
}

impl Noms for Texte {}

impl Texte {
    /// Where a page of the records is in the open session; the academic service itself when none is open.
    fn academie(&self, suite: &str) -> String {
        self.annee
            .map_or_else(|| "/academie".to_owned(), |annee| format!("/academie/{annee}/apprentissage{suite}"))
    }

    /// The same of the site de gestion.
    fn gestion(&self, suite: &str) -> String {
        self.annee.map_or_else(|| "/gestion".to_owned(), |annee| format!("/gestion/{annee}{suite}"))
    }

    /// R-APP-04, as a table.
    fn statuts(&self) -> Tableau {
        let colonnes = vec![Colonne::new("Statut"), Colonne::longue("Ce qu’il veut dire")];
        Tableau::new("Les statuts d’une fiche", colonnes).legende_cachee().lignes(
            Statut::ALL.iter().map(|s| vec![Cellule::texte(capitale(s.libelle())), Cellule::texte(sens(*s))]),
        )
    }

    /// R-APP-07, as a table.
    fn constats(&self) -> Tableau {
        let colonnes =
            vec![Colonne::new("Constat"), Colonne::longue("Ce qu’il y a à faire"), Colonne::new("Bloque")];
        Tableau::new("Les constats d’une fiche", colonnes).lignes(Constat::ALL.iter().map(|c| {
            let bloque = if c.is_bloquant() { "Oui" } else { "Non" };
            vec![Cellule::texte(c.libelle()), Cellule::texte(c.a_faire()), Cellule::texte(bloque)]
        }))
    }
}

/// What a status says, and who has it in hand.
const fn sens(statut: Statut) -> &'static str {
    match statut {
        Statut::NonPubliable => {
            "La session ne l’admet pas, ou une autre fiche décrit la même formation : le motif le dit."
        }
        Statut::APublier => "La session l’admet. Le service académique la vérifie.",
        Statut::AVerifierAcces => {
            "Le service académique vérifie d’abord que l’on y entre juste après le baccalauréat."
        }
        Statut::AValiderRecteur => "Le service académique attend l’accord du recteur.",
        Statut::SousHabilitation => {
            "Le service académique vérifie d’abord l’habilitation de l’organisme à préparer ce diplôme."
        }
        Statut::PretPourIntegration => {
            "Le service académique l’a acceptée. La plateforme en fait une formation, que l’établissement complète."
        }
        Statut::EnAttenteMiseAJour => {
            "Le service académique attend une correction, ou relit ce que le catalogue a changé d’une formation déjà créée."
        }
        Statut::Publie => "Les candidats lisent sa formation.",
        Statut::NonPublie => "Le service académique l’a refusée : le motif le dit.",
        Statut::Rejete => {
            "La plateforme n’a pas pu l’intégrer : ses constats disent ce qui manque. Le service académique la reprend."
        }
        Statut::Ferme => "Elle a quitté le catalogue, ou le service académique l’a fermée : le motif le dit.",
    }
}

/// The guide; its links lead to the session of that year.
///
/// # Errors
/// [`AppError::Internal`] when its template does not render.
pub fn guide_apprentissage(annee: Option<i64>) -> Result<Guide, AppError> {
    let texte = Texte { annee }.render().map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(Guide::new(COUVERTURE, &texte))
}
