//! Small pieces of content: tags, definition lists.

use std::fmt::Display;

use askama::Template;

use super::Markup;

/// A key word; with an address, it leads to what has the same word.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(url) = vers %}<a class="fr-tag fr-tag--sm" href="{{ url }}">{{ texte }}</a>{% else %}<p class="fr-tag fr-tag--sm">{{ texte }}</p>{% endif %}"#
)]
pub struct Etiquette {
    texte: String,
    vers: Option<String>,
}

impl Etiquette {
    pub fn new(texte: impl Display) -> Self {
        Self { texte: texte.to_string(), vers: None }
    }

    #[must_use]
    pub fn vers(mut self, url: impl Display) -> Self {
        self.vers = Some(url.to_string());
        self
    }
}

/// Terms and what they are worth: the summary of a course, of a wish.
#[derive(Clone, Debug, Default, Template)]
#[template(
    ext = "html",
    source = r#"<dl class="definitions">
{%- for (terme, valeur) in lignes %}
  <div class="definitions__ligne"><dt>{{ terme }}</dt><dd>{{ valeur }}</dd></div>
{%- endfor %}
</dl>"#
)]
pub struct Definitions {
    lignes: Vec<(String, Markup)>,
}
/// A picture of ours, with what it shows in words.
#[derive(Clone, Debug, Template)]
#[template(ext = "html", source = r#"<img class="apercu" src="{{ src }}" alt="{{ alt }}">"#)]
pub struct Apercu {
    src: String,
    alt: String,
}
composant!(Etiquette, Definitions, Apercu);

impl Apercu {
    pub fn new(src: impl Display, alt: impl Display) -> Self {
        Self { src: src.to_string(), alt: alt.to_string() }
    }
}

impl Definitions {
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn ligne(mut self, terme: impl Display, valeur: impl Display) -> Self {
        self.lignes.push((terme.to_string(), Markup::texte(valeur)));
        self
    }

    pub fn est_vide(&self) -> bool {
        self.lignes.is_empty()
    }

    /// A line whose value is a component.
    #[must_use]
    pub fn ligne_markup(mut self, terme: impl Display, valeur: Markup) -> Self {
        self.lignes.push((terme.to_string(), valeur));
        self
    }
}
