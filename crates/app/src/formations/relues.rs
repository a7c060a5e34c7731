//! What the reading of the analysis grids found, kept in memory: it depends on their words alone, and each page of a course, or of
//! many, asks for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::formations::Genre;
use domain::grille::Decompte;
use sha2::{Digest as _, Sha256};

use super::description::lit;
use crate::erreur::AppError;

/// Descriptions kept at most.
const DESCRIPTIONS: usize = 50_000;

/// The descriptions read not long ago, by what they say: what the rules of the frame find in their grid.
#[derive(Debug, Default)]
pub struct Relues(Mutex<HashMap<[u8; 32], Decompte>>);

impl Relues {
    /// How much the rules of the frame find in the grid of the description written so (`contenu`).
    pub(super) fn points(&self, contenu: &str, genre: Genre) -> Result<Decompte, AppError> {
        let cle = Sha256::new().chain_update(genre.code()).chain_update([0]).chain_update(contenu).finalize();
        let all = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lus) = all().get(cle.as_slice()) {
            return Ok(*lus);
        }
        let points = Decompte::of(&lit(contenu, genre)?.constats());
        let mut lues = all();
        if lues.len() >= DESCRIPTIONS {
            lues.clear();
        }
        lues.insert(cle.into(), points);
        Ok(points)
    }
}

#[cfg(test)]
mod tests {
    use domain::formations::description::modele;

    use super::super::description::ecrit;
    use super::*;

    #[test]
    fn each_text_is_read_for_itself_and_only_once() {
        let juste = modele(Genre::Bts);
        let faux = juste.clone().avec("poids_1", "99");
        let lettre = juste.clone().avec("lettre", "oui");
        let lues = Relues::default();
        let ecrits = [&juste, &faux, &lettre].map(|d| ecrit(d).expect("JSON"));
        let points = |texte: &str, genre| lues.points(texte, genre).expect("a description");
        let bloquant = Decompte { bloquants: 1, a_verifier: 0 };
        assert_eq!(points(&ecrits[0], Genre::Bts), Decompte::default());
        assert_eq!(points(&ecrits[1], Genre::Bts), bloquant);
        assert_eq!(points(&ecrits[2], Genre::Bts), Decompte { bloquants: 0, a_verifier: 1 });
        // Known by its text: the grid is not read again.
        let connu = Decompte { bloquants: 0, a_verifier: 9 };
        for p in lues.0.lock().expect("nobody else").values_mut() {
            *p = connu;
        }
        assert_eq!(points(&ecrits[1], Genre::Bts), connu);
        assert_eq!(points(&ecrits[1], Genre::Licence), bloquant, "of another kind, it is another");
        assert!(lues.points("{", Genre::Bts).is_err());
    }
}
