//! The file of averages of real candidates.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use simulation::DistributionsMoyennes;
use simulation::cohorte::FichierMoyennes;

use super::SimulationError;

/// The real file has 100 kB.
const OCTETS_MAX: u64 = 16 * 1024 * 1024;

/// Reads « distribution des moyennes des admis », plain or `.zst`.
///
/// # Errors
/// [`SimulationError::Demande`]: which file, what is wrong.
pub fn lire_moyennes(chemin: &Path) -> Result<DistributionsMoyennes, SimulationError> {
    let refus = |motif: String| {
        SimulationError::Demande(format!(
            "Fichier « {} » : {motif}. La distribution des moyennes des admis (JSON, en clair ou .zst) est attendue.",
            chemin.display()
        ))
    };
    let fichier = File::open(chemin).map_err(|e| refus(format!("ouverture impossible ({e})")))?;
    let clair: Box<dyn Read> = if chemin.extension().is_some_and(|e| e == "zst") {
        Box::new(zstd::Decoder::new(fichier).map_err(|e| refus(format!("décompression impossible ({e})")))?)
    } else {
        Box::new(fichier)
    };
    let mut octets = Vec::new();
    clair
        .take(OCTETS_MAX + 1)
        .read_to_end(&mut octets)
        .map_err(|e| refus(format!("lecture impossible ({e})")))?;
    if u64::try_from(octets.len()).unwrap_or(u64::MAX) > OCTETS_MAX {
        return Err(refus("plus de 16 Mio".to_owned()));
    }
    let fichier: FichierMoyennes =
        serde_json::from_slice(&octets).map_err(|e| refus(format!("contenu inattendu ({e})")))?;
    DistributionsMoyennes::depuis_fichier(&fichier).map_err(refus)
}
