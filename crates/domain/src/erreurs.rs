//! Why a decision was refused: one variant per cause, a stable code, the data to explain it.

use jiff::Timestamp;

use crate::calendrier::Etape;

/// A rule that forbids what was asked. The French text of each code is in the message catalogue.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RuleViolation {
    #[error("not yet open")]
    NotYetOpen { etape: Etape, opens: Timestamp },
    #[error("closed")]
    Closed { etape: Etape, closes: Timestamp },
    #[error("no calendar for this step")]
    NotScheduled { etape: Etape },
    #[error("session is read-only")]
    SessionArchivee,
    #[error("forbidden transition from {from} by {event}")]
    ForbiddenTransition { from: &'static str, event: &'static str },
    #[error("ceiling {plafond} reached")]
    PlafondVoeux { plafond: u32 },
    #[error("already wished")]
    VoeuEnDouble,
    #[error("course is not open to wishes")]
    FormationNonPubliee,
    #[error("no ranking group admits this series")]
    AucunGroupe,
    #[error("the record is incomplete")]
    DossierIncomplet { champs: Vec<&'static str> },
    #[error("answer deadline passed")]
    EcheanceDepassee { echeance: Timestamp },
    #[error("invalid field {champ}: {motif}")]
    Champ { champ: &'static str, motif: &'static str },
    #[error("ranks are not contiguous")]
    RangsNonContigus { manquant: u32 },
    #[error("rank {rang} is asked for twice")]
    RangEnDouble { rang: u32 },
    #[error("a candidate is ranked twice")]
    CandidatClasseDeuxFois,
    #[error("unknown candidate in the ranking")]
    CandidatInconnu { numero: i64 },
    #[error("non selective courses rank every record")]
    ClassementIncomplet { manquants: u32 },
    #[error("nobody is ranked")]
    ClassementVide,
    #[error("this group is not ranked")]
    GroupeSansClassement,
    #[error("ranking already sent")]
    ClassementTransmis,
    #[error("ranking missing for {groupes} groups")]
    ClassementsManquants { groupes: u32 },
    #[error("scholarship rate missing for {groupes} groups")]
    TauxManquants { groupes: u32 },
    #[error("rate under the floor of {plancher} per cent")]
    TauxSousPlancher { plancher: u32 },
    #[error("the call orders are not published")]
    OrdreAppelManquant,
    #[error("a run of this day already exists")]
    PassageExistant,
    #[error("what is stored of this run is not what was computed")]
    PassageAltere,
    #[error("the run of day {jour} is neither published nor abandoned")]
    PassageEnAttente { jour: i32 },
    #[error("the same person cannot do both")]
    DeuxiemePersonne,
    #[error("this run is not in a state that allows it")]
    PassageIndisponible,
    #[error("places by group make {somme}, not {capacite}")]
    PlacesGroupes { capacite: i64, somme: i64 },
    #[error("the public already reads these values")]
    RienAPublier,
    #[error("data refused by the engine: {code}")]
    DonneesRefusees { code: &'static str },
}

impl RuleViolation {
    /// Stable code: key of the French text, and of the API's problem type.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotYetOpen { .. } => "pas_encore_ouvert",
            Self::Closed { .. } => "clos",
            Self::NotScheduled { .. } => "sans_echeance",
            Self::SessionArchivee => "session_archivee",
            Self::ForbiddenTransition { .. } => "transition_interdite",
            Self::PlafondVoeux { .. } => "plafond_voeux",
            Self::VoeuEnDouble => "voeu_en_double",
            Self::FormationNonPubliee => "formation_non_publiee",
            Self::AucunGroupe => "aucun_groupe",
            Self::DossierIncomplet { .. } => "dossier_incomplet",
            Self::EcheanceDepassee { .. } => "echeance_depassee",
            Self::Champ { .. } => "champ",
            Self::RangsNonContigus { .. } => "rangs_non_contigus",
            Self::RangEnDouble { .. } => "rang_en_double",
            Self::CandidatClasseDeuxFois => "candidat_classe_deux_fois",
            Self::CandidatInconnu { .. } => "candidat_inconnu",
            Self::ClassementIncomplet { .. } => "classement_incomplet",
            Self::ClassementVide => "classement_vide",
            Self::GroupeSansClassement => "groupe_sans_classement",
            Self::ClassementTransmis => "classement_transmis",
            Self::ClassementsManquants { .. } => "classements_manquants",
            Self::TauxManquants { .. } => "taux_manquants",
            Self::TauxSousPlancher { .. } => "taux_sous_plancher",
            Self::OrdreAppelManquant => "ordre_appel_manquant",
            Self::PassageExistant => "passage_existant",
            Self::PassageAltere => "passage_altere",
            Self::PassageEnAttente { .. } => "passage_en_attente",
            Self::DeuxiemePersonne => "deuxieme_personne",
            Self::PassageIndisponible => "passage_indisponible",
            Self::PlacesGroupes { .. } => "places_groupes",
            Self::RienAPublier => "rien_a_publier",
            Self::DonneesRefusees { .. } => "donnees_refusees",
        }
    }
}
