//! Errors of the interface: `application/problem+json` (RFC 9457), in French.

use app::{AppError, messages};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Un champ en faute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChampFautif {
    /// Son nom dans la demande.
    pub champ: String,
    /// Ce qui ne va pas, et que faire.
    pub message: String,
}

/// Ce qui n’a pas été.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Probleme {
    /// Référence, une par sorte.
    #[serde(rename = "type")]
    pub genre: String,
    /// La sorte, en quelques mots.
    pub title: &'static str,
    /// Statut HTTP.
    pub status: u16,
    /// Ce qui s’est passé, et que faire.
    pub detail: String,
    /// Code stable, pour les programmes.
    pub code: String,
    /// Champs en faute ; vide quand c’est l’ensemble.
    pub champs: Vec<ChampFautif>,
    /// Numéro de la demande, à donner à l’assistance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    #[serde(skip)]
    pub(super) attente_s: Option<u64>,
    /// Refused for want of rights, or an object unknown to this token: noted in the journal.
    #[serde(skip)]
    pub(super) refus: Option<Option<domain::droits::Action>>,
}

/// What handlers of the interface return.
pub type Rendu = Result<Response, Box<Probleme>>;

/// What a status is called, in the problems and in the guide.
pub(crate) fn titre(statut: StatusCode) -> &'static str {
    match statut {
        StatusCode::BAD_REQUEST => "Demande mal formée",
        StatusCode::UNAUTHORIZED => "Jeton absent ou sans effet",
        StatusCode::FORBIDDEN => "Acte non permis à ce jeton",
        StatusCode::NOT_FOUND => "Objet inconnu",
        StatusCode::METHOD_NOT_ALLOWED => "Méthode inconnue à cette adresse",
        StatusCode::REQUEST_TIMEOUT => "Envoi trop lent",
        StatusCode::CONFLICT => "Conflit",
        StatusCode::PRECONDITION_FAILED => "Version dépassée",
        StatusCode::PAYLOAD_TOO_LARGE => "Envoi trop volumineux",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "Format non accepté",
        StatusCode::UNPROCESSABLE_ENTITY => "Règle non respectée",
        StatusCode::PRECONDITION_REQUIRED => "Version attendue",
        StatusCode::TOO_MANY_REQUESTS => "Trop de demandes",
        StatusCode::SERVICE_UNAVAILABLE => "Service indisponible",
        _ => "Erreur interne",
    }
}

impl Probleme {
    /// A problem of a status, with its code and what to do.
    pub fn new(statut: StatusCode, code: &str, detail: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            genre: format!("/documentation/interfaces#{}", statut.as_u16()),
            title: titre(statut),
            status: statut.as_u16(),
            detail: detail.into(),
            code: code.to_owned(),
            champs: Vec::new(),
            instance: None,
            attente_s: None,
            refus: None,
        })
    }

    /// 400 on one field.
    pub fn champ(champ: impl Into<String>, message: impl Into<String>) -> Box<Self> {
        let (champ, message) = (champ.into(), message.into());
        let detail = if champ.is_empty() { message.clone() } else { format!("{champ} : {message}") };
        let mut p = Self::new(StatusCode::BAD_REQUEST, "demande_mal_formee", detail);
        p.champs.push(ChampFautif { champ, message });
        p
    }

    /// An object that does not exist, or not for this token.
    pub fn absent() -> Box<Self> {
        let detail = "Rien à cette adresse pour ce jeton : vérifiez l’identifiant, et que la formation ou l’établissement \
                      lui est confié.";
        let mut p = Self::new(StatusCode::NOT_FOUND, "inconnu", detail);
        p.refus = Some(None);
        p
    }

    /// The problem that a bare status stands for.
    pub(super) fn of_status(statut: StatusCode) -> Box<Self> {
        let (code, detail) = match statut {
            StatusCode::NOT_FOUND => {
                let mut p = Self::absent();
                p.refus = None;
                return p;
            }
            StatusCode::METHOD_NOT_ALLOWED => {
                ("methode", "Cette adresse n’accepte pas cette méthode : voyez l’en-tête Allow.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => ("trop_volumineux", "Le corps dépasse la taille admise."),
            StatusCode::REQUEST_TIMEOUT => {
                ("trop_lent", "Le corps n’est pas arrivé à temps : rien n’a été fait.")
            }
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                ("format", "Envoyez du JSON : Content-Type: application/json.")
            }
            StatusCode::SERVICE_UNAVAILABLE => (
                "indisponible",
                "La réponse n’est pas venue à temps. Refaites la même demande avec la même clé : elle ne compte qu’une fois.",
            ),
            s if s.is_client_error() => ("demande_mal_formee", "La demande n’a pas pu être lue."),
            _ => (
                "interne",
                "Une erreur s’est produite de notre côté. Pour savoir si l’acte est fait, refaites la même demande avec la même clé : elle ne compte qu’une fois. Donnez ce numéro à l’assistance.",
            ),
        };
        let mut p = Self::new(statut, code, detail);
        if statut == StatusCode::SERVICE_UNAVAILABLE {
            p.attente_s = Some(10);
        }
        p
    }
}

fn with_refus(mut p: Box<Probleme>, action: domain::droits::Action) -> Box<Probleme> {
    p.refus = Some(Some(action));
    p
}

impl From<AppError> for Box<Probleme> {
    fn from(e: AppError) -> Self {
        use StatusCode as S;
        match e {
            AppError::Rule(r) => {
                let mut p = Probleme::new(S::UNPROCESSABLE_ENTITY, r.code(), messages::regle(&r));
                if !r.champ().is_empty() {
                    p.champs.push(ChampFautif { champ: r.champ().to_owned(), message: p.detail.clone() });
                }
                p
            }
            AppError::Invalid(fautes) => {
                let detail = fautes.iter().map(|(_, m)| m.as_str()).collect::<Vec<_>>().join(" ");
                let mut p = Probleme::new(S::UNPROCESSABLE_ENTITY, "saisie", detail);
                p.champs = fautes
                    .into_iter()
                    .map(|(champ, message)| ChampFautif { champ: champ.to_owned(), message })
                    .collect();
                p
            }
            AppError::Champ(nom) => {
                let court: String = nom.chars().take(60).collect();
                Probleme::champ(
                    court,
                    "ce champ n’est pas de ceux que ce jeton écrit ici : rien n’a été enregistré.",
                )
            }
            AppError::Denied(d) if d.connu => {
                let detail = format!("Ce jeton ne permet pas cet acte : {}.", messages::action(d.action));
                with_refus(Probleme::new(S::FORBIDDEN, "acte_non_permis", detail), d.action)
            }
            AppError::Denied(d) => with_refus(Probleme::absent(), d.action),
            AppError::NotFound => Probleme::absent(),
            AppError::Confirmation => Probleme::new(
                S::FORBIDDEN,
                "seconde_etape",
                "Cet acte demande une seconde étape d’une personne : il se fait à l’écran.",
            ),
            AppError::Conflict => Probleme::new(
                S::CONFLICT,
                "conflit",
                "Quelqu’un a modifié l’objet entre-temps, ou cette clé d’idempotence a servi à une autre demande : rien n’a \
                 été écrasé. Relisez l’objet.",
            ),
            AppError::TooMany { attente_s } => {
                let detail = format!("La limite est atteinte : réessayez dans {attente_s} s.");
                {
                    let mut p = Probleme::new(S::TOO_MANY_REQUESTS, "limite", detail);
                    p.attente_s = Some(attente_s);
                    p
                }
            }
            AppError::Unavailable => Probleme::of_status(S::SERVICE_UNAVAILABLE),
            AppError::Internal(cause) => {
                // Logged once, here, where the error stops.
                tracing::error!(%cause, "erreur interne");
                Probleme::of_status(S::INTERNAL_SERVER_ERROR)
            }
        }
    }
}

/// Left on the answer for the middleware that numbers it and notes refusals.
#[derive(Debug, Clone)]
pub(super) struct Nu(pub Box<Probleme>);

impl IntoResponse for Box<Probleme> {
    fn into_response(self) -> Response {
        let statut = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut reponse = statut.into_response();
        reponse.extensions_mut().insert(Nu(self));
        reponse
    }
}

impl Probleme {
    /// The whole answer, under the number of its request. Headers of `nue` stay.
    pub(super) fn habille(mut self: Box<Self>, nue: Response, requete: &str) -> Response {
        self.instance = Some(requete.to_owned());
        let (mut parts, _) = nue.into_parts();
        parts.extensions.remove::<Nu>();
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(valeur) = self.attente_s.and_then(|s| HeaderValue::from_str(&s.to_string()).ok()) {
            parts.headers.insert(header::RETRY_AFTER, valeur);
        }
        if parts.status == StatusCode::UNAUTHORIZED {
            let defi = HeaderValue::from_static("Bearer realm=\"parcoursup\"");
            parts.headers.insert(header::WWW_AUTHENTICATE, defi);
        }
        let corps = serde_json::to_vec(&self).unwrap_or_default();
        Response::from_parts(parts, Body::from(corps))
    }
}
