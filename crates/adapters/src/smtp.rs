//! Mail through a relay, by SMTP.

use std::time::Duration;

use app::ports::{EnvoiError, Futur, Message, Transporteur};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MessageBuilder, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{Error as ErreurSmtp, PoolConfig};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

/// How the conversation with the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecuriteSmtp {
    /// TLS from the first byte (port 465).
    Tls,
    /// Plain greeting, then TLS is required (port 587).
    StartTls,
    /// None: a relay of the same machine only.
    Aucune,
}

/// Settings of the relay, already checked by the configuration.
#[derive(Clone)]
pub struct ReglagesSmtp {
    pub hote: String,
    pub port: u16,
    pub securite: SecuriteSmtp,
    /// User and password, for a relay that asks.
    pub identifiants: Option<(String, String)>,
    /// `Parcoursup <ne-pas-repondre@parcoursup.example>`.
    pub expediteur: String,
    pub repondre_a: Option<String>,
    pub delai: Duration,
}

impl std::fmt::Debug for ReglagesSmtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ReglagesSmtp({}:{}, {:?})", self.hote, self.port, self.securite)
    }
}

/// A setting that no relay could be reached with.
#[derive(Debug, thiserror::Error)]
pub enum ReglageInvalide {
    #[error("« {0} » n’est pas une adresse de messagerie")]
    Adresse(String),
    #[error("le chiffrement avec « {hote} » ne peut pas être préparé ({cause})")]
    Tls { hote: String, cause: String },
}

/// The relay.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    expediteur: Mailbox,
    repondre_a: Option<Mailbox>,
    delai: Duration,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Smtp({})", self.expediteur.email)
    }
}

fn mailbox(texte: &str) -> Result<Mailbox, ReglageInvalide> {
    texte.parse().map_err(|_| ReglageInvalide::Adresse(texte.to_owned()))
}

/// Says whether a text is a mail address, alone or with a name, without preparing a relay.
///
/// # Errors
/// [`ReglageInvalide::Adresse`].
pub fn check_adresse(texte: &str) -> Result<(), ReglageInvalide> {
    mailbox(texte).map(|_| ())
}

impl Smtp {
    /// Prepares the relay; nothing is sent yet. Needs the executor: the pool of connections lives in it.
    ///
    /// # Errors
    /// [`ReglageInvalide`].
    pub fn new(r: &ReglagesSmtp) -> Result<Self, ReglageInvalide> {
        let parametres = || {
            TlsParameters::new(r.hote.clone())
                .map_err(|e| ReglageInvalide::Tls { hote: r.hote.clone(), cause: e.to_string() })
        };
        let tls = match r.securite {
            SecuriteSmtp::Tls => Tls::Wrapper(parametres()?),
            SecuriteSmtp::StartTls => Tls::Required(parametres()?),
            SecuriteSmtp::Aucune => Tls::None,
        };
        let mut constructeur = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&r.hote)
            .port(r.port)
            .tls(tls)
            .timeout(Some(r.delai))
            .pool_config(PoolConfig::new().max_size(4).idle_timeout(Duration::from_secs(30)));
        if let Some((utilisateur, mot_de_passe)) = &r.identifiants {
            constructeur =
                constructeur.credentials(Credentials::new(utilisateur.clone(), mot_de_passe.clone()));
        }
        Ok(Self {
            transport: constructeur.build(),
            expediteur: mailbox(&r.expediteur)?,
            repondre_a: r.repondre_a.as_deref().map(mailbox).transpose()?,
            delai: r.delai,
        })
    }

    /// Greets the relay (and signs in to it) without sending anything.
    ///
    /// # Errors
    /// What the relay or the network answered.
    pub async fn check(&self) -> Result<(), EnvoiError> {
        match tokio::time::timeout(self.delai, self.transport.test_connection()).await {
            Err(_) => Err(EnvoiError::Passager(self.trop_long())),
            Ok(Err(e)) => Err(outcome(&e)),
            Ok(Ok(false)) => Err(EnvoiError::Passager("le relais ne répond pas correctement".to_owned())),
            Ok(Ok(true)) => Ok(()),
        }
    }

    fn trop_long(&self) -> String {
        format!("le relais n’a pas répondu en {} s", self.delai.as_secs())
    }

    fn compose(&self, m: &Message) -> Result<lettre::Message, EnvoiError> {
        let destinataire: Mailbox = m
            .destinataire
            .parse()
            .map_err(|_| EnvoiError::Definitif("adresse de messagerie mal formée".to_owned()))?;
        // NOT-1: a message sent again has the same identifier, so that the reader's mailbox keeps only one.
        let identifiant = format!("<{}@{}>", m.identifiant, self.expediteur.email.domain());
        let mut constructeur: MessageBuilder = lettre::Message::builder()
            .from(self.expediteur.clone())
            .to(destinataire)
            .message_id(Some(identifiant))
            .subject(m.sujet.clone());
        if let Some(adresse) = &self.repondre_a {
            constructeur = constructeur.reply_to(adresse.clone());
        }
        let mal_forme =
            |e: &dyn std::fmt::Display| EnvoiError::Definitif(format!("message non composable ({e})"));
        let compose = match &m.piece {
            None => constructeur.header(ContentType::TEXT_PLAIN).body(m.corps.clone()),
            Some(piece) => {
                let genre = ContentType::parse(&piece.genre).map_err(|e| mal_forme(&e))?;
                let fichier = Attachment::new(piece.nom.clone()).body(piece.octets.clone(), genre);
                // Cut where it was cut the first time.
                let parts = MultiPart::mixed().boundary(format!("--{}", m.identifiant));
                let parts = parts.singlepart(SinglePart::plain(m.corps.clone())).singlepart(fichier);
                constructeur.multipart(parts)
            }
        };
        let mut message = compose.map_err(|e| mal_forme(&e))?;
        let mut entetes = vec![
            ("Content-Language", "fr".to_owned()),
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("X-Auto-Response-Suppress", "All".to_owned()),
        ];
        if let Some(adresse) = &m.arret {
            entetes.push(("List-Unsubscribe", format!("<{adresse}>")));
            entetes.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        for (nom, valeur) in entetes {
            let nom = HeaderName::new_from_ascii_str(nom);
            message.headers_mut().insert_raw(HeaderValue::new(nom, valeur));
        }
        Ok(message)
    }
}

/// What to think of a failure. A refused password is the relay's or ours, never the message's: it is tried again.
fn outcome(e: &ErreurSmtp) -> EnvoiError {
    let code = e.status().map(u16::from);
    match code {
        Some(code @ (530 | 534 | 535 | 538)) => {
            EnvoiError::Passager(format!("le relais refuse nos identifiants (code {code})"))
        }
        Some(code) if e.is_permanent() => {
            EnvoiError::Definitif(format!("refusé par le relais (code {code})"))
        }
        Some(code) => EnvoiError::Passager(format!("le relais demande de réessayer (code {code})")),
        None if e.is_timeout() => EnvoiError::Passager("le relais ne répond pas à temps".to_owned()),
        None if e.is_tls() => EnvoiError::Passager("le chiffrement avec le relais échoue".to_owned()),
        None => EnvoiError::Passager("le relais est injoignable".to_owned()),
    }
}

impl Transporteur for Smtp {
    fn send<'a>(&'a self, message: &'a Message) -> Futur<'a, Result<(), EnvoiError>> {
        Box::pin(async move {
            let pret = self.compose(message)?;
            match tokio::time::timeout(self.delai, self.transport.send(pret)).await {
                Err(_) => Err(EnvoiError::Passager(self.trop_long())),
                Ok(Err(e)) => Err(outcome(&e)),
                Ok(Ok(_)) => Ok(()),
            }
        })
    }
}
