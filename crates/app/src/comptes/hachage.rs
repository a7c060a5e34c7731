//! MDP-4 and MDP-6: Argon2id with a pepper, in a bounded pool.

use std::sync::Arc;
use std::time::{Duration, Instant};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::comptes::normalise_mot_de_passe;
use hmac::{Hmac, KeyInit, Mac};
use metrics::counter;
use sha2::Sha256;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::erreur::AppError;
use crate::limites::Limites;

/// Hashing pool: at most (cores − 1) at work, a bounded number waiting; beyond, the waiting page answers.
#[derive(Clone)]
pub struct Bassin {
    travail: Arc<Semaphore>,
    commune: Arc<Voie>,
    reservee: Arc<Voie>,
    argon: Argon2<'static>,
    poivre: [u8; 32],
    leurre: Arc<str>,
    coeurs: usize,
}

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
    voie: Arc<Voie>,
    _permis: OwnedSemaphorePermit,
}

fn argon(l: &Limites) -> Result<Argon2<'static>, AppError> {
    let params = Params::new(l.hachage_memoire_kio, l.hachage_passes, 1, Some(32))
        .map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn pepper(poivre: &[u8; 32], mot_de_passe: &str) -> Result<Vec<u8>, AppError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(poivre).map_err(|e| AppError::Internal(e.to_string()))?;
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
        let travail = coeurs.saturating_sub(1).max(1);
        Ok(Self {
            travail: Arc::new(Semaphore::new(travail)),
            commune: Voie::new(limites.file_hachage, travail),
            reservee: Voie::new(limites.file_hachage, travail),
            argon,
            poivre,
            leurre: leurre.into(),
            coeurs: travail,
        })
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
        Ok(Place { voie, _permis: permis })
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
        let (argon, poivre, texte) = (self.argon.clone(), self.poivre, mot_de_passe.to_owned());
        let juste = self
            .run(place, move || -> Result<bool, AppError> {
                let attendu = PasswordHash::new(&empreinte).map_err(|e| AppError::Internal(e.to_string()))?;
                Ok(argon.verify_password(&pepper(&poivre, &texte)?, &attendu).is_ok())
            })
            .await??;
        Ok(juste && connu)
    }

    /// MDP-4: whether a hash was made at a lower cost than the present one; it is made again when its password is known.
    pub fn is_weaker(&self, empreinte: &str) -> bool {
        PasswordHash::new(empreinte).ok().and_then(|h| Params::try_from(&h).ok()).is_none_or(|p| {
            let ici = self.argon.params();
            p.m_cost() < ici.m_cost() || p.t_cost() < ici.t_cost()
        })
    }

    /// Hashes a second by as many cores as the pool has, nothing else being done: what a sign-in is measured against.
    ///
    /// # Errors
    /// When Argon2 refuses.
    pub async fn bare_rate(&self, duree: Duration) -> Result<f64, AppError> {
        let debut = Instant::now();
        let coeurs: Vec<_> = (0..self.coeurs)
            .map(|_| {
                let (argon, poivre) = (self.argon.clone(), self.poivre);
                tokio::task::spawn_blocking(move || -> Result<u32, AppError> {
                    let mut faits = 0;
                    while debut.elapsed() < duree {
                        hash_now(&argon, &poivre, "Tilleul-Cascade", &[0x5a; 16])?;
                        faits += 1;
                    }
                    Ok(faits)
                })
            })
            .collect();
        let mut faits = 0;
        for coeur in coeurs {
            faits += coeur.await.map_err(|e| AppError::Internal(e.to_string()))??;
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
        // The core is held until the work ends, even when whoever asked is gone.
        let travail = move || {
            let _coeur = coeur;
            f()
        };
        tokio::task::spawn_blocking(travail).await.map_err(|e| AppError::Internal(e.to_string()))
    }
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
        .map_err(|e| AppError::Internal(e.to_string()))
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
