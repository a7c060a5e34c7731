//! The national nomenclatures: types of courses, what is expected of candidates in each, specialities advised; towns.

mod attendus;
mod communes;
mod filieres;
mod html;

pub use attendus::{TexteFiliere, Textes, read_attendus};
pub use communes::read_communes;
pub use filieres::{Filiere, read_filieres};
