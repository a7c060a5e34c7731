//! The admission algorithms a second time, written to be read: the order of the text of the specification, one function a paragraph,
//! wishes in the order in which they are called, sorted lists of candidates, no column, no shortcut. It shares nothing with the engine, whose every run it
//! judges: where the two differ, nothing is published.
//!
//! Numbers (§ 5, P4, O1…) are those of the specification of the algorithms; each rule is cited where it is applied.

#![deny(missing_docs)]

pub mod ordre_appel;
pub mod propositions;

/// Is something there twice?
fn has_double<T: Ord>(choses: impl Iterator<Item = T>) -> bool {
    let mut choses: Vec<T> = choses.collect();
    choses.sort_unstable();
    choses.windows(2).any(|deux| deux[0] == deux[1])
}
