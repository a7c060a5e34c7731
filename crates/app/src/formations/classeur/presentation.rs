//! The text that presents a course to the public, as a column of the first sheet. Its rules are those of the page (`enregistrer`).

use domain::droits::{Action, authorize};
use domain::formations::check_presentation;
use store::formations::LigneGestion;

use super::lire::meme_texte;
use crate::contexte::Ctx;
use crate::formations::gestion::cible_of;
use crate::messages;

/// Title of the column: the label of the field of the page.
pub(super) const PRESENTATION: &str = "Présentation publique";

/// What a cell asks for: another text, or nothing when it says that of the draft.
pub(super) fn lit_cellule(
    ctx: &Ctx,
    session: i64,
    l: &LigneGestion,
    (saisi, feuille): (&str, &str),
) -> Result<Option<String>, String> {
    if meme_texte(&l.presentation, saisi, feuille) {
        return Ok(None);
    }
    let texte = check_presentation(saisi).map_err(|regle| messages::regle(&regle))?;
    if authorize(&ctx.acteur, Action::ModifierFormation, &cible_of(session, l)).is_err() {
        return Err("Votre rôle ne permet pas d’écrire la présentation de cette formation.".to_owned());
    }
    Ok(Some(texte))
}
