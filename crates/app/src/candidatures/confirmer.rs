//! Confirming a wish: from then on the course examines it.

use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::candidatures::{Evenement, check_dossier_complet, check_sous_voeux};
use domain::droits::Action;
use serde_json::json;
use store::candidatures as base;

use super::decompte::Decompte;
use super::{courriels, intitule_voeu, voeu_du_dossier};
use crate::candidats::mien_verrouille;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};

/// Confirms a wish of the person who acts; `engagement`: the box was ticked. An acknowledgement leaves by mail.
///
/// # Errors
/// [`AppError::Rule`] outside the step, without the undertaking, with an incomplete record or from another state.
pub async fn confirm_voeu(
    ctx: &Ctx,
    garde: &Garde,
    voeu: &str,
    engagement: bool,
) -> Result<Recepisse, AppError> {
    let demande = format!("confirmer|{voeu}");
    let tx = ctx.begin().await?;
    let d = mien_verrouille(&tx, ctx, Action::ConfirmerVoeu).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    d.session.require_ouverte()?;
    d.session.calendrier.require_open(Etape::Confirmation, ctx.campagne_le)?;
    d.require_inscrit()?;
    let (voeux, ligne) = voeu_du_dossier(&tx, &d, voeu).await?;
    garde.check_version(ligne.version)?;
    if !engagement {
        return Err(RuleViolation::Champ { champ: "engagement", motif: "manquant" }.into());
    }
    check_dossier_complet(&d.ligne.commune, &d.ligne.departement)?;
    let avant = ligne.etat()?;
    let apres = avant.apply(Evenement::Confirmation)?;
    let decompte = Decompte::load(&tx, d.session.id).await?;
    if let Some(m) = decompte.existant(&ligne)?.multiple {
        check_sous_voeux(&decompte.existants(&voeux)?, m, decompte.plafonds)?;
    }
    base::save_etat(&tx, &ctx.ecriture(&d.permit), &ligne, apres).await?;
    record(
        &tx,
        ctx,
        &d.permit,
        &Acte {
            objet: "voeu",
            objet_id: &ligne.public_id,
            avant: Some(json!({ "etat": avant.code() })),
            apres: Some(json!({ "etat": apres.code() })),
        },
    )
    .await?;
    let contenu = json!({
        "candidat": d.ligne.numero,
        "session": d.session.annee,
        "voeu": ligne.public_id,
        "lignes": [["Formation", intitule_voeu(&ligne)], ["Décision", "vœu confirmé"]],
    });
    let recepisse = emettre(&tx, ctx, garde, &demande, "confirmer_voeu", Some(d.ligne.id), &contenu).await?;
    courriels::accuse_confirmation(&tx, ctx, &d.ligne, &recepisse).await?;
    tx.commit().await?;
    Ok(recepisse)
}
