//! What the courses of a type had in the session before, kept in memory: thousands of rows for one range, asked for by each
//! page of a course.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::formations::Repere;

/// Session, family, status, title.
pub(super) type Type = (i64, String, String, String);

/// Types kept at most: a session has a few thousand.
const TYPES: usize = 20_000;

/// The ranges read not long ago.
#[derive(Debug, Default)]
pub struct Reperes(Mutex<HashMap<Type, (i64, Option<Repere>)>>);

impl Reperes {
    /// That of a type, when it was read since this instant (real milliseconds); `Some(None)`: there was nothing to say of it.
    pub(super) fn get(&self, cle: &Type, depuis_ms: i64) -> Option<Option<Repere>> {
        let lus = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lus.get(cle).filter(|(lu, _)| *lu > depuis_ms).map(|(_, r)| r.clone())
    }

    pub(super) fn put(&self, cle: Type, lu_ms: i64, repere: Option<Repere>) {
        let mut lus = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lus.len() >= TYPES {
            lus.clear();
        }
        lus.insert(cle, (lu_ms, repere));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_given_again_for_its_type_and_while_it_is_fresh() {
        let lus = Reperes::default();
        let bts = |titre: &str| (1, "bts".to_owned(), "etudiant".to_owned(), titre.to_owned());
        let repere = Repere::new(&[], &[24; 100], &crate::limites::Limites::default().vraisemblance);
        assert!(repere.is_some());
        lus.put(bts("A"), 1_000, repere.clone());
        lus.put(bts("B"), 1_000, None);
        assert_eq!(lus.get(&bts("A"), 999), Some(repere));
        assert_eq!(lus.get(&bts("B"), 999), Some(None), "nothing to say is known too");
        assert_eq!(lus.get(&bts("A"), 1_000), None, "too old");
        assert_eq!(lus.get(&(2, "bts".to_owned(), "etudiant".to_owned(), "A".to_owned()), 0), None);
    }
}
