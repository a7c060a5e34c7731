//! Announcing a session, changing it, cancelling it, publishing its recording.

use domain::actualites::Emetteur;
use domain::droits::{Action, Permit, Scope, scope_session};
use domain::seances::{Programme, check_lien};
use domain::{PublicId, RuleViolation};
use serde_json::json;
use store::Sql;
use store::seances::{self as base, APrevenir, LigneSeance};

use super::{Seance, locked, promote};
use crate::actualites::{academies_of, permit_of};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// The sessions of a person's service.
#[derive(Debug, Clone)]
pub struct Organisees {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// The first to begin first, cancelled ones included.
    pub seances: Vec<Seance>,
    /// Codes of the academies that the person speaks to; `None`: everybody.
    pub academies: Option<Vec<String>>,
}

/// A session to be changed, or one to be written.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Codes of the academies that the person speaks to; `None`: everybody.
    pub academies: Option<Vec<String>>,
    /// `None`: a new one.
    pub seance: Option<Seance>,
    /// TRX-4: the one that the form was made from.
    pub version: i64,
}

/// What the person's service organises: as for the Fil info, what was announced at its level (R-INF-03).
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist, [`AppError::Denied`] for those who organise nothing.
pub async fn list_organised(ctx: &Ctx, annee: i64) -> Result<Organisees, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::OrganiserSeances, session.id)?;
    let comptages = base::comptages(db, session.id).await?;
    let seances = base::seances(db, session.id)
        .await?
        .iter()
        .filter(|l| is_own(&scope, l))
        .map(|l| Seance::new(l, ctx.campagne_ms(), comptages.get(&l.id).copied().unwrap_or_default()))
        .collect::<Result<_, _>>()?;
    Ok(Organisees { academies: academies_of(&scope), session, seances })
}

/// A session of theirs, or a blank one.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist, or that another level announced.
pub async fn view_organised(ctx: &Ctx, annee: i64, id: Option<&PublicId>) -> Result<Organisation, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::OrganiserSeances, session.id)?;
    let academies = academies_of(&scope);
    let Some(id) = id else {
        return Ok(Organisation { session, academies, seance: None, version: 0 });
    };
    let l = own(db, &scope, session.id, id).await?;
    let comptage = base::comptage(db, l.id).await?;
    let seance = Seance::new(&l, ctx.campagne_ms(), comptage)?.with_lien(&l);
    Ok(Organisation { session, academies, version: l.version, seance: Some(seance) })
}

pub(super) fn is_own(scope: &Scope, l: &LigneSeance) -> bool {
    l.emetteur.check(scope.portee(), &l.programme.audience).is_ok()
}

pub(super) async fn own(
    c: &impl Sql,
    scope: &Scope,
    session: i64,
    id: &PublicId,
) -> Result<LigneSeance, AppError> {
    let lignes = base::seances(c, session).await?;
    let mut siennes = lignes.into_iter().filter(|l| l.public_id == id.as_str() && is_own(scope, l));
    siennes.next().ok_or(AppError::NotFound)
}

pub(super) fn right(ctx: &Ctx, session: i64) -> Result<(Scope, Permit), AppError> {
    let scope = scope_session(&ctx.acteur, Action::OrganiserSeances, session)?;
    Ok((scope, permit_of(ctx, Action::OrganiserSeances, session)?))
}

/// JOU-2: no free text in the journal, no address of a webinar. `etat` and the year say to programs what happened (R-API-06).
fn trace((etat, annee): (&str, i64), p: &Programme, emetteur: Emetteur) -> serde_json::Value {
    json!({
        "etat": etat,
        "session": annee,
        "emetteur": emetteur.code(),
        "debut": p.debut,
        "fin": p.fin,
        "places": p.places,
        "ferme_le": p.ferme_le,
        "roles": p.audience.roles.iter().map(|x| x.code()).collect::<Vec<_>>(),
        "familles": p.audience.familles.iter().map(|f| f.code()).collect::<Vec<_>>(),
        "paramedical": p.audience.paramedical,
        "statuts": p.audience.statuts.iter().map(|s| s.code()).collect::<Vec<_>>(),
        "academies": p.audience.academies,
        "qualites": p.qualites.iter().map(|q| q.code()).collect::<Vec<_>>(),
        "empreinte": hash(&format!("{}\n{}\n{}\n{}", p.titre, p.texte, p.lieu, p.lien)),
    })
}

/// Announces a session.
///
/// # Errors
/// [`AppError::Rule`] for what R-SEA-01 and R-SEA-02 refuse, academies outside the perimeter, or an archived session.
pub async fn announce_seance(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    saisie: Programme,
) -> Result<Recepisse, AppError> {
    let demande = format!("annonce_seance|{annee}|{}", hash(&format!("{saisie:?}")));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    session.require_ouverte()?;
    let p = saisie.checked()?;
    p.check_a_venir(ctx.campagne_ms())?;
    let emetteur = Emetteur::of(scope.portee());
    emetteur.check(scope.portee(), &p.audience)?;
    let id = base::insert(&tx, &ctx.ecriture(&permit), session.id, emetteur, &p).await?;
    let contenu = trace(("annoncee", annee), &p, emetteur);
    let acte = Acte { objet: "seance", objet_id: &id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "seance_annoncee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Changes a session to come. Those who registered are told, by maintenance, when its hours or its place change; places that are added go to those
/// who wait (R-SEA-04).
///
/// # Errors
/// As [`announce_seance`]; R-SEA-05; [`AppError::NotFound`] for a session of another level; [`AppError::Conflict`] when it changed
/// meanwhile; [`RuleViolation::SeanceFermee`] once it is over, or was cancelled, and for anything but its address once it has begun.
pub async fn correct_seance(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    saisie: Programme,
) -> Result<Recepisse, AppError> {
    let demande = format!("correction_seance|{annee}|{}|{}", id.as_str(), hash(&format!("{saisie:?}")));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let cle = own(&tx, &scope, session.id, id).await?.id;
    let (avant, comptage) = locked(&tx, session.id, cle).await?;
    session.require_ouverte()?;
    garde.check_version(avant.version)?;
    let p = saisie.checked()?;
    avant.horaire().check_correction(ctx.campagne_ms(), &avant.programme, &p)?;
    p.check_places(comptage.inscrits)?;
    avant.emetteur.check(scope.portee(), &p.audience)?;
    // Somebody registered by the site on which it is announced: it stays there.
    if p.is_public() != avant.programme.is_public() && comptage.inscrits + comptage.attente > 0 {
        return Err(RuleViolation::Champ { champ: "qualites", motif: "inscriptions" }.into());
    }
    base::correct(&tx, &ctx.ecriture(&permit), &avant, &p).await?;
    let contenu = trace(("modifiee", annee), &p, avant.emetteur);
    let acte = Acte {
        objet: "seance",
        objet_id: &avant.public_id,
        avant: Some(trace(("annoncee", annee), &avant.programme, avant.emetteur)),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let q = &avant.programme;
    let deplacee = (p.debut, p.fin, &p.lieu) != (q.debut, q.fin, &q.lieu);
    let autre_jour = p.debut != q.debut;
    let apres = LigneSeance { programme: p, ..avant };
    if deplacee {
        base::tell_all(&tx, &ctx.ecriture(&permit), apres.id, APrevenir::Modifiee, autre_jour).await?;
    }
    // Nobody is given a place in what has begun.
    if apres.horaire().check_a_venir(ctx.campagne_ms()).is_ok() {
        promote(&tx, ctx, &permit, &apres, comptage).await?;
    }
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "seance_corrigee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Cancels a session to come, and tells those who have a place or wait for one.
///
/// # Errors
/// [`AppError::NotFound`] for a session of another level; [`RuleViolation::SeanceFermee`] once it has begun, or was cancelled.
pub async fn cancel_seance(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("annulation_seance|{annee}|{}", id.as_str());
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let cle = own(&tx, &scope, session.id, id).await?.id;
    let (avant, comptage) = locked(&tx, session.id, cle).await?;
    session.require_ouverte()?;
    let le = ctx.campagne_ms();
    avant.horaire().check_a_venir(le)?;
    base::cancel(&tx, &ctx.ecriture(&permit), avant.id, le).await?;
    base::tell_all(&tx, &ctx.ecriture(&permit), avant.id, APrevenir::Annulee, false).await?;
    let prevenus = comptage.inscrits + comptage.attente;
    let contenu = json!({ "etat": "annulee", "session": annee, "annulee_le": le, "prevenus": prevenus });
    let acte =
        Acte { objet: "seance", objet_id: &avant.public_id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "seance_annulee", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// R-SEA-09: publishes the address of the recording of a session that is over; another one takes its place. Those who registered are told
/// of the first one, by maintenance.
///
/// # Errors
/// [`AppError::NotFound`] for a session of another level; [`RuleViolation::SeanceAVenir`] before its end;
/// [`RuleViolation::Champ`] for what is no secure address.
pub async fn publish_recording(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
    adresse: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("enregistrement_seance|{annee}|{}|{}", id.as_str(), hash(adresse));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let (scope, permit) = right(ctx, session.id)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let l = own(&tx, &scope, session.id, id).await?;
    session.require_ouverte()?;
    l.horaire().check_enregistrement(ctx.campagne_ms())?;
    let lien = check_lien("enregistrement", adresse)?;
    if lien.is_empty() {
        return Err(RuleViolation::Champ { champ: "enregistrement", motif: "vide" }.into());
    }
    base::set_enregistrement(&tx, &ctx.ecriture(&permit), l.id, Some(&lien)).await?;
    if l.enregistrement.is_none() {
        base::tell_all(&tx, &ctx.ecriture(&permit), l.id, APrevenir::Enregistrement, false).await?;
    }
    let contenu = json!({ "etat": "enregistree", "session": annee, "enregistrement": hash(&lien) });
    let acte = Acte { objet: "seance", objet_id: &l.public_id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "seance_enregistrement", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
