//! One file a command.

mod admission;
mod cles;
mod compte;
mod configuration;
mod conformite;
mod demo;
mod doctor;
mod engagements;
mod import;
mod journal;
mod migrer;
mod proces_verbaux;
mod restaurer;
mod sauvegarder;
mod servir;
mod session;
mod simuler;
mod travailler;
mod verifier;

use std::process::ExitCode;

use anyhow::Result;

use crate::ligne::Ligne;

/// What can be asked.
#[derive(Debug, clap::Subcommand)]
pub enum Commande {
    /// Essayer tout de suite : une petite France, une base locale, des personnages
    Demo(demo::Args),
    /// Répondre aux navigateurs
    Servir(servir::Args),
    /// Exécuter les tâches seulement : courriels, traitements différés
    Travailler,
    /// Créer la base ou la mettre au niveau de ce programme
    Migrer(migrer::Args),
    /// Écrire une copie chiffrée et cohérente de la base et des fichiers, serveur en marche
    Sauvegarder(sauvegarder::Args),
    /// Remettre une sauvegarde dans un dossier vide, empreintes vérifiées
    Restaurer(restaurer::Args),
    /// Dire ce qui ne va pas et comment y remédier
    Doctor(doctor::Args),
    /// Ouvrir une session annuelle, les lister
    Session(session::Args),
    /// Ordres d’appel, propositions du jour, publication par une seconde personne
    Admission(admission::Args),
    /// Lire l’offre publiée, les types nationaux, le catalogue de l’apprentissage
    Import(import::Args),
    /// Prouver le journal d’audit, donner ses têtes signées
    Journal(journal::Args),
    /// Fabriquer une campagne : une cohorte d’après les chiffres réels, des jours d’admission
    Simuler(simuler::Args),
    /// Le moteur d’admission sur des fichiers : calcul, comparaison, vérification, mesure
    Moteur(moteur::MoteurArgs),
    /// Créer le premier compte de l’équipe nationale
    Compte(compte::Args),
    /// Créer les clés de chiffrement, les renouveler
    Cles(cles::Args),
    /// Vérifier l’interface des logiciels dans un bac à sable, ou ce qu’un logiciel y a montré
    Conformite(conformite::Args),
    /// Montrer un exemple commenté de configuration, vérifier celle en place
    Configuration(configuration::Args),
}

/// Runs the command.
///
/// # Errors
/// One sentence for the person who typed it.
pub async fn executer(ligne: Ligne) -> Result<ExitCode> {
    let communes = &ligne.communes;
    match ligne.commande {
        Commande::Demo(args) => demo::run(communes, &args).await,
        Commande::Servir(args) => servir::run(communes, &args).await,
        Commande::Travailler => travailler::run(communes).await,
        Commande::Migrer(args) => migrer::run(communes, &args).await,
        Commande::Sauvegarder(args) => sauvegarder::run(communes, &args).await,
        Commande::Restaurer(args) => restaurer::run(communes, &args).await,
        Commande::Doctor(args) => doctor::run(communes, &args).await,
        Commande::Session(args) => session::run(communes, args).await,
        Commande::Admission(args) => admission::run(communes, args).await,
        Commande::Import(args) => import::run(communes, args).await,
        Commande::Journal(args) => journal::run(communes, args).await,
        Commande::Simuler(args) => simuler::run(communes, args).await,
        // The engine computes for minutes on every core: not on the threads that answer.
        Commande::Moteur(args) => tokio::task::spawn_blocking(move || moteur::run(args)).await?,
        Commande::Compte(args) => compte::run(communes, args).await,
        Commande::Cles(args) => cles::run(communes, args).await,
        Commande::Conformite(args) => conformite::run(&args).await,
        Commande::Configuration(args) => configuration::run(communes, &args),
    }
}
