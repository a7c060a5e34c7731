//! A receiver of events on this machine, for as long as the suite runs.

use std::net::Ipv4Addr;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long an event may take to come.
const ATTENTE: Duration = Duration::from_secs(30);

/// What came.
#[derive(Debug, Clone)]
pub struct Recu {
    pub id: String,
    pub horodatage: String,
    pub signatures: String,
    pub corps: Vec<u8>,
}

impl Recu {
    fn new(entetes: &HeaderMap, corps: &[u8]) -> Self {
        let entete = |nom| entetes.get(nom).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        Self {
            id: entete("webhook-id"),
            horodatage: entete("webhook-timestamp"),
            signatures: entete("webhook-signature"),
            corps: corps.to_vec(),
        }
    }

    /// R-API-07: one of its signatures is made with this secret, over its identifier, its instant and its bytes.
    pub fn is_signed(&self, secret: &str) -> bool {
        let Some(cle) = secret.strip_prefix("whsec_").and_then(|s| BASE64.decode(s.as_bytes()).ok()) else {
            return false;
        };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&cle) else { return false };
        mac.update(format!("{}.{}.", self.id, self.horodatage).as_bytes());
        mac.update(&self.corps);
        let signatures = self.signatures.split(' ').filter_map(|s| s.strip_prefix("v1,"));
        signatures
            .filter_map(|s| BASE64.decode(s.as_bytes()).ok())
            .any(|s| mac.clone().verify_slice(&s).is_ok())
    }
}

/// The receiver.
#[derive(Debug)]
pub struct Recepteur {
    pub url: String,
    recus: mpsc::UnboundedReceiver<Recu>,
    serveur: JoinHandle<()>,
}

impl Recepteur {
    /// Opens it on a free port.
    ///
    /// # Errors
    /// When the system refuses.
    pub async fn ouvre() -> std::io::Result<Self> {
        let prise = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/evenements", prise.local_addr()?);
        let (envoie, recus) = mpsc::unbounded_channel();
        let recoit = move |entetes: HeaderMap, corps: Bytes| async move {
            // Whoever waited is gone: the program ends.
            let _ = envoie.send(Recu::new(&entetes, &corps));
            StatusCode::NO_CONTENT
        };
        let routes: Router = Router::new().route("/evenements", post(recoit));
        let serveur = tokio::spawn(async move {
            if let Err(cause) = axum::serve(prise, routes).await {
                tracing::warn!(%cause, "récepteur d’événements");
            }
        });
        Ok(Self { url, recus, serveur })
    }

    /// The next event; `None`: nothing came.
    pub async fn attend(&mut self) -> Option<Recu> {
        timeout(ATTENTE, self.recus.recv()).await.ok().flatten()
    }
}

impl Drop for Recepteur {
    fn drop(&mut self) {
        self.serveur.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::Recu;

    /// The example that the specification of the signature gives.
    #[test]
    fn r_api_07_a_signature_is_verified_as_a_receiver_does() {
        let recu = Recu {
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned(),
            horodatage: "1614265330".to_owned(),
            signatures: "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=".to_owned(),
            corps: b"{\"test\": 2432232314}".to_vec(),
        };
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        assert!(recu.is_signed(secret));
        assert!(!recu.is_signed("whsec_AAAA") && !recu.is_signed("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));
        assert!(!Recu { corps: b"{}".to_vec(), ..recu.clone() }.is_signed(secret));
        assert!(!Recu { signatures: "v1,AAAA".to_owned(), ..recu }.is_signed(secret));
    }
}
