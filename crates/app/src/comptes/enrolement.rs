//! Securing an account before its first use in a session: a new password when it is carried over, a second factor.
//!
//! The secret travels in the form, sealed and bound to the sign-in session: nothing is written before the code proves
//! that the authenticator holds it.

use domain::comptes::EtatCompte;
use domain::droits::{Action, Denial};
use store::Emplacement;
use store::comptes as base;

use super::connexion::{Connexion, advance, on_behalf};
use super::courriels;
use super::creer::salt;
use super::mot_de_passe::{context, level, password_faults, platform_permit};
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
    let compte = base::by_id(&ctx.app.db, session.compte).await?;
    let facteur = if needs_second_factor(&session.roles) {
        let secret = match scelle.and_then(|s| unseal(ctx, session, s)) {
            Some(secret) => secret,
            None => {
                let mut secret = vec![0; SECRET_OCTETS];
                ctx.app.alea.fill(&mut secret);
                secret
            }
        };
        Some(Facteur {
            secret: as_text(&secret),
            image: picture(&secret, &compte.courriel)?,
            scelle: seal(ctx, session, &secret)?,
        })
    } else {
        None
    };
    Ok(Enrolement { nouveau_mot_de_passe: compte.etat()? == EtatCompte::ASecuriser, facteur })
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
    require_step(session)?;
    if !super::conformite::view_conformite(ctx, session).await?.is_complete() {
        return Err(AppError::Conflict);
    }
    let mut compte = base::by_id(&ctx.app.db, session.compte).await?;
    let mut fautes = Vec::new();

    let neuf = compte.etat()? == EtatCompte::ASecuriser;
    if neuf {
        fautes.extend(password_faults(
            &commande.mot_de_passe,
            &commande.confirmation,
            level(&session.roles),
            &context(&compte),
        ));
        let ancien = compte.mot_de_passe.as_deref();
        if fautes.is_empty() && ctx.app.hachage.verify(&commande.mot_de_passe, ancien).await? {
            fautes.push((
                "mot_de_passe",
                "Ce mot de passe est celui de la session précédente : choisissez-en un autre.".to_owned(),
            ));
        }
    }
    let mut facteur = None;
    if needs_second_factor(&session.roles) {
        match unseal(ctx, session, &commande.scelle) {
            None => fautes.push((
                "code",
                "Cette page n’est plus valable : un nouveau code à scanner vous est proposé.".to_owned(),
            )),
            Some(secret) => match step_of(&secret, &commande.code, ctx.recu_ms())? {
                Some(pas) => facteur = Some((secret, pas)),
                None => fautes.push((
                    "code",
                    "Ce code n’est pas le bon. Saisissez les six chiffres affichés à l’instant, et vérifiez que l’heure de votre téléphone est réglée automatiquement."
                        .to_owned(),
                )),
            },
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
    if let Some((secret, pas)) = facteur {
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
    let connexion =
        advance(&tx, ctx, &compte, session.roles.clone(), navigateur, EtapeConnexion::Complete, "totp")
            .await?;
    tx.commit().await?;
    Ok(connexion)
}
