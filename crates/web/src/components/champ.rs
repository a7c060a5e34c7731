//! Fields where one types: text, numbers, passwords, dates, files, search.

use std::borrow::Borrow;
use std::fmt::Display;

use askama::Template;

use super::Formulaire;

/// A field with its label, hint and error. Made by [`Formulaire::texte`] and the like.
///
/// A field is compulsory unless [`Champ::facultatif`]; the mention goes in the label of the optional
/// ones. `required` is for assistive technologies: forms have `novalidate`, the server speaks.
#[derive(Template)]
#[template(path = "components/champ.html")]
pub struct Champ {
    nom: String,
    id: String,
    libelle: String,
    valeur: String,
    genre: &'static str,
    indice: Option<String>,
    erreur: Option<String>,
    unite: Option<String>,
    /// Said after the label of a field that need not be filled; `None`: compulsory.
    facultatif: Option<&'static str>,
    desactive: bool,
    lecture_seule: bool,
    remplissage: Option<String>,
    mode_saisie: Option<&'static str>,
    min: Option<String>,
    max: Option<String>,
    longueur_max: Option<usize>,
    lignes: u16,
    formats: Option<String>,
    plusieurs: bool,
    sans_libelle: bool,
    court: bool,
}
composant!(Champ);

impl Champ {
    fn new(form: &Formulaire, nom: &str, libelle: impl Display, genre: &'static str) -> Self {
        // A secret or a chosen file never travels back to the page.
        let montre = !matches!(genre, "password" | "file" | "code");
        Self {
            nom: nom.to_owned(),
            id: form.id(nom),
            libelle: libelle.to_string(),
            valeur: if montre { form.valeur(nom).to_owned() } else { String::new() },
            genre,
            indice: None,
            erreur: form.erreur(nom).map(str::to_owned),
            unite: None,
            facultatif: None,
            desactive: false,
            lecture_seule: false,
            remplissage: None,
            mode_saisie: None,
            min: None,
            max: None,
            longueur_max: None,
            lignes: 5,
            formats: None,
            plusieurs: false,
            sans_libelle: false,
            court: false,
        }
    }

    /// Help under the label: format, example, where to find the answer.
    #[must_use]
    pub fn indice(mut self, texte: impl Display) -> Self {
        self.indice = Some(texte.to_string());
        self
    }

    /// Not compulsory: the label says so.
    #[must_use]
    pub fn facultatif(mut self) -> Self {
        self.facultatif = Some("facultatif");
        self
    }

    /// Compulsory or not according to another answer: the label says for whom.
    #[must_use]
    pub fn selon(mut self, pour: &'static str) -> Self {
        self.facultatif = Some(pour);
        self
    }

    /// Cannot be filled; nothing is sent.
    #[must_use]
    pub fn desactive(mut self, oui: impl Borrow<bool>) -> Self {
        self.desactive = *oui.borrow();
        self
    }

    /// Shown and sent, not changed.
    #[must_use]
    pub fn lecture_seule(mut self) -> Self {
        self.lecture_seule = true;
        self
    }

    /// Value of `autocomplete`: `name`, `bday`, `new-password`… (RGAA 11.13).
    #[must_use]
    pub fn remplissage(mut self, jeton: impl Display) -> Self {
        self.remplissage = Some(jeton.to_string());
        self
    }

    /// Lowest value of a number or a date.
    #[must_use]
    pub fn min(mut self, borne: impl Display) -> Self {
        self.min = Some(borne.to_string());
        self
    }

    /// Highest value of a number or a date.
    #[must_use]
    pub fn max(mut self, borne: impl Display) -> Self {
        self.max = Some(borne.to_string());
        self
    }

    #[must_use]
    pub fn longueur_max(mut self, caracteres: usize) -> Self {
        self.longueur_max = Some(caracteres);
        self
    }

    /// Height of a text area.
    #[must_use]
    pub fn lignes(mut self, lignes: u16) -> Self {
        self.lignes = lignes;
        self
    }

    /// Unit after the field: « € par an », « places », « % ».
    #[must_use]
    pub fn unite(mut self, unite: impl Display) -> Self {
        self.unite = Some(unite.to_string());
        self
    }

    /// Keyboard shown by a phone: `numeric`, `decimal`…
    #[must_use]
    pub fn mode_saisie(mut self, mode: &'static str) -> Self {
        self.mode_saisie = Some(mode);
        self
    }

    /// Accepted file types, as in `accept`.
    #[must_use]
    pub fn formats(mut self, liste: impl Display) -> Self {
        self.formats = Some(liste.to_string());
        self
    }

    /// Several files may be chosen at once.
    #[must_use]
    pub fn plusieurs(mut self) -> Self {
        self.plusieurs = true;
        self
    }

    /// Label read by screen readers only: for a cell of a table whose header says the same.
    #[must_use]
    pub fn sans_libelle(mut self) -> Self {
        self.sans_libelle = true;
        self
    }

    /// Narrow: a rank, a postcode.
    #[must_use]
    pub fn court(mut self) -> Self {
        self.court = true;
        self
    }

    fn type_html(&self) -> &'static str {
        match self.genre {
            // `type="number"` changes the value under a mouse wheel and hides what was typed wrong.
            "nombre" | "code" | "zone" => "text",
            autre => autre,
        }
    }

    /// Ids of what describes the field.
    fn decrit_par(&self) -> Option<String> {
        let mut ids = Vec::new();
        if self.indice.is_some() {
            ids.push(format!("{}-indice", self.id));
        }
        if self.unite.is_some() {
            ids.push(format!("{}-unite", self.id));
        }
        if self.erreur.is_some() {
            ids.push(format!("{}-erreur", self.id));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

impl Formulaire {
    pub fn texte(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "text")
    }

    pub fn courriel(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "email").remplissage("email").indice("Format attendu : nom@domaine.fr")
    }

    pub fn telephone(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "tel").remplissage("tel").indice("Format attendu : 06 12 34 56 78")
    }

    /// Password of an existing account; a new one: `.remplissage("new-password")`.
    pub fn mot_de_passe(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "password").remplissage("current-password")
    }

    /// One-time code: a single field, pasting allowed (ACC-2).
    pub fn code(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "code").remplissage("one-time-code").mode_saisie("numeric").court()
    }

    pub fn nombre(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "nombre").mode_saisie("numeric").court()
    }

    /// Amount in euros, read by [`Formulaire::lit_montant`].
    pub fn montant(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "nombre").mode_saisie("decimal").unite("€").court()
    }

    /// Text over several lines.
    pub fn zone(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "zone")
    }

    pub fn date(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "date").court()
    }

    /// Time of the day, read by [`Formulaire::lit_heure`].
    pub fn heure(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "time").court()
    }

    pub fn date_heure(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "datetime-local").indice("Heure de Paris").court()
    }

    /// File to send; the form needs `enctype="multipart/form-data"`. Say formats and size in the hint.
    pub fn fichier(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "file")
    }

    /// Search field with its button, inside a `<form method="get" role="search">`.
    pub fn recherche(&self, nom: &str, libelle: impl Display) -> Champ {
        Champ::new(self, nom, libelle, "search").facultatif()
    }
}
