//! R-VIE-14: what a course is called and is, as it is now and as its publications corrected it.

use domain::formations::{CHAMPS_IDENTITE, IdentiteFormation};
use serde::{Deserialize, Serialize};
use store::formations::{LigneFormation, LignePublication};

use super::contenu::ChampCompare;
use crate::erreur::AppError;

/// A correction, as its publication keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Corrigee {
    pub avant: IdentiteFormation,
    pub apres: IdentiteFormation,
}

impl Corrigee {
    /// `None`: the publication corrects no identity.
    pub(super) fn of_publication(p: &LignePublication) -> Result<Option<Self>, AppError> {
        let lue = p.identite.as_deref().map(serde_json::from_str).transpose();
        lue.map_err(|e| AppError::Internal(format!("formation_publication.identite : {e}")))
    }

    pub(super) fn ecrit(&self) -> Result<String, AppError> {
        serde_json::to_string(self).map_err(AppError::internal)
    }

    /// What it corrects, in the order of the form.
    pub(super) fn champs(&self) -> Vec<IdentiteCorrigee> {
        let changes = self.apres.differences(&self.avant);
        CHAMPS_IDENTITE
            .into_iter()
            .filter(|(code, _)| changes.contains(code))
            .map(|(code, libelle)| IdentiteCorrigee {
                champ: libelle,
                avant: self.avant.lisible(code),
                apres: self.apres.lisible(code),
            })
            .collect()
    }
}

/// A field of the identity of a course that a publication corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentiteCorrigee {
    /// French label.
    pub champ: &'static str,
    /// In French, like what follows; may be empty for a detail.
    pub avant: String,
    /// What the public reads since.
    pub apres: String,
}

/// What a course is called and is.
pub(super) fn identite(f: &LigneFormation) -> IdentiteFormation {
    IdentiteFormation {
        libelle: f.libelle.clone(),
        detail: f.detail.clone(),
        statut: f.statut.clone(),
        selective: f.selective == 1,
    }
}

/// What it was at one of its publications, newest first: what the last correction until then said, else what the first one after it
/// corrected, else what it is now.
fn identite_at(
    publications: &[LignePublication],
    i: usize,
    f: &LigneFormation,
) -> Result<IdentiteFormation, AppError> {
    for p in publications.iter().skip(i) {
        if let Some(c) = Corrigee::of_publication(p)? {
            return Ok(c.apres);
        }
    }
    for p in publications.iter().take(i).rev() {
        if let Some(c) = Corrigee::of_publication(p)? {
            return Ok(c.avant);
        }
    }
    Ok(identite(f))
}

/// Where a course is called or is otherwise at two of its publications, by their places.
pub(super) fn compare_identites(
    publications: &[LignePublication],
    (vieille, neuve): (usize, usize),
    f: &LigneFormation,
) -> Result<Vec<ChampCompare>, AppError> {
    let (avant, apres) = (identite_at(publications, vieille, f)?, identite_at(publications, neuve, f)?);
    let changes = apres.differences(&avant);
    let dit = |i: &IdentiteFormation, code: &str| {
        Some(i.lisible(code)).filter(|t| !t.is_empty()).into_iter().collect::<Vec<_>>()
    };
    Ok(CHAMPS_IDENTITE
        .into_iter()
        .filter(|(code, _)| changes.contains(code))
        .map(|(code, libelle)| ChampCompare {
            code,
            libelle,
            rubrique: "Intitulé, statut et sélectivité",
            avant: dit(&avant, code),
            apres: dit(&apres, code),
            change: true,
            public: true,
        })
        .collect())
}
