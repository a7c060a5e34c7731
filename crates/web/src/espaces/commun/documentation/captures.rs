//! Pictures of our own pages, taken by the browser stories `97-guide` and `98-guide-parametrage` (`cargo xtask captures`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use askama::Template;
use serde::Deserialize;

use crate::assets;

/// What the story says of a picture.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Capture {
    /// In CSS pixels.
    pub largeur: u32,
    /// In CSS pixels.
    pub hauteur: u32,
}

static CAPTURES: LazyLock<BTreeMap<String, Capture>> = LazyLock::new(|| {
    // Read by a test: a file that does not read back cannot be delivered.
    serde_json::from_str(include_str!("../../../../ui/guide/captures.json")).unwrap_or_default()
});

/// The pictures that were taken, by name.
pub fn captures() -> &'static BTreeMap<String, Capture> {
    &CAPTURES
}

/// A picture with what it shows in words; nothing where it was not taken yet.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(c) = taille %}<figure class="capture"><img src="{{ url }}" alt="{{ alt }}" width="{{ c.largeur }}" height="{{ c.hauteur }}"></figure>{% endif %}"#
)]
pub(super) struct Image {
    url: String,
    alt: String,
    taille: Option<Capture>,
}
impl askama::filters::HtmlSafe for Image {}

pub(super) fn image(nom: &str, alt: &str) -> Image {
    let url = assets::url(&format!("guide/{nom}.webp"));
    Image { url, alt: alt.to_owned(), taille: CAPTURES.get(nom).copied() }
}
