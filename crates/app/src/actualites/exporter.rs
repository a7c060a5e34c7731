//! R-INF-09: the establishments where nobody has opened an item, as a file.

use domain::PublicId;
use domain::actualites::EtatActualite;

use super::publier::{SansLecture, right, view_publication};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::tableaux::{FichierTableau, FormatTableau, Table, nom_academie, nom_departement};

/// Columns of the file, and what each is in the journal.
pub(crate) const COLONNES: [(&str, &str); 5] = [
    ("Académie", "academie"),
    ("Département", "departement"),
    ("UAI", "uai"),
    ("Établissement", "etablissement"),
    ("Commune", "commune"),
];

/// Those of the publisher's perimeter, by department then by name; no person is named. Recorded with its lines and fingerprint (JOU-1).
///
/// # Errors
/// [`AppError::NotFound`] for an item that another level published or that is not shown yet, [`AppError::TooMany`] when too many files
/// left.
pub async fn export_sans_lecture(
    ctx: &Ctx,
    annee: i64,
    id: &PublicId,
    format: FormatTableau,
) -> Result<FichierTableau, AppError> {
    let _tour = ctx.export_turn().await?;
    let p = view_publication(ctx, annee, Some(id)).await?;
    if p.ligne.as_ref().is_none_or(|(a, _)| a.etat == EtatActualite::Programmee) {
        return Err(AppError::NotFound);
    }
    let (_, permit) = right(ctx, p.session.id)?;
    let rangees: Vec<[String; COLONNES.len()]> = p.etablissements.fermes.into_iter().map(row).collect();
    let table = Table {
        titre: "Sans lecture",
        objet: ("actualite", id.as_str()),
        nom: format!("sans-lecture-{annee}"),
        colonnes: &COLONNES,
        lignes: &rangees,
    };
    table.leave(ctx, &permit, format).await
}

fn row(e: SansLecture) -> [String; COLONNES.len()] {
    [nom_academie(e.academie), nom_departement(e.departement), e.uai, e.nom, e.commune]
}
