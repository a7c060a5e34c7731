//! The one place that maps `AppError` to a status and a sentence.

use app::{AppError, messages};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use domain::droits::Action;

use crate::components::Formulaire;

/// Error of a handler. The page around it is drawn by the context middleware.
#[derive(Debug)]
pub struct Erreur(pub AppError);

/// What handlers return.
pub type Resultat = Result<Response, Erreur>;

impl<E: Into<AppError>> From<E> for Erreur {
    fn from(e: E) -> Self {
        Self(e.into())
    }
}

/// Left on a bare response for the middleware that dresses it.
#[derive(Debug, Clone)]
pub(super) struct ErreurNue {
    pub statut: StatusCode,
    pub detail: Option<String>,
    pub attente: Option<u32>,
    /// Refused for want of rights: someone not signed in is sent to sign in.
    pub refus: Option<Action>,
    /// The object does not exist, or not for this person.
    pub absent: bool,
    /// The page is for people signed in.
    pub reservee: bool,
    /// A sensitive act asks for a second step first (HAB-7).
    pub confirmation: bool,
}

impl Erreur {
    /// What the page will say of it.
    pub(super) fn nue(self) -> ErreurNue {
        let mut nue = ErreurNue {
            statut: StatusCode::INTERNAL_SERVER_ERROR,
            detail: None,
            attente: None,
            refus: None,
            absent: false,
            reservee: false,
            confirmation: false,
        };
        match self.0 {
            AppError::Rule(r) => {
                nue.statut = StatusCode::UNPROCESSABLE_ENTITY;
                nue.detail = Some(messages::regle(&r));
            }
            AppError::Invalid(fautes) => {
                nue.statut = StatusCode::UNPROCESSABLE_ENTITY;
                nue.detail = Some(fautes.into_iter().map(|(_, m)| m).collect::<Vec<_>>().join(" "));
            }
            AppError::Champ(nom) => {
                nue.statut = StatusCode::BAD_REQUEST;
                nue.detail = Some(messages::champ_interdit(&nom));
            }
            AppError::Denied(d) => {
                nue.statut = if d.connu { StatusCode::FORBIDDEN } else { StatusCode::NOT_FOUND };
                nue.refus = Some(d.action);
                nue.detail = (d.connu && d.action == Action::ConsulterCapacites)
                    .then(|| "Les capacités et les frais ne se lisent pas avec votre rôle.".to_owned());
            }
            AppError::NotFound => {
                nue.statut = StatusCode::NOT_FOUND;
                nue.absent = true;
            }
            AppError::Confirmation => {
                nue.statut = StatusCode::FORBIDDEN;
                nue.confirmation = true;
            }
            AppError::Conflict => {
                nue.statut = StatusCode::CONFLICT;
                nue.detail = Some(
                    "Une autre personne ou un autre onglet les a modifiées, ou ce formulaire a déjà servi : rien n’a été \
                     écrasé."
                        .to_owned(),
                );
            }
            AppError::TooMany { attente_s } => {
                nue.statut = StatusCode::TOO_MANY_REQUESTS;
                nue.attente = Some(u32::try_from(attente_s).unwrap_or(u32::MAX));
            }
            AppError::Unavailable => {
                nue.statut = StatusCode::SERVICE_UNAVAILABLE;
                nue.attente = Some(10);
            }
            // Logged once, here, where the error stops; the person reads a reference number only.
            AppError::Internal(cause) => tracing::error!(%cause, "erreur interne"),
        }
        nue
    }
}

impl IntoResponse for Erreur {
    fn into_response(self) -> Response {
        let nue = self.nue();
        let mut reponse = nue.statut.into_response();
        reponse.extensions_mut().insert(nue);
        reponse
    }
}

/// Puts a refusal that the person can mend into the form, to show it again with 422; gives back any other error.
///
/// # Errors
/// The error itself when it is not about the input.
pub fn refuse(form: &mut Formulaire, e: AppError) -> Result<(), Erreur> {
    match e {
        AppError::Rule(r) => {
            match r.champ() {
                "" => form.refuse_tout(messages::regle(&r)),
                champ => form.refuse(champ, messages::regle(&r)),
            }
            Ok(())
        }
        AppError::Invalid(fautes) => {
            for (champ, message) in fautes {
                form.refuse(champ, message);
            }
            Ok(())
        }
        autre => Err(Erreur(autre)),
    }
}
