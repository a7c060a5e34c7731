//! The national nomenclatures: types of courses, what is expected of candidates in each, specialities advised; towns; diplomas; the
//! register of the establishments of the catalogue of apprenticeship.

mod attendus;
mod communes;
mod diplomes;
mod filieres;
mod html;
mod organismes;

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;

use crate::FichierError;
use crate::offre::Champs;
use crate::tableau::{Bilan, Faute, Lecteur, Ligne, Nature, Releve};

pub use attendus::{TexteFiliere, Textes, read_attendus};
pub use communes::read_communes;
pub use diplomes::read_diplomes;
pub use filieres::{Filiere, read_filieres};
pub use organismes::read_organismes;

/// Where the columns of a national list are, each by the names that it may bear, the preferred one first: without one of them the
/// file is another one. Tells the columns that are neither among them nor among the `facultatives`.
fn resolve<const N: usize>(
    lecteur: &Lecteur<'_>,
    releve: &mut Releve,
    colonnes: [&[&str]; N],
    facultatives: &[&str],
    liste: &str,
) -> Result<[usize; N], FichierError> {
    let entetes = lecteur.entetes();
    let trouvees = colonnes.map(|noms| entetes.find(noms));
    let absentes: Vec<Faute> = colonnes
        .iter()
        .zip(trouvees)
        .filter(|(_, trouvee)| trouvee.is_none())
        .map(|(noms, _)| Faute {
            ligne: 1,
            colonne: noms.join(" ou "),
            motif: format!(
                "colonne indispensable absente : vérifiez que le fichier est la liste nationale {liste}"
            ),
        })
        .collect();
    if !absentes.is_empty() {
        return Err(lecteur.header_error(absentes));
    }
    let connues: Vec<usize> =
        trouvees.into_iter().chain(facultatives.iter().map(|nom| entetes.find(&[*nom]))).flatten().collect();
    for index in (0..entetes.len()).filter(|i| !connues.contains(i)) {
        releve.warn(Nature::ColonneInconnue, 1, &entetes.nom(index), || {
            "colonne inconnue : son contenu n’est pas repris".to_owned()
        });
    }
    // Every one is there: the absent ones were refused above.
    Ok(trouvees.map(Option::unwrap_or_default))
}

/// Reads the lines of a list to its end. `row` gives what a line says, or tells its faults: it is counted, and left out.
fn read_rows<T>(
    lecteur: &mut Lecteur<'_>,
    bilan: &mut Bilan,
    mut row: impl FnMut(&mut Champs<'_>) -> Option<T>,
) -> Result<Vec<T>, FichierError> {
    let entetes = lecteur.entetes().clone();
    let mut lus = Vec::new();
    let mut ligne = Ligne::default();
    while lecteur.read_or_tell(&mut ligne, bilan)? {
        match row(&mut Champs::new(&ligne, &entetes, &mut bilan.releve)) {
            Some(lu) => lus.push(lu),
            None => bilan.lignes_fautives += 1,
        }
    }
    lecteur.close(bilan);
    bilan.lignes_valides = lus.len() as u64;
    Ok(lus)
}

/// Whether no line before this one has its key; one that has it again is at fault. `quoi`: what people call the key, and its column.
fn is_first<C: Clone + Eq + Hash + Display>(
    vus: &mut HashMap<C, u64>,
    champs: &mut Champs<'_>,
    (quoi, index): (&str, usize),
    cle: &C,
) -> bool {
    let ici = champs.numero();
    let premier = *vus.entry(cle.clone()).or_insert(ici);
    if premier != ici {
        let motif = format!("{quoi} {cle} déjà à la ligne {premier} : gardez une seule des deux");
        champs.fault(Some(index), motif);
    }
    premier == ici
}
