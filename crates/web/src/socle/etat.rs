//! State shared by the handlers.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use app::Plateforme;
use app::ports::HorlogeSysteme;

use crate::layout::Site;

/// A person of the demonstration, signed in by `/dev` without a password.
#[derive(Debug, Clone)]
pub struct Persona {
    /// Key in URLs.
    pub code: String,
    pub nom: String,
    /// What they do, in one line.
    pub role: String,
    pub courriel: String,
    pub mot_de_passe: Option<String>,
    /// TOTP secret in base 32, for those who have one.
    pub totp: Option<String>,
    /// Page where they start.
    pub accueil: String,
}

/// Only in a demonstration: the movable clock and the personas. A production state holds `None`,
/// so that `/dev` has nothing to answer with.
pub struct Demo {
    pub horloge: Arc<HorlogeSysteme>,
    pub personas: Vec<Persona>,
    /// Sandboxes are opened here, for those who write programs.
    pub bac_a_sable: bool,
}

/// Who may read `/metrics`, and how the measures are written. Absent: the page does not exist.
#[derive(Clone)]
pub struct Mesures {
    pub rendu: Arc<dyn Fn() -> String + Send + Sync>,
    pub adresses: Vec<IpAddr>,
}

/// What handlers share.
pub struct Interne {
    pub app: Arc<Plateforme>,
    pub site: Site,
    /// Declared reverse proxies (WEB-3).
    pub mandataires: Vec<IpAddr>,
    pub demo: Option<Demo>,
    pub mesures: Option<Mesures>,
    /// Cookies are `Secure` behind HTTPS; the demo speaks plain HTTP on the loopback.
    pub https: bool,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct EtatWeb(Arc<Interne>);

impl EtatWeb {
    /// Shares the state.
    pub fn new(interne: Interne) -> Self {
        Self(Arc::new(interne))
    }
}

impl Deref for EtatWeb {
    type Target = Interne;
    fn deref(&self) -> &Interne {
        &self.0
    }
}
