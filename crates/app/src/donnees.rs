//! The note on the data of the files: what the commissions of a session receive of each candidate, and what changed since the session
//! before. Made of the list that the files themselves are made of (R-DON-02): it cannot say anything else.

use std::collections::BTreeMap;

use domain::donnees::Donnee;
use domain::droits::{Action, scope_session};
use store::donnees as base;

use crate::contexte::Ctx;
use crate::documents::Document;
use crate::erreur::AppError;
use crate::sessions::{self, SessionAdmission};

/// The note of a session.
#[derive(Debug, Clone)]
pub struct NoteDonnees {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// What is sent, each with its source, in the order of the dictionary.
    pub transmises: BTreeMap<Donnee, String>,
    /// The sessions that have a note, the last first.
    pub annees: Vec<i64>,
    /// Year of the session before, when it has a note.
    pub precedente: Option<i64>,
    /// Sent to that session and not to this one.
    pub retirees: Vec<Donnee>,
    /// Sent to this session and not to that one.
    pub nouvelles: Vec<Donnee>,
}

/// The note of a session, for all those who have the Fil info.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist; [`AppError::Denied`].
pub async fn view_note(ctx: &Ctx, annee: i64) -> Result<NoteDonnees, AppError> {
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    scope_session(&ctx.acteur, Action::ConsulterInformations, session.id)?;
    let transmises = base::transmises(db, session.id).await?;
    let mut annees = Vec::new();
    let mut avant = BTreeMap::new();
    for s in store::sessions::list(db).await? {
        let siennes = base::transmises(db, s.id).await?;
        if siennes.is_empty() {
            continue;
        }
        annees.push(s.annee);
        if s.annee == annee - 1 {
            avant = siennes;
        }
    }
    annees.sort_unstable_by(|a, b| b.cmp(a));
    let sans = |a: &BTreeMap<Donnee, String>, b: &BTreeMap<Donnee, String>| {
        a.keys().copied().filter(|d| !b.contains_key(d)).collect::<Vec<_>>()
    };
    let precedente = (!avant.is_empty()).then(|| annee - 1);
    Ok(NoteDonnees {
        retirees: sans(&avant, &transmises),
        nouvelles: if precedente.is_some() { sans(&transmises, &avant) } else { Vec::new() },
        precedente,
        transmises,
        annees,
        session,
    })
}

/// The note in print, as `compose` sets it.
///
/// # Errors
/// As [`view_note`].
pub async fn print_note(
    ctx: &Ctx,
    annee: i64,
    compose: impl FnOnce(&NoteDonnees) -> Document,
) -> Result<Vec<u8>, AppError> {
    let note = view_note(ctx, annee).await?;
    ctx.app.imprimerie.imprime(compose(&note)).await
}
