//! SMS through the HTTP gateway of any operator: address, headers and body are settings.

use std::time::Duration;

use app::ports::{EnvoiError, Futur, Message, Transporteur};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode, Url};

use crate::http;

/// How the values are written in the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormatSms {
    Json,
    Formulaire,
}

/// Settings of the gateway, already checked by the configuration.
#[derive(Clone)]
pub struct ReglagesSms {
    pub url: String,
    /// `Authorization: Bearer {secret}`.
    pub entetes: Vec<String>,
    pub format: FormatSms,
    /// With `{destinataire}`, `{texte}`, `{identifiant}`, `{secret}`.
    pub corps: String,
    pub secret: Option<String>,
    pub delai: Duration,
}

impl std::fmt::Debug for ReglagesSms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReglagesSms({}, {:?})", self.url, self.format)
    }
}

/// A setting that no gateway could be reached with.
#[derive(Debug, thiserror::Error)]
pub enum SmsInvalide {
    #[error("« {0} » n’est pas une adresse https (ou http://127.0.0.1 sur la machine elle-même)")]
    Url(String),
    #[error("l’en-tête « {0} » n’est pas de la forme « Nom: valeur »")]
    Entete(String),
    #[error("le corps doit nommer {{destinataire}} et {{texte}}")]
    Corps,
    #[error("le client HTTP ne peut pas être préparé ({0})")]
    Client(String),
}

/// The gateway.
pub struct PasserelleSms {
    client: Client,
    url: Url,
    reglages: ReglagesSms,
}

impl std::fmt::Debug for PasserelleSms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PasserelleSms({})", self.reglages.url)
    }
}

/// The name of a header, before the colon: told in a fault, never its value, which may be a secret.
fn header(texte: &str, secret: &str) -> Result<(HeaderName, HeaderValue), SmsInvalide> {
    let faux = |nom: &str| SmsInvalide::Entete(nom.trim().to_owned());
    let (nom, valeur) = texte.split_once(':').ok_or_else(|| faux("?"))?;
    let lu = HeaderName::from_bytes(nom.trim().as_bytes()).map_err(|_| faux(nom))?;
    let mut valeur =
        HeaderValue::from_str(valeur.trim().replace("{secret}", secret).as_str()).map_err(|_| faux(nom))?;
    valeur.set_sensitive(true);
    Ok((lu, valeur))
}

/// Says whether the settings make a gateway, without reaching it.
///
/// # Errors
/// [`SmsInvalide`].
pub fn check_sms(r: &ReglagesSms) -> Result<(), SmsInvalide> {
    PasserelleSms::new(r.clone()).map(|_| ())
}

impl PasserelleSms {
    /// Prepares the gateway; nothing is sent yet.
    ///
    /// # Errors
    /// [`SmsInvalide`].
    pub fn new(reglages: ReglagesSms) -> Result<Self, SmsInvalide> {
        let url = http::address(&reglages.url).ok_or_else(|| SmsInvalide::Url(reglages.url.clone()))?;
        if !["{destinataire}", "{texte}"].iter().all(|champ| reglages.corps.contains(champ)) {
            return Err(SmsInvalide::Corps);
        }
        let secret = reglages.secret.as_deref().unwrap_or("");
        let entetes: HeaderMap =
            reglages.entetes.iter().map(|e| header(e, secret)).collect::<Result<_, _>>()?;
        let client = http::client(reglages.delai)
            .default_headers(entetes)
            .build()
            .map_err(|e| SmsInvalide::Client(e.to_string()))?;
        Ok(Self { client, url, reglages })
    }

    fn body(&self, m: &Message) -> String {
        let format = self.reglages.format;
        let secret = self.reglages.secret.as_deref().unwrap_or("");
        let valeurs = [
            ("{destinataire}", m.destinataire.as_str()),
            ("{texte}", m.corps.as_str()),
            ("{identifiant}", m.identifiant.as_str()),
            ("{secret}", secret),
        ];
        fill(&self.reglages.corps, &valeurs, |v| escape(v, format))
    }
}

/// Replaces each field once, from left to right: what a value holds is never taken for a field.
fn fill(modele: &str, valeurs: &[(&str, &str)], escape: impl Fn(&str) -> String) -> String {
    let mut sortie = String::with_capacity(modele.len() + 200);
    let mut reste = modele;
    while let Some((ou, champ, valeur)) =
        valeurs.iter().filter_map(|(c, v)| reste.find(c).map(|ou| (ou, *c, *v))).min_by_key(|(ou, _, _)| *ou)
    {
        sortie.push_str(&reste[..ou]);
        sortie.push_str(&escape(valeur));
        reste = &reste[ou + champ.len()..];
    }
    sortie.push_str(reste);
    sortie
}

fn escape(valeur: &str, format: FormatSms) -> String {
    match format {
        FormatSms::Json => {
            let texte = serde_json::Value::from(valeur).to_string();
            texte[1..texte.len() - 1].to_owned()
        }
        FormatSms::Formulaire => valeur
            .bytes()
            .map(|o| match o {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(o).to_string(),
                _ => format!("%{o:02X}"),
            })
            .collect(),
    }
}

/// What to think of an answer. Refused credentials are ours, never the message's: it is tried again.
fn outcome(statut: StatusCode) -> Result<(), EnvoiError> {
    match statut.as_u16() {
        200..=299 => Ok(()),
        401 | 403 => {
            Err(EnvoiError::Passager(format!("la passerelle SMS refuse nos identifiants ({statut})")))
        }
        408 | 425 | 429 => {
            Err(EnvoiError::Passager(format!("la passerelle SMS demande de réessayer ({statut})")))
        }
        400..=499 => Err(EnvoiError::Definitif(format!("refusé par la passerelle SMS ({statut})"))),
        _ => Err(EnvoiError::Passager(format!("la passerelle SMS ne répond pas correctement ({statut})"))),
    }
}

impl Transporteur for PasserelleSms {
    fn send<'a>(&'a self, message: &'a Message) -> Futur<'a, Result<(), EnvoiError>> {
        Box::pin(async move {
            let genre = match self.reglages.format {
                FormatSms::Json => "application/json",
                FormatSms::Formulaire => "application/x-www-form-urlencoded",
            };
            let envoi = self
                .client
                .post(self.url.clone())
                .header(CONTENT_TYPE, genre)
                .body(self.body(message))
                .send();
            match envoi.await {
                Ok(reponse) => outcome(reponse.status()),
                Err(e) if e.is_timeout() => {
                    Err(EnvoiError::Passager("la passerelle SMS ne répond pas à temps".to_owned()))
                }
                // The cause may hold the address with its secrets: not told.
                Err(_) => Err(EnvoiError::Passager("la passerelle SMS est injoignable".to_owned())),
            }
        })
    }
}
