//! The admission algorithms a second time, written to be read: the order of the text of the specification, one function a paragraph, sorted
//! lists and sets, no column, no index, no shortcut. It shares nothing with the engine, whose every run it judges: where the two
//! differ, nothing is published.
//!
//! Numbers (§ 5, P4, O1…) are those of the specification of the algorithms; each rule is cited where it is applied.

#![deny(missing_docs)]

pub mod ordre_appel;
pub mod propositions;
