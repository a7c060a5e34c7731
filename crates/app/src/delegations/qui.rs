//! « Qui peut voir cela ? »: the people whom the table of rights lets reach a course, its groups and its records.

use std::collections::BTreeMap;

use domain::calendrier::{Calendrier, Etape};
use domain::comptes::Role;
use domain::droits::{self, Acteur, Action, Cible, Fiche, GroupeChamps, Permit};
use domain::territoires::HeureLocale;
use jiff::Timestamp;
use store::comptes::{RoleProche, proches};
use store::delegations::voulues;

use crate::candidats;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::interfaces::programmes;
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
    /// The role under which they read the records of the candidates; `None`: they do not.
    pub dossiers: Option<Role>,
}

/// What of a record is read by those who examine it, and from when on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DossierLu {
    /// Opening of the examination, when records are shown; `None` until it is in the calendar.
    pub depuis: Option<Timestamp>,
    /// Codes of the groups of fields (R-DRO-04) that they read.
    pub lus: Vec<&'static str>,
    /// Those that only the candidate reads.
    pub reserves: Vec<&'static str>,
}

impl DossierLu {
    fn new(calendrier: &Calendrier) -> Self {
        let codes = |groupes: Vec<&'static GroupeChamps>| groupes.into_iter().map(|g| g.code).collect();
        let (lus, reserves) = GroupeChamps::partage(Fiche::Dossier, Action::ConsulterDossiers);
        let depuis = calendrier.fenetre(Etape::Examen).map(|f| f.ouvre);
        Self { depuis, lus: codes(lus), reserves: codes(reserves) }
    }
}

/// Everybody who reaches a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visibilite {
    /// « BTS Électronique – parcours A ».
    pub formation: String,
    /// By name.
    pub lecteurs: Vec<Lecteur>,
    /// What those who read records read of them.
    pub dossier: DossierLu,
}

/// Who reads the records of a course that a candidate asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LecteursFormation {
    /// « BTS Électronique – Lycée Ampère, Lyon ».
    pub formation: String,
    /// Until the wish is confirmed, the record is not among those of the course.
    pub confirmee: bool,
    /// Roles, each with its number of persons, or of programs; nobody named.
    pub roles: Vec<(Role, usize)>,
}

/// Who may read a candidate's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisibiliteDossier {
    /// Year of the session.
    pub annee: i64,
    /// What they read, and from when on.
    pub dossier: DossierLu,
    /// One a course, in the order of the wishes.
    pub formations: Vec<LecteursFormation>,
    /// Of the candidate's home, where it is not that of Paris.
    pub locale: Option<HeureLocale>,
}

/// What is told: reading and writing on the site de gestion. The published offer is everybody's.
const DITES: [Action; 10] = [
    Action::ConsulterParametrage,
    Action::ModifierFormation,
    Action::ModifierCapacites,
    Action::PublierFormation,
    Action::ConfirmerCapacite,
    Action::ControlerFormation,
    Action::ConsulterDossiers,
    Action::SaisirClassement,
    Action::TransmettreClassement,
    Action::FixerTaux,
];

/// Accounts from their roles, in the order of these.
pub(crate) fn acteurs(roles: Vec<RoleProche>) -> Vec<Acteur> {
    let mut acteurs: Vec<Acteur> = Vec::new();
    for r in roles {
        match acteurs.last_mut().filter(|a| a.compte == Some(r.compte)) {
            Some(a) => a.attributions.push(r.attribution),
            None => {
                acteurs.push(Acteur {
                    compte: Some(r.compte),
                    nom: r.nom,
                    attributions: vec![r.attribution],
                });
            }
        }
    }
    acteurs
}

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
    let cible = Cible::formation(session.id, f.etablissement_id, f.formation_id, &f.academie);
    ctx.permit(Action::GererComptes, &cible)?;
    let mut lecteurs = Vec::new();
    let personnes = acteurs(proches(db, &[f.formation_id], &[f.etablissement_id], &[]).await?);
    // A program acts too: under the name that was given to it.
    let programmes = programmes(db, &[f.etablissement_id], ctx.recu_ms()).await?;
    for acteur in personnes.into_iter().chain(programmes) {
        let accordees: Vec<_> =
            DITES.into_iter().filter_map(|a| droits::authorize(&acteur, a, &cible).ok()).collect();
        if accordees.is_empty() {
            continue;
        }
        let mut roles: Vec<&'static str> = accordees.iter().map(|p| p.role().libelle()).collect();
        roles.sort_unstable();
        roles.dedup();
        let dossiers = accordees.iter().find(|p| p.action() == Action::ConsulterDossiers);
        lecteurs.push(Lecteur {
            nom: acteur.nom,
            roles,
            dossiers: dossiers.map(Permit::role),
            actions: accordees.iter().map(Permit::action).collect(),
        });
    }
    Ok(Visibilite {
        formation: crate::formations::intitule(&f.libelle, &f.detail),
        lecteurs,
        dossier: DossierLu::new(&session.calendrier),
    })
}

/// « Qui peut voir mon dossier ? »: for each course asked for, the roles that read it and how many persons hold them,
/// by the very function that opens the list of candidates to each.
///
/// # Errors
/// [`AppError::Denied`] for anybody who is not a candidate of the open session.
pub async fn who_can_read(ctx: &Ctx) -> Result<VisibiliteDossier, AppError> {
    let db = &ctx.app.db;
    let d = candidats::mien(db, ctx, Action::ConsulterDossier).await?;
    let demandees = voulues(db, d.ligne.id).await?;
    let ids: Vec<i64> = demandees.iter().map(|v| v.formation_id).collect();
    let etablissements: Vec<i64> = demandees.iter().map(|v| v.etablissement_id).collect();
    let roles = droits::roles_allowed(Action::ConsulterDossiers);
    let mut acteurs = acteurs(proches(db, &ids, &etablissements, &roles).await?);
    acteurs.extend(programmes(db, &etablissements, ctx.recu_ms()).await?);
    let formations = demandees
        .into_iter()
        .map(|v| {
            let cible = Cible::formation(d.session.id, v.etablissement_id, v.formation_id, &v.academie);
            let mut roles: BTreeMap<&'static str, (Role, usize)> = BTreeMap::new();
            for a in &acteurs {
                if let Ok(p) = droits::authorize(a, Action::ConsulterDossiers, &cible) {
                    roles.entry(p.role().libelle()).or_insert((p.role(), 0)).1 += 1;
                }
            }
            LecteursFormation {
                formation: crate::candidatures::intitule(&v.libelle, v.etablissement.as_deref(), &v.commune),
                confirmee: v.confirmee == 1,
                roles: roles.into_values().collect(),
            }
        })
        .collect();
    Ok(VisibiliteDossier {
        annee: d.session.annee,
        dossier: DossierLu::new(&d.session.calendrier),
        formations,
        locale: HeureLocale::of_departement(&d.ligne.departement),
    })
}
