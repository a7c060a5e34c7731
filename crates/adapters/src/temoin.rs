//! Copy of the journal's signed heads, outside the database: a file to which lines are only added.

use std::fs::OpenOptions;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;

use app::ports::{Futur, Temoin};

/// The end of the file that surely holds its last line.
const QUEUE: u64 = 4_096;

/// One line a head. To be on another disk or another machine than the database, or copied there.
#[derive(Debug)]
pub struct TemoinFichier {
    chemin: PathBuf,
}

impl TemoinFichier {
    /// A copy at this path; created at the first head.
    pub fn new(chemin: impl Into<PathBuf>) -> Self {
        Self { chemin: chemin.into() }
    }

    async fn blocking<T: Send + 'static>(
        &self,
        f: impl FnOnce(PathBuf) -> io::Result<T> + Send + 'static,
    ) -> io::Result<T> {
        let chemin = self.chemin.clone();
        tokio::task::spawn_blocking(move || f(chemin)).await.map_err(io::Error::other)?
    }
}

fn absent_is_empty<T: Default>(lu: io::Result<T>) -> io::Result<T> {
    match lu {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        autre => autre,
    }
}

impl Temoin for TemoinFichier {
    fn ajouter<'a>(&'a self, ligne: &'a str) -> Futur<'a, io::Result<()>> {
        let ligne = format!("{ligne}\n");
        Box::pin(self.blocking(move |chemin| {
            let mut f = OpenOptions::new().create(true).append(true).mode(0o640).open(chemin)?;
            f.write_all(ligne.as_bytes())?;
            f.sync_all()
        }))
    }

    fn derniere(&self) -> Futur<'_, io::Result<Option<String>>> {
        Box::pin(self.blocking(|chemin| {
            absent_is_empty((|| {
                let mut f = std::fs::File::open(chemin)?;
                let taille = f.metadata()?.len();
                f.seek(SeekFrom::Start(taille.saturating_sub(QUEUE)))?;
                let mut fin = Vec::new();
                f.read_to_end(&mut fin)?;
                let fin = String::from_utf8_lossy(&fin).into_owned();
                Ok(fin.lines().rfind(|l| !l.trim().is_empty()).map(str::to_owned))
            })())
        }))
    }

    fn lire(&self) -> Futur<'_, io::Result<String>> {
        Box::pin(self.blocking(|chemin| absent_is_empty(std::fs::read_to_string(chemin))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn jou_3_lines_are_added_and_the_last_one_is_found_in_a_long_file() {
        let dossier = tempfile::tempdir().expect("a folder");
        let t = TemoinFichier::new(dossier.path().join("tetes.jsonl"));
        assert_eq!((t.derniere().await.expect("read"), t.lire().await.expect("read")), (None, String::new()));
        for n in 0..400 {
            t.ajouter(&format!("{{\"numero\":{n}}}")).await.expect("written");
        }
        assert_eq!(t.derniere().await.expect("read").as_deref(), Some("{\"numero\":399}"));
        assert_eq!(t.lire().await.expect("read").lines().count(), 400);
    }
}
