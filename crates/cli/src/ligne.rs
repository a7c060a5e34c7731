//! The command line, in French: what exists, how it is said when it is wrong.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches, Parser};

use crate::commandes::Commande;

/// Parcoursup : plateforme nationale d’admission dans l’enseignement supérieur
#[derive(Debug, Parser)]
#[command(name = "parcoursup", version = app::admission::VERSION)]
pub struct Ligne {
    #[command(flatten)]
    pub communes: Communes,
    #[command(subcommand)]
    pub commande: Commande,
}

/// The same everywhere.
#[derive(Debug, Clone, clap::Args)]
pub struct Communes {
    /// Dossier des données : base SQLite, fichiers, clés (par défaut ./donnees ; environnement : PARCOURSUP_DONNEES)
    #[arg(long, global = true, value_name = "DOSSIER", env = "PARCOURSUP_DONNEES")]
    pub donnees: Option<PathBuf>,
    /// Fichier de configuration (par défaut parcoursup.toml du dossier des données ; environnement : PARCOURSUP_CONFIGURATION)
    #[arg(long, global = true, value_name = "FICHIER", env = "PARCOURSUP_CONFIGURATION")]
    pub configuration: Option<PathBuf>,
    /// « sqlite » ou l’adresse d’une base PostgreSQL : l’emporte sur la configuration
    #[arg(long, global = true, value_name = "BASE")]
    pub base: Option<String>,
}

impl Communes {
    /// The data folder.
    pub fn donnees(&self) -> PathBuf {
        self.donnees.clone().unwrap_or_else(|| PathBuf::from("donnees"))
    }
}

/// Reads the command line.
///
/// # Errors
/// What clap refuses; help and version come this way too.
pub fn lire(arguments: impl IntoIterator<Item = OsString>) -> Result<Ligne, clap::Error> {
    let lus = francise(Ligne::command(), true).try_get_matches_from(arguments)?;
    Ligne::from_arg_matches(&lus)
}

/// Says what is wrong, in French; shows the help where that was asked.
pub fn refuser(e: &clap::Error) -> ExitCode {
    match e.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            print!("{e}");
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            eprint!("{e}");
            ExitCode::from(2)
        }
        _ => {
            eprintln!("Erreur : {}", faute(e));
            eprintln!("Aide : ajouter --help à la commande.");
            ExitCode::from(2)
        }
    }
}

/// clap adds the colon, French the space before it.
const OPTIONS: &str = "Options\u{a0}";

/// clap speaks English: its headings, its own options and its annotations are said again in French.
fn francise(commande: Command, racine: bool) -> Command {
    let mut commande = commande
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .help_template("{about-with-newline}\nUtilisation : {usage}\n\n{all-args}{after-help}\n")
        .subcommand_help_heading("Commandes\u{a0}")
        .subcommand_value_name("COMMANDE")
        .mut_args(|a| {
            let titre = if a.is_positional() { "Arguments\u{a0}" } else { OPTIONS };
            annote(a.hide_env(true).help_heading(titre))
        })
        .mut_subcommands(|c| francise(c, false))
        .arg(
            Arg::new("aide")
                .short('h')
                .long("help")
                .visible_alias("aide")
                .action(ArgAction::Help)
                .help("Montrer cette aide")
                .help_heading(OPTIONS),
        );
    if racine {
        commande = commande.arg(
            Arg::new("version-du-programme")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("Montrer la version")
                .help_heading(OPTIONS),
        );
    }
    commande
}

/// Default and possible values, as part of the French help.
fn annote(a: Arg) -> Arg {
    if !a.get_action().takes_values() {
        return a;
    }
    let mut notes = Vec::new();
    let possibles: Vec<String> = a.get_possible_values().iter().map(|v| v.get_name().to_owned()).collect();
    if !possibles.is_empty() {
        notes.push(possibles.join(", "));
    }
    let defauts: Vec<String> =
        a.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    if !defauts.is_empty() {
        notes.push(format!("par défaut : {}", defauts.join(", ")));
    }
    if notes.is_empty() {
        return a;
    }
    let aide = a.get_help().map_or_else(String::new, ToString::to_string);
    a.help(format!("{aide} [{}]", notes.join(" ; "))).hide_default_value(true).hide_possible_values(true)
}

/// One French sentence for a mistake on the command line.
fn faute(e: &clap::Error) -> String {
    let dit = |quoi| e.get(quoi).map(ToString::to_string).unwrap_or_default();
    let argument = dit(ContextKind::InvalidArg);
    let propose = |quoi| match e.get(quoi) {
        Some(v) => format!(" Vouliez-vous dire « {v} » ?"),
        None => String::new(),
    };
    match e.kind() {
        ErrorKind::UnknownArgument => {
            format!("« {argument} » n’existe pas ici.{}", propose(ContextKind::SuggestedArg))
        }
        ErrorKind::InvalidSubcommand => format!(
            "la commande « {} » n’existe pas.{}",
            dit(ContextKind::InvalidSubcommand),
            propose(ContextKind::SuggestedSubcommand)
        ),
        ErrorKind::MissingRequiredArgument => format!("il manque {argument}."),
        ErrorKind::MissingSubcommand => "il manque une commande.".to_owned(),
        ErrorKind::InvalidValue => {
            let valeur = dit(ContextKind::InvalidValue);
            let possibles = dit(ContextKind::ValidValue);
            if valeur.is_empty() {
                format!("« {argument} » attend une valeur.")
            } else if possibles.is_empty() {
                format!("la valeur « {valeur} » ne convient pas pour {argument}.")
            } else {
                format!("la valeur « {valeur} » ne convient pas pour {argument} ; choisir parmi {possibles}.")
            }
        }
        ErrorKind::ValueValidation => {
            format!("la valeur « {} » ne convient pas pour {argument}.", dit(ContextKind::InvalidValue))
        }
        ErrorKind::ArgumentConflict => {
            format!("« {argument} » ne va pas avec « {} ».", dit(ContextKind::PriorArg))
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("« {argument} » n’a pas le bon nombre de valeurs.")
        }
        ErrorKind::NoEquals => format!("« {argument} » s’écrit avec le signe =."),
        ErrorKind::InvalidUtf8 => "un argument n’est pas du texte lisible (UTF-8).".to_owned(),
        _ => "la commande n’est pas comprise.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refus(arguments: &[&str]) -> String {
        let arguments = std::iter::once("parcoursup").chain(arguments.iter().copied()).map(OsString::from);
        faute(&lire(arguments).unwrap_err())
    }

    #[test]
    fn the_definition_is_sound() {
        francise(Ligne::command(), true).debug_assert();
    }

    #[test]
    fn mistakes_are_told_in_french() {
        assert!(refus(&["serviir"]).contains("« serviir » n’existe pas. Vouliez-vous dire « servir » ?"));
        assert!(refus(&["servir", "--autre"]).contains("« --autre » n’existe pas ici."));
        assert!(refus(&["demo", "--port", "x"]).contains("« x » ne convient pas"));
        assert!(refus(&["demo", "--moment", "x"]).contains("parametrage"));
        assert!(refus(&["sauvegarder"]).contains("il manque <FICHIER>"));
    }

    #[test]
    fn no_help_page_speaks_english() {
        fn visite(mut c: Command, chemin: &str) {
            let aide = c.render_long_help().to_string();
            for mot in [
                "Usage:",
                "Options:\n  -h, --help  Print",
                "Print",
                "Commands:",
                "[default",
                "[possible",
                "[env",
            ] {
                assert!(!aide.contains(mot), "{chemin}: « {mot} » in\n{aide}");
            }
            let enfants: Vec<Command> = c.get_subcommands().cloned().collect();
            for enfant in enfants {
                let chemin = format!("{chemin} {}", enfant.get_name());
                visite(enfant, &chemin);
            }
        }
        let mut c = francise(Ligne::command(), true);
        c.build();
        visite(c, "parcoursup");
    }
}
