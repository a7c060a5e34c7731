//! PostgreSQL is copied and restored by its own tools.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use tokio::process::Command;

use crate::montage::sans_secret;

/// A tool of PostgreSQL: on the path, else in the newest version that Debian installed.
fn outil(nom: &str) -> Result<PathBuf> {
    let chemin = std::env::var_os("PATH").unwrap_or_default();
    let mut dossiers: Vec<PathBuf> = std::env::split_paths(&chemin).collect();
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|v| v.path().join("bin"))
        .collect();
    versions.sort_by_key(|v| std::cmp::Reverse(version(v)));
    // The newest first: an old tool refuses a newer server, never the other way round.
    versions.append(&mut dossiers);
    match versions.into_iter().map(|d| d.join(nom)).find(|p| p.is_file()) {
        Some(outil) => Ok(outil),
        None => bail!(
            "L’outil « {nom} » de PostgreSQL n’est pas sur cette machine : installez le paquet « postgresql-client »."
        ),
    }
}

fn version(dossier: &Path) -> u32 {
    dossier
        .parent()
        .and_then(Path::file_name)
        .and_then(|v| v.to_str())
        .and_then(|v| v.parse().ok())
        .unwrap_or(0)
}

/// The password never goes on a command line, which every process of the machine can read.
fn commande(outil: &Path, url: &str) -> Command {
    let mut commande = Command::new(outil);
    commande.arg("--dbname").arg(sans_secret(url)).kill_on_drop(true);
    if let Some(mot_de_passe) = mot_de_passe(url) {
        commande.env("PGPASSWORD", mot_de_passe);
    }
    commande
}

fn mot_de_passe(url: &str) -> Option<String> {
    let (qui, _) = url.split_once("://")?.1.rsplit_once('@')?;
    Some(decode(qui.split_once(':')?.1))
}

/// Undoes percent-encoding.
fn decode(texte: &str) -> String {
    let (mut octets, mut reste) = (Vec::with_capacity(texte.len()), texte.as_bytes());
    while let Some((&o, suite)) = reste.split_first() {
        let code =
            suite.get(..2).and_then(|h| std::str::from_utf8(h).ok()).map(|h| u8::from_str_radix(h, 16));
        if let (b'%', Some(Ok(code))) = (o, code) {
            octets.push(code);
            reste = &suite[2..];
        } else {
            octets.push(o);
            reste = suite;
        }
    }
    String::from_utf8_lossy(&octets).into_owned()
}

async fn executer(mut commande: Command, quoi: &str) -> Result<()> {
    let sortie = commande.output().await?;
    if !sortie.status.success() {
        let dit = String::from_utf8_lossy(&sortie.stderr);
        bail!("{quoi} a échoué : {}", dit.lines().next().unwrap_or("sans explication"));
    }
    Ok(())
}

/// Dumps the database as the frozen view `vue` sees it.
///
/// # Errors
/// When the tool is missing or fails.
pub async fn copier(url: &str, vue: &str, fichier: &Path) -> Result<()> {
    let mut c = commande(&outil("pg_dump")?, url);
    c.args(["--format=custom", "--no-owner", "--no-privileges", "--schema=public"])
        .arg(format!("--snapshot={vue}"))
        .arg("--file")
        .arg(fichier);
    executer(c, "La copie de la base par pg_dump").await
}

/// Fills an empty database, all or nothing.
///
/// # Errors
/// When the tool is missing or fails.
pub async fn remettre(url: &str, fichier: &Path) -> Result<()> {
    let mut c = commande(&outil("pg_restore")?, url);
    c.args(["--no-owner", "--no-privileges", "--single-transaction", "--clean", "--if-exists"]).arg(fichier);
    executer(c, "La restauration de la base par pg_restore").await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_read_apart() {
        assert_eq!(mot_de_passe("postgres://u:p%40ss%é@h/b").as_deref(), Some("p@ss%é"));
        assert_eq!(mot_de_passe("postgres://u@h/b"), None);
        assert_eq!(mot_de_passe("postgres://h:5432/b"), None);
    }
}
