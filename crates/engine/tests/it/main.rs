#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! The engine from outside. One binary: a mutant is linked once.

mod commun;
mod entrees;
mod explication;
mod journee;
mod ordre_appel;
mod propositions;
mod proprietes;
mod specification;
mod verificateur;
