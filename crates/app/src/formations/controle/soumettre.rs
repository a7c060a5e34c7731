//! R-CTL-02: a course is submitted to the academic service.

use domain::PublicId;
use domain::calendrier::Etape;
use domain::droits::Action;
use domain::formations::controle::EtatControle;
use serde_json::json;
use store::formations::{self as base, NouvelActe};

use super::{Reouvertures, etat, note};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::contenu::{ChampCompare, Cote, compare_contenus, precedent};
use crate::formations::description::{Lieux, famille};
use crate::formations::publier::{require_decrit, verifie};
use crate::formations::{cible, load};
use crate::idempotence::{self, Garde, Recepisse};
use crate::sessions;

fn nb_changes(champs: &[ChampCompare]) -> Option<i64> {
    i64::try_from(champs.iter().filter(|c| c.change).count()).ok()
}

/// Submits a course to the academic service, and asks for its publication once accepted.
///
/// # Errors
/// [`AppError::Rule`] when something is missing, when the public reads these values already, when it is submitted already, or
/// outside the step and any return; [`AppError::Conflict`] when the draft changed since the person read it.
pub async fn submit_formation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("soumission|{annee}|{id}");
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let f = load(&tx, &session, id).await?;
    let permit = ctx.permit(Action::PublierFormation, &cible(&f))?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let ligne = base::controle(&tx, f.id).await?;
    let ouverte = session.calendrier.require_open(Etape::CapacitesFrais, ctx.campagne_le);
    if Reouvertures::load(&tx, f.id).await?.soumission(ctx.campagne_le).is_none() {
        ouverte?;
    }
    let pret = verifie(&tx, ctx, &session, &f, garde).await?;
    require_decrit(&tx, ctx, &session, &f).await?;
    let contenu = pret.contenu(&f);
    let empreinte = contenu.empreinte()?;
    let fidele = ligne.as_ref().is_some_and(|l| l.empreinte == empreinte);
    let etat = etat(ligne.as_ref()).of_values(fidele);
    // R-CTL-04: a returned course waits for its decision even put back to what the public reads already.
    if etat != EtatControle::Retournee {
        pret.require_nouveau()?;
    }
    etat.check_soumission()?;
    let cote = Cote { contenu, lieux: Lieux::load(&tx, f.session_id, f.etablissement_id).await? };
    let avant = precedent(&tx, &f).await?;
    let changes = avant
        .as_ref()
        .and_then(|(_, avant)| nb_changes(&compare_contenus(Some(avant), &cote, famille(&f), true)));
    let e = ctx.ecriture(&permit);
    let cle =
        base::submit_controle(&tx, &e, f.id, ligne.as_ref().map(|l| l.version), &empreinte, changes).await?;
    let acte = NouvelActe {
        acte: EtatControle::Soumise.code(),
        contenu: &cote.contenu.ecrit()?,
        motifs: "{}",
        jusqu_a: None,
    };
    base::add_acte(&tx, &e, cle, &acte).await?;
    let apres = json!({ "etat": "soumise", "empreinte": empreinte, "changes": changes });
    note(&tx, ctx, &permit, &f, ligne.as_ref(), &apres).await?;
    let contenu = json!({ "formation": f.public_id, "controle": apres });
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "formation_soumise", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
