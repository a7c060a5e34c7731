//! CPT-2: an account has the address of a person. A role mailbox is refused, unless the academic service admits it for
//! the session, with a reason.

use domain::comptes::Courriel;
use domain::droits::{Action, Cible, scope_session};
use domain::{PublicId, RuleViolation};
use store::comptes as base;
use store::{Sql, Tx};

use super::courriels;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre, hash};
use crate::journal::{Acte, record};
use crate::motif::read_motif;
use crate::sessions;

/// Requests shown at once.
const AFFICHEES: i64 = 200;

/// CPT-2: refuses a role mailbox that no exception of the session admits.
///
/// # Errors
/// [`RuleViolation::BoiteDeFonction`].
pub(super) async fn require_personal_address(
    c: &impl Sql,
    session: i64,
    courriel: &Courriel,
) -> Result<(), AppError> {
    let Some(mot) = courriel.boite_de_fonction() else { return Ok(()) };
    match base::exception_state(c, session, courriel.as_str()).await?.as_deref() {
        Some("accordee") => Ok(()),
        _ => Err(RuleViolation::BoiteDeFonction { mot }.into()),
    }
}

/// Asks the academic service to admit a role mailbox.
///
/// # Errors
/// [`AppError::Invalid`] for a reason that says nothing, or an address that needs no exception.
pub async fn request_derogation(
    ctx: &Ctx,
    garde: &Garde,
    uai: &str,
    courriel: &str,
    motif: &str,
) -> Result<Recepisse, AppError> {
    let session = sessions::courante(&ctx.app.db).await?;
    let demande = format!("derogation|{uai}|{}|{}", hash(courriel), hash(motif));
    let tx = ctx.begin().await?;
    if let Some(recepisse) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let uai = uai.trim().to_uppercase();
    let e = base::etablissement_by_uai(&tx, session.id, &uai).await?.ok_or(AppError::NotFound)?;
    let cible = Cible {
        session: Some(session.id),
        etablissement: Some(e.id),
        academie: Some(e.academie.clone()),
        ..Cible::default()
    };
    let permit = ctx.permit(Action::InviterComptes, &cible)?;
    session.require_ouverte()?;
    let adresse = super::oubli::read_address(courriel)?;
    if adresse.boite_de_fonction().is_none() {
        return Err(AppError::Invalid(vec![(
            "courriel",
            "Cette adresse est déjà acceptée : invitez directement la personne.".to_owned(),
        )]));
    }
    let motif = read_motif(ctx, motif, "motif")?;
    base::ask_exception(&tx, &ctx.ecriture(&permit), (session.id, e.id), adresse.as_str(), &motif).await?;
    let apres = serde_json::json!({ "etat": "demandee", "etablissement": uai });
    let acte = Acte { objet: "derogation_adresse", objet_id: &uai, avant: None, apres: Some(apres.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "derogation_demandee", None, &apres).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// A request, as the academic service reads it.
#[derive(Debug, Clone)]
pub struct DerogationVue {
    /// For its address.
    pub public_id: String,
    /// For the form (TRX-4).
    pub version: i64,
    /// Name of the establishment that asks.
    pub etablissement: String,
    /// Its code.
    pub uai: String,
    /// The role mailbox.
    pub courriel: String,
    /// Why the establishment asks.
    pub motif: String,
    /// `demandee`, `accordee` or `refusee`.
    pub etat: String,
    /// What the academic service answered; empty before.
    pub reponse: String,
}

impl From<base::LigneDerogation> for DerogationVue {
    fn from(d: base::LigneDerogation) -> Self {
        Self {
            public_id: d.public_id,
            version: d.version,
            etablissement: d.etablissement,
            uai: d.uai,
            courriel: d.courriel,
            motif: d.motif,
            etat: d.etat,
            reponse: d.reponse,
        }
    }
}

/// The requests of the open session within the academies of the person, those to decide first.
///
/// # Errors
/// [`AppError::Denied`] for whoever decides none.
pub async fn list_derogations(ctx: &Ctx) -> Result<Vec<DerogationVue>, AppError> {
    let session = sessions::courante(&ctx.app.db).await?;
    let scope = scope_session(&ctx.acteur, Action::DerogerAdresse, session.id)?;
    let lignes = base::exceptions(&ctx.app.db, &scope, session.id, AFFICHEES).await?;
    Ok(lignes.into_iter().map(DerogationVue::from).collect())
}

async fn load(ctx: &Ctx, c: &impl Sql, id: &PublicId) -> Result<(base::LigneDerogation, Cible), AppError> {
    let d = base::exception(c, id.as_str()).await?;
    let cible = Cible {
        session: Some(d.session_id),
        etablissement: Some(d.etablissement_id),
        academie: Some(d.academie.clone()),
        ..Cible::default()
    };
    ctx.permit(Action::DerogerAdresse, &cible)?;
    Ok((d, cible))
}

/// One request, to be decided.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Denied`].
pub async fn view_derogation(ctx: &Ctx, id: &PublicId) -> Result<DerogationVue, AppError> {
    Ok(load(ctx, &ctx.app.db, id).await?.0.into())
}

/// Grants or refuses a request; whoever asked is told.
///
/// # Errors
/// [`AppError::Invalid`] for an answer that says nothing, [`AppError::Conflict`] when it was decided meanwhile.
pub async fn decide_derogation(
    ctx: &Ctx,
    garde: &Garde,
    id: &PublicId,
    accordee: bool,
    reponse: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("decider-derogation|{id}|{accordee}|{}", hash(reponse));
    let tx = ctx.begin().await?;
    if let Some(recepisse) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let (d, cible) = load(ctx, &tx, id).await?;
    let permit = ctx.permit(Action::DerogerAdresse, &cible)?;
    garde.check_version(d.version)?;
    let reponse = read_motif(ctx, reponse, "reponse")?;
    base::decide_exception(&tx, &ctx.ecriture(&permit), &d, accordee, &reponse).await?;
    let etat = if accordee { "accordee" } else { "refusee" };
    let apres = serde_json::json!({ "etat": etat, "etablissement": d.uai });
    let avant = serde_json::json!({ "etat": d.etat });
    let acte = Acte {
        objet: "derogation_adresse",
        objet_id: &d.public_id,
        avant: Some(avant),
        apres: Some(apres.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    tell_requester(&tx, ctx, &d, accordee, &reponse).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "derogation_decidee", None, &apres).await?;
    tx.commit().await?;
    Ok(recepisse)
}

async fn tell_requester(
    tx: &Tx,
    ctx: &Ctx,
    d: &base::LigneDerogation,
    accordee: bool,
    reponse: &str,
) -> Result<(), AppError> {
    let Some(demandeur) = d.cree_par else { return Ok(()) };
    match base::by_id(tx, demandeur).await {
        Ok(c) => {
            let avis = courriels::derogation_decidee(ctx, accordee, reponse);
            courriels::enqueue(tx, ctx, Some(c.id), &c.courriel, &avis).await
        }
        // Gone meanwhile: nobody to tell.
        Err(store::StoreError::NotFound(_)) => Ok(()),
        Err(e) => Err(e.into()),
    }
}
