//! How often one account, or one network, may ask (securite.md §10). In memory, for this node: what it protects is the
//! node. Files with names and records read are counted in the journal instead, for all nodes ([`crate::journal`]).

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use metrics::counter;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::contexte::Ctx;
use crate::erreur::AppError;
use crate::journal::debits::require_export;
use crate::limites::Limites;
use crate::ports::Horloge;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Debit {
    /// A page opened by an account.
    Page,
    /// A form or a file sent by an account.
    Ecriture,
    /// A form that a page has kept while it is typed: counted apart, so that it never stands in the way of saving.
    Brouillon,
    /// A search of courses, by network.
    Recherche,
    /// A file of rankings or of delegations sent by an account.
    Import,
    /// An answer of a candidate to a proposition.
    Reponse,
    /// A read by a token.
    LectureApi,
    /// A write by a token.
    EcritureApi,
    /// A refusal of a token that is written down: a program that insists fills neither the journal nor the list of calls.
    RefusApi,
    /// A sandbox put back to its beginning.
    RemiseAZero,
}

impl Debit {
    const ALL: [Self; 10] = [
        Self::Page,
        Self::Ecriture,
        Self::Brouillon,
        Self::Recherche,
        Self::Import,
        Self::Reponse,
        Self::LectureApi,
        Self::EcritureApi,
        Self::RefusApi,
        Self::RemiseAZero,
    ];

    /// Name in the measures.
    fn code(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Ecriture => "ecriture",
            Self::Brouillon => "brouillon",
            Self::Recherche => "recherche",
            Self::Import => "import",
            Self::Reponse => "reponse",
            Self::LectureApi => "lecture_api",
            Self::EcritureApi => "ecriture_api",
            Self::RefusApi => "refus_api",
            Self::RemiseAZero => "remise_a_zero",
        }
    }

    /// So many at once, then one each time this passes.
    fn quota(self, l: &Limites) -> Quota {
        let n = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        match self {
            Self::Page => Quota::per_minute(n(l.pages.0)).allow_burst(n(l.pages.1)),
            Self::Ecriture => Quota::per_minute(n(l.ecritures.0)).allow_burst(n(l.ecritures.1)),
            Self::Brouillon => {
                Quota::per_minute(n(l.brouillons_par_minute.0)).allow_burst(n(l.brouillons_par_minute.1))
            }
            Self::Recherche => Quota::per_minute(n(l.recherches_par_minute)),
            Self::Import => Quota::per_hour(n(l.imports_par_heure)),
            Self::Reponse => Quota::per_minute(n(l.reponses_par_minute)),
            Self::LectureApi => Quota::per_minute(n(l.lectures_api)),
            Self::EcritureApi => Quota::per_minute(n(l.ecritures_api)),
            Self::RefusApi => Quota::per_minute(n(l.refus_api)),
            Self::RemiseAZero => Quota::per_hour(n(l.remises_a_zero_par_heure)),
        }
    }
}

/// Whose count it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Cle {
    Compte(i64),
    /// A program.
    Jeton(i64),
    /// Fingerprint of a network.
    Reseau(String),
}

/// The platform's clock, as the counts read it: it never goes back.
#[derive(Clone)]
struct Heure(Arc<dyn Horloge>);

impl Clock for Heure {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        let depuis_1970 = self.0.maintenant().as_nanosecond();
        Nanos::new(u64::try_from(depuis_1970).unwrap_or(0))
    }
}

type Seau = RateLimiter<Cle, HashMapStateStore<Cle>, Heure, NoOpMiddleware<Nanos>>;

/// Times that a count is taken between two cleanings of those that are full again.
const MENAGE: u32 = 4_096;

/// The counts of this node.
pub struct Debits {
    heure: Heure,
    seaux: [Seau; Debit::ALL.len()],
    prises: AtomicU32,
    exports: FileExports,
}

impl Debits {
    /// Full counts, under these limits.
    pub fn new(limites: &Limites, horloge: &Arc<dyn Horloge>) -> Self {
        let heure = Heure(Arc::clone(horloge));
        Self {
            seaux: Debit::ALL.map(|d| RateLimiter::hashmap_with_clock(d.quota(limites), heure.clone())),
            heure,
            prises: AtomicU32::new(0),
            exports: FileExports {
                places: Arc::new(Semaphore::new(limites.exports_simultanes)),
                comptes: Mutex::default(),
                attente: Duration::from_secs(limites.export_attente_s),
            },
        }
    }

    fn take(&self, debit: Debit, cle: &Cle) -> Result<(), AppError> {
        let seau = &self.seaux[debit as usize];
        if self.prises.fetch_add(1, Ordering::Relaxed) % MENAGE == MENAGE - 1 {
            self.seaux.iter().for_each(RateLimiter::retain_recent);
        }
        seau.check_key(cle).map_err(|trop_tot| {
            counter!("parcoursup_debits_refuses_total", "debit" => debit.code()).increment(1);
            let reste = trop_tot.wait_time_from(self.heure.now());
            AppError::TooMany { attente_s: reste.as_secs() + u64::from(reste.subsec_nanos() > 0) }
        })
    }
}

/// Files with names are heavy, and few need two at once: one at a time for an account, a few for the node.
struct FileExports {
    places: Arc<Semaphore>,
    /// Of the accounts that have one under way, or waiting.
    comptes: Mutex<HashMap<i64, Weak<Semaphore>>>,
    attente: Duration,
}

impl FileExports {
    fn of(&self, compte: i64) -> Arc<Semaphore> {
        let mut comptes = self.comptes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sien) = comptes.get(&compte).and_then(Weak::upgrade) {
            return sien;
        }
        comptes.retain(|_, place| place.strong_count() > 0);
        let sien = Arc::new(Semaphore::new(1));
        comptes.insert(compte, Arc::downgrade(&sien));
        sien
    }

    async fn place(&self, compte: i64) -> Result<PlaceExport, AppError> {
        let sien = self.of(compte);
        let tour = async {
            let compte = Arc::clone(&sien).acquire_owned().await.map_err(|_| AppError::Unavailable)?;
            let noeud = Arc::clone(&self.places).acquire_owned().await.map_err(|_| AppError::Unavailable)?;
            Ok(PlaceExport { _compte: compte, _noeud: noeud })
        };
        timeout(self.attente, tour).await.unwrap_or_else(|_| {
            counter!("parcoursup_debits_refuses_total", "debit" => "export").increment(1);
            Err(AppError::TooMany { attente_s: self.attente.as_secs().max(1) })
        })
    }
}

/// The right to write a file with names: given back when it is dropped.
#[must_use = "the place is given back when this is dropped"]
pub struct PlaceExport {
    _compte: OwnedSemaphorePermit,
    _noeud: OwnedSemaphorePermit,
}

impl Ctx {
    /// Counts what a person asks on screen. Whoever is not signed in is counted by network alone; what the platform does by
    /// itself is not counted.
    ///
    /// # Errors
    /// [`AppError::TooMany`], with what is left to wait.
    pub fn take(&self, debit: Debit) -> Result<(), AppError> {
        let cle = match debit {
            Debit::LectureApi | Debit::EcritureApi | Debit::RefusApi | Debit::RemiseAZero => {
                self.jeton.map(Cle::Jeton)
            }
            // What a program asks is counted by its token alone, but the files that it sends are files.
            Debit::Import => self.jeton.map(Cle::Jeton).or(self.acteur.compte.map(Cle::Compte)),
            // What anybody may ask is counted by network, of pages as of the interface.
            Debit::Recherche => Some(Cle::Reseau(self.reseau.clone())),
            _ if self.origine != "ecran" => None,
            _ => self.acteur.compte.map(Cle::Compte),
        };
        match cle.filter(|_| matches!(self.origine, "ecran" | "api")) {
            Some(cle) => self.app.debits.take(debit, &cle),
            None => Ok(()),
        }
    }

    /// Waits for the turn of a file that takes long to make, and is not counted; to be kept until it is made.
    ///
    /// # Errors
    /// [`AppError::TooMany`] when the turn does not come.
    pub async fn file_turn(&self) -> Result<Option<PlaceExport>, AppError> {
        match self.acteur.compte {
            Some(compte) => self.app.debits.exports.place(compte).await.map(Some),
            None => Ok(None),
        }
    }

    /// Waits for the turn of a file with names, before anything is read for it; to be kept until it is written.
    ///
    /// # Errors
    /// [`AppError::TooMany`] when the turn does not come, or when as many files left as may.
    pub(crate) async fn export_turn(&self) -> Result<Option<PlaceExport>, AppError> {
        let place = self.file_turn().await?;
        require_export(self).await?;
        Ok(place)
    }
}

#[cfg(test)]
mod tests {
    use jiff::{SignedDuration, Timestamp};

    use super::*;
    use crate::ports::HorlogeReglable;

    fn counts(limites: &Limites) -> (Debits, Arc<HorlogeReglable>) {
        let horloge = Arc::new(HorlogeReglable::new(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24)));
        (Debits::new(limites, &(Arc::clone(&horloge) as Arc<dyn Horloge>)), horloge)
    }

    fn refused(d: &Debits, debit: Debit, cle: &Cle) -> Option<u64> {
        match d.take(debit, cle) {
            Ok(()) => None,
            Err(AppError::TooMany { attente_s }) => Some(attente_s),
            Err(autre) => panic!("{autre}"),
        }
    }

    /// At the limit and at the limit + 1, then at the pace of the limit: one more each time its share of the period passes.
    #[test]
    fn each_count_stops_after_its_burst_then_follows_its_pace() {
        let l = Limites::default();
        let (a, b) = (Cle::Compte(1), Cle::Compte(2));
        for (debit, rafale, pas_ms) in [
            (Debit::Page, 40, 500),
            (Debit::Ecriture, 10, 2_000),
            (Debit::Brouillon, 10, 2_000),
            (Debit::Recherche, 6_000, 10),
            (Debit::Import, 10, 360_000),
            (Debit::Reponse, 20, 3_000),
            (Debit::LectureApi, 6_000, 10),
            (Debit::EcritureApi, 600, 100),
            (Debit::RefusApi, 60, 1_000),
            (Debit::RemiseAZero, 20, 180_000),
        ] {
            let (d, horloge) = counts(&l);
            for n in 1..=rafale {
                assert_eq!(refused(&d, debit, &a), None, "{debit:?} {n}");
            }
            let attente = refused(&d, debit, &a).expect("one too many");
            assert!(attente * 1_000 >= pas_ms, "{debit:?} {attente} s");
            assert_eq!(refused(&d, debit, &b), None, "{debit:?}: somebody else has their own");
            let avance = |ms: u64| {
                let ms = SignedDuration::from_millis(i64::try_from(ms).expect("short"));
                horloge.set_maintenant(horloge.maintenant() + ms);
            };
            avance(pas_ms - 1);
            assert!(refused(&d, debit, &a).is_some(), "{debit:?}");
            avance(1);
            assert_eq!(refused(&d, debit, &a), None, "{debit:?}");
            assert!(refused(&d, debit, &a).is_some(), "{debit:?}");
            avance(attente * 1_000);
            assert_eq!(refused(&d, debit, &a), None, "{debit:?}: the announced wait is enough");
        }
    }

    #[test]
    fn counts_that_are_full_again_are_forgotten() {
        let (d, horloge) = counts(&Limites::default());
        for compte in 0..1_000 {
            assert_eq!(refused(&d, Debit::Page, &Cle::Compte(compte)), None);
        }
        horloge.set_maintenant(horloge.maintenant() + SignedDuration::from_hours(1));
        for compte in 1_000..i64::from(MENAGE) {
            assert_eq!(
                refused(&d, Debit::Page, &Cle::Compte(compte % 10 + 1_000)).is_some(),
                compte >= 1_400
            );
        }
        assert!(d.seaux[Debit::Page as usize].len() < 100, "{}", d.seaux[Debit::Page as usize].len());
    }

    #[tokio::test]
    async fn one_file_at_a_time_for_an_account_and_four_for_the_node() {
        let (d, _) = counts(&Limites { export_attente_s: 0, ..Limites::default() });
        let place = |compte| d.exports.place(compte);
        let mut tenues = Vec::new();
        for compte in 1..=4 {
            tenues.push(place(compte).await.expect("a place"));
        }
        assert!(matches!(place(5).await, Err(AppError::TooMany { attente_s: 1 })), "a fifth for the node");
        drop(tenues.pop());
        assert!(matches!(place(1).await, Err(AppError::TooMany { .. })), "a second for the account");
        let cinquieme = place(5).await.expect("the place that was given back");
        drop((tenues, cinquieme));
        drop(place(1).await.expect("its own is given back too"));
        assert_eq!(d.exports.places.available_permits(), 4);
        drop(place(9).await.expect("a place"));
        assert!(d.exports.comptes.lock().expect("lock").len() <= 2, "accounts at rest are forgotten");
    }

    #[tokio::test]
    async fn a_file_waits_for_its_turn() {
        let (d, _) = counts(&Limites { export_attente_s: 30, exports_simultanes: 1, ..Limites::default() });
        let d = Arc::new(d);
        let premiere = d.exports.place(1).await.expect("a place");
        let suivante = tokio::spawn({
            let d = Arc::clone(&d);
            async move { d.exports.place(2).await.is_ok() }
        });
        tokio::task::yield_now().await;
        assert!(!suivante.is_finished());
        drop(premiere);
        assert!(suivante.await.expect("joined"));
    }
}
