//! The way from a page to what the guide says of it.

use askama::Template;
use domain::etablissements::Partie;
use domain::formations::description::Rubrique;

/// Where the guide to settings is.
pub const GUIDE_PARAMETRAGE: &str = "/documentation/parametrage";

/// A link to a section of the guide to settings, in another tab: what is being typed stays. A test compares the sections.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<p><a class="fr-link fr-link--sm" href="{{ GUIDE_PARAMETRAGE }}#{{ ancre }}" target="_blank" rel="noopener">Aide : {{ sujet }} (nouvel onglet)</a></p>"#
)]
pub struct Aide {
    ancre: String,
    sujet: &'static str,
}
composant!(Aide);

impl Aide {
    pub fn new(ancre: &str, sujet: &'static str) -> Self {
        Self { ancre: ancre.to_owned(), sujet }
    }

    /// Of a part of an establishment.
    pub fn partie(partie: Partie) -> Self {
        Self { ancre: format!("etablissement-{}", partie.code()), sujet: partie.libelle() }
    }

    /// Of a part of a course.
    pub fn rubrique(rubrique: Rubrique) -> Self {
        Self { ancre: format!("formation-{}", rubrique.code()), sujet: rubrique.libelle() }
    }

    /// The section that it leads to.
    pub fn ancre(&self) -> &str {
        &self.ancre
    }
}
