//! What registration, enrolment and reset share about a new password.

use domain::comptes::{FauteMotDePasse, MOT_DE_PASSE_MIN, Niveau, Role, check_mot_de_passe};
use domain::droits::{Acteur, Action, Attribution, Cible};
use store::Sql;
use store::comptes as base;

use super::mots_courants::is_common;
use super::session::needs_second_factor;
use crate::erreur::AppError;

/// The permit of a change that the platform makes to an account for its holder.
pub(crate) fn platform_permit(compte: &base::LigneCompte) -> Result<domain::droits::Permit, AppError> {
    let acteur = Acteur {
        compte: Some(compte.id),
        nom: "titulaire".to_owned(),
        attributions: vec![Attribution::simple(Role::Systeme)],
    };
    Ok(domain::droits::authorize(&acteur, Action::GererComptes, &Cible::plateforme())?)
}

/// The strength asked of a person with these roles (MDP-2).
pub(super) fn level(roles: &[Attribution]) -> Niveau {
    if needs_second_factor(roles) { Niveau::Gestion } else { Niveau::Candidat }
}

/// The names of a person, on which a password must not rest (MDP-3).
pub(super) fn names(nom: &str, prenom: &str, courriel: &str) -> Vec<String> {
    let locale = courriel.split('@').next().unwrap_or("");
    [nom, prenom, locale].map(str::to_owned).to_vec()
}

/// Words tied to the holder of an account: names, establishments with their town and their code (MDP-3). The platform's own
/// name and years are refused to everybody, by the rule itself.
pub(super) async fn context(c: &impl Sql, compte: &base::LigneCompte) -> Result<Vec<String>, AppError> {
    let mut mots = names(&compte.nom, &compte.prenom, &compte.courriel);
    mots.extend(base::context_words(c, compte.id).await?);
    Ok(mots)
}

/// Faults of a new password typed twice.
pub(super) fn password_faults(
    mot_de_passe: &str,
    confirmation: &str,
    niveau: Niveau,
    contexte: &[String],
) -> Vec<(&'static str, String)> {
    if mot_de_passe.is_empty() {
        let dit = format!("Choisissez un mot de passe d’au moins {MOT_DE_PASSE_MIN} caractères.");
        return vec![("mot_de_passe", dit)];
    }
    let mots: Vec<&str> = contexte.iter().map(String::as_str).collect();
    let mut trouvees = check_mot_de_passe(mot_de_passe, niveau, &mots).err().unwrap_or_default();
    if is_common(mot_de_passe) {
        trouvees.push(FauteMotDePasse::Courant);
    }
    let mut fautes: Vec<_> = trouvees.iter().map(|f| ("mot_de_passe", f.message())).collect();
    if mot_de_passe != confirmation {
        fautes.push(("confirmation", "Les deux saisies du mot de passe sont différentes.".to_owned()));
    }
    fautes
}
