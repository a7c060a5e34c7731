//! The national nomenclatures: types of courses, what is expected of candidates in each, specialities advised; towns; diplomas; the
//! register of the establishments of the catalogue of apprenticeship.

mod attendus;
mod communes;
mod diplomes;
mod filieres;
mod html;
mod organismes;

use crate::FichierError;
use crate::tableau::{Faute, Lecteur, Nature, Releve};

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
