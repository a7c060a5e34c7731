//! Second step of signing in: the code of the authenticator.

use domain::comptes::EtatCompte;
use domain::droits::{Action, Denial};
use store::comptes as base;

use super::connexion::{Connexion, advance, on_behalf};
use super::session::{EtapeConnexion, SessionVue};
use super::tentatives::Tentative;
use super::totp::step_of;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::record_connexion;

/// Means of the second step, as the journal names it.
const MOYEN: &str = "totp";

/// What came of a code.
#[derive(Debug, Clone)]
pub enum Verification {
    /// Signed in, under a new token (SES-1).
    Acceptee(Connexion),
    /// Wrong, too old or already used; attempts left.
    Refusee {
        /// From 1.
        restants: i64,
    },
    /// The last attempt is used: signing in starts again (SEC-8).
    Detruite,
}

/// Checks the code of a session that waits for its second factor.
///
/// # Errors
/// [`AppError::Denied`] unless the session waits for it, [`AppError::TooMany`] after 25 wrong codes in a day.
pub async fn verify_code(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
    code: &str,
) -> Result<Verification, AppError> {
    if session.etape != EtapeConnexion::SecondFacteur {
        return Err(AppError::Denied(Denial { action: Action::ConsulterDossier, connu: true }));
    }
    let tentative = Tentative::reserve(ctx, "essai-second-facteur", &session.compte.to_string()).await?;
    tentative.check_day(ctx).await?;

    let maximum = i64::from(ctx.app.limites.essais_second_facteur);
    let tx = ctx.begin().await?;
    let Some(utilises) = base::reserve_attempt(&tx, session.id, maximum).await? else {
        base::delete_session_web(&tx, session.id).await?;
        tx.commit().await?;
        return Ok(Verification::Detruite);
    };
    let compte = base::by_id(&tx, session.compte).await?;
    let pas = match &compte.totp_chiffre {
        None => None,
        Some(chiffre) => {
            let secret = base::open_totp(&ctx.app.coffre, &compte.public_id, chiffre)?;
            step_of(&secret, code, ctx.recu_ms())?
        }
    };
    // The conditional update is what refuses a replay, even in parallel.
    let accepte = match pas {
        None => false,
        Some(pas) => base::use_totp_step(&tx, compte.id, pas).await?,
    };
    if accepte {
        tentative.succeed(&tx).await?;
        let etape = if compte.etat()? == EtatCompte::ASecuriser {
            EtapeConnexion::Enrolement
        } else {
            EtapeConnexion::Complete
        };
        base::delete_session_web(&tx, session.id).await?;
        let qui = on_behalf(ctx, &compte, &session.roles);
        record_connexion(&tx, &qui, "second_facteur", "reussi", MOYEN, &compte.public_id).await?;
        let connexion = advance(&tx, ctx, &compte, session.roles.clone(), navigateur, etape, MOYEN).await?;
        tx.commit().await?;
        return Ok(Verification::Acceptee(connexion));
    }
    let qui = on_behalf(ctx, &compte, &session.roles);
    record_connexion(&tx, &qui, "second_facteur", "refus", MOYEN, &compte.public_id).await?;
    let restants = maximum - utilises;
    if restants <= 0 {
        base::delete_session_web(&tx, session.id).await?;
    }
    tx.commit().await?;
    Ok(if restants <= 0 { Verification::Detruite } else { Verification::Refusee { restants } })
}
