//! Files by the hash of their content, on disk.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use app::ports::{Depot, Futur};
use sha2::{Digest, Sha256};

/// `racine/ab/abcd…`: one file a content, written whole or not at all, checked at each reading.
#[derive(Debug)]
pub struct DepotDisque {
    racine: PathBuf,
    /// Two writers of this process never share a temporary name.
    suite: AtomicU64,
}

impl DepotDisque {
    /// A depot in a folder, created when needed.
    pub fn new(racine: impl Into<PathBuf>) -> Self {
        Self { racine: racine.into(), suite: AtomicU64::new(0) }
    }

    /// Where a content is, or would be. `None` for what is not a hash: nothing else ever becomes a path.
    fn chemin(&self, empreinte: &str) -> Option<PathBuf> {
        let hexa = |o: u8| o.is_ascii_digit() || (b'a'..=b'f').contains(&o);
        (empreinte.len() == 64 && empreinte.bytes().all(hexa))
            .then(|| self.racine.join(&empreinte[..2]).join(empreinte))
    }

    fn temporaire(&self, chemin: &Path) -> PathBuf {
        let n = self.suite.fetch_add(1, Ordering::Relaxed);
        chemin.with_extension(format!("{}-{n}.tmp", std::process::id()))
    }
}

/// SHA-256 in hexadecimal.
fn empreinte(octets: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(octets))
}

/// Writes beside, makes durable, then renames: a power cut leaves the whole file or none.
fn write_whole(chemin: &Path, temporaire: &Path, octets: &[u8]) -> io::Result<()> {
    let Some(dossier) = chemin.parent() else { return Err(io::ErrorKind::InvalidInput.into()) };
    fs::create_dir_all(dossier)?;
    let ecrit = (|| {
        let mut fichier = File::create_new(temporaire)?;
        fichier.write_all(octets)?;
        fichier.sync_all()?;
        fs::rename(temporaire, chemin)
    })();
    if ecrit.is_err() {
        // Best effort: the error that matters is the one of the writing.
        let _ = fs::remove_file(temporaire);
    }
    ecrit?;
    File::open(dossier)?.sync_all()
}

async fn blocking<T: Send + 'static>(f: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(f).await.map_err(io::Error::other)?
}

impl Depot for DepotDisque {
    fn put<'a>(&'a self, octets: &'a [u8]) -> Futur<'a, io::Result<String>> {
        Box::pin(async move {
            let cle = empreinte(octets);
            let chemin = self.chemin(&cle).ok_or(io::ErrorKind::InvalidInput)?;
            let (temporaire, octets) = (self.temporaire(&chemin), octets.to_vec());
            blocking(move || {
                // A file already there is kept only if it is sound: else this writing mends it.
                match fs::read(&chemin) {
                    Ok(presents) if presents == octets => Ok(()),
                    _ => write_whole(&chemin, &temporaire, &octets),
                }
            })
            .await?;
            Ok(cle)
        })
    }

    fn read<'a>(&'a self, cle: &'a str) -> Futur<'a, io::Result<Vec<u8>>> {
        Box::pin(async move {
            let chemin = self.chemin(cle).ok_or(io::ErrorKind::NotFound)?;
            blocking(move || fs::read(chemin)).await
        })
    }

    fn get<'a>(&'a self, cle: &'a str) -> Futur<'a, io::Result<Vec<u8>>> {
        Box::pin(async move {
            let octets = self.read(cle).await?;
            if empreinte(&octets) != cle {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "le contenu du fichier n’a plus son empreinte",
                ));
            }
            Ok(octets)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_kept_once_and_read_back() {
        let dossier = tempfile::tempdir().unwrap();
        let depot = DepotDisque::new(dossier.path().join("fichiers"));
        let cle = depot.put(b"bulletin").await.unwrap();
        assert_eq!(cle, depot.put(b"bulletin").await.unwrap());
        assert_eq!(depot.get(&cle).await.unwrap(), b"bulletin");
        let restes: Vec<_> =
            fs::read_dir(dossier.path().join("fichiers").join(&cle[..2])).unwrap().flatten().collect();
        assert_eq!(restes.len(), 1, "{restes:?}");
    }

    #[tokio::test]
    async fn an_altered_file_is_not_given_and_a_new_deposit_mends_it() {
        let dossier = tempfile::tempdir().unwrap();
        let depot = DepotDisque::new(dossier.path());
        let cle = depot.put(b"lettre").await.unwrap();
        fs::write(dossier.path().join(&cle[..2]).join(&cle), b"lettrf").unwrap();
        assert_eq!(depot.get(&cle).await.unwrap_err().kind(), io::ErrorKind::InvalidData);
        depot.put(b"lettre").await.unwrap();
        assert_eq!(depot.get(&cle).await.unwrap(), b"lettre");
    }

    #[tokio::test]
    async fn only_a_hash_becomes_a_path() {
        let dossier = tempfile::tempdir().unwrap();
        let depot = DepotDisque::new(dossier.path());
        for faux in ["", "../../etc/passwd", &"A".repeat(64), &"é".repeat(32)] {
            assert_eq!(depot.get(faux).await.unwrap_err().kind(), io::ErrorKind::NotFound, "{faux}");
        }
    }
}
