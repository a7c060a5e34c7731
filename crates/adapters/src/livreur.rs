//! Messages to programs: a signed POST to an address that a program gave, hence to none of ours (R-API-08).

use std::error::Error;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use app::ports::{Futur, Livreur, Notification};
use domain::interfaces::evenements::{EchecLivraison, check_url, is_reachable};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderName};
use reqwest::{Client, Url};

use crate::http;

/// How long a program has to answer.
const DELAI: Duration = Duration::from_secs(10);

const ENTETE_ID: HeaderName = HeaderName::from_static("webhook-id");
const ENTETE_HORODATAGE: HeaderName = HeaderName::from_static("webhook-timestamp");
const ENTETE_SIGNATURE: HeaderName = HeaderName::from_static("webhook-signature");

/// A name that leads to a network of ours.
#[derive(Debug, thiserror::Error)]
#[error("adresse interdite")]
struct Interdite;

/// Finds the addresses of a name, and gives only those that may be called: what was looked at is what is connected to.
struct Resolveur {
    boucle_locale: bool,
}

impl Resolve for Resolveur {
    fn resolve(&self, name: Name) -> Resolving {
        let boucle_locale = self.boucle_locale;
        Box::pin(async move {
            let adresses: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if adresses.is_empty() {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            // One that is ours among the others is enough: which one would be connected to is not ours to say.
            if adresses.iter().any(|a| !is_reachable(a.ip(), boucle_locale)) {
                return Err(Interdite.into());
            }
            Ok(Box::new(adresses.into_iter()) as Addrs)
        })
    }
}

/// Calls programs over HTTP.
pub struct LivreurHttp {
    client: Client,
    boucle_locale: bool,
}

impl std::fmt::Debug for LivreurHttp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LivreurHttp({})", self.boucle_locale)
    }
}

/// The client could not be prepared.
#[derive(Debug, thiserror::Error)]
#[error("le client HTTP ne peut pas être préparé ({0})")]
pub struct LivreurInvalide(String);

impl LivreurHttp {
    /// Prepares the calls; `boucle_locale`: the machine itself may be called, for a sandbox or a demonstration.
    ///
    /// # Errors
    /// [`LivreurInvalide`].
    pub fn new(boucle_locale: bool) -> Result<Self, LivreurInvalide> {
        Self::with_delai(boucle_locale, DELAI)
    }

    /// The same with another time to answer.
    ///
    /// # Errors
    /// [`LivreurInvalide`].
    pub fn with_delai(boucle_locale: bool, delai: Duration) -> Result<Self, LivreurInvalide> {
        let client = http::client(delai)
            // A proxy would look names up by itself.
            .no_proxy()
            .dns_resolver(Arc::new(Resolveur { boucle_locale }))
            .user_agent("Parcoursup")
            .build()
            .map_err(|e| LivreurInvalide(e.to_string()))?;
        Ok(Self { client, boucle_locale })
    }

    /// Looked at again at each call: what may be called may have changed since the subscription. An address written as
    /// numbers is looked up by nobody.
    fn url(&self, texte: &str) -> Result<Url, EchecLivraison> {
        check_url(texte, self.boucle_locale).map_err(|_| EchecLivraison::Interdite)?;
        let url = Url::parse(texte).map_err(|_| EchecLivraison::Interdite)?;
        let hote = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        match hote.parse::<IpAddr>() {
            Ok(ip) if !is_reachable(ip, self.boucle_locale) => Err(EchecLivraison::Interdite),
            _ => Ok(url),
        }
    }
}

/// Whether a call failed because of where it led.
fn is_forbidden(e: &reqwest::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = e.source();
    while let Some(c) = cause {
        if c.is::<Interdite>() {
            return true;
        }
        cause = c.source();
    }
    false
}

impl Livreur for LivreurHttp {
    fn boucle_locale(&self) -> bool {
        self.boucle_locale
    }

    fn post<'a>(&'a self, n: &'a Notification) -> Futur<'a, Result<u16, EchecLivraison>> {
        Box::pin(async move {
            let envoi = self
                .client
                .post(self.url(&n.url)?)
                .header(CONTENT_TYPE, "application/json")
                .header(ENTETE_ID, n.identifiant.as_str())
                .header(ENTETE_HORODATAGE, n.horodatage)
                .header(ENTETE_SIGNATURE, n.signature.as_str())
                .body(n.corps.clone());
            // The answer is dropped with its body unread, however long it is.
            match envoi.send().await {
                Ok(reponse) => Ok(reponse.status().as_u16()),
                Err(e) if e.is_timeout() => Err(EchecLivraison::Delai),
                Err(e) if is_forbidden(&e) => Err(EchecLivraison::Interdite),
                Err(_) => Err(EchecLivraison::Injoignable),
            }
        })
    }
}
