//! First step of signing in: address and password.

use std::time::Duration;

use domain::comptes::{Courriel, EtatCompte, Moyen};
use domain::droits::{Acteur, Attribution};
use store::Tx;
use store::comptes as base;

use super::connus::{Provenance, confirm, is_signed};
use super::courriels;
use super::creer::salt;
use super::hachage::{File, Place};
use super::moyens::{Titulaire, asks_second_step};
use super::securite::{Securite, count_failure, count_success, is_stuffing};
use super::session::{EtapeConnexion, open_session};
use super::tentatives::{Compteur, password_attempt};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{inconnu, record_connexion};

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
    /// Cookie of the browser, once a second step confirmed it (LIM-1).
    pub temoin: Option<String>,
    /// Recovery codes to show now, and never again (SEC-9).
    pub codes: Vec<String>,
}

/// Checks an address and a password, and opens a session at the step that follows.
///
/// An unknown account costs the same and is told the same (LIM-4); failures are counted apart for known browsers, known
/// networks and the rest, and ask to wait (LIM-1); a network from which many accounts fail is slowed down (LIM-2).
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
    let hachage = &ctx.app.hachage;
    let mut place = first_place(ctx)?;
    let mut tour = hachage.tour_de_base().await?;
    if is_stuffing(ctx).await? {
        // LIM-2: it waits without holding up those behind it.
        drop((place, tour));
        tokio::time::sleep(Duration::from_millis(ctx.app.limites.bourrage_delai_ms)).await;
        place = first_place(ctx)?;
        tour = hachage.tour_de_base().await?;
    }
    let compte = base::by_courriel(&ctx.app.db, adresse.as_str()).await?;
    let provenance = Provenance::load(&ctx.app.db, ctx, compte.as_ref().map(|c| c.id)).await?;
    let place = own_place(ctx, place, provenance)?;
    let tentative = password_attempt(ctx, adresse.as_str(), Compteur::of(provenance)).await?;
    drop(tour);

    let empreinte = compte.as_ref().and_then(|c| c.mot_de_passe.as_deref());
    let juste = hachage.verify(mot_de_passe, empreinte, place).await?;
    let compte = match compte {
        Some(c) if juste && c.etat()?.may_sign_in() => c,
        autre => {
            let _tour = hachage.tour_de_base().await?;
            let vise = autre.as_ref().map_or_else(|| inconnu(ctx, adresse.as_str()), |c| c.public_id.clone());
            let tx = ctx.begin().await?;
            record_connexion(&tx, ctx, "connexion", "refus", MOYEN, &vise).await?;
            count_failure(&tx, ctx, adresse.as_str()).await?;
            tx.commit().await?;
            return Err(refused(autre.as_ref().is_some_and(|c| juste && c.etat == "suspendu")));
        }
    };

    let renforcee = match &compte.mot_de_passe {
        // One that finds no place waits for the next sign-in.
        Some(h) if hachage.is_weaker(h) => hachage.hash(mot_de_passe, salt(ctx)).await.ok(),
        _ => None,
    };
    let _tour = hachage.tour_de_base().await?;
    let roles = base::attributions(&ctx.app.db, compte.id).await?;
    let securite = Securite::load(&ctx.app.db).await?;
    let titulaire = Titulaire::load(&ctx.app.db, ctx, compte.id, &roles).await?;
    let manque = titulaire.needs_strong(ctx) && !titulaire.has_strong();
    let etape = first_step(&compte, &roles, !manque && provenance.spares(&securite), &securite)?;
    let tx = ctx.begin().await?;
    tentative.succeed(&tx).await?;
    if let Some(empreinte) = &renforcee {
        base::renew_hash(&tx, compte.id, compte.mot_de_passe.as_deref(), empreinte).await?;
    }
    if tentative.failures() >= i64::from(ctx.app.limites.echecs_avant_attente) {
        let avis = courriels::echecs_puis_succes(ctx, tentative.failures());
        courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &avis).await?;
    }
    let connexion = advance(&tx, ctx, &compte, roles, navigateur, etape, None).await?;
    // Last: every sign-in of the country writes this row, and waits for whoever holds it.
    count_success(&tx, ctx).await?;
    tx.commit().await?;
    Ok(connexion)
}

/// MDP-6: sent away before anything is looked for or counted. A browser that we signed may have a queue of its own.
fn first_place(ctx: &Ctx) -> Result<Place, AppError> {
    match ctx.app.hachage.place(File::Commune) {
        Err(_) if is_signed(ctx) => ctx.app.hachage.place(File::Reservee),
        prise => prise,
    }
}

/// The place that goes with what the account knows of the browser.
fn own_place(ctx: &Ctx, prise: Place, provenance: Provenance) -> Result<Place, AppError> {
    match (provenance.navigateur, prise.file()) {
        (true, File::Reservee) | (false, File::Commune) => Ok(prise),
        (true, File::Commune) => ctx.app.hachage.place(File::Reservee),
        // Signed for another account: everybody's queue is full.
        (false, File::Reservee) => Err(AppError::Unavailable),
    }
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

/// What follows the password. A second step comes before anything else, even before renewing the password or adding a
/// first means: a stolen password alone never enrols anything. It is spared where the last one was made (SEC-1), or from
/// a known network and browser in the soft mode (SEC-2), unless a strong means is missing by now (SEC-5).
fn first_step(
    compte: &base::LigneCompte,
    roles: &[Attribution],
    epargnee: bool,
    securite: &Securite,
) -> Result<EtapeConnexion, AppError> {
    let a_securiser = compte.etat()? == EtatCompte::ASecuriser;
    Ok(if asks_second_step(roles, securite.renforce) && (a_securiser || !epargnee) {
        EtapeConnexion::SecondFacteur
    } else if a_securiser {
        EtapeConnexion::Enrolement
    } else {
        EtapeConnexion::Complete
    })
}

/// Opens the session of the next step, under a new token (SES-1), and records it. The caller closes the former one.
/// `seconde_etape`: real instant (ms) and means of the second step just made, or made earlier in this sign-in.
pub(super) async fn advance(
    tx: &Tx,
    ctx: &Ctx,
    compte: &base::LigneCompte,
    roles: Vec<Attribution>,
    navigateur: &str,
    etape: EtapeConnexion,
    seconde_etape: Option<(i64, Moyen)>,
) -> Result<Connexion, AppError> {
    let ctx = on_behalf(ctx, compte, &roles);
    let gardees = ctx.app.limites.sessions_paralleles - 1;
    if etape == EtapeConnexion::Complete {
        base::prune_sessions_web(tx, compte.id, gardees).await?;
    } else {
        base::prune_pending_sessions(tx, compte.id, &ctx.reseau, navigateur, gardees).await?;
    }
    let jeton = open_session(tx, &ctx, compte.id, navigateur, etape, seconde_etape).await?;
    let mut temoin = None;
    if etape == EtapeConnexion::Complete {
        base::touch_compte(tx, compte.id, ctx.recu_ms()).await?;
        if seconde_etape.is_some() {
            temoin = Some(confirm(tx, &ctx, compte).await?);
        }
    }
    let montre = seconde_etape.map_or(MOYEN, |(_, moyen)| moyen.code());
    record_connexion(tx, &ctx, "connexion", etape.code(), montre, &compte.public_id).await?;
    Ok(Connexion { jeton, etape, roles, temoin, codes: Vec::new() })
}

/// The context of a person whose sign-in is under way: what the journal says of them.
pub(super) fn on_behalf(ctx: &Ctx, compte: &base::LigneCompte, roles: &[Attribution]) -> Ctx {
    let nom = format!("{} {}", compte.prenom, compte.nom);
    Ctx { acteur: Acteur { compte: Some(compte.id), nom, attributions: roles.to_vec() }, ..ctx.clone() }
}
