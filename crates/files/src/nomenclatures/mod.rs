//! The national nomenclatures: types of courses, what is expected of candidates in each, specialities advised.

mod attendus;
mod filieres;
mod html;

pub use attendus::{TexteFiliere, Textes, read_attendus};
pub use filieres::{Filiere, read_filieres};
