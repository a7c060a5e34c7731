//! R-FOR-17, R-FOR-18: what the nation says of the type of a course: what is expected, and the specialities advised.

use domain::formations::description::Description;
use store::Sql;
use store::nomenclatures::{LigneType, type_of};

use crate::erreur::AppError;

/// The national frame of the type of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CadreNational {
    /// « BTS-MCO ».
    pub sigle: String,
    /// « Management commercial opérationnel ».
    pub libelle: String,
    /// One paragraph a line; empty: nothing is said.
    pub attendus: String,
    /// Advice on the specialities of the general baccalauréat, one paragraph a line; empty: nothing is said.
    pub specialites: String,
    /// Where it was read.
    pub source: String,
    /// UTC milliseconds of the day when it was read.
    pub lu_le: i64,
}

impl CadreNational {
    /// What a draft says of what is expected, beside the national text.
    pub fn compare(&self, d: &Description) -> AccordNational {
        match d.texte("attendus") {
            _ if self.attendus.is_empty() => AccordNational::Muet,
            "" => AccordNational::Vide,
            dit if dit == self.attendus => AccordNational::Identique,
            _ => AccordNational::Autre,
        }
    }

    /// A template with the national text of the type.
    #[must_use]
    pub(super) fn complete(&self, modele: Description) -> Description {
        if self.attendus.is_empty() { modele } else { modele.avec("attendus", &self.attendus) }
    }
}

impl From<LigneType> for CadreNational {
    fn from(t: LigneType) -> Self {
        Self {
            sigle: t.sigle,
            libelle: t.libelle,
            attendus: t.attendus,
            specialites: t.specialites,
            source: t.source,
            lu_le: t.maj_le,
        }
    }
}

/// A draft beside the national text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccordNational {
    /// The nation says nothing of this type.
    Muet,
    /// The draft says nothing yet.
    Vide,
    /// The same.
    Identique,
    /// Something else.
    Autre,
}

/// The national frame of a course of a session; `None`: its type is not known.
pub(super) async fn load_national(
    c: &impl Sql,
    formation_session: i64,
) -> Result<Option<CadreNational>, AppError> {
    Ok(type_of(c, formation_session).await?.map(CadreNational::from))
}
