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
