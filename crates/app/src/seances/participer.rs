//! Those who run courses: which sessions concern them, registering in one click, withdrawing.

use std::collections::BTreeMap;

use domain::PublicId;
use domain::actualites::Situation;
use domain::droits::{Action, scope_session};
use domain::seances::{EtatInscription, etat_donne};
use serde_json::json;
use store::Sql;
use store::seances::{self as base, LigneInscription, LigneSeance, NouvelleInscription};

use super::courriels::{Avis, send};
use super::organiser::is_own;
use super::{MonInscription, Seance, locked, withdraw};
use crate::actualites::{own_situations, permit_of};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse};
use crate::journal::{Acte, record};
use crate::sessions::{self, SessionAdmission};

/// A session and what the person has to do with it.
#[derive(Debug, Clone)]
pub struct SeanceLue {
    /// Without the address of the webinar.
    pub seance: Seance,
    /// The person may register: it is addressed to them, not only to those whom they answer for.
    pub concernee: bool,
    /// `None`: not registered.
    pub inscription: Option<MonInscription>,
    /// The person may change it.
    pub organisable: bool,
}

/// The sessions of a person in a campaign.
#[derive(Debug, Clone)]
pub struct Seances {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// Not over, the first to begin first.
    pub a_venir: Vec<SeanceLue>,
    /// Over, the last first: with a recording, or that the person was registered in.
    pub passees: Vec<SeanceLue>,
    /// The person organises sessions too.
    pub organise: bool,
}

async fn own(c: &impl Sql, ctx: &Ctx, session: i64) -> Result<(i64, Vec<Situation>), AppError> {
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    Ok((compte, own_situations(c, ctx, session).await?))
}

/// R-SEA-02: whoever registered goes on reading a session, were it addressed to others since: they have a place to use or to give back.
/// A program is not told where else whoever gave its token registered (R-API-12).
fn keeps(ctx: &Ctx, inscriptions: &BTreeMap<i64, LigneInscription>, seance: i64) -> bool {
    ctx.jeton.is_none() && inscriptions.contains_key(&seance)
}

/// R-API-12: a program registers whoever gave its token when it writes the establishment, and not when it only reads it.
fn require_writer(ctx: &Ctx, session: i64) -> Result<(), AppError> {
    if ctx.jeton.is_some() {
        permit_of(ctx, Action::ModifierEtablissement, session)?;
    }
    Ok(())
}

/// A session of the site de gestion that this person reads (R-INF-02), and whether it is addressed to them (R-INF-01).
pub(super) async fn readable(
    c: &impl Sql,
    ctx: &Ctx,
    session: i64,
    id: &PublicId,
) -> Result<(LigneSeance, bool), AppError> {
    scope_session(&ctx.acteur, Action::ConsulterSeances, session)?;
    let (compte, siennes) = own(c, ctx, session).await?;
    let inscriptions = base::of_compte(c, &ctx.app.coffre, compte).await?;
    let lue = |l: &LigneSeance| {
        l.public_id == id.as_str()
            && !l.programme.is_public()
            && (keeps(ctx, &inscriptions, l.id) || siennes.iter().any(|s| l.programme.audience.is_read_by(s)))
    };
    let l = base::seances(c, session).await?.into_iter().find(lue).ok_or(AppError::NotFound)?;
    let concernee = siennes.iter().any(|s| l.programme.audience.is_for(s));
    Ok((l, concernee))
}

/// The sessions that concern this person.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist, [`AppError::Denied`] for those who have no Fil info.
pub async fn list_seances(ctx: &Ctx, annee: i64) -> Result<Seances, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    scope_session(&ctx.acteur, Action::ConsulterSeances, session.id)?;
    let (compte, siennes) = own(db, ctx, session.id).await?;
    let comptages = base::comptages(db, session.id).await?;
    let inscriptions = base::of_compte(db, &ctx.app.coffre, compte).await?;
    let organisant = scope_session(&ctx.acteur, Action::OrganiserSeances, session.id).ok();
    let (mut a_venir, mut passees) = (Vec::new(), Vec::new());
    for l in base::seances(db, session.id).await? {
        let adressee = siennes.iter().any(|s| l.programme.audience.is_read_by(s));
        if l.programme.is_public() || !(adressee || keeps(ctx, &inscriptions, l.id)) {
            continue;
        }
        let inscription = match inscriptions.get(&l.id) {
            Some(i) => Some(MonInscription::new(ctx, &l, i).await?),
            None => None,
        };
        let seance = Seance::new(&l, ctx.campagne_ms(), comptages.get(&l.id).copied().unwrap_or_default())?;
        let finie = l.programme.fin <= ctx.campagne_ms();
        if finie && seance.enregistrement.is_none() && inscription.is_none() {
            continue;
        }
        let lue = SeanceLue {
            concernee: siennes.iter().any(|s| l.programme.audience.is_for(s)),
            organisable: !session.archivee && organisant.as_ref().is_some_and(|s| is_own(s, &l)),
            inscription,
            seance,
        };
        if finie { passees.push(lue) } else { a_venir.push(lue) }
    }
    passees.reverse();
    let organise = !session.archivee && organisant.is_some();
    Ok(Seances { session, a_venir, passees, organise })
}

/// One of them.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist or concerns others.
pub async fn view_seance(
    ctx: &Ctx,
    annee: i64,
    id: &PublicId,
) -> Result<(SessionAdmission, SeanceLue), AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    let (l, concernee) = readable(db, ctx, session.id, id).await?;
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    let inscription = match base::of_compte(db, &ctx.app.coffre, compte).await?.remove(&l.id) {
        Some(i) => Some(MonInscription::new(ctx, &l, &i).await?),
        None => None,
    };
    let comptage = base::comptage(db, l.id).await?;
    let organisant = scope_session(&ctx.acteur, Action::OrganiserSeances, session.id);
    let lue = SeanceLue {
        seance: Seance::new(&l, ctx.campagne_ms(), comptage)?,
        concernee,
        inscription,
        organisable: !session.archivee && organisant.is_ok_and(|s| is_own(&s, &l)),
    };
    Ok((session, lue))
}

/// Registers the person who acts: a place while there is one, else the waiting list (R-SEA-04). A mail says which.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist or is not addressed to them; R-SEA-03; [`AppError::Conflict`] when
/// they are registered already; [`AppError::Denied`] for a program that only reads.
pub async fn join_seance(ctx: &Ctx, garde: &Garde, annee: i64, id: &PublicId) -> Result<Recepisse, AppError> {
    let demande = format!("inscription_seance|{annee}|{}", id.as_str());
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let permit = permit_of(ctx, Action::ConsulterSeances, session.id)?;
    require_writer(ctx, session.id)?;
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let (lue, concernee) = readable(&tx, ctx, session.id, id).await?;
    if !concernee {
        return Err(AppError::NotFound);
    }
    session.require_ouverte()?;
    let (l, comptage) = locked(&tx, session.id, lue.id).await?;
    l.horaire().check_inscription(ctx.campagne_ms())?;
    let p = &l.programme;
    let etat = etat_donne(p.places, comptage.inscrits, comptage.attente);
    // Of somebody who runs courses of several types, those that the session is about.
    let mut profil = base::profil(&tx, session.id, compte).await?;
    let siennes = own_situations(&tx, ctx, session.id).await?;
    let natures = siennes.iter().flat_map(|s| &s.natures).filter(|n| p.audience.is_about(n));
    let visees: Vec<&str> = natures.map(|n| n.famille.code()).collect();
    profil.retain(|(critere, code)| *critere != "famille" || visees.contains(&code.as_str()));
    let nouvelle = NouvelleInscription {
        seance: l.id,
        compte: Some(compte),
        adresse: None,
        etat,
        expire_le: None,
        profil: &profil,
    };
    let e = ctx.ecriture(&permit);
    let (cle, public_id) = base::register(&tx, &e, &ctx.app.coffre, &nouvelle).await?;
    let contenu = json!({ "seance": l.public_id, "etat": etat.code() });
    let acte =
        Acte { objet: "inscription_seance", objet_id: &public_id, avant: None, apres: Some(contenu.clone()) };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "seance_inscription", None, &contenu).await?;
    base::set_recepisse(&tx, &e, cle, &recepisse.numero).await?;
    let i = base::of_compte(&tx, &ctx.app.coffre, compte).await?.remove(&l.id).ok_or(AppError::NotFound)?;
    let avis = match etat {
        EtatInscription::Inscrit => Avis::Inscrit(&recepisse.numero),
        _ => Avis::Attente(&recepisse.numero),
    };
    send(&tx, ctx, annee, &l, &i, avis).await?;
    tx.commit().await?;
    Ok(recepisse)
}

/// Withdraws the person who acts; the place goes to the first who waits (R-SEA-04).
///
/// # Errors
/// [`AppError::NotFound`] for a session that they are not registered in; [`domain::RuleViolation::SeanceFermee`] once it has begun;
/// [`AppError::Denied`] for a program that only reads.
pub async fn leave_seance(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &PublicId,
) -> Result<Recepisse, AppError> {
    let demande = format!("desistement_seance|{annee}|{}", id.as_str());
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let permit = permit_of(ctx, Action::ConsulterSeances, session.id)?;
    require_writer(ctx, session.id)?;
    let compte = ctx.acteur.compte.ok_or(AppError::NotFound)?;
    if let Some(recepisse) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(recepisse);
    }
    let (lue, _) = readable(&tx, ctx, session.id, id).await?;
    session.require_ouverte()?;
    let (l, comptage) = locked(&tx, session.id, lue.id).await?;
    let i = base::of_compte(&tx, &ctx.app.coffre, compte).await?.remove(&l.id).ok_or(AppError::NotFound)?;
    let contenu = withdraw(&tx, ctx, &permit, (&l, comptage), &i).await?;
    let recepisse =
        idempotence::emettre(&tx, ctx, garde, &demande, "seance_desistement", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
