//! One server per SQLite file: the lock that a second server finds taken.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

/// Held as long as the server runs; the system releases it even after a kill.
#[derive(Debug)]
pub struct VerrouServeur {
    _fichier: File,
}

impl VerrouServeur {
    /// Takes the lock of a data folder.
    ///
    /// # Errors
    /// `Ok(None)` when another server holds it; an I/O error when the folder cannot be written.
    pub fn take(dossier: &Path) -> std::io::Result<Option<Self>> {
        let fichier = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(dossier.join("serveur.verrou"))?;
        match fichier.try_lock() {
            Ok(()) => Ok(Some(Self { _fichier: fichier })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(e)) => Err(e),
        }
    }
}
