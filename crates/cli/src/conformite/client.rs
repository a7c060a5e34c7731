//! Calls to the interface. Every answer is held against the description: a status or a format that it does not announce is a fault.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use reqwest::{Method, Url, redirect};
use serde::Deserialize;
use serde_json::Value;

use super::description::Description;
use super::{Echec, defaut, exige};

/// How long an answer is waited for.
const DELAI: Duration = Duration::from_secs(60);
/// Characters of an answer that a fault quotes.
const CITE: usize = 300;

/// A course of the sandbox.
#[derive(Debug, Clone, Deserialize)]
pub struct Formation {
    pub id: String,
}

/// A sandbox, as its opening gives it.
#[derive(Debug, Clone, Deserialize)]
pub struct Sandbox {
    pub jeton: Option<String>,
    pub annee: i64,
    pub etablissement: String,
    pub formations: Vec<Formation>,
}

/// Whoever calls.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
    locale: bool,
    jeton: Option<String>,
    description: Arc<Description>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reponse {
    pub statut: u16,
    pub entetes: HeaderMap,
    pub corps: Vec<u8>,
    /// Of JSON; null otherwise.
    pub json: Value,
}

/// The address without a path, and whether it is that of this machine. Tokens travel in clear nowhere else.
fn origine(adresse: &str) -> Result<(String, bool)> {
    let url = Url::parse(adresse.trim()).ok().filter(Url::has_host).with_context(|| {
        format!("« {adresse} » n’est pas une adresse : écrivez par exemple http://localhost:8024")
    })?;
    let locale = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    if url.scheme() != "https" && !(url.scheme() == "http" && locale) {
        bail!("« {adresse} » n’est ni en https ni sur cette machine : un jeton n’y voyage pas en clair.");
    }
    Ok((url.origin().ascii_serialization(), locale))
}

impl Client {
    /// Reads the description at an address.
    ///
    /// # Errors
    /// One sentence, when nothing answers there or when it is something else.
    pub async fn new(adresse: &str, jeton: Option<&str>) -> Result<Self> {
        let (base, locale) = origine(adresse)?;
        let mut http = reqwest::Client::builder()
            .timeout(DELAI)
            .redirect(redirect::Policy::none())
            .user_agent(concat!("parcoursup-conformite/", env!("CARGO_PKG_VERSION")));
        if locale {
            // A proxy does not know the machine that calls it.
            http = http.no_proxy();
        }
        let http = http.build().context("le client HTTP ne peut pas être préparé")?;
        let reponse = http.get(format!("{base}/api/v1/openapi.json")).send().await;
        let Ok(reponse) = reponse else {
            bail!("{base} ne répond pas : vérifiez l’adresse, et que le serveur y est démarré.");
        };
        let lu = reponse.bytes().await.ok().and_then(|o| serde_json::from_slice(&o).ok());
        let Some(description) = lu.and_then(Description::new) else {
            bail!(
                "{base} répond, mais n’a pas d’interface Parcoursup : {base}/api/v1/openapi.json n’en est pas la description."
            );
        };
        let jeton = jeton.map(str::to_owned);
        Ok(Self { http, base, locale, jeton, description: Arc::new(description) })
    }

    /// Where it calls.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// That address is of this machine.
    pub fn is_local(&self) -> bool {
        self.locale
    }

    /// A token was given.
    pub fn has_jeton(&self) -> bool {
        self.jeton.is_some()
    }

    /// What is called.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The same with another token, or none.
    pub fn avec(&self, jeton: Option<&str>) -> Self {
        Self { jeton: jeton.map(str::to_owned), ..self.clone() }
    }

    /// A call to prepare.
    pub fn demande(&self, methode: Method, chemin: &str) -> Demande<'_> {
        Demande { client: self, methode, chemin: chemin.to_owned(), entetes: Vec::new(), corps: None }
    }

    /// Reads, whatever is answered.
    pub async fn get(&self, chemin: &str) -> Result<Reponse, Echec> {
        self.demande(Method::GET, chemin).envoie().await
    }

    /// Reads what must be there.
    pub async fn lit(&self, chemin: &str) -> Result<Reponse, Echec> {
        self.get(chemin).await?.exige(200)
    }
}

/// A call.
#[must_use]
pub struct Demande<'a> {
    client: &'a Client,
    methode: Method,
    chemin: String,
    entetes: Vec<(&'static str, String)>,
    corps: Option<Vec<u8>>,
}

impl Demande<'_> {
    /// A header.
    pub fn entete(mut self, nom: &'static str, valeur: &str) -> Self {
        self.entetes.push((nom, valeur.to_owned()));
        self
    }

    /// The version that was read.
    pub fn si_version(self, etag: &str) -> Self {
        self.entete("if-match", etag)
    }

    /// The key of the call.
    pub fn cle(self, cle: &str) -> Self {
        self.entete("idempotency-key", cle)
    }

    /// A body in JSON.
    pub fn json(self, corps: &Value) -> Self {
        self.corps("application/json", corps.to_string())
    }

    /// A body of any type.
    pub fn corps(mut self, genre: &str, corps: impl Into<Vec<u8>>) -> Self {
        self.entetes.push(("content-type", genre.to_owned()));
        self.corps = Some(corps.into());
        self
    }

    /// Calls; the status and the format of the answer must be announced.
    pub async fn envoie(self) -> Result<Reponse, Echec> {
        let quoi = format!("{} {}", self.methode, self.chemin);
        let mut appel =
            self.client.http.request(self.methode.clone(), format!("{}{}", self.client.base, self.chemin));
        if let Some(jeton) = &self.client.jeton {
            appel = appel.header(AUTHORIZATION, format!("Bearer {jeton}"));
        }
        for (nom, valeur) in self.entetes {
            appel = appel.header(nom, valeur);
        }
        if let Some(corps) = self.corps {
            appel = appel.body(corps);
        }
        let muet = |_| defaut(format!("une réponse à {quoi}"), "rien : la connexion s’est fermée");
        let reponse = appel.send().await.map_err(muet)?;
        let (statut, entetes) = (reponse.status().as_u16(), reponse.headers().clone());
        let corps = reponse.bytes().await.map_err(muet)?.to_vec();
        let r = Reponse { statut, json: serde_json::from_slice(&corps).unwrap_or_default(), entetes, corps };
        let genre = r.entete(CONTENT_TYPE.as_str()).split(';').next().unwrap_or_default().trim();
        let genre = if r.corps.is_empty() { None } else { Some(genre) };
        self.client
            .description
            .check(self.methode.as_str(), &self.chemin, statut, genre)
            .map_err(|attendu| defaut(attendu, r.dit()))?;
        Ok(r)
    }
}

impl Reponse {
    /// A header; empty when it is absent.
    pub fn entete(&self, nom: &str) -> &str {
        self.entetes.get(nom).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }

    /// The version to send back.
    pub fn etag(&self) -> &str {
        self.entete("etag")
    }

    /// A text of the body; empty when it is absent.
    pub fn texte(&self, champ: &str) -> &str {
        self.json[champ].as_str().unwrap_or_default()
    }

    /// The answer, short enough to be quoted.
    pub fn dit(&self) -> String {
        let corps = String::from_utf8_lossy(&self.corps);
        let mut court: String = corps.chars().take(CITE).collect();
        if corps.chars().count() > CITE {
            court.push('…');
        }
        format!("{} {court}", self.statut).trim_end().to_owned()
    }

    /// That status, or a fault.
    pub fn exige(self, statut: u16) -> Result<Self, Echec> {
        exige(self.statut == statut, format!("le statut {statut}"), self.dit())?;
        Ok(self)
    }

    /// A problem of this status and of this code, whole.
    pub fn probleme(self, statut: u16, code: &str) -> Result<Self, Echec> {
        let r = self.exige(statut)?;
        exige(
            r.entete("content-type").starts_with("application/problem+json"),
            "un document application/problem+json",
            r.entete("content-type"),
        )?;
        for membre in ["type", "title", "detail", "code", "instance"] {
            exige(!r.texte(membre).is_empty(), format!("un membre « {membre} » dans le problème"), r.dit())?;
        }
        exige(r.json["status"] == statut, format!("un membre « status » de valeur {statut}"), r.dit())?;
        exige(r.json["champs"].is_array(), "une liste « champs » dans le problème", r.dit())?;
        exige(code.is_empty() || r.texte("code") == code, format!("le code « {code} »"), r.dit())?;
        Ok(r)
    }

    /// The fault names this field.
    pub fn nomme(self, champ: &str) -> Result<Self, Echec> {
        let vu = self.json["champs"].as_array().is_some_and(|l| l.iter().any(|c| c["champ"] == champ));
        exige(vu, format!("le champ « {champ} » nommé dans « champs »"), self.dit())?;
        Ok(self)
    }

    /// The receipt of an act.
    pub fn recepisse(&self) -> Result<String, Echec> {
        let numero = self.entete("recepisse");
        exige(!numero.is_empty(), "un récépissé, dans l’en-tête Recepisse", self.dit())?;
        Ok(numero.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::origine;

    #[test]
    fn a_token_travels_under_https_or_stays_on_the_machine() {
        let lu = |a: &str| origine(a).ok();
        assert_eq!(lu("http://localhost:8024/"), Some(("http://localhost:8024".to_owned(), true)));
        assert_eq!(lu("http://127.0.0.1:8024/api/v1"), Some(("http://127.0.0.1:8024".to_owned(), true)));
        assert_eq!(lu("https://essai.example"), Some(("https://essai.example".to_owned(), false)));
        for refusee in
            ["http://essai.example", "localhost:8024", "essai", "ftp://localhost", "http://localhost.example"]
        {
            assert_eq!(lu(refusee), None, "{refusee}");
        }
    }
}
