//! « Informations personnelles »: everybody keeps their own account up to date, nobody does it for them (CPT-6).

use domain::candidats::nom_propre;
use domain::comptes::{Mobile, require_ecart, require_successeur};
use domain::droits::Permit;
use jiff::Timestamp;
use serde_json::json;
use store::Tx;
use store::comptes as base;

use super::acceptation::read_mobile;
use super::codes::{ask_mobile_code, mobile_code_sent, require_management};
use super::connexion::on_behalf;
use super::courriels;
use super::creer::salt;
use super::derogations::require_personal_address;
use super::gestion::RoleVu;
use super::hachage::File;
use super::mot_de_passe::{context, level, password_faults, platform_permit};
use super::moyens::Titulaire;
use super::oubli::{fresh_token, read_address};
use super::session::{EtapeConnexion, SessionVue, needs_second_factor};
use super::tentatives::Tentative;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::journal::{Acte, record};
use crate::sessions;

/// One's own account.
#[derive(Debug, Clone)]
pub struct InfosPersonnelles {
    /// As on the account.
    pub nom: String,
    /// As on the account.
    pub prenom: String,
    /// Present address.
    pub courriel: String,
    /// The last four digits.
    pub mobile: Option<String>,
    /// A code sent to it came back.
    pub mobile_verifie: bool,
    /// A code that makes a new number effective is on its way.
    pub code_mobile: bool,
    /// One of the roles asks for a mobile (CPT-3).
    pub mobile_obligatoire: bool,
    /// A new address waits to be proved.
    pub adresse_demandee: Option<String>,
    /// A second factor exists.
    pub facteur: bool,
    /// Those of the open session.
    pub roles: Vec<RoleVu>,
}

/// Proof that the person at the screen is the holder.
#[derive(Debug, Clone, Default)]
pub struct Preuve {
    /// The present one.
    pub mot_de_passe: String,
}

/// One's own account, as it is.
///
/// # Errors
/// When the database refuses.
pub async fn view_informations(ctx: &Ctx, session: &SessionVue) -> Result<InfosPersonnelles, AppError> {
    let db = &ctx.app.db;
    let compte = base::by_id(db, session.compte).await?;
    let vie = base::vie(db, compte.id).await?;
    let mobile = match &vie.mobile_chiffre {
        None => None,
        Some(o) => {
            Mobile::parse(&base::open_mobile(&ctx.app.coffre, &compte.public_id, o)?).map(|m| m.masque())
        }
    };
    let demande = base::pending_address(db, compte.id, ctx.recu_ms()).await?;
    let roles = match sessions::courante(db).await {
        Ok(s) => super::gestion::group(&base::roles_of(db, s.id, &[compte.id]).await?)?,
        Err(AppError::NotFound) => Vec::new(),
        Err(e) => return Err(e),
    };
    Ok(InfosPersonnelles {
        mobile,
        mobile_verifie: vie.mobile_verifie_le.is_some(),
        code_mobile: mobile_code_sent(ctx, session).await?,
        mobile_obligatoire: session.roles.iter().any(|r| r.role.needs_mobile()),
        adresse_demandee: demande.map(|d| d.nouvelle),
        facteur: base::has_factor(db, compte.id).await?,
        roles,
        nom: compte.nom,
        prenom: compte.prenom,
        courriel: compte.courriel,
    })
}

/// CPT-6: a second step of a few minutes at most, then the password; failures are counted like those of signing in.
async fn prove(ctx: &Ctx, session: &SessionVue, preuve: &Preuve) -> Result<Tentative, AppError> {
    let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
    require_management(ctx, session, &titulaire)?;
    let compte = &titulaire.compte;
    let tentative = Tentative::reserve(ctx, "essai-identite", &compte.public_id).await?;
    tentative.check_patience(ctx).await?;
    let place = ctx.app.hachage.place(File::Reservee)?;
    if !ctx.app.hachage.verify(&preuve.mot_de_passe, compte.mot_de_passe.as_deref(), place).await? {
        let message = "Ce n’est pas votre mot de passe actuel.".to_owned();
        return Err(AppError::Invalid(vec![("mot_de_passe", message)]));
    }
    Ok(tentative)
}

/// The account of whoever is wholly signed in, and the permit to change it for its holder.
pub(crate) async fn own(ctx: &Ctx, session: &SessionVue) -> Result<(base::LigneCompte, Permit), AppError> {
    if session.etape != EtapeConnexion::Complete {
        return Err(AppError::NotFound);
    }
    let compte = base::by_id(&ctx.app.db, session.compte).await?;
    let permit = platform_permit(&compte)?;
    Ok((compte, permit))
}

async fn note(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    compte: &base::LigneCompte,
    quoi: serde_json::Value,
) -> Result<(), AppError> {
    let acte = Acte { objet: "compte", objet_id: &compte.public_id, avant: None, apres: Some(quoi) };
    record(tx, ctx, permit, &acte).await
}

/// Changes one's name.
///
/// # Errors
/// [`AppError::Invalid`] for what is not a name.
pub async fn change_nom(ctx: &Ctx, session: &SessionVue, nom: &str, prenom: &str) -> Result<(), AppError> {
    let (compte, permit) = own(ctx, session).await?;
    let mut fautes = Vec::new();
    let (nom, prenom) = (nom_propre(nom), nom_propre(prenom));
    if nom.is_none() {
        fautes.push(("nom", "Saisissez votre nom (lettres, espaces, tirets, apostrophes).".to_owned()));
    }
    if prenom.is_none() {
        fautes.push(("prenom", "Saisissez votre prénom.".to_owned()));
    }
    let (Some(nom), Some(prenom)) = (nom, prenom) else { return Err(AppError::Invalid(fautes)) };
    let tx = ctx.begin().await?;
    base::set_nom(&tx, &ctx.ecriture(&permit), &compte, &nom, &prenom).await?;
    note(&tx, ctx, &permit, &compte, json!({ "change": "nom" })).await?;
    tx.commit().await?;
    Ok(())
}

/// CPT-6: asks for another address. The present one is told, the new one gets the link that makes it effective.
///
/// # Errors
/// [`AppError::Invalid`] when the proof or the address is wrong, [`domain::RuleViolation::BoiteDeFonction`] for a role
/// mailbox, [`domain::RuleViolation::AdresseEtFacteur`] within a day of a withdrawn factor.
pub async fn request_address(
    ctx: &Ctx,
    session: &SessionVue,
    preuve: &Preuve,
    nouvelle: &str,
) -> Result<(), AppError> {
    let (compte, permit) = own(ctx, session).await?;
    let tentative = prove(ctx, session, preuve).await?;
    send_address_link(ctx, &compte, &permit, session, nouvelle).await?;
    tentative.succeed(&ctx.app.db).await
}

/// The part of a change of address that follows the proof.
pub(super) async fn send_address_link(
    ctx: &Ctx,
    compte: &base::LigneCompte,
    permit: &Permit,
    session: &SessionVue,
    nouvelle: &str,
) -> Result<(), AppError> {
    let adresse = read_address(nouvelle)?;
    if adresse.as_str() == compte.courriel {
        let message = "C’est déjà l’adresse de votre compte.".to_owned();
        return Err(AppError::Invalid(vec![("courriel", message)]));
    }
    let vie = base::vie(&ctx.app.db, compte.id).await?;
    require_gap(ctx, &vie)?;
    if needs_second_factor(&session.roles) {
        let s = sessions::courante(&ctx.app.db).await?;
        require_personal_address(&ctx.app.db, s.id, &adresse).await?;
    }
    let tentative = Tentative::reserve(ctx, "envoi-adresse", &compte.public_id).await?;
    if !tentative.may_send(ctx).await? {
        let message = "Trop de demandes de changement d’adresse : réessayez plus tard.".to_owned();
        return Err(AppError::Invalid(vec![("courriel", message)]));
    }
    let jeton = fresh_token(ctx);
    let expire = ctx.recu_ms() + ctx.app.limites.lien_inscription_h * 3_600_000;
    let qui = on_behalf(ctx, compte, &session.roles);
    let tx = ctx.begin().await?;
    // An address that has an account is told so by mail, never on screen (LIM-4).
    let libre = base::by_courriel(&tx, adresse.as_str()).await?.is_none();
    base::ask_address(&tx, &qui.ecriture(permit), compte.id, adresse.as_str(), &hash(&jeton), expire).await?;
    let vers_nouvelle =
        if libre { courriels::lien_adresse(ctx, &jeton, expire) } else { courriels::deja_inscrit(ctx) };
    courriels::enqueue(&tx, ctx, Some(compte.id), adresse.as_str(), &vers_nouvelle).await?;
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &courriels::adresse_demandee(ctx))
        .await?;
    note(&tx, &qui, permit, compte, json!({ "change": "adresse_demandee" })).await?;
    tx.commit().await?;
    Ok(())
}

/// LIM-6: neither within a day of the other.
fn require_gap(ctx: &Ctx, vie: &base::LigneVie) -> Result<(), AppError> {
    let retire = vie.facteur_retire_le.and_then(|ms| Timestamp::from_millisecond(ms).ok());
    Ok(require_ecart(retire, ctx.recu_le, ctx.app.limites.ecart_facteur_adresse_h)?)
}

/// The address that a living link proves.
///
/// # Errors
/// [`AppError::NotFound`] when the link was used or ran out.
pub async fn check_address(ctx: &Ctx, jeton: &str) -> Result<String, AppError> {
    let d = base::address_by_token(&ctx.app.db, &hash(jeton), ctx.recu_ms()).await?;
    Ok(d.ok_or(AppError::NotFound)?.nouvelle)
}

/// Makes the proved address that of the account; both are told.
///
/// # Errors
/// [`AppError::NotFound`] when the link no longer serves or the address was taken meanwhile.
pub async fn confirm_address(ctx: &Ctx, jeton: &str) -> Result<(), AppError> {
    let tx = ctx.begin().await?;
    let d = base::address_by_token(&tx, &hash(jeton), ctx.recu_ms()).await?.ok_or(AppError::NotFound)?;
    let compte = base::by_id(&tx, d.compte_id).await?;
    if !compte.etat()?.may_sign_in() {
        return Err(AppError::NotFound);
    }
    require_gap(ctx, &base::vie(&tx, compte.id).await?)?;
    let permit = platform_permit(&compte)?;
    let roles = base::attributions(&tx, compte.id).await?;
    let qui = on_behalf(ctx, &compte, &roles);
    match base::confirm_address(&tx, &qui.ecriture(&permit), &compte, &d, ctx.recu_ms()).await {
        Err(store::StoreError::Conflict(_)) => return Err(AppError::NotFound),
        autre => autre?,
    }
    for adresse in [&compte.courriel, &d.nouvelle] {
        courriels::enqueue(&tx, ctx, Some(compte.id), adresse, &courriels::adresse_changee(ctx)).await?;
    }
    note(&tx, &qui, &permit, &compte, json!({ "change": "adresse" })).await?;
    tx.commit().await?;
    Ok(())
}

/// What became of a new number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MobileDemande {
    /// A code is on its way: the number takes effect once it comes back.
    CodeEnvoye,
    /// In effect, to be verified: this platform sends no SMS. Or withdrawn.
    Enregistre,
}

/// CPT-6: asks for another mobile. The code sent to it makes it effective.
///
/// # Errors
/// [`AppError::Invalid`] when the proof or the number is wrong, [`AppError::Confirmation`] without a fresh second step,
/// [`AppError::TooMany`] when too many codes left (SEC-10).
pub async fn change_mobile(
    ctx: &Ctx,
    session: &SessionVue,
    navigateur: &str,
    preuve: &Preuve,
    mobile: &str,
) -> Result<MobileDemande, AppError> {
    let (compte, permit) = own(ctx, session).await?;
    let obligatoire = session.roles.iter().any(|r| r.role.needs_mobile());
    let mobile = read_mobile(mobile, obligatoire).map_err(|f| AppError::Invalid(vec![f]))?;
    let tentative = prove(ctx, session, preuve).await?;
    if let Some(m) = mobile.as_ref().filter(|_| ctx.app.sms.available()) {
        let titulaire = Titulaire::load(&ctx.app.db, ctx, session.compte, &session.roles).await?;
        ask_mobile_code(ctx, session, &titulaire, navigateur, m).await?;
        tentative.succeed(&ctx.app.db).await?;
        return Ok(MobileDemande::CodeEnvoye);
    }
    let tx = ctx.begin().await?;
    tentative.succeed(&tx).await?;
    let e = ctx.ecriture(&permit);
    base::set_mobile(&tx, &e, &ctx.app.coffre, &compte, mobile.as_ref().map(Mobile::as_str), None).await?;
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &courriels::mobile_change(ctx)).await?;
    note(&tx, ctx, &permit, &compte, json!({ "change": "mobile" })).await?;
    tx.commit().await?;
    Ok(MobileDemande::Enregistre)
}

/// MDP-5: the old password, and another one. The other sessions are closed, this one stays.
///
/// # Errors
/// [`AppError::Invalid`] with every fault.
pub async fn change_password(
    ctx: &Ctx,
    session: &SessionVue,
    preuve: &Preuve,
    nouveau: &str,
    confirmation: &str,
) -> Result<(), AppError> {
    let (compte, permit) = own(ctx, session).await?;
    let mut fautes: Vec<(&'static str, String)> =
        password_faults(nouveau, confirmation, level(&session.roles), &context(&ctx.app.db, &compte).await?)
            .into_iter()
            .map(|(champ, m)| (if champ == "mot_de_passe" { "nouveau" } else { champ }, m))
            .collect();
    if fautes.is_empty() && nouveau == preuve.mot_de_passe {
        fautes.push(("nouveau", "Choisissez un mot de passe différent de l’actuel.".to_owned()));
    }
    if !fautes.is_empty() {
        return Err(AppError::Invalid(fautes));
    }
    super::oubli::require_not_refused(ctx, compte.id, nouveau, "nouveau").await?;
    let tentative = prove(ctx, session, preuve).await?;
    let empreinte = ctx.app.hachage.hash(nouveau, salt(ctx)).await?;
    let tx = ctx.begin().await?;
    tentative.succeed(&tx).await?;
    base::set_password(&tx, &ctx.ecriture(&permit), &compte, &empreinte, compte.etat()?).await?;
    base::delete_other_sessions(&tx, compte.id, session.id).await?;
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &courriels::mot_de_passe_change(ctx))
        .await?;
    note(&tx, ctx, &permit, &compte, json!({ "change": "mot_de_passe" })).await?;
    tx.commit().await?;
    Ok(())
}

/// Leaves the platform: the account is removed, what was done with it stays (CPT-7, CPT-8). Not for candidates, whose
/// record is kept as long as the law says.
///
/// # Errors
/// [`domain::RuleViolation::DernierAdministrateur`]; [`AppError::Invalid`] when the proof is wrong.
pub async fn leave(ctx: &Ctx, session: &SessionVue, preuve: &Preuve) -> Result<(), AppError> {
    let (compte, permit) = own(ctx, session).await?;
    if session.roles.iter().any(|r| r.candidat.is_some()) {
        return Err(AppError::NotFound);
    }
    let tentative = prove(ctx, session, preuve).await?;
    let tx = ctx.begin().await?;
    for r in session.roles.iter().filter(|r| r.role.needs_mobile()) {
        if let Some(e) = r.etablissement {
            require_successeur(true, base::other_administrators(&tx, e, compte.id).await?)?;
        }
    }
    tentative.succeed(&tx).await?;
    courriels::enqueue(&tx, ctx, Some(compte.id), &compte.courriel, &courriels::compte_supprime(ctx)).await?;
    base::remove(&tx, &ctx.ecriture(&permit), &compte).await?;
    note(&tx, ctx, &permit, &compte, json!({ "etat": "supprime" })).await?;
    tx.commit().await?;
    Ok(())
}
