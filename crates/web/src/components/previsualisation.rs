//! What the public will read, beside the form that says it.

use askama::Template;

use super::Markup;

/// What the public will read. The script of the site shows it again while one types, unless it is what is stored that is to be compared.
#[derive(Template)]
#[template(path = "components/previsualisation.html")]
pub struct Previsualisation {
    contenu: Markup,
    /// What else the public reads there, folded: its title, and the rest.
    reste: Option<(&'static str, Markup)>,
    saisie: bool,
    suivie: bool,
    relue: bool,
    publie: bool,
}
composant!(Previsualisation);

impl Previsualisation {
    /// Made of what is stored.
    pub fn new(contenu: Markup) -> Self {
        Self { contenu, reste: None, saisie: false, suivie: false, relue: false, publie: false }
    }

    /// What the form says nothing of comes after, folded: the line that is typed stays in sight.
    #[must_use]
    pub fn reste(mut self, titre: &'static str, reste: Markup) -> Self {
        self.reste = (!reste.est_vide()).then_some((titre, reste));
        self
    }

    /// Made of what is typed in the page, saved or not.
    #[must_use]
    pub fn saisie(mut self, oui: bool) -> Self {
        self.saisie = oui;
        self
    }

    /// Made of what is stored, until something is typed: the script then follows it.
    #[must_use]
    pub fn suivie(mut self, oui: bool) -> Self {
        self.suivie = oui;
        self
    }

    /// The public reads it already.
    #[must_use]
    pub fn publie(mut self, oui: bool) -> Self {
        self.publie = oui;
        self
    }

    /// It was asked for just now: it says so, where a script does not.
    #[must_use]
    pub fn relue(mut self, oui: bool) -> Self {
        self.relue = oui;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::verification::verifie;

    #[test]
    fn what_is_typed_is_told_from_what_is_stored() {
        let typed = Previsualisation::new(Markup::texte("24 places")).saisie(true).to_string();
        verifie(&typed);
        assert!(typed.contains("24 places") && typed.contains("rien n’est enregistré"), "{typed}");
        assert!(!typed.contains("data-fige") && !typed.contains("est à jour"), "{typed}");
        let asked = Previsualisation::new(Markup::texte("24 places")).saisie(true).relue(true).to_string();
        verifie(&asked);
        assert!(asked.contains("Ce que le public lira est à jour."), "{asked}");
        let stored = Previsualisation::new(Markup::default()).to_string();
        verifie(&stored);
        assert!(stored.contains("Rien encore.") && stored.contains("data-fige"), "{stored}");
        let followed = Previsualisation::new(Markup::default()).suivie(true).to_string();
        assert!(!followed.contains("data-fige") && !followed.contains("rien n’est enregistré"), "{followed}");
        let folded = Previsualisation::new(Markup::texte("Hall A")).reste("Le reste", Markup::texte("Rampe"));
        let folded = folded.to_string();
        verifie(&folded);
        let (own, rest) = folded.split_once("<details").unwrap();
        assert!(own.contains("Hall A") && rest.contains("Le reste") && rest.contains("Rampe"), "{folded}");
        assert!(!stored.contains("<details"), "{stored}");
        let read = Previsualisation::new(Markup::texte("24 places")).publie(true).to_string();
        assert!(read.contains("Ce que le public lit<") && !read.contains("lira"), "{read}");
    }
}
