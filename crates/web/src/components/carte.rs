//! Cards (an item of a list) and tiles (an entry to a part of the site).

use std::fmt::Display;

use askama::Template;

use super::Markup;

/// An item: title with its link, badges, details, and actions that do not need the link.
#[derive(Clone, Debug, Template)]
#[template(path = "components/carte.html")]
pub struct Carte {
    titre: String,
    url: Option<String>,
    niveau: u8,
    surtitre: Option<String>,
    badges: Markup,
    contenu: Markup,
    actions: Markup,
}

impl Carte {
    pub fn new(titre: impl Display) -> Self {
        Self {
            titre: titre.to_string(),
            url: None,
            niveau: 3,
            surtitre: None,
            badges: Markup::default(),
            contenu: Markup::default(),
            actions: Markup::default(),
        }
    }

    #[must_use]
    pub fn vers(mut self, url: impl Display) -> Self {
        self.url = Some(url.to_string());
        self
    }

    /// Level of the title, 2 to 6.
    #[must_use]
    pub fn niveau(mut self, niveau: u8) -> Self {
        self.niveau = niveau.clamp(2, 6);
        self
    }

    /// Small text above the title: the establishment, the town.
    #[must_use]
    pub fn surtitre(mut self, texte: impl Display) -> Self {
        self.surtitre = Some(texte.to_string());
        self
    }

    #[must_use]
    pub fn badges(mut self, badges: Markup) -> Self {
        self.badges = badges;
        self
    }

    #[must_use]
    pub fn texte(mut self, texte: impl Display) -> Self {
        self.contenu = Markup::texte(texte);
        self
    }

    #[must_use]
    pub fn contenu(mut self, markup: Markup) -> Self {
        self.contenu = markup;
        self
    }

    #[must_use]
    pub fn actions(mut self, markup: Markup) -> Self {
        self.actions = markup;
        self
    }
}

/// An entry to a part of the site.
#[derive(Clone, Debug, Template)]
#[template(
    ext = "html",
    source = r#"<div class="fr-tile fr-tile--horizontal fr-enlarge-link"><div class="fr-tile__body"><div class="fr-tile__content">
<h{{ niveau }} class="fr-tile__title"><a href="{{ url }}">{{ titre }}</a></h{{ niveau }}>
{%- if let Some(texte) = detail %}<p class="fr-tile__desc">{{ texte }}</p>{% endif -%}
</div></div></div>"#
)]
pub struct Tuile {
    titre: String,
    url: String,
    detail: Option<String>,
    niveau: u8,
}
composant!(Carte, Tuile);

impl Tuile {
    pub fn new(titre: impl Display, url: impl Display) -> Self {
        Self { titre: titre.to_string(), url: url.to_string(), detail: None, niveau: 2 }
    }

    #[must_use]
    pub fn detail(mut self, texte: impl Display) -> Self {
        self.detail = Some(texte.to_string());
        self
    }

    /// Level of the title, 2 to 6.
    #[must_use]
    pub fn niveau(mut self, niveau: u8) -> Self {
        self.niveau = niveau.clamp(2, 6);
        self
    }
}
