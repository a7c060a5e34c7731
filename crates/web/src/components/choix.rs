//! Fields where one chooses: list, radio buttons, checkboxes.

use std::borrow::Borrow;
use std::fmt::Display;

use askama::Template;

use super::{Formulaire, PLUSIEURS, identifiant};

/// An answer that is offered.
#[derive(Clone, Debug)]
pub struct Choix {
    pub valeur: String,
    pub libelle: String,
    pub indice: Option<String>,
    pub desactive: bool,
}

impl Choix {
    pub fn new(valeur: impl Display, libelle: impl Display) -> Self {
        Self { valeur: valeur.to_string(), libelle: libelle.to_string(), indice: None, desactive: false }
    }

    #[must_use]
    pub fn indice(mut self, texte: impl Display) -> Self {
        self.indice = Some(texte.to_string());
        self
    }

    #[must_use]
    pub fn desactive(mut self) -> Self {
        self.desactive = true;
        self
    }
}

/// Drop-down list.
#[derive(Template)]
#[template(path = "components/liste.html")]
pub struct Liste {
    nom: String,
    id: String,
    libelle: String,
    choix: Vec<Choix>,
    valeur: String,
    /// `None`: one of the answers is always chosen.
    invite: Option<String>,
    indice: Option<String>,
    erreur: Option<String>,
    /// Said after the label of a field that need not be filled; `None`: compulsory.
    facultatif: Option<&'static str>,
    desactive: bool,
    sans_libelle: bool,
    filtre: bool,
}

impl Liste {
    #[must_use]
    pub fn indice(mut self, texte: impl Display) -> Self {
        self.indice = Some(texte.to_string());
        self
    }

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

    #[must_use]
    pub fn desactive(mut self, oui: impl Borrow<bool>) -> Self {
        self.desactive = *oui.borrow();
        self
    }

    /// A filter of a search: never compulsory, and everybody knows it.
    #[must_use]
    pub fn filtre(mut self) -> Self {
        self.facultatif = Some("facultatif");
        self.filtre = true;
        self
    }

    /// Text of the empty choice: « Toutes les régions ».
    #[must_use]
    pub fn invite(mut self, texte: impl Display) -> Self {
        self.invite = Some(texte.to_string());
        self
    }

    /// No empty choice: one of the answers stands for it.
    #[must_use]
    pub fn sans_vide(mut self) -> Self {
        self.invite = None;
        self
    }

    /// Label read by screen readers only.
    #[must_use]
    pub fn sans_libelle(mut self) -> Self {
        self.sans_libelle = true;
        self
    }

    fn decrit_par(&self) -> Option<String> {
        decrit_par(&self.id, self.indice.is_some(), self.erreur.is_some())
    }
}

/// Radio buttons, or several checkboxes under one question.
#[derive(Template)]
#[template(path = "components/groupe_choix.html")]
pub struct GroupeChoix {
    nom: String,
    id: String,
    legende: String,
    choix: Vec<Choix>,
    valeurs: Vec<String>,
    plusieurs: bool,
    indice: Option<String>,
    erreur: Option<String>,
    /// Said after the label of a field that need not be filled; `None`: compulsory.
    facultatif: Option<&'static str>,
    desactive: bool,
    en_ligne: bool,
}

impl GroupeChoix {
    #[must_use]
    pub fn indice(mut self, texte: impl Display) -> Self {
        self.indice = Some(texte.to_string());
        self
    }

    #[must_use]
    pub fn facultatif(mut self) -> Self {
        self.facultatif = Some("facultatif");
        self
    }

    /// Compulsory or not according to another answer: the legend says for whom.
    #[must_use]
    pub fn selon(mut self, pour: &'static str) -> Self {
        self.facultatif = Some(pour);
        self
    }

    #[must_use]
    pub fn desactive(mut self, oui: impl Borrow<bool>) -> Self {
        self.desactive = *oui.borrow();
        self
    }

    /// Side by side: for two short answers.
    #[must_use]
    pub fn en_ligne(mut self) -> Self {
        self.en_ligne = true;
        self
    }

    fn decrit_par(&self) -> Option<String> {
        decrit_par(&self.id, false, self.erreur.is_some())
    }

    fn est_choisi(&self, choix: &Choix) -> bool {
        self.valeurs.contains(&choix.valeur)
    }

    /// The first answer has the id of the field: the link of the error summary leads to it.
    fn id_choix(&self, position: &usize) -> String {
        if *position == 0 { self.id.clone() } else { format!("{}-{position}", self.id) }
    }
}

/// One checkbox.
#[derive(Template)]
#[template(path = "components/case.html")]
pub struct Case {
    nom: String,
    id: String,
    valeur: String,
    libelle: String,
    coche: bool,
    indice: Option<String>,
    erreur: Option<String>,
    obligatoire: bool,
    desactive: bool,
    petite: bool,
    precision: Option<String>,
}
composant!(Liste, GroupeChoix, Case);

impl Case {
    /// Small, for many of them in a table.
    #[must_use]
    pub fn petite(mut self) -> Self {
        self.petite = true;
        self
    }

    /// Says to a screen reader which one of many like it this is.
    #[must_use]
    pub fn precision(mut self, texte: impl Display) -> Self {
        self.precision = Some(texte.to_string());
        self
    }

    #[must_use]
    pub fn indice(mut self, texte: impl Display) -> Self {
        self.indice = Some(texte.to_string());
        self
    }

    /// Must be ticked to go on: an undertaking.
    #[must_use]
    pub fn obligatoire(mut self) -> Self {
        self.obligatoire = true;
        self
    }

    #[must_use]
    pub fn desactive(mut self, oui: impl Borrow<bool>) -> Self {
        self.desactive = *oui.borrow();
        self
    }

    fn decrit_par(&self) -> Option<String> {
        decrit_par(&self.id, false, self.erreur.is_some())
    }
}

fn decrit_par(id: &str, indice: bool, erreur: bool) -> Option<String> {
    match (indice, erreur) {
        (true, true) => Some(format!("{id}-indice {id}-erreur")),
        (true, false) => Some(format!("{id}-indice")),
        (false, true) => Some(format!("{id}-erreur")),
        (false, false) => None,
    }
}

impl Formulaire {
    /// Drop-down list.
    pub fn liste(&self, nom: &str, libelle: impl Display, choix: &[Choix]) -> Liste {
        Liste {
            nom: nom.to_owned(),
            id: self.id(nom),
            libelle: libelle.to_string(),
            choix: choix.to_vec(),
            valeur: self.valeur(nom).to_owned(),
            invite: Some("Sélectionnez une option".to_owned()),
            indice: None,
            erreur: self.erreur(nom).map(str::to_owned),
            facultatif: None,
            desactive: false,
            sans_libelle: false,
            filtre: false,
        }
    }

    /// Radio buttons under a question.
    pub fn radios(&self, nom: &str, legende: impl Display, choix: &[Choix]) -> GroupeChoix {
        GroupeChoix {
            nom: nom.to_owned(),
            id: self.id(nom),
            legende: legende.to_string(),
            choix: choix.to_vec(),
            valeurs: self.valeurs(nom).to_vec(),
            plusieurs: false,
            indice: None,
            erreur: self.erreur(nom).map(str::to_owned),
            facultatif: None,
            desactive: false,
            en_ligne: false,
        }
    }

    /// Checkboxes under a question; optional by nature.
    pub fn cases(&self, nom: &str, legende: impl Display, choix: &[Choix]) -> GroupeChoix {
        GroupeChoix { plusieurs: true, ..self.radios(nom, legende, choix) }
    }

    /// One checkbox; sends `oui` when ticked.
    pub fn case(&self, nom: &str, libelle: impl Display) -> Case {
        Case {
            nom: nom.to_owned(),
            id: self.id(nom),
            valeur: "oui".to_owned(),
            libelle: libelle.to_string(),
            coche: self.lit_case(nom),
            indice: None,
            erreur: self.erreur(nom).map(str::to_owned),
            obligatoire: false,
            desactive: false,
            petite: false,
            precision: None,
        }
    }

    /// One of the checkboxes of a field, wherever it stands: in the rows of a table.
    pub fn choix_de(&self, nom: &str, valeur: impl Display, libelle: impl Display) -> Case {
        let valeur = valeur.to_string();
        Case {
            nom: format!("{nom}{PLUSIEURS}"),
            id: format!("{}-{}", self.id(nom), identifiant(&valeur)),
            coche: self.valeurs(nom).contains(&valeur),
            valeur,
            ..self.case(nom, libelle)
        }
    }
}
