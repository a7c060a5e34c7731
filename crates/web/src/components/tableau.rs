//! Tables: caption, row headers, columns sorted by links, scrolling on narrow screens.

use std::fmt::Display;

use app::FICHIER_ENTIER;
use askama::Template;

use super::{Markup, identifiant, nombre};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordre {
    Croissant,
    Decroissant,
}

/// A column header.
#[derive(Clone, Debug)]
pub struct Colonne {
    titre: String,
    /// Class of its cells.
    classe: &'static str,
    cache: bool,
    tri: Option<(String, Option<Ordre>)>,
}

impl Colonne {
    pub fn new(titre: impl Display) -> Self {
        Self { titre: titre.to_string(), classe: "", cache: false, tri: None }
    }

    /// Numbers, aligned on the right.
    pub fn nombre(titre: impl Display) -> Self {
        Self { classe: "nombre", ..Self::new(titre) }
    }

    /// A word or a number: takes no more room than it needs.
    pub fn courte(titre: impl Display) -> Self {
        Self { classe: "court", ..Self::new(titre) }
    }

    /// Sentences: never squeezed to a word a line.
    pub fn longue(titre: impl Display) -> Self {
        Self { classe: "long", ..Self::new(titre) }
    }

    /// Header read by screen readers only: a column of buttons.
    pub fn actions(titre: impl Display) -> Self {
        Self { cache: true, ..Self::new(titre) }
    }

    /// Sorted by following `url`; `ordre` when the table is sorted by this column now.
    #[must_use]
    pub fn tri(mut self, url: impl Display, ordre: Option<Ordre>) -> Self {
        self.tri = Some((url.to_string(), ordre));
        self
    }

    fn aria_sort(&self) -> Option<&'static str> {
        match self.tri.as_ref()?.1? {
            Ordre::Croissant => Some("ascending"),
            Ordre::Decroissant => Some("descending"),
        }
    }
}

/// The content of a cell.
#[derive(Clone, Debug)]
pub struct Cellule {
    contenu: Markup,
}

impl Cellule {
    pub fn texte(texte: impl Display) -> Self {
        Self { contenu: Markup::texte(texte) }
    }

    /// A whole number, with its thousands apart.
    pub fn nombre(n: i64) -> Self {
        Self::texte(nombre(n))
    }

    pub fn lien(libelle: impl Display, url: impl Display) -> Self {
        Self { contenu: Markup::lien(libelle, url) }
    }

    /// Components: badge, field, buttons.
    pub fn markup(contenu: Markup) -> Self {
        Self { contenu }
    }
}

/// A table of data. The first cell of each row is its header.
#[derive(Clone, Debug, Template)]
#[template(path = "components/tableau.html")]
pub struct Tableau {
    id: String,
    legende: String,
    legende_cachee: bool,
    colonnes: Vec<Colonne>,
    lignes: Vec<Vec<Cellule>>,
    si_vide: String,
}
composant!(Tableau);

impl Tableau {
    pub fn new(legende: impl Display, colonnes: Vec<Colonne>) -> Self {
        let legende = legende.to_string();
        Self {
            id: format!("tableau-{}", identifiant(&legende)),
            legende,
            legende_cachee: false,
            colonnes,
            lignes: Vec::new(),
            si_vide: "Aucune ligne à afficher.".to_owned(),
        }
    }

    /// What is wrong, or to be known, in a file that was sent.
    /// Line (or [`FICHIER_ENTIER`]), column, sentence.
    pub fn releve<'a>(legende: &str, faits: impl IntoIterator<Item = (u64, &'a str, &'a str)>) -> Self {
        let colonnes = vec![Colonne::courte("Ligne"), Colonne::new("Colonne"), Colonne::longue("Motif")];
        Self::new(legende, colonnes).lignes(faits.into_iter().map(|(ligne, colonne, motif)| {
            let ligne = if ligne == FICHIER_ENTIER { "fichier".to_owned() } else { ligne.to_string() };
            vec![Cellule::texte(ligne), Cellule::texte(colonne), Cellule::texte(motif)]
        }))
    }

    #[must_use]
    pub fn ligne(mut self, cellules: Vec<Cellule>) -> Self {
        self.lignes.push(cellules);
        self
    }

    #[must_use]
    pub fn lignes(mut self, lignes: impl IntoIterator<Item = Vec<Cellule>>) -> Self {
        self.lignes.extend(lignes);
        self
    }

    /// What is said instead of a table without rows.
    #[must_use]
    pub fn si_vide(mut self, texte: impl Display) -> Self {
        self.si_vide = texte.to_string();
        self
    }

    /// The caption is read by screen readers only: the heading above says the same.
    #[must_use]
    pub fn legende_cachee(mut self) -> Self {
        self.legende_cachee = true;
        self
    }

    fn classe(&self, position: &usize) -> &'static str {
        self.colonnes.get(*position).map_or("", |colonne| colonne.classe)
    }
}
