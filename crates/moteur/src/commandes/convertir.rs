//! `moteur convertir`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use serde_json::{Map, Value};

use crate::colonnes::write_case;
use crate::evaluation::{CasLu, EntreeLue, unknown};
use crate::fichier::Fichier;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Fichier de cas, en lignes ou en colonnes, compressé ou non ; - pour l’entrée standard
    #[arg(value_name = "ENTREE")]
    entree: String,
    /// Fichier à écrire, nouveau : .jsonl ou .arrow, suivi au besoin de .gz ou .zst
    #[arg(value_name = "SORTIE")]
    sortie: String,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let nom = arguments.sortie.as_str();
    let (base, compression) = match nom.rsplit_once('.') {
        Some((base, suffixe @ ("gz" | "zst"))) => (base, Some(suffixe)),
        _ => (nom, None),
    };
    let colonnes = match Path::new(base).extension().and_then(|suffixe| suffixe.to_str()) {
        Some("arrow") => true,
        Some("jsonl") => false,
        _ => bail!(
            "« {nom} » : le nom à écrire doit finir par .jsonl ou .arrow, suivi au besoin de .gz ou .zst"
        ),
    };
    let mut fichier = Fichier::open(&arguments.entree)?.whole();
    let file = File::create_new(nom).with_context(|| {
        format!("impossible de créer « {nom} » : il existe déjà, ou le dossier n’est pas accessible")
    })?;
    let sortie = BufWriter::with_capacity(1 << 16, file);
    let cas = match compression {
        Some("gz") => {
            let mut gzip = flate2::write::GzEncoder::new(sortie, flate2::Compression::default());
            let cas = copy(&mut fichier, &mut gzip, colonnes)?;
            close(gzip.finish(), nom)?;
            cas
        }
        Some(_) => {
            let mut zstd = zstd::stream::write::Encoder::new(sortie, 3).context("compression impossible")?;
            zstd.include_checksum(true).context("compression impossible")?;
            let cas = copy(&mut fichier, &mut zstd, colonnes)?;
            close(zstd.finish(), nom)?;
            cas
        }
        None => {
            let mut sortie = sortie;
            let cas = copy(&mut fichier, &mut sortie, colonnes)?;
            close(Ok(sortie), nom)?;
            cas
        }
    };
    println!("{cas} cas écrits dans « {nom} »");
    Ok(ExitCode::SUCCESS)
}

fn close(sortie: std::io::Result<BufWriter<File>>, nom: &str) -> anyhow::Result<()> {
    sortie
        .and_then(|mut sortie| sortie.flush())
        .with_context(|| format!("écriture impossible dans « {nom} » : le disque est peut-être plein"))
}

fn copy(fichier: &mut Fichier, sortie: &mut dyn Write, colonnes: bool) -> anyhow::Result<u64> {
    let mut nombre = 0;
    while let Some(cas) = fichier.next_cas()? {
        if colonnes {
            write_case(sortie, cas)?;
        } else {
            let ligne = line(cas)?;
            serde_json::to_writer(&mut *sortie, &ligne).context("écriture impossible")?;
            sortie.write_all(b"\n").context("écriture impossible")?;
        }
        nombre += 1;
    }
    Ok(nombre)
}

/// The line of a case.
fn line(cas: CasLu) -> anyhow::Result<Map<String, Value>> {
    let CasLu { lieu, cas, entree, autres } = cas;
    let (genre, entree) = match &entree {
        EntreeLue::Ordre(entree) => ("ordre_appel", serde_json::to_value(entree)?),
        EntreeLue::Modification(entree) => ("modification_classement", serde_json::to_value(entree)?),
        EntreeLue::Jour(entree) => ("propositions", serde_json::to_value(entree)?),
        EntreeLue::Inconnue(autre) => return Err(unknown(&lieu, autre)),
    };
    let mut ligne = Map::new();
    ligne.insert("cas".to_owned(), cas.into());
    ligne.insert("type".to_owned(), genre.into());
    ligne.insert("entree".to_owned(), entree);
    ligne.extend(autres);
    Ok(ligne)
}
