//! What the sheets of the workbook hold, for whoever writes one with a program.

use domain::formations::PRESENTATION_MAX;
use domain::formations::description::{Champ, Nature};

use super::presentation::PRESENTATION;
use super::regroupements::Colonne as ColonneRegroupement;
use super::{FORMATIONS, IDENTITE, capacites, etablissements, listes, simples};

/// A column of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColonneSchema {
    /// The title, as it is written in the first row.
    pub titre: String,
    /// What it holds.
    pub quoi: String,
    /// `string`, `integer`, `number`, `boolean` or `date`, as Table Schema names them.
    pub genre: &'static str,
    /// What may be written; empty: anything of the kind.
    pub valeurs: Vec<String>,
    /// Characters at most.
    pub longueur_max: Option<usize>,
    /// Smallest and greatest value.
    pub bornes: Option<(i64, i64)>,
    /// Must be filled on each line.
    pub requise: bool,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeuilleSchema {
    /// Its name; a CSV file is the first one.
    pub nom: String,
    /// In their order; any order is read back.
    pub colonnes: Vec<ColonneSchema>,
}

/// A column of which nothing more is said.
pub(crate) fn simple(titre: &str, quoi: &str, genre: &'static str) -> ColonneSchema {
    ColonneSchema {
        titre: titre.to_owned(),
        quoi: quoi.to_owned(),
        genre,
        valeurs: Vec::new(),
        longueur_max: None,
        bornes: None,
        requise: false,
    }
}

fn champ(c: &Champ) -> ColonneSchema {
    let base = simple(c.libelle, c.aide, "string");
    match c.nature {
        Nature::Texte(max) | Nature::Zone(max) => ColonneSchema { longueur_max: Some(max), ..base },
        Nature::OuiNon => ColonneSchema { valeurs: vec!["oui".to_owned(), "non".to_owned()], ..base },
        Nature::Choix(choix) => {
            ColonneSchema { valeurs: choix.iter().map(|(_, l)| (*l).to_owned()).collect(), ..base }
        }
        Nature::Nombre(min, max) => ColonneSchema { genre: "integer", bornes: Some((min, max)), ..base },
        Nature::Montant => ColonneSchema { genre: "number", quoi: format!("En euros. {}", c.aide), ..base },
        Nature::Jour => ColonneSchema { genre: "date", ..base },
        _ => base,
    }
}

fn identite() -> Vec<ColonneSchema> {
    let quoi = [
        "Identifiant public de la formation : dit de quelle formation parle la ligne.",
        "Pour lire ; n’est pas repris.",
        "Pour lire ; n’est pas repris.",
    ];
    let mut colonnes: Vec<_> = IDENTITE.iter().zip(quoi).map(|(t, q)| simple(t, q, "string")).collect();
    if let Some(premiere) = colonnes.first_mut() {
        premiere.requise = true;
    }
    colonnes
}

/// The sheets of the workbook. The columns of the places of each group depend on the courses: « Places – » and the label of the
/// group.
pub fn workbook_schema() -> Vec<FeuilleSchema> {
    let mut premiere = identite();
    premiere.push(simple(capacites::CAPACITE, "Places offertes, tous groupes réunis.", "integer"));
    premiere.push(simple(
        "Places – …",
        "Une colonne par groupe de classement, pour les formations qui en ont plusieurs : leur somme est la capacité.",
        "integer",
    ));
    premiere.push(simple(capacites::FRAIS, "Coût d’une année, en euros.", "number"));
    premiere.extend(ColonneRegroupement::ALL.map(|c| ColonneSchema {
        valeurs: c.offertes().into_iter().map(str::to_owned).collect(),
        ..simple(c.libelle(), "Vœu multiple dont la formation fait partie.", "string")
    }));
    premiere.push(ColonneSchema {
        longueur_max: Some(PRESENTATION_MAX),
        ..simple(
            PRESENTATION,
            "Texte simple qui ouvre la fiche publique ; une ligne vide sépare deux paragraphes.",
            "string",
        )
    });
    premiere.extend(simples().map(champ));
    let mut feuilles = vec![FeuilleSchema { nom: FORMATIONS.to_owned(), colonnes: premiere }];
    feuilles.extend(listes().map(|l| {
        let colonnes = identite().into_iter().chain(l.colonnes().iter().map(champ)).collect();
        FeuilleSchema { nom: l.libelle.to_owned(), colonnes }
    }));
    feuilles.extend(etablissements::schema());
    feuilles
}
