//! R-FOR-10 to 15: what a course says of itself, field by field. The fields are data ([`CHAMPS`]): the forms, the workbook,
//! the copy from last year, the differences shown and the public sheet are all made from this one table.

mod champs;
mod fiche;
mod grille;
mod lecture;
mod modele;
mod pieces;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use champs::{CHAMPS, FRAIS, INTERNAT, PRESENTATION, PROPRES};
pub use fiche::{RubriqueFiche, emplacements};
pub use lecture::{
    DefautSaisie, check_jours, check_valeur, parse_jour, read_lignes, read_texte, write_texte,
};
pub use modele::{modele, modele_de};
pub use pieces::Transmis;

use super::Genre;
use crate::calendrier::Etape;
use crate::droits::Action;
use crate::grille::Decompte;

/// A part of the settings of a course, with a screen of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rubrique {
    /// What the course is and how it is followed.
    Caracteristiques,
    /// What is expected from candidates.
    Attendus,
    /// Letter, documents, questionnaire.
    Candidature,
    /// Examinations and interviews.
    Epreuves,
    /// The grid of the criteria (`domaine.md` §3.3).
    Grille,
    /// Fees and who is exempt.
    Frais,
    /// Whom to write to.
    Contacts,
}

impl Rubrique {
    /// Every part, in the order in which they are filled.
    pub const ALL: [Self; 7] = [
        Self::Caracteristiques,
        Self::Attendus,
        Self::Candidature,
        Self::Epreuves,
        Self::Grille,
        Self::Frais,
        Self::Contacts,
    ];

    /// Stable code, used in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Caracteristiques => "caracteristiques",
            Self::Attendus => "attendus",
            Self::Candidature => "candidature",
            Self::Epreuves => "epreuves",
            Self::Grille => "grille",
            Self::Frais => "frais",
            Self::Contacts => "contacts",
        }
    }

    /// The part of an address.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.code() == code)
    }

    /// French label shown on screen.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Caracteristiques => "Caractéristiques",
            Self::Attendus => "Attendus",
            Self::Candidature => "Lettre, pièces et questionnaire",
            Self::Epreuves => "Épreuves et entretiens",
            Self::Grille => "Grille d’analyse des candidatures",
            Self::Frais => "Autres frais et bourses",
            Self::Contacts => "Contacts",
        }
    }

    /// The step of the calendar that opens it.
    pub const fn etape(self) -> Etape {
        match self {
            Self::Frais => Etape::CapacitesFrais,
            _ => Etape::Parametrage,
        }
    }

    /// The right to write it.
    pub const fn action(self) -> Action {
        match self {
            Self::Frais => Action::ModifierCapacites,
            _ => Action::ModifierFormation,
        }
    }

    /// Its fields for a kind of courses, in the order of the form.
    pub fn champs(self, genre: Genre) -> impl Iterator<Item = &'static Champ> {
        CHAMPS.iter().filter(move |c| c.rubrique == self && c.concerne(genre))
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// One line, this many characters at most.
    Texte(usize),
    /// Several lines, this many characters at most.
    Zone(usize),
    /// « oui » or « non »; nothing is neither.
    OuiNon,
    /// One of (code, French label).
    Choix(&'static [(&'static str, &'static str)]),
    /// A whole number between two bounds, included.
    Nombre(i64, i64),
    /// Cents, typed in euros.
    Montant,
    /// A day.
    Jour,
    /// A mailbox.
    Courriel,
    /// A telephone number.
    Telephone,
    /// A site of the establishment, by its identifier.
    Site,
    /// A component of the establishment, by its identifier.
    Composante,
    /// Lines of these fields, this many at most.
    Liste(&'static [Champ], usize, Lignes),
}

/// What the lines of a list are, as they are named and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lignes {
    /// Lines of a table.
    Simples,
    /// What the commission looks at: criteria of the analysis grid, each within one of its fields.
    Criteres,
}

impl Nature {
    /// Names a place of the establishment, whose identifiers are those of one session.
    pub const fn is_lieu(self) -> bool {
        matches!(self, Self::Site | Self::Composante)
    }
}

/// When a field must be filled before publication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exigence {
    /// Left empty if one wishes.
    Facultatif,
    /// In every course.
    Toujours,
    /// When that field has one of these values; « * » is any value. Then the same in French, as the forms say it.
    Si(&'static str, &'static [&'static str], &'static str),
}

/// The courses that have a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Genres {
    /// All of them.
    Tous,
    /// These only.
    Seulement(&'static [Genre]),
}

/// A field of the settings of a course.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Champ {
    /// Stable code: storage, forms, header of the workbook.
    pub code: &'static str,
    /// Where it is typed.
    pub rubrique: Rubrique,
    /// French label.
    pub libelle: &'static str,
    /// What to write there, in French; may be empty.
    pub aide: &'static str,
    /// What it holds.
    pub nature: Nature,
    /// When it must be filled.
    pub exige: Exigence,
    /// Whether candidates read it.
    pub public: bool,
    /// Made compulsory by article D. 612-1-5 (decree 2024-85).
    pub reglementaire: bool,
    /// Which courses have it.
    pub genres: Genres,
}

impl Champ {
    /// The field of a code.
    pub fn from_code(code: &str) -> Option<&'static Self> {
        CHAMPS.iter().find(|c| c.code == code)
    }

    /// Whether the courses of a kind have it.
    pub fn concerne(&self, genre: Genre) -> bool {
        match self.genres {
            Genres::Tous => true,
            Genres::Seulement(liste) => liste.contains(&genre),
        }
    }

    /// The fields of its lines; none when it is not a list.
    pub const fn colonnes(&self) -> &'static [Self] {
        match self.nature {
            Nature::Liste(colonnes, ..) => colonnes,
            _ => &[],
        }
    }

    /// Whether its lines are the criteria of the grid.
    pub const fn has_criteres(&self) -> bool {
        matches!(self.nature, Nature::Liste(.., Lignes::Criteres))
    }

    /// R-FOR-28: the fields that many courses may say alike, in the order of the forms.
    pub fn partageables() -> impl Iterator<Item = &'static Self> {
        PROPRES.iter().chain(CHAMPS).filter(|c| c.is_partageable())
    }

    /// R-FOR-28: whether many courses may say it alike. Places are those of one establishment; a grid is a whole, whose weights and
    /// criteria are read together (R-CGE-01).
    pub fn is_partageable(&self) -> bool {
        !self.nature.is_lieu() && self.rubrique != Rubrique::Grille
    }

    /// Written with the page of the course, not with its description.
    pub fn is_propre(&self) -> bool {
        PROPRES.iter().any(|c| c.code == self.code)
    }

    /// Whether this description must fill it (R-FOR-11).
    pub fn is_exige(&self, d: &Description) -> bool {
        match self.exige {
            Exigence::Facultatif => false,
            Exigence::Toujours => true,
            Exigence::Si(code, valeurs, _) => match d.valeur(code) {
                None => false,
                Some(Valeur::Texte(t)) => valeurs.iter().any(|v| *v == "*" || v == t),
                Some(Valeur::Lignes(_)) => valeurs.contains(&"*"),
            },
        }
    }

    /// Whether it must be filled and is not, or has a line without what each line says.
    fn manque(&self, d: &Description) -> bool {
        match d.valeur(self.code) {
            None => self.is_exige(d),
            Some(Valeur::Texte(_)) => false,
            Some(Valeur::Lignes(lignes)) => {
                let vide =
                    |l: &LigneListe, c: &Champ| c.exige == Exigence::Toujours && !l.contains_key(c.code);
                lignes.iter().any(|l| self.colonnes().iter().any(|c| vide(l, c)))
            }
        }
    }
}

/// A line of a list: what is typed in each of its fields; empty ones are absent.
pub type LigneListe = BTreeMap<String, String>;

/// R-FOR-28: these lines, then those of the others that are not among them.
pub fn join_lignes(lignes: &[LigneListe], autres: &[LigneListe]) -> Vec<LigneListe> {
    let mut toutes = lignes.to_vec();
    for ligne in autres {
        if !toutes.contains(ligne) {
            toutes.push(ligne.clone());
        }
    }
    toutes
}

/// What a field says: text in its stored form (cents, « oui », a code, an ISO day), or lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Valeur {
    /// Never empty.
    Texte(String),
    /// Never empty.
    Lignes(Vec<LigneListe>),
}

/// What a course says of itself: the fields that are filled, by code.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Description(BTreeMap<String, Valeur>);

impl Description {
    /// Nothing said.
    pub const EMPTY: Self = Self(BTreeMap::new());

    /// What a field says; `None`: not said.
    pub fn valeur(&self, code: &str) -> Option<&Valeur> {
        self.0.get(code)
    }

    /// The text of a field; empty when it is not said, or a list.
    pub fn texte(&self, code: &str) -> &str {
        match self.0.get(code) {
            Some(Valeur::Texte(t)) => t,
            _ => "",
        }
    }

    /// The lines of a list; none when it is not said.
    pub fn lignes(&self, code: &str) -> &[LigneListe] {
        match self.0.get(code) {
            Some(Valeur::Lignes(l)) => l,
            _ => &[],
        }
    }

    /// Says or, with `None`, unsays a field. Nothing is kept of an empty text or list.
    pub fn pose(&mut self, code: &str, valeur: Option<Valeur>) {
        let vide = match &valeur {
            None => true,
            Some(Valeur::Texte(t)) => t.is_empty(),
            Some(Valeur::Lignes(l)) => l.is_empty(),
        };
        match valeur {
            Some(valeur) if !vide => {
                self.0.insert(code.to_owned(), valeur);
            }
            _ => {
                self.0.remove(code);
            }
        }
    }

    /// The same with a text said.
    #[must_use]
    pub fn avec(mut self, code: &str, texte: &str) -> Self {
        self.pose(code, Some(Valeur::Texte(texte.to_owned())));
        self
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Codes and values, by code.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Valeur)> {
        self.0.iter().map(|(code, valeur)| (code.as_str(), valeur))
    }

    /// R-FOR-11: the fields that must still be filled before publication, in the order of the forms.
    pub fn manques(&self, genre: Genre) -> Vec<&'static Champ> {
        let mut manques: Vec<&Champ> =
            CHAMPS.iter().filter(|c| c.concerne(genre) && c.manque(self)).collect();
        manques.sort_by_key(|c| c.rubrique);
        manques
    }

    /// R-FOR-11: how many things stand between the description and a publication: fields to fill, and a grid to put right.
    pub fn a_completer(&self, genre: Genre) -> usize {
        let fautive = Decompte::of(&self.constats()).bloquants > 0;
        self.manques(genre).len() + usize::from(fautive)
    }

    /// R-FOR-13: the fields of a kind of courses that differ from another description, in the order of the forms.
    pub fn differences(&self, autre: &Self, genre: Genre) -> Vec<&'static Champ> {
        CHAMPS.iter().filter(|c| c.concerne(genre) && self.valeur(c.code) != autre.valeur(c.code)).collect()
    }

    /// The same without what the table of fields does not know for this kind: an older form of the document, or a course that
    /// changed its kind.
    #[must_use]
    pub fn connue(mut self, genre: Genre) -> Self {
        self.0.retain(|code, _| Champ::from_code(code).is_some_and(|c| c.concerne(genre)));
        self
    }

    /// R-FOR-14: the same without what belongs to one year: days of examinations are typed again.
    #[must_use]
    pub fn reportee(mut self) -> Self {
        for c in CHAMPS {
            let jours: Vec<&str> =
                c.colonnes().iter().filter(|s| s.nature == Nature::Jour).map(|s| s.code).collect();
            if c.nature == Nature::Jour {
                self.0.remove(c.code);
            } else if let (false, Some(Valeur::Lignes(lignes))) = (jours.is_empty(), self.0.get_mut(c.code)) {
                for ligne in lignes {
                    ligne.retain(|code, _| !jours.contains(&code.as_str()));
                }
            }
        }
        self
    }
}

/// The weights of the five fields of the grid, and the degree and criteria of each, as the fields name them.
pub const POIDS: [&str; 5] = ["poids_1", "poids_2", "poids_3", "poids_4", "poids_5"];
/// The importance of each field of the grid.
pub const IMPORTANCES: [&str; 5] =
    ["importance_1", "importance_2", "importance_3", "importance_4", "importance_5"];
