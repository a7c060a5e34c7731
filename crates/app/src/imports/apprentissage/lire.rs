//! Reading the files of a day, without the database.

use std::path::{Path, PathBuf};

use domain::apprentissage::{Fiche, Perimetre};
use files::catalogue::{BilanCatalogue, FicheRefusee, LIMITES, Lue, read_catalogue, read_perimetre};
use files::{Bilan, Limites, Progression};

use super::super::lire::{ImportError, lire_un};

/// What was read of the files of a day.
#[derive(Debug)]
pub struct FluxLu {
    /// Right records, in the order of the files.
    pub(super) fiches: Vec<Fiche>,
    /// For each of them, the rank of its file and its line.
    pub(super) places: Vec<(usize, u64)>,
    /// Records that cannot be taken, with the rank of their file.
    pub(super) refusees: Vec<(usize, FicheRefusee)>,
    /// The account of each file, with its path.
    pub(super) fichiers: Vec<(BilanCatalogue, PathBuf)>,
}

impl FluxLu {
    /// A day without any file: what the demonstration invents.
    pub(crate) fn invented(fiches: Vec<Fiche>, refusees: Vec<FicheRefusee>) -> Self {
        Self {
            places: fiches.iter().map(|_| (0, 0)).collect(),
            fiches,
            refusees: refusees.into_iter().map(|r| (0, r)).collect(),
            fichiers: Vec::new(),
        }
    }
}

/// Reads the files of a day: records of the national catalogue or LHÉO 2.3, compressed or not.
///
/// # Errors
/// [`ImportError`], in French. A record at fault is no error: it is refused and told.
pub fn lire_catalogue(
    chemins: &[PathBuf],
    progression: &mut dyn FnMut(&str, Progression),
) -> Result<FluxLu, ImportError> {
    let mut lu =
        FluxLu { fiches: Vec::new(), places: Vec::new(), refusees: Vec::new(), fichiers: Vec::new() };
    for (rang, chemin) in chemins.iter().enumerate() {
        let bilan = lire_un(chemin, LIMITES, progression, |source, nom, options| {
            read_catalogue(source, nom, options, &mut |l| match l {
                Lue::Fiche(f) => {
                    lu.places.push((rang, f.ligne));
                    lu.fiches.push(f.fiche);
                }
                Lue::Refusee(r) => lu.refusees.push((rang, r)),
            })
        })?;
        if bilan.lues == 0 {
            return Err(ImportError::SansFiche { fichier: bilan.fichier });
        }
        lu.fichiers.push((bilan, chemin.clone()));
    }
    if lu.fichiers.is_empty() {
        return Err(ImportError::RienDemande);
    }
    Ok(lu)
}

/// A perimeter has some dozens of lines.
const LIMITES_PERIMETRE: Limites =
    Limites { octets: 1024 * 1024, lignes: 2_000, colonnes: 20, ..Limites::DEFAUT };

/// Reads what a session admits (`critere;valeur;acces;libelle`).
///
/// # Errors
/// [`ImportError`], in French.
#[expect(clippy::redundant_closure, reason = "the function itself would be of one lifetime only")]
pub fn lire_perimetre(
    chemin: &Path,
    progression: &mut dyn FnMut(&str, Progression),
) -> Result<Perimetre, ImportError> {
    let lu: (Option<Perimetre>, Bilan) =
        lire_un(chemin, LIMITES_PERIMETRE, progression, |s, nom, o| read_perimetre(s, nom, o))?;
    match lu {
        (Some(perimetre), _) => Ok(perimetre),
        (None, bilan) => {
            let fautes = bilan.releve.fautes.iter().take(5).map(|f| match f.ligne {
                files::FICHIER_ENTIER => format!("{}.", f.motif),
                ligne => format!("Ligne {ligne}, colonne « {} » : {}.", f.colonne, f.motif),
            });
            let fautes = fautes.collect::<Vec<_>>().join(" ");
            Err(ImportError::Perimetre { fichier: bilan.fichier, fautes })
        }
    }
}
