//! What we do not own: clock, randomness, mail, SMS, files. Adapters implement these.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Two clocks. Sign-in sessions, codes and limits follow the real one; the procedure follows the campaign's,
/// which only the demo may move (ADR 0003).
pub trait Horloge: Send + Sync {
    /// Real time.
    fn maintenant(&self) -> Timestamp;
    /// Time of the campaign.
    fn campagne(&self) -> Timestamp;
}

/// The system's clock; in demo mode, the campaign's clock is shifted from it.
#[derive(Debug, Default)]
pub struct HorlogeSysteme {
    decalage_ms: AtomicI64,
}

impl HorlogeSysteme {
    /// Moves the campaign's clock (demo only).
    pub fn set_decalage_ms(&self, ms: i64) {
        self.decalage_ms.store(ms, Ordering::Relaxed);
    }

    /// Shift of the campaign's clock.
    pub fn decalage_ms(&self) -> i64 {
        self.decalage_ms.load(Ordering::Relaxed)
    }
}

impl Horloge for HorlogeSysteme {
    #[expect(clippy::disallowed_methods, reason = "this is the one reader of the system's clock")]
    fn maintenant(&self) -> Timestamp {
        Timestamp::now()
    }

    fn campagne(&self) -> Timestamp {
        let maintenant = self.maintenant();
        maintenant.checked_add(SignedDuration::from_millis(self.decalage_ms())).unwrap_or(maintenant)
    }
}

/// A frozen clock that tests and simulations set.
#[derive(Debug)]
pub struct HorlogeReglable {
    maintenant_ms: AtomicI64,
    campagne_ms: AtomicI64,
}

impl HorlogeReglable {
    /// Both clocks at the same instant.
    pub fn new(instant: Timestamp) -> Self {
        let ms = instant.as_millisecond();
        Self { maintenant_ms: AtomicI64::new(ms), campagne_ms: AtomicI64::new(ms) }
    }

    /// Moves the campaign's clock.
    pub fn set_campagne(&self, instant: Timestamp) {
        self.campagne_ms.store(instant.as_millisecond(), Ordering::Relaxed);
    }

    /// Moves the real clock.
    pub fn set_maintenant(&self, instant: Timestamp) {
        self.maintenant_ms.store(instant.as_millisecond(), Ordering::Relaxed);
    }
}

impl Horloge for HorlogeReglable {
    fn maintenant(&self) -> Timestamp {
        Timestamp::from_millisecond(self.maintenant_ms.load(Ordering::Relaxed))
            .unwrap_or(Timestamp::UNIX_EPOCH)
    }
    fn campagne(&self) -> Timestamp {
        Timestamp::from_millisecond(self.campagne_ms.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// Randomness of the operating system.
#[derive(Debug, Default)]
pub struct AleaSysteme;

impl store::Alea for AleaSysteme {
    fn fill(&self, tampon: &mut [u8]) {
        // Without randomness nothing safe can be done: no identifier, no nonce, no token.
        if getrandom::fill(tampon).is_err() {
            tracing::error!("le système ne fournit plus d’aléa : arrêt");
            std::process::abort();
        }
    }
}

/// Reproducible randomness: same seed, same identifiers (demo and tests).
#[derive(Debug)]
pub struct AleaGraine {
    graine: [u8; 32],
    compteur: std::sync::atomic::AtomicU64,
}

impl AleaGraine {
    /// A generator from a seed.
    pub fn new(graine: u64) -> Self {
        Self {
            graine: *blake3::hash(&graine.to_le_bytes()).as_bytes(),
            compteur: std::sync::atomic::AtomicU64::new(0),
        }
    }
}

impl store::Alea for AleaGraine {
    fn fill(&self, tampon: &mut [u8]) {
        let n = self.compteur.fetch_add(1, Ordering::Relaxed);
        let mut hacheur = blake3::Hasher::new_keyed(&self.graine);
        hacheur.update(&n.to_le_bytes());
        hacheur.finalize_xof().fill(tampon);
    }
}

/// A boxed future, so that ports can be stored as trait objects.
pub type Futur<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A message ready to leave.
#[derive(Debug, Clone)]
pub struct Message {
    /// Stable across retries: becomes the Message-ID (NOT-1).
    pub identifiant: String,
    /// Address or telephone number, according to the carrier.
    pub destinataire: String,
    /// Not used for an SMS.
    pub sujet: String,
    /// Plain text; never carries sensitive data, only a link (§10).
    pub corps: String,
}

/// Why a message did not leave.
#[derive(Debug, Clone, thiserror::Error)]
pub enum EnvoiError {
    /// Worth trying again.
    #[error("{0}")]
    Passager(String),
    /// Never will.
    #[error("{0}")]
    Definitif(String),
}

/// Carrier of mails or of SMS.
pub trait Transporteur: Send + Sync {
    /// Whether anything can leave by it: pages do not offer what no gateway carries.
    fn available(&self) -> bool {
        true
    }

    /// Sends one message.
    fn send<'a>(&'a self, message: &'a Message) -> Futur<'a, Result<(), EnvoiError>>;
}

/// Files kept by the hash of their content.
pub trait Depot: Send + Sync {
    /// Keeps the bytes; gives their hash. Keeping twice changes nothing.
    fn put<'a>(&'a self, octets: &'a [u8]) -> Futur<'a, std::io::Result<String>>;
    /// Gives the bytes of a hash, checked.
    fn get<'a>(&'a self, empreinte: &'a str) -> Futur<'a, std::io::Result<Vec<u8>>>;
}

/// Where the signed heads of the journal are copied, outside the database: lines are added, never changed (JOU-3).
pub trait Temoin: Send + Sync {
    /// Adds a line, made durable.
    fn ajouter<'a>(&'a self, ligne: &'a str) -> Futur<'a, std::io::Result<()>>;
    /// The last line, if there is one.
    fn derniere(&self) -> Futur<'_, std::io::Result<Option<String>>>;
    /// Every line.
    fn lire(&self) -> Futur<'_, std::io::Result<String>>;
}
