//! R-CTL-09, R-CTL-10: what the academic service may still do with a course that it returned: give more time, or take the return back.

use std::collections::BTreeSet;

use domain::PublicId;
use domain::formations::controle::{EtatControle, GesteControle, Reouverture};
use jiff::civil::Date;
use serde_json::json;
use store::formations::Decision;

use super::decider::{Dit, EnCours, Nouvelle, announce};
use super::{check_retour, instant};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::messages;
use crate::motif::read_motif;
use crate::sessions;

/// Gives more time to put a returned course right: the same fields, until the end of a later day. `mot`: what the establishment reads
/// beside; may be empty.
///
/// # Errors
/// [`AppError::Rule`] for a day past, too far or given already, a course that is not returned, or that this very account submitted;
/// [`AppError::Invalid`] for words that say nothing; [`AppError::Conflict`] when the review changed since the agent read it.
pub async fn extend_retour(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    jusqu_a: Date,
    mot: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("prolongation_retour|{annee}|{id}|{jusqu_a}|{}", hash(mot));
    let EnCours { tx, session, c } = match EnCours::begin(ctx, garde, (annee, id), &demande).await? {
        Ok(begun) => begun,
        Err(recepisse) => return Ok(recepisse),
    };
    check_retour(&c.f, &c.ligne, ctx.acteur.compte)?;
    let mot = if mot.trim().is_empty() { String::new() } else { read_motif(ctx, mot, "mot")? };
    let champs: BTreeSet<String> = serde_json::from_str(&c.ligne.champs).map_err(AppError::internal)?;
    let jours = sessions::parametre_entier(&tx, session.id, "retour_controle_jours_max").await?;
    let avant = instant(c.ligne.jusqu_a.unwrap_or_default());
    let r = Reouverture::later(champs, jusqu_a, jours, ctx.campagne_le, avant)?;
    let jusqu_a = Some(r.fenetre.ferme.as_millisecond());
    let decision = Decision { etat: EtatControle::Retournee.code(), champs: &c.ligne.champs, jusqu_a };
    // JOU-2: no free text in the journal; the act of the review keeps it.
    let apres = json!({ "etat": "retournee", "champs": r.champs, "jusqu_a": jusqu_a, "mot": hash(&mot) });
    let dit = Dit { mot: &mot, ..Dit::RIEN };
    c.decide(&tx, ctx, (GesteControle::Prolonger, &decision), dit, &apres).await?;
    announce(&tx, ctx, &c.f, Nouvelle::Prolongee(messages::date_limite(r.fenetre.ferme))).await?;
    let contenu = json!({ "formation": c.f.public_id, "retour": apres });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "retour_prolonge", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Takes a return back: the course waits for a decision again, as it was submitted, and what was reopened closes. Only as long as it
/// says what was submitted: nobody submitted anything else (R-CTL-02).
///
/// # Errors
/// [`RuleViolation::RetourEntame`] once the establishment has changed it; [`AppError::Rule`] for a course that is not returned, or
/// that this very account submitted; [`AppError::Conflict`] when the review changed since the agent read it.
///
/// [`RuleViolation::RetourEntame`]: domain::RuleViolation::RetourEntame
pub async fn cancel_retour(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("annulation_retour|{annee}|{id}");
    let EnCours { tx, c, .. } = match EnCours::begin(ctx, garde, (annee, id), &demande).await? {
        Ok(begun) => begun,
        Err(recepisse) => return Ok(recepisse),
    };
    check_retour(&c.f, &c.ligne, ctx.acteur.compte)?;
    c.require_intacte()?;
    let decision = Decision { etat: EtatControle::Soumise.code(), champs: "[]", jusqu_a: None };
    let apres = json!({ "etat": "reprise", "empreinte": c.ligne.empreinte });
    c.decide(&tx, ctx, (GesteControle::Reprendre, &decision), Dit::RIEN, &apres).await?;
    announce(&tx, ctx, &c.f, Nouvelle::Reprise).await?;
    let contenu = json!({ "formation": c.f.public_id, "controle": apres });
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "retour_annule", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
