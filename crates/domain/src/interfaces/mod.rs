//! Open interfaces: what a program of an establishment may do, and what it is told.

pub mod conformite;
pub mod evenements;
pub mod jetons;
