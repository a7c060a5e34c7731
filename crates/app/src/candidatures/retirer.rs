//! Withdrawing a wish while wishes are open.

use domain::calendrier::Etape;
use domain::candidatures::Evenement;
use domain::droits::Action;
use serde_json::json;
use store::candidatures as base;

use super::{intitule_voeu, voeu_du_dossier};
use crate::candidats::mien_verrouille;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};

/// Withdraws a wish of the person who acts; the course may be wished again as long as wishes are open.
///
/// # Errors
/// [`AppError::Rule`] outside the step or from another state.
pub async fn withdraw_voeu(ctx: &Ctx, garde: &Garde, voeu: &str) -> Result<Recepisse, AppError> {
    let demande = format!("retirer|{voeu}");
    let tx = ctx.begin().await?;
    let d = mien_verrouille(&tx, ctx, Action::FormulerVoeu).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    d.session.require_ouverte()?;
    d.session.calendrier.require_open(Etape::Voeux, ctx.campagne_le)?;
    d.require_inscrit()?;
    let (_, ligne) = voeu_du_dossier(&tx, &d, voeu).await?;
    garde.check_version(ligne.version)?;
    let avant = ligne.etat()?;
    let apres = avant.apply(Evenement::Retrait)?;
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
        "lignes": [["Formation", intitule_voeu(&ligne)], ["Décision", "vœu retiré"]],
    });
    let recepisse = emettre(&tx, ctx, garde, &demande, "retirer_voeu", Some(d.ligne.id), &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
