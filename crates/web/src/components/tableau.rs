//! Tables: caption, row headers, columns sorted by links; on a phone, a card for each row.

use std::fmt::Display;

use app::FICHIER_ENTIER;
use app::messages::capitale;
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
    defilant: bool,
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
            defilant: false,
        }
    }

    /// What is wrong, or to be known, in a file that was sent; `quoi` is the title of that column.
    /// Line (or [`FICHIER_ENTIER`]), column, sentence, which is given its capital.
    pub fn releve<'a>(
        legende: &str,
        quoi: &str,
        faits: impl IntoIterator<Item = (u64, &'a str, &'a str)>,
    ) -> Self {
        let colonnes = vec![Colonne::courte("Ligne"), Colonne::new("Colonne"), Colonne::longue(quoi)];
        Self::new(legende, colonnes).lignes(faits.into_iter().map(|(ligne, colonne, motif)| {
            let ligne = if ligne == FICHIER_ENTIER { "fichier".to_owned() } else { ligne.to_string() };
            vec![Cellule::texte(ligne), Cellule::texte(colonne), Cellule::texte(capitale(motif))]
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

    /// Stays a table on a phone, and scrolls: figures compared from a row to the next.
    #[must_use]
    pub fn defilant(mut self) -> Self {
        self.defilant = true;
        self
    }

    /// What stands before a cell in a card: the title of its column, unless it is for screen readers only.
    fn titre(&self, position: &usize) -> Option<&str> {
        let colonne = self.colonnes.get(*position)?;
        (!colonne.cache && !colonne.titre.is_empty()).then_some(colonne.titre.as_str())
    }

    fn classe(&self, position: &usize) -> &'static str {
        self.colonnes.get(*position).map_or("", |colonne| colonne.classe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::verification::verifie;

    #[test]
    fn each_cell_says_its_column_and_the_table_stays_one_for_screen_readers() {
        let colonnes =
            vec![Colonne::new("Formation"), Colonne::nombre("Places"), Colonne::actions("Actions")];
        let ligne = vec![Cellule::texte("BTS"), Cellule::nombre(24), Cellule::texte("Ouvrir")];
        let table = Tableau::new("Formations", colonnes).ligne(ligne);
        let html = table.to_string();
        verifie(&html);
        for role in ["table", "rowgroup", "row", "columnheader", "rowheader", "cell"] {
            assert!(html.contains(&format!("role=\"{role}\"")), "{role}: {html}");
        }
        assert!(html.contains(r#"data-colonne="Places">24<"#), "{html}");
        assert!(!html.contains(r#"data-colonne="Actions""#), "{html}");
        assert!(html.contains("tableau--cartes"), "{html}");
        assert!(!table.defilant().to_string().contains("tableau--cartes"));
    }

    #[test]
    fn what_is_wrong_in_a_file_begins_with_a_capital() {
        let html =
            Tableau::releve("Fautes", "Ce qui ne va pas", [(3, "Rang", "rang 1 en double")]).to_string();
        assert!(html.contains(">Rang 1 en double<") && html.contains(">Ce qui ne va pas<"), "{html}");
    }
}
