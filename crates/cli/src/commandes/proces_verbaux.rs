//! The records of the runs in a folder: `chaine.csv`, one file a record, their pieces under `pieces/`, the public key.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use app::Ctx;
use app::admission::{Chaine, Maillon, exporter_proces_verbaux, piece};
use data_encoding::HEXLOWER;
use indicatif::{ProgressBar, ProgressStyle};

const CHAINE: &str = "chaine.csv";
const NOMS: &str = "fichier;signature";
const PIECES: &str = "pieces";
const CLE: &str = "cle-publique.txt";

/// Writes the records of a session; gives how many, and how many pieces.
pub async fn exporter(ctx: &Ctx, annee: i64, dossier: &Path) -> Result<(usize, usize)> {
    if fs::read_dir(dossier).is_ok_and(|mut contenu| contenu.next().is_some()) {
        bail!(
            "Le dossier {} n’est pas vide : choisissez-en un autre, rien n’y a été écrit.",
            dossier.display()
        );
    }
    let chaine = exporter_proces_verbaux(ctx, annee).await?;
    let ecrire = |nom: &str, octets: &[u8]| {
        let chemin = dossier.join(nom);
        fs::write(&chemin, octets).with_context(|| format!("Le fichier {} ne s’écrit pas", chemin.display()))
    };
    fs::create_dir_all(dossier.join(PIECES))
        .with_context(|| format!("Le dossier {} ne se crée pas", dossier.display()))?;
    let mut liste = format!("{NOMS}\n");
    let barre = ProgressBar::new(chaine.maillons.len() as u64).with_style(
        ProgressStyle::with_template("{bar:40} {pos} procès-verbaux sur {len}")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let mut ecrites = 0;
    for (n, maillon) in chaine.maillons.iter().enumerate() {
        let titre = maillon.titre().unwrap_or_else(|| "illisible".to_owned());
        let fichier = format!("{:03}-{titre}.json", n + 1);
        ecrire(&fichier, &maillon.octets)?;
        liste.push_str(&format!("{fichier};{}\n", maillon.signature));
        for empreinte in maillon.pieces() {
            ecrire(&format!("{PIECES}/{empreinte}"), &piece(ctx, &empreinte).await?)?;
            ecrites += 1;
        }
        barre.inc(1);
    }
    ecrire(CHAINE, liste.as_bytes())?;
    ecrire(CLE, format!("{}\n", HEXLOWER.encode(&chaine.cle)).as_bytes())?;
    barre.finish_and_clear();
    Ok((chaine.maillons.len(), ecrites))
}

/// A public key as it is published.
pub fn lit_cle(texte: &str) -> Result<[u8; 32]> {
    HEXLOWER
        .decode(texte.trim().as_bytes())
        .ok()
        .and_then(|octets| octets.try_into().ok())
        .context("La clé publique est attendue en 64 chiffres hexadécimaux, en minuscules.")
}

/// The records of a folder, and whether its own key was taken.
pub fn lire(dossier: &Path, cle: Option<[u8; 32]>) -> Result<Chaine> {
    let lit = |nom: &str| {
        let chemin = dossier.join(nom);
        fs::read(&chemin).with_context(|| format!("Le fichier {} ne se lit pas", chemin.display()))
    };
    let texte = |nom: &str| -> Result<String> {
        String::from_utf8(lit(nom)?).with_context(|| format!("Le fichier {nom} n’est pas du texte"))
    };
    let liste = texte(CHAINE)?;
    let mut lignes = liste.lines();
    if lignes.next() != Some(NOMS) {
        bail!(
            "{CHAINE} commence par la ligne « {NOMS} » : ce fichier n’est pas la chaîne d’un dossier de procès-verbaux."
        );
    }
    let mut maillons = Vec::new();
    for (n, ligne) in lignes.enumerate() {
        let Some((fichier, signature)) = ligne.split_once(';') else {
            bail!(
                "{CHAINE}, ligne {} : un nom de fichier et une signature sont attendus, séparés par « ; ».",
                n + 2
            );
        };
        // A name, never a path.
        if fichier.contains(['/', '\\']) || fichier.starts_with('.') {
            bail!("{CHAINE}, ligne {} : « {fichier} » n’est pas un nom de fichier du dossier.", n + 2);
        }
        maillons.push(Maillon {
            nom: fichier.to_owned(),
            octets: lit(fichier)?,
            signature: signature.to_owned(),
        });
    }
    let cle = match cle {
        Some(cle) => cle,
        None => lit_cle(&texte(CLE)?)?,
    };
    Ok(Chaine { maillons, cle })
}

/// A piece of a folder, as it is.
pub fn lire_piece(dossier: &Path, empreinte: &str) -> std::io::Result<Vec<u8>> {
    fs::read(dossier.join(PIECES).join(empreinte))
}
