//! The JSON of one case, as the oracle's README describes it. Absent keys are false, zero or nothing.

use serde::{Deserialize, Serialize};

/// An absent key is the default: nothing is lost by leaving it out.
fn is_default<T: Default + PartialEq>(valeur: &T) -> bool {
    *valeur == T::default()
}

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
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct EntreeOrdre {
    /// The groupes de classement.
    pub groupes_classement: Vec<GroupeClassementJson>,
}

/// One groupe de classement.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GroupeClassementJson {
    /// Code.
    pub groupe: i64,
    /// Per cent.
    #[serde(skip_serializing_if = "is_default")]
    pub taux_min_boursiers: i32,
    /// Per cent.
    #[serde(skip_serializing_if = "is_default")]
    pub taux_min_residents: i32,
    /// Candidats classés, in any order.
    pub voeux: Vec<CandidatClasseJson>,
}

/// One candidat classé.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CandidatClasseJson {
    /// Code.
    pub candidat: i64,
    /// Pedagogical rank.
    #[serde(skip_serializing_if = "is_default")]
    pub rang: i32,
    /// Certified boursier.
    #[serde(skip_serializing_if = "is_default")]
    pub boursier: bool,
    /// Resident.
    #[serde(skip_serializing_if = "is_default")]
    pub resident: bool,
}

/// Input of `modification_classement`.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct EntreeModification {
    /// The groupe before.
    pub groupe_classement: GroupeClassementJson,
    /// The change.
    pub modification: ModificationJson,
}

/// A late change of ranking.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModificationJson {
    /// Code of the candidat.
    pub candidat: i64,
    /// New pedagogical rank.
    #[serde(skip_serializing_if = "is_default")]
    pub nouveau_rang: i32,
    /// Certified boursier.
    #[serde(skip_serializing_if = "is_default")]
    pub boursier: bool,
    /// Resident.
    #[serde(skip_serializing_if = "is_default")]
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
#[derive(Debug, PartialEq, Serialize, Deserialize)]
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
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct ParametresJson {
    #[serde(skip_serializing_if = "is_default")]
    pub jour: i32,
    #[serde(skip_serializing_if = "is_default")]
    pub jour_fin_reservation_internats: i32,
    #[serde(skip_serializing_if = "is_default")]
    pub jour_debut_gdd: i32,
    #[serde(skip_serializing_if = "is_default")]
    pub jour_fin_ordonnancement_gdd: i32,
}

/// A groupe d'affectation.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct GroupeJson {
    pub id: i64,
    pub groupe_classement: i64,
    #[serde(skip_serializing_if = "is_default")]
    pub formation_inscription: i64,
    pub formation: i64,
    #[serde(skip_serializing_if = "is_default")]
    pub places: i32,
    #[serde(skip_serializing_if = "is_default")]
    pub rang_limite: i32,
    #[serde(skip_serializing_if = "is_default")]
    pub rang_dernier_appele: i32,
    #[serde(skip_serializing_if = "is_default")]
    pub rang_dernier_appele_reference: i32,
    #[serde(skip_serializing_if = "is_default")]
    pub fin_reservation_internats: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub admissions_suspendues: bool,
}

/// An internat.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct InternatJson {
    pub id: i64,
    #[serde(skip_serializing_if = "is_default")]
    pub classement_internat: i64,
    #[serde(skip_serializing_if = "is_default")]
    pub formation_inscription: i64,
    pub formation: i64,
    #[serde(skip_serializing_if = "is_default")]
    pub capacite: i32,
}

/// A voeu.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the names are those of the exchange format, documented in the engine")]
pub struct VoeuJson {
    pub candidat: i64,
    pub groupe: i64,
    #[serde(skip_serializing_if = "is_default")]
    pub avec_internat: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub internat: Option<i64>,
    #[serde(skip_serializing_if = "is_default")]
    pub rang_internat: i32,
    #[serde(skip_serializing_if = "is_default")]
    pub rang_appel: i32,
    #[serde(skip_serializing_if = "is_default")]
    pub rang_appel_affiche: Option<i32>,
    #[serde(skip_serializing_if = "is_default")]
    pub rang_preference: i32,
    #[serde(skip_serializing_if = "is_default")]
    pub statut: StatutJson,
    #[serde(skip_serializing_if = "is_default")]
    pub hors_pp: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub ignorer_rang_attente: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub ignorer_barre_internat: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub rang_attente_veille: i32,
}

/// The statut of a voeu, by its name.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
