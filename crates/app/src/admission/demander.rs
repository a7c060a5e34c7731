//! A run is computed apart from the request that asks for it: at the size of a country it lasts longer than a browser
//! waits, and goes on when the window is closed. The task acts in the name of the person, with their rights of then.

use domain::admission::Nature;
use domain::droits::Action;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::messagerie as base;

use super::vues::{Passage, en_vigueur, situation};
use super::{calculer_ordre_appel, calculer_propositions, cible};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::exploitation::au_nom_du_compte;
use crate::idempotence::Garde;
use crate::sessions;
use crate::taches::CALCULER_PASSAGE;

#[derive(Debug, Serialize, Deserialize)]
struct Demande {
    annee: i64,
    nature: String,
    compte: Option<i64>,
    /// Key of the form: the task done twice computes once.
    cle: String,
}

impl Demande {
    fn read(donnees: &str) -> Result<(Self, Nature), AppError> {
        let illisible = || AppError::Internal("tache.donnees".to_owned());
        let demande: Self = serde_json::from_str(donnees).map_err(|_| illisible())?;
        let nature = Nature::from_code(&demande.nature).ok_or_else(illisible)?;
        Ok((demande, nature))
    }
}

/// Asks for the computation of a run. Gives the public identifier of the task to follow: that of the same form sent
/// before, or of a computation not over yet.
///
/// # Errors
/// Those that can be told at once: no right, outside the step, a ranking or a rate missing, a run that exists.
pub async fn demander_calcul(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    nature: Nature,
) -> Result<String, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    ctx.permit(Action::CalculerPassage, &cible(&session))?;
    let cle = garde.cle.clone().unwrap_or_else(|| ctx.app.alea.public_id().as_str().to_owned());
    let cle_tache = format!("{CALCULER_PASSAGE}:{cle}");
    let tx = ctx.begin().await?;
    if let Some(deja) = base::tache_demandee(&tx, CALCULER_PASSAGE, &cle_tache).await? {
        return Ok(deja.public_id);
    }
    situation(ctx, &tx, &session).await?.obstacle(nature)?;
    let demande = Demande { annee, nature: nature.code().to_owned(), compte: ctx.acteur.compte, cle };
    let donnees = serde_json::to_string(&demande).map_err(AppError::internal)?;
    let (alea, maintenant) = (ctx.app.alea.as_ref(), ctx.recu_ms());
    base::enqueue_tache(&tx, alea, CALCULER_PASSAGE, Some(&cle_tache), &donnees, maintenant, maintenant)
        .await?;
    let tache = base::tache_demandee(&tx, CALCULER_PASSAGE, &cle_tache).await?.ok_or(AppError::Conflict)?;
    tx.commit().await?;
    Ok(tache.public_id)
}

/// Does what was asked, in the name of who asked.
///
/// # Errors
/// Those of the computation; the person has no right any more.
pub(crate) async fn executer_calcul(ctx: &Ctx, donnees: &str) -> Result<(), AppError> {
    let (demande, nature) = Demande::read(donnees)?;
    let ctx = match demande.compte {
        Some(compte) => au_nom_du_compte(ctx, compte).await?,
        None => ctx.clone(),
    };
    let garde = Garde { cle: Some(demande.cle), version: None, ..Garde::default() };
    match nature {
        Nature::OrdreAppel => calculer_ordre_appel(&ctx, &garde, demande.annee).await?,
        Nature::Propositions => calculer_propositions(&ctx, &garde, demande.annee).await?,
        // Some courses: computed at once, by whoever asks.
        Nature::Retrait => return Err(AppError::Internal("tache.donnees".to_owned())),
    };
    Ok(())
}

/// How far a computation is.
#[derive(Debug, Clone)]
pub enum Avancement {
    /// No runner has taken it yet.
    EnAttente,
    /// A runner works on it.
    EnCours,
    /// Done: the run, unless it was abandoned since.
    Fait(Option<Box<Passage>>),
    /// Will not be done: why, in French.
    Refuse(String),
}

/// A computation that was asked for.
#[derive(Debug, Clone)]
pub struct SuiviCalcul {
    /// What is computed.
    pub nature: Nature,
    /// Real time.
    pub demande_le: Timestamp,
    /// How far it is.
    pub avancement: Avancement,
}

/// Where a computation stands.
///
/// # Errors
/// [`AppError::NotFound`], or without the right to compute.
pub async fn suivi_calcul(ctx: &Ctx, annee: i64, public_id: &str) -> Result<SuiviCalcul, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    ctx.permit(Action::CalculerPassage, &cible(&session))?;
    let tache = base::tache(db, CALCULER_PASSAGE, public_id).await?.ok_or(AppError::NotFound)?;
    let (demande, nature) = Demande::read(&tache.donnees)?;
    if demande.annee != annee {
        return Err(AppError::NotFound);
    }
    let avancement = match tache.etat.as_str() {
        "faite" => Avancement::Fait(en_vigueur(ctx, db, &session, nature).await?.map(Box::new)),
        "abandonnee" => Avancement::Refuse(tache.erreur.unwrap_or_default()),
        "en_cours" => Avancement::EnCours,
        _ => Avancement::EnAttente,
    };
    let demande_le = Timestamp::from_millisecond(tache.cree_le).unwrap_or(Timestamp::UNIX_EPOCH);
    Ok(SuiviCalcul { nature, demande_le, avancement })
}
