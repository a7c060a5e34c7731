//! What makes a course the same from one file to the next.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Identity of a course.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identite {
    /// National code, the same in `cod_aff_form` and as `g_ta_cod` in links.
    Nationale(u64),
    /// Without code: establishment, labels, and order among those that have the same in the file.
    Composee {
        uai: String,
        libelle: String,
        /// From 1.
        ordre: u32,
    },
}

impl Identite {
    /// Key as text, unique in a session.
    pub fn cle(&self) -> String {
        match self {
            Self::Nationale(code) => code.to_string(),
            Self::Composee { uai, libelle, ordre } => format!("{uai}|{libelle}|{ordre}"),
        }
    }

    /// « Identité incertaine »: a change of label or of order in the file would make another course of it.
    pub const fn is_incertaine(&self) -> bool {
        matches!(self, Self::Composee { .. })
    }

    /// National code, when there is one.
    pub const fn g_ta_cod(&self) -> Option<u64> {
        match self {
            Self::Nationale(code) => Some(*code),
            Self::Composee { .. } => None,
        }
    }
}

/// Counts the courses that have the same establishment and labels. Keeps digests, not labels: two labels of the same
/// digest would share a count, which leaves their identities apart all the same.
#[derive(Default)]
pub(crate) struct Ordres(HashMap<u64, u32>);

impl Ordres {
    pub(crate) fn next(&mut self, cle: &impl Hash) -> u32 {
        let mut empreinte = DefaultHasher::new();
        cle.hash(&mut empreinte);
        let ordre = self.0.entry(empreinte.finish()).or_default();
        *ordre += 1;
        *ordre
    }
}
