//! What we do not own: clock, randomness, mail, SMS, supervision, files. Adapters implement these.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use domain::interfaces::evenements::EchecLivraison;
use jiff::{SignedDuration, Timestamp};
pub use store::messagerie::PieceJointe;

/// Two clocks. Sign-in sessions, codes and limits follow the real one; the procedure follows the campaign's,
/// which only the demo may move (ADR 0003).
pub trait Horloge: Send + Sync {
    /// Real time. Never goes back while the process lives: no session or code lasts longer for it (TPS-5).
    fn maintenant(&self) -> Timestamp;
    /// Time of the campaign.
    fn campagne(&self) -> Timestamp;
    /// Compares this clock with the database's, read after `avant`, and remembers by how many milliseconds it is ahead.
    /// `None`: the database has no clock of its own; by how far this one was set back is then all that can be known.
    fn compare(&self, avant: Timestamp, base_ms: Option<i64>) -> i64;
    /// What the last comparison found; 0 before any.
    fn ecart_ms(&self) -> i64;
}

/// The system's clock; in demo mode, the campaign's clock is shifted from it.
#[derive(Debug, Default)]
pub struct HorlogeSysteme {
    decalage_ms: AtomicI64,
    ecart_ms: AtomicI64,
    repere: Mutex<Option<Repere>>,
}

/// An instant of the wall clock, and of the one that only counts.
#[derive(Debug, Clone, Copy)]
struct Repere {
    mur: Timestamp,
    compteur: Instant,
}

impl Repere {
    /// What the wall clock should show by now, if nobody had touched it.
    fn attendu(&self, compteur: Instant) -> Timestamp {
        let ecoule = compteur.saturating_duration_since(self.compteur);
        SignedDuration::try_from(ecoule).ok().and_then(|d| self.mur.checked_add(d).ok()).unwrap_or(self.mur)
    }
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

    /// The instant given for these two clocks, and by how many milliseconds the wall clock was set back. Set forward, it is
    /// followed: a machine that slept tells the truth when it wakes.
    fn lit(&self, mur: Timestamp, compteur: Instant) -> (Timestamp, i64) {
        let mut repere = self.repere.lock().unwrap_or_else(PoisonError::into_inner);
        let attendu = repere.map_or(mur, |r| r.attendu(compteur));
        if mur >= attendu {
            *repere = Some(Repere { mur, compteur });
            return (mur, 0);
        }
        (attendu, attendu.as_millisecond() - mur.as_millisecond())
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one reader of the system's clock")]
    fn now(&self) -> (Timestamp, i64) {
        self.lit(Timestamp::now(), Instant::now())
    }
}

impl Horloge for HorlogeSysteme {
    fn maintenant(&self) -> Timestamp {
        self.now().0
    }

    fn campagne(&self) -> Timestamp {
        let maintenant = self.maintenant();
        maintenant.checked_add(SignedDuration::from_millis(self.decalage_ms())).unwrap_or(maintenant)
    }

    fn compare(&self, avant: Timestamp, base_ms: Option<i64>) -> i64 {
        let (apres, recul) = self.now();
        // The database answered between the two instants: a slow answer is not a wrong clock.
        let ecart =
            base_ms.map_or(recul, |base| base.clamp(avant.as_millisecond(), apres.as_millisecond()) - base);
        self.ecart_ms.store(ecart, Ordering::Relaxed);
        ecart
    }

    fn ecart_ms(&self) -> i64 {
        self.ecart_ms.load(Ordering::Relaxed)
    }
}

/// A frozen clock that tests and simulations set. It has nothing to do with the database's: how far they differ is set too.
#[derive(Debug)]
pub struct HorlogeReglable {
    maintenant_ms: AtomicI64,
    campagne_ms: AtomicI64,
    ecart_ms: AtomicI64,
}

impl HorlogeReglable {
    /// Both clocks at the same instant.
    pub fn new(instant: Timestamp) -> Self {
        let ms = instant.as_millisecond();
        Self {
            maintenant_ms: AtomicI64::new(ms),
            campagne_ms: AtomicI64::new(ms),
            ecart_ms: AtomicI64::new(0),
        }
    }

    /// Moves the campaign's clock.
    pub fn set_campagne(&self, instant: Timestamp) {
        self.campagne_ms.store(instant.as_millisecond(), Ordering::Relaxed);
    }

    /// Moves the real clock.
    pub fn set_maintenant(&self, instant: Timestamp) {
        self.maintenant_ms.store(instant.as_millisecond(), Ordering::Relaxed);
    }

    /// What every comparison finds.
    pub fn set_ecart_ms(&self, ms: i64) {
        self.ecart_ms.store(ms, Ordering::Relaxed);
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
    fn compare(&self, _: Timestamp, _: Option<i64>) -> i64 {
        self.ecart_ms()
    }
    fn ecart_ms(&self) -> i64 {
        self.ecart_ms.load(Ordering::Relaxed)
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
    /// A file that goes with it; mails only.
    pub piece: Option<PieceJointe>,
    /// By which the reader’s mail program stops such mails in one click (RFC 8058); mails only.
    pub arret: Option<String>,
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

/// Carrier of mails, of SMS or of alarms.
pub trait Transporteur: Send + Sync {
    /// Whether anything can leave by it: pages do not offer what no gateway carries.
    fn available(&self) -> bool {
        true
    }

    /// Sends one message.
    fn send<'a>(&'a self, message: &'a Message) -> Futur<'a, Result<(), EnvoiError>>;
}

/// A message to a program, signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// Where, as the program wrote it.
    pub url: String,
    /// The same at each attempt (`webhook-id`).
    pub identifiant: String,
    /// Seconds of real time of the attempt (`webhook-timestamp`).
    pub horodatage: i64,
    /// `v1,` and the signature of both and of the body, in base64 (`webhook-signature`).
    pub signature: String,
    /// JSON.
    pub corps: String,
}

/// Calls the addresses that programs gave. Never one that the Internet does not route (R-API-08).
pub trait Livreur: Send + Sync {
    /// Whether the machine itself may be called, in a sandbox or a demonstration.
    fn boucle_locale(&self) -> bool {
        false
    }

    /// Gives the HTTP status of the answer, whose body is not read, or why there was none. Follows no redirection.
    fn post<'a>(&'a self, notification: &'a Notification) -> Futur<'a, Result<u16, EchecLivraison>>;
}

/// Files kept by the hash of their content.
pub trait Depot: Send + Sync {
    /// Keeps the bytes; gives their SHA-256, in hexadecimal. Keeping twice changes nothing.
    fn put<'a>(&'a self, octets: &'a [u8]) -> Futur<'a, std::io::Result<String>>;
    /// Gives the bytes of a hash, checked.
    fn get<'a>(&'a self, empreinte: &'a str) -> Futur<'a, std::io::Result<Vec<u8>>>;
    /// Gives the bytes as they are, altered or not: for whoever looks for what was altered.
    fn read<'a>(&'a self, empreinte: &'a str) -> Futur<'a, std::io::Result<Vec<u8>>>;
}

/// What an antivirus says of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing known in it.
    Sain,
    /// The name of what it found.
    Infecte(String),
}

/// Files that some people send and others read are looked at before they are kept (FIC-2).
pub trait Antivirus: Send + Sync {
    /// The verdict on a whole file; an error when nothing can be said, and then the file is not kept.
    fn scan<'a>(&'a self, octets: &'a [u8]) -> Futur<'a, std::io::Result<Verdict>>;
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn a(texte: &str) -> Timestamp {
        texte.parse().expect("instant")
    }

    #[test]
    fn tps_5_a_clock_set_back_goes_on_and_says_by_how_much() {
        let (h, debut) = (HorlogeSysteme::default(), Instant::now());
        let apres = |s| debut + Duration::from_secs(s);
        assert_eq!(h.lit(a("2024-03-14T22:00:00Z"), debut), (a("2024-03-14T22:00:00Z"), 0));
        assert_eq!(h.lit(a("2024-03-14T22:00:10Z"), apres(10)), (a("2024-03-14T22:00:10Z"), 0));
        // Set back by an hour: time goes on from where it was, and a session of ten minutes ends after ten minutes.
        assert_eq!(h.lit(a("2024-03-14T21:00:20Z"), apres(20)), (a("2024-03-14T22:00:20Z"), 3_600_000));
        assert_eq!(h.lit(a("2024-03-14T21:10:10Z"), apres(610)), (a("2024-03-14T22:10:10Z"), 3_600_000));
        // Put right again, or forward: followed.
        assert_eq!(h.lit(a("2024-03-14T22:10:20Z"), apres(620)), (a("2024-03-14T22:10:20Z"), 0));
        assert_eq!(h.lit(a("2024-03-15T08:00:00Z"), apres(630)), (a("2024-03-15T08:00:00Z"), 0));
    }

    #[test]
    fn tps_5_the_gap_with_the_database_is_what_its_slowness_does_not_explain() {
        let h = HorlogeSysteme::default();
        let avant = h.maintenant();
        let ms = avant.as_millisecond();
        assert_eq!(h.compare(avant, Some(ms)), 0);
        assert_eq!(h.compare(avant, Some(ms - 3_000)), 3_000);
        assert_eq!(h.ecart_ms(), 3_000);
        let devant = h.compare(avant, Some(ms + 60_000));
        assert!((-60_000..-59_000).contains(&devant), "{devant}");
        // An answer that took its time was read somewhere in between.
        let lent = avant.checked_sub(SignedDuration::from_secs(30)).expect("instant");
        assert_eq!(h.compare(lent, Some(ms - 10_000)), 0);
        // Without a second clock, only a clock set back is known.
        assert_eq!(h.compare(avant, None), 0);
    }
}
