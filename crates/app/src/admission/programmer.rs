//! R-ADM-40: the second person agrees beforehand, and the platform publishes by itself at the instant of the calendar.

use std::sync::Arc;

use domain::RuleViolation;
use domain::admission::{Nature, publication_prevue, require_avant_publication, require_deuxieme_personne};
use domain::droits::{Action, Permit};
use jiff::Timestamp;
use jiff::civil::Time;
use serde_json::{Value as Json, json};
use store::Tx;
use store::admission::{self as base, LignePassage, PublicationDue};

use super::cible;
use super::publier::{publier_passage, require_calcule};
use super::sceau::read_bilan;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::exploitation::au_nom_du_compte;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::messages;
use crate::plateforme::Plateforme;
use crate::sessions::{self, SessionAdmission};

/// Agrees that the platform publishes a computed day at the instant of the calendar. It is worth for this computation alone.
///
/// # Errors
/// Those of [`publier_passage`], but for the step, that is looked at for that instant; once the instant is past, for a run that
/// has none, or when somebody agreed before.
pub async fn programmer_publication(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    public_id: &str,
) -> Result<Recepisse, AppError> {
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let permit = ctx.permit(Action::PublierPassage, &cible(&session))?;
    let demande = format!("programmer_publication|{annee}|{public_id}");
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let p = base::passage(&tx, session.id, public_id).await?.ok_or(AppError::NotFound)?;
    let nature = require_calcule(garde, &p)?;
    let heure = sessions::heure_publication(&tx, session.id).await?;
    let le = programmable(ctx, &session, nature, &p, heure)?;
    let sceau = read_bilan(&p.bilan).signature;
    base::set_programme(&tx, &ctx.ecriture(&permit), &p, Some((le.as_millisecond(), &sceau))).await?;
    let contenu = json!({
        "annee": annee, "passage": public_id, "jour": p.jour, "etat": "programmee",
        "publication_le": le.as_millisecond(), "sortie": p.empreinte_sortie, "calcule_par": p.calcule_par_id,
    });
    note(&tx, ctx, &permit, public_id, &contenu).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "programmer_publication", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Calls the agreement off: whoever may publish does it, whoever gave it and whoever computed included.
///
/// # Errors
/// Once its instant is past, or without any agreement; somebody published or abandoned the run ([`AppError::Conflict`]).
pub async fn deprogrammer_publication(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    public_id: &str,
) -> Result<Recepisse, AppError> {
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let permit = ctx.permit_to_stop(Action::PublierPassage, &cible(&session))?;
    let demande = format!("deprogrammer_publication|{annee}|{public_id}");
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let p = base::passage(&tx, session.id, public_id).await?.ok_or(AppError::NotFound)?;
    require_calcule(garde, &p)?;
    deprogrammable(ctx, &session, &p)?;
    base::set_programme(&tx, &ctx.ecriture(&permit), &p, None).await?;
    let contenu = json!({
        "annee": annee, "passage": public_id, "jour": p.jour, "etat": "deprogrammee",
        "publication_le": p.programme_le, "accord_par": p.programme_par_id,
    });
    note(&tx, ctx, &permit, public_id, &contenu).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "deprogrammer_publication", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// When the run would be published, if this person may agree to it now.
pub(super) fn programmable(
    ctx: &Ctx,
    session: &SessionAdmission,
    nature: Nature,
    p: &LignePassage,
    heure: Time,
) -> Result<Timestamp, RuleViolation> {
    session.require_ouverte()?;
    if let Some(le) = en_cours(p) {
        return Err(RuleViolation::PublicationProgrammee { le });
    }
    require_deuxieme_personne(p.calculateur(), ctx.signataire())?;
    let le = publication_prevue(&session.calendrier, nature, p.jour, heure)?;
    require_avant_publication(le, ctx.campagne_le)?;
    Ok(le)
}

/// Whether the agreement may still be called off.
pub(super) fn deprogrammable(
    ctx: &Ctx,
    session: &SessionAdmission,
    p: &LignePassage,
) -> Result<(), RuleViolation> {
    session.require_ouverte()?;
    let le = en_cours(p).ok_or(RuleViolation::PublicationNonProgrammee)?;
    require_avant_publication(le, ctx.campagne_le)
}

/// The instant of an agreement that holds.
fn en_cours(p: &LignePassage) -> Option<Timestamp> {
    let le = p.programme_le.filter(|_| p.programme_refus.is_none())?;
    Timestamp::from_millisecond(le).ok()
}

/// Publishes the runs whose instant has come, each in the name of who agreed and by the act that is done by hand. One that is
/// refused stays computed, and its page, the dashboard and the journal say why. Gives how many were looked at.
///
/// # Errors
/// A breakdown, or clocks that disagree: tried again at the next turn.
pub async fn publier_programmees(app: &Arc<Plateforme>) -> Result<usize, AppError> {
    let dues = base::publications_dues(&app.db, app.horloge.campagne().as_millisecond()).await?;
    for due in &dues {
        let ctx = Ctx::systeme(app, "publication programmée", "tache");
        publier_due(&ctx, due).await?;
    }
    Ok(dues.len())
}

async fn publier_due(ctx: &Ctx, due: &PublicationDue) -> Result<(), AppError> {
    let (raison, motif) = match publier_au_nom(ctx, due).await {
        Ok(()) => return Ok(()),
        Err(
            e @ (AppError::Rule(RuleViolation::HorlogeDecalee)
            | AppError::Unavailable
            | AppError::TooMany { .. }
            | AppError::Internal(_)),
        ) => return Err(e),
        Err(AppError::Rule(r)) => (r.code(), messages::regle(&r)),
        Err(AppError::Denied(_) | AppError::NotFound) => {
            ("droit_perdu", "La personne qui a donné son accord n’a plus le droit de publier.".to_owned())
        }
        Err(_) => ("conflit", "Un autre acte a été enregistré au même instant.".to_owned()),
    };
    refuser(ctx, due, raison, &motif).await
}

async fn publier_au_nom(ctx: &Ctx, due: &PublicationDue) -> Result<(), AppError> {
    let ctx = au_nom_du_compte(ctx, due.compte.ok_or(AppError::NotFound)?).await?;
    if due.sceau.as_ref() != Some(&read_bilan(&due.bilan).signature) {
        return Err(RuleViolation::PassageAltere.into());
    }
    // Called off, abandoned or published since it was looked at: another version, and nothing is done.
    let garde = Garde { version: Some(due.version), ..Garde::default() };
    publier_passage(&ctx, &garde, due.annee, &due.public_id).await.map(|_| ())
}

async fn refuser(ctx: &Ctx, due: &PublicationDue, raison: &str, motif: &str) -> Result<(), AppError> {
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, due.annee).await?;
    let permit = ctx.permit(Action::PublierPassage, &cible(&session))?;
    let p = base::passage(&tx, session.id, &due.public_id).await?.ok_or(AppError::NotFound)?;
    if !base::refuse_programme(&tx, &ctx.ecriture(&permit), due, motif).await? {
        return Ok(());
    }
    let contenu = json!({
        "annee": due.annee, "passage": due.public_id, "jour": p.jour, "etat": "publication_refusee", "raisons": raison,
        "publication_le": p.programme_le, "sortie": p.empreinte_sortie, "calcule_par": p.calcule_par_id,
        "accord_par": p.programme_par_id,
    });
    note(&tx, ctx, &permit, &due.public_id, &contenu).await?;
    tx.commit().await?;
    tracing::error!(passage = %due.public_id, raison, "publication programmée refusée : une personne doit agir");
    Ok(())
}

async fn note(tx: &Tx, ctx: &Ctx, permit: &Permit, id: &str, contenu: &Json) -> Result<(), AppError> {
    let acte = Acte { objet: "passage", objet_id: id, avant: None, apres: Some(contenu.clone()) };
    record(tx, ctx, permit, &acte).await
}
