//! CPT-4: an account carried over from an earlier session sees nothing but what brings it up to date.

use domain::comptes::Courriel;
use serde_json::json;
use store::Sql;
use store::comptes as base;

use super::acceptation::read_mobile;
use super::connexion::on_behalf;
use super::informations::send_address_link;
use super::mot_de_passe::platform_permit;
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
    /// An administrator without a mobile.
    pub mobile: bool,
    /// A new address that waits to be proved.
    pub demandee: Option<String>,
}

impl Conformite {
    /// Password and factor may follow.
    pub fn is_complete(&self) -> bool {
        self.adresse.is_none() && !self.mobile
    }
}

async fn missing(
    ctx: &Ctx,
    c: &impl Sql,
    session: &SessionVue,
    compte: &base::LigneCompte,
) -> Result<Conformite, AppError> {
    if !needs_second_factor(&session.roles) || compte.etat != "a_securiser" {
        return Ok(Conformite { courriel: compte.courriel.clone(), ..Conformite::default() });
    }
    let adresse = match Courriel::parse(&compte.courriel).ok().and_then(|a| a.boite_de_fonction()) {
        None => None,
        Some(mot) => {
            let courante = sessions::courante(c).await?;
            let etat = base::exception_state(c, courante.id, &compte.courriel).await?;
            (etat.as_deref() != Some("accordee")).then_some(mot)
        }
    };
    let vie = base::vie(c, compte.id).await?;
    Ok(Conformite {
        courriel: compte.courriel.clone(),
        adresse,
        mobile: session.roles.iter().any(|r| r.role.needs_mobile()) && vie.mobile_chiffre.is_none(),
        demandee: base::pending_address(c, compte.id, ctx.recu_ms()).await?.map(|d| d.nouvelle),
    })
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
    missing(ctx, &ctx.app.db, session, &compte).await
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

/// Gives the mobile that a carried-over administrator lacks.
///
/// # Errors
/// [`AppError::Invalid`] when it is not one.
pub async fn give_mobile(ctx: &Ctx, session: &SessionVue, mobile: &str) -> Result<(), AppError> {
    if !view_conformite(ctx, session).await?.mobile {
        return Err(AppError::Conflict);
    }
    let mobile = read_mobile(mobile, true).map_err(|f| AppError::Invalid(vec![f]))?;
    let tx = ctx.begin().await?;
    let compte = base::by_id(&tx, session.compte).await?;
    let permit = platform_permit(&compte)?;
    let qui = on_behalf(ctx, &compte, &session.roles);
    let numero = mobile.as_ref().map(domain::comptes::Mobile::as_str);
    base::set_mobile(&tx, &qui.ecriture(&permit), &ctx.app.coffre, &compte, numero, None).await?;
    let acte = Acte {
        objet: "compte",
        objet_id: &compte.public_id,
        avant: None,
        apres: Some(json!({ "change": "mobile" })),
    };
    record(&tx, &qui, &permit, &acte).await?;
    tx.commit().await?;
    Ok(())
}
