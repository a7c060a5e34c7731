//! `parcoursup demo`: everything in one command, on the loopback, with invented data.

use std::fs;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use app::demo::{Moment, Personnage};
use app::ports::{AleaSysteme, Horloge, HorlogeSysteme};
use app::{Mode, Plateforme};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use domain::calendrier::jour_paris;
use serde::{Deserialize, Serialize};
use store::Dsn;
use web::layout::{Identite, Site};
use web::{Demo, EtatWeb, Interne, Persona};

use super::servir;
use crate::cles::{Cles, ecrire_prive};
use crate::configuration::{Configuration, Courriel, Journaux, Niveau};
use crate::ecoute::Bornes;
use crate::ligne::Communes;
use crate::{ecoute, journaux, montage, phrases};

/// Options of `demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Port local
    #[arg(long, default_value_t = 8024)]
    port: u16,
    /// Moment de la campagne où tout commence
    #[arg(long, value_parser = moments())]
    moment: Option<Moment>,
    /// Effacer la démonstration présente et recommencer
    #[arg(long)]
    neuf: bool,
    /// Graine des données inventées : la même donne les mêmes
    #[arg(long)]
    graine: Option<u64>,
    /// Ouvrir des bacs à sable aux logiciels (API) : établissements inventés, à la demande
    #[arg(long)]
    bac_a_sable: bool,
}

const GRAINE: u64 = 2024;
/// What the folder holds: also the proof that it is a demonstration, the only thing that `--neuf` erases.
const FICHE: &str = "demonstration.json";

/// Kept beside the database, for the next run.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Fiche {
    moment: Moment,
    graine: u64,
    personas: Vec<Personnage>,
}

/// Words of `--moment`.
fn moments() -> impl TypedValueParser<Value = Moment> {
    PossibleValuesParser::new(Moment::ALL.map(Moment::code))
        .map(|code| Moment::from_code(&code).unwrap_or(Moment::Voeux))
}

fn persona(p: &Personnage) -> Persona {
    Persona {
        code: p.code.clone(),
        nom: p.nom.clone(),
        role: p.role.clone(),
        courriel: p.courriel.clone(),
        mot_de_passe: p.mot_de_passe.clone(),
        totp: p.totp.clone(),
        accueil: p.accueil.clone(),
    }
}

pub async fn run(communes: &Communes, args: &Args) -> Result<ExitCode> {
    let c = configuration(communes, args)?;
    journaux::demarrer(c.journaux);
    phrases::creer_dossier(&c.donnees)?;
    let verrou = servir::verrouiller(&c)?;
    let prises = ecoute::prendre(&c.ecoute, true).await?;
    if args.neuf {
        effacer(&c.donnees)?;
    }
    let presente = lire_fiche(&c.donnees)?;
    if presente.is_none() {
        exiger_neuf(&c.donnees)?;
    }
    if let Some(f) = &presente {
        accorder(f, args)?;
    }
    if !c.cles.exists() {
        let date = jour_paris(HorlogeSysteme::default().maintenant()).to_string();
        Cles::creer(&AleaSysteme, &date, true).ecrire(&c.cles, true)?;
    }
    montage::ouvrir_base(&c, true).await?.close().await?;
    let horloge = Arc::new(HorlogeSysteme::default());
    let app = montage::monter(&c, Mode::Demo, Arc::clone(&horloge)).await?;
    app.db.migrate().await?;
    let fiche = match presente {
        Some(fiche) => {
            println!("Données reprises de {} (--neuf recommence).", c.donnees.display());
            fiche
        }
        None => {
            let (moment, graine) = (args.moment.unwrap_or(Moment::Voeux), args.graine.unwrap_or(GRAINE));
            println!("Préparation de la petite France…");
            let fiche = Fiche { moment, graine, personas: app::demo::semer(&app, moment, graine).await? };
            let json = serde_json::to_vec_pretty(&fiche)?;
            // Written last: without it, the next run knows that the filling was cut and starts again.
            ecrire_prive(&c.donnees.join(FICHE), &json, true)?;
            fiche
        }
    };
    horloge.set_decalage_ms(app::demonstration::load_decalage(&app.db).await?);
    let site = web::router(EtatWeb::new(Interne {
        app: Arc::clone(&app),
        site: Site { identite: c.identite, demonstration: true, ..Site::default() },
        mandataires: c.mandataires.clone(),
        demo: Some(Demo {
            horloge,
            personas: fiche.personas.iter().map(persona).collect(),
            bac_a_sable: args.bac_a_sable,
        }),
        https: false,
        mesures: Some(servir::mesures(&c)?),
    }));
    let stop = ecoute::arret()?;
    let taches = tokio::spawn(jobs::run(Arc::clone(&app), stop.clone()));
    annoncer(&app, &fiche);
    ecoute::servir(prises, site, stop, Bornes::of(&c)).await?;
    drop(verrou);
    servir::terminer(app, Some(taches)).await
}

/// A demonstration takes nothing from a configuration but its folder, and what an attack is replayed with: declared
/// proxies, the cost of hashing, the supervision service.
fn configuration(communes: &Communes, args: &Args) -> Result<Configuration> {
    let lue = Configuration::lire(communes, &[])?;
    if let Dsn::Postgres(_) = lue.base {
        bail!(
            "La démonstration a sa propre base SQLite : ôtez le réglage « base », ou prenez un autre dossier."
        );
    }
    Ok(Configuration {
        adresse: Some(format!("http://localhost:{}", args.port)),
        ecoute: vec![
            SocketAddr::from((Ipv4Addr::LOCALHOST, args.port)),
            SocketAddr::from((Ipv6Addr::LOCALHOST, args.port)),
        ],
        identite: Identite::Neutre,
        cles: lue.donnees.join("cles.toml"),
        fichiers: lue.donnees.join("fichiers"),
        journaux: Journaux { json: false, niveau: Niveau::Avertissement },
        courriel: Courriel::Journal,
        ..lue
    })
}

fn lire_fiche(dossier: &Path) -> Result<Option<Fiche>> {
    let chemin = dossier.join(FICHE);
    match fs::read(&chemin) {
        Ok(json) => serde_json::from_slice(&json)
            .map(Some)
            .with_context(|| format!("{} est abîmé : recommencez avec --neuf", chemin.display())),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(phrases::io("Impossible de lire", &chemin, &e)),
    }
}

/// Without its sheet, a folder that holds a database is another installation, or a demonstration whose filling was
/// cut: the second is told by its keys and erased, the first is never touched.
fn exiger_neuf(dossier: &Path) -> Result<()> {
    if !dossier.join("parcoursup.sqlite").exists() && !dossier.join("cles.toml").exists() {
        return Ok(());
    }
    match Cles::lire(&dossier.join("cles.toml")) {
        Ok(cles) if cles.demonstration => effacer(dossier),
        _ => bail!(
            "{} contient les données d’un vrai service : la démonstration en veut un autre (--donnees DOSSIER).",
            dossier.display()
        ),
    }
}

/// Erases what a demonstration made, and only that.
fn effacer(dossier: &Path) -> Result<()> {
    let cles = dossier.join("cles.toml");
    if cles.exists() && !Cles::lire(&cles)?.demonstration {
        bail!(
            "{} contient les données d’un vrai service : --neuf n’efface qu’une démonstration.",
            dossier.display()
        );
    }
    if !cles.exists() && dossier.join("parcoursup.sqlite").exists() {
        bail!(
            "{} contient une base sans clés de démonstration : --neuf n’efface qu’une démonstration.",
            dossier.display()
        );
    }
    let depot = dossier.join("fichiers");
    let erreur = |chemin: &Path, e: &std::io::Error| phrases::io("Impossible d’effacer", chemin, e);
    if depot.exists() {
        fs::remove_dir_all(&depot).map_err(|e| erreur(&depot, &e))?;
    }
    // The keys last: while they are there, the folder is known for a demonstration.
    for nom in [FICHE, "parcoursup.sqlite-wal", "parcoursup.sqlite-shm", "parcoursup.sqlite", "cles.toml"] {
        let chemin = dossier.join(nom);
        match fs::remove_file(&chemin) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(erreur(&chemin, &e)),
            _ => {}
        }
    }
    Ok(())
}

/// What is asked must be what is there: a moment is not only a date, it is the data of that date.
fn accorder(f: &Fiche, args: &Args) -> Result<()> {
    if args.moment.is_some_and(|m| m != f.moment) || args.graine.is_some_and(|g| g != f.graine) {
        bail!(
            "Ce dossier contient déjà une démonstration du moment « {} », graine {} : ajoutez --neuf pour recommencer, \
             ou prenez un autre dossier (--donnees).",
            f.moment.code(),
            f.graine
        );
    }
    Ok(())
}

fn annoncer(app: &Plateforme, fiche: &Fiche) {
    println!();
    println!("Parcoursup, démonstration : {}/", app.adresse);
    println!("Date de la campagne       : {}", app::messages::date_heure(app.horloge.campagne()));
    if !fiche.personas.is_empty() {
        println!();
        let large = |lit: fn(&Personnage) -> &str| {
            fiche.personas.iter().map(|p| lit(p).chars().count()).max().unwrap_or(0)
        };
        let (role, nom, courriel) = (large(|p| &p.role), large(|p| &p.nom), large(|p| &p.courriel));
        for p in &fiche.personas {
            let code = if p.totp.is_some() { "  + code affiché sur /dev" } else { "" };
            let secret = p.mot_de_passe.as_deref().unwrap_or("lien d’invitation sur /dev");
            println!("  {:role$}  {:nom$}  {:courriel$}  {secret}{code}", p.role, p.nom, p.courriel);
        }
    }
    println!();
    println!("Connexion d’un clic, horloge de la campagne, courriels : {}/dev", app.adresse);
    println!("Ctrl+C pour arrêter.");
}
