//! R-API-05: each call of a program is noted. Acts are in the journal, in their own transaction and under the same number of
//! request; here is what was asked, reads included, written a few at a time so that a read costs no transaction.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::PublicId;
use domain::calendrier::{debut_de_jour, jour_paris};
use domain::droits::{Action, Cible};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use store::interfaces::{self as base, LigneAppel, LigneJeton, NouvelAppel};

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::limites::JOUR_MS;
use crate::plateforme::Plateforme;

/// How long a call waits for others before all are written: what a crash loses at most.
const ATTENTE: Duration = Duration::from_millis(500);
/// Pause after the database refused.
const REPRISE: Duration = Duration::from_secs(5);
const HEURE_MS: i64 = 3_600_000;
/// Calls kept while the database does not answer; beyond, the oldest go, and their number is logged.
const GARDES: usize = 100_000;

/// A call that was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appel {
    /// Public identifier of the object in the address; empty for none.
    pub objet: String,
    /// Of the answer.
    pub statut: u16,
    /// Microseconds.
    pub duree_us: i64,
    /// Codes of what the caller did well: `si_change`, `si_version`, `cle:…`.
    pub marques: Vec<String>,
}

/// The calls not written yet.
#[derive(Default)]
struct Attente {
    appels: Vec<NouvelAppel>,
    /// The lot that is being written: here until it is.
    en_vol: Arc<Vec<NouvelAppel>>,
    /// Somebody is writing, or waits to: they go on until nothing is left.
    en_cours: bool,
}

/// See the module.
#[derive(Default)]
pub struct Carnet {
    attente: Mutex<Attente>,
    /// Lots are written one after the other.
    tour: tokio::sync::Mutex<()>,
}

impl Attente {
    fn is_empty(&self) -> bool {
        self.appels.is_empty() && self.en_vol.is_empty()
    }

    /// Those that the database did not take for too long go, the oldest first, and it is told.
    fn bound(&mut self) {
        let trop = self.appels.len().saturating_sub(GARDES);
        if trop > 0 {
            tracing::error!(perdus = trop, "appels de logiciels perdus : la base ne répond pas");
            self.appels.drain(..trop);
        }
    }
}

impl Carnet {
    fn all(&self) -> std::sync::MutexGuard<'_, Attente> {
        self.attente.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a call of the token of this request; it is written within the second. Outside a runtime it waits for the next one.
    pub fn note(&self, ctx: &Ctx, appel: Appel) {
        let Some(jeton) = ctx.jeton else { return };
        let runtime = tokio::runtime::Handle::try_current().ok();
        let premier = {
            let mut attente = self.all();
            attente.appels.push(NouvelAppel {
                jeton,
                instant: ctx.recu_ms(),
                route: ctx.route.clone(),
                objet: appel.objet,
                statut: appel.statut,
                duree_us: appel.duree_us,
                marques: appel.marques.join(","),
                requete: ctx.requete.clone(),
            });
            attente.bound();
            runtime.is_some() && !std::mem::replace(&mut attente.en_cours, true)
        };
        if let Some(runtime) = runtime.filter(|_| premier) {
            let app = Arc::clone(&ctx.app);
            runtime.spawn(async move { app.carnet.write_all(&app).await });
        }
    }

    /// Until nothing is left: what a database refuses is tried again, whether or not another call comes.
    async fn write_all(&self, app: &Arc<Plateforme>) {
        let mut pause = ATTENTE;
        loop {
            tokio::time::sleep(pause).await;
            pause = match self.flush(app).await {
                Ok(()) => ATTENTE,
                Err(cause) => {
                    tracing::error!(%cause, "appels de logiciels non notés : nouvel essai");
                    REPRISE
                }
            };
            let mut attente = self.all();
            if attente.is_empty() {
                attente.en_cours = false;
                return;
            }
        }
    }

    /// Writes what waits. What could not be written waits for the next time.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn flush(&self, app: &Arc<Plateforme>) -> Result<(), AppError> {
        if self.all().is_empty() {
            return Ok(());
        }
        // In a task of its own: a request may be dropped at any await, and would take its lot along.
        let app = Arc::clone(app);
        tokio::spawn(async move { app.carnet.write_lot(&app).await }).await.map_err(AppError::internal)?
    }

    async fn write_lot(&self, app: &Plateforme) -> Result<(), AppError> {
        let _tour = self.tour.lock().await;
        let lot = {
            let mut attente = self.all();
            // One that was left there goes first.
            if attente.en_vol.is_empty() {
                attente.en_vol = Arc::new(std::mem::take(&mut attente.appels));
            }
            Arc::clone(&attente.en_vol)
        };
        if lot.is_empty() {
            return Ok(());
        }
        let fait = async {
            let tx = app.db.begin_write().await?;
            base::insert_appels(&tx, &lot).await?;
            tx.commit().await
        };
        let fait = fait.await;
        drop(lot);
        let mut attente = self.all();
        let lot = std::mem::take(&mut attente.en_vol);
        fait.map_err(|cause| {
            attente.appels.splice(..0, Arc::unwrap_or_clone(lot));
            attente.bound();
            AppError::from(cause)
        })
    }

    /// The calls of a token that are not written yet, in their order: known without waiting for whoever writes.
    pub(super) fn waiting(&self, jeton: i64) -> Vec<NouvelAppel> {
        let attente = self.all();
        attente.en_vol.iter().chain(&attente.appels).filter(|a| a.jeton == jeton).cloned().collect()
    }
}

/// A call, as it is read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppelLu {
    /// To ask for those before.
    pub cle: i64,
    /// Real milliseconds.
    pub instant_le: i64,
    /// « GET /api/v1/… ».
    pub route: String,
    /// Public identifier in the address; empty for none.
    pub objet: String,
    /// Of the answer.
    pub statut: i64,
    /// Microseconds.
    pub duree_us: i64,
    /// Codes separated by commas.
    pub marques: String,
    /// Number that goes through the journal and the answers.
    pub requete: String,
}

impl From<LigneAppel> for AppelLu {
    fn from(l: LigneAppel) -> Self {
        Self {
            cle: l.id,
            instant_le: l.instant_le,
            route: l.route,
            objet: l.objet_id,
            statut: l.statut,
            duree_us: l.duree_us,
            marques: l.marques,
            requete: l.requete,
        }
    }
}

async fn consulte(ctx: &Ctx, id: &PublicId) -> Result<LigneJeton, AppError> {
    let j = base::jeton(&ctx.app.db, id.as_str()).await?.ok_or(AppError::NotFound)?;
    let cible = Cible { etablissement: Some(j.etablissement_id), ..Cible::default() };
    ctx.permit(Action::GererJetons, &cible)?;
    Ok(j)
}

/// How many calls a token made on each of the last days, today included; days of Paris, the oldest first.
///
/// # Errors
/// As [`list_appels`].
pub async fn count_appels(ctx: &Ctx, id: &PublicId, jours: i64) -> Result<Vec<(Date, i64)>, AppError> {
    let j = consulte(ctx, id).await?;
    let jour = |ms: i64| jour_paris(Timestamp::from_millisecond(ms).unwrap_or_default());
    let dernier = jour(ctx.recu_ms());
    let premier = dernier.saturating_sub((jours - 1).days());
    let mut comptes: BTreeMap<Date, i64> =
        premier.series(1.day()).take_while(|d| *d <= dernier).map(|d| (d, 0)).collect();
    let depuis = debut_de_jour(premier).as_millisecond();
    for (heure, n) in base::appels_par_heure(&ctx.app.db, j.id, depuis).await? {
        if let Some(compte) = comptes.get_mut(&jour(heure * HEURE_MS)) {
            *compte += n;
        }
    }
    Ok(comptes.into_iter().collect())
}

/// The calls of a token, the last first, for whoever may give tokens of its establishment.
///
/// # Errors
/// [`AppError::NotFound`] or [`AppError::Denied`], the same page for both.
pub async fn list_appels(
    ctx: &Ctx,
    id: &PublicId,
    avant: Option<i64>,
    limite: i64,
) -> Result<Vec<AppelLu>, AppError> {
    let j = consulte(ctx, id).await?;
    let lignes = base::appels(&ctx.app.db, j.id, avant.unwrap_or(i64::MAX), limite).await?;
    Ok(lignes.into_iter().map(AppelLu::from).collect())
}

/// Forgets the calls that were kept long enough. Gives how many.
///
/// # Errors
/// [`AppError::Denied`] for anybody but the platform.
pub async fn purge_appels(ctx: &Ctx) -> Result<u64, AppError> {
    ctx.permit(Action::EntretenirPlateforme, &Cible::plateforme())?;
    let tx = ctx.begin().await?;
    let n = base::purge_appels(&tx, ctx.recu_ms() - ctx.app.limites.appels_jours * JOUR_MS).await?;
    tx.commit().await?;
    Ok(n)
}
