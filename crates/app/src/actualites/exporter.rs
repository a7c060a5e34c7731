//! R-INF-09: the establishments where nobody has opened an item, as a file.

use domain::PublicId;
use domain::actualites::EtatActualite;
use domain::territoires;

use super::publier::{SansLecture, right, view_publication};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::tableaux::{FichierTableau, FormatTableau, Sortie};

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
    let octets = format.write("Sans lecture", ctx.recu_le, &COLONNES.map(|(titre, _)| titre), &rangees)?;
    let sortie = Sortie {
        objet: ("actualite", id.as_str()),
        champs: &COLONNES.map(|(_, champ)| champ),
        nom: format!("sans-lecture-{annee}"),
        format,
        lignes: rangees.len(),
    };
    let tx = ctx.begin().await?;
    let fichier = sortie.leave(&tx, ctx, &permit, octets).await?;
    tx.commit().await?;
    Ok(fichier)
}

fn row(e: SansLecture) -> [String; COLONNES.len()] {
    [
        territoires::academie(&e.academie).map_or(e.academie, |a| a.nom.to_owned()),
        territoires::departement(&e.departement).map_or(e.departement, |d| format!("{} ({})", d.nom, d.code)),
        e.uai,
        e.nom,
        e.commune,
    ]
}
