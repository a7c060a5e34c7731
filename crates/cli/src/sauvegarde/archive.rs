//! The archive inside: written from what is on disk, extracted with every hash checked on the way.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::chiffrement::{Chiffreur, Dechiffreur};
use super::{Element, FORMAT, Manifeste};
use crate::phrases;

/// Names of the database in the archive.
pub const NOM_BASE_SQLITE: &str = "parcoursup.sqlite";
pub const NOM_BASE_POSTGRES: &str = "base.pgdump";
const NOM_MANIFESTE: &str = "manifeste.json";
/// The manifest of a database of 50 tables and a million files stays far below.
const MANIFESTE_MAX: u64 = 512 * 1024 * 1024;

/// Copies a stream; gives its size and SHA-256.
fn copie_hachee(lu: &mut impl Read, sortie: &mut impl Write) -> io::Result<(u64, String)> {
    let mut hacheur = Sha256::new();
    let mut tampon = vec![0; 256 * 1024];
    let mut taille = 0;
    loop {
        let n = lu.read(&mut tampon)?;
        if n == 0 {
            return Ok((taille, HEXLOWER.encode(&hacheur.finalize())));
        }
        hacheur.update(&tampon[..n]);
        sortie.write_all(&tampon[..n])?;
        taille += n as u64;
    }
}

/// Size and SHA-256 of a file.
pub fn sha256_fichier(chemin: &Path) -> io::Result<(u64, String)> {
    copie_hachee(&mut File::open(chemin)?, &mut io::sink())
}

/// Writes the backup, whole or not at all. `sources`: path on disk of each element of the manifest, in its order.
///
/// # Errors
/// When the file exists, or the disk refuses.
pub fn ecrire(
    fichier: &Path,
    cle: [u8; 32],
    prefixe: [u8; 16],
    manifeste: &Manifeste,
    sources: &[PathBuf],
) -> Result<u64> {
    let temporaire = fichier.with_extension(format!("{}.tmp", std::process::id()));
    let ecrit = (|| -> Result<u64> {
        let sortie = File::create_new(&temporaire)?;
        let chiffreur = Chiffreur::new(BufWriter::new(sortie), cle, prefixe)?;
        let mut archive = tar::Builder::new(zstd::Encoder::new(chiffreur, 3)?);
        let json = serde_json::to_vec(manifeste)?;
        ajoute(&mut archive, NOM_MANIFESTE, json.len() as u64, json.as_slice())?;
        for (element, source) in manifeste.fichiers.iter().zip(sources) {
            let lu = File::open(source).with_context(|| format!("{} ne se lit pas", source.display()))?;
            ajoute(&mut archive, &element.chemin, element.taille, BufReader::new(lu).take(element.taille))?;
        }
        let sortie = archive.into_inner()?.finish()?.finir()?.into_inner().map_err(|e| e.into_error())?;
        sortie.sync_all()?;
        let taille = sortie.metadata()?.len();
        // A link refuses an existing name, where a rename would replace a backup.
        fs::hard_link(&temporaire, fichier)?;
        Ok(taille)
    })();
    // Whole, it has its name; cut, it must not stay.
    let _ = fs::remove_file(&temporaire);
    let taille = ecrit.map_err(|e| match e.downcast_ref::<io::Error>() {
        Some(cause) => phrases::io("Impossible d’écrire la sauvegarde", fichier, cause),
        None => e,
    })?;
    if let Some(dossier) = fichier.parent().filter(|d| !d.as_os_str().is_empty()) {
        File::open(dossier)?.sync_all()?;
    }
    Ok(taille)
}

fn ajoute<W: Write>(archive: &mut tar::Builder<W>, nom: &str, taille: u64, lu: impl Read) -> Result<()> {
    let mut tete = tar::Header::new_gnu();
    tete.set_size(taille);
    tete.set_mode(0o600);
    archive.append_data(&mut tete, nom, lu)?;
    Ok(())
}

/// Reads the backup into an empty folder; gives the manifest once every element is there with its hash.
///
/// # Errors
/// Wrong key, altered or cut file, unknown format, element missing or not announced.
pub fn extraire(fichier: &Path, cle: [u8; 32], dossier: &Path) -> Result<Manifeste> {
    let lu = File::open(fichier).map_err(|e| phrases::io("La sauvegarde ne se lit pas :", fichier, &e))?;
    let clair = Dechiffreur::new(BufReader::new(lu), cle).map_err(|e| faute(fichier, &e))?;
    let mut archive = tar::Archive::new(zstd::Decoder::new(clair).map_err(|e| faute(fichier, &e))?);
    let mut elements = archive.entries().map_err(|e| faute(fichier, &e))?;
    let premier = elements.next().ok_or_else(|| anyhow!("La sauvegarde est vide."))?;
    let premier = premier.map_err(|e| faute(fichier, &e))?;
    if premier.path().map_err(|e| faute(fichier, &e))?.as_ref() != Path::new(NOM_MANIFESTE) {
        bail!("La sauvegarde ne commence pas par sa liste : elle n’est pas de ce programme.");
    }
    let manifeste: Manifeste = serde_json::from_reader(premier.take(MANIFESTE_MAX))
        .map_err(|_| anyhow!("La liste de la sauvegarde ne se lit pas."))?;
    if manifeste.format != FORMAT {
        bail!(
            "La sauvegarde est au format {}, ce programme lit le format {FORMAT} : prenez la version {} du programme.",
            manifeste.format,
            manifeste.programme
        );
    }
    let mut attendus = manifeste.fichiers.iter();
    for element in elements {
        let mut element = element.map_err(|e| faute(fichier, &e))?;
        let chemin = element.path().map_err(|e| faute(fichier, &e))?.to_string_lossy().into_owned();
        let attendu = attendus
            .next()
            .filter(|a| a.chemin == chemin)
            .ok_or_else(|| anyhow!("La sauvegarde contient « {chemin} » qui n’est pas dans sa liste."))?;
        pose(&mut element, attendu, dossier).map_err(|e| match e.downcast_ref::<io::Error>() {
            Some(cause) => faute(fichier, cause),
            None => e,
        })?;
    }
    match attendus.next() {
        None => Ok(manifeste),
        Some(absent) => bail!("Il manque « {} » dans la sauvegarde.", absent.chemin),
    }
}

fn faute(fichier: &Path, e: &io::Error) -> anyhow::Error {
    let cause = match e.kind() {
        // Ours: already a sentence.
        io::ErrorKind::InvalidData => e.to_string(),
        _ => phrases::cause_io(e),
    };
    anyhow!("La sauvegarde {} ne se restaure pas : {cause}.", fichier.display())
}

/// Writes one element and checks its hash. Only the names that a backup can hold become paths.
fn pose(lu: &mut impl Read, attendu: &Element, dossier: &Path) -> Result<()> {
    let simple = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let permis = match attendu.chemin.strip_prefix("fichiers/") {
        Some(reste) => {
            reste.split('/').count() == 2 && reste.split('/').all(|p| !p.is_empty() && p.chars().all(simple))
        }
        None => [NOM_BASE_SQLITE, NOM_BASE_POSTGRES].contains(&attendu.chemin.as_str()),
    };
    if !permis {
        bail!("La sauvegarde contient un nom interdit : « {} ».", attendu.chemin);
    }
    let chemin = dossier.join(&attendu.chemin);
    if let Some(parent) = chemin.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut sortie = File::create_new(&chemin)?;
    let (taille, sha256) = copie_hachee(lu, &mut sortie)?;
    sortie.sync_all()?;
    if taille != attendu.taille || sha256 != attendu.sha256 {
        bail!("« {} » n’a pas l’empreinte annoncée : la sauvegarde est altérée.", attendu.chemin);
    }
    Ok(())
}
