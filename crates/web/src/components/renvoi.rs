//! A form that was sent and not recorded, ready to be sent again as it was.

use askama::Template;

use super::{Bouton, NOM_JETON};

/// What was sent, in hidden fields under one button: nothing is typed again.
#[derive(Clone, Template)]
#[template(path = "components/renvoi.html")]
pub struct Renvoi {
    chemin: String,
    jeton: String,
    paires: Vec<(String, String)>,
    libelle: &'static str,
    seul: bool,
}
composant!(Renvoi);

impl Renvoi {
    /// `chemin` is where it had been sent; the token is that of the present session, not the one received.
    pub fn new(chemin: &str, jeton: String, mut paires: Vec<(String, String)>) -> Self {
        paires.retain(|(nom, _)| nom != NOM_JETON);
        Self { chemin: chemin.to_owned(), jeton, paires, libelle: "Envoyer de nouveau", seul: false }
    }

    /// Sent again by the script of the page, where there is one: the button is for the others.
    #[must_use]
    pub fn seul(mut self, libelle: &'static str) -> Self {
        self.libelle = libelle;
        self.seul = true;
        self
    }
}
