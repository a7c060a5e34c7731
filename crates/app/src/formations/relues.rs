//! What the reading of the analysis grids found, kept in memory: it depends on their words alone, and each page of a course asks
//! for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::formations::Famille;
use domain::formations::description::Description;
use sha2::{Digest as _, Sha256};

/// Descriptions kept at most.
const DESCRIPTIONS: usize = 50_000;

/// The descriptions read not long ago, by what they say: whether their grid is to be put right.
#[derive(Debug, Default)]
pub struct Relues(Mutex<HashMap<[u8; 32], bool>>);

impl Relues {
    /// Whether a rule that prevents publication finds something in the grid of this description, written so (`contenu`).
    pub(super) fn is_fautive(&self, contenu: &str, famille: Famille, description: &Description) -> bool {
        let cle =
            Sha256::new().chain_update(famille.code()).chain_update([0]).chain_update(contenu).finalize();
        let all = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lue) = all().get(cle.as_slice()) {
            return *lue;
        }
        let fautive = description.constats().iter().any(|c| c.regle.prevents_publication());
        let mut lues = all();
        if lues.len() >= DESCRIPTIONS {
            lues.clear();
        }
        lues.insert(cle.into(), fautive);
        fautive
    }
}

#[cfg(test)]
mod tests {
    use domain::formations::description::modele;

    use super::super::description::ecrit;
    use super::*;

    #[test]
    fn each_text_is_read_for_itself_and_read_again_alike() {
        let juste = modele(Famille::Bts);
        let faux = juste.clone().avec("poids_1", "99");
        let (lues, aucune) = (Relues::default(), Description::default());
        let ecrits = [&juste, &faux].map(|d| ecrit(d).expect("JSON"));
        assert!(!lues.is_fautive(&ecrits[0], Famille::Bts, &juste));
        assert!(lues.is_fautive(&ecrits[1], Famille::Bts, &faux));
        // Known by its text: the description is not read again.
        assert!(lues.is_fautive(&ecrits[1], Famille::Bts, &aucune));
        assert!(!lues.is_fautive(&ecrits[1], Famille::Licence, &aucune), "of another family, it is another");
    }
}
