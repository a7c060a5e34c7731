//! Putting one's waiting wishes in order. R-ORD-01, 02 and 04.

use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::candidatures::{Ordre, VoeuOrdonnable, check_activation, decide_ordre};
use domain::droits::Action;
use serde_json::json;
use store::candidatures::{self as base, LigneVoeu};

use super::{intitule_voeu, ordonnables};
use crate::candidats::{Dossier, mien, mien_verrouille};
use crate::contexte::Ctx;
use crate::debits::Debit;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};

/// Code of the act, on its receipt.
const ACTE: &str = "ordonner_voeux";

/// The order that the candidate asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrdreDemande {
    /// Public identifier and rank of every wish that takes part, a proposition held included; `None`: left out.
    pub rangs: Vec<(String, Option<u32>)>,
}

/// A wish in an order that is not confirmed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoeuClasse {
    /// Of the candidate, from 1.
    pub rang: u32,
    /// Course and establishment, as in the list of wishes.
    pub intitule: String,
    /// The proposition that the candidate holds, not a wish that waits.
    pub tenu: bool,
}

/// What confirming an order would do.
#[derive(Debug, Clone, Default)]
pub struct ApercuOrdre {
    /// Why it is not possible, if it is not; the rest is then empty.
    pub refus: Option<RuleViolation>,
    /// The best one first.
    pub ordonnes: Vec<VoeuClasse>,
    /// Waiting wishes that would be lost at the end of the step.
    pub laisses: Vec<String>,
    /// Waiting wishes ordered after the proposition held: the automatic answer would be refused.
    pub apres_la_tenue: Vec<String>,
}

fn require_open(ctx: &Ctx, d: &Dossier) -> Result<(), RuleViolation> {
    d.session.require_ouverte()?;
    d.session.calendrier.require_open(Etape::Ordonnancement, ctx.campagne_le)?;
    d.require_inscrit()
}

/// The ranks by key. The form names every wish that takes part: one too many or one missing is a page out of date, for a wish
/// that it does not show would be lost unseen.
fn cles(
    voeux: &[LigneVoeu],
    enjeu: &[VoeuOrdonnable],
    cmd: &OrdreDemande,
) -> Result<Vec<(i64, u32)>, AppError> {
    let participants: Vec<&VoeuOrdonnable> = enjeu.iter().filter(|v| v.attend() || v.tient()).collect();
    let mut rangs = Vec::with_capacity(cmd.rangs.len());
    for (id, rang) in &cmd.rangs {
        let ligne = voeux.iter().find(|v| v.public_id == *id).ok_or(AppError::Conflict)?;
        if rangs.iter().any(|(cle, _)| *cle == ligne.id) || !participants.iter().any(|p| p.id == ligne.id) {
            return Err(AppError::Conflict);
        }
        rangs.push((ligne.id, rang.unwrap_or(0)));
    }
    if rangs.len() == participants.len() { Ok(rangs) } else { Err(AppError::Conflict) }
}

/// R-RA-02: an order that the automatic answer could not follow is refused while it is on.
fn check_repondeur(enjeu: &[VoeuOrdonnable], ordre: &Ordre, actif: bool) -> Result<(), RuleViolation> {
    let apres: Vec<VoeuOrdonnable> = enjeu
        .iter()
        .map(|v| {
            let rang = ordre.rangs.iter().find(|(id, _)| *id == v.id).map_or(v.rang, |(_, r)| *r);
            VoeuOrdonnable { rang, ..*v }
        })
        .collect();
    if actif { check_activation(&apres) } else { Ok(()) }
}

/// « What happens if I confirm this order »: the decision of [`order_voeux`], not done.
///
/// # Errors
/// [`AppError::Conflict`] for a page out of date.
pub async fn preview_ordre(ctx: &Ctx, cmd: &OrdreDemande) -> Result<ApercuOrdre, AppError> {
    let db = &ctx.app.db;
    let d = mien(db, ctx, Action::OrdonnerVoeux).await?;
    let voeux = base::list_voeux(db, d.ligne.id).await?;
    let enjeu = ordonnables(&voeux)?;
    if let Err(refus) = require_open(ctx, &d) {
        return Ok(ApercuOrdre { refus: Some(refus), ..ApercuOrdre::default() });
    }
    let saisis = cles(&voeux, &enjeu, cmd)?;
    let ordre = match decide_ordre(&enjeu, &saisis) {
        Ok(ordre) => ordre,
        Err(refus) => return Ok(ApercuOrdre { refus: Some(refus), ..ApercuOrdre::default() }),
    };
    let nom = |id: i64| voeux.iter().find(|v| v.id == id).map(intitule_voeu).unwrap_or_default();
    let noms = |ids: &[i64]| ids.iter().map(|id| nom(*id)).collect();
    let tenu = |id: i64| enjeu.iter().any(|v| v.id == id && v.tient());
    Ok(ApercuOrdre {
        refus: None,
        ordonnes: ordre
            .rangs
            .iter()
            .filter(|(_, rang)| *rang > 0)
            .map(|&(id, rang)| VoeuClasse { rang, intitule: nom(id), tenu: tenu(id) })
            .collect(),
        laisses: noms(&ordre.laisses),
        apres_la_tenue: noms(&ordre.apres_la_tenue),
    })
}

/// Puts the waiting wishes of the person in order; an earlier order is replaced. R-ORD-01, 02 and 04.
///
/// # Errors
/// [`AppError::Rule`] outside the step or for an order that the rules refuse; [`AppError::Conflict`] for a page out of date;
/// [`AppError::TooMany`] beyond the answers of a minute.
pub async fn order_voeux(ctx: &Ctx, garde: &Garde, cmd: &OrdreDemande) -> Result<Recepisse, AppError> {
    let texte: Vec<String> =
        cmd.rangs.iter().map(|(id, rang)| format!("{id}={}", rang.unwrap_or(0))).collect();
    let demande = format!("{ACTE}|{}", texte.join(","));
    ctx.take(Debit::Reponse)?;
    let tx = ctx.begin().await?;
    let d = mien_verrouille(&tx, ctx, Action::OrdonnerVoeux).await?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    require_open(ctx, &d)?;
    let voeux = base::list_voeux(&tx, d.ligne.id).await?;
    let enjeu = ordonnables(&voeux)?;
    let ordre = decide_ordre(&enjeu, &cles(&voeux, &enjeu, cmd)?)?;
    let actif = base::repondeur(&tx, d.ligne.id).await?.is_some_and(|r| r.active == 1);
    check_repondeur(&enjeu, &ordre, actif)?;
    let e = ctx.ecriture(&d.permit);
    let mut lignes = Vec::new();
    for &(id, rang) in &ordre.rangs {
        let ligne = voeux.iter().find(|v| v.id == id).ok_or(AppError::NotFound)?;
        let fait = if rang == 0 { "Vœu non ordonné".to_owned() } else { format!("Vœu nº {rang}") };
        lignes.push([fait, intitule_voeu(ligne)]);
        if ligne.rang_preference == i64::from(rang) {
            continue;
        }
        base::save_preference(&tx, &e, ligne, rang).await?;
        let acte = Acte {
            objet: "voeu",
            objet_id: &ligne.public_id,
            avant: Some(json!({ "rang_preference": ligne.rang_preference })),
            apres: Some(json!({ "rang_preference": rang })),
        };
        record(&tx, ctx, &d.permit, &acte).await?;
    }
    let contenu = json!({ "candidat": d.ligne.numero, "session": d.session.annee, "lignes": lignes });
    let recepisse = emettre(&tx, ctx, garde, &demande, ACTE, Some(d.ligne.id), &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
