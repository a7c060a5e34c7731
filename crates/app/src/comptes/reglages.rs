//! « Sécurité de mon compte »: one's means of the second step, sessions and browsers (SEC-4, SEC-9, SES-4).

use domain::comptes::Mobile;
use domain::droits::{Action, Denial};
use store::comptes as base;

use super::cles::possible;
use super::codes::{renew_secours, require_management};
use super::connexion::on_behalf;
use super::courriels;
use super::enrolement::{Facteur, factor, proved};
use super::mot_de_passe::platform_permit;
use super::moyens::Titulaire;
use super::session::{EtapeConnexion, SessionVue, durees, needs_second_factor};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record, record_event};

/// A passkey, as its holder reads it.
#[derive(Debug, Clone)]
pub struct Cle {
    /// Public identifier.
    pub id: String,
    /// Chosen by its holder.
    pub nom: String,
    /// Campaign's instant (ms).
    pub ajoutee_ms: i64,
    /// Real instant (ms); `None`: never yet.
    pub utilisee_ms: Option<i64>,
}

/// A session, as its holder reads it.
#[derive(Debug, Clone)]
pub struct Appareil {
    /// Public identifier.
    pub id: String,
    /// « Firefox, Windows ».
    pub nom: String,
    /// The session that reads this.
    pub courante: bool,
    /// Opened from the network of the reader.
    pub meme_reseau: bool,
    /// Real instant (ms).
    pub ouverte_ms: i64,
    /// Real instant (ms), to the minute.
    pub vue_ms: i64,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Reglages {
    /// The role asks for a second step at sign-in.
    pub seconde_etape: bool,
    /// An authenticator is in place.
    pub application: bool,
    /// Last digits of the number that was proved.
    pub mobile: Option<String>,
    /// A gateway carries SMS.
    pub sms_possible: bool,
    /// The address, in part.
    pub courriel: String,
    /// Passkeys, oldest first.
    pub cles: Vec<Cle>,
    /// The site has a name, without which there is no passkey.
    pub cle_possible: bool,
    /// Recovery codes left.
    pub secours: i64,
    /// SEC-5: from when a strong means is compulsory, for whoever has none.
    pub exige_le_ms: Option<i64>,
    /// Open sessions, the last used first.
    pub appareils: Vec<Appareil>,
    /// How many browsers are known.
    pub navigateurs: i64,
}

fn require_complete(session: &SessionVue) -> Result<(), AppError> {
    if session.etape == EtapeConnexion::Complete {
        return Ok(());
    }
    Err(AppError::Denied(Denial { action: Action::ConsulterDossier, connu: true }))
}

/// The means, sessions and browsers of the person.
///
/// # Errors
/// [`AppError::Denied`] before sign-in is complete.
pub async fn security_page(ctx: &Ctx, session: &SessionVue) -> Result<Reglages, AppError> {
    require_complete(session)?;
    let db = &ctx.app.db;
    let titulaire = Titulaire::load(db, ctx, session.compte, &session.roles).await?;
    let (inactivite, _) = durees(&ctx.app.limites, &session.roles);
    let appareils =
        base::list_sessions_web(db, session.compte, ctx.recu_ms(), ctx.recu_ms() - inactivite).await?;
    Ok(Reglages {
        seconde_etape: needs_second_factor(&session.roles),
        application: titulaire.compte.totp_chiffre.is_some(),
        mobile: titulaire.mobile.as_ref().map(Mobile::masque),
        sms_possible: ctx.app.sms.available(),
        courriel: courriels::masque(&titulaire.compte.courriel),
        exige_le_ms: titulaire.strong_from(ctx).filter(|_| !titulaire.has_strong()),
        cles: titulaire
            .cles
            .iter()
            .map(|c| Cle {
                id: c.public_id.clone(),
                nom: c.nom.clone(),
                ajoutee_ms: c.cree_le,
                utilisee_ms: c.utilisee_le,
            })
            .collect(),
        cle_possible: possible(ctx),
        secours: titulaire.secours,
        appareils: appareils
            .into_iter()
            .map(|a| Appareil {
                courante: a.id == session.id,
                meme_reseau: a.reseau == ctx.reseau,
                nom: if a.appareil.is_empty() { "Navigateur inconnu".to_owned() } else { a.appareil },
                id: a.public_id,
                ouverte_ms: a.ouverte_le,
                vue_ms: a.vue_le,
            })
            .collect(),
        navigateurs: base::count_navigateurs(db, session.compte).await?,
    })
}

/// A fresh secret to scan, or that of the form that was refused, for whoever may manage their means.
///
/// # Errors
/// [`AppError::Confirmation`] without a fresh second step.
pub async fn prepare_authenticator(
    ctx: &Ctx,
    session: &SessionVue,
    scelle: Option<&str>,
) -> Result<Facteur, AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    require_management(ctx, session, &titulaire)?;
    factor(ctx, session, &titulaire.compte.courriel, scelle)
}

/// Adds or replaces the authenticator, once a code proves that it holds the secret. Gives recovery codes to whoever has
/// none.
///
/// # Errors
/// [`AppError::Invalid`] when the code is wrong; [`AppError::Confirmation`] without a fresh second step.
pub async fn add_authenticator(
    ctx: &Ctx,
    session: &SessionVue,
    scelle: &str,
    code: &str,
) -> Result<Vec<String>, AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    require_management(ctx, session, &titulaire)?;
    let compte = &titulaire.compte;
    let (secret, pas) = proved(ctx, session, scelle, code).map_err(|faute| AppError::Invalid(vec![faute]))?;
    let permit = platform_permit(compte)?;
    let qui = on_behalf(ctx, compte, &titulaire.roles);
    let chiffre = base::seal_totp(&ctx.app.coffre, &compte.public_id, &secret, ctx.app.alea.nonce())?;
    let tx = ctx.begin().await?;
    base::set_totp(&tx, &qui.ecriture(&permit), compte, chiffre, pas).await?;
    let codes = if titulaire.secours == 0 { renew_secours(&tx, ctx, compte.id).await? } else { Vec::new() };
    let apres = serde_json::json!({ "application": "en_place" });
    let acte = Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres: Some(apres) };
    record(&tx, &qui, &permit, &acte).await?;
    let avis = courriels::moyen_change(ctx, "une application d’authentification y a été mise en place");
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &avis).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Closes one of the person's sessions (SES-4).
///
/// # Errors
/// [`AppError::NotFound`] when it is not one of theirs.
pub async fn close_one(ctx: &Ctx, session: &SessionVue, public_id: &str) -> Result<(), AppError> {
    require_complete(session)?;
    let tx = ctx.begin().await?;
    if !base::delete_session_of(&tx, session.compte, public_id).await? {
        return Err(AppError::NotFound);
    }
    record_event(&tx, ctx, "session_fermee", "fait", "session_web", public_id).await?;
    tx.commit().await?;
    Ok(())
}

/// Signs out everywhere, here included, and forgets the known networks and browsers.
///
/// # Errors
/// [`AppError::Denied`] before sign-in is complete.
pub async fn sign_out_everywhere(ctx: &Ctx, session: &SessionVue) -> Result<(), AppError> {
    require_complete(session)?;
    let compte = base::by_id(&ctx.app.db, session.compte).await?;
    let tx = ctx.begin().await?;
    base::delete_sessions_web(&tx, session.compte).await?;
    base::forget_connus(&tx, session.compte).await?;
    record_event(&tx, ctx, "deconnexion", "partout", "compte", &compte.public_id).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets the known networks and browsers: each is asked for a second step again (LIM-1).
///
/// # Errors
/// [`AppError::Denied`] before sign-in is complete.
pub async fn forget_browsers(ctx: &Ctx, session: &SessionVue) -> Result<(), AppError> {
    require_complete(session)?;
    let tx = ctx.begin().await?;
    base::forget_connus(&tx, session.compte).await?;
    record_event(&tx, ctx, "navigateurs_oublies", "fait", "compte", "").await?;
    tx.commit().await?;
    Ok(())
}
