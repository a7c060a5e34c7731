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

/// Input of `propositions`.
#[derive(Debug, Deserialize)]
pub struct EntreePropositions {
    /// The days.
    pub parametres: ParametresJson,
    /// The groupes d'affectation.
    pub groupes: Vec<GroupeJson>,
    /// The internats.
    #[serde(default)]
    pub internats: Vec<InternatJson>,
    /// The voeux.
    pub voeux: Vec<VoeuJson>,
    /// Candidats whose répondeur automatique is active.
    #[serde(default)]
    pub candidats_repondeur: Vec<i64>,
}

/// The days.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct ParametresJson {
    pub jour: i32,
    pub jour_fin_reservation_internats: i32,
    pub jour_debut_gdd: i32,
    pub jour_fin_ordonnancement_gdd: i32,
}

/// A groupe d'affectation.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct GroupeJson {
    pub id: i64,
    pub groupe_classement: i64,
    pub formation_inscription: i64,
    pub formation: i64,
    pub places: i32,
    pub rang_limite: i32,
    pub rang_dernier_appele: i32,
    pub rang_dernier_appele_reference: i32,
    pub fin_reservation_internats: bool,
    pub admissions_suspendues: bool,
}

/// An internat.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct InternatJson {
    pub id: i64,
    pub classement_internat: i64,
    pub formation_inscription: i64,
    pub formation: i64,
    pub capacite: i32,
}

/// A voeu.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct VoeuJson {
    pub candidat: i64,
    pub groupe: i64,
    pub avec_internat: bool,
    pub internat: Option<i64>,
    pub rang_internat: i32,
    pub rang_appel: i32,
    pub rang_appel_affiche: Option<i32>,
    pub rang_preference: i32,
    pub statut: StatutJson,
    pub hors_pp: bool,
    pub ignorer_rang_attente: bool,
    pub ignorer_barre_internat: bool,
    pub rang_attente_veille: i32,
}

/// The statut of a voeu, by its name.
#[derive(Debug, Default, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub enum StatutJson {
    #[default]
    EnAttente,
    PropositionDuJour,
    RaDemissionAttente,
    GddDemissionAttente,
    GddDemissionProposition,
    RaAcceptation,
    RaRefusProposition,
    PropositionAnterieureSansReponse,
    PropositionAnterieureAcceptee,
    PropositionAnterieureRefusee,
    RefusOuDemission,
    NonClasse,
}

/// Output of `propositions`.
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct SortiePropositions {
    pub alerte: bool,
    pub avertissement: bool,
    pub groupes_ecartes: Vec<i64>,
    /// Ours: the day was computed again without these groupes.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reparee: bool,
    pub changements: Vec<ChangementJson>,
    #[serde(default)]
    pub rangs_attente: Vec<RangAttenteJson>,
    #[serde(default)]
    pub groupes: Vec<AffichageGroupeJson>,
    #[serde(default)]
    pub internats: Vec<AffichageInternatJson>,
}

/// A voeu whose statut changes.
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct ChangementJson {
    pub voeu: u32,
    pub statut: StatutJson,
}

/// The waiting rank of a voeu.
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct RangAttenteJson {
    pub voeu: u32,
    pub rang: u32,
}

/// What a groupe displays.
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct AffichageGroupeJson {
    pub id: i64,
    pub estimation_rang_dernier_appele: Option<i64>,
    pub rang_dernier_appele_affiche: i32,
    pub candidats_en_attente: u32,
}

/// What an internat displays.
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct AffichageInternatJson {
    pub id: i64,
    pub barre_maximale: Option<i32>,
    pub barre: Option<i32>,
    pub affichages: Vec<BarresJson>,
}

/// The bars of a groupe in an internat.
#[derive(Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct BarresJson {
    pub groupe: i64,
    pub barre_appel: i32,
    pub barre_internat: i32,
}
