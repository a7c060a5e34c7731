//! TPS-3: a closing is put off by two people, in effect at once, and never brought forward.

use domain::RuleViolation;
use domain::admission::require_deuxieme_personne;
use domain::calendrier::{Etape, Fenetre, fin_de_jour};
use domain::comptes::Role;
use domain::droits::{Action, Permit, roles_of};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use store::Tx;
use store::messagerie::{self, NouvelEnvoi};
use store::prolongations::{self as base, LigneProlongation};

use super::{SessionAdmission, instant};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::idempotence::{Garde, Recepisse, deja_fait, emettre};
use crate::journal::{Acte, record};
use crate::messages::{PIED, date_limite};
use crate::motif::read_motif;

/// Mails prepared at a time, in one transaction.
const LOT: i64 = 500;
/// After codes and propositions, before reminders (NOT-1).
const PRIORITE: i64 = 4;

/// A prolongation, to be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Prolongation {
    /// Public identifier.
    pub id: String,
    /// For the decision (TRX-4).
    pub version: i64,
    /// What it is about.
    pub etape: Etape,
    /// Closing when it was proposed, first instant too late.
    pub ferme: Timestamp,
    /// Closing asked for.
    pub nouvelle: Timestamp,
    /// As typed.
    pub motif: String,
    /// `proposee`, `validee` or `refusee`.
    pub etat: String,
    /// Name; empty for the platform.
    pub propose_par: String,
    /// Name; empty while it waits.
    pub decide_par: String,
    /// Why this person may not decide it now.
    pub obstacle: Option<RuleViolation>,
}

/// The calendar of a session and what is asked of it.
#[derive(Debug, Clone)]
pub struct CalendrierVue {
    /// With the version in force.
    pub session: SessionAdmission,
    /// In the order of the campaign.
    pub fenetres: Vec<(Etape, Fenetre)>,
    /// Newest first.
    pub prolongations: Vec<Prolongation>,
}

/// The calendar, for whoever manages the session.
///
/// # Errors
/// [`AppError::Denied`] or [`AppError::NotFound`].
pub async fn view_calendrier(ctx: &Ctx, annee: i64) -> Result<CalendrierVue, AppError> {
    ctx.scope(Action::GererSession)?;
    let db = &ctx.app.db;
    let session = super::session(db, annee).await?;
    ctx.permit(Action::GererSession, &session.cible())?;
    let fenetres = Etape::ALL.into_iter().filter_map(|e| Some((e, session.calendrier.fenetre(e)?))).collect();
    let prolongations = base::list(db, session.id)
        .await?
        .into_iter()
        .map(|l| readable(ctx, &session, l))
        .collect::<Result<_, _>>()?;
    Ok(CalendrierVue { session, fenetres, prolongations })
}

fn readable(ctx: &Ctx, session: &SessionAdmission, l: LigneProlongation) -> Result<Prolongation, AppError> {
    let etape =
        Etape::from_code(&l.etape).ok_or_else(|| AppError::Internal("prolongation.etape".to_owned()))?;
    let obstacle = session
        .require_ouverte()
        .and_then(|()| require_deuxieme_personne(l.auteur(), ctx.signataire()))
        .and_then(|()| {
            session.calendrier.prolonge(etape, instant(l.nouvelle_le), ctx.campagne_le).map(|_| ())
        })
        .err();
    Ok(Prolongation {
        etape,
        ferme: instant(l.ferme_le),
        nouvelle: instant(l.nouvelle_le),
        obstacle,
        id: l.public_id,
        version: l.version,
        motif: l.motif,
        etat: l.etat,
        propose_par: l.propose_par,
        decide_par: l.decide_par,
    })
}

/// Proposes that a step stays open until the end of a day in Paris. Nothing changes before another agent agrees.
///
/// # Errors
/// [`AppError::Invalid`] for a reason that says nothing; [`AppError::Rule`] for a day that is not later than the present closing, or past; [`AppError::Conflict`] when a
/// proposal already waits for this step.
pub async fn propose_prolongation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    etape: Etape,
    jusque: Date,
    motif: &str,
) -> Result<Recepisse, AppError> {
    let demande = format!("proposer_prolongation|{annee}|{}|{jusque}|{motif}", etape.code());
    let tx = ctx.begin().await?;
    let session = super::session(&tx, annee).await?;
    let permit = ctx.permit(Action::GererSession, &session.cible())?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    session.require_ouverte()?;
    let motif = read_motif(ctx, motif, "motif")?;
    let nouvelle = fin_de_jour(jusque);
    session.calendrier.prolonge(etape, nouvelle, ctx.campagne_le)?;
    let ferme = session.calendrier.fenetre(etape).ok_or(RuleViolation::NotScheduled { etape })?.ferme;
    let bornes = (ferme.as_millisecond(), nouvelle.as_millisecond());
    let id = base::insert(&tx, &ctx.ecriture(&permit), session.id, etape, bornes, &motif).await?;
    let contenu = json!({
        "annee": annee, "prolongation": id, "etat": "proposee", "evenement": etape.code(), "avant_le": bornes.0,
        "jusqu_a": bornes.1,
    });
    note(&tx, ctx, &permit, &id, &contenu).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "proposer_prolongation", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

async fn note(
    tx: &Tx,
    ctx: &Ctx,
    permit: &Permit,
    id: &str,
    contenu: &serde_json::Value,
) -> Result<(), AppError> {
    let acte = Acte { objet: "prolongation", objet_id: id, avant: None, apres: Some(contenu.clone()) };
    record(tx, ctx, permit, &acte).await
}

/// Decides a proposal of somebody else. Agreed: a new version of the calendar is in force with the commit, and people
/// concerned are told through the outbox.
///
/// # Errors
/// [`AppError::Rule`] for one's own proposal or one that the calendar has overtaken; [`AppError::Conflict`] when it is
/// decided already.
pub async fn decide_prolongation(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    id: &str,
    accorde: bool,
) -> Result<Recepisse, AppError> {
    let demande = format!("decider_prolongation|{annee}|{id}|{accorde}");
    let tx = ctx.begin().await?;
    let session = super::session(&tx, annee).await?;
    let permit = ctx.permit(Action::GererSession, &session.cible())?;
    if let Some(fait) = deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    session.require_ouverte()?;
    let p = base::find(&tx, session.id, id).await?.ok_or(AppError::NotFound)?;
    if p.etat != "proposee" {
        return Err(AppError::Conflict);
    }
    garde.check_version(p.version)?;
    require_deuxieme_personne(p.auteur(), ctx.signataire())?;
    let e = ctx.ecriture(&permit);
    let mut numero = None;
    if accorde {
        let etape =
            Etape::from_code(&p.etape).ok_or_else(|| AppError::Internal("prolongation.etape".to_owned()))?;
        let calendrier = session.calendrier.prolonge(etape, instant(p.nouvelle_le), ctx.campagne_le)?;
        let sources = base::sources(&tx, session.id).await?;
        store::sessions::insert_calendrier(&tx, &e, session.id, &calendrier, &sources).await?;
        numero = Some(calendrier.numero);
        enqueue(&tx, ctx, id, 0).await?;
    }
    base::decide(&tx, &e, &p, numero).await?;
    let contenu = json!({
        "annee": annee, "prolongation": id, "etat": if accorde { "validee" } else { "refusee" }, "version": numero,
        "evenement": p.etape, "jusqu_a": p.nouvelle_le,
    });
    note(&tx, ctx, &permit, id, &contenu).await?;
    let recepisse = emettre(&tx, ctx, garde, &demande, "decider_prolongation", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}

async fn enqueue(tx: &Tx, ctx: &Ctx, id: &str, apres: i64) -> Result<(), AppError> {
    let genre = crate::taches::ANNONCER_PROLONGATION;
    messagerie::enqueue_tache(
        tx,
        ctx.app.alea.as_ref(),
        genre,
        Some(&format!("{genre}:{id}:{apres}")),
        &json!({ "prolongation": id, "apres": apres }).to_string(),
        ctx.recu_ms(),
        ctx.recu_ms(),
    )
    .await?;
    Ok(())
}

/// Puts in the outbox a mail for each account that the step concerns, a few hundred at a time; a mail already there is
/// not put twice.
///
/// # Errors
/// When the database or the vault refuses.
pub(crate) async fn announce(ctx: &Ctx, tx: &Tx, id: &str, apres: i64) -> Result<(), AppError> {
    let session = super::courante(tx).await?;
    let p = base::find(tx, session.id, id).await?.ok_or(AppError::NotFound)?;
    let etape =
        Etape::from_code(&p.etape).ok_or_else(|| AppError::Internal("prolongation.etape".to_owned()))?;
    let roles: Vec<Role> = roles_of(etape);
    let gens = base::destinataires(tx, session.id, &roles, apres, LOT).await?;
    for g in &gens {
        let corps = format!(
            "Bonjour {},\n\n« {} » : la date limite est reportée. Elle était fixée au {} ; vous avez maintenant jusqu’au {} \
             (heure de Paris).\n\nMotif : {}\n\n{}{PIED}",
            g.prenom,
            etape.libelle(),
            date_limite(instant(p.ferme_le)),
            date_limite(instant(p.nouvelle_le)),
            p.motif,
            ctx.app.adresse
        );
        let envoi = NouvelEnvoi {
            canal: "courriel",
            compte: Some(g.id),
            destinataire: &g.courriel,
            modele: "prolongation",
            sujet: "Parcoursup : une date limite est reportée",
            corps: &corps,
            priorite: PRIORITE,
            cree_le: ctx.recu_ms(),
            perime_le: Some(ctx.recu_ms() + (p.nouvelle_le - ctx.campagne_ms()).max(0)),
        };
        let cle = crate::admission::mail_id(&format!("{}{}", p.public_id, g.public_id));
        messagerie::enqueue_envoi_once(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &cle, &envoi).await?;
    }
    match gens.last() {
        Some(dernier) if i64::try_from(gens.len()).is_ok_and(|n| n == LOT) => {
            enqueue(tx, ctx, id, dernier.id).await
        }
        _ => Ok(()),
    }
}
