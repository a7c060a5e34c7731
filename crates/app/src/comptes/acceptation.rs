//! The link of an invitation, as the invited person follows it: an account begins, or an account takes a role.

use domain::candidats::nom_propre;
use domain::comptes::{EtatCompte, Mobile, Moyen, Niveau, Role};
use domain::droits::{Action, Attribution, Cible, Permit};
use domain::territoires;
use store::comptes as base;
use store::{Sql, Tx};

use super::connexion::{Connexion, advance, on_behalf};
use super::courriels;
use super::creer::{MotDePasse, NouveauCompte, create_comptes_in, salt};
use super::gestion::CoursPropose;
use super::invitations::{attributions, courses, same_role};
use super::mot_de_passe::{names, password_faults, platform_permit};
use super::session::{EtapeConnexion, SessionVue, needs_second_factor};
use super::suites::tell_inviter;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::journal::{Acte, record};

/// What the invited person reads.
#[derive(Debug, Clone)]
pub struct InvitationRecue {
    /// Address that the link proves.
    pub courriel: String,
    /// As typed by whoever invites.
    pub nom: String,
    /// As typed by whoever invites.
    pub prenom: String,
    /// Role offered.
    pub role: Role,
    /// Name, for a role in an establishment.
    pub etablissement: Option<String>,
    /// Names, for an academic service.
    pub academies: Vec<String>,
    /// For a role over courses.
    pub formations: Vec<CoursPropose>,
    /// Nothing is left of it: each of its courses was closed or withdrawn since.
    pub sans_objet: bool,
    /// An account of this address exists: the role joins it.
    pub compte: Option<i64>,
    /// The account has to be secured again before it serves.
    pub renforce: bool,
    /// CPT-3: the role asks for a mobile number that is not known yet.
    pub mobile: bool,
}

/// A living invitation, read by its link.
///
/// # Errors
/// [`AppError::NotFound`] when it was accepted, cancelled, replaced or ran out.
pub async fn check_invitation(ctx: &Ctx, jeton: &str) -> Result<InvitationRecue, AppError> {
    let i = living(ctx, &ctx.app.db, jeton).await?;
    let role = i.role()?;
    let compte = base::by_courriel(&ctx.app.db, &i.courriel).await?;
    let (mut renforce, mut mobile) = (false, role.needs_mobile());
    if let Some(c) = &compte {
        require_usable(c)?;
        let siens = base::attributions(&ctx.app.db, c.id).await?;
        renforce = !needs_second_factor(&siens);
        mobile &= base::vie(&ctx.app.db, c.id).await?.mobile_chiffre.is_none();
    }
    let formations: Vec<CoursPropose> = courses(&ctx.app.db, &i).await?.into_iter().map(|(_, c)| c).collect();
    let academies =
        i.academies.split(',').filter_map(territoires::academie).map(|a| a.nom.to_owned()).collect();
    Ok(InvitationRecue {
        role,
        etablissement: i.etablissement,
        academies,
        sans_objet: role.is_over_courses() && formations.iter().all(|c| c.ferme),
        formations,
        compte: compte.map(|c| c.id),
        renforce,
        mobile,
        courriel: i.courriel,
        nom: i.nom,
        prenom: i.prenom,
    })
}

async fn living(ctx: &Ctx, c: &impl Sql, jeton: &str) -> Result<base::LigneInvitation, AppError> {
    base::invitation_by_token(c, &hash(jeton), ctx.recu_ms()).await?.ok_or(AppError::NotFound)
}

/// An account that was suspended or closed takes no new role by itself.
fn require_usable(compte: &base::LigneCompte) -> Result<(), AppError> {
    match compte.etat()? {
        EtatCompte::Actif | EtatCompte::ASecuriser | EtatCompte::Invite => Ok(()),
        ferme => Err(domain::RuleViolation::EtatDuCompte { etat: ferme.code() }.into()),
    }
}

/// What the invited person fills in.
#[derive(Debug, Clone, Default)]
pub struct CommandeAcceptation {
    /// As the person writes it.
    pub nom: String,
    /// As the person writes it.
    pub prenom: String,
    /// May be empty, unless the role asks for it.
    pub mobile: String,
    /// Chosen by the person alone.
    pub mot_de_passe: String,
    /// The same, typed again.
    pub confirmation: String,
}

/// The mobile number of a form: absent, right or at fault.
pub(super) fn read_mobile(texte: &str, obligatoire: bool) -> Result<Option<Mobile>, (&'static str, String)> {
    if texte.trim().is_empty() && !obligatoire {
        return Ok(None);
    }
    match Mobile::parse(texte) {
        Some(m) => Ok(Some(m)),
        None if texte.trim().is_empty() => Err((
            "mobile",
            "Indiquez votre numéro de téléphone mobile : il est obligatoire pour un administrateur.".to_owned(),
        )),
        None => Err((
            "mobile",
            "Ce numéro n’est pas celui d’un mobile. Écrivez-le comme 06 12 34 56 78, ou avec l’indicatif du pays (+262 692 12 34 56)."
                .to_owned(),
        )),
    }
}

/// The invited person, without an account until now, gets one: name checked, password chosen; the second factor follows.
///
/// # Errors
/// [`AppError::NotFound`] when the link no longer serves, [`AppError::Conflict`] when an account exists by now,
/// [`AppError::Invalid`] with every fault.
pub async fn accept_invitation(
    ctx: &Ctx,
    jeton: &str,
    navigateur: &str,
    c: &CommandeAcceptation,
) -> Result<Connexion, AppError> {
    let recue = check_invitation(ctx, jeton).await?;
    if recue.compte.is_some() {
        return Err(AppError::Conflict);
    }
    let mut fautes = Vec::new();
    let (nom, prenom) = (nom_propre(&c.nom), nom_propre(&c.prenom));
    if nom.is_none() {
        fautes.push(("nom", "Saisissez votre nom (lettres, espaces, tirets, apostrophes).".to_owned()));
    }
    if prenom.is_none() {
        fautes.push(("prenom", "Saisissez votre prénom.".to_owned()));
    }
    let mobile = read_mobile(&c.mobile, recue.mobile).unwrap_or_else(|f| {
        fautes.push(f);
        None
    });
    let mut contexte = names(&c.nom, &c.prenom, &recue.courriel);
    if let Some(e) = living(ctx, &ctx.app.db, jeton).await?.etablissement_id {
        contexte.extend(base::words_of_etablissement(&ctx.app.db, e).await?);
    }
    fautes.extend(password_faults(&c.mot_de_passe, &c.confirmation, Niveau::Gestion, &contexte));
    let (Some(nom), Some(prenom), true) = (nom, prenom, fautes.is_empty()) else {
        return Err(AppError::Invalid(fautes));
    };
    let empreinte = ctx.app.hachage.hash(&c.mot_de_passe, salt(ctx)).await?;

    // The platform creates the account: nobody else may before it exists.
    let plateforme = Ctx { acteur: domain::droits::Acteur::systeme("invitation"), ..ctx.clone() };
    let permit = plateforme.permit(Action::GererComptes, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let i = living(ctx, &tx, jeton).await?;
    let nouveau = NouveauCompte {
        courriel: i.courriel.clone(),
        nom,
        prenom,
        mot_de_passe: MotDePasse::Hache(empreinte),
        roles: attributions(&tx, &i).await?,
        etat: EtatCompte::Actif,
        totp: None,
    };
    let ids = create_comptes_in(&tx, &plateforme, std::slice::from_ref(&nouveau)).await?;
    let id = ids.into_iter().next().ok_or_else(|| AppError::Internal("no account created".to_owned()))?;
    let compte = base::by_id(&tx, id).await?;
    let e = plateforme.ecriture(&permit);
    if let Some(m) = &mobile {
        base::set_mobile(&tx, &e, &ctx.app.coffre, &compte, Some(m.as_str()), None).await?;
    }
    base::end_invitation(&tx, &e, &i, Some(id)).await?;
    let qui = on_behalf(ctx, &compte, &nouveau.roles);
    record_acceptance(&tx, &qui, &platform_permit(&compte)?, &i).await?;
    // The link came by mail: it proved the mailbox, as a code by mail does.
    let moyen = Some((ctx.recu_ms(), Moyen::Courriel));
    let connexion =
        advance(&tx, ctx, &compte, nouveau.roles, navigateur, EtapeConnexion::Enrolement, moyen).await?;
    tx.commit().await?;
    Ok(connexion)
}

async fn record_acceptance(
    tx: &Tx,
    qui: &Ctx,
    permit: &Permit,
    i: &base::LigneInvitation,
) -> Result<(), AppError> {
    let apres = serde_json::json!({ "etat": "acceptee", "role": i.role, "par": qui.acteur.compte });
    let acte = Acte { objet: "invitation", objet_id: &i.public_id, avant: None, apres: Some(apres) };
    record(tx, qui, permit, &acte).await?;
    tell_inviter(tx, qui, i, &courriels::invitation_acceptee(qui, &qui.acteur.nom, i)?).await
}

/// Somebody who has an account already takes the role with it (CPT-1: one person, one account). Gives whether the account
/// must be secured again, its sessions being closed then.
///
/// # Errors
/// [`AppError::NotFound`] when the link no longer serves or is for somebody else, [`AppError::Invalid`] when the role
/// asks for a mobile number.
pub async fn accept_with_account(
    ctx: &Ctx,
    session: &SessionVue,
    jeton: &str,
    mobile: &str,
) -> Result<bool, AppError> {
    let recue = check_invitation(ctx, jeton).await?;
    if recue.compte != Some(session.compte) || session.etape != EtapeConnexion::Complete {
        return Err(AppError::NotFound);
    }
    let mobile =
        if recue.mobile { read_mobile(mobile, true).map_err(|f| AppError::Invalid(vec![f]))? } else { None };
    let tx = ctx.begin().await?;
    let i = living(ctx, &tx, jeton).await?;
    let mut compte = base::by_id(&tx, session.compte).await?;
    let permit = platform_permit(&compte)?;
    let e = ctx.ecriture(&permit);
    let siens = base::attributions(&tx, compte.id).await?;
    let offertes = attributions(&tx, &i).await?;
    let neuves: Vec<(i64, &Attribution)> =
        offertes.iter().filter(|a| !siens.iter().any(|s| same_role(s, a))).map(|a| (compte.id, a)).collect();
    base::insert_attributions(&tx, &e, &neuves).await?;
    base::end_invitation(&tx, &e, &i, Some(compte.id)).await?;
    if let Some(m) = &mobile {
        base::set_mobile(&tx, &e, &ctx.app.coffre, &compte, Some(m.as_str()), None).await?;
        compte.version += 1;
    }
    if recue.renforce {
        // Until now a candidate's: password and factor of the site de gestion come first.
        base::set_etat(&tx, &e, &compte, EtatCompte::ASecuriser, "").await?;
        base::delete_sessions_web(&tx, compte.id).await?;
    }
    record_acceptance(&tx, ctx, &permit, &i).await?;
    tx.commit().await?;
    Ok(recue.renforce)
}
