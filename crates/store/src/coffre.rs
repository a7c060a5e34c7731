//! The vault: sensitive columns ciphered with keys kept out of the database (DON-2).

use std::collections::BTreeMap;
use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::error::StoreError;

/// Where a ciphered value lives: bound to it, so that a value moved elsewhere no longer opens.
#[derive(Debug, Clone, Copy)]
pub struct Emplacement<'a> {
    pub table: &'static str,
    pub colonne: &'static str,
    /// Public identifier of the row.
    pub ligne: &'a str,
}

/// Keys by version; the highest one ciphers, all of them decipher.
#[derive(Clone)]
pub struct Coffre {
    cles: BTreeMap<u8, [u8; 32]>,
    recherche: [u8; 32],
}

impl fmt::Debug for Coffre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Coffre({} clés)", self.cles.len())
    }
}

impl Coffre {
    /// `cles`: version → key; `recherche`: key of the exact-search fingerprints, which never rotates alone.
    ///
    /// # Errors
    /// When there is no key.
    pub fn new(cles: BTreeMap<u8, [u8; 32]>, recherche: [u8; 32]) -> Result<Self, StoreError> {
        if cles.is_empty() {
            return Err(StoreError::Coffre("no key"));
        }
        Ok(Self { cles, recherche })
    }

    /// Version that ciphers now.
    pub fn version(&self) -> u8 {
        self.cles.keys().next_back().copied().unwrap_or(0)
    }

    /// Ciphers a value: version ‖ nonce ‖ ciphertext. `nonce`: 24 random bytes, never used twice.
    ///
    /// # Errors
    /// When the cipher refuses.
    pub fn seal(&self, ou: Emplacement<'_>, clair: &[u8], nonce: [u8; 24]) -> Result<Vec<u8>, StoreError> {
        let version = self.version();
        let cle = self.cles.get(&version).ok_or(StoreError::Coffre("no key"))?;
        let aad = associated(ou, version);
        let chiffre = XChaCha20Poly1305::new(&Key::from(*cle))
            .encrypt(&XNonce::from(nonce), Payload { msg: clair, aad: &aad })
            .map_err(|_| StoreError::Coffre("encryption"))?;
        let mut sortie = Vec::with_capacity(25 + chiffre.len());
        sortie.push(version);
        sortie.extend_from_slice(&nonce);
        sortie.extend_from_slice(&chiffre);
        Ok(sortie)
    }

    /// Deciphers a value.
    ///
    /// # Errors
    /// When the key is unknown, the value altered, or moved from another row.
    pub fn open(&self, ou: Emplacement<'_>, chiffre: &[u8]) -> Result<Vec<u8>, StoreError> {
        let (&version, reste) = chiffre.split_first().ok_or(StoreError::Coffre("empty value"))?;
        let cle = self.cles.get(&version).ok_or(StoreError::Coffre("unknown key version"))?;
        let (nonce, message) = reste.split_first_chunk::<24>().ok_or(StoreError::Coffre("short value"))?;
        let aad = associated(ou, version);
        XChaCha20Poly1305::new(&Key::from(*cle))
            .decrypt(&XNonce::from(*nonce), Payload { msg: message, aad: &aad })
            .map_err(|_| StoreError::Coffre("altered or moved value"))
    }

    /// Fingerprint for exact search of a ciphered value, separate for each use.
    pub fn fingerprint(&self, usage: &str, valeur: &str) -> String {
        // HMAC accepts keys of any length.
        let Ok(mut mac) = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.recherche) else {
            return String::new();
        };
        mac.update(usage.as_bytes());
        mac.update(&[0]);
        mac.update(valeur.as_bytes());
        data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes())
    }
}

fn associated(ou: Emplacement<'_>, version: u8) -> Vec<u8> {
    let mut aad = Vec::with_capacity(64);
    for partie in [ou.table, ou.colonne, ou.ligne] {
        aad.extend_from_slice(partie.as_bytes());
        aad.push(0x1f);
    }
    aad.push(version);
    aad
}

#[cfg(test)]
mod tests {
    use super::*;

    const OU: Emplacement<'_> = Emplacement { table: "candidat", colonne: "ine_chiffre", ligne: "a" };

    fn coffre(versions: &[u8]) -> Coffre {
        Coffre::new(versions.iter().map(|&v| (v, [v; 32])).collect(), [9; 32]).expect("keys given")
    }

    #[test]
    fn don_2_a_sealed_value_opens_only_in_its_place() {
        let c = coffre(&[1]);
        let s = c.seal(OU, b"1234567890A", [7; 24]).expect("seals");
        assert_eq!(c.open(OU, &s).expect("opens"), b"1234567890A");
        assert!(c.open(Emplacement { ligne: "b", ..OU }, &s).is_err());
        assert!(c.open(Emplacement { colonne: "boursier_chiffre", ..OU }, &s).is_err());
    }

    #[test]
    fn don_2_old_keys_still_open_after_a_rotation_and_a_lost_key_does_not() {
        let ancien = coffre(&[1]).seal(OU, b"x", [1; 24]).expect("seals");
        let tourne = coffre(&[1, 2]);
        assert_eq!(tourne.open(OU, &ancien).expect("opens"), b"x");
        assert_eq!(tourne.seal(OU, b"x", [1; 24]).expect("seals")[0], 2);
        assert!(coffre(&[2]).open(OU, &ancien).is_err());
    }

    #[test]
    fn don_2_any_altered_byte_is_found() {
        let c = coffre(&[1]);
        let s = c.seal(OU, b"oui", [3; 24]).expect("seals");
        for i in 0..s.len() {
            let mut faux = s.clone();
            faux[i] ^= 1;
            assert!(c.open(OU, &faux).is_err(), "byte {i}");
        }
    }
}
