//! The JSON of one case, as the oracle's README describes it. Absent keys are false, zero or nothing.

use serde::{Deserialize, Serialize};

/// What is needed to know how to read the rest.
#[derive(Debug, Deserialize)]
pub struct Enveloppe {
    /// Name of the case.
    #[serde(default)]
    pub cas: String,
    /// Which computation.
    #[serde(rename = "type")]
    pub genre: String,
}

/// A case whose input has the form `E`, and the output that goes with it when the file has one.
#[derive(Debug, Deserialize)]
pub struct Cas<E> {
    /// The input.
    pub entree: E,
    /// The recorded output.
    #[serde(default)]
    pub sortie: Option<serde_json::Value>,
}

/// Input of `ordre_appel`.
#[derive(Debug, Deserialize)]
pub struct EntreeOrdre {
    /// The groupes de classement.
    pub groupes_classement: Vec<GroupeClassementJson>,
}

/// One groupe de classement.
#[derive(Debug, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct GroupeClassementJson {
    /// Code.
    pub groupe: i64,
    /// Per cent.
    pub taux_min_boursiers: i32,
    /// Per cent.
    pub taux_min_residents: i32,
    /// Candidats classés, in any order.
    pub voeux: Vec<CandidatClasseJson>,
}

/// One candidat classé.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CandidatClasseJson {
    /// Code.
    pub candidat: i64,
    /// Pedagogical rank.
    pub rang: i32,
    /// Certified boursier.
    pub boursier: bool,
    /// Resident.
    pub resident: bool,
}

/// Input of `modification_classement`.
#[derive(Debug, Deserialize)]
pub struct EntreeModification {
    /// The groupe before.
    pub groupe_classement: GroupeClassementJson,
    /// The change.
    pub modification: ModificationJson,
}

/// A late change of ranking.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ModificationJson {
    /// Code of the candidat.
    pub candidat: i64,
    /// New pedagogical rank.
    pub nouveau_rang: i32,
    /// Certified boursier.
    pub boursier: bool,
    /// Resident.
    pub resident: bool,
}

/// Output of `ordre_appel`.
#[derive(Debug, Serialize, Deserialize)]
pub struct SortieOrdre {
    /// One per groupe, in input order.
    pub ordres_appel: Vec<OrdreAppelJson>,
}

/// The order of one groupe.
#[derive(Debug, Serialize, Deserialize)]
pub struct OrdreAppelJson {
    /// Code of the groupe.
    pub groupe: i64,
    /// Codes of the candidats, first called first.
    pub candidats: Vec<i64>,
}

/// Output of `modification_classement`.
#[derive(Debug, Serialize, Deserialize)]
pub struct SortieModification {
    /// The new rang d'appel.
    pub rang_appel: u32,
}

/// Output when the data are refused.
#[derive(Debug, Serialize, Deserialize)]
pub struct SortieErreur {
    /// The code.
    pub erreur: String,
}
