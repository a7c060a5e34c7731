//! Sessions of admission: the one in force, its calendar, its settings.

mod gel;
mod levees;
mod ouvrir;
mod prolonger;

pub(crate) use gel::require_hors_gel;
pub use gel::{Accord, accord_malgre_le_gel, gel_ouvert, record_livraison};
pub use levees::{GelVue, Levee, decide_levee, propose_levee, view_gel};
pub use ouvrir::{BilanOuverture, ouvrir_session, ouvrir_session_malgre_le_gel};
pub(crate) use ouvrir::{creer_session, donnees_possibles};
pub(crate) use prolonger::announce as announce_prolongation;
pub use prolonger::{
    CalendrierVue, Prolongation, decide_prolongation, propose_prolongation, view_calendrier,
};

use std::collections::HashMap;

use domain::RuleViolation;
use domain::calendrier::{Calendrier, Etape, jour_paris};
use domain::candidatures::{Plafonds, Selecteur};
use domain::droits::{Action, Cible, Scope, scope_session};
use jiff::civil::{Date, Time};
use jiff::{SignedDuration, Timestamp};
use store::Sql;
use store::sessions as base;

use crate::contexte::Ctx;
use crate::erreur::AppError;

/// A session with its calendar.
#[derive(Debug, Clone)]
pub struct SessionAdmission {
    /// Internal key.
    pub id: i64,
    /// That of the entry: 2024 for September 2024; in the addresses.
    pub annee: i64,
    /// « Session 2024 », for titles.
    pub libelle: String,
    /// Read, never written (R-SES-01).
    pub archivee: bool,
    /// Internal key of the session that this one continues; `None` for the first.
    pub precedente: Option<i64>,
    /// The published version in force.
    pub calendrier: Calendrier,
}

impl SessionAdmission {
    /// R-SES-01: an archived session is read-only.
    ///
    /// # Errors
    /// [`RuleViolation::SessionArchivee`].
    pub fn require_ouverte(&self) -> Result<(), RuleViolation> {
        if self.archivee { Err(RuleViolation::SessionArchivee) } else { Ok(()) }
    }

    /// First and last day of its campaign.
    pub fn campagne(&self) -> (Date, Date) {
        campagne(&self.calendrier)
    }

    /// What the rights over the whole of it are about.
    pub(crate) fn cible(&self) -> Cible {
        Cible { session: Some(self.id), ..Cible::default() }
    }
}

fn instant(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
}

/// First and last day of a campaign, from the opening of the site de gestion to the last proposition.
pub(crate) fn campagne(c: &Calendrier) -> (Date, Date) {
    let veille = |ferme: Timestamp| ferme.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(ferme);
    let debut = c.fenetre(Etape::Parametrage).map_or(Date::MIN, |f| jour_paris(f.ouvre));
    let fin = c.fenetre(Etape::Desistements).map_or(Date::MAX, |f| jour_paris(veille(f.ferme)));
    (debut, fin)
}

async fn with_calendrier(c: &impl Sql, l: base::LigneSession) -> Result<SessionAdmission, AppError> {
    Ok(SessionAdmission {
        calendrier: base::load_calendrier(c, l.id).await?,
        archivee: l.etat == "archivee",
        id: l.id,
        annee: l.annee,
        libelle: l.libelle,
        precedente: l.precedente_id,
    })
}

/// Session and perimeter of somebody who has a right in it: what they hold for another session does not count.
///
/// # Errors
/// [`AppError::Denied`] for whoever does not have it; [`AppError::NotFound`] for an unknown session.
pub(crate) async fn perimetre(
    ctx: &Ctx,
    annee: i64,
    action: Action,
) -> Result<(SessionAdmission, Scope), AppError> {
    // Refused before looking for the session: someone without the right does not learn which sessions exist.
    ctx.scope(action)?;
    let session = session(&ctx.app.db, annee).await?;
    let scope = scope_session(&ctx.acteur, action, session.id)?;
    Ok((session, scope))
}

/// The session of a year (URLs of the site de gestion carry it).
///
/// # Errors
/// [`AppError::NotFound`] when there is none.
pub async fn session(c: &impl Sql, annee: i64) -> Result<SessionAdmission, AppError> {
    let ligne = base::by_annee(c, annee).await?.ok_or(AppError::NotFound)?;
    with_calendrier(c, ligne).await
}

/// The open session: the one that candidates and the public see.
///
/// # Errors
/// [`AppError::NotFound`] when no session is open.
pub async fn courante(c: &impl Sql) -> Result<SessionAdmission, AppError> {
    let ligne = base::list(c).await?.into_iter().find(|s| s.etat == "ouverte").ok_or(AppError::NotFound)?;
    with_calendrier(c, ligne).await
}

/// The year of a session by its key.
///
/// # Errors
/// When the database refuses.
pub async fn annee(c: &impl Sql, id: i64) -> Result<Option<i64>, AppError> {
    Ok(annees(c).await?.remove(&id))
}

/// The year of every session, by its key.
pub(crate) async fn annees(c: &impl Sql) -> Result<HashMap<i64, i64>, AppError> {
    Ok(base::list(c).await?.into_iter().map(|s| (s.id, s.annee)).collect())
}

/// R-SES-01: whether the session of a year is kept as an archive; a year without a session is not.
///
/// # Errors
/// When the database refuses.
pub async fn is_archivee(c: &impl Sql, annee: i64) -> Result<bool, AppError> {
    Ok(base::by_annee(c, annee).await?.is_some_and(|s| s.etat == "archivee"))
}

/// Every session, newest first: (year, label, archived).
///
/// # Errors
/// When the database refuses.
pub async fn list(ctx: &Ctx) -> Result<Vec<(i64, String, bool)>, AppError> {
    let lignes = base::list(&ctx.app.db).await?;
    Ok(lignes.into_iter().map(|l| (l.annee, l.libelle, l.etat == "archivee")).collect())
}

/// Ceilings of wishes and of sub-wishes: settings `plafond_…` of the session.
///
/// # Errors
/// [`AppError::Internal`] when the session has not set them.
pub async fn plafonds(c: &impl Sql, session: i64) -> Result<Plafonds, AppError> {
    Ok(Plafonds {
        etudiant: parametre_entier(c, session, "plafond_voeux_etudiant").await?,
        apprentissage: parametre_entier(c, session, "plafond_voeux_apprentissage").await?,
        sous_voeux: parametre_entier(c, session, "plafond_sous_voeux").await?,
        sous_voeux_total: parametre_entier(c, session, "plafond_sous_voeux_total").await?,
    })
}

/// R-VOE-09: courses whose groupings are not counted in the total of sub-wishes: setting `familles_hors_decompte`.
///
/// # Errors
/// [`AppError::Internal`] when the session has not set them, or one is not understood.
pub async fn hors_decompte(c: &impl Sql, session: i64) -> Result<Vec<Selecteur>, AppError> {
    parametre_lu(c, session, "familles_hors_decompte", Selecteur::parse_liste).await
}

/// R-VOE-09: courses whose groupings take one sub-wish an establishment, instead of the ceiling of the others: setting
/// `sous_voeux_par_etablissement`.
///
/// # Errors
/// As [`hors_decompte`].
pub async fn sous_voeux_par_etablissement(c: &impl Sql, session: i64) -> Result<Vec<Selecteur>, AppError> {
    parametre_lu(c, session, "sous_voeux_par_etablissement", Selecteur::parse_liste).await
}

/// R-VOE-10: courses of which each filière takes a few wishes, and how many: setting `plafonds_par_filiere`.
///
/// # Errors
/// As [`hors_decompte`].
pub async fn plafonds_par_filiere(c: &impl Sql, session: i64) -> Result<Vec<(Selecteur, u32)>, AppError> {
    parametre_lu(c, session, "plafonds_par_filiere", Selecteur::parse_plafonds).await
}

/// R-INF-01: courses that are spoken to as paramedical ones: setting `filieres_paramedicales`.
///
/// # Errors
/// As [`hors_decompte`].
pub async fn filieres_paramedicales(c: &impl Sql, session: i64) -> Result<Vec<Selecteur>, AppError> {
    parametre_lu(c, session, "filieres_paramedicales", Selecteur::parse_liste).await
}

/// R-ADM-40: the hour in Paris at which the days of the admission after the first one are published by themselves: setting
/// `heure_publication`.
///
/// # Errors
/// As [`hors_decompte`].
pub(crate) async fn heure_publication(c: &impl Sql, session: i64) -> Result<Time, AppError> {
    parametre_lu(c, session, "heure_publication", |v| v.parse().ok()).await
}

async fn parametre_lu<T>(
    c: &impl Sql,
    session: i64,
    cle: &'static str,
    lit: impl Fn(&str) -> Option<T>,
) -> Result<T, AppError> {
    let valeur = base::parametre(c, session, cle).await?;
    valeur
        .and_then(|v| lit(&v))
        .ok_or_else(|| AppError::Internal(format!("parametre {cle} of session {session}")))
}

/// A whole-number setting of the session.
///
/// # Errors
/// [`AppError::Internal`] when it is missing or is not a number.
pub async fn parametre_entier(c: &impl Sql, session: i64, cle: &'static str) -> Result<u32, AppError> {
    parametre_lu(c, session, cle, |v| v.parse().ok()).await
}
