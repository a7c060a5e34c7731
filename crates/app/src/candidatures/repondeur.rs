//! Switching the automatic answer on and off. R-RA-01 to 03.

use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::candidatures::{VoeuOrdonnable, check_activation};
use domain::droits::Action;
use jiff::Timestamp;
use serde_json::json;
use store::candidatures::{self as base, LigneRepondeur};

use super::{instant, ordonnables};
use crate::candidats::{Dossier, mien_verrouille};
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};

/// The automatic answer as its candidate sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct RepondeurVue {
    /// On.
    pub actif: bool,
    /// Last time it was switched; `None`: never.
    pub depuis: Option<Timestamp>,
    /// Why it cannot be switched the other way now, if it cannot.
    pub refus: Option<RuleViolation>,
    /// First instant at which it cannot be switched on any more.
    pub ferme: Option<Timestamp>,
}

/// Whether it may be switched: on, when the rules and its step allow; off, as long as propositions are made.
fn check(ctx: &Ctx, d: &Dossier, voeux: &[VoeuOrdonnable], allumer: bool) -> Result<(), RuleViolation> {
    d.session.require_ouverte()?;
    d.require_inscrit()?;
    let calendrier = &d.session.calendrier;
    if allumer {
        calendrier.require_open(Etape::Repondeur, ctx.campagne_le)?;
        check_activation(voeux)
    } else {
        calendrier.require_any_open(Action::ReglerRepondeur.etapes(), ctx.campagne_le)
    }
}

/// What the pages show of it; `None` while it means nothing to this candidate: it is off and no ordered wish waits, or its
/// step has not begun.
pub(super) fn vue(
    ctx: &Ctx,
    d: &Dossier,
    ligne: Option<LigneRepondeur>,
    voeux: &[VoeuOrdonnable],
) -> Option<RepondeurVue> {
    let actif = ligne.is_some_and(|l| l.active == 1);
    let fenetre = d.session.calendrier.fenetre(Etape::Repondeur);
    let commence = fenetre.is_some_and(|f| f.ouvre <= ctx.campagne_le);
    let sert = actif || commence && voeux.iter().any(|v| v.attend() && v.rang > 0);
    sert.then(|| RepondeurVue {
        actif,
        depuis: ligne.map(|l| instant(l.depuis_le)),
        refus: check(ctx, d, voeux, !actif).err(),
        ferme: fenetre.map(|f| f.ferme),
    })
}

/// Switches the automatic answer of the person on or off.
///
/// # Errors
/// [`AppError::Rule`] outside the step, when the rules refuse, or when it is so already; [`AppError::TooMany`] beyond the
/// answers of a minute.
pub async fn set_repondeur(ctx: &Ctx, garde: &Garde, allumer: bool) -> Result<Recepisse, AppError> {
    let acte = if allumer { "activer_repondeur" } else { "desactiver_repondeur" };
    ctx.take(Debit::Reponse)?;
    let tx = ctx.begin().await?;
    let d = mien_verrouille(&tx, ctx, Action::ReglerRepondeur).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, acte).await? {
        return Ok(fait);
    }
    let voeux = ordonnables(&base::list_voeux(&tx, d.ligne.id).await?)?;
    check(ctx, &d, &voeux, allumer)?;
    let avant = base::repondeur(&tx, d.ligne.id).await?.is_some_and(|r| r.active == 1);
    if avant == allumer {
        return Err(RuleViolation::ForbiddenTransition { from: "repondeur", event: acte }.into());
    }
    base::save_repondeur(&tx, &ctx.ecriture(&d.permit), d.ligne.id, allumer).await?;
    let fait = Acte {
        objet: "candidat",
        objet_id: &d.ligne.public_id,
        avant: Some(json!({ "repondeur": avant })),
        apres: Some(json!({ "repondeur": allumer })),
    };
    record(&tx, ctx, &d.permit, &fait).await?;
    let etat = if allumer { "activé" } else { "désactivé" };
    let contenu = json!({
        "candidat": d.ligne.numero,
        "session": d.session.annee,
        "lignes": [["Répondeur automatique", etat]],
    });
    let recepisse = emettre(&tx, ctx, garde, acte, acte, Some(d.ligne.id), &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
