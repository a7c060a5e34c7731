//! MDP-4 and MDP-6: Argon2id with a pepper, in a bounded pool.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use domain::comptes::normalise_mot_de_passe;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use tokio::sync::Semaphore;

use crate::erreur::AppError;

/// Hashing pool: at most (cores − 1) at work, at most `file` waiting; beyond, the waiting page answers.
#[derive(Clone)]
pub struct Bassin {
    travail: Arc<Semaphore>,
    attente: Arc<Semaphore>,
    poivre: [u8; 32],
    leurre: Arc<str>,
}

/// ASVS floor: 19,456 KiB, two passes, one lane.
const MEMOIRE_KIO: u32 = 19_456;
const PASSES: u32 = 2;

fn argon() -> Result<Argon2<'static>, AppError> {
    let params =
        Params::new(MEMOIRE_KIO, PASSES, 1, Some(32)).map_err(|e| AppError::Internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn pepper(poivre: &[u8; 32], mot_de_passe: &str) -> Result<Vec<u8>, AppError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(poivre).map_err(|e| AppError::Internal(e.to_string()))?;
    // The same password typed on two systems may differ by the composition of its accents only (MDP-1).
    mac.update(normalise_mot_de_passe(mot_de_passe).as_bytes());
    Ok(mac.finalize().into_bytes().to_vec())
}

impl Bassin {
    /// A pool for this machine.
    ///
    /// # Errors
    /// When Argon2 refuses its own parameters.
    pub fn new(coeurs: usize, file: usize, poivre: [u8; 32]) -> Result<Self, AppError> {
        // Hash of a random secret nobody knows: what an unknown account is compared with, in the same queue (LIM-4).
        let leurre = hash_now(&poivre, "leurre-sans-titulaire", &[0x5a; 16])?;
        Ok(Self {
            travail: Arc::new(Semaphore::new(coeurs.saturating_sub(1).max(1))),
            attente: Arc::new(Semaphore::new(file)),
            poivre,
            leurre: leurre.into(),
        })
    }

    /// Hashes a password with a fresh salt.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the queue is full.
    pub async fn hash(&self, mot_de_passe: &str, sel: [u8; 16]) -> Result<String, AppError> {
        let (poivre, texte) = (self.poivre, mot_de_passe.to_owned());
        self.run(move || hash_now(&poivre, &texte, &sel)).await?
    }

    /// Compares; an unknown account (`None`) costs the same and is never right.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the queue is full.
    pub async fn verify(&self, mot_de_passe: &str, empreinte: Option<&str>) -> Result<bool, AppError> {
        let connu = empreinte.is_some();
        let empreinte = empreinte.unwrap_or(&self.leurre).to_owned();
        let (poivre, texte) = (self.poivre, mot_de_passe.to_owned());
        let juste = self
            .run(move || -> Result<bool, AppError> {
                let attendu = PasswordHash::new(&empreinte).map_err(|e| AppError::Internal(e.to_string()))?;
                Ok(argon()?.verify_password(&pepper(&poivre, &texte)?, &attendu).is_ok())
            })
            .await??;
        Ok(juste && connu)
    }

    async fn run<T: Send + 'static>(&self, f: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let _place = self.attente.try_acquire().map_err(|_| AppError::Unavailable)?;
        let _coeur = self.travail.acquire().await.map_err(|_| AppError::Unavailable)?;
        tokio::task::spawn_blocking(f).await.map_err(|e| AppError::Internal(e.to_string()))
    }
}

fn hash_now(poivre: &[u8; 32], mot_de_passe: &str, sel: &[u8; 16]) -> Result<String, AppError> {
    argon()?
        .hash_password_with_salt(&pepper(poivre, mot_de_passe)?, sel)
        .map(|h| h.to_string())
        .map_err(|e| AppError::Internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn mdp_4_hashes_carry_their_parameters_and_need_the_pepper() {
        let b = Bassin::new(2, 10, [1; 32]).expect("pool");
        let h = b.hash("Grun4!pLoc7?", [3; 16]).await.expect("hash");
        assert!(h.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{h}");
        assert!(b.verify("Grun4!pLoc7?", Some(&h)).await.expect("verify"));
        assert!(!b.verify("autre", Some(&h)).await.expect("verify"));
        let sans_poivre = Bassin::new(2, 10, [2; 32]).expect("pool");
        assert!(!sans_poivre.verify("Grun4!pLoc7?", Some(&h)).await.expect("verify"));
    }

    #[tokio::test]
    async fn mdp_6_a_full_queue_answers_at_once_and_an_unknown_account_is_never_right() {
        let b = Bassin::new(2, 0, [1; 32]).expect("pool");
        assert!(matches!(b.verify("x", None).await, Err(AppError::Unavailable)));
        let b = Bassin::new(2, 1, [1; 32]).expect("pool");
        assert!(!b.verify("leurre-sans-titulaire", None).await.expect("verify"));
    }
}
