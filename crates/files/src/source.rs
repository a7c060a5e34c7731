//! The bytes of a file: counted, decompressed, and never more than announced.

use std::io::{self, Cursor, Read};

use crate::FichierError;
use crate::tableau::Separateur;

/// What a file may cost (ENT-1). The defaults are those of every CSV import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limites {
    /// Bytes once decompressed: what a compression bomb meets.
    pub octets: u64,
    /// Data lines.
    pub lignes: u64,
    /// Columns.
    pub colonnes: usize,
    /// Bytes of one record, line breaks inside quotes included.
    pub octets_ligne: usize,
    /// Cells, empty ones included, of what is held whole in memory: lines and columns are bounded, their product is not.
    pub cellules: u64,
}

impl Limites {
    /// What an ordinary table may cost; those of a kind of file are written from it.
    pub const DEFAUT: Self = Self {
        octets: 50 * 1024 * 1024,
        lignes: 200_000,
        colonnes: 200,
        octets_ligne: 64 * 1024,
        cellules: 2_000_000,
    };
}

impl Default for Limites {
    fn default() -> Self {
        Self::DEFAUT
    }
}

/// What a workbook may cost, which is an archive (ENT-1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitesArchive {
    /// Bytes of the file.
    pub octets: u64,
    /// Bytes of all its parts once unpacked: below the 200 MiB of the requirement, since the texts of a workbook are held
    /// in memory.
    pub deballes: u64,
    /// Times that it may grow.
    pub ratio: u64,
    /// Parts.
    pub entrees: usize,
}

impl Default for LimitesArchive {
    fn default() -> Self {
        Self { octets: 20 * 1024 * 1024, deballes: 32 * 1024 * 1024, ratio: 100, entrees: 1_000 }
    }
}

/// How far the reading is, in bytes of the file as it lies on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progression {
    pub lus: u64,
    /// As announced in [`Options::taille`].
    pub total: Option<u64>,
}

/// Called as bytes are read.
pub type ProgressionFn<'a> = &'a mut dyn FnMut(Progression);

/// How to read a table.
#[derive(Default)]
pub struct Options<'a> {
    pub limites: Limites,
    /// Announced by the person; found in the header line otherwise.
    pub separateur: Option<Separateur>,
    /// Size of the file on disk, only to report progress.
    pub taille: Option<u64>,
    pub progression: Option<ProgressionFn<'a>>,
}

/// How the file was compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    Aucune,
    Gzip,
    Zstd,
}

impl Compression {
    /// French label shown in reports.
    pub const fn libelle(self) -> &'static str {
        match self {
            Self::Aucune => "aucune",
            Self::Gzip => "gzip",
            Self::Zstd => "Zstandard",
        }
    }

    fn from_name(nom: &str) -> Option<Self> {
        let nom = nom.to_ascii_lowercase();
        if nom.ends_with(".gz") {
            Some(Self::Gzip)
        } else if nom.ends_with(".zst") {
            Some(Self::Zstd)
        } else {
            None
        }
    }

    fn from_magic(debut: &[u8]) -> Self {
        match debut {
            [0x1f, 0x8b, ..] => Self::Gzip,
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Self::Zstd,
            // A skippable frame may come first (seekable archives).
            [n, 0x2a, 0x4d, 0x18, ..] if n & 0xf0 == 0x50 => Self::Zstd,
            _ => Self::Aucune,
        }
    }
}

/// Largest window a Zstandard frame may ask for: 64 MiB, above what any file within the limits needs.
const FENETRE_ZSTD_LOG: u32 = 26;

/// The decompressed bytes of `source`, read no further than the limit.
pub(crate) fn open<'a>(
    source: impl Read + 'a,
    fichier: &str,
    limites: Limites,
    taille: Option<u64>,
    progression: Option<ProgressionFn<'a>>,
) -> Result<(Box<dyn Read + 'a>, Compression), FichierError> {
    let mut source = Comptee { source, lus: 0, taille, progression };
    let mut debut = [0u8; 4];
    let n = fill(&mut source, &mut debut)
        .map_err(|cause| FichierError::Lecture { fichier: fichier.to_owned(), cause })?;
    let debut = debut.get(..n).unwrap_or_default().to_vec();
    let compression = Compression::from_magic(&debut);
    if n > 0
        && let Some(annoncee) = Compression::from_name(fichier)
        && annoncee != compression
    {
        return Err(FichierError::Compression {
            fichier: fichier.to_owned(),
            motif: format!(
                "le nom annonce une compression {}, le contenu n’en est pas une",
                annoncee.libelle()
            ),
        });
    }
    let source = Cursor::new(debut).chain(source);
    let clair: Box<dyn Read + 'a> = match compression {
        Compression::Aucune => Box::new(source),
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(source)),
        Compression::Zstd => {
            let refus = |e: io::Error| FichierError::Compression {
                fichier: fichier.to_owned(),
                motif: e.to_string(),
            };
            let mut decodeur = zstd::stream::read::Decoder::new(source).map_err(refus)?;
            decodeur.window_log_max(FENETRE_ZSTD_LOG).map_err(refus)?;
            Box::new(decodeur)
        }
    };
    let bornee = Bornee { source: clair, reste: limites.octets };
    Ok((Box::new(bornee), compression))
}

/// Reads until `tampon` is full or the source is at its end.
pub(crate) fn fill(source: &mut impl Read, tampon: &mut [u8]) -> io::Result<usize> {
    let mut lus = 0;
    while let Some(libre) = tampon.get_mut(lus..).filter(|l| !l.is_empty()) {
        match source.read(libre) {
            Ok(0) => break,
            Ok(n) => lus += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(lus)
}

/// Tells an `io::Error` of ours from one of the disk.
pub(crate) fn explain(
    cause: io::Error,
    fichier: &str,
    compression: Compression,
    limites: Limites,
) -> FichierError {
    let fichier = fichier.to_owned();
    if cause.get_ref().is_some_and(|e| e.is::<TailleDepassee>()) {
        return FichierError::TropGros { fichier, limite: limites.octets };
    }
    match compression {
        Compression::Aucune => FichierError::Lecture { fichier, cause },
        _ => FichierError::Compression { fichier, motif: cause.to_string() },
    }
}

#[derive(Debug, thiserror::Error)]
#[error("taille maximale dépassée")]
struct TailleDepassee;

struct Bornee<R> {
    source: R,
    reste: u64,
}

impl<R: Read> Read for Bornee<R> {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(tampon)?;
        match self.reste.checked_sub(n as u64) {
            Some(reste) => {
                self.reste = reste;
                Ok(n)
            }
            None => Err(io::Error::other(TailleDepassee)),
        }
    }
}

struct Comptee<'a, R> {
    source: R,
    lus: u64,
    taille: Option<u64>,
    progression: Option<ProgressionFn<'a>>,
}

impl<R: Read> Read for Comptee<'_, R> {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(tampon)?;
        self.lus += n as u64;
        if let Some(progression) = &mut self.progression {
            progression(Progression { lus: self.lus, total: self.taille });
        }
        Ok(n)
    }
}
