//! First step of signing in: address and password.

use domain::comptes::{Courriel, EtatCompte};
use domain::droits::{Acteur, Attribution};
use store::Tx;
use store::comptes as base;

use super::session::{EtapeConnexion, needs_second_factor, open_session};
use super::tentatives::{Tentative, password_attempts};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{inconnu, record_connexion};

/// SES-4: sessions that one account may hold open at once.
const SESSIONS_PARALLELES: i64 = 5;

/// Means of the first step, as the journal names it.
const MOYEN: &str = "mot_de_passe";

/// A step of signing in passed: the token of the new session and where it stands.
#[derive(Debug, Clone)]
pub struct Connexion {
    /// For the cookie, and nowhere else (SES-1).
    pub jeton: String,
    /// What is still asked before any other page opens.
    pub etape: EtapeConnexion,
    /// Decide which space opens first.
    pub roles: Vec<Attribution>,
}

/// Checks an address and a password, and opens a session at the step that follows.
///
/// An unknown account costs the same and is told the same (LIM-4); failures are counted by account and network, and ask
/// to wait (LIM-1).
///
/// # Errors
/// [`AppError::Invalid`] when they do not match, [`AppError::TooMany`] while waiting is asked,
/// [`AppError::Unavailable`] when the hashing pool is full (MDP-6).
pub async fn sign_in(
    ctx: &Ctx,
    navigateur: &str,
    courriel: &str,
    mot_de_passe: &str,
) -> Result<Connexion, AppError> {
    if courriel.trim().is_empty() || mot_de_passe.is_empty() {
        return Err(AppError::Invalid(manquants(courriel, mot_de_passe)));
    }
    let Ok(adresse) = Courriel::parse(courriel) else {
        return Err(AppError::Invalid(vec![(
            "courriel",
            "Cette adresse n’est pas complète : elle doit ressembler à nom@domaine.fr.".to_owned(),
        )]));
    };
    let (usage, objet) = password_attempts(ctx, adresse.as_str());
    let tentative = Tentative::reserve(ctx, usage, &objet).await?;
    tentative.check_wait(ctx).await?;

    let compte = base::by_courriel(&ctx.app.db, adresse.as_str()).await?;
    let empreinte = compte.as_ref().and_then(|c| c.mot_de_passe.as_deref());
    let juste = ctx.app.hachage.verify(mot_de_passe, empreinte).await?;
    let compte = match compte {
        Some(c) if juste && c.etat()?.may_sign_in() => c,
        autre => {
            let vise = autre.as_ref().map_or_else(|| inconnu(ctx, adresse.as_str()), |c| c.public_id.clone());
            let tx = ctx.begin().await?;
            record_connexion(&tx, ctx, "connexion", "refus", MOYEN, &vise).await?;
            tx.commit().await?;
            return Err(refused(autre.as_ref().is_some_and(|c| juste && c.etat == "suspendu")));
        }
    };

    let roles = base::attributions(&ctx.app.db, compte.id).await?;
    let etape = first_step(&compte, &roles)?;
    let tx = ctx.begin().await?;
    tentative.succeed(&tx).await?;
    let connexion = advance(&tx, ctx, &compte, roles, navigateur, etape, MOYEN).await?;
    tx.commit().await?;
    Ok(connexion)
}

fn manquants(courriel: &str, mot_de_passe: &str) -> Vec<(&'static str, String)> {
    let mut fautes = Vec::new();
    if courriel.trim().is_empty() {
        fautes.push(("courriel", "Saisissez votre adresse électronique.".to_owned()));
    }
    if mot_de_passe.is_empty() {
        fautes.push(("mot_de_passe", "Saisissez votre mot de passe.".to_owned()));
    }
    fautes
}

fn refused(suspendu: bool) -> AppError {
    let message = if suspendu {
        "Ce compte est suspendu. Adressez-vous à l’administrateur de votre établissement."
    } else {
        "L’adresse ou le mot de passe ne correspond pas. Vérifiez-les, ou choisissez « Mot de passe oublié »."
    };
    AppError::Invalid(vec![("mot_de_passe", message.to_owned())])
}

/// What follows the password. Whoever has a second factor shows it before anything else, even before renewing it:
/// a stolen password alone never enrols another one.
fn first_step(compte: &base::LigneCompte, roles: &[Attribution]) -> Result<EtapeConnexion, AppError> {
    Ok(if compte.totp_chiffre.is_some() {
        EtapeConnexion::SecondFacteur
    } else if needs_second_factor(roles) || compte.etat()? == EtatCompte::ASecuriser {
        EtapeConnexion::Enrolement
    } else {
        EtapeConnexion::Complete
    })
}

/// Opens the session of the next step, under a new token (SES-1), and records it with the means just shown. The caller
/// closes the former one.
pub(super) async fn advance(
    tx: &Tx,
    ctx: &Ctx,
    compte: &base::LigneCompte,
    roles: Vec<Attribution>,
    navigateur: &str,
    etape: EtapeConnexion,
    moyen: &str,
) -> Result<Connexion, AppError> {
    let ctx = on_behalf(ctx, compte, &roles);
    base::prune_sessions_web(tx, compte.id, SESSIONS_PARALLELES - 1).await?;
    let jeton = open_session(tx, &ctx, compte.id, navigateur, etape).await?;
    if etape == EtapeConnexion::Complete {
        base::touch_compte(tx, compte.id, ctx.recu_ms()).await?;
    }
    record_connexion(tx, &ctx, "connexion", etape.code(), moyen, &compte.public_id).await?;
    Ok(Connexion { jeton, etape, roles })
}

/// The context of a person whose sign-in is under way: what the journal says of them.
pub(super) fn on_behalf(ctx: &Ctx, compte: &base::LigneCompte, roles: &[Attribution]) -> Ctx {
    let nom = format!("{} {}", compte.prenom, compte.nom);
    Ctx { acteur: Acteur { compte: Some(compte.id), nom, attributions: roles.to_vec() }, ..ctx.clone() }
}
