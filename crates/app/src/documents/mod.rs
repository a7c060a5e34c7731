//! R-DOC-01: documents to print. What one is made of, the port that sets it, and how many are set at once.
//!
//! A document is text in a structure: whoever sets it decides how it looks, nobody writes markup.

mod recapitulatif;

pub use recapitulatif::{
    Imprime, RecapFormation, Recapitulatif, Volume, Volumes, print_formation, print_recapitulatif,
    view_volumes,
};

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::erreur::AppError;

/// A document to print, in French.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Shown by the reader in its title bar, and first on the first page.
    pub titre: String,
    /// Under the title: whose, which session, when.
    pub chapeau: Vec<String>,
    /// At the top of each page but the first.
    pub rappel: String,
    /// Instant of the campaign, said by the file itself: the same data at the same instant give the same file.
    pub le: Timestamp,
    /// A table of contents follows the title.
    pub sommaire: bool,
    /// In reading order.
    pub blocs: Vec<Bloc>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bloc {
    /// A heading, also a bookmark.
    Titre {
        /// From 1, never more than one deeper than the heading before.
        niveau: u8,
        /// Never empty.
        texte: String,
    },
    /// Text; line ends are kept.
    Paragraphe(String),
    /// Something to look at: what is missing.
    Attention(String),
    /// (term, what is said of it; line ends are kept).
    Definitions(Vec<(String, String)>),
    /// One item each.
    Liste(Vec<String>),
    /// The first cell of each line names the line.
    Tableau {
        /// What the table is about, above it; empty under a heading that says it.
        legende: String,
        /// Headers.
        colonnes: Vec<Colonne>,
        /// As many cells as columns.
        lignes: Vec<Vec<String>>,
    },
    /// What follows begins on another page.
    Page,
}

/// Header of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colonne {
    /// Never empty.
    pub titre: String,
    /// Set to the right.
    pub nombre: bool,
}

impl Colonne {
    /// A column of text.
    pub fn new(titre: impl Into<String>) -> Self {
        Self { titre: titre.into(), nombre: false }
    }

    /// A column of numbers.
    pub fn nombre(titre: impl Into<String>) -> Self {
        Self { titre: titre.into(), nombre: true }
    }
}

/// Why a document was not set.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct ImpressionError(pub String);

/// Sets documents as accessible PDF files (PDF/UA-1): tagged, titled, in French.
pub trait Imprimeur: Send + Sync {
    /// The bytes of the file. Works on the processor for as long as it takes: called outside the threads that answer.
    ///
    /// # Errors
    /// When the document cannot be made accessible.
    fn imprime(&self, document: &Document) -> Result<Vec<u8>, ImpressionError>;
}

/// The printer and its turns: setting a long document takes seconds of a processor.
#[derive(Clone)]
pub struct Imprimerie {
    imprimeur: Arc<dyn Imprimeur>,
    places: Arc<Semaphore>,
}

impl Imprimerie {
    /// One document at once, and one more for each core beyond the second: pages always keep one.
    pub fn new(imprimeur: Arc<dyn Imprimeur>, coeurs: usize) -> Self {
        Self { imprimeur, places: Arc::new(Semaphore::new(coeurs.saturating_sub(1).max(1))) }
    }

    /// Sets a document when its turn comes. A request that ends meanwhile keeps its turn until the document is set.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the document cannot be made accessible.
    pub async fn imprime(&self, document: Document) -> Result<Vec<u8>, AppError> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| AppError::Unavailable)?;
        let imprimeur = Arc::clone(&self.imprimeur);
        let travail = tokio::task::spawn_blocking(move || {
            let _place = place;
            imprimeur.imprime(&document)
        });
        let octets = travail.await.map_err(|e| AppError::Internal(format!("impression : {e}")))?;
        octets.map_err(|e| AppError::Internal(format!("impression : {e}")))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    #[derive(Default)]
    struct Compteur {
        ensemble: AtomicUsize,
        sommet: AtomicUsize,
    }

    impl Imprimeur for Compteur {
        fn imprime(&self, document: &Document) -> Result<Vec<u8>, ImpressionError> {
            let ensemble = self.ensemble.fetch_add(1, Ordering::SeqCst) + 1;
            self.sommet.fetch_max(ensemble, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(20));
            self.ensemble.fetch_sub(1, Ordering::SeqCst);
            if document.titre.is_empty() {
                return Err(ImpressionError("sans titre".to_owned()));
            }
            Ok(document.titre.clone().into_bytes())
        }
    }

    fn document(titre: &str) -> Document {
        Document {
            titre: titre.to_owned(),
            chapeau: Vec::new(),
            rappel: String::new(),
            le: Timestamp::UNIX_EPOCH,
            sommaire: false,
            blocs: Vec::new(),
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn no_more_documents_are_set_at_once_than_cores_left_by_the_pages() {
        let compteur = Arc::new(Compteur::default());
        let imprimerie = Imprimerie::new(Arc::clone(&compteur) as Arc<dyn Imprimeur>, 3);
        let travaux: Vec<_> = (0..8)
            .map(|n| {
                let i = imprimerie.clone();
                tokio::spawn(async move { i.imprime(document(&n.to_string())).await })
            })
            .collect();
        for (n, t) in travaux.into_iter().enumerate() {
            assert_eq!(t.await.expect("no panic").expect("set"), n.to_string().into_bytes());
        }
        assert_eq!(compteur.sommet.load(Ordering::SeqCst), 2);
        // A document that cannot be set is an error, and gives its turn back.
        assert!(matches!(imprimerie.imprime(document("")).await, Err(AppError::Internal(_))));
        assert_eq!(imprimerie.places.available_permits(), 2);
    }
}
