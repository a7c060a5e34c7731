//! One folder per audience. Spaces never import each other: what two share is a component or a use case.

pub mod academie;
pub mod candidat;
pub mod commun;
pub mod dev;
pub mod exploitation;
pub mod gestion;
pub mod national;
pub mod public;
