//! How a guide names what is on a page. A test compares each name with the pages.

use super::captures::{Image, image};
use crate::components::Markup;

/// The ways to name, for the text of a guide.
pub(super) trait Noms {
    /// A button, as it reads.
    fn bouton(&self, libelle: &str) -> Markup {
        nomme("nom-bouton", libelle)
    }

    /// A link, as it reads.
    fn lien(&self, libelle: &str) -> Markup {
        nomme("nom-lien", libelle)
    }

    /// A field, by its label.
    fn champ(&self, libelle: &str) -> Markup {
        nomme("nom-champ", libelle)
    }

    /// A page or a part of one, by its heading.
    fn titre(&self, libelle: &str) -> Markup {
        nomme("nom-page", libelle)
    }

    /// What a page then says: a message, a badge, an answer of a list.
    fn dit(&self, texte: &str) -> Markup {
        nomme("nom-texte", texte)
    }

    fn image(&self, nom: &str, alt: &str) -> Image {
        image(nom, alt)
    }
}

fn nomme(classe: &str, libelle: &str) -> Markup {
    Markup::rendu(format!("<span class=\"nom {classe}\">« {} »</span>", Markup::texte(libelle)))
}
