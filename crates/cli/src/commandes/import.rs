//! `parcoursup import`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use app::Plateforme;
use app::apprentissage::integrate;
use app::imports::{
    ImportError, OptionsApprentissage, OptionsCommunes, OptionsImport, OptionsNomenclatures, OptionsRegistre,
    RegistreLu, import_apprentissage, import_communes, import_nomenclatures, import_offre, import_registre,
    lire, lire_catalogue, lire_communes, lire_diplomes, lire_nomenclatures, lire_organismes, lire_perimetre,
};
use files::Progression;
use files::catalogue::expected_names;
use indicatif::{ProgressBar, ProgressStyle};

use crate::configuration::Configuration;
use crate::ligne::Communes;
use crate::montage;

/// Options of `import`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    quoi: Quoi,
}

#[derive(Debug, clap::Subcommand)]
enum Quoi {
    /// Lire l’offre publiée (jeu fr-esr-parcoursup, 2018 à 2025) ; sans --appliquer, montre seulement ce qui changerait
    Offre(Offre),
    /// Lire les types nationaux de formations, leurs attendus et les spécialités conseillées ; sans --appliquer, montre seulement ce qui changerait
    Nomenclatures(Nomenclatures),
    /// Lire la liste nationale des communes, d’après laquelle un site se place sur la carte ; sans --appliquer, montre seulement ce qui changerait
    Communes(Liste),
    /// Lire la nomenclature nationale des diplômes, qui donne leur intitulé aux fiches d’apprentissage sans titre ; sans --appliquer, montre seulement ce qui changerait
    Diplomes(Liste),
    /// Lire le répertoire des établissements du catalogue de l’apprentissage, qui donne leur code UAI aux fiches et leur nom aux établissements ; sans --appliquer, montre seulement ce qui changerait
    Organismes(Liste),
    /// Lire un jour du catalogue national de l’apprentissage (fiches JSON ou CSV, LHÉO 2.3) ; sans --appliquer, montre seulement ce qui changerait
    Apprentissage(Apprentissage),
}

#[derive(Debug, clap::Args)]
struct Apprentissage {
    #[arg(
        value_name = "FICHIER",
        required_unless_present = "integrer",
        help = format!("Fichiers d’une journée : {}", expected_names())
    )]
    fichiers: Vec<PathBuf>,
    /// Session qui reçoit les fiches (par défaut : celle qui est ouverte)
    #[arg(long, value_name = "ANNÉE", value_parser = clap::value_parser!(i64).range(2018..=2100))]
    session: Option<i64>,
    /// Nom du flux : une fiche absente n’est retirée que parmi celles du même flux (par défaut : catalogue)
    #[arg(long, value_name = "NOM")]
    flux: Option<String>,
    /// Les fichiers n’ont que ce qui change : ne retirer aucune fiche absente
    #[arg(long)]
    partiel: bool,
    /// Retirer les fiches absentes même si elles sont très nombreuses
    #[arg(long, conflicts_with = "partiel")]
    retraits_massifs: bool,
    /// Ce que la session admet désormais, en CSV : critere;valeur;acces;libelle
    #[arg(long, value_name = "FICHIER")]
    perimetre: Option<PathBuf>,
    /// Faire des formations avec les fiches prêtes, après le jour du catalogue quand il y en a un
    #[arg(long)]
    integrer: bool,
    /// Écrire dans la base, en une seule transaction
    #[arg(long)]
    appliquer: bool,
    /// Donner le compte rendu en JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Nomenclatures {
    /// Liste des types (g_fl_cod, sigle, libellé…) : .csv, .csv.gz ou .csv.zst
    #[arg(value_name = "TYPES")]
    types: PathBuf,
    /// Attendus et spécialités conseillées par type : .json, .json.gz ou .json.zst
    #[arg(value_name = "ATTENDUS")]
    attendus: PathBuf,
    /// Session qui reçoit les types (par défaut : celle qui est ouverte)
    #[arg(long, value_name = "ANNÉE", value_parser = clap::value_parser!(i64).range(2018..=2100))]
    session: Option<i64>,
    /// D’où viennent les textes, tel que les candidats le liront (par défaut : le nom du fichier)
    #[arg(long, value_name = "TEXTE")]
    source: Option<String>,
    /// Écrire dans la base, en une seule transaction
    #[arg(long)]
    appliquer: bool,
    /// Laisser de côté ce qui est fautif au lieu de refuser les fichiers
    #[arg(long)]
    ignorer_fautes: bool,
    /// Donner le compte rendu en JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Liste {
    /// Liste nationale, telle qu’elle est publiée : .csv, .csv.gz ou .csv.zst
    #[arg(value_name = "FICHIER")]
    fichier: PathBuf,
    /// Écrire dans la base, en une seule transaction
    #[arg(long)]
    appliquer: bool,
    /// Laisser de côté les lignes fautives au lieu de refuser le fichier
    #[arg(long)]
    ignorer_fautes: bool,
    /// Donner le compte rendu en JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct Offre {
    /// Fichier .csv, .csv.gz ou .csv.zst
    #[arg(value_name = "FICHIER", required_unless_present = "apprentissage")]
    fichier: Option<PathBuf>,
    /// Offre composée, dont les formations en apprentissage sont ajoutées
    #[arg(long, value_name = "FICHIER")]
    apprentissage: Option<PathBuf>,
    /// Session qui reçoit l’offre (par défaut : l’année du fichier)
    #[arg(long, value_name = "ANNÉE", value_parser = clap::value_parser!(i64).range(2018..=2100))]
    session: Option<i64>,
    /// Écrire dans la base, en une seule transaction
    #[arg(long)]
    appliquer: bool,
    /// Laisser de côté les lignes fautives au lieu de refuser le fichier
    #[arg(long)]
    ignorer_fautes: bool,
    /// Donner le compte rendu en JSON
    #[arg(long)]
    json: bool,
}

pub async fn run(communes: &Communes, args: Args) -> Result<ExitCode> {
    match args.quoi {
        Quoi::Offre(o) => offre(communes, o).await,
        Quoi::Nomenclatures(n) => nomenclatures(communes, n).await,
        Quoi::Communes(l) => liste_communes(communes, l).await,
        Quoi::Diplomes(l) => registre(communes, l, lire_diplomes).await,
        Quoi::Organismes(l) => registre(communes, l, lire_organismes).await,
        Quoi::Apprentissage(a) => apprentissage(communes, a).await,
    }
}

async fn offre(communes: &Communes, o: Offre) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let app = montage::monter_pour_commande(&c).await?;
    let (fichier, apprentissage) = (o.fichier.clone(), o.apprentissage.clone());
    let lue = lit(move |suivi| lire(fichier.as_deref(), apprentissage.as_deref(), suivi)).await?;
    let lue = match lue {
        Ok(lue) => lue,
        Err(e) => return refuse(e, o.json),
    };
    let options =
        OptionsImport { appliquer: o.appliquer, ignorer_fautes: o.ignorer_fautes, session: o.session };
    let rapport = import_offre(&montage::contexte(&app), &lue, options).await?;
    montre(o.json, &rapport, || rapport.texte())?;
    app.db.clone().close().await?;
    Ok(if rapport.reussi() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn nomenclatures(communes: &Communes, n: Nomenclatures) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let app = montage::monter_pour_commande(&c).await?;
    let (types, attendus) = (n.types.clone(), n.attendus.clone());
    let lues = match lit(move |suivi| lire_nomenclatures(&types, &attendus, suivi)).await? {
        Ok(lues) => lues,
        Err(e) => return refuse(e, n.json),
    };
    let options = OptionsNomenclatures {
        appliquer: n.appliquer,
        ignorer_fautes: n.ignorer_fautes,
        session: n.session,
        source: n.source,
    };
    let rapport = import_nomenclatures(&montage::contexte(&app), &lues, &options).await?;
    montre(n.json, &rapport, || rapport.texte())?;
    app.db.clone().close().await?;
    Ok(if rapport.reussi() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How a register is read.
type Lecture = fn(&Path, &mut dyn FnMut(&str, Progression)) -> Result<RegistreLu, ImportError>;

async fn registre(communes: &Communes, l: Liste, lire: Lecture) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let app = montage::monter_pour_commande(&c).await?;
    let fichier = l.fichier.clone();
    let lu = match lit(move |suivi| lire(&fichier, suivi)).await? {
        Ok(lu) => lu,
        Err(e) => return refuse(e, l.json),
    };
    let options = OptionsRegistre { appliquer: l.appliquer, ignorer_fautes: l.ignorer_fautes };
    let rapport = import_registre(&montage::contexte(&app), &lu, options).await?;
    montre(l.json, &rapport, || rapport.texte())?;
    app.db.clone().close().await?;
    Ok(if rapport.reussi() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn liste_communes(communes: &Communes, l: Liste) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let app = montage::monter_pour_commande(&c).await?;
    let fichier = l.fichier.clone();
    let lues = match lit(move |suivi| lire_communes(&fichier, suivi)).await? {
        Ok(lues) => lues,
        Err(e) => return refuse(e, l.json),
    };
    let options = OptionsCommunes { appliquer: l.appliquer, ignorer_fautes: l.ignorer_fautes };
    let rapport = import_communes(&montage::contexte(&app), &lues, options).await?;
    montre(l.json, &rapport, || rapport.texte())?;
    app.db.clone().close().await?;
    Ok(if rapport.reussi() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn apprentissage(communes: &Communes, a: Apprentissage) -> Result<ExitCode> {
    let c = Configuration::lire(communes, &[])?;
    let app = montage::monter_pour_commande(&c).await?;
    if a.fichiers.is_empty() {
        let fait = integrer(&app, a.session, a.json).await;
        app.db.clone().close().await?;
        return fait;
    }
    let (fichiers, perimetre) = (a.fichiers.clone(), a.perimetre.clone());
    let lu = lit(move |suivi| {
        let perimetre = perimetre.map(|chemin| lire_perimetre(&chemin, suivi)).transpose()?;
        Ok((lire_catalogue(&fichiers, suivi)?, perimetre))
    });
    let (lu, perimetre) = match lu.await? {
        Ok(lu) => lu,
        Err(e) => return refuse(e, a.json),
    };
    let options = OptionsApprentissage {
        appliquer: a.appliquer,
        session: a.session,
        flux: a.flux,
        partiel: a.partiel,
        retraits_massifs: a.retraits_massifs,
        perimetre,
    };
    let rapport = import_apprentissage(&montage::contexte(&app), &lu, &options).await?;
    montre(a.json, &rapport, || rapport.texte())?;
    let reussi = rapport.reussi();
    if a.integrer && a.appliquer && reussi {
        integrer(&app, a.session, a.json).await?;
    }
    app.db.clone().close().await?;
    Ok(if reussi { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// R-APP-08: the courses of the records that are ready, in the open session unless another is named.
async fn integrer(app: &Arc<Plateforme>, session: Option<i64>, json: bool) -> Result<ExitCode> {
    let annee = match session {
        Some(annee) => annee,
        None => app::sessions::courante(&app.db).await?.annee,
    };
    let bilan = integrate(&montage::contexte(app), annee).await?;
    montre(json, &bilan, || format!("Intégration, session {annee} : {}.", bilan.phrase()))?;
    Ok(ExitCode::SUCCESS)
}

/// Reads files with a bar that follows. Decompression and reading keep a core busy: not one that answers.
async fn lit<T: Send + 'static>(
    read: impl FnOnce(&mut dyn FnMut(&str, Progression)) -> Result<T, ImportError> + Send + 'static,
) -> Result<Result<T, ImportError>> {
    let barre = barre();
    let suivi = barre.clone();
    let lu = tokio::task::spawn_blocking(move || {
        read(&mut |nom, p| {
            if suivi.message() != nom {
                suivi.set_message(nom.to_owned());
                suivi.set_length(p.total.unwrap_or(0));
            }
            suivi.set_position(p.lus);
        })
    })
    .await?;
    barre.finish_and_clear();
    Ok(lu)
}

/// What cannot be read at all: to a machine on the output, to a person as an error.
fn refuse(e: ImportError, json: bool) -> Result<ExitCode> {
    if json {
        println!("{}", serde_json::json!({ "refuse": true, "erreur": e.to_string() }));
        return Ok(ExitCode::FAILURE);
    }
    Err(e.into())
}

fn montre(json: bool, rapport: &impl serde::Serialize, texte: impl FnOnce() -> String) -> Result<()> {
    if json {
        println!("{}", serde_json::to_string(rapport)?);
    } else {
        println!("{}", texte());
    }
    Ok(())
}

/// On the error output, and only on a terminal.
fn barre() -> ProgressBar {
    let barre = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg} [{bar:40}] {bytes} / {total_bytes}") {
        barre.set_style(style);
    }
    barre
}
