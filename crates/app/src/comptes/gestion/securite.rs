//! SES-5: everything that an establishment has open is closed in one gesture.

use domain::RuleViolation;
use domain::comptes::EtatCompte;
use domain::droits::{Action, Cible};
use jiff::Timestamp;
use serde_json::json;
use store::Sql;
use store::comptes as base;

use super::liste::instant;
use crate::comptes::courriels;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre, hash};
use crate::journal::{Acte, record};
use crate::motif::read_motif;
use crate::sessions;

/// An establishment, and whether it is under safety.
#[derive(Debug, Clone)]
pub struct SecuriteVue {
    /// Its code.
    pub uai: String,
    /// Its name in the open session.
    pub nom: String,
    /// Accounts that have a role there.
    pub comptes: usize,
    /// Since when, and why.
    pub en_cours: Option<(Timestamp, String)>,
}

async fn reach(ctx: &Ctx, c: &impl Sql, uai: &str) -> Result<(base::LigneChoix, Cible), AppError> {
    // Before looking: whoever has no such right is told the same of an establishment that exists and of one that does not.
    ctx.scope(Action::SecuriserEtablissement)?;
    let session = sessions::courante(c).await?;
    let uai = uai.trim().to_uppercase();
    let e = base::etablissement_by_uai(c, session.id, &uai).await?.ok_or(AppError::NotFound)?;
    let cible = Cible {
        session: Some(session.id),
        etablissement: Some(e.id),
        academie: Some(e.academie.clone()),
        ..Cible::default()
    };
    ctx.permit(Action::SecuriserEtablissement, &cible)?;
    Ok((e, cible))
}

/// An establishment of the perimeter.
///
/// # Errors
/// [`AppError::Denied`] as for an absent one, out of the perimeter.
pub async fn view_securite(ctx: &Ctx, uai: &str) -> Result<SecuriteVue, AppError> {
    let db = &ctx.app.db;
    let (e, _) = reach(ctx, db, uai).await?;
    Ok(SecuriteVue {
        comptes: base::accounts_of(db, e.id).await?.len(),
        en_cours: base::safety(db, e.id).await?.map(|s| (instant(s.cree_le), s.motif)),
        uai: e.public_id,
        nom: e.libelle,
    })
}

/// Closes every session of the establishment, cancels passwords, links and invitations, revokes the tokens of programs, cuts exports. Whoever does it from
/// within is signed out as well: nobody knows yet whose account was stolen.
///
/// # Errors
/// [`AppError::Invalid`] without a reason, [`AppError::Conflict`] when it is under safety already.
pub async fn secure_etablissement(
    ctx: &Ctx,
    garde: &Garde,
    uai: &str,
    motif: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("securiser|{uai}|{}", hash(motif));
    let tx = ctx.begin().await?;
    if let Some(recepisse) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let (etablissement, cible) = reach(ctx, &tx, uai).await?;
    let permit = ctx.permit(Action::SecuriserEtablissement, &cible)?;
    let motif = read_motif(ctx, motif, "motif")?;
    let e = ctx.ecriture(&permit);
    let comptes = base::accounts_of(&tx, etablissement.id).await?;
    let n = i64::try_from(comptes.len()).unwrap_or(i64::MAX);
    base::insert_safety(&tx, &e, etablissement.id, &motif, n).await?;
    let ids: Vec<i64> = comptes.iter().map(|c| c.id).collect();
    base::revoke_passwords(&tx, &e, &ids).await?;
    let invitations = base::cancel_invitations(&tx, &e, etablissement.id).await?;
    // Whoever stole an account may have given a program what it opens.
    let jetons = store::interfaces::revoke_jetons_of(
        &tx,
        &e,
        etablissement.id,
        &ids,
        ctx.acteur.compte,
        ctx.recu_ms(),
    )
    .await?;
    for c in comptes.iter().filter(|c| c.etat().is_ok_and(EtatCompte::may_sign_in)) {
        let avis = courriels::etablissement_securise(ctx, &etablissement.libelle);
        courriels::enqueue(&tx, ctx, Some(c.id), &c.courriel, &avis).await?;
    }
    let apres = json!({ "etat": "en_securite", "comptes": n, "invitations": invitations, "jetons": jetons });
    let acte = Acte {
        objet: "etablissement",
        objet_id: &etablissement.public_id,
        avant: None,
        apres: Some(apres.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "etablissement_en_securite", None, &apres).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Lifts the safety: exports work again. Passwords stay cancelled until each person chooses another one.
///
/// # Errors
/// [`AppError::Invalid`] without a reason, [`AppError::Conflict`] when it is not under safety.
pub async fn lift_securite(ctx: &Ctx, garde: &Garde, uai: &str, motif: &str) -> Result<Recepisse, AppError> {
    let demande = format!("lever-securite|{uai}|{}", hash(motif));
    let tx = ctx.begin().await?;
    if let Some(recepisse) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let (etablissement, cible) = reach(ctx, &tx, uai).await?;
    let permit = ctx.permit(Action::SecuriserEtablissement, &cible)?;
    let motif = read_motif(ctx, motif, "motif")?;
    let s = base::safety(&tx, etablissement.id).await?.ok_or(AppError::Conflict)?;
    base::lift_safety(&tx, &ctx.ecriture(&permit), s.id, &motif).await?;
    let apres = json!({ "etat": "leve" });
    let acte = Acte {
        objet: "etablissement",
        objet_id: &etablissement.public_id,
        avant: Some(json!({ "etat": "en_securite" })),
        apres: Some(apres.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "securite_levee", None, &apres).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// SES-5: nothing leaves an establishment under safety.
///
/// # Errors
/// [`RuleViolation::EtablissementEnSecurite`].
pub async fn require_no_safety(c: &impl Sql, etablissement: i64) -> Result<(), AppError> {
    match base::safety(c, etablissement).await? {
        Some(_) => Err(RuleViolation::EtablissementEnSecurite.into()),
        None => Ok(()),
    }
}
