//! Errors of use cases.

use domain::droits::Denial;
use domain::{Fautes, RuleViolation};
use store::StoreError;

use crate::messages;

/// Why a use case did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A rule forbids it; shown to the person with what to do next.
    #[error("rule: {}", .0.code())]
    Rule(#[from] RuleViolation),
    /// The form is not acceptable: (field, French reason) for each fault.
    #[error("invalid input")]
    Invalid(Vec<(&'static str, String)>),
    /// HAB-4: the form has a field that is not of it, or not for this person: its name.
    #[error("field {0}")]
    Champ(String),
    /// No right; 404 when the object must stay unknown (HAB-3).
    #[error("denied")]
    Denied(#[from] Denial),
    /// A sensitive act asks for a second step first (HAB-7); nothing was done.
    #[error("second step needed")]
    Confirmation,
    /// Absent, or not to be known by this person: the page is the same.
    #[error("not found")]
    NotFound,
    /// Somebody was faster, or the same key was used for another request.
    #[error("conflict")]
    Conflict,
    /// Too many attempts; seconds to wait.
    #[error("too many attempts")]
    TooMany {
        /// Whole seconds, for the page and `Retry-After`.
        attente_s: u64,
    },
    /// The database does not answer, or the hashing queue is full (MDP-6); nothing was done.
    #[error("unavailable")]
    Unavailable,
    /// A broken invariant: the cause goes to the logs, never to the page.
    #[error("internal: {0}")]
    Internal(String),
}

impl AppError {
    /// A broken invariant, whatever its type.
    pub(crate) fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// The refusal of one course of several, with its name; whatever names it already, or is no rule, stays as it is.
    pub(crate) fn dans_lot(self, formation: impl FnOnce() -> String) -> Self {
        use RuleViolation as R;
        match self {
            Self::Rule(
                R::DansLot { .. }
                | R::DescriptionIncomplete { .. }
                | R::ControleALire { .. }
                | R::GrilleARelire { .. },
            ) => self,
            Self::Rule(cause) => Self::Rule(R::DansLot { formation: formation(), cause: Box::new(cause) }),
            autre => autre,
        }
    }
}

/// One fault is the rule that it breaks; several are told by field.
impl From<Fautes> for AppError {
    fn from(fautes: Fautes) -> Self {
        match fautes.liste() {
            [seule] => Self::Rule(seule.clone()),
            liste => Self::Invalid(liste.iter().map(|f| (f.champ(), messages::regle(f))).collect()),
        }
    }
}

impl From<StoreError> for AppError {
    fn from(e: StoreError) -> Self {
        match e {
            StoreError::Conflict(_) => Self::Conflict,
            StoreError::NotFound(_) => Self::NotFound,
            StoreError::Unavailable(cause) => {
                tracing::error!(%cause, "base indisponible");
                Self::Unavailable
            }
            autre => Self::Internal(autre.to_string()),
        }
    }
}
