//! Alarms sent to the operator's supervision service: a signed POST of JSON (JOU-5).

use std::time::Duration;

use app::ports::{EnvoiError, Futur, Message, Transporteur};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url};
use sha2::Sha256;

use crate::http;

/// The alarm's number in the outbox, the same at each retry: whoever receives it twice knows.
const ENTETE_ENVOI: &str = "Parcoursup-Envoi";
/// `sha256=` and the hexadecimal HMAC-SHA-256, under the shared secret, of the number, a dot and the body.
const ENTETE_SIGNATURE: &str = "Parcoursup-Signature";
/// A secret shorter than this is guessed.
const SECRET_OCTETS: usize = 32;

/// Settings of the service, already checked by the configuration.
#[derive(Clone)]
pub struct ReglagesSupervision {
    pub url: String,
    pub secret: String,
    pub delai: Duration,
}

impl std::fmt::Debug for ReglagesSupervision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReglagesSupervision({})", self.url)
    }
}

/// A setting that no service could be reached with.
#[derive(Debug, thiserror::Error)]
pub enum SupervisionInvalide {
    #[error("« {0} » n’est pas une adresse https (ou http://127.0.0.1 sur la machine elle-même)")]
    Url(String),
    #[error("le secret doit faire au moins {SECRET_OCTETS} caractères")]
    Secret,
    #[error("le client HTTP ne peut pas être préparé ({0})")]
    Client(String),
}

/// The service.
pub struct Supervision {
    client: Client,
    url: Url,
    secret: String,
}

impl std::fmt::Debug for Supervision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Supervision({})", self.url)
    }
}

/// Says whether the address can be one, without reaching it.
///
/// # Errors
/// [`SupervisionInvalide::Url`].
pub fn check_supervision(url: &str) -> Result<(), SupervisionInvalide> {
    http::address(url).map(|_| ()).ok_or_else(|| SupervisionInvalide::Url(url.to_owned()))
}

impl Supervision {
    /// Prepares the service; nothing is sent yet.
    ///
    /// # Errors
    /// [`SupervisionInvalide`].
    pub fn new(reglages: ReglagesSupervision) -> Result<Self, SupervisionInvalide> {
        let url =
            http::address(&reglages.url).ok_or_else(|| SupervisionInvalide::Url(reglages.url.clone()))?;
        if reglages.secret.len() < SECRET_OCTETS {
            return Err(SupervisionInvalide::Secret);
        }
        let client =
            http::client(reglages.delai).build().map_err(|e| SupervisionInvalide::Client(e.to_string()))?;
        Ok(Self { client, url, secret: reglages.secret })
    }

    fn signature(&self, m: &Message) -> Result<String, EnvoiError> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes())
            .map_err(|e| EnvoiError::Definitif(e.to_string()))?;
        for part in [m.identifiant.as_str(), ".", m.corps.as_str()] {
            mac.update(part.as_bytes());
        }
        Ok(format!("sha256={}", HEXLOWER.encode(&mac.finalize().into_bytes())))
    }
}

impl Transporteur for Supervision {
    /// An alarm is never given up because of an answer: a service that refuses it is mended, and the outbox bounds the
    /// attempts.
    fn send<'a>(&'a self, message: &'a Message) -> Futur<'a, Result<(), EnvoiError>> {
        Box::pin(async move {
            let envoi = self
                .client
                .post(self.url.clone())
                .header(CONTENT_TYPE, "application/json")
                .header(ENTETE_ENVOI, message.identifiant.as_str())
                .header(ENTETE_SIGNATURE, self.signature(message)?)
                .body(message.corps.clone());
            match envoi.send().await {
                Ok(reponse) if reponse.status().is_success() => Ok(()),
                Ok(reponse) => Err(EnvoiError::Passager(format!(
                    "le service de supervision ne répond pas correctement ({})",
                    reponse.status()
                ))),
                Err(e) if e.is_timeout() => {
                    Err(EnvoiError::Passager("le service de supervision ne répond pas à temps".to_owned()))
                }
                // The cause may hold the address, whose path may be a secret: not told.
                Err(_) => Err(EnvoiError::Passager("le service de supervision est injoignable".to_owned())),
            }
        })
    }
}
