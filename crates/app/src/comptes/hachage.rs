//! MDP-4 and MDP-6: Argon2id with a pepper, in a bounded pool of threads of its own.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use argon2::password_hash::phc::{Output, PasswordHash};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHasher, Version};
use domain::comptes::normalise_mot_de_passe;
use hmac::{Hmac, KeyInit, Mac};
use metrics::counter;
use sha2::Sha256;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit, oneshot};

use crate::erreur::AppError;
use crate::limites::Limites;

/// Hashing pool: so many threads at work (one core less than the machine has, unless a setting says otherwise), a bounded
/// number waiting; beyond, the waiting page answers, before anything is asked of the database.
#[derive(Clone)]
pub struct Bassin {
    travail: Arc<Semaphore>,
    fils: mpsc::Sender<Travail>,
    commune: Arc<Voie>,
    reservee: Arc<Voie>,
    base: Arc<Semaphore>,
    argon: Argon2<'static>,
    poivre: [u8; 32],
    leurre: Arc<str>,
    coeurs: usize,
}

/// What a thread of the pool does.
type Travail = Box<dyn FnOnce() + Send>;

/// Which queue a comparison waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// Everybody's: known and unknown accounts alike (LIM-4).
    Commune,
    /// That of people already recognised by a signed cookie of the account: a flood of guesses does not stand before
    /// them. Nobody enters it by naming an account.
    Reservee,
}

/// A queue, and how many of its waiters may stand before the cores at once: one queue never fills the way of the other.
struct Voie {
    places: Arc<Semaphore>,
    tete: Semaphore,
}

impl Voie {
    fn new(places: usize, tete: usize) -> Arc<Self> {
        Arc::new(Self { places: Arc::new(Semaphore::new(places)), tete: Semaphore::new(tete) })
    }
}

/// A place in a queue: taken before anything is written about an attempt, so that one that is sent away has cost nothing
/// and counts for nothing.
pub struct Place {
    file: File,
    voie: Arc<Voie>,
    _permis: OwnedSemaphorePermit,
}

impl Place {
    /// The queue it is in.
    pub fn file(&self) -> File {
        self.file
    }
}

fn argon(l: &Limites) -> Result<Argon2<'static>, AppError> {
    let params =
        Params::new(l.hachage_memoire_kio, l.hachage_passes, 1, Some(32)).map_err(AppError::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn pepper(poivre: &[u8; 32], mot_de_passe: &str) -> Result<Vec<u8>, AppError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(poivre).map_err(AppError::internal)?;
    // The same password typed on two systems may differ by the composition of its accents only (MDP-1).
    mac.update(normalise_mot_de_passe(mot_de_passe).as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

impl Bassin {
    /// A pool for this machine, at the cost and with the queue of the limits.
    ///
    /// # Errors
    /// When Argon2 refuses its parameters.
    pub fn new(coeurs: usize, limites: &Limites, poivre: [u8; 32]) -> Result<Self, AppError> {
        let argon = argon(limites)?;
        // Hash of a random secret nobody knows: what an unknown account is compared with, in the same queue (LIM-4).
        let leurre = hash_now(&argon, &poivre, "leurre-sans-titulaire", &[0x5a; 16])?;
        let travail = match limites.hachage_coeurs {
            0 => coeurs.saturating_sub(1).max(1),
            n => n,
        };
        // The next work is in the hand of each thread before it ends the present one.
        let en_main = 2 * travail;
        Ok(Self {
            travail: Arc::new(Semaphore::new(en_main)),
            fils: start_threads(travail, limites.hachage_courtoisie)?,
            commune: Voie::new(limites.file_hachage, en_main),
            reservee: Voie::new(limites.file_hachage, en_main),
            base: Arc::new(Semaphore::new(limites.connexions_base)),
            argon,
            poivre,
            leurre: leurre.into(),
            coeurs: travail,
        })
    }

    /// Threads that hash.
    pub fn coeurs(&self) -> usize {
        self.coeurs
    }

    /// A turn at the database for a sign-in: few at once, so that hundreds of attempts leave most connections, and the
    /// writer, to those who are signed in. To be dropped while a hash is waited for.
    ///
    /// # Errors
    /// Never while the pool lives.
    pub async fn tour_de_base(&self) -> Result<SemaphorePermit<'_>, AppError> {
        self.base.acquire().await.map_err(|_| AppError::Unavailable)
    }

    /// Takes a place in a queue.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when it is full.
    pub fn place(&self, file: File) -> Result<Place, AppError> {
        let voie = match file {
            File::Commune => Arc::clone(&self.commune),
            File::Reservee => Arc::clone(&self.reservee),
        };
        let permis = Arc::clone(&voie.places).try_acquire_owned().map_err(|_| AppError::Unavailable)?;
        Ok(Place { file, voie, _permis: permis })
    }

    /// Hashes a password with a fresh salt.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the queue is full.
    pub async fn hash(&self, mot_de_passe: &str, sel: [u8; 16]) -> Result<String, AppError> {
        let (argon, poivre, texte) = (self.argon.clone(), self.poivre, mot_de_passe.to_owned());
        self.run(self.place(File::Commune)?, move || hash_now(&argon, &poivre, &texte, &sel)).await?
    }

    /// Compares; an unknown account (`None`) costs the same and is never right.
    ///
    /// # Errors
    /// When the stored hash cannot be read.
    pub async fn verify(
        &self,
        mot_de_passe: &str,
        empreinte: Option<&str>,
        place: Place,
    ) -> Result<bool, AppError> {
        let connu = empreinte.is_some();
        let empreinte = empreinte.unwrap_or(&self.leurre).to_owned();
        let (poivre, texte) = (self.poivre, mot_de_passe.to_owned());
        let juste = self.run(place, move || verify_now(&poivre, &texte, &empreinte)).await??;
        Ok(juste && connu)
    }

    /// MDP-4: whether a hash was made at a lower cost than the present one; it is made again when its password is known.
    pub fn is_weaker(&self, empreinte: &str) -> bool {
        PasswordHash::new(empreinte).ok().and_then(|h| Params::try_from(&h).ok()).is_none_or(|p| {
            let ici = self.argon.params();
            p.m_cost() < ici.m_cost() || p.t_cost() < ici.t_cost()
        })
    }

    /// Hashes a second by the threads of the pool, nothing else being done: what a sign-in is measured against.
    ///
    /// # Errors
    /// When Argon2 refuses.
    pub async fn bare_rate(&self, duree: Duration) -> Result<f64, AppError> {
        let debut = Instant::now();
        let mut coeurs = Vec::with_capacity(self.coeurs);
        for _ in 0..self.coeurs {
            let (leurre, poivre) = (Arc::clone(&self.leurre), self.poivre);
            coeurs.push(self.submit(move || -> Result<u32, AppError> {
                let mut faits = 0;
                while debut.elapsed() < duree {
                    verify_now(&poivre, "Tilleul-Cascade", &leurre)?;
                    faits += 1;
                }
                Ok(faits)
            })?);
        }
        let mut faits = 0;
        for coeur in coeurs {
            faits += coeur.await.map_err(AppError::internal)??;
        }
        Ok(f64::from(faits) / debut.elapsed().as_secs_f64())
    }

    async fn run<T: Send + 'static>(
        &self,
        place: Place,
        f: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AppError> {
        counter!("parcoursup_hachages_total").increment(1);
        let _tete = place.voie.tete.acquire().await.map_err(|_| AppError::Unavailable)?;
        let coeur = Arc::clone(&self.travail).acquire_owned().await.map_err(|_| AppError::Unavailable)?;
        // Held until the work ends, even when whoever asked is gone.
        let fini = self.submit(move || {
            let _coeur = coeur;
            f()
        })?;
        fini.await.map_err(AppError::internal)
    }

    fn submit<T: Send + 'static>(
        &self,
        f: impl FnOnce() -> T + Send + 'static,
    ) -> Result<oneshot::Receiver<T>, AppError> {
        let (rend, fini) = oneshot::channel();
        // Whoever asked may be gone: nobody then waits for the result.
        let travail = move || drop(rend.send(f()));
        self.fils.send(Box::new(travail)).map_err(AppError::internal)?;
        Ok(fini)
    }
}

/// Threads of the pool's own: the system serves them after those that answer pages. They end with the pool.
fn start_threads(combien: usize, courtoisie: i32) -> Result<mpsc::Sender<Travail>, AppError> {
    let (envoi, recoit) = mpsc::channel::<Travail>();
    let recoit = Arc::new(Mutex::new(recoit));
    for _ in 0..combien {
        let recoit = Arc::clone(&recoit);
        let suite = move || {
            // Refused by the system: it hashes all the same, only not last. On Linux, of this thread alone.
            if let Err(cause) = rustix::process::nice(courtoisie) {
                tracing::warn!(%cause, "le hachage garde la priorité ordinaire");
            }
            loop {
                let Ok(travail) = recoit.lock().unwrap_or_else(PoisonError::into_inner).recv() else {
                    return;
                };
                // A work that panics answers nothing to whoever waits; the thread goes on.
                drop(catch_unwind(AssertUnwindSafe(travail)));
            }
        };
        std::thread::Builder::new().name("hachage".to_owned()).spawn(suite).map_err(AppError::internal)?;
    }
    Ok(envoi)
}

thread_local! {
    /// Kept by each thread from one password to the next: asking the system for 19 MiB each time, and giving them back, costs a
    /// good part of a hash.
    static MEMOIRE: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

fn interne(cause: impl std::fmt::Display) -> AppError {
    AppError::Internal(cause.to_string())
}

/// Whether a password is that of a hash, at the cost that the hash says.
fn verify_now(poivre: &[u8; 32], mot_de_passe: &str, empreinte: &str) -> Result<bool, AppError> {
    let attendu = PasswordHash::new(empreinte).map_err(interne)?;
    let (Some(sel), Some(hache)) = (&attendu.salt, &attendu.hash) else { return Ok(false) };
    let algorithme = Algorithm::try_from(attendu.algorithm.as_str()).map_err(interne)?;
    let version = attendu.version.map_or(Ok(Version::default()), Version::try_from).map_err(interne)?;
    let argon = Argon2::new(algorithme, version, Params::try_from(&attendu).map_err(interne)?);
    let secret = pepper(poivre, mot_de_passe)?;
    let mut sortie = vec![0; hache.len()];
    MEMOIRE
        .with_borrow_mut(|memoire| {
            let blocs = argon.params().block_count();
            if memoire.len() < blocs {
                memoire.resize(blocs, Block::default());
            }
            argon.hash_password_into_with_memory(&secret, sel, &mut sortie, &mut memoire[..blocs])
        })
        .map_err(interne)?;
    // `Output` compares in constant time.
    Ok(Output::new(&sortie).map_err(interne)? == *hache)
}

fn hash_now(
    argon: &Argon2<'_>,
    poivre: &[u8; 32],
    mot_de_passe: &str,
    sel: &[u8; 16],
) -> Result<String, AppError> {
    argon
        .hash_password_with_salt(&pepper(poivre, mot_de_passe)?, sel)
        .map(|h| h.to_string())
        .map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(file_hachage: usize, poivre: u8) -> Bassin {
        let limites = Limites { file_hachage, ..Limites::default() };
        Bassin::new(2, &limites, [poivre; 32]).expect("pool")
    }

    fn commune(b: &Bassin) -> Place {
        b.place(File::Commune).expect("place")
    }

    #[tokio::test]
    async fn mdp_4_hashes_carry_their_parameters_and_need_the_pepper() {
        let b = pool(10, 1);
        let h = b.hash("Grun4!pLoc7?", [3; 16]).await.expect("hash");
        assert!(h.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{h}");
        assert!(b.verify("Grun4!pLoc7?", Some(&h), commune(&b)).await.expect("verify"));
        assert!(!b.verify("autre", Some(&h), commune(&b)).await.expect("verify"));
        let autre = pool(10, 2);
        assert!(!autre.verify("Grun4!pLoc7?", Some(&h), commune(&autre)).await.expect("verify"));
    }

    #[tokio::test]
    async fn mdp_4_a_hash_of_a_lower_cost_still_opens_and_is_known_for_weaker() {
        let faible = Limites { hachage_memoire_kio: 64, hachage_passes: 1, ..Limites::default() };
        let ancien = Bassin::new(2, &faible, [1; 32]).expect("pool");
        let h = ancien.hash("Grun4!pLoc7?", [3; 16]).await.expect("hash");
        assert!(!ancien.is_weaker(&h));
        let b = pool(10, 1);
        assert!(b.is_weaker(&h) && b.is_weaker("illisible"));
        assert!(b.verify("Grun4!pLoc7?", Some(&h), commune(&b)).await.expect("verify"));
        let fort = b.hash("Grun4!pLoc7?", [3; 16]).await.expect("hash");
        assert!(!b.is_weaker(&fort) && !ancien.is_weaker(&fort), "a stronger one is kept");
    }

    #[tokio::test]
    async fn mdp_6_a_full_queue_answers_at_once_and_an_unknown_account_is_never_right() {
        assert!(matches!(pool(0, 1).place(File::Commune), Err(AppError::Unavailable)));
        let b = pool(1, 1);
        let place = commune(&b);
        assert!(b.place(File::Commune).is_err() && b.place(File::Reservee).is_ok(), "each has its own");
        assert!(!b.verify("leurre-sans-titulaire", None, place).await.expect("verify"));
        commune(&b);
    }

    #[tokio::test]
    async fn mdp_6_the_pool_has_the_threads_of_its_setting_and_they_yield_to_pages() {
        let coeurs = |hachage_coeurs| {
            let limites = Limites { hachage_coeurs, ..Limites::default() };
            Bassin::new(8, &limites, [1; 32]).expect("pool").coeurs()
        };
        assert_eq!((coeurs(0), coeurs(3)), (7, 3));
        let b = pool(10, 1);
        let ici = rustix::process::getpriority_process(None).expect("priority");
        let la = b.submit(|| rustix::process::getpriority_process(None)).expect("thread").await;
        let attendue = (ici + Limites::default().hachage_courtoisie).min(19);
        assert_eq!(la.expect("answer").expect("priority"), attendue, "of the thread");
        assert_eq!(rustix::process::getpriority_process(None).expect("priority"), ici, "and of it alone");
    }

    #[tokio::test]
    async fn mdp_6_a_work_that_panics_takes_neither_the_core_nor_the_thread_away() {
        let b = pool(10, 1);
        assert!(b.run(commune(&b), || panic!("on purpose")).await.is_err());
        assert!(!b.verify("faux", None, commune(&b)).await.expect("verify"));
    }

    #[tokio::test]
    async fn mdp_6_few_sign_ins_are_at_the_database_at_once() {
        let b = pool(200, 1);
        let mut tours = Vec::new();
        for _ in 0..Limites::default().connexions_base {
            tours.push(b.tour_de_base().await.expect("turn"));
        }
        let attente = tokio::time::timeout(Duration::from_millis(50), b.tour_de_base()).await;
        assert!(attente.is_err(), "one more waits");
        tours.pop();
        tours.push(b.tour_de_base().await.expect("turn"));
    }

    #[tokio::test]
    async fn lim_1_a_flood_of_guesses_does_not_stand_before_a_known_browser() {
        let b = pool(200, 1);
        let h = b.hash("Grun4!pLoc7?", [3; 16]).await.expect("hash");
        let flot: Vec<_> = (0..60)
            .map(|_| {
                let b = b.clone();
                tokio::spawn(async move { b.verify("faux", None, commune(&b)).await })
            })
            .collect();
        while b.commune.places.available_permits() > 150 {
            tokio::task::yield_now().await;
        }
        assert!(
            b.verify("Grun4!pLoc7?", Some(&h), b.place(File::Reservee).expect("place"))
                .await
                .expect("verify")
        );
        let restent = flot.iter().filter(|f| !f.is_finished()).count();
        assert!(restent > 30, "it waited for {} of 60 guesses", 60 - restent);
        for f in flot {
            assert!(!f.await.expect("joined").expect("verify"));
        }
    }
}
