//! Securing an account before its first use in a session: a new password when it is carried over, a second factor.
//!
//! The secret travels in the form, sealed and bound to the sign-in session: nothing is written before the code proves
//! that the authenticator holds it.

use domain::comptes::{EtatCompte, Moyen};
use domain::droits::{Action, Denial};
use store::Emplacement;
use store::comptes as base;

use super::cles::{self, add_passkey};
use super::codes::renew_secours;
use super::conformite::view_conformite;
use super::connexion::{Connexion, advance, on_behalf};
use super::courriels;
use super::creer::salt;
use super::hachage::File;
use super::mot_de_passe::{context, level, password_faults, platform_permit};
use super::moyens::Titulaire;
use super::session::{EtapeConnexion, SessionVue, needs_second_factor};
use super::totp::{SECRET_OCTETS, as_text, picture, step_of};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record, record_event};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Enrolement {
    /// The account comes from another session: a new password is asked (CPT-4).
    pub nouveau_mot_de_passe: bool,
    /// `None` when the account already has one.
    pub facteur: Option<Facteur>,
    /// Real instant (ms) until which the second factor may wait (SEC-5).
    pub plus_tard_ms: Option<i64>,
    /// A passkey may be added instead of an authenticator.
    pub cle_possible: bool,
}

/// A second factor to enrol.
#[derive(Debug, Clone)]
pub struct Facteur {
    /// To be typed by hand.
    pub secret: String,
    /// PNG in base 64, to be scanned.
    pub image: String,
    /// The secret, for the hidden field of the form.
    pub scelle: String,
}

/// What the person sends.
#[derive(Debug, Clone, Default)]
pub struct CommandeEnrolement {
    /// As the page gave it: the secret never travels in clear.
    pub scelle: String,
    /// Six digits from the application: proves that it holds the secret.
    pub code: String,
    /// Empty when none is asked.
    pub mot_de_passe: String,
    /// The same, typed again.
    pub confirmation: String,
}

fn require_step(session: &SessionVue) -> Result<(), AppError> {
    if session.etape == EtapeConnexion::Enrolement {
        Ok(())
    } else {
        Err(AppError::Denied(Denial { action: Action::ConsulterDossier, connu: true }))
    }
}

/// The step of securing, once address and number are those that the role asks for (CPT-2, CPT-3).
async fn require_ready(ctx: &Ctx, session: &SessionVue) -> Result<(), AppError> {
    require_step(session)?;
    if view_conformite(ctx, session).await?.allows_factor() { Ok(()) } else { Err(AppError::Conflict) }
}

/// What has to be done, with a fresh secret, or that of the form that was refused.
///
/// # Errors
/// [`AppError::Denied`] unless the session is at this step.
pub async fn prepare_enrolement(
    ctx: &Ctx,
    session: &SessionVue,
    scelle: Option<&str>,
) -> Result<Enrolement, AppError> {
    require_step(session)?;
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    let a_securiser = titulaire.compte.etat()? == EtatCompte::ASecuriser;
    let facteur = if asks_factor(&titulaire)? {
        Some(factor(ctx, session, &titulaire.compte.courriel, scelle)?)
    } else {
        None
    };
    Ok(Enrolement {
        nouveau_mot_de_passe: a_securiser,
        cle_possible: facteur.is_some() && !a_securiser && cles::possible(ctx),
        facteur,
        plus_tard_ms: titulaire.strong_from(ctx).filter(|&des| !a_securiser && ctx.recu_ms() < des),
    })
}

/// A carried over account renews its second factor; any other one is asked for what it has not (SEC-5, CPT-4).
fn asks_factor(t: &Titulaire) -> Result<bool, AppError> {
    let a_securiser = t.compte.etat()? == EtatCompte::ASecuriser;
    Ok(needs_second_factor(&t.roles) && (a_securiser || !t.has_strong()))
}

/// A secret to scan: fresh, or that of the form that was refused.
pub(super) fn factor(
    ctx: &Ctx,
    session: &SessionVue,
    titulaire: &str,
    scelle: Option<&str>,
) -> Result<Facteur, AppError> {
    let secret = scelle.and_then(|s| unseal(ctx, session, s)).unwrap_or_else(|| {
        let mut secret = vec![0; SECRET_OCTETS];
        ctx.app.alea.fill(&mut secret);
        secret
    });
    Ok(Facteur {
        secret: as_text(&secret),
        image: picture(&secret, titulaire)?,
        scelle: seal(ctx, session, &secret)?,
    })
}

/// The secret of the form and the step of the code that proves it, or what is wrong.
pub(super) fn proved(
    ctx: &Ctx,
    session: &SessionVue,
    scelle: &str,
    code: &str,
) -> Result<(Vec<u8>, i64), (&'static str, String)> {
    let Some(secret) = unseal(ctx, session, scelle) else {
        return Err((
            "code",
            "Cette page n’est plus valable : un nouveau code à scanner vous est proposé.".to_owned(),
        ));
    };
    match step_of(&secret, code, ctx.recu_ms()) {
        Ok(Some(pas)) => Ok((secret, pas)),
        _ => Err((
            "code",
            "Ce code n’est pas le bon. Saisissez les six chiffres affichés à l’instant, et vérifiez que l’heure de votre téléphone est réglée automatiquement."
                .to_owned(),
        )),
    }
}

fn seal(ctx: &Ctx, session: &SessionVue, secret: &[u8]) -> Result<String, AppError> {
    let ligne = session.id.to_string();
    let ou = Emplacement { table: "session_web", colonne: "enrolement", ligne: &ligne };
    let octets = ctx.app.coffre.seal(ou, secret, ctx.app.alea.nonce())?;
    Ok(data_encoding::BASE64URL_NOPAD.encode(&octets))
}

/// The secret of the form, if it is one of ours and of this session.
fn unseal(ctx: &Ctx, session: &SessionVue, scelle: &str) -> Option<Vec<u8>> {
    let ligne = session.id.to_string();
    let ou = Emplacement { table: "session_web", colonne: "enrolement", ligne: &ligne };
    let octets = data_encoding::BASE64URL_NOPAD.decode(scelle.as_bytes()).ok()?;
    ctx.app.coffre.open(ou, &octets).ok()
}

/// Secures the account: password and second factor together or not at all; the other sessions are closed.
///
/// # Errors
/// [`AppError::Invalid`] with every fault; [`AppError::Denied`] unless the session is at this step.
pub async fn enrol(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
    commande: &CommandeEnrolement,
) -> Result<Connexion, AppError> {
    require_ready(ctx, session).await?;
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    let mut compte = titulaire.compte.clone();
    let mut fautes = Vec::new();

    let neuf = compte.etat()? == EtatCompte::ASecuriser;
    if neuf {
        fautes.extend(password_faults(
            &commande.mot_de_passe,
            &commande.confirmation,
            level(&session.roles),
            &context(&ctx.app.db, &compte).await?,
        ));
        let ancien = compte.mot_de_passe.as_deref();
        if fautes.is_empty()
            && ctx
                .app
                .hachage
                .verify(&commande.mot_de_passe, ancien, ctx.app.hachage.place(File::Commune)?)
                .await?
        {
            fautes.push((
                "mot_de_passe",
                "Ce mot de passe est celui de la session précédente : choisissez-en un autre.".to_owned(),
            ));
        }
    }
    let mut facteur = None;
    if asks_factor(&titulaire)? {
        match proved(ctx, session, &commande.scelle, &commande.code) {
            Ok(prouve) => facteur = Some(prouve),
            Err(faute) => fautes.push(faute),
        }
    }
    if !fautes.is_empty() {
        return Err(AppError::Invalid(fautes));
    }
    let empreinte =
        if neuf { Some(ctx.app.hachage.hash(&commande.mot_de_passe, salt(ctx)).await?) } else { None };

    let permit = platform_permit(&compte)?;
    let qui = on_behalf(ctx, &compte, &session.roles);
    let e = qui.ecriture(&permit);
    let tx = ctx.begin().await?;
    if let Some(empreinte) = &empreinte {
        base::set_password(&tx, &e, &compte, empreinte, EtatCompte::Actif).await?;
        compte.version += 1;
    }
    let mut moyen = session.seconde_etape;
    let mut codes = Vec::new();
    if let Some((secret, pas)) = facteur {
        moyen = Some((ctx.recu_ms(), Moyen::Totp));
        codes = renew_secours(&tx, ctx, compte.id).await?;
        let chiffre = base::seal_totp(&ctx.app.coffre, &compte.public_id, &secret, ctx.app.alea.nonce())?;
        base::set_totp(&tx, &e, &compte, chiffre, pas).await?;
    }
    base::delete_sessions_web(&tx, compte.id).await?;
    let apres = serde_json::json!({ "mot_de_passe": neuf, "second_facteur": true, "etat": "actif" });
    record(
        &tx,
        &qui,
        &permit,
        &Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres: Some(apres) },
    )
    .await?;
    record_event(&tx, &qui, "enrolement", "fait", "compte", &compte.public_id).await?;
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &courriels::compte_securise(ctx)).await?;
    let roles = session.roles.clone();
    let connexion = advance(&tx, ctx, &compte, roles, navigateur, EtapeConnexion::Complete, moyen).await?;
    tx.commit().await?;
    Ok(Connexion { codes, ..connexion })
}

/// Secures the account with a passkey instead of an authenticator.
///
/// # Errors
/// [`AppError::Denied`] unless the session is at this step and a passkey is offered; as [`add_passkey`].
pub async fn enrol_passkey(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
    nom: &str,
    reponse: &str,
) -> Result<Connexion, AppError> {
    require_ready(ctx, session).await?;
    let compte = base::by_id(&ctx.app.db, session.compte).await?;
    if compte.etat()? == EtatCompte::ASecuriser {
        return Err(AppError::Denied(Denial { action: Action::ConsulterDossier, connu: true }));
    }
    let codes = add_passkey(ctx, session, nom, reponse).await?;
    let connexion = leave(ctx, session, &compte, navigateur, Some((ctx.recu_ms(), Moyen::CleAcces))).await?;
    Ok(Connexion { codes, ..connexion })
}

/// Goes on without a strong factor, while it may still wait (SEC-5).
///
/// # Errors
/// [`AppError::Denied`] when it may not.
pub async fn postpone_enrolement(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
) -> Result<Connexion, AppError> {
    require_ready(ctx, session).await?;
    let page = prepare_enrolement(ctx, session, None).await?;
    if page.plus_tard_ms.is_none() {
        return Err(AppError::Denied(Denial { action: Action::ConsulterDossier, connu: true }));
    }
    let compte = base::by_id(&ctx.app.db, session.compte).await?;
    leave(ctx, session, &compte, navigateur, session.seconde_etape).await
}

async fn leave(
    ctx: &Ctx,
    session: &SessionVue,
    compte: &base::LigneCompte,
    navigateur: &str,
    seconde_etape: Option<(i64, Moyen)>,
) -> Result<Connexion, AppError> {
    let tx = ctx.begin().await?;
    base::delete_session_web(&tx, session.id).await?;
    let roles = session.roles.clone();
    let connexion =
        advance(&tx, ctx, compte, roles, navigateur, EtapeConnexion::Complete, seconde_etape).await?;
    tx.commit().await?;
    Ok(connexion)
}
