//! The records that the last day of the catalogue could not take: where, why, what to correct. They leave by themselves when the
//! corrected record arrives.

use domain::apprentissage::Statut;
use domain::droits::Action;
use domain::territoires;
use serde::{Deserialize, Serialize};
use store::apprentissage::{self as base, LigneRejetListe};

use super::PAR_PAGE;
use super::liste::perimetre_decide;
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::formations::pages;
use crate::sessions::SessionAdmission;
use crate::tableaux::{FichierTableau, FormatTableau, Sortie};

/// Something wrong in a record.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct FauteRejet {
    /// Line of the file.
    pub ligne: u64,
    /// Character of the line, from 1.
    pub colonne: u64,
    /// Name of the field, as the file writes it; empty for the whole record.
    pub champ: String,
    /// French, without final stop: what is wrong, what is expected.
    pub motif: String,
}

/// A record refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejetVu {
    /// Name of the file.
    pub fichier: String,
    /// Among the records of the file, from 1; 0: nobody kept it.
    pub rang: i64,
    /// Line where it begins.
    pub ligne: i64,
    /// When it says it.
    pub identifiant: Option<String>,
    /// Title of its course, when it says it or was known before.
    pub intitule: Option<String>,
    /// Where it is, as far as it says it.
    pub lieu: Option<String>,
    /// Name of its academy; empty when nobody knows it.
    pub academie: String,
    /// Public identifier of the record as the platform had it before.
    pub fiche: Option<String>,
    /// At least one.
    pub fautes: Vec<FauteRejet>,
    /// UTC milliseconds of the day that refused it.
    pub le: i64,
}

impl RejetVu {
    fn new(l: LigneRejetListe) -> Self {
        Self {
            fautes: serde_json::from_str(&l.fautes).unwrap_or_default(),
            academie: territoires::academie(&l.academie).map_or_else(String::new, |a| a.nom.to_owned()),
            fichier: l.fichier,
            rang: l.rang,
            ligne: l.ligne,
            identifiant: l.identifiant,
            intitule: l.intitule.filter(|i| !i.is_empty()),
            lieu: l.lieu,
            fiche: l.fiche,
            le: l.cree_le,
        }
    }
}

/// A page of refused records.
#[derive(Debug, Clone)]
pub struct ListeRejets {
    /// The one listed.
    pub session: SessionAdmission,
    /// All pages.
    pub total: i64,
    /// From 1, within the pages that exist.
    pub page: u32,
    /// At least 1.
    pub pages: u32,
    /// Those of the page, in the order of the files.
    pub lignes: Vec<RejetVu>,
    /// Records that the platform itself could not take (status « rejet de publication »).
    pub par_la_plateforme: i64,
}

/// The refused records of the agent's academies; those that do not say where they are, for the national team.
///
/// # Errors
/// [`AppError::Denied`] for whoever decides nothing.
pub async fn list_rejets(ctx: &Ctx, annee: i64, page: u32) -> Result<ListeRejets, AppError> {
    let db = &ctx.app.db;
    let (session, scope) = perimetre_decide(ctx, annee).await?;
    let total = base::count_rejets(db, &scope, session.id).await?;
    let (page, pages) = pages(page, total, PAR_PAGE);
    let limites = Some((PAR_PAGE, i64::from(page - 1) * PAR_PAGE));
    let lignes = base::list_rejets(db, &scope, session.id, limites).await?;
    let comptes = base::count_statuts(db, &scope, session.id).await?;
    Ok(ListeRejets {
        total,
        page,
        pages,
        lignes: lignes.into_iter().map(RejetVu::new).collect(),
        par_la_plateforme: comptes
            .into_iter()
            .find(|(c, _)| c == Statut::Rejete.code())
            .map_or(0, |(_, n)| n),
        session,
    })
}

/// Columns of the file, and what each is in the journal.
pub(crate) const COLONNES: [(&str, &str); 7] = [
    ("Fichier", "fichier"),
    ("Ligne de la fiche", "ligne"),
    ("Identifiant", "identifiant"),
    ("Académie", "academie"),
    ("Ligne de la faute", "ligne_faute"),
    ("Champ", "champ"),
    ("À corriger", "motif"),
];

/// One line a fault, for whoever has the Carif-Oref correct them. Recorded with its lines and fingerprint (JOU-1).
///
/// # Errors
/// [`AppError::Denied`] for whoever decides nothing, [`AppError::TooMany`] when too many files left.
pub async fn export_rejets(ctx: &Ctx, annee: i64) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let (session, scope) = perimetre_decide(ctx, annee).await?;
    let permit = ctx.permit_over(Action::DeciderApprentissage, session.id, &scope)?;
    let tx = ctx.begin().await?;
    let lignes = base::list_rejets(&tx, &scope, session.id, None).await?;
    let rangees: Vec<[String; COLONNES.len()]> =
        lignes.into_iter().map(RejetVu::new).flat_map(rows).collect();
    let format = FormatTableau::Csv;
    let octets = format.write("Fiches refusées", ctx.recu_le, &COLONNES.map(|(titre, _)| titre), &rangees)?;
    let sortie = Sortie {
        objet: ("rejet_apprentissage", "rejets"),
        champs: &COLONNES.map(|(_, champ)| champ),
        nom: format!("fiches-refusees-{annee}"),
        format,
        lignes: rangees.len(),
    };
    let fichier = sortie.leave(&tx, ctx, &permit, octets).await?;
    tx.commit().await?;
    Ok(fichier)
}

fn rows(r: RejetVu) -> Vec<[String; COLONNES.len()]> {
    let ligne = |f: &FauteRejet| {
        [
            r.fichier.clone(),
            r.ligne.to_string(),
            r.identifiant.clone().unwrap_or_default(),
            r.academie.clone(),
            f.ligne.to_string(),
            f.champ.clone(),
            f.motif.clone(),
        ]
    };
    r.fautes.iter().map(ligne).collect()
}
