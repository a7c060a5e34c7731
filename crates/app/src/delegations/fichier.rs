//! The matrix as a spreadsheet: exported, changed, shown as a difference, then applied.

use domain::droits::Action;
use files::delegations_csv::{LigneDelegation, read_delegations, write_delegations};
use files::{FICHIER_ENTIER, Faute};
use serde_json::json;

use super::{Demande, Difference, Matrice, differences, load};
use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::{Acte, record};

/// A file ready to be downloaded.
#[derive(Debug, Clone)]
pub struct ExportDelegations {
    /// Offered to the browser.
    pub nom_fichier: String,
    /// CSV in UTF-8, semicolons.
    pub octets: Vec<u8>,
}

/// Writes every cell of the matrix, those without any operation included, so that each can be changed.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`].
pub async fn export_delegations(
    ctx: &Ctx,
    annee: i64,
    etablissement: &str,
) -> Result<ExportDelegations, AppError> {
    let tx = ctx.begin().await?;
    let c = load(&tx, ctx, annee, etablissement).await?;
    let permit = ctx.permit(Action::GererComptes, &c.cible)?;
    let m = &c.matrice;
    let mut lignes = Vec::with_capacity(m.personnes.len() * m.formations.len());
    for (p, personne) in m.personnes.iter().enumerate() {
        for (f, formation) in m.formations.iter().enumerate() {
            lignes.push(LigneDelegation {
                compte: personne.compte.clone(),
                nom: personne.nom.clone(),
                prenom: String::new(),
                role: personne.role,
                formation: formation.id.clone(),
                intitule: formation.intitule.clone(),
                operations: m.cellules.get(&(p, f)).copied().unwrap_or_default(),
            });
        }
    }
    let octets = write_delegations(&lignes).map_err(|e| AppError::Internal(e.to_string()))?;
    let acte = Acte {
        objet: "attribution",
        objet_id: etablissement,
        avant: None,
        apres: Some(json!({ "lignes": lignes.len(), "comptes": m.personnes.len() })),
    };
    record(&tx, ctx, &permit, &acte).await?;
    tx.commit().await?;
    Ok(ExportDelegations { nom_fichier: format!("delegations-{annee}.csv"), octets })
}

/// What applying a file would do, or why it cannot be applied.
#[derive(Debug, Clone)]
pub struct ApercuDelegations {
    /// As it is now.
    pub matrice: Matrice,
    /// Any of them refuses the whole file.
    pub fautes: Vec<Faute>,
    /// What would change.
    pub differences: Vec<Difference>,
    /// What a confirmation asks for: the cells that change, and they alone.
    pub demandes: Vec<Demande>,
}

/// Reads a file and says what applying it would do. Changes nothing.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`]; [`AppError::Invalid`] without a file.
pub async fn preview_import(
    ctx: &Ctx,
    annee: i64,
    etablissement: &str,
    nom_fichier: &str,
    octets: &[u8],
) -> Result<ApercuDelegations, AppError> {
    let matrice = load(&ctx.app.db, ctx, annee, etablissement).await?.matrice;
    if octets.is_empty() {
        let message = "Choisissez un fichier CSV : celui qui a été envoyé est vide ou absent.";
        return Err(AppError::Invalid(vec![("fichier", message.to_owned())]));
    }
    let refuse = |matrice, fautes| ApercuDelegations {
        matrice,
        fautes,
        differences: Vec::new(),
        demandes: Vec::new(),
    };
    let (lignes, bilan) = match read_delegations(octets, nom_fichier, files::Options::default()) {
        Ok(lu) => lu,
        Err(illisible) => return Ok(refuse(matrice, illisible.en_fautes())),
    };
    let mut fautes = bilan.releve.fautes;
    let mut toutes = Vec::new();
    let mut demandes = Vec::new();
    for l in &lignes {
        let d = Demande {
            compte: l.compte.clone(),
            role: l.role.code().to_owned(),
            formation: l.formation.clone(),
            operations: l.operations.code(),
        };
        match differences(&matrice, std::slice::from_ref(&d)) {
            Ok(changent) if changent.is_empty() => {}
            Ok(changent) => {
                toutes.extend(changent);
                demandes.push(d);
            }
            Err(AppError::Invalid(motifs)) => fautes.extend(motifs.into_iter().map(|(_, motif)| Faute {
                ligne: FICHIER_ENTIER,
                colonne: String::new(),
                motif,
            })),
            Err(autre) => return Err(autre),
        }
    }
    if !fautes.is_empty() {
        return Ok(refuse(matrice, fautes));
    }
    Ok(ApercuDelegations { matrice, fautes, differences: toutes, demandes })
}
