//! `parcoursup sauvegarder`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use app::messages;
use app::ports::{AleaSysteme, Horloge, HorlogeSysteme};
use store::exploitation::{empreintes, vue_figee};
use store::{Alea, Db, Dsn};

use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::sauvegarde::{
    Element, FORMAT, Manifeste, NOM_BASE_POSTGRES, NOM_BASE_SQLITE, Table, ecrire, lire_cle, postgres,
    sha256_fichier,
};
use crate::{montage, phrases};

/// Options of `sauvegarder`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Fichier à écrire ; un fichier présent n’est jamais remplacé
    #[arg(value_name = "FICHIER")]
    fichier: PathBuf,
    /// Fichier de la clé qui chiffre (par défaut : le réglage sauvegarde.cle)
    #[arg(long, value_name = "FICHIER")]
    cle: Option<PathBuf>,
}

/// The key file: the option, else the setting.
pub fn chemin_de_la_cle(c: &Configuration, option: Option<&PathBuf>) -> Result<PathBuf> {
    match option.or(c.sauvegarde_cle.as_ref()) {
        Some(chemin) => Ok(chemin.clone()),
        None => bail!(
            "Il manque la clé des sauvegardes : « parcoursup cles sauvegarde FICHIER » en crée une, \
             à donner par --cle FICHIER ou par le réglage « sauvegarde.cle »."
        ),
    }
}

pub async fn run(communes: &Communes, args: &Args) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let cle = lire_cle(&chemin_de_la_cle(&c, args.cle.as_ref())?)?;
    if args.fichier.exists() {
        bail!("{} existe déjà : une sauvegarde n’en remplace pas une autre.", args.fichier.display());
    }
    let db = montage::ouvrir_base(&c, false).await?;
    let instant = HorlogeSysteme::default().maintenant();
    // The copy is as private as the database, and beside it: same disk, same protection.
    let travail = tempfile::Builder::new()
        .prefix(".sauvegarde-")
        .tempdir_in(&c.donnees)
        .map_err(|e| phrases::io("Impossible d’écrire dans", &c.donnees, &e))?;
    let (nom, copie, tables) = copier_base(&c, &db, travail.path()).await?;
    db.close().await?;
    let mut sources = vec![copie];
    let mut noms = vec![nom.to_owned()];
    // After the database: every file that the copy names is there.
    for (chemin, source) in fichiers(&c.fichiers)? {
        noms.push(chemin);
        sources.push(source);
    }
    let (fichier, lignes) = (args.fichier.clone(), tables.iter().map(|t| t.lignes).sum::<u64>());
    let (nombre, nb_tables) = (sources.len() - 1, tables.len());
    let taille = tokio::task::spawn_blocking(move || -> Result<u64> {
        let mut elements = Vec::with_capacity(sources.len());
        for (chemin, source) in noms.into_iter().zip(&sources) {
            let (taille, sha256) =
                sha256_fichier(source).map_err(|e| phrases::io("Impossible de lire", source, &e))?;
            elements.push(Element { chemin, taille, sha256 });
        }
        let manifeste = Manifeste {
            format: FORMAT,
            programme: env!("CARGO_PKG_VERSION").to_owned(),
            utc: instant.to_string(),
            paris: messages::date_heure(instant),
            base: if nom == NOM_BASE_SQLITE { "sqlite" } else { "postgres" }.to_owned(),
            tables,
            fichiers: elements,
        };
        let mut prefixe = [0; 16];
        AleaSysteme.fill(&mut prefixe);
        ecrire(&fichier, cle, prefixe, &manifeste, &sources)
    })
    .await??;
    println!("Sauvegarde écrite dans {} ({} Ko).", args.fichier.display(), taille.div_ceil(1024));
    println!("Instant : {} à Paris ({instant} UTC).", messages::date_heure(instant));
    println!("Contenu : {nb_tables} tables, {lignes} lignes, {nombre} fichiers.");
    println!("Le fichier de clés de la plateforme n’y est pas : sauvegardez-le ailleurs.");
    Ok(ExitCode::SUCCESS)
}

async fn copier_base(
    c: &Configuration,
    db: &Db,
    travail: &Path,
) -> Result<(&'static str, PathBuf, Vec<Table>)> {
    let attente = db.pending_migrations().await?;
    if attente > 0 {
        bail!("La base attend {attente} migration(s) : elle n’est pas de cette version du programme.");
    }
    match &c.base {
        Dsn::Sqlite(_) => {
            let copie = travail.join(NOM_BASE_SQLITE);
            db.copy_to(&copie).await.context("La copie de la base a échoué")?;
            let figee = Db::open(&Dsn::Sqlite(copie.clone())).await?;
            let tables = empreintes(&figee).await?;
            figee.close().await?;
            Ok((NOM_BASE_SQLITE, copie, tables.into_iter().map(Table::from).collect()))
        }
        Dsn::Postgres(url) => {
            let copie = travail.join(NOM_BASE_POSTGRES);
            let (tx, vue) = vue_figee(db).await?;
            postgres::copier(url, &vue, &copie).await?;
            let tables = empreintes(&tx).await?;
            drop(tx);
            Ok((NOM_BASE_POSTGRES, copie, tables.into_iter().map(Table::from).collect()))
        }
    }
}

/// Deposited files: (name in the archive, path).
fn fichiers(dossier: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut trouves = Vec::new();
    let lus = |d: &Path| match std::fs::read_dir(d) {
        Ok(entrees) => Ok(Some(entrees)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(phrases::io("Impossible de lire", d, &e)),
    };
    for sous in lus(dossier)?.into_iter().flatten().flatten().filter(|e| e.path().is_dir()) {
        for fichier in lus(&sous.path())?.into_iter().flatten().flatten() {
            let nom = fichier.file_name().to_string_lossy().into_owned();
            // A name with a dot is a deposit not finished yet.
            if !nom.contains('.') {
                let chemin = format!("fichiers/{}/{nom}", sous.file_name().to_string_lossy());
                trouves.push((chemin, fichier.path()));
            }
        }
    }
    trouves.sort();
    Ok(trouves)
}
