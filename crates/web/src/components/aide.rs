//! The way from a page to what the guide says of it.

use askama::Template;
use domain::etablissements::Partie;
use domain::formations::description::Rubrique;

/// Where the guide to settings is.
pub const GUIDE_PARAMETRAGE: &str = "/documentation/parametrage";

/// Where developers read how programs call the platform.
pub const GUIDE_INTERFACES: &str = "/documentation/interfaces";
/// Where programs call it.
pub const INTERFACE: &str = "/api/v1";

/// A link to a section of the guide to settings, in another tab: what is being typed stays. A test compares the sections.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<p><a class="fr-link fr-link--sm" href="{{ GUIDE_PARAMETRAGE }}#{{ ancre }}" target="_blank" rel="noopener">Aide : {{ sujet }} (nouvel onglet)</a></p>
{%- if !documents.is_empty() %}
<ul class="aide__documents">{% for (titre, url) in documents %}<li><a class="fr-link fr-link--sm" href="{{ url }}" download>{{ titre }} (PDF)</a></li>{% endfor %}</ul>
{%- endif %}"#
)]
pub struct Aide {
    ancre: String,
    sujet: &'static str,
    /// Notes and guides of the theme: title, address.
    documents: Vec<(String, String)>,
}
composant!(Aide);

impl Aide {
    pub fn new(ancre: &str, sujet: &'static str) -> Self {
        Self { ancre: ancre.to_owned(), sujet, documents: Vec::new() }
    }

    /// Of a part of an establishment.
    pub fn partie(partie: Partie) -> Self {
        Self {
            ancre: format!("etablissement-{}", partie.code()),
            sujet: partie.libelle(),
            documents: Vec::new(),
        }
    }

    /// Of a part of a course.
    pub fn rubrique(rubrique: Rubrique) -> Self {
        Self {
            ancre: format!("formation-{}", rubrique.code()),
            sujet: rubrique.libelle(),
            documents: Vec::new(),
        }
    }

    /// The same, with the documents of reference on this theme.
    #[must_use]
    pub fn avec(mut self, documents: Vec<(String, String)>) -> Self {
        self.documents = documents;
        self
    }

    /// The section that it leads to.
    pub fn ancre(&self) -> &str {
        &self.ancre
    }
}
