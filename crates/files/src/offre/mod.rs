//! The public data set « fr-esr-parcoursup »: every course of a session with its figures, 2018 to 2025.

pub(crate) mod champs;
mod chiffres;
mod colonnes;
mod identite;
mod lecture;
mod ligne;
mod territoires;
#[cfg(test)]
mod tests;

pub use chiffres::{Chiffres, ColonneTaux, Compteur};
pub use identite::Identite;
pub use ligne::{GroupePublie, Libelles, LigneOffre, ListeAppel, StatutEtablissement};

pub(crate) use champs::Champs;
pub(crate) use identite::Ordres;
pub(crate) use ligne::famille_from_fili;
pub(crate) use territoires::{Indices, Territoires};

use std::io::Read;

use crate::tableau::{Bilan, Lecteur, Ligne};
use crate::{FichierError, Options};

/// Reads the data set and hands each right line to `sink`, in the order of the file.
///
/// The rows are handed over while the file is read: a caller that applies them does so in one transaction and
/// gives it up when the account shows faults, or when the reading ends with an error.
pub fn read_offre<'a>(
    source: impl Read + 'a,
    nom_fichier: &str,
    options: Options<'a>,
    sink: &mut dyn FnMut(LigneOffre),
) -> Result<Bilan, FichierError> {
    let mut lecteur = Lecteur::open(source, nom_fichier, options)?.tolerant();
    let mut bilan = lecteur.bilan();
    let mut lecture = lecture::Lecture::prepare(&lecteur, &mut bilan)?;
    let mut ligne = Ligne::default();
    while lecteur.read_or_tell(&mut ligne, &mut bilan)? {
        match lecture.row(&ligne, &mut bilan.releve) {
            Some(offre) => {
                bilan.lignes_valides += 1;
                *bilan.sessions.entry(offre.session).or_default() += 1;
                sink(offre);
            }
            None => bilan.lignes_fautives += 1,
        }
    }
    lecteur.close(&mut bilan);
    Ok(bilan)
}
