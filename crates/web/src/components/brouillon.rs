//! SES-3: what is typed in a long form and not saved: what has it kept, and what tells of it.

use askama::Template;

use super::{Bouton, LienBouton};

/// What makes the script keep a form.
#[derive(Template)]
#[template(
    ext = "html",
    source = r#"{% if let Some(adresse) = adresse %}<input type="hidden" name="_brouillon" value="{{ adresse }}" data-brouillon="{{ etat }}"><input type="hidden" name="_onglet" value="{{ onglet }}">{% endif %}"#
)]
pub struct ChampBrouillon {
    adresse: Option<String>,
    onglet: String,
    /// `attend`: something older waits, which nothing is to take the place of; `revenu`: the page shows what was not saved.
    etat: &'static str,
}

impl ChampBrouillon {
    pub(super) fn new(adresse: Option<String>, onglet: String, etat: &'static str) -> Self {
        Self { adresse, onglet, etat }
    }
}

/// What becomes of what waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EtatBrouillon {
    /// Its author has not said yet.
    Attend,
    /// It is in the form; what is stored changed since, or not.
    Repris { change: bool },
    /// Nothing can be saved here now: it can only be read.
    Ferme,
}

/// What was typed another time and not saved.
#[derive(Clone, Debug)]
pub struct AvisBrouillon {
    /// Address of the page of the form.
    pub adresse: String,
    /// Takes it back into the form.
    pub reprendre: String,
    /// Shows it by itself.
    pub lire: String,
    /// « mardi 12 décembre 2023 à 14 h 32 ».
    pub le: String,
    pub etat: EtatBrouillon,
}

/// The notice above the form.
#[derive(Template)]
#[template(path = "components/avis_brouillon.html")]
pub struct AvisBrouillons {
    jeton: String,
    avis: Option<AvisBrouillon>,
}

impl AvisBrouillons {
    pub(super) fn new(jeton: String, avis: Option<AvisBrouillon>) -> Self {
        Self { jeton, avis }
    }
}

/// A form left without saving, in a list.
pub struct BrouillonListe {
    /// What the form is called, and what it is about.
    pub titre: String,
    pub url: String,
    /// Shows by itself what was typed.
    pub lire: String,
    pub le: String,
}

/// « Saisies non enregistrées », on a home.
#[derive(Template)]
#[template(path = "components/brouillons.html")]
pub struct Brouillons {
    lignes: Vec<BrouillonListe>,
    /// How many more there are.
    autres: usize,
}
composant!(ChampBrouillon, AvisBrouillons, Brouillons);

impl Brouillons {
    pub fn new(lignes: Vec<BrouillonListe>, autres: usize) -> Self {
        Self { lignes, autres }
    }
}
