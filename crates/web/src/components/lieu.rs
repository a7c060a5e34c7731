//! How a place is named, in lists and in sentences.

use domain::assistance::Lieu;
use domain::territoires::{departement, departements};

use super::{Choix, du};

/// « 59 – Nord »; the code of a department that is not known.
pub fn nom_departement(code: &str) -> String {
    departement(code).map_or_else(|| code.to_owned(), |d| format!("{} – {}", d.code, d.nom))
}

/// Every department, to be chosen.
pub fn choix_departements() -> Vec<Choix> {
    departements().iter().map(|d| Choix::new(d.code, nom_departement(d.code))).collect()
}

/// « Nord, région académique Hauts-de-France ».
pub fn nom_lieu(l: Lieu) -> String {
    let region = format!("région académique {}", l.region.nom);
    match l.departement {
        Some(d) if l.has_cellule() => format!("{}, {region}", d.nom),
        Some(d) => d.nom.to_owned(),
        None => format!("académie {}, {region}", du(l.academie.nom)),
    }
}
