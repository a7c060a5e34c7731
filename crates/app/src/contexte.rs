//! What a use case knows of the request: who, when (read once), from where.

use std::sync::Arc;

use domain::admission::Signataire;
use domain::droits::{Acteur, Action, Cible, Permit, Scope};
use jiff::Timestamp;
use store::{Ecriture, Tx};

use crate::erreur::AppError;
use crate::plateforme::Plateforme;

/// A request from end to end, a job or a command.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// Shared by every request of the process.
    pub app: Arc<Plateforme>,
    /// Whose rights decide; the public or the system when nobody signed in.
    pub acteur: Acteur,
    /// Real instant of receipt, read once (TPS-2).
    pub recu_le: Timestamp,
    /// The campaign's clock at that instant.
    pub campagne_le: Timestamp,
    /// Number that goes through logs, journal and error pages.
    pub requete: String,
    /// Fingerprint of the network (never the address).
    pub reseau: String,
    /// Route of the page, as the table of routes writes it, or name of the job or command (JOU-2).
    pub route: String,
    /// `ecran`, `api`, `tache`, `commande`, `import`, `demo`, `simulation`.
    pub origine: &'static str,
}

impl Ctx {
    /// Context of a job or command acting as the platform itself.
    pub fn systeme(app: &Arc<Plateforme>, nom: &str, origine: &'static str) -> Self {
        Self {
            acteur: Acteur::systeme(nom),
            recu_le: app.horloge.maintenant(),
            campagne_le: app.horloge.campagne(),
            requete: app.alea.public_id().as_str().to_owned(),
            reseau: "local".to_owned(),
            route: nom.to_owned(),
            origine,
            app: Arc::clone(app),
        }
    }

    /// Asks the one table of rights.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub fn permit(&self, action: Action, cible: &Cible) -> Result<Permit, AppError> {
        Ok(domain::droits::authorize(&self.acteur, action, cible)?)
    }

    /// Who signs, for an act that takes two people (HAB-8).
    pub fn signataire(&self) -> Signataire<'static> {
        Signataire { compte: self.acteur.compte, origine: self.origine }
    }

    /// The perimeter of a list.
    ///
    /// # Errors
    /// [`AppError::Denied`].
    pub fn scope(&self, action: Action) -> Result<Scope, AppError> {
        Ok(domain::droits::scope(&self.acteur, action)?)
    }

    /// The right to write that goes with a permit. Business rows are dated by the campaign's clock.
    pub fn ecriture(&self, permit: &Permit) -> Ecriture<'_> {
        Ecriture::new(permit, self.campagne_le, self.origine, self.app.alea.as_ref())
    }

    /// Opens the writing transaction.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn begin(&self) -> Result<Tx, AppError> {
        Ok(self.app.db.begin_write().await?)
    }

    /// Real instant of receipt in milliseconds.
    pub fn recu_ms(&self) -> i64 {
        self.recu_le.as_millisecond()
    }

    /// Campaign instant in milliseconds.
    pub fn campagne_ms(&self) -> i64 {
        self.campagne_le.as_millisecond()
    }
}
