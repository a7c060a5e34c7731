//! Publication of a run by a second person, and abandonment before it.

use std::collections::HashMap;

use domain::RuleViolation;
use domain::admission::{
    EtatPassage, Nature, ORIGINE_SIMULATION, ReponseProposition, require_deuxieme_personne,
};
use domain::candidatures::{EtatVoeu, Evenement};
use domain::droits::Action;
use engine::propositions::Statut;
use jiff::Timestamp;
use store::admission::{self as base, LignePassage};
use store::{Ecriture, Sql, Tx, messagerie};

use super::retrait::publish_withdrawal;
use super::sceau::{Sceau, public_key, read_bilan, stored_hash, write_json};
use super::{cible, refresh_statistics};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// Publishes a computed run: call orders open the waiting lists; a day's result becomes propositions, each with its
/// deadline; a withdrawal takes propositions back (R-ADM-13). Candidates are told afterwards by mail. All or nothing.
///
/// # Errors
/// The same person computed it, the step is closed, someone published or abandoned it before ([`AppError::Conflict`]),
/// or what is stored is no longer what was computed and signed.
pub async fn publier_passage(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    public_id: &str,
) -> Result<Recepisse, AppError> {
    let session = sessions::session(&ctx.app.db, annee).await?;
    let permit = ctx.permit(Action::PublierPassage, &cible(&session))?;
    let demande = format!("publier_passage|{annee}|{public_id}");
    // A run has millions of rows: they are read again and checked while others write.
    let vue = ctx.app.db.freeze().await?;
    if let Some(fait) = deja_fait(&vue, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let (lu, nature) = require_publiable(ctx, &vue, garde, &session, public_id).await?;
    let propositions = check_seal(ctx, &vue, &session, nature, &lu).await?;
    drop(vue);

    let tx = ctx.begin_bulk().await?;
    // Of two at once, by hand or by two nodes (R-ADM-40), the second waits here, and finds it done.
    base::lock_passages(&tx, session.id).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let (p, _) = require_publiable(ctx, &tx, garde, &session, public_id).await?;
    // What is acted on is what was checked.
    if (&p.empreinte_sortie, &p.bilan) != (&lu.empreinte_sortie, &lu.bilan)
        || base::load_passage_propositions(&tx, p.id).await? != propositions
    {
        return Err(altered(&p));
    }

    let e = ctx.ecriture(&permit);
    let publies = match nature {
        Nature::OrdreAppel => base::open_waiting_list(&tx, &e, session.id, p.id).await?,
        Nature::Propositions => publish_propositions(ctx, &tx, &e, &session, &p, propositions).await?,
        Nature::Retrait => publish_withdrawal(ctx, &tx, &e, &session, &p).await?,
    };
    let mut bilan = read_bilan(&p.bilan);
    bilan.publies = Some(i64::try_from(publies).unwrap_or(i64::MAX));
    if nature == Nature::Propositions && ctx.origine == ORIGINE_SIMULATION {
        bilan.reponses_donnees = Some(false);
    }
    base::set_publie(&tx, &e, &p, &write_json(&bilan)?).await?;
    let contenu = serde_json::json!({
        "annee": annee, "passage": public_id, "nature": nature.code(), "jour": p.jour, "voeux": publies,
        "sortie": p.empreinte_sortie, "calcule_par": p.calcule_par_id, "publication_le": p.programme_le,
    });
    record(
        &tx,
        ctx,
        &permit,
        &Acte {
            objet: "passage",
            objet_id: public_id,
            avant: Some(serde_json::json!({ "etat": p.etat })),
            apres: Some(contenu.clone()),
        },
    )
    .await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "publier_passage", None, &contenu).await?;
    tx.commit().await?;
    refresh_statistics(ctx).await;
    Ok(recepisse)
}

/// Gives up a computed run, so that it can be computed again. What it held stays as evidence.
///
/// # Errors
/// Someone published or abandoned it before.
pub async fn abandonner_passage(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    public_id: &str,
) -> Result<Recepisse, AppError> {
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let permit = ctx.permit(Action::CalculerPassage, &cible(&session))?;
    let demande = format!("abandonner_passage|{annee}|{public_id}");
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    let p = base::passage(&tx, session.id, public_id).await?.ok_or(AppError::NotFound)?;
    session.require_ouverte()?;
    require_calcule(garde, &p)?;
    base::set_abandonne(&tx, &ctx.ecriture(&permit), &p).await?;
    let contenu = serde_json::json!({
        "annee": annee, "passage": public_id, "etat": EtatPassage::Abandonne.code(), "jour": p.jour,
    });
    record(
        &tx,
        ctx,
        &permit,
        &Acte {
            objet: "passage",
            objet_id: public_id,
            avant: Some(serde_json::json!({ "etat": p.etat })),
            apres: Some(contenu.clone()),
        },
    )
    .await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "abandonner_passage", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Somebody who was faster is a conflict; an abandoned run is a rule.
pub(super) fn require_calcule(garde: &Garde, p: &LignePassage) -> Result<Nature, AppError> {
    let nature =
        Nature::from_code(&p.nature).ok_or_else(|| AppError::Internal("passage.nature".to_owned()))?;
    let etat =
        EtatPassage::from_code(&p.etat).ok_or_else(|| AppError::Internal("passage.etat".to_owned()))?;
    if etat == EtatPassage::Publie {
        return Err(AppError::Conflict);
    }
    garde.check_version(p.version)?;
    etat.require_calcule()?;
    Ok(nature)
}

/// The run and what it computes, if this person may publish it now.
async fn require_publiable(
    ctx: &Ctx,
    c: &impl Sql,
    garde: &Garde,
    session: &SessionAdmission,
    public_id: &str,
) -> Result<(LignePassage, Nature), AppError> {
    let p = base::passage(c, session.id, public_id).await?.ok_or(AppError::NotFound)?;
    session.require_ouverte()?;
    let nature = require_calcule(garde, &p)?;
    require_deuxieme_personne(p.calculateur(), ctx.signataire())?;
    session.calendrier.require_any_open(nature.etapes(), ctx.campagne_le)?;
    Ok((p, nature))
}

/// RUN-1: what is published is what was computed: same rows, same fingerprint, our signature. Gives what the run proposes.
async fn check_seal(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionAdmission,
    nature: Nature,
    p: &LignePassage,
) -> Result<Vec<(i64, i64)>, AppError> {
    let propositions = base::load_passage_propositions(c, p.id).await?;
    let bilan = read_bilan(&p.bilan);
    let sceau = Sceau {
        session: session.id,
        nature,
        jour: p.jour,
        entree: &p.empreinte_entree,
        sortie: &p.empreinte_sortie,
        version: &p.version_code,
        parametres: &p.parametres,
        precedente: &bilan.precedente,
        proces_verbal: &bilan.proces_verbal,
    };
    let intact = sceau.is_signed(&public_key(ctx), &bilan.signature)
        && stored_hash(c, nature, p.id, &propositions).await? == p.empreinte_sortie;
    if intact { Ok(propositions) } else { Err(altered(p)) }
}

fn altered(p: &LignePassage) -> AppError {
    tracing::error!(passage = %p.public_id, "le passage enregistré n’est plus celui qui a été calculé");
    RuleViolation::PassageAltere.into()
}

async fn publish_propositions(
    ctx: &Ctx,
    tx: &Tx,
    e: &Ecriture<'_>,
    session: &SessionAdmission,
    p: &LignePassage,
    propositions: Vec<(i64, i64)>,
) -> Result<u64, AppError> {
    let echeance: Timestamp = session.calendrier.echeance_reponse(ctx.campagne_le);
    let groupes: HashMap<i64, i64> = propositions.into_iter().collect();
    let nouvelles = base::propose_voeux(tx, e, p.id).await?;
    let n = base::insert_propositions(tx, e, p.id, &nouvelles, &groupes, echeance.as_millisecond()).await?;
    apply_automatic(tx, e, p.id).await?;
    // TPS-6: the task becomes visible with the commit, hence mails leave after the result is readable.
    messagerie::enqueue_tache(
        tx,
        ctx.app.alea.as_ref(),
        crate::taches::ANNONCER_PROPOSITIONS,
        Some(&format!("{}:{}", crate::taches::ANNONCER_PROPOSITIONS, p.public_id)),
        &serde_json::json!({ "passage": p.public_id }).to_string(),
        ctx.recu_ms(),
        ctx.recu_ms(),
    )
    .await?;
    Ok(n)
}

/// R-ORD-05, R-RA-04: what the day has decided in a candidate's place, once its propositions are made. What a candidate has answered
/// since the computation stays as they answered.
async fn apply_automatic(tx: &Tx, e: &Ecriture<'_>, passage: i64) -> Result<(), AppError> {
    let automatiques = base::load_passage_automatiques(tx, passage).await?;
    let of = |statut: Statut| -> Vec<i64> {
        automatiques.iter().filter(|a| a.1 == i64::from(statut as u8)).map(|a| a.0).collect()
    };
    for (statut, evenement, reponse) in [
        (Statut::RaRefusProposition, Evenement::DemissionRepondeur, ReponseProposition::Renoncee),
        (Statut::RaDemissionAttente, Evenement::DemissionRepondeur, ReponseProposition::Renoncee),
        (Statut::GddDemissionProposition, Evenement::DemissionGdd, ReponseProposition::Renoncee),
        (Statut::GddDemissionAttente, Evenement::DemissionGdd, ReponseProposition::Renoncee),
        (Statut::RaAcceptation, Evenement::AcceptationRepondeur, ReponseProposition::Acceptee),
    ] {
        let voeux = of(statut);
        // The states from which the event may happen, and the one where it leads: the table of states decides.
        let departs: Vec<EtatVoeu> =
            EtatVoeu::ALL.into_iter().filter(|etat| etat.apply(evenement).is_ok()).collect();
        let Some(vers) = departs.first().and_then(|etat| etat.apply(evenement).ok()) else { continue };
        let de: Vec<&str> = departs.iter().map(|etat| etat.code()).collect();
        if !voeux.is_empty() {
            base::move_automatically(tx, e, &voeux, &de, vers.code(), reponse.code()).await?;
        }
    }
    Ok(())
}
