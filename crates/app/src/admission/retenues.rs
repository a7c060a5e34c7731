//! R-ADM-12: the groups that a day withheld, and letting one through.

use std::collections::HashMap;

use domain::RuleViolation;
use domain::droits::Action;
use domain::etablissements::check_texte;
use jiff::Timestamp;
use store::admission as base;

use super::cible;
use super::sceau::{GroupeRetenu, read_bilan};
use super::vues::Passage;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::sessions;

/// A group out of bounds, readable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retenue {
    /// Of the assignment group, in the address of the page where it is let through.
    pub groupe_public_id: String,
    /// Its name within the course.
    pub groupe: String,
    /// Label of the course.
    pub formation: String,
    /// In the address of its page.
    pub formation_public_id: String,
    /// Its name, that of the session.
    pub etablissement: String,
    /// Why, in French, each a sentence.
    pub motifs: Vec<String>,
    /// Let through since, for these same numbers.
    pub levee: Option<Levee>,
}

/// Who let a group through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Levee {
    /// Empty for a command.
    pub par: String,
    /// Instant of the campaign.
    pub le: Timestamp,
    /// What the person wrote.
    pub motif: String,
}

/// How many of the groups that a run found out of bounds are listed: more is a fault of the bounds, not of the groups.
pub const RETENUS_MONTRES: usize = 100;

/// The groups that a run withheld, the first [`RETENUS_MONTRES`] of them.
///
/// # Errors
/// Without the right to read runs.
pub async fn groupes_retenus(ctx: &Ctx, annee: i64, passage: &Passage) -> Result<Vec<Retenue>, AppError> {
    readable(ctx, annee, &passage.bilan.retenus).await
}

/// The groups out of bounds that a run let through, each with who had said why: what the person who publishes reads. The first
/// [`RETENUS_MONTRES`] of them.
///
/// # Errors
/// Without the right to read runs.
pub async fn groupes_leves(ctx: &Ctx, annee: i64, passage: &Passage) -> Result<Vec<Retenue>, AppError> {
    readable(ctx, annee, &passage.bilan.leves).await
}

async fn readable(ctx: &Ctx, annee: i64, groupes: &[GroupeRetenu]) -> Result<Vec<Retenue>, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    ctx.permit(Action::ConsulterPassages, &cible(&session))?;
    let retenus: Vec<_> = groupes.iter().take(RETENUS_MONTRES).collect();
    if retenus.is_empty() {
        return Ok(Vec::new());
    }
    let cles: Vec<i64> = retenus.iter().map(|r| r.groupe).collect();
    let mut noms: HashMap<i64, base::NomGroupe> =
        base::noms_groupes(db, &cles).await?.into_iter().map(|n| (n.id, n)).collect();
    let levees = base::levees(db, session.id).await?;
    Ok(retenus
        .into_iter()
        .filter_map(|r| {
            let nom = noms.remove(&r.groupe)?;
            let levee = levees.iter().find(|l| l.groupe == r.groupe && l.faits == r.faits);
            Some(Retenue {
                groupe_public_id: nom.public_id,
                groupe: nom.groupe,
                formation: nom.formation,
                formation_public_id: nom.formation_public_id,
                etablissement: nom.etablissement,
                motifs: r.motifs.clone(),
                levee: levee.map(|l| Levee {
                    par: l.par.clone(),
                    le: Timestamp::from_millisecond(l.cree_le).unwrap_or(Timestamp::UNIX_EPOCH),
                    motif: l.motif.clone(),
                }),
            })
        })
        .collect())
}

/// Lets a group through, for the numbers that the run withheld it for: the next computation no longer does. Whoever publishes that
/// one is a second person (R-ADM-01).
///
/// # Errors
/// The reason is missing or too long, the run withheld no such group ([`AppError::NotFound`]), or somebody let it through before
/// ([`AppError::Conflict`]).
pub async fn lever_retenue(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    passage: &str,
    groupe: &str,
    motif: &str,
) -> Result<Recepisse, AppError> {
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let permit = ctx.permit(Action::CalculerPassage, &cible(&session))?;
    let demande = format!("lever_retenue|{annee}|{passage}|{groupe}|{motif}");
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    session.require_ouverte()?;
    let motif = check_texte("motif", motif)?;
    if motif.is_empty() {
        return Err(RuleViolation::Champ { champ: "motif", motif: "manquant" }.into());
    }
    let p = base::passage(&tx, session.id, passage).await?.ok_or(AppError::NotFound)?;
    let retenus = read_bilan(&p.bilan).retenus;
    let cles: Vec<i64> = retenus.iter().map(|r| r.groupe).collect();
    let noms = base::noms_groupes(&tx, &cles).await?;
    let nom = noms.iter().find(|n| n.public_id == groupe).ok_or(AppError::NotFound)?;
    let retenu = retenus.iter().find(|r| r.groupe == nom.id).ok_or(AppError::NotFound)?;
    base::insert_levee(&tx, &ctx.ecriture(&permit), retenu.groupe, &retenu.faits, &motif).await?;
    let contenu = serde_json::json!({
        "annee": annee, "passage": passage, "groupe": groupe, "formation": nom.formation_public_id,
        "declare": retenu.faits, "motif": motif,
    });
    let acte = Acte { objet: "passage", objet_id: passage, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "lever_retenue", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
