//! Reading the files of a day, without the database.

use std::path::{Path, PathBuf};

use domain::apprentissage::{Fiche, Perimetre};
use files::catalogue::{BilanCatalogue, FicheRefusee, LIMITES, Lue, read_catalogue, read_perimetre};
use files::{Bilan, Limites, Options, Progression};
use sha2::Digest as _;

use super::super::lire::{ImportError, OffreLue, lire_un};

/// A file as it was given, compressed or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origine {
    /// SHA-256, in hexadecimal.
    pub(crate) empreinte: String,
    /// Bytes.
    pub(crate) taille: u64,
}

impl Origine {
    fn of_path(chemin: &Path) -> std::io::Result<Self> {
        Ok(Self { taille: std::fs::metadata(chemin)?.len(), empreinte: OffreLue::empreinte(chemin)? })
    }

    fn of_bytes(octets: &[u8]) -> Self {
        let empreinte = data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(octets));
        Self { empreinte, taille: octets.len() as u64 }
    }
}

/// A file that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FichierRecu {
    /// As it was sent.
    pub nom: String,
    /// The whole file.
    pub octets: Vec<u8>,
}

/// Where a record is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// Rank of its file.
    pub(super) fichier: usize,
    /// Its own among the records of this file, from 1.
    pub(super) rang: u64,
    /// Line where it begins.
    pub(super) ligne: u64,
}

/// What was read of the files of a day.
#[derive(Debug, Default)]
pub struct FluxLu {
    /// Right records, in the order of the files.
    pub(super) fiches: Vec<Fiche>,
    /// Where each of them is.
    pub(super) places: Vec<Place>,
    /// Records that cannot be taken, with the rank of their file.
    pub(super) refusees: Vec<(usize, FicheRefusee)>,
    /// The account of each file, with what it was.
    pub(super) fichiers: Vec<(BilanCatalogue, Origine)>,
}

impl FluxLu {
    /// A day without any file: what the demonstration invents.
    pub(crate) fn invented(fiches: Vec<Fiche>, refusees: Vec<FicheRefusee>) -> Self {
        Self {
            places: fiches.iter().map(|_| Place::default()).collect(),
            fiches,
            refusees: refusees.into_iter().map(|r| (0, r)).collect(),
            fichiers: Vec::new(),
        }
    }

    /// Name of each file, and what it was.
    pub(crate) fn origines(&self) -> impl Iterator<Item = (&str, &Origine)> {
        self.fichiers.iter().map(|(b, origine)| (b.fichier.as_str(), origine))
    }

    fn take(&mut self, rang: usize, lue: Lue) {
        match lue {
            Lue::Fiche(f) => {
                self.places.push(Place { fichier: rang, rang: f.rang, ligne: f.ligne });
                self.fiches.push(f.fiche);
            }
            Lue::Refusee(r) => self.refusees.push((rang, r)),
        }
    }

    fn end(&mut self, bilan: BilanCatalogue, origine: Origine) -> Result<(), ImportError> {
        if bilan.lues == 0 {
            return Err(ImportError::SansFiche { fichier: bilan.fichier });
        }
        self.fichiers.push((bilan, origine));
        Ok(())
    }

    fn whole(self) -> Result<Self, ImportError> {
        if self.fichiers.is_empty() { Err(ImportError::RienDemande) } else { Ok(self) }
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
    let mut lu = FluxLu::default();
    for (rang, chemin) in chemins.iter().enumerate() {
        let bilan = lire_un(chemin, LIMITES, progression, |source, nom, options| {
            read_catalogue(source, nom, options, &mut |l| lu.take(rang, l))
        })?;
        let origine = Origine::of_path(chemin)
            .map_err(|cause| ImportError::Ouverture { fichier: chemin.display().to_string(), cause })?;
        lu.end(bilan, origine)?;
    }
    lu.whole()
}

/// The same, of files received. `progression` is called with the bytes read of all of them.
///
/// # Errors
/// [`ImportError`], in French.
pub(crate) fn lire_recus(
    fichiers: &[FichierRecu],
    progression: &mut dyn FnMut(u64),
) -> Result<FluxLu, ImportError> {
    let mut lu = FluxLu::default();
    let mut avant = 0_u64;
    for (rang, f) in fichiers.iter().enumerate() {
        let origine = Origine::of_bytes(&f.octets);
        let mut suivi = |p: Progression| progression(avant + p.lus);
        let options = Options {
            limites: LIMITES,
            taille: Some(origine.taille),
            progression: Some(&mut suivi),
            ..Options::default()
        };
        let bilan = read_catalogue(f.octets.as_slice(), &f.nom, options, &mut |l| lu.take(rang, l))?;
        avant += origine.taille;
        lu.end(bilan, origine)?;
    }
    lu.whole()
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
