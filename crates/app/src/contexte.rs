//! What a use case knows of the request: who, when (read once), from where.

use std::sync::Arc;

use domain::RuleViolation;
use domain::admission::Signataire;
use domain::comptes::Moyen;
use domain::droits::{Acteur, Action, Cible, Permit, Scope};
use jiff::Timestamp;
use store::exploitation::horloge_ms;
use store::{Ecriture, Tx};

use crate::erreur::AppError;
use crate::plateforme::Plateforme;

pub use store::on_screen;

/// The last second step of the person who acts (HAB-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondeEtape {
    /// Nobody is signed in: the platform itself, a command, a task.
    SansObjet,
    /// None in this session.
    Absente,
    /// Made in this session.
    Faite {
        /// Real instant, in milliseconds.
        le_ms: i64,
        /// By which means.
        moyen: Moyen,
    },
}

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
    /// Signed cookie of a browser that completed a sign-in (LIM-1), as received.
    pub temoin: Option<String>,
    /// What the person recognises their browser by: « Firefox, Windows ».
    pub appareil: String,
    /// What a sensitive act looks at.
    pub seconde_etape: SecondeEtape,
    /// The token of the program that asks, by its internal key; `None`: a person, a task or a command.
    pub jeton: Option<i64>,
    /// Something may be written: neither a page that is only read, nor what it shows as possible.
    pub ecrit: bool,
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
            temoin: None,
            appareil: String::new(),
            seconde_etape: SecondeEtape::SansObjet,
            jeton: None,
            ecrit: true,
            origine,
            app: Arc::clone(app),
        }
    }

    /// Asks the one table of rights and, for a sensitive act, a second step of a few minutes at most (HAB-7).
    ///
    /// # Errors
    /// [`AppError::Denied`], [`AppError::Confirmation`]; [`RuleViolation::HorlogeDecalee`] for a write under deadline.
    pub fn permit(&self, action: Action, cible: &Cible) -> Result<Permit, AppError> {
        let permit = self.permit_to_stop(action, cible)?;
        if action.sensible() && !permit.by_platform() {
            self.require_fresh()?;
        }
        Ok(permit)
    }

    /// The permit of an act that does nothing but stop what a sensitive one began: it waits for no second step.
    ///
    /// # Errors
    /// Those of [`Self::permit`] but [`AppError::Confirmation`].
    pub(crate) fn permit_to_stop(&self, action: Action, cible: &Cible) -> Result<Permit, AppError> {
        let permit = domain::droits::authorize(&self.acteur, action, cible)?;
        if self.ecrit {
            self.require_a_l_heure(action)?;
        }
        Ok(permit)
    }

    /// R-CAL-07 (TPS-5): what a deadline decides is not written while the clocks of the node and of the database disagree.
    ///
    /// # Errors
    /// [`RuleViolation::HorlogeDecalee`].
    pub fn require_a_l_heure(&self, action: Action) -> Result<(), RuleViolation> {
        let admis = self.app.horloge.ecart_ms().abs() <= self.app.limites.ecart_horloge_ms;
        if admis || !action.sous_echeance() { Ok(()) } else { Err(RuleViolation::HorlogeDecalee) }
    }

    /// Whether the table of rights allows it: what pages ask before they show a button. A sensitive act may still ask
    /// for a confirmation.
    pub fn may(&self, action: Action, cible: &Cible) -> bool {
        domain::droits::authorize(&self.acteur, action, cible).is_ok()
    }

    /// HAB-7: the last second step is a few minutes old at most, and not by mail (SEC-5).
    ///
    /// # Errors
    /// [`AppError::Confirmation`].
    pub fn require_fresh(&self) -> Result<(), AppError> {
        match self.seconde_etape {
            SecondeEtape::SansObjet => Ok(()),
            SecondeEtape::Faite { moyen, .. } if self.is_fresh() && moyen.suffit_aux_actes_sensibles() => {
                Ok(())
            }
            SecondeEtape::Faite { .. } | SecondeEtape::Absente => Err(AppError::Confirmation),
        }
    }

    /// Whether the last second step, by any means, is a few minutes old at most.
    pub fn is_fresh(&self) -> bool {
        match self.seconde_etape {
            SecondeEtape::SansObjet => true,
            SecondeEtape::Absente => false,
            SecondeEtape::Faite { le_ms, .. } => {
                self.recu_ms() - le_ms < self.app.limites.acte_sensible_min * 60_000
            }
        }
    }

    /// SEC-1: what a candidate cannot undo asks for a second step of a few minutes at most, by any means.
    ///
    /// # Errors
    /// [`AppError::Confirmation`].
    pub fn require_recent(&self) -> Result<(), AppError> {
        if self.is_fresh() { Ok(()) } else { Err(AppError::Confirmation) }
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

    /// The permit of an act over a whole perimeter of a session: its statement itself keeps to the perimeter.
    ///
    /// # Errors
    /// Those of [`Self::permit`].
    pub(crate) fn permit_over(
        &self,
        action: Action,
        session: i64,
        scope: &Scope,
    ) -> Result<Permit, AppError> {
        self.permit(action, &cible_over(session, scope))
    }

    /// The right to write that goes with a permit. Business rows are dated by the campaign's clock.
    pub fn ecriture(&self, permit: &Permit) -> Ecriture<'_> {
        Ecriture::new(permit, self.campagne_le, self.origine, self.app.alea.as_ref())
    }

    /// Opens the writing transaction, and looks at the clock of whoever keeps it (TPS-5).
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn begin(&self) -> Result<Tx, AppError> {
        self.compared(self.app.db.begin_write().await?).await
    }

    /// The same to write a large part of the wishes of the country at once.
    ///
    /// # Errors
    /// [`AppError::Unavailable`].
    pub async fn begin_bulk(&self) -> Result<Tx, AppError> {
        self.compared(self.app.db.begin_bulk().await?).await
    }

    async fn compared(&self, tx: Tx) -> Result<Tx, AppError> {
        let avant = self.app.horloge.maintenant();
        self.app.horloge.compare(avant, horloge_ms(&tx).await?);
        Ok(tx)
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

/// What an act over a whole perimeter of a session is about.
pub(crate) fn cible_over(session: i64, scope: &Scope) -> Cible {
    let academie = scope.portee().academies.first().cloned();
    Cible { session: Some(session), academie, ..Cible::default() }
}
