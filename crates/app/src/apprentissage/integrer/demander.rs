//! R-APP-08: an integration that a person of the national team asks for: made apart from the request, in their name, with their rights of
//! then.

use domain::droits::{Action, Cible};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::apprentissage as base;
use store::messagerie::{enqueue_tache, tache_demandee};

use super::super::Travail;
use super::{BilanIntegration, integrate};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::exploitation::au_nom_du_compte;
use crate::idempotence::{self, Garde, Recepisse};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};
use crate::taches::INTEGRER_FICHES;

/// What the task carries: the session, and in whose name.
#[derive(Debug, Serialize, Deserialize)]
struct Demande {
    annee: i64,
    compte: Option<i64>,
}

/// The task that a receipt is for.
fn task_key(recepisse: &str) -> String {
    format!("{INTEGRER_FICHES}:{recepisse}")
}

/// Has the records that are ready made into courses.
///
/// # Errors
/// [`AppError::Denied`]; [`domain::RuleViolation::SessionArchivee`]; [`AppError::NotFound`] for an unknown session;
/// [`AppError::Conflict`] for the same form sent with another request.
pub async fn ask_integration(ctx: &Ctx, garde: &Garde, annee: i64) -> Result<Recepisse, AppError> {
    let demande = format!("integration|{annee}");
    let permit = ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let contenu = json!({ "session": annee, "etat": "demandee" });
    let acte = Acte {
        objet: "fiche_apprentissage",
        objet_id: "integration",
        avant: None,
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "fiches_integrees", None, &contenu).await?;
    let donnees = serde_json::to_string(&Demande { annee, compte: ctx.acteur.compte });
    let donnees = donnees.map_err(AppError::internal)?;
    let (alea, cle, maintenant) = (ctx.app.alea.as_ref(), task_key(&recepisse.numero), ctx.recu_ms());
    enqueue_tache(&tx, alea, INTEGRER_FICHES, Some(&cle), &donnees, maintenant, maintenant).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Does what a task asks. Done again, it does nothing.
///
/// # Errors
/// As [`integrate`]; [`AppError::NotFound`] for an account that cannot sign in any more.
pub(crate) async fn integrate_asked(ctx: &Ctx, donnees: &str) -> Result<(), AppError> {
    let demande: Demande = serde_json::from_str(donnees).map_err(AppError::internal)?;
    let ctx = match demande.compte {
        Some(compte) => au_nom_du_compte(ctx, compte).await?,
        None => ctx.clone(),
    };
    let bilan = integrate(&ctx, demande.annee).await?;
    tracing::info!(annee = demande.annee, bilan = %bilan.phrase(), "intégration demandée");
    Ok(())
}

/// Where integration stands, for whoever may ask for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiviIntegration {
    /// What the platform does of the one asked for, and since when (real time); `None`: nothing is under way.
    pub travail: Option<(Travail, Timestamp)>,
    /// The last one: milliseconds of the campaign, and what it did.
    pub derniere: Option<(i64, BilanIntegration)>,
}

/// What becomes of the integration of a session. `recepisse`: the number of the one that the person asked for.
///
/// # Errors
/// [`AppError::Denied`] for whoever may not ask for one.
pub async fn view_integration(
    ctx: &Ctx,
    session: &SessionAdmission,
    recepisse: Option<&str>,
) -> Result<SuiviIntegration, AppError> {
    let db = &ctx.app.db;
    ctx.permit(Action::ImporterOffre, &Cible::plateforme())?;
    let cle = task_key(recepisse.unwrap_or_default());
    let tache = tache_demandee(db, INTEGRER_FICHES, &cle).await?;
    // Without its own, that of another session may be under way.
    let sienne =
        |donnees: &str| serde_json::from_str::<Demande>(donnees).is_ok_and(|d| d.annee == session.annee);
    let travail = tache.filter(|t| sienne(&t.donnees)).and_then(|t| {
        Some((Travail::of(&t)?, Timestamp::from_millisecond(t.cree_le).unwrap_or(Timestamp::UNIX_EPOCH)))
    });
    let derniere = base::derniere_integration(db, session.id).await?;
    Ok(SuiviIntegration {
        travail,
        derniere: derniere.map(|d| (d.cree_le, serde_json::from_str(&d.bilan).unwrap_or_default())),
    })
}
