//! A row that was read, whoever read it: the driver, or ourselves ([`crate::sur_place`]).

use std::sync::Arc;

pub use lignes::FromLigne;
use sea_orm::{DbErr, QueryResult, TryGetable};

/// A row.
#[derive(Debug)]
#[doc(hidden)]
pub struct Ligne(Lue);

#[derive(Debug)]
enum Lue {
    Pilote(QueryResult),
    SurPlace { noms: Arc<[String]>, valeurs: Vec<Valeur> },
}

/// A value, as SQLite keeps it.
#[derive(Debug)]
#[doc(hidden)]
pub enum Valeur {
    Rien,
    Entier(i64),
    Reel(f64),
    Texte(String),
    Octets(Vec<u8>),
}

impl Valeur {
    /// The value itself may be somebody's: it goes into no message.
    const fn genre(&self) -> &'static str {
        match self {
            Self::Rien => "nothing",
            Self::Entier(_) => "a whole number",
            Self::Reel(_) => "a real",
            Self::Texte(_) => "a text",
            Self::Octets(_) => "bytes",
        }
    }
}

/// What is read from a row.
pub trait FromLigne: Sized {
    /// Reads it, each field from the column that has its name.
    ///
    /// # Errors
    /// A column that is not there, or holds something else.
    fn from_ligne(ligne: &Ligne) -> Result<Self, DbErr>;
}

/// What is read from a column.
#[doc(hidden)]
pub trait Champ: Sized {
    fn of_pilote(ligne: &QueryResult, nom: &str) -> Result<Self, DbErr>;
    /// `None`: something else than a value of this type.
    fn of_valeur(valeur: &Valeur) -> Option<Self>;
}

impl Ligne {
    pub(crate) const fn of_pilote(ligne: QueryResult) -> Self {
        Self(Lue::Pilote(ligne))
    }

    pub(crate) const fn of_valeurs(noms: Arc<[String]>, valeurs: Vec<Valeur>) -> Self {
        Self(Lue::SurPlace { noms, valeurs })
    }

    /// The column of this name, which may be at this place.
    ///
    /// # Errors
    /// A column that is not there, or holds something else.
    pub fn reads<T: Champ>(&self, place: usize, nom: &str) -> Result<T, DbErr> {
        let (noms, valeurs) = match &self.0 {
            Lue::Pilote(ligne) => return T::of_pilote(ligne, nom),
            Lue::SurPlace { noms, valeurs } => (noms, valeurs),
        };
        let place = if noms.get(place).is_some_and(|n| n == nom) {
            Some(place)
        } else {
            // The last of this name, as the driver does.
            noms.iter().rposition(|n| n == nom)
        };
        let valeur = place.and_then(|p| valeurs.get(p));
        let valeur = valeur.ok_or_else(|| DbErr::Type(format!("no column {nom}")))?;
        T::of_valeur(valeur)
            .ok_or_else(|| DbErr::Type(format!("column {nom}: {} unexpected", valeur.genre())))
    }

    /// The first column.
    pub(crate) fn first<T: Champ + TryGetable>(&self) -> Result<Option<T>, DbErr> {
        match &self.0 {
            Lue::Pilote(ligne) => ligne.try_get_by_index(0),
            Lue::SurPlace { valeurs, .. } => {
                let valeur = valeurs.first().ok_or_else(|| DbErr::Type("no column".to_owned()))?;
                Option::<T>::of_valeur(valeur)
                    .ok_or_else(|| DbErr::Type(format!("first column: {} unexpected", valeur.genre())))
            }
        }
    }
}

macro_rules! champ {
    ($($genre:ty: $valeur:ident => $lu:expr),*) => {$(
        impl Champ for $genre {
            fn of_pilote(ligne: &QueryResult, nom: &str) -> Result<Self, DbErr> {
                ligne.try_get("", nom)
            }
            fn of_valeur(valeur: &Valeur) -> Option<Self> {
                match valeur {
                    Valeur::$valeur(v) => Some($lu(v)),
                    _ => None,
                }
            }
        }
    )*};
}

champ!(
    i64: Entier => |v: &i64| *v,
    f64: Reel => |v: &f64| *v,
    String: Texte => String::clone,
    Vec<u8>: Octets => Vec::clone
);

impl<T: Champ + TryGetable> Champ for Option<T> {
    fn of_pilote(ligne: &QueryResult, nom: &str) -> Result<Self, DbErr> {
        ligne.try_get("", nom)
    }
    fn of_valeur(valeur: &Valeur) -> Option<Self> {
        match valeur {
            Valeur::Rien => Some(None),
            autre => T::of_valeur(autre).map(Some),
        }
    }
}
