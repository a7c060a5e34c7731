//! The note on the data of the files: what the commissions of a session receive of each candidate, and what changed since the session
//! before. Made of the list that the files themselves are made of (R-DON-02): it cannot say anything else.

use std::collections::BTreeMap;

use domain::RuleViolation;
use domain::donnees::{Donnee, check_liste, check_modifiable};
use domain::droits::{Action, Permit, scope_session};
use serde_json::json;
use store::donnees as base;

use crate::contexte::Ctx;
use crate::documents::Document;
use crate::erreur::AppError;
use crate::idempotence::{self, Garde, Recepisse, hash};
use crate::journal::{Acte, record};
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
    /// Year of the session before, when both have a note.
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
    // A list that is not kept yet has neither taken anything away nor added anything.
    let precedente = (!avant.is_empty() && !transmises.is_empty()).then(|| annee - 1);
    Ok(NoteDonnees {
        retirees: if precedente.is_some() { sans(&avant, &transmises) } else { Vec::new() },
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

/// A line of the list of a session, for who keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LigneListe {
    /// What it is about.
    pub donnee: Donnee,
    /// Its source in this session; `None`: not sent.
    pub source: Option<String>,
    /// Its source in the session before; `None`: not sent then, or no session before.
    pub avant: Option<String>,
    /// The files of this year may have it (R-DON-02).
    pub possible: bool,
    /// The source that it is given to begin with.
    pub proposee: String,
}

/// The list of a session, for who keeps it.
#[derive(Debug, Clone)]
pub struct ListeDonnees {
    /// The one of the address, open or archived.
    pub session: SessionAdmission,
    /// The whole dictionary, in its order.
    pub lignes: Vec<LigneListe>,
    /// Year of the session before, when it has a list.
    pub precedente: Option<i64>,
    /// TRX-4: how many times it was changed, and 1.
    pub version: i64,
    /// When it was changed last, in milliseconds of the campaign, and by whom.
    pub modifiee: Option<(i64, String)>,
    /// Why it is not changed any more.
    pub obstacle: Option<RuleViolation>,
}

fn permit(ctx: &Ctx, session: &SessionAdmission) -> Result<Permit, AppError> {
    ctx.permit(Action::GererSession, &session.cible())
}

/// The list of a session beside that of the session before, for the national team.
///
/// # Errors
/// [`AppError::NotFound`] for a session that does not exist; [`AppError::Denied`].
pub async fn view_liste(ctx: &Ctx, annee: i64) -> Result<ListeDonnees, AppError> {
    ctx.scope(Action::GererSession)?;
    let db = &ctx.app.db;
    let session = sessions::session(db, annee).await?;
    permit(ctx, &session)?;
    let possibles = sessions::donnees_possibles(annee)?;
    let siennes = base::transmises(db, session.id).await?;
    let avant = match store::sessions::list(db).await?.into_iter().find(|s| s.annee == annee - 1) {
        Some(s) => base::transmises(db, s.id).await?,
        None => BTreeMap::new(),
    };
    let change = base::changements(db, session.id).await?;
    let obstacle =
        session.require_ouverte().and_then(|()| check_modifiable(&session.calendrier, ctx.campagne_le)).err();
    Ok(ListeDonnees {
        lignes: Donnee::ALL
            .into_iter()
            .map(|d| LigneListe {
                donnee: d,
                source: siennes.get(&d).cloned(),
                avant: avant.get(&d).cloned(),
                possible: possibles.contains_key(&d),
                proposee: possibles.get(&d).map_or_else(String::new, |s| (*s).to_owned()),
            })
            .collect(),
        precedente: (!avant.is_empty()).then(|| annee - 1),
        version: change.as_ref().map_or(0, |(v, _, _)| *v) + 1,
        modifiee: change.map(|(_, le, par)| (le, par.unwrap_or_default())),
        obstacle,
        session,
    })
}

/// Changes the list of a session: what commissions read follows at once, the note with it (R-DON-02).
///
/// # Errors
/// [`AppError::Rule`] for a list that R-DON-03 refuses, or an archived session; [`AppError::Conflict`] when it changed meanwhile.
pub async fn save_liste(
    ctx: &Ctx,
    garde: &Garde,
    annee: i64,
    liste: &BTreeMap<Donnee, String>,
) -> Result<Recepisse, AppError> {
    let demande = format!("liste_donnees|{annee}|{}", hash(&format!("{liste:?}")));
    let tx = ctx.begin().await?;
    let session = sessions::session(&tx, annee).await?;
    let permit = permit(ctx, &session)?;
    if let Some(fait) = idempotence::deja_fait(&tx, ctx, garde, &demande).await? {
        return Ok(fait);
    }
    session.require_ouverte()?;
    check_modifiable(&session.calendrier, ctx.campagne_le)?;
    let possibles: Vec<Donnee> = sessions::donnees_possibles(annee)?.into_keys().collect();
    let liste = check_liste(liste, &possibles)?;
    let version = base::changements(&tx, session.id).await?.map_or(0, |(v, _, _)| v);
    garde.check_version(version + 1)?;
    let avant = base::transmises(&tx, session.id).await?;
    base::replace(&tx, &ctx.ecriture(&permit), session.id, version, &liste).await?;
    // JOU-2: the data by their codes, their sources by a fingerprint.
    let trace = |l: &BTreeMap<Donnee, String>| {
        let codes: Vec<&str> = l.keys().map(|d| d.code()).collect();
        json!({ "annee": annee, "donnees": codes, "empreinte": hash(&format!("{l:?}")) })
    };
    let contenu = trace(&liste);
    let id = annee.to_string();
    let acte = Acte {
        objet: "liste_donnees",
        objet_id: &id,
        avant: Some(trace(&avant)),
        apres: Some(contenu.clone()),
    };
    record(&tx, ctx, &permit, &acte).await?;
    let recepisse = idempotence::emettre(&tx, ctx, garde, &demande, "liste_donnees", None, &contenu).await?;
    tx.commit().await?;
    Ok(recepisse)
}
