//! The reason that a person gives for an act.

use crate::contexte::Ctx;
use crate::erreur::AppError;

/// A reason as kept: something said, within the limit of its field.
///
/// # Errors
/// [`AppError::Invalid`] on `champ`.
pub(crate) fn read_motif(ctx: &Ctx, texte: &str, champ: &'static str) -> Result<String, AppError> {
    let motif = texte.trim();
    let faute = if motif.chars().count() < ctx.app.limites.motif_min {
        "Expliquez en une phrase au moins : ce motif est conservé et relu en cas de contrôle.".to_owned()
    } else if motif.chars().count() > ctx.app.limites.motif {
        format!("Ce texte est trop long : {} caractères au plus.", ctx.app.limites.motif)
    } else {
        return Ok(motif.to_owned());
    };
    Err(AppError::Invalid(vec![(champ, faute)]))
}
