//! What commands say when something goes wrong: one sentence that a person understands.

use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use app::{AppError, messages};
use store::StoreError;

/// The cause of an input or output error.
pub fn cause_io(e: &io::Error) -> String {
    use io::ErrorKind as K;
    match e.kind() {
        K::NotFound => "il n’existe pas".to_owned(),
        K::PermissionDenied => "l’accès est refusé à cet utilisateur".to_owned(),
        K::AlreadyExists => "il existe déjà".to_owned(),
        K::StorageFull => "le disque est plein".to_owned(),
        K::ReadOnlyFilesystem => "le disque est en lecture seule".to_owned(),
        K::IsADirectory => "c’est un dossier".to_owned(),
        K::NotADirectory => "un élément du chemin n’est pas un dossier".to_owned(),
        K::InvalidData => "le contenu n’est pas lisible".to_owned(),
        _ => e.to_string(),
    }
}

/// A sentence about a path.
pub fn io(quoi: &str, chemin: &Path, e: &io::Error) -> anyhow::Error {
    anyhow::anyhow!("{quoi} {} : {}.", chemin.display(), cause_io(e))
}

/// The sentence of an error.
pub fn erreur(e: &anyhow::Error) -> String {
    if let Some(e) = e.downcast_ref::<AppError>() {
        return application(e);
    }
    if let Some(e) = e.downcast_ref::<StoreError>() {
        return base(e);
    }
    // Contexts are sentences of ours; below them the system speaks English.
    let dit = |cause: &(dyn std::error::Error + 'static)| match cause.downcast_ref::<io::Error>() {
        Some(e) => cause_io(e),
        None => cause.to_string(),
    };
    e.chain().map(dit).collect::<Vec<_>>().join(" — ")
}

fn application(e: &AppError) -> String {
    match e {
        AppError::Rule(r) => messages::regle(r),
        AppError::Invalid(fautes) => fautes.iter().map(|(_, m)| m.as_str()).collect::<Vec<_>>().join(" "),
        AppError::Champ(nom) => messages::champ_interdit(nom),
        AppError::Denied(_) => "ce compte n’a pas le droit de faire cela.".to_owned(),
        AppError::Confirmation => {
            "cet acte demande une double vérification : faites-le à l’écran.".to_owned()
        }
        AppError::NotFound => "ce qui est demandé n’existe pas dans la base.".to_owned(),
        AppError::Conflict => {
            "c’est déjà fait, ou cela a changé entre-temps : rien n’a été modifié.".to_owned()
        }
        AppError::TooMany { attente_s } => format!("trop d’essais : attendre {attente_s} s."),
        AppError::Unavailable => "la base ne répond pas. « parcoursup doctor » en dit plus.".to_owned(),
        AppError::Internal(cause) => format!("incident interne ({cause})."),
    }
}

/// The sentence of an error of the database.
pub fn base(e: &StoreError) -> String {
    match e {
        StoreError::Unavailable(cause) => format!("la base est injoignable ({cause})."),
        StoreError::Coffre(_) => {
            "une valeur chiffrée ne s’ouvre pas avec ces clés : le fichier de clés n’est pas celui de cette base, \
             ou une version y manque."
                .to_owned()
        }
        StoreError::Conflict(_) => {
            "c’est déjà fait, ou cela a changé entre-temps : rien n’a été modifié.".to_owned()
        }
        autre => format!("la base refuse ({autre})."),
    }
}

/// Creates a data folder that only its owner may enter: the database has no other wall on the machine.
///
/// # Errors
/// One sentence.
pub fn creer_dossier(chemin: &Path) -> anyhow::Result<()> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(chemin)
        .map_err(|e| io("Impossible de créer le dossier", chemin, &e))
}
