//! Second step of signing in, and its renewal before a sensitive act (HAB-7): by any of the means of the account.

use domain::comptes::{EtatCompte, Moyen};
use domain::droits::{Action, Denial};
use store::comptes as base;

use super::connexion::{Connexion, advance, on_behalf};
use super::connus::Provenance;
use super::courriels::masque;
use super::moyens::{Essai, MOYENS, Titulaire};
use super::session::{EtapeConnexion, SessionVue, needs_second_factor};
use super::tentatives::Tentative;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::record_connexion;

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

/// What the page of the second step offers.
#[derive(Debug, Clone)]
pub struct Choix {
    /// The safest first.
    pub moyens: Vec<Moyen>,
    /// Last digits of the number, for SMS.
    pub mobile: Option<String>,
    /// The address, in part, for mail.
    pub courriel: String,
    /// By which means a code was just sent.
    pub envoye: Option<Moyen>,
    /// The person is signed in and confirms a sensitive act.
    pub confirmation: bool,
}

impl Choix {
    /// Whether this means is offered.
    pub fn offre(&self, code: &str) -> bool {
        self.moyens.iter().any(|m| m.code() == code)
    }
}

/// What may be shown as a second step. Mail is left out of the confirmation of a sensitive act, unless there is nothing
/// else (SEC-5).
///
/// # Errors
/// [`AppError::Denied`] while the account is being secured.
pub async fn second_step_choices(ctx: &Ctx, session: &SessionVue) -> Result<Choix, AppError> {
    require_step(session)?;
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    let confirmation = session.etape == EtapeConnexion::Complete;
    let mut moyens = titulaire.offered(ctx);
    if confirmation && moyens.iter().any(|m| m.suffit_aux_actes_sensibles()) {
        moyens.retain(|m| m.suffit_aux_actes_sensibles());
    }
    let envoye = base::canal_du_code(&ctx.app.db, session.id, super::codes::CONNEXION, ctx.recu_ms()).await?;
    Ok(Choix {
        moyens,
        mobile: titulaire.mobile.as_ref().map(domain::comptes::Mobile::masque),
        courriel: masque(&titulaire.compte.courriel),
        envoye: envoye.as_deref().and_then(Moyen::from_code),
        confirmation,
    })
}

fn require_step(session: &SessionVue) -> Result<(), AppError> {
    if session.etape == EtapeConnexion::Enrolement {
        return Err(AppError::Denied(Denial { action: Action::ConsulterDossier, connu: true }));
    }
    Ok(())
}

/// Checks an answer of a session that waits for its second step, or renews it: the six digits of an authenticator, the
/// eight of a code sent, a recovery code, the answer of a passkey. Each is told by its shape.
///
/// # Errors
/// [`AppError::Denied`] while the account is being secured, [`AppError::TooMany`] after 25 failures in a day (SEC-8).
pub async fn verify_code(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
    code: &str,
) -> Result<Verification, AppError> {
    require_step(session)?;
    let tentative = Tentative::reserve(ctx, "essai-second-facteur", &session.compte.to_string()).await?;
    // A known network is closed later than the others, and closes too: a school has one address for everybody.
    let connu = Provenance::load(&ctx.app.db, ctx, Some(session.compte)).await?.reseau;
    let limites = &ctx.app.limites;
    let par_jour = if connu { limites.echecs_reseau_connu.1 } else { limites.echecs_second_facteur_par_jour };
    tentative.check_day(ctx, par_jour).await?;

    let maximum = i64::from(ctx.app.limites.essais_second_facteur);
    let tx = ctx.begin().await?;
    let Some(utilises) = base::reserve_attempt(&tx, session.id, maximum).await? else {
        base::delete_session_web(&tx, session.id).await?;
        tx.commit().await?;
        return Ok(Verification::Detruite);
    };
    let titulaire = Titulaire::load(&tx, ctx, session.compte, &session.roles).await?;
    let compte = &titulaire.compte;
    let essai = Essai { tx: &tx, ctx, titulaire: &titulaire, session, navigateur, reponse: code };
    let qui = on_behalf(ctx, compte, &session.roles);
    if let Some(moyen) = accepted(&essai).await? {
        tentative.succeed(&tx).await?;
        record_connexion(&tx, &qui, "second_facteur", "reussi", moyen.code(), &compte.public_id).await?;
        let etape = next_step(ctx, &titulaire)?;
        base::delete_session_web(&tx, session.id).await?;
        let roles = session.roles.clone();
        let connexion =
            advance(&tx, ctx, compte, roles, navigateur, etape, Some((ctx.recu_ms(), moyen))).await?;
        tx.commit().await?;
        return Ok(Verification::Acceptee(connexion));
    }
    record_connexion(&tx, &qui, "second_facteur", "refus", attempted(code), &compte.public_id).await?;
    let restants = maximum - utilises;
    if restants <= 0 {
        base::delete_session_web(&tx, session.id).await?;
    }
    tx.commit().await?;
    Ok(if restants <= 0 { Verification::Detruite } else { Verification::Refusee { restants } })
}

async fn accepted(essai: &Essai<'_>) -> Result<Option<Moyen>, AppError> {
    for m in MOYENS.iter().filter(|m| m.recognises(essai.reponse)) {
        if m.offered(essai.ctx, essai.titulaire) && m.verify(essai).await? {
            return Ok(Some(m.moyen()));
        }
    }
    Ok(None)
}

/// The means whose shape a refused answer has, for the journal; « inconnu » when it has none.
fn attempted(reponse: &str) -> &'static str {
    MOYENS.iter().find(|m| m.recognises(reponse)).map_or("inconnu", |m| m.moyen().code())
}

/// An account carried over is brought up to date; whoever must have a strong factor is asked for it, at first with the
/// choice to do it later (SEC-5).
fn next_step(ctx: &Ctx, titulaire: &Titulaire) -> Result<EtapeConnexion, AppError> {
    let a_securiser = titulaire.compte.etat()? == EtatCompte::ASecuriser;
    let attendu = needs_second_factor(&titulaire.roles)
        && titulaire.strong_from(ctx).is_some()
        && !titulaire.has_strong();
    Ok(if a_securiser || attendu { EtapeConnexion::Enrolement } else { EtapeConnexion::Complete })
}
