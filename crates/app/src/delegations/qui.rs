//! « Qui peut voir cela ? »: the people whom the table of rights lets reach a course, its groups and its records.

use domain::droits::{self, Acteur, Action, Cible};
use store::comptes::attributions;
use store::delegations as base;

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions;

/// A person and what they may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lecteur {
    /// First name, then name.
    pub nom: String,
    /// French names of their roles that reach the course.
    pub roles: Vec<&'static str>,
    /// What the table lets them do, whatever the date.
    pub actions: Vec<Action>,
}

/// Everybody who reaches a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visibilite {
    /// « BTS Électronique – parcours A ».
    pub formation: String,
    /// By name.
    pub lecteurs: Vec<Lecteur>,
}

/// What is told: reading and writing on the site de gestion. The published offer is everybody's.
const DITES: [Action; 8] = [
    Action::ConsulterParametrage,
    Action::ModifierFormation,
    Action::ModifierCapacites,
    Action::PublierFormation,
    Action::ConsulterDossiers,
    Action::SaisirClassement,
    Action::TransmettreClassement,
    Action::FixerTaux,
];

/// Who reaches a course of the session, asked by whoever manages the accounts of its establishment. The answer comes
/// from the same function as each page: it cannot say something else.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`].
pub async fn who_sees(ctx: &Ctx, annee: i64, formation: &str) -> Result<Visibilite, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let f = store::formations::by_public_id(db, formation)
        .await?
        .filter(|f| f.session_id == session.id)
        .ok_or(AppError::NotFound)?;
    let cible = Cible {
        session: Some(session.id),
        etablissement: Some(f.etablissement_id),
        formation: Some(f.formation_id),
        academie: Some(f.academie.clone()),
        candidat: None,
    };
    ctx.permit(Action::GererComptes, &cible)?;
    let mut lecteurs = Vec::new();
    for t in base::proches(db, f.formation_id, f.etablissement_id).await? {
        let acteur = Acteur {
            compte: Some(t.compte_id),
            nom: format!("{} {}", t.prenom, t.nom),
            attributions: attributions(db, t.compte_id).await?,
        };
        let accordees: Vec<_> =
            DITES.into_iter().filter_map(|a| droits::authorize(&acteur, a, &cible).ok()).collect();
        if accordees.is_empty() {
            continue;
        }
        let mut roles: Vec<&'static str> = accordees.iter().map(|p| p.role().libelle()).collect();
        roles.sort_unstable();
        roles.dedup();
        lecteurs.push(Lecteur {
            nom: acteur.nom,
            roles,
            actions: accordees.iter().map(droits::Permit::action).collect(),
        });
    }
    Ok(Visibilite { formation: crate::formations::intitule(&f.libelle, &f.detail), lecteurs })
}
