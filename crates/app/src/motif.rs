//! The reason that a person gives for an act.

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::messages;

/// Why a reason would be refused, to be told with the other faults of its form; `None`: it would not.
pub fn motif_refuse(ctx: &Ctx, texte: &str) -> Option<String> {
    let longueur = texte.trim().chars().count();
    if longueur < ctx.app.limites.motif_min {
        return Some(
            "Expliquez en une phrase au moins : ce motif est conservé et relu en cas de contrôle.".to_owned(),
        );
    }
    let max = messages::accord(ctx.app.limites.motif, "caractère", "caractères");
    (longueur > ctx.app.limites.motif).then(|| format!("Ce texte est trop long : {max} au plus."))
}

/// A reason as kept: something said, within the limit of its field.
///
/// # Errors
/// [`AppError::Invalid`] on `champ`.
pub(crate) fn read_motif(ctx: &Ctx, texte: &str, champ: &'static str) -> Result<String, AppError> {
    match motif_refuse(ctx, texte) {
        Some(faute) => Err(AppError::Invalid(vec![(champ, faute)])),
        None => Ok(texte.trim().to_owned()),
    }
}
