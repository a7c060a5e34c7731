//! The requests that an academic service reads, as a file.

use store::formations::{self as base, LigneDemande as Ligne};

use super::vues::{CriteresDemandes, titre};
use super::{Guichet, etat, nature};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::sessions::perimetre;
use crate::tableaux::{FichierTableau, FormatTableau, Table, jour, nom_academie, nom_departement};

/// Columns of the file, and what each is in the journal.
pub(crate) const COLONNES: [(&str, &str); 10] = [
    ("Académie", "academie"),
    ("Département", "departement"),
    ("UAI", "uai"),
    ("Établissement", "etablissement"),
    ("Commune", "commune"),
    ("Demande", "nature"),
    ("Objet", "objet"),
    ("État", "etat"),
    ("Demandée le", "demandee_le"),
    ("Répondue le", "repondue_le"),
];

/// R-CTL-15: the requests that the criteria keep, all of them, in the order of the page; neither reasons nor persons. Recorded with its
/// lines and fingerprint (JOU-1).
///
/// # Errors
/// [`AppError::Denied`] for whoever answers no request; [`AppError::NotFound`] for an unknown session; [`AppError::TooMany`] when too
/// many files left.
pub async fn export_demandes(
    ctx: &Ctx,
    annee: i64,
    criteres: &CriteresDemandes,
    format: FormatTableau,
) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let (db, guichet) = (&ctx.app.db, Guichet::Academie);
    let (session, scope) = perimetre(ctx, annee, guichet.action()).await?;
    let permit = ctx.permit_over(guichet.action(), session.id, &scope)?;
    let lignes = base::list_demandes(db, &scope, &criteres.filtre(session.id, guichet), None).await?;
    let mut rangees = Vec::with_capacity(lignes.len());
    for d in criteres.parmi(lignes)? {
        rangees.push(row(&d)?);
    }
    let table = Table {
        titre: "Demandes",
        objet: ("demande_formation", "demandes"),
        nom: format!("demandes-{annee}"),
        colonnes: &COLONNES,
        lignes: &rangees,
    };
    table.leave(ctx, &permit, format).await
}

fn row(d: &Ligne) -> Result<[String; COLONNES.len()], AppError> {
    Ok([
        nom_academie(d.academie.clone()),
        nom_departement(d.departement.clone()),
        d.uai.clone(),
        d.etablissement.clone(),
        d.commune.clone(),
        nature(d)?.libelle().to_owned(),
        titre(d)?,
        etat(d)?.libelle().to_owned(),
        jour(d.cree_le),
        d.decidee_le.map_or_else(String::new, jour),
    ])
}
