//! SEC-4: passkeys (WebAuthn). The challenge stays on the server, ciphered, bound to the session, and serves once.

use data_encoding::BASE64URL_NOPAD;
use domain::droits::{Action, Denial};
use store::comptes as base;
use webauthn_rs::prelude::{
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    Url, Uuid, Webauthn, WebauthnBuilder,
};

use super::codes::{renew_secours, require_management};
use super::connexion::on_behalf;
use super::courriels;
use super::mot_de_passe::platform_permit;
use super::moyens::{Essai, Titulaire};
use super::session::{EtapeConnexion, SessionVue};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};

const AJOUT: &str = "ajout";
const CONNEXION: &str = "connexion";

fn internal(e: impl std::fmt::Display) -> AppError {
    AppError::Internal(format!("webauthn: {e}"))
}

/// A passkey belongs to the name of the site: an address that is a bare IP has none.
fn relying_party(ctx: &Ctx) -> Result<Webauthn, AppError> {
    let origine = Url::parse(&ctx.app.adresse).map_err(internal)?;
    let domaine = origine.domain().ok_or_else(|| internal("address without a name"))?;
    let constructeur = WebauthnBuilder::new(domaine, &origine).map_err(internal)?;
    constructeur.rp_name("Parcoursup").build().map_err(internal)
}

/// Whether this site can have passkeys at all.
pub(super) fn possible(ctx: &Ctx) -> bool {
    Url::parse(&ctx.app.adresse).is_ok_and(|a| a.domain().is_some())
}

/// The stable identity that authenticators keep: tells nothing of the person.
fn handle(compte: &base::LigneCompte) -> Uuid {
    let mut octets = [0; 16];
    octets.copy_from_slice(&blake3::hash(compte.public_id.as_bytes()).as_bytes()[..16]);
    Uuid::from_bytes(octets)
}

fn open_all(ctx: &Ctx, titulaire: &Titulaire) -> Result<Vec<Passkey>, AppError> {
    titulaire
        .cles
        .iter()
        .map(|c| serde_json::from_str(&base::open_cle(&ctx.app.coffre, c)?).map_err(internal))
        .collect()
}

fn expire_le(ctx: &Ctx) -> i64 {
    ctx.recu_ms() + ctx.app.limites.code_envoye_min * 60_000
}

/// Adding a passkey is managing one's means, or securing the account at sign-in.
fn require_add(ctx: &Ctx, session: &SessionVue, titulaire: &Titulaire) -> Result<(), AppError> {
    match session.etape {
        EtapeConnexion::Enrolement => Ok(()),
        _ => require_management(ctx, session, titulaire),
    }
}

/// What the browser needs to create a passkey, in JSON.
///
/// # Errors
/// [`AppError::Denied`] before the second step, [`AppError::Confirmation`] without a fresh one.
pub async fn start_passkey(ctx: &Ctx, session: &SessionVue) -> Result<String, AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    require_add(ctx, session, &titulaire)?;
    let compte = &titulaire.compte;
    let connues = open_all(ctx, &titulaire)?.iter().map(|c| c.cred_id().clone()).collect();
    let nom = format!("{} {}", compte.prenom, compte.nom);
    let (defi, etat) = relying_party(ctx)?
        .start_passkey_registration(handle(compte), &compte.courriel, &nom, Some(connues))
        .map_err(internal)?;
    keep(ctx, session, AJOUT, &etat).await?;
    serde_json::to_string(&defi).map_err(internal)
}

async fn keep(
    ctx: &Ctx,
    session: &SessionVue,
    usage: &str,
    etat: &impl serde::Serialize,
) -> Result<(), AppError> {
    let etat = serde_json::to_string(etat).map_err(internal)?;
    let tx = ctx.begin().await?;
    let alea = ctx.app.alea.as_ref();
    base::replace_defi(&tx, &ctx.app.coffre, alea, session.id, usage, &etat, expire_le(ctx)).await?;
    tx.commit().await?;
    Ok(())
}

fn refused() -> AppError {
    AppError::Invalid(vec![(
        "cle",
        "La clé d’accès n’a pas été acceptée. Recommencez, ou choisissez un autre moyen.".to_owned(),
    )])
}

/// Adds the passkey that the browser created. Gives recovery codes to whoever has none.
///
/// # Errors
/// [`AppError::Invalid`] when it does not answer the challenge; as [`start_passkey`].
pub async fn add_passkey(
    ctx: &Ctx,
    session: &SessionVue,
    nom: &str,
    reponse: &str,
) -> Result<Vec<String>, AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    require_add(ctx, session, &titulaire)?;
    let maximum = ctx.app.limites.cles_par_compte;
    if titulaire.cles.len() >= maximum {
        return Err(AppError::Invalid(vec![(
            "cle",
            format!("Un compte a {maximum} clés d’accès au plus : retirez-en une d’abord."),
        )]));
    }
    let compte = &titulaire.compte;
    let permit = platform_permit(compte)?;
    let qui = on_behalf(ctx, compte, &titulaire.roles);
    let tx = ctx.begin().await?;
    let etat = base::take_defi(&tx, &ctx.app.coffre, session.id, AJOUT, ctx.recu_ms()).await?;
    let etat: PasskeyRegistration = serde_json::from_str(&etat.ok_or_else(refused)?).map_err(internal)?;
    let Ok(recue) = serde_json::from_str::<RegisterPublicKeyCredential>(reponse) else {
        tx.commit().await?;
        return Err(refused());
    };
    let Ok(cle) = relying_party(ctx)?.finish_passkey_registration(&recue, &etat) else {
        tx.commit().await?;
        return Err(refused());
    };
    let nom: String = nom.trim().chars().take(60).collect();
    let nom = if nom.is_empty() { "Clé d’accès" } else { nom.as_str() };
    let identifiant = BASE64URL_NOPAD.encode(cle.cred_id().as_ref());
    let donnees = serde_json::to_string(&cle).map_err(internal)?;
    let e = qui.ecriture(&permit);
    base::insert_cle(&tx, &e, &ctx.app.coffre, compte.id, &identifiant, nom, &donnees).await?;
    let codes = if titulaire.secours == 0 { renew_secours(&tx, ctx, compte.id).await? } else { Vec::new() };
    let apres = serde_json::json!({ "cle_acces": "ajoutee" });
    let acte = Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres: Some(apres) };
    record(&tx, &qui, &permit, &acte).await?;
    let avis = courriels::moyen_change(ctx, "une clé d’accès y a été ajoutée");
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &avis).await?;
    tx.commit().await?;
    Ok(codes)
}

/// Removes a passkey; the last strong means of whoever must have one stays (SEC-5).
///
/// # Errors
/// [`AppError::NotFound`] when it is not one of theirs, [`AppError::Invalid`] when it must stay.
pub async fn remove_passkey(ctx: &Ctx, session: &SessionVue, public_id: &str) -> Result<(), AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    require_management(ctx, session, &titulaire)?;
    let compte = &titulaire.compte;
    if titulaire.needs_strong(ctx) && titulaire.cles.len() == 1 && compte.totp_chiffre.is_none() {
        return Err(AppError::Invalid(vec![(
            "cle",
            "C’est votre seul moyen sûr, et votre rôle en demande un : ajoutez-en un autre d’abord."
                .to_owned(),
        )]));
    }
    let permit = platform_permit(compte)?;
    let tx = ctx.begin().await?;
    if !base::delete_cle(&tx, &ctx.ecriture(&permit), compte.id, public_id).await? {
        return Err(AppError::NotFound);
    }
    let apres = serde_json::json!({ "cle_acces": "retiree" });
    let acte = Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres: Some(apres) };
    record(&tx, ctx, &permit, &acte).await?;
    let avis = courriels::moyen_change(ctx, "une clé d’accès en a été retirée");
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &avis).await?;
    tx.commit().await?;
    Ok(())
}

/// What the browser needs to use a passkey of the person whose second step is under way, in JSON.
///
/// # Errors
/// [`AppError::Denied`] when no second step is asked or there is no passkey.
pub async fn start_verification(ctx: &Ctx, session: &SessionVue) -> Result<String, AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    if session.etape == EtapeConnexion::Enrolement || titulaire.cles.is_empty() {
        return Err(AppError::Denied(Denial { action: Action::ConsulterDossier, connu: true }));
    }
    let (defi, etat) =
        relying_party(ctx)?.start_passkey_authentication(&open_all(ctx, &titulaire)?).map_err(internal)?;
    keep(ctx, session, CONNEXION, &etat).await?;
    serde_json::to_string(&defi).map_err(internal)
}

/// Checks the answer of a passkey: its challenge serves once, right or wrong.
pub(super) async fn verify(e: &Essai<'_>) -> Result<bool, AppError> {
    let ctx = e.ctx;
    let etat = base::take_defi(e.tx, &ctx.app.coffre, e.session.id, CONNEXION, ctx.recu_ms()).await?;
    let Some(etat) = etat else { return Ok(false) };
    let etat: PasskeyAuthentication = serde_json::from_str(&etat).map_err(internal)?;
    let Ok(recue) = serde_json::from_str::<PublicKeyCredential>(e.reponse) else { return Ok(false) };
    let Ok(resultat) = relying_party(ctx)?.finish_passkey_authentication(&recue, &etat) else {
        return Ok(false);
    };
    let identifiant = BASE64URL_NOPAD.encode(resultat.cred_id().as_ref());
    // Removed meanwhile: it no longer opens anything.
    let Some(ligne) = e.titulaire.cles.iter().find(|c| c.identifiant == identifiant) else {
        return Ok(false);
    };
    let mut cle: Passkey =
        serde_json::from_str(&base::open_cle(&ctx.app.coffre, ligne)?).map_err(internal)?;
    cle.update_credential(&resultat);
    let donnees = serde_json::to_string(&cle).map_err(internal)?;
    base::touch_cle(e.tx, &ctx.app.coffre, ctx.app.alea.as_ref(), ligne, &donnees, ctx.recu_ms()).await?;
    Ok(true)
}
