//! R-IMP-11, R-APP-05: what somebody decides of a day that was shown.

use domain::PublicId;
use domain::apprentissage::{ActeJournee, EtatJournee, Etendue};
use serde_json::json;
use store::apprentissage::{self as base, EtapeJournee, FichierJournee};

use super::{content, enqueue, etat, load, permit};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse};
use crate::journal::{Acte, record};
use crate::sessions;

const fn receipt(acte: ActeJournee) -> &'static str {
    match acte {
        ActeJournee::Appliquer | ActeJournee::Retirer => "journee_confirmee",
        ActeJournee::Partielle => "journee_relue",
        ActeJournee::Abandonner => "journee_abandonnee",
    }
}

/// Applies a day as it was shown, has it read again as a part of its flow, or gives it up.
///
/// # Errors
/// [`AppError::Denied`]; [`AppError::NotFound`]; [`AppError::Conflict`] when the day moved since the person saw it, or is not at that
/// decision; [`AppError::Rule`] in a past session.
pub async fn decide_journee(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    acte: ActeJournee,
) -> Result<Recepisse, AppError> {
    let demande = format!("journee_{}|{annee}|{id}", acte.code());
    let permit = permit(ctx)?;
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let j = load(&tx, &session, id).await?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    garde.check_version(j.version)?;
    let vers = etat(&j)?.after(acte).ok_or(AppError::Conflict)?;
    let partielle = match acte {
        ActeJournee::Partielle => {
            let fichiers = base::fichiers_journees(&tx, &[j.id]).await?;
            let fichiers: Vec<FichierJournee> = fichiers.into_iter().map(|(_, f)| f).collect();
            Some(content(Etendue::Partielle, &fichiers))
        }
        _ => None,
    };
    let mut etape = EtapeJournee { etat: vers.code(), ..j.etape() };
    if let Some(empreinte) = &partielle {
        etape = EtapeJournee {
            etendue: Etendue::Partielle.code(),
            empreinte,
            message: None,
            bilan: None,
            rapport: None,
            ..etape
        };
    }
    if acte == ActeJournee::Retirer {
        etape = EtapeJournee { retraits: true, message: None, ..etape };
    }
    base::move_journee(&tx, &ctx.ecriture(&permit), (j.id, j.version), &etape).await?;
    if vers.is_en_cours() {
        enqueue(&tx, ctx, &j.public_id, j.version + 1).await?;
    }
    let note = Acte {
        objet: "journee_catalogue",
        objet_id: &j.public_id,
        avant: Some(json!({ "etat": j.etat })),
        apres: Some(json!({ "etat": vers.code(), "acte": acte.code() })),
    };
    record(&tx, ctx, &permit, &note).await?;
    let mut contenu = json!({ "journee": j.public_id, "etat": vers.code(), "acte": acte.code() });
    if vers == EtatJournee::AAppliquer {
        // What is agreed to is what was shown.
        contenu["rapport"] = json!(j.rapport);
    }
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, receipt(acte), None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
