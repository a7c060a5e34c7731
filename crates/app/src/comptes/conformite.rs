//! CPT-3, CPT-4: an account carried over from an earlier session, or an administrator whose number nobody proved, sees nothing
//! but what brings it up to date.

use domain::comptes::{Courriel, EtatCompte, Mobile};
use serde_json::json;
use store::comptes as base;

use super::acceptation::read_mobile;
use super::codes::{ask_mobile_code, mobile_code_sent, prove_mobile};
use super::connexion::on_behalf;
use super::informations::send_address_link;
use super::mot_de_passe::platform_permit;
use super::moyens::Titulaire;
use super::session::{EtapeConnexion, SessionVue, needs_second_factor};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::sessions;

/// What an account lacks before its password and its factor can be renewed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conformite {
    /// Present address.
    pub courriel: String,
    /// The word that makes the address that of a service.
    pub adresse: Option<String>,
    /// An administrator without a mobile, or whose number is not proved while SMS leave.
    pub mobile: bool,
    /// The last four digits of the number to prove, if one is known.
    pub numero: Option<String>,
    /// A code was sent, and waits.
    pub code_envoye: bool,
    /// A new address that waits to be proved.
    pub demandee: Option<String>,
    /// The account comes from an earlier session: a new password follows.
    pub reprise: bool,
}

impl Conformite {
    /// Nothing lacks.
    pub fn is_complete(&self) -> bool {
        self.adresse.is_none() && !self.mobile
    }

    /// Password and factor may follow. A known number may be proved later: a gateway out of order locks nobody out (NOT-3).
    pub fn allows_factor(&self) -> bool {
        self.adresse.is_none() && (!self.mobile || self.numero.is_some())
    }
}

async fn missing(
    ctx: &Ctx,
    session: &SessionVue,
    compte: &base::LigneCompte,
) -> Result<Conformite, AppError> {
    let c = &ctx.app.db;
    if !needs_second_factor(&session.roles) {
        return Ok(Conformite { courriel: compte.courriel.clone(), ..Conformite::default() });
    }
    let mut manques = Conformite { courriel: compte.courriel.clone(), ..Conformite::default() };
    if session.roles.iter().any(|r| r.role.needs_mobile()) {
        let numero = known_number(ctx, compte)?;
        let prouve = base::mobile_prouve(c, compte.id).await?.is_some();
        manques.mobile = numero.is_none() || (!prouve && ctx.app.sms.available());
        manques.numero = numero.as_ref().map(Mobile::masque).filter(|_| manques.mobile);
        manques.code_envoye = manques.mobile && mobile_code_sent(ctx, session).await?;
    }
    manques.reprise = compte.etat()? == EtatCompte::ASecuriser;
    if !manques.reprise {
        return Ok(manques);
    }
    manques.adresse = match Courriel::parse(&compte.courriel).ok().and_then(|a| a.boite_de_fonction()) {
        None => None,
        Some(mot) => {
            let courante = sessions::courante(c).await?;
            let etat = base::exception_state(c, courante.id, &compte.courriel).await?;
            (etat.as_deref() != Some("accordee")).then_some(mot)
        }
    };
    manques.demandee = base::pending_address(c, compte.id, ctx.recu_ms()).await?.map(|d| d.nouvelle);
    Ok(manques)
}

fn known_number(ctx: &Ctx, compte: &base::LigneCompte) -> Result<Option<Mobile>, AppError> {
    let Some(chiffre) = &compte.mobile_chiffre else { return Ok(None) };
    Ok(Mobile::parse(&base::open_mobile(&ctx.app.coffre, &compte.public_id, chiffre)?))
}

/// What this sign-in still lacks before its password and factor are renewed.
///
/// # Errors
/// [`AppError::NotFound`] unless the session is at the step of securing the account.
pub async fn view_conformite(ctx: &Ctx, session: &SessionVue) -> Result<Conformite, AppError> {
    if session.etape != EtapeConnexion::Enrolement {
        return Err(AppError::NotFound);
    }
    let compte = base::by_id(&ctx.app.db, session.compte).await?;
    missing(ctx, session, &compte).await
}

/// Asks for the nominative address of a carried-over account; the link sent to it makes it effective.
///
/// # Errors
/// As a change of address; the password was just given, and the factor if there is one.
pub async fn request_conforming_address(
    ctx: &Ctx,
    session: &SessionVue,
    nouvelle: &str,
) -> Result<(), AppError> {
    if view_conformite(ctx, session).await?.adresse.is_none() {
        return Err(AppError::Conflict);
    }
    let compte = base::by_id(&ctx.app.db, session.compte).await?;
    send_address_link(ctx, &compte, &platform_permit(&compte)?, session, nouvelle).await
}

/// Gives the mobile that an administrator lacks, or asks to prove the one that is known, when none is typed: a code is sent
/// to it, on a platform that sends SMS.
///
/// # Errors
/// [`AppError::Invalid`] when it is not one, [`AppError::TooMany`] when too many codes left (SEC-10),
/// [`AppError::Conflict`] when nothing lacks.
pub async fn give_mobile(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
    saisie: &str,
) -> Result<(), AppError> {
    if !view_conformite(ctx, session).await?.mobile {
        return Err(AppError::Conflict);
    }
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    let connu = known_number(ctx, &titulaire.compte)?.filter(|_| saisie.trim().is_empty());
    let mobile = match connu {
        Some(m) => m,
        None => {
            let neuf = read_mobile(saisie, true).map_err(|f| AppError::Invalid(vec![f]))?;
            let neuf = neuf.ok_or(AppError::NotFound)?;
            keep_number(ctx, session, &titulaire.compte, &neuf).await?;
            neuf
        }
    };
    if ctx.app.sms.available() {
        ask_mobile_code(ctx, session, &titulaire, navigateur, &mobile).await?;
    }
    Ok(())
}

/// The number as it was given: to be proved.
async fn keep_number(
    ctx: &Ctx,
    session: &SessionVue,
    compte: &base::LigneCompte,
    mobile: &Mobile,
) -> Result<(), AppError> {
    let permit = platform_permit(compte)?;
    let qui = on_behalf(ctx, compte, &session.roles);
    let tx = ctx.begin().await?;
    let e = qui.ecriture(&permit);
    base::set_mobile(&tx, &e, &ctx.app.coffre, compte, Some(mobile.as_str()), None).await?;
    let apres = Some(json!({ "change": "mobile" }));
    record(&tx, &qui, &permit, &Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres })
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Gives the account the number to which the code was sent, once it comes back.
///
/// # Errors
/// [`AppError::Conflict`] when nothing lacks; [`AppError::Invalid`] when the code is wrong, too old or from another
/// browser.
pub async fn confirm_conforming_mobile(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
    code: &str,
) -> Result<(), AppError> {
    if !view_conformite(ctx, session).await?.mobile {
        return Err(AppError::Conflict);
    }
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    prove_mobile(ctx, session, &titulaire, navigateur, code).await
}
