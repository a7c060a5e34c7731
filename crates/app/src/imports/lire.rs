//! Reading the files of an offer, without the database.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use files::apprentissage::LigneApprentissage;
use files::{Bilan, FichierError, Limites, Options, Progression};
use sha2::Digest as _;

use super::ligne::LigneImport;

/// What was read: right lines, and the account of each file.
#[derive(Debug)]
pub struct OffreLue {
    /// Year of the offer.
    pub annee: i64,
    /// All files together, lines at fault left out.
    pub lignes: Vec<LigneImport>,
    /// The account of each, with its path.
    pub fichiers: Vec<(Bilan, PathBuf)>,
}

/// Why nothing can be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot even be read.
    #[error("Fichier « {fichier} » : ouverture impossible ({cause}). Vérifiez le chemin et vos droits.")]
    Ouverture {
        /// Its name.
        fichier: String,
        /// What the system answered.
        #[source]
        cause: std::io::Error,
    },
    /// Not a table, or beyond the limits: the message says which.
    #[error(transparent)]
    Fichier(#[from] FichierError),
    /// One import, one session: the lines do not agree on the year.
    #[error(
        "Fichier « {fichier} » : il mélange les sessions {sessions}. Un import porte sur une seule session : séparez-les."
    )]
    PlusieursSessions {
        /// Its name.
        fichier: String,
        /// Years found, in French.
        sessions: String,
    },
    /// A header and no usable course.
    #[error("Fichier « {fichier} » : aucune formation à importer. Vérifiez qu’il s’agit du bon fichier.")]
    Vide {
        /// Its name.
        fichier: String,
    },
    /// A document without a single record.
    #[error("Fichier « {fichier} » : aucune fiche. Vérifiez qu’il s’agit du bon fichier.")]
    SansFiche {
        /// Its name.
        fichier: String,
    },
    /// A header and no usable town.
    #[error("Fichier « {fichier} » : aucune commune à importer. Vérifiez qu’il s’agit du bon fichier.")]
    SansCommune {
        /// Its name.
        fichier: String,
    },
    /// A header and no usable line.
    #[error("Fichier « {fichier} » : aucune ligne à importer. Vérifiez qu’il s’agit du bon fichier.")]
    RegistreVide {
        /// Its name.
        fichier: String,
    },
    /// What a session admits cannot be read.
    #[error("Fichier « {fichier} » : le périmètre est inutilisable. {fautes}")]
    Perimetre {
        /// Its name.
        fichier: String,
        /// The first faults, in French.
        fautes: String,
    },
    /// The command was given no file.
    #[error("Indiquez au moins un fichier à lire.")]
    RienDemande,
}

/// The national file has 14,000 lines and 13 MB: three times that already is another file. The limits also bound the
/// memory that a hostile file can take.
const LIMITES: Limites = Limites { octets: 64 * 1024 * 1024, lignes: 50_000, ..Limites::DEFAUT };

impl OffreLue {
    /// Lines at fault, all files.
    pub fn fautes(&self) -> u64 {
        self.fichiers.iter().map(|(b, _)| b.releve.total_fautes).sum()
    }

    /// Year of the figures that go with the courses.
    pub(super) fn annee_statistiques(&self) -> i64 {
        self.lignes.iter().find_map(|l| l.statistique.as_ref()).map_or(self.annee, |s| s.annee)
    }

    /// SHA-256 of a file as it lies on disk, in hexadecimal.
    pub(super) fn empreinte(chemin: &Path) -> std::io::Result<String> {
        let mut fichier = File::open(chemin)?;
        let mut hacheur = sha2::Sha256::new();
        let mut tampon = vec![0_u8; 64 * 1024];
        loop {
            let n = fichier.read(&mut tampon)?;
            if n == 0 {
                break;
            }
            hacheur.update(tampon.get(..n).unwrap_or_default());
        }
        Ok(data_encoding::HEXLOWER.encode(&hacheur.finalize()))
    }
}

/// Reads the offer and the apprenticeship courses. `progression` is called with the bytes read of each file.
///
/// # Errors
/// [`ImportError`], in French.
pub fn lire(
    offre: Option<&Path>,
    apprentissage: Option<&Path>,
    progression: &mut dyn FnMut(&str, Progression),
) -> Result<OffreLue, ImportError> {
    let mut lignes: Vec<LigneImport> = Vec::new();
    let mut fichiers = Vec::new();
    let mut annee = None;
    if let Some(chemin) = offre {
        let bilan = lire_un(chemin, LIMITES, progression, |source, nom, options| {
            files::read_offre(source, nom, options, &mut |l| lignes.push(l.into()))
        })?;
        annee = une_session(&bilan)?;
        fichiers.push((bilan, chemin.to_owned()));
    }
    if let Some(chemin) = apprentissage {
        let mut types: HashMap<i64, u32> = HashMap::new();
        let bilan = lire_un(chemin, LIMITES, progression, |source, nom, options| {
            let sink = &mut |l: LigneApprentissage| lignes.push(l.into());
            let mut note = |course, code| {
                types.extend(i64::try_from(course).ok().map(|course| (course, code)));
            };
            files::apprentissage::read_apprentissage(source, nom, options, sink, &mut note)
        })?;
        for l in &mut lignes {
            let code = l.g_ta_cod.and_then(|course| types.get(&course)).map(|code| i64::from(*code));
            l.offre.code_type = l.offre.code_type.or(code);
        }
        // Apprenticeship courses join the session of the offer, whatever the year of their file.
        let la_leur = une_session(&bilan)?;
        annee = annee.or(la_leur);
        fichiers.push((bilan, chemin.to_owned()));
    }
    match (annee, fichiers.first()) {
        (_, None) => Err(ImportError::RienDemande),
        (Some(annee), _) => Ok(OffreLue { annee: annee.into(), lignes, fichiers }),
        // Nothing but faults: they are what there is to say.
        (None, Some((bilan, _))) if bilan.releve.total_fautes > 0 => {
            Ok(OffreLue { annee: 0, lignes, fichiers })
        }
        (None, Some((bilan, _))) => Err(ImportError::Vide { fichier: bilan.fichier.clone() }),
    }
}

/// Opens a file and hands it to its reader, within limits.
pub(super) fn lire_un<T>(
    chemin: &Path,
    limites: Limites,
    progression: &mut dyn FnMut(&str, Progression),
    read: impl FnOnce(File, &str, Options<'_>) -> Result<T, FichierError>,
) -> Result<T, ImportError> {
    let nom = chemin.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let ouverture = |cause| ImportError::Ouverture { fichier: chemin.display().to_string(), cause };
    let fichier = File::open(chemin).map_err(ouverture)?;
    let taille = fichier.metadata().map_err(ouverture)?.len();
    let mut suivi = |p: Progression| progression(&nom, p);
    let options =
        Options { limites, taille: Some(taille), progression: Some(&mut suivi), ..Options::default() };
    Ok(read(fichier, &nom, options)?)
}

fn une_session(bilan: &Bilan) -> Result<Option<u16>, ImportError> {
    let annees: Vec<u16> = bilan.sessions.keys().copied().collect();
    match annees[..] {
        [] => Ok(None),
        [annee] => Ok(Some(annee)),
        _ => {
            let textes: Vec<String> = annees.iter().map(u16::to_string).collect();
            Err(ImportError::PlusieursSessions {
                fichier: bilan.fichier.clone(),
                sessions: textes.join(", "),
            })
        }
    }
}
