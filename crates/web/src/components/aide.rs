//! The way from a page to what the guide says of it, and to what the services deposited on its theme.

use app::AppError;
use app::references::list_on_screen;
use askama::Template;
use domain::etablissements::Partie;
use domain::formations::description::Rubrique;
use domain::references::Theme;

use super::reference;
use crate::socle::Requete;

/// Where the guide to accounts is.
pub const GUIDE_COMPTES: &str = "/documentation/comptes";

/// Where the guide to settings is.
pub const GUIDE_PARAMETRAGE: &str = "/documentation/parametrage";

/// Where the guide of the academic service is.
pub const GUIDE_ACADEMIE: &str = "/documentation/academie";

/// Where the guide to the courses of the catalogue of apprenticeship is.
pub const GUIDE_APPRENTISSAGE: &str = "/documentation/apprentissage";

/// Where developers read how programs call the platform.
pub const GUIDE_INTERFACES: &str = "/documentation/interfaces";
/// Where programs call it.
pub const INTERFACE: &str = "/api/v1";

/// A section of a guide.
#[derive(Clone, Debug)]
struct SectionGuide {
    guide: &'static str,
    ancre: String,
    sujet: &'static str,
}

/// A link to a section of a guide, in another tab: what is being typed stays. A test compares the sections.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"{%- if let Some(s) = section %}<p><a class="fr-link fr-link--sm" href="{{ s.guide }}#{{ s.ancre }}" target="_blank" rel="noopener">Aide : {{ s.sujet }} (nouvel onglet)</a></p>{% endif %}
{%- if !documents.is_empty() %}
{%- if section.is_none() %}<p class="fr-hint-text fr-mb-1w">Documents de référence :</p>{% endif %}
<ul class="aide__documents">{% for (titre, url) in documents %}<li><a class="fr-link fr-link--sm" href="{{ url }}" download>{{ titre }} (PDF)</a></li>{% endfor %}</ul>
{%- endif %}"#
)]
pub struct Aide {
    /// Absent where no guide speaks of the page.
    section: Option<SectionGuide>,
    /// Notes and guides of the theme: title, address.
    documents: Vec<(String, String)>,
}
composant!(Aide);

impl Aide {
    fn vers(guide: &'static str, ancre: String, sujet: &'static str) -> Self {
        Self { section: Some(SectionGuide { guide, ancre, sujet }), documents: Vec::new() }
    }

    /// Of the guide to settings.
    pub fn new(ancre: &str, sujet: &'static str) -> Self {
        Self::vers(GUIDE_PARAMETRAGE, ancre.to_owned(), sujet)
    }

    /// Of the guide to accounts.
    pub fn comptes(ancre: &str, sujet: &'static str) -> Self {
        Self::vers(GUIDE_COMPTES, ancre.to_owned(), sujet)
    }

    /// Of the guide of the academic service.
    pub fn academie(ancre: &str, sujet: &'static str) -> Self {
        Self::vers(GUIDE_ACADEMIE, ancre.to_owned(), sujet)
    }

    /// Of the guide to apprenticeship.
    pub fn apprentissage(ancre: &str, sujet: &'static str) -> Self {
        Self::vers(GUIDE_APPRENTISSAGE, ancre.to_owned(), sujet)
    }

    /// Of a part of an establishment.
    pub fn partie(partie: Partie) -> Self {
        Self::vers(GUIDE_PARAMETRAGE, format!("etablissement-{}", partie.code()), partie.libelle())
    }

    /// Of a part of a course.
    pub fn rubrique(rubrique: Rubrique) -> Self {
        Self::vers(GUIDE_PARAMETRAGE, format!("formation-{}", rubrique.code()), rubrique.libelle())
    }

    /// Of a page that no guide speaks of.
    pub fn sans_guide() -> Self {
        Self { section: None, documents: Vec::new() }
    }

    /// R-REF-06: the same, with the notes and guides of these themes that the person reads in the session of this year.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn sur(self, requete: &Requete, annee: i64, themes: &[Theme]) -> Result<Self, AppError> {
        let lus = list_on_screen(&requete.ctx, annee, themes).await?;
        let documents = lus.iter().map(|d| (d.titre.clone(), reference(annee, d))).collect();
        Ok(Self { documents, ..self })
    }

    /// The section that it leads to; empty where there is none.
    pub fn ancre(&self) -> &str {
        self.section.as_ref().map_or("", |s| s.ancre.as_str())
    }
}
