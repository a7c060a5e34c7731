//! R-CAP-05: the capacities out of the ordinary of a perimeter that are explained and wait for a second person.

use domain::droits::Action;
use domain::formations::mots_recherche;
use store::formations::{self as base, FiltreRelectures, LigneAConfirmer};

use super::recherche::pages;
use super::{departements, intitule, lieu};
use crate::accueil::retard;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions::{SessionAdmission, perimetre};
use crate::tableaux::{FichierTableau, FormatTableau, Table, jour, nom_academie, nom_departement};

/// What is looked for among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriteresCapacites {
    /// Words of the course, of its establishment or of its town; empty for all.
    pub texte: String,
    /// Code; `None` for every department.
    pub departement: Option<String>,
    /// From 1.
    pub page: u32,
}

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
    /// Those that the criteria keep, all pages.
    pub total: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page.
    pub lignes: Vec<CapaciteAConfirmer>,
    /// (code, name) of the departments of the perimeter.
    pub departements: Vec<(String, String)>,
}

const PAR_PAGE: i64 = 50;

fn filtre(session: i64, criteres: &CriteresCapacites) -> FiltreRelectures {
    FiltreRelectures {
        session,
        mots: mots_recherche(&criteres.texte),
        departement: criteres.departement.clone(),
    }
}

/// The capacities of the perimeter that wait for a second person, the one that has waited longest first.
///
/// # Errors
/// [`AppError::Denied`] for whoever follows no establishment; [`AppError::NotFound`] for an unknown session.
pub async fn list_a_confirmer(
    ctx: &Ctx,
    annee: i64,
    criteres: &CriteresCapacites,
) -> Result<CapacitesAConfirmer, AppError> {
    let db = &ctx.app.db;
    let (session, scope) = perimetre(ctx, annee, Action::SuivreParametrage).await?;
    let avant = retard(ctx);
    let filtre = filtre(session.id, criteres);
    let total = base::waiting_relectures(db, &scope, &filtre, avant).await?.nombre;
    let (page, pages) = pages(criteres.page, total, PAR_PAGE);
    let limites = Some((PAR_PAGE, i64::from(page - 1) * PAR_PAGE));
    let lignes = base::list_relectures(db, &scope, &filtre, limites).await?;
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
        departements: departements(db, &scope, session.id).await?,
        session,
    })
}

/// Columns of the file, and what each is in the journal.
pub(crate) const COLONNES: [(&str, &str); 12] = [
    ("Académie", "academie"),
    ("Département", "departement"),
    ("UAI", "uai"),
    ("Établissement", "etablissement"),
    ("Commune", "commune_formation"),
    ("Identifiant", "formation"),
    ("Formation", "libelle"),
    ("Capacité", "capacite"),
    ("Capacité de l’an dernier", "capacite_avant"),
    ("Motif", "motif_capacite"),
    ("Attend depuis", "attend_depuis"),
    ("Attend depuis trop longtemps", "attend_trop"),
];

/// R-CTL-15: the same, whole, without who wrote the reasons. Recorded with its lines and fingerprint (JOU-1).
///
/// # Errors
/// Those of [`list_a_confirmer`]; [`AppError::TooMany`] when too many files left.
pub async fn export_a_confirmer(
    ctx: &Ctx,
    annee: i64,
    criteres: &CriteresCapacites,
    format: FormatTableau,
) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let (session, scope) = perimetre(ctx, annee, Action::SuivreParametrage).await?;
    let permit = ctx.permit_over(Action::SuivreParametrage, session.id, &scope)?;
    let avant = retard(ctx);
    let lignes = base::list_relectures(&ctx.app.db, &scope, &filtre(session.id, criteres), None).await?;
    let rangees: Vec<[String; COLONNES.len()]> = lignes.into_iter().map(|l| row(l, avant)).collect();
    let table = Table {
        titre: "Capacités",
        objet: ("formation_session", "capacites_a_confirmer"),
        nom: format!("capacites-a-confirmer-{annee}"),
        colonnes: &COLONNES,
        lignes: &rangees,
    };
    table.leave(ctx, &permit, format).await
}

/// `avant`: what waits since then, or before, waits for too long.
fn row(l: LigneAConfirmer, avant: i64) -> [String; COLONNES.len()] {
    [
        nom_academie(l.academie),
        nom_departement(l.departement),
        l.uai,
        l.etablissement,
        l.commune,
        l.public_id,
        intitule(&l.libelle, &l.detail),
        l.capacite.to_string(),
        l.capacite_avant.map_or_else(String::new, |n| n.to_string()),
        l.motif,
        jour(l.motivee_le),
        if l.motivee_le <= avant { "oui" } else { "non" }.to_owned(),
    ]
}
