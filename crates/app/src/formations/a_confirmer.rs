//! R-CAP-05: the capacities out of the ordinary of a perimeter that are explained and wait for a second person.

use domain::accueil::late_since;
use domain::droits::{Action, scope_session};
use store::formations as base;

use super::recherche::pages;
use super::{intitule, lieu};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::limites::JOUR_MS;
use crate::sessions::{self, SessionAdmission};

/// A capacity that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapaciteAConfirmer {
    /// Public identifier of the course.
    pub id: String,
    /// Course and detail.
    pub libelle: String,
    /// Name, that of the session.
    pub etablissement: String,
    /// « Lyon (69) ».
    pub lieu: String,
    /// Of the draft.
    pub capacite: i64,
    /// Last year's.
    pub avant: Option<i64>,
    /// Why it is out of the ordinary.
    pub motif: String,
    /// When the reason was written, in UTC milliseconds.
    pub le: i64,
    /// By whom; empty for an import.
    pub par: String,
    /// R-ACC-02: it waits for too long.
    pub en_retard: bool,
}

/// A page of them.
#[derive(Debug, Clone)]
pub struct CapacitesAConfirmer {
    /// The one listed.
    pub session: SessionAdmission,
    /// All pages.
    pub total: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page.
    pub lignes: Vec<CapaciteAConfirmer>,
}

const PAR_PAGE: i64 = 50;

/// The capacities of the perimeter that wait for a second person, the one that has waited longest first.
///
/// # Errors
/// [`AppError::Denied`] for whoever follows no establishment; [`AppError::NotFound`] for an unknown session.
pub async fn list_a_confirmer(ctx: &Ctx, annee: i64, page: u32) -> Result<CapacitesAConfirmer, AppError> {
    let db = &ctx.app.db;
    ctx.scope(Action::SuivreParametrage)?;
    let session = sessions::session(db, annee).await?;
    let scope = scope_session(&ctx.acteur, Action::SuivreParametrage, session.id)?;
    let avant = late_since(ctx.campagne_ms(), ctx.app.limites.attente_jours * JOUR_MS);
    let total = base::waiting_relectures(db, &scope, session.id, avant).await?.nombre;
    let (page, pages) = pages(page, total, PAR_PAGE);
    let bornes = (PAR_PAGE, i64::from(page - 1) * PAR_PAGE);
    let lignes = base::list_relectures(db, &scope, session.id, bornes).await?;
    Ok(CapacitesAConfirmer {
        total,
        page,
        pages,
        lignes: lignes
            .into_iter()
            .map(|l| CapaciteAConfirmer {
                libelle: intitule(&l.libelle, &l.detail),
                lieu: lieu(&l.commune, &l.departement),
                en_retard: l.motivee_le <= avant,
                id: l.public_id,
                etablissement: l.etablissement,
                capacite: l.capacite,
                avant: l.capacite_avant,
                motif: l.motif,
                le: l.motivee_le,
                par: l.motivee_par,
            })
            .collect(),
        session,
    })
}
