//! LIM-5: forgotten password. The same answer always; the link signs nobody in and spares no second factor.

use domain::comptes::{Courriel, EtatCompte, Niveau};
use store::comptes as base;
use store::jetons::{self, Usage};

use super::connexion::on_behalf;
use super::courriels;
use super::creer::salt;
use super::hachage::File;
use super::mot_de_passe::{context, level, password_faults, platform_permit};
use super::tentatives::{Tentative, forget_password_failures};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::journal::{Acte, record};

/// A fresh token of 256 bits for a link; only its hash is kept.
pub(super) fn fresh_token(ctx: &Ctx) -> String {
    format!("{}{}", ctx.app.alea.public_id(), ctx.app.alea.public_id())
}

/// The normalised address of a form with a single field.
pub(crate) fn read_address(courriel: &str) -> Result<Courriel, AppError> {
    Courriel::parse(courriel).map_err(|_| {
        AppError::Invalid(vec![(
            "courriel",
            "Saisissez une adresse complète, sous la forme nom@domaine.fr.".to_owned(),
        )])
    })
}

/// Sends a link to choose a new password, if the address has an account. The caller learns nothing of it.
///
/// # Errors
/// [`AppError::Invalid`] when it is not an address.
pub async fn request_reset(ctx: &Ctx, courriel: &str) -> Result<(), AppError> {
    let adresse = read_address(courriel)?;
    let tentative = Tentative::reserve(ctx, "envoi-oubli", adresse.as_str()).await?;
    if !tentative.may_send(ctx).await? {
        return Ok(());
    }
    let compte = base::by_courriel(&ctx.app.db, adresse.as_str()).await?;
    let compte = match compte {
        Some(c) if c.etat()?.may_reset() => Some(c),
        _ => None,
    };
    let jeton = fresh_token(ctx);
    let expire = ctx.recu_ms() + ctx.app.limites.lien_oubli_min * 60_000;
    let courriel = courriels::lien_oubli(ctx, &jeton, expire);
    let tx = ctx.begin().await?;
    // An unknown address gets a link that nobody receives: the same work, the same time (LIM-4).
    let titulaire = compte.as_ref().map(|c| c.id);
    jetons::replace(&tx, Usage::Oubli, &hash(&jeton), adresse.as_str(), titulaire, ctx.recu_ms(), expire)
        .await?;
    courriels::enqueue_if_known(&tx, ctx, titulaire, adresse.as_str(), &courriel).await?;
    tx.commit().await?;
    Ok(())
}

/// The account of a living link.
async fn holder(ctx: &Ctx, jeton: &str) -> Result<(jetons::LigneJeton, base::LigneCompte), AppError> {
    let ligne = jetons::find(&ctx.app.db, Usage::Oubli, &hash(jeton), ctx.recu_ms())
        .await?
        .ok_or(AppError::NotFound)?;
    let compte = base::by_id(&ctx.app.db, ligne.compte_id.ok_or(AppError::NotFound)?).await?;
    if compte.etat()?.may_reset() { Ok((ligne, compte)) } else { Err(AppError::NotFound) }
}

/// Whether the link can still be used, and the strength that the new password must have.
///
/// # Errors
/// [`AppError::NotFound`] when it cannot.
pub async fn check_reset(ctx: &Ctx, jeton: &str) -> Result<Niveau, AppError> {
    let (_, compte) = holder(ctx, jeton).await?;
    Ok(level(&base::attributions(&ctx.app.db, compte.id).await?))
}

/// MDP-5: a password that may have been stolen is not chosen again.
pub(super) async fn require_not_refused(
    ctx: &Ctx,
    compte: i64,
    mot_de_passe: &str,
    champ: &'static str,
) -> Result<(), AppError> {
    let Some(refuse) = base::vie(&ctx.app.db, compte).await?.mot_de_passe_refuse else { return Ok(()) };
    if ctx.app.hachage.verify(mot_de_passe, Some(&refuse), ctx.app.hachage.place(File::Commune)?).await? {
        let message =
            "Ce mot de passe a été annulé parce qu’il est peut-être connu : choisissez-en un autre.";
        return Err(AppError::Invalid(vec![(champ, message.to_owned())]));
    }
    Ok(())
}

/// Changes the password with a link; every session of the account is closed.
///
/// # Errors
/// [`AppError::NotFound`] when the link was used or ran out, [`AppError::Invalid`] when the password is refused.
pub async fn reset_password(
    ctx: &Ctx,
    jeton: &str,
    mot_de_passe: &str,
    confirmation: &str,
) -> Result<(), AppError> {
    let (ligne, compte) = holder(ctx, jeton).await?;
    let roles = base::attributions(&ctx.app.db, compte.id).await?;
    let fautes =
        password_faults(mot_de_passe, confirmation, level(&roles), &context(&ctx.app.db, &compte).await?);
    if !fautes.is_empty() {
        return Err(AppError::Invalid(fautes));
    }
    require_not_refused(ctx, compte.id, mot_de_passe, "mot_de_passe").await?;
    let empreinte = ctx.app.hachage.hash(mot_de_passe, salt(ctx)).await?;
    // Carried over, the account still has to be secured at the next sign-in.
    let etat = match compte.etat()? {
        EtatCompte::ASecuriser => EtatCompte::ASecuriser,
        _ => EtatCompte::Actif,
    };
    let permit = platform_permit(&compte)?;
    let qui = on_behalf(ctx, &compte, &roles);
    let tx = ctx.begin().await?;
    if !jetons::consume(&tx, ligne.id, ctx.recu_ms()).await? {
        return Err(AppError::NotFound);
    }
    base::set_password(&tx, &qui.ecriture(&permit), &compte, &empreinte, etat).await?;
    base::delete_sessions_web(&tx, compte.id).await?;
    // Whoever waits is told to choose a new password: it must let them in.
    forget_password_failures(&tx, ctx, compte.id, &compte.courriel).await?;
    let apres = serde_json::json!({ "mot_de_passe": "change", "par": "lien", "etat": etat.code() });
    let acte = Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres: Some(apres) };
    record(&tx, &qui, &permit, &acte).await?;
    let avis = courriels::mot_de_passe_change(ctx);
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &avis).await?;
    tx.commit().await?;
    Ok(())
}
