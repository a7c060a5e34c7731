//! What the ends of the summer's steps do to everybody, as tasks: one statement each, then mails by slices. A task looks again
//! at the calendar: a step put off meanwhile ends nothing, and leaves the work to the task of its new end.

use domain::RuleViolation;
use domain::calendrier::Etape;
use domain::candidatures::{EtatVoeu, Evenement};
use domain::droits::{Action, Cible};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use store::candidatures::{self as base, APrevenir};
use store::messagerie::{NouvelEnvoi, enqueue_envoi_once, enqueue_tache};

use crate::admission::mail_id;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};
use crate::messages::{PIED, date_limite};
use crate::sessions::{self, SessionAdmission};
use crate::taches;

/// Mails prepared at a time, in one transaction.
const LOT: i64 = 500;
/// With propositions, before reminders (NOT-1).
const PRIORITE: i64 = 3;

/// Which session, which end or beginning, and whom the mails have reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Borne {
    annee: i64,
    /// Opening or closing that the task is about, or instant at which wishes were lost.
    le: i64,
    /// Key of the last candidate told.
    #[serde(default)]
    apres: i64,
}

/// Puts in the queue what the steps of the summer ask for now; each once for each of its dates.
pub(super) async fn schedule(ctx: &Ctx, tx: &Tx, session: &SessionAdmission) -> Result<(), AppError> {
    let (calendrier, now) = (&session.calendrier, ctx.campagne_le);
    let mut dues = Vec::new();
    if let Some(f) = calendrier.fenetre(Etape::Ordonnancement) {
        match calendrier.require_open(Etape::Ordonnancement, now) {
            Ok(()) => dues.push((taches::ANNONCER_ORDONNANCEMENT, f.ouvre)),
            Err(RuleViolation::Closed { .. }) => dues.push((taches::SUPPRIMER_NON_ORDONNES, f.ferme)),
            Err(_) => {}
        }
    }
    if let Err(RuleViolation::Closed { closes, .. }) = calendrier.require_open(Etape::Desistements, now) {
        dues.push((taches::CLORE_PROCEDURE, closes));
    }
    for (genre, le) in dues {
        let borne = Borne { annee: session.annee, le: le.as_millisecond(), apres: 0 };
        enqueue(ctx, tx, genre, borne).await?;
    }
    Ok(())
}

async fn enqueue(ctx: &Ctx, tx: &Tx, genre: &str, b: Borne) -> Result<(), AppError> {
    let cle = format!("{genre}:{}:{}:{}", b.annee, b.le, b.apres);
    let donnees = serde_json::to_string(&b).map_err(AppError::internal)?;
    let quand = ctx.recu_ms();
    Ok(enqueue_tache(tx, ctx.app.alea.as_ref(), genre, Some(&cle), &donnees, quand, quand).await?)
}

/// The session, when the step that the task is about is over since that instant.
async fn over(ctx: &Ctx, tx: &Tx, b: Borne, etape: Etape) -> Result<Option<SessionAdmission>, AppError> {
    let session = sessions::session(tx, b.annee).await?;
    let fini = matches!(
        session.calendrier.require_open(etape, ctx.campagne_le),
        Err(RuleViolation::Closed { closes, .. }) if closes.as_millisecond() == b.le
    );
    Ok(Some(session).filter(|s| fini && s.require_ouverte().is_ok()))
}

/// R-ORD-03: once the ordering is over, the waiting wishes without rank are lost, and their candidates told. Done twice, it
/// finds nothing the second time.
///
/// # Errors
/// When the database refuses; never for a person.
pub(crate) async fn lose_unordered(ctx: &Ctx, tx: &Tx, b: Borne) -> Result<(), AppError> {
    let Some(session) = over(ctx, tx, b, Etape::Ordonnancement).await? else { return Ok(()) };
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let e = ctx.ecriture(&permit);
    let (de, vers) = (EtatVoeu::EnAttente, EtatVoeu::EnAttente.apply(Evenement::FinOrdonnancement)?);
    let perdus = base::lose_unordered(tx, &e, (session.id, b.le), de, vers).await?;
    if perdus > 0 {
        note(ctx, tx, &session, json!({ "voeux_non_ordonnes": perdus })).await?;
        let le = ctx.campagne_ms();
        enqueue(ctx, tx, taches::ANNONCER_NON_ORDONNES, Borne { le, apres: 0, ..b }).await?;
    }
    Ok(())
}

/// R-ORD-06: once the summer is over, who still waits will not be called.
///
/// # Errors
/// When the database refuses; never for a person.
pub(crate) async fn close_procedure(ctx: &Ctx, tx: &Tx, b: Borne) -> Result<(), AppError> {
    let Some(session) = over(ctx, tx, b, Etape::Desistements).await? else { return Ok(()) };
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let (de, vers) = (EtatVoeu::EnAttente, EtatVoeu::EnAttente.apply(Evenement::FinProcedure)?);
    let clos = base::move_all(tx, &ctx.ecriture(&permit), session.id, de, vers).await?;
    if clos > 0 {
        note(ctx, tx, &session, json!({ "voeux_clos": clos })).await?;
    }
    Ok(())
}

async fn note(
    ctx: &Ctx,
    tx: &Tx,
    session: &SessionAdmission,
    apres: serde_json::Value,
) -> Result<(), AppError> {
    let permit = ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let annee = session.annee.to_string();
    let acte = Acte { objet: "session_admission", objet_id: &annee, avant: None, apres: Some(apres) };
    record(tx, ctx, &permit, &acte).await
}

/// What a mass mailing is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Annonce {
    /// The ordering is open: what is to be done, until when, and what is lost otherwise.
    Ouverture,
    /// Wishes were lost for want of a rank.
    Perte,
}

/// Puts in the outbox the mails of some hundred candidates, then a task for those after them. A mail already there is not put
/// twice.
///
/// # Errors
/// When the database or the vault refuses.
pub(crate) async fn announce(ctx: &Ctx, tx: &Tx, quoi: Annonce, b: Borne) -> Result<(), AppError> {
    let session = sessions::session(tx, b.annee).await?;
    let fenetre = session.calendrier.fenetre(Etape::Ordonnancement).ok_or(AppError::NotFound)?;
    let (genre, cherche) = match quoi {
        Annonce::Ouverture => (taches::ANNONCER_ORDONNANCEMENT, (EtatVoeu::EnAttente, None)),
        Annonce::Perte => (taches::ANNONCER_NON_ORDONNES, (EtatVoeu::SupprimeNonOrdonne, Some(b.le))),
    };
    // A reminder that comes after the end would only be wrong.
    if quoi == Annonce::Ouverture && !fenetre.contient(ctx.campagne_le) {
        return Ok(());
    }
    let gens = base::list_a_prevenir(tx, session.id, cherche, b.apres, LOT).await?;
    for g in &gens {
        let (sujet, corps) = match quoi {
            Annonce::Ouverture => ouverture(ctx, g, fenetre.ferme),
            Annonce::Perte => perte(ctx, g),
        };
        let envoi = NouvelEnvoi {
            canal: "courriel",
            compte: Some(g.compte),
            destinataire: &g.courriel,
            modele: genre,
            sujet,
            corps: &corps,
            priorite: PRIORITE,
            cree_le: ctx.recu_ms(),
            // The end of the step is the campaign's; sending follows real time.
            perime_le: (quoi == Annonce::Ouverture)
                .then(|| ctx.recu_ms() + (fenetre.ferme.as_millisecond() - ctx.campagne_ms()).max(0)),
        };
        let cle = mail_id(&format!("{genre}:{}:{}", b.le, g.candidat));
        enqueue_envoi_once(tx, &ctx.app.coffre, ctx.app.alea.as_ref(), &cle, &envoi).await?;
    }
    match gens.last() {
        Some(g) if i64::try_from(gens.len()).is_ok_and(|n| n == LOT) => {
            enqueue(ctx, tx, genre, Borne { apres: g.candidat, ..b }).await
        }
        _ => Ok(()),
    }
}

fn ouverture(ctx: &Ctx, g: &APrevenir, ferme: jiff::Timestamp) -> (&'static str, String) {
    let (combien, ceux) = match g.voeux {
        1 => ("un vœu en attente".to_owned(), "s’il n’est pas ordonné, il sera supprimé"),
        n => (format!("{n} vœux en attente"), "ceux que vous n’aurez pas ordonnés seront supprimés"),
    };
    let corps = format!(
        "Bonjour {},\n\nVous avez {combien}. Dites dans quel ordre vous les préférez, au plus tard le {} (heure de Paris) :\n\
         {}/candidat/voeux/ordre\n\nAprès cette date, {ceux}. L’ordre que vous donnez n’est montré à aucune formation \
         et ne change rien à votre place dans les listes d’attente.{PIED}",
        g.prenom,
        date_limite(ferme),
        ctx.app.adresse
    );
    ("Parcoursup : ordonnez vos vœux en attente", corps)
}

fn perte(ctx: &Ctx, g: &APrevenir) -> (&'static str, String) {
    let combien = match g.voeux {
        1 => "Un vœu en attente que vous n’aviez pas ordonné est supprimé".to_owned(),
        n => format!("{n} vœux en attente que vous n’aviez pas ordonnés sont supprimés"),
    };
    let corps = format!(
        "Bonjour {},\n\n{combien} : la période d’ordonnancement est terminée.\n{}/candidat/voeux\n\n\
         Ce que vous gardez : la proposition que vous avez acceptée, les vœux que vous avez ordonnés, et vos vœux en \
         apprentissage.\n\nSi vous n’avez aucune proposition, voyez « Aide et contact » :\n{}/assistance{PIED}",
        g.prenom, ctx.app.adresse, ctx.app.adresse
    );
    ("Parcoursup : des vœux non ordonnés sont supprimés", corps)
}
