//! The web edge: parses a request, calls one use case, renders. Decides nothing.

pub mod assets;
pub mod components;
pub mod entetes;
pub mod erreurs_page;
pub mod layout;
