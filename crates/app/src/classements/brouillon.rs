//! Saving the order on screen.

use std::collections::HashSet;

use domain::RuleViolation;
use domain::classements::{Sens, deplacer, par_moyenne, reclasser};
use domain::droits::Permit;
use serde_json::json;
use store::Tx;
use store::classements as base;

use super::{Groupe, Objet, Situation, load_groupe, load_situation};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre, hash};
use crate::journal::{Acte, record};

/// The ranks typed on a page, and the button pressed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SaisieOrdre {
    /// File number and wanted rank (none: not ranked) of the candidates of the page.
    pub rangs: Vec<(i64, Option<u32>)>,
    /// « Monter » or « descendre » pressed beside a candidate.
    pub deplacement: Option<(i64, Sens)>,
}

/// Opens the way to a draft: the group locked, the right to rank checked.
pub(super) async fn open_brouillon(
    tx: &Tx,
    ctx: &Ctx,
    annee: i64,
    objet: Objet<'_>,
) -> Result<(Groupe, Permit), AppError> {
    let g = load_groupe(tx, annee, objet).await?;
    let permit = g.permit(ctx, g.saisir())?;
    base::lock_groupe(tx, g.nature, &g.ligne).await?;
    Ok((g, permit))
}

/// Saves the order after the ranks typed on one page (R-CLA-03).
///
/// # Errors
/// [`AppError::Rule`] outside the step, once transmitted, for a rank asked twice or leaving a hole, or for somebody
/// who is not of the group; [`AppError::Conflict`] when the draft changed since the page was read.
pub async fn save_ordre(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    groupe: impl Into<Objet<'_>>,
    cmd: &SaisieOrdre,
) -> Result<Recepisse, AppError> {
    let objet = groupe.into();
    let demande = format!("ordre|{}|{}", objet.id, hash(&format!("{cmd:?}")));
    let tx = ctx.begin().await?;
    let (g, permit) = open_brouillon(&tx, ctx, annee, objet).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    g.require_open(ctx)?;
    let s = load_situation(&tx, &g).await?;
    s.require_brouillon()?;
    garde.check_version(s.version())?;
    require_connus(&s.connus(), cmd)?;
    let mut ordre = reclasser(&s.ordre, &cmd.rangs)?;
    if let Some((numero, sens)) = cmd.deplacement {
        ordre = deplacer(&ordre, numero, sens);
    }
    let acte = g.acte("enregistrer");
    let recepisse = save(&tx, ctx, &permit, garde, &g, &s, &ordre, &demande, &acte).await?;
    tx.commit().await?;
    Ok(recepisse)
}

fn require_connus(connus: &HashSet<i64>, cmd: &SaisieOrdre) -> Result<(), RuleViolation> {
    let tous = cmd.rangs.iter().map(|(n, _)| *n).chain(cmd.deplacement.map(|(n, _)| n));
    for numero in tous {
        if !connus.contains(&numero) {
            return Err(RuleViolation::CandidatInconnu { numero });
        }
    }
    Ok(())
}

/// Replaces the draft with the order of general averages, every candidate ranked (R-CLA-04).
///
/// # Errors
/// As [`save_ordre`].
pub async fn start_from_averages(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    groupe: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("moyennes|{groupe}");
    let tx = ctx.begin().await?;
    let (g, permit) = open_brouillon(&tx, ctx, annee, groupe.into()).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    g.require_open(ctx)?;
    let s = load_situation(&tx, &g).await?;
    s.require_brouillon()?;
    garde.check_version(s.version())?;
    let moyennes: Vec<(i64, Option<i64>)> =
        s.candidats.iter().map(|c| (c.numero, c.moyenne_centiemes)).collect();
    let ordre = par_moyenne(&moyennes).ordre;
    let recepisse = save(&tx, ctx, &permit, garde, &g, &s, &ordre, &demande, "partir_des_moyennes").await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Writes an order of file numbers, records it, gives the receipt.
#[expect(clippy::too_many_arguments, reason = "the common end of the ways to change a draft")]
pub(super) async fn save(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    garde: &Garde,
    g: &Groupe,
    s: &Situation,
    ordre: &[i64],
    demande: &str,
    acte: &str,
) -> Result<Recepisse, AppError> {
    let e = ctx.ecriture(permit);
    base::save_brouillon(tx, &e, (g.nature, g.ligne.id), s.classement.as_ref(), &s.cles(ordre)).await?;
    let empreinte = |o: &[i64]| hash(&o.iter().map(i64::to_string).collect::<Vec<_>>().join("\n"));
    record(
        tx,
        ctx,
        permit,
        &Acte {
            objet: g.nature.objet(),
            objet_id: &g.ligne.public_id,
            avant: Some(json!({ "classes": s.ordre.len(), "ordre": empreinte(&s.ordre) })),
            apres: Some(json!({ "classes": ordre.len(), "ordre": empreinte(ordre), "acte": acte })),
        },
    )
    .await?;
    let contenu = json!({
        "session": g.session.annee,
        "groupe": g.ligne.public_id,
        "ordre": empreinte(ordre),
        "lignes": [[g.titre(), g.intitule()], ["Candidats classés", ordre.len().to_string()]],
    });
    emettre(tx, ctx, garde, demande, acte, None, &contenu).await
}
