//! The running platform: database, vault, ports, limits. Built once by the command line.

use std::sync::Arc;

use store::{Alea, Coffre, Db};

use crate::limites::Limites;
use crate::ports::{Depot, Horloge, Transporteur};

/// Demo or production. `/dev` exists only in a demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Demo,
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
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

/// Everything that use cases need from outside.
pub struct Plateforme {
    pub db: Db,
    pub coffre: Coffre,
    pub secrets: Secrets,
    pub horloge: Arc<dyn Horloge>,
    pub alea: Arc<dyn Alea>,
    pub courriel: Arc<dyn Transporteur>,
    pub sms: Arc<dyn Transporteur>,
    pub depot: Arc<dyn Depot>,
    pub limites: Limites,
    pub mode: Mode,
    /// Public address of the site, without trailing slash (`https://…`), used in mails.
    pub adresse: String,
    /// Bounded pool of password hashing (MDP-6).
    pub hachage: crate::comptes::Bassin,
}

impl std::fmt::Debug for Plateforme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Plateforme({:?}, {})", self.mode, self.adresse)
    }
}
