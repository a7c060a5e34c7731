//! What a day does, record by record, as it is kept: shown before it is applied, downloaded as a table.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::apprentissage::LigneRejet;

use crate::apprentissage::FauteRejet;
use crate::erreur::AppError;
use crate::idempotence::hash;
use crate::imports::{CompteFiches, LigneRapport, RapportApprentissage};
use crate::tableaux::FormatTableau;

/// A record that a day could not take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejetGarde {
    /// Name of its file.
    pub fichier: String,
    /// Among the records of it, from 1; 0 in the accounts kept before it was.
    #[serde(default)]
    pub rang: i64,
    /// Where it begins in it.
    pub ligne: i64,
    /// When it says it.
    pub identifiant: Option<String>,
    /// Title of its course, when it says it.
    #[serde(default)]
    pub intitule: Option<String>,
    /// Where it is, as far as it says it.
    #[serde(default)]
    pub lieu: Option<String>,
    /// At least one.
    pub fautes: Vec<FauteRejet>,
}

impl From<&LigneRejet> for RejetGarde {
    fn from(l: &LigneRejet) -> Self {
        Self {
            fichier: l.fichier.clone(),
            rang: l.rang,
            ligne: l.ligne,
            identifiant: l.identifiant.clone(),
            intitule: l.intitule.clone(),
            lieu: l.lieu.clone(),
            fautes: serde_json::from_str(&l.fautes).unwrap_or_default(),
        }
    }
}

/// What a day does, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RapportGarde {
    /// How many of each.
    pub compte: CompteFiches,
    /// What the session admits is written with it: its first day.
    pub perimetre_change: bool,
    /// Every record of which there is something to say, by identifier.
    pub lignes: Vec<LigneRapport>,
    /// Those that cannot be taken, in the order of the files.
    pub rejets: Vec<RejetGarde>,
}

/// Columns of the table, and what each is in the journal.
pub(crate) const COLONNES: [(&str, &str); 12] = [
    ("Ce que devient la fiche", "issue"),
    ("Identifiant", "identifiant"),
    ("Intitulé", "intitule"),
    ("Lieu", "lieu"),
    ("Fichier", "fichier"),
    ("Ligne", "ligne"),
    ("Champ", "champ"),
    ("Détail", "detail"),
    ("Nouveau statut", "statut"),
    ("Motif", "motif"),
    ("Répète la fiche", "doublon_de"),
    ("Avertissement", "avertissement"),
];

impl RapportGarde {
    pub(super) fn new(r: &RapportApprentissage) -> Self {
        Self {
            compte: r.compte.clone(),
            perimetre_change: r.perimetre_change,
            lignes: r.lignes.clone(),
            rejets: r.rejets.iter().map(RejetGarde::from).collect(),
        }
    }

    /// As it is kept.
    pub(super) fn json(&self) -> Result<String, AppError> {
        serde_json::to_string(self).map_err(AppError::internal)
    }

    /// One line a record that changes, one a fault of those refused.
    pub(super) fn rows(&self) -> Vec<[String; COLONNES.len()]> {
        let changees = self.lignes.iter().map(changed);
        changees.chain(self.rejets.iter().flat_map(refused)).collect()
    }

    /// The table, dated.
    pub(super) fn table(&self, le: Timestamp) -> Result<Vec<u8>, AppError> {
        FormatTableau::Csv.write("Journée", le, &COLONNES.map(|(titre, _)| titre), &self.rows())
    }
}

fn changed(l: &LigneRapport) -> [String; COLONNES.len()] {
    [
        l.verbe().to_owned(),
        l.identifiant.clone(),
        l.intitule.clone().unwrap_or_default(),
        l.lieu.clone().unwrap_or_default(),
        l.fichier.clone().unwrap_or_default(),
        l.ligne.map(|n| n.to_string()).unwrap_or_default(),
        String::new(),
        l.details.join(" ; "),
        l.devient().map_or_else(String::new, |s| s.libelle().to_owned()),
        l.raison.clone().unwrap_or_default(),
        l.doublon_de.clone().unwrap_or_default(),
        l.avertissement().unwrap_or_default(),
    ]
}

fn refused(r: &RejetGarde) -> Vec<[String; COLONNES.len()]> {
    let ligne = |f: &FauteRejet| {
        [
            "refusée".to_owned(),
            r.identifiant.clone().unwrap_or_default(),
            r.intitule.clone().unwrap_or_default(),
            r.lieu.clone().unwrap_or_default(),
            r.fichier.clone(),
            f.ligne.to_string(),
            f.champ.clone(),
            f.motif.clone(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
        ]
    };
    r.fautes.iter().map(ligne).collect()
}

/// What a report says, whoever asked for it: two that say the same are one.
pub(crate) fn fingerprint(r: &RapportApprentissage) -> Result<String, AppError> {
    Ok(hash(&RapportGarde::new(r).json()?))
}
