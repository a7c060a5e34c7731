//! What candidates read of a description.

use domain::formations::Genre;
use domain::formations::description::{Champ, Description, LigneListe, Rubrique, Valeur};
use store::Sql;
use store::formations::LigneFormation;

use super::description::{Lieux, VueDescription, genre, lit};
use crate::erreur::AppError;

/// A field as the public reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChampFiche {
    /// The field.
    pub champ: &'static Champ,
    /// Text of several lines, or the cells of a table whose columns are those of the field.
    pub contenu: ContenuFiche,
}

/// What a public field says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContenuFiche {
    /// As it is read.
    Texte(String),
    /// One row a line, one cell a column of the field.
    Lignes(Vec<Vec<String>>),
}

/// What candidates read of a description: public fields that say something, in the order of the forms.
pub(super) fn public(d: &Description, genre: Genre, nom: impl Fn(&Champ, &str) -> String) -> Vec<ChampFiche> {
    let cellules = |c: &Champ, l: &LigneListe| -> Vec<String> {
        c.colonnes().iter().map(|s| l.get(s.code).map_or_else(String::new, |v| s.lisible(v))).collect()
    };
    Rubrique::ALL
        .into_iter()
        .flat_map(|r| r.champs(genre))
        .filter(|c| c.public)
        .filter_map(|champ| {
            let contenu = match d.valeur(champ.code)? {
                Valeur::Texte(t) => ContenuFiche::Texte(nom(champ, t)),
                Valeur::Lignes(l) => ContenuFiche::Lignes(l.iter().map(|l| cellules(champ, l)).collect()),
            };
            Some(ChampFiche { champ, contenu })
        })
        .collect()
}

impl VueDescription {
    /// What candidates will read of the draft.
    pub fn public(&self) -> Vec<ChampFiche> {
        self.public_with(&self.description)
    }

    /// The same of a description that is typed, saved or not.
    pub fn public_with(&self, d: &Description) -> Vec<ChampFiche> {
        public(d, self.genre, |c, t| self.lieux.lisible(c, t))
    }
}

/// What candidates read of a publication.
pub(super) async fn public_of(
    c: &impl Sql,
    f: &LigneFormation,
    contenu: &str,
) -> Result<Vec<ChampFiche>, AppError> {
    let d = lit(contenu, genre(f))?;
    let lieux = Lieux::load(c, f.session_id, f.etablissement_id).await?;
    Ok(public(&d, genre(f), |champ, t| lieux.lisible(champ, t)))
}
