//! The running platform: database, vault, ports, limits. Built once by the command line.

use std::sync::Arc;

use store::{Alea, Coffre, Db};

use crate::documents::Imprimerie;
use crate::limites::Limites;
use crate::ports::{Antivirus, Depot, Horloge, Livreur, Temoin, Transporteur};

/// Demo or production. `/dev` exists only in a demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Invented people, public passwords, a clock that can be moved.
    Demo,
    /// Real people: `/dev` does not exist and the clock of the campaign is the real one.
    Production,
}

/// Secrets kept out of the database.
#[derive(Clone)]
pub struct Secrets {
    /// Pepper of password hashes (MDP-4).
    pub poivre: [u8; 32],
    /// Key of network fingerprints and signed cookies.
    pub temoins: [u8; 32],
    /// Seed of the Ed25519 key that signs runs.
    pub signature: [u8; 32],
    /// Seed of the Ed25519 key that signs the heads of the journal (JOU-3).
    pub journal: [u8; 32],
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// Everything that use cases need from outside.
pub struct Plateforme {
    /// SQLite or PostgreSQL, behind the same statements.
    pub db: Db,
    /// Seals and opens the encrypted columns.
    pub coffre: Coffre,
    /// Keys of signatures and fingerprints; never shown, not even by `Debug`.
    pub secrets: Secrets,
    /// The only source of time (TPS-2).
    pub horloge: Arc<dyn Horloge>,
    /// The only source of chance: tokens, codes, identifiers.
    pub alea: Arc<dyn Alea>,
    /// Messages leave by the outbox, never from a request.
    pub courriel: Arc<dyn Transporteur>,
    /// As `courriel`; for codes and last-day reminders.
    pub sms: Arc<dyn Transporteur>,
    /// Alarms to the operator's supervision service (JOU-5), by the outbox too.
    pub supervision: Arc<dyn Transporteur>,
    /// Messages to programs, by the table of deliveries.
    pub livreur: Arc<dyn Livreur>,
    /// Files under their fingerprint.
    pub depot: Arc<dyn Depot>,
    /// Looks at what some people send and others read (FIC-2).
    pub antivirus: Arc<dyn Antivirus>,
    /// Copy of the journal's signed heads, outside the database.
    pub temoin: Arc<dyn Temoin>,
    /// Sets the documents to print, a few at once.
    pub imprimerie: Imprimerie,
    /// Validated at start-up.
    pub limites: Limites,
    /// Fixed for the life of the process.
    pub mode: Mode,
    /// Public address of the site, without trailing slash (`https://…`), used in mails.
    pub adresse: String,
    /// Bounded pool of password hashing (MDP-6).
    pub hachage: crate::comptes::Bassin,
    /// Calls of programs, noted a few at a time (R-API-05).
    pub carnet: crate::interfaces::Carnet,
    /// What the courses of a type had in the session before (R-CAP-01): in memory, for this node.
    pub reperes: crate::formations::Reperes,
    /// What the reading of the grids found (R-CGE-01 to 17 and 19): in memory, for this node.
    pub relues: crate::formations::Relues,
    /// How often one account, or one network, may ask: in memory, for this node.
    pub debits: Arc<crate::debits::Debits>,
}

impl std::fmt::Debug for Plateforme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plateforme({:?}, {})", self.mode, self.adresse)
    }
}
