//! Buttons, and links that look like buttons.

use std::borrow::Borrow;
use std::fmt::Display;

use app::FormatTableau;
use askama::Template;

/// A button that sends its form.
#[derive(Template)]
#[template(path = "components/bouton.html")]
pub struct Bouton {
    id: Option<String>,
    libelle: String,
    rang: &'static str,
    icone: Option<String>,
    nom_valeur: Option<(String, String)>,
    precision: Option<String>,
    desactive: bool,
    petit: bool,
    vers: Option<String>,
    /// Where this button sends the form, when it is not where the others do.
    envoi: Option<String>,
}

/// A link that looks like a button: it leads somewhere and changes nothing.
pub struct LienBouton;

impl LienBouton {
    #[expect(clippy::new_ret_no_self, reason = "both are drawn by the same template")]
    pub fn new(libelle: impl Display, url: impl Display) -> Bouton {
        Bouton { vers: Some(url.to_string()), ..Bouton::new(libelle) }
    }
}
composant!(Bouton);

/// The links to a table, in each of its formats; the address may say what is looked for.
pub fn exports(url: &str) -> Vec<Bouton> {
    let suite = if url.contains('?') { '&' } else { '?' };
    let lien = |libelle: &str, format: FormatTableau| {
        LienBouton::new(libelle, format_args!("{url}{suite}format={}", format.code()))
            .secondaire()
            .icone("download-line")
    };
    vec![
        lien("Télécharger le tableur (XLSX)", FormatTableau::Xlsx),
        lien("Télécharger en CSV", FormatTableau::Csv),
    ]
}

impl Bouton {
    pub fn new(libelle: impl Display) -> Self {
        Self {
            id: None,
            libelle: libelle.to_string(),
            rang: "",
            icone: None,
            nom_valeur: None,
            precision: None,
            desactive: false,
            petit: false,
            vers: None,
            envoi: None,
        }
    }

    /// What an address names it by, to come back to it.
    #[must_use]
    pub fn id(mut self, id: impl Display) -> Self {
        self.id = Some(id.to_string());
        self
    }

    #[must_use]
    pub fn secondaire(mut self) -> Self {
        self.rang = " fr-btn--secondary";
        self
    }

    #[must_use]
    pub fn tertiaire(mut self) -> Self {
        self.rang = " fr-btn--tertiary";
        self
    }

    #[must_use]
    pub fn petit(mut self) -> Self {
        self.petit = true;
        self
    }

    /// Icon before the text, listed in `ui/icones.txt`: « edit-line ».
    #[must_use]
    pub fn icone(mut self, nom: impl Display) -> Self {
        self.icone = Some(nom.to_string());
        self
    }

    /// What the form receives when this button sent it.
    #[must_use]
    pub fn valeur(mut self, nom: impl Display, valeur: impl Display) -> Self {
        self.nom_valeur = Some((nom.to_string(), valeur.to_string()));
        self
    }

    /// Sends the form there rather than where its other buttons do.
    #[must_use]
    pub fn envoi(mut self, url: impl Display) -> Self {
        self.envoi = Some(url.to_string());
        self
    }

    /// Sends the form there, and shows this place of the answer.
    #[must_use]
    pub fn ancre(mut self, url: impl Display, id: impl Display) -> Self {
        self.envoi = Some(format!("{url}#{id}"));
        self
    }

    /// Added for screen readers, so that « Modifier » repeated in a table says what.
    #[must_use]
    pub fn precision(mut self, texte: impl Display) -> Self {
        self.precision = Some(texte.to_string());
        self
    }

    #[must_use]
    pub fn desactive(mut self, oui: impl Borrow<bool>) -> Self {
        self.desactive = *oui.borrow();
        self
    }
}
