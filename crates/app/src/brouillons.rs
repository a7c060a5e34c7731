//! SES-3: what is typed in a long form is kept before it is saved, ciphered, for its author alone. It is no act: it has no
//! receipt, the journal does not know of it, and nobody else ever reads it. Rights, open steps and versions are checked when the
//! form is really saved.

use domain::PublicId;
use domain::droits::{Action, Denial};
use jiff::Timestamp;
use store::Tx;
use store::brouillons as base;

use crate::contexte::Ctx;
use crate::echanges::{Objet, Sujet};
use crate::erreur::AppError;
use crate::idempotence::Garde;
use crate::limites::JOUR_MS;

/// A form as it stands, not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saisie {
    /// Address of the page of the form.
    pub chemin: String,
    /// Drawn with the page, and given again to the page that takes the form back.
    pub onglet: PublicId,
    /// Names and values, without what the page itself adds to its form.
    pub paires: Vec<(String, String)>,
    /// The page as it was open: idempotency key and version of its form.
    pub garde: Garde,
}

/// The page where a form is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSaisie {
    /// Its address.
    pub chemin: String,
    /// Drawn with the page, and given again to the page that takes the form back.
    pub onglet: String,
}

/// What became of a form that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issue {
    /// It waits for its author.
    Gardee,
    /// The form was saved meanwhile, under the same key: there is nothing left to keep.
    DejaEnregistree,
    /// Another one, typed in another page, waits for its author: it does not go unseen.
    AutreSaisie,
    /// Beyond what is kept of one form.
    TropLongue,
}

/// A form that waits for its author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gardee {
    /// Address of the page of the form.
    pub chemin: String,
    /// The page that typed it.
    pub onglet: String,
    /// Names and values, as they were typed.
    pub paires: Vec<(String, String)>,
    /// Version that the page showed; `None` for what is only ever added.
    pub version: Option<i64>,
    /// By the campaign's clock.
    pub le: Timestamp,
}

/// A form that waits, in a list: its address, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnAttente {
    /// Address of the page of the form.
    pub chemin: String,
    /// By the campaign's clock.
    pub le: Timestamp,
}

/// The account that acts: a draft is its author's, or nobody's.
fn author(ctx: &Ctx) -> Result<i64, AppError> {
    ctx.acteur.compte.ok_or(AppError::Denied(Denial { action: Action::ConsulterParametrage, connu: true }))
}

fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or_default()
}

/// Keeps a form as it stands, in place of what was kept of it, for whoever may save such a form somewhere: one of `actions`.
///
/// # Errors
/// [`AppError::Denied`] for anybody else.
pub async fn keep(ctx: &Ctx, actions: &[Action], saisie: &Saisie) -> Result<Issue, AppError> {
    let compte = author(ctx)?;
    require_any(ctx, actions)?;
    let corps = serde_json::to_vec(&saisie.paires).map_err(AppError::internal)?;
    let l = &ctx.app.limites;
    if corps.len() > l.brouillon_octets {
        return Ok(Issue::TropLongue);
    }
    let brouillon = base::Brouillon {
        chemin: saisie.chemin.clone(),
        onglet: saisie.onglet.as_str().to_owned(),
        corps,
        version: saisie.garde.version,
        garde_le: ctx.campagne_ms(),
        expire_le: ctx.recu_ms() + l.brouillon_jours * JOUR_MS,
    };
    let tx = ctx.begin().await?;
    base::lock(&tx, compte).await?;
    // The page sends what it holds when it is left, were it because the form has just been saved.
    if let Some(cle) = &saisie.garde.cle
        && store::idempotence::find(&tx, cle, ctx.recu_ms()).await?.is_some()
    {
        return Ok(Issue::DejaEnregistree);
    }
    let (coffre, alea) = (&ctx.app.coffre, ctx.app.alea.as_ref());
    if !base::keep(&tx, coffre, alea, compte, &brouillon, ctx.recu_ms()).await? {
        return Ok(Issue::AutreSaisie);
    }
    base::prune(&tx, compte, l.brouillons).await?;
    tx.commit().await?;
    Ok(Issue::Gardee)
}

fn require_any(ctx: &Ctx, actions: &[Action]) -> Result<(), AppError> {
    let mut refus = Err(AppError::NotFound);
    for action in actions {
        refus = ctx.scope(*action).map(|_| ());
        if refus.is_ok() {
            break;
        }
    }
    refus
}

/// What this person typed in the form of this page and did not save.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn find(ctx: &Ctx, chemin: &str) -> Result<Option<Gardee>, AppError> {
    let compte = author(ctx)?;
    let app = &ctx.app;
    let Some(b) = base::find(&app.db, &app.coffre, compte, chemin, ctx.recu_ms()).await? else {
        return Ok(None);
    };
    let paires = serde_json::from_slice(&b.corps).map_err(AppError::internal)?;
    Ok(Some(Gardee {
        chemin: b.chemin,
        onglet: b.onglet,
        paires,
        version: b.version,
        le: instant(b.garde_le),
    }))
}

/// The forms that this person did not save, the last typed first.
///
/// # Errors
/// When the database or the vault refuses.
pub async fn list(ctx: &Ctx) -> Result<Vec<EnAttente>, AppError> {
    let compte = author(ctx)?;
    let lignes = base::list(&ctx.app.db, &ctx.app.coffre, compte, ctx.recu_ms()).await?;
    Ok(lignes.into_iter().map(|(chemin, le)| EnAttente { chemin, le: instant(le) }).collect())
}

/// Forgets what this person typed in the form of this page; nothing to forget is no fault.
///
/// # Errors
/// When the database refuses.
pub async fn forget(ctx: &Ctx, chemin: &str) -> Result<(), AppError> {
    let compte = author(ctx)?;
    let tx = ctx.begin().await?;
    base::erase(&tx, &ctx.app.coffre, compte, chemin).await?;
    tx.commit().await?;
    Ok(())
}

/// The form is saved for good: in the same transaction, nothing of it waits any more. What was typed another time in another page, and
/// was not taken back into this one, goes on waiting.
pub(crate) async fn saved(tx: &Tx, ctx: &Ctx, garde: &Garde) -> Result<(), AppError> {
    if let (Some(page), Some(compte)) = (&garde.brouillon, ctx.acteur.compte) {
        base::lock(tx, compte).await?;
        base::erase_of(tx, &ctx.app.coffre, compte, (&page.chemin, &page.onglet)).await?;
    }
    Ok(())
}

/// The name of what a form is about; `None` when this person does not read it, or no longer, or there is no such thing.
///
/// # Errors
/// When the database refuses.
pub async fn name_of(ctx: &Ctx, annee: i64, sujet: &Sujet) -> Result<Option<String>, AppError> {
    let action = match sujet {
        Sujet::Etablissement(_) => Action::ConsulterEtablissement,
        Sujet::Formation(_) => Action::ConsulterParametrage,
    };
    match Objet::load(&ctx.app.db, annee, sujet).await {
        Ok(o) => Ok(ctx.may(action, &o.cible).then_some(o.titre)),
        Err(AppError::NotFound) => Ok(None),
        Err(e) => Err(e),
    }
}
