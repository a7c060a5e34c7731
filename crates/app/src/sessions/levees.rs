//! RUN-6: a freeze lifted for one establishment, proposed by one agent of the national team and decided by another (HAB-8).

use domain::RuleViolation;
use domain::admission::require_deuxieme_personne;
use domain::calendrier::Gel;
use domain::droits::Action;
use jiff::Timestamp;
use serde_json::json;
use store::comptes::etablissement_by_uai;
use store::gel as base;

use super::gel::{SEUIL, gel_en_cours};
use super::instant;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::motif::read_motif;

/// A freeze lifted, or to be, for an establishment.
#[derive(Debug, Clone, PartialEq)]
pub struct Levee {
    /// Public identifier.
    pub id: String,
    /// For the decision (TRX-4).
    pub version: i64,
    /// Its code, then its name in the session.
    pub etablissement: String,
    /// First instant of the campaign at which it no longer counts.
    pub fin: Timestamp,
    /// As typed.
    pub motif: String,
    /// `proposee`, `validee`, `refusee`; `passee` once its freeze is over, unless it was refused.
    pub etat: String,
    /// Name; empty for the platform.
    pub propose_par: String,
    /// Why this person may not decide it now.
    pub obstacle: Option<RuleViolation>,
}

/// The freeze of a session and what is asked about it.
#[derive(Debug, Clone)]
pub struct GelVue {
    /// With the number of accounts from which an act is one on many accounts; none: nothing is frozen now.
    pub gel: Option<(Gel, u32)>,
    /// Newest first.
    pub levees: Vec<Levee>,
}

/// Whether the freeze that a proposal is about is over.
fn is_over(ctx: &Ctx, fin_ms: i64) -> bool {
    fin_ms <= ctx.campagne_ms()
}

/// The freeze of a session, for whoever manages it.
///
/// # Errors
/// [`AppError::Denied`] or [`AppError::NotFound`].
pub async fn view_gel(ctx: &Ctx, annee: i64) -> Result<GelVue, AppError> {
    ctx.scope(Action::GererSession)?;
    let db = &ctx.app.db;
    let session = super::session(db, annee).await?;
    ctx.permit(Action::GererSession, &session.cible())?;
    let lignes = base::list(db, session.id).await?;
    let lit = |l: base::LigneLevee| {
        let deuxieme = require_deuxieme_personne(l.auteur(), ctx.signataire());
        Levee {
            obstacle: session.require_ouverte().and(deuxieme).err(),
            etablissement: format!("{} – {}", l.uai, l.nom),
            fin: instant(l.fin_le),
            id: l.public_id,
            version: l.version,
            motif: l.motif,
            etat: if is_over(ctx, l.fin_le) && l.etat != "refusee" { "passee".to_owned() } else { l.etat },
            propose_par: l.propose_par,
        }
    };
    let levees = lignes.into_iter().map(lit).collect();
    let gel = if session.archivee { None } else { gel_en_cours(db, session.id, ctx.campagne_le).await? };
    let gel = match gel {
        Some(gel) => Some((gel, super::parametre_entier(db, session.id, SEUIL).await?)),
        None => None,
    };
    Ok(GelVue { gel, levees })
}

/// R-CAL-10: proposes that many accounts of an establishment may change at once during the freeze under way. Nothing changes
/// before another agent agrees.
///
/// # Errors
/// [`AppError::Invalid`] for an establishment that is not of the session, outside a freeze, or for a reason that says
/// nothing; [`AppError::Conflict`] when a proposal already waits for this establishment.
pub async fn propose_levee(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    uai: &str,
    motif: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("proposer_levee_gel|{annee}|{uai}|{motif}");
    let tx = ctx.begin().await?;
    let session = super::session(&tx, annee).await?;
    let permit = ctx.permit(Action::GererSession, &session.cible())?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    session.require_ouverte()?;
    let motif = read_motif(ctx, motif, "motif_levee")?;
    let faux = |message: &str| AppError::Invalid(vec![("uai", message.to_owned())]);
    let Some(e) = etablissement_by_uai(&tx, session.id, &uai.trim().to_uppercase()).await? else {
        return Err(faux(
            "Aucun établissement de la session n’a ce code : vérifiez les sept chiffres et la lettre de l’UAI.",
        ));
    };
    let Some(gel) = gel_en_cours(&tx, session.id, ctx.campagne_le).await? else {
        return Err(faux(
            "Il n’y a pas de gel aujourd’hui : cet établissement peut changer ses comptes en nombre.",
        ));
    };
    let fin = gel.fin.as_millisecond();
    let id = base::insert(&tx, &ctx.ecriture(&permit), (session.id, e.id), fin, &motif).await?;
    // JOU-2: the code is in lower case, here and below, for the journal to keep it in clear.
    let contenu = json!({
        "annee": annee, "levee": id, "etat": "proposee", "etablissement": e.public_id.to_lowercase(), "jusqu_a": fin,
    });
    let acte = Acte { objet: "levee_gel", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "proposer_levee_gel", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Decides a proposal of somebody else. Agreed, it holds at once, until the end of the freeze in which it was proposed.
///
/// # Errors
/// [`AppError::Rule`] for one's own proposal; [`AppError::Conflict`] when it is decided already, or its freeze is over.
pub async fn decide_levee(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &str,
    accorde: bool,
) -> Result<Recepisse, AppError> {
    let demande = format!("decider_levee_gel|{annee}|{id}|{accorde}");
    let tx = ctx.begin().await?;
    let session = super::session(&tx, annee).await?;
    let permit = ctx.permit(Action::GererSession, &session.cible())?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    session.require_ouverte()?;
    let l = base::find(&tx, session.id, id).await?.ok_or(AppError::NotFound)?;
    if l.etat != "proposee" || is_over(ctx, l.fin_le) {
        return Err(AppError::Conflict);
    }
    garde.check_version(l.version)?;
    require_deuxieme_personne(l.auteur(), ctx.signataire())?;
    let etat = if accorde { "validee" } else { "refusee" };
    base::decide(&tx, &ctx.ecriture(&permit), &l, etat).await?;
    let contenu = json!({
        "annee": annee, "levee": id, "etat": etat, "etablissement": l.uai.to_lowercase(), "jusqu_a": l.fin_le,
    });
    let acte = Acte { objet: "levee_gel", objet_id: id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "decider_levee_gel", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
