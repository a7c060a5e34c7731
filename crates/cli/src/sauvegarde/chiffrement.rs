//! A stream sealed by chunks: altered, cut, reordered or under another key, it does not open.

use std::io::{self, Read, Write};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

const MARQUE: &[u8; 9] = b"PARCSAUV\x01";
const BLOC: usize = 256 * 1024;
/// Authentication tag of a chunk.
const SCEAU: usize = 16;

/// Nonce: 16 random bytes of the file, then the number of the chunk.
struct Suite {
    prefixe: [u8; 16],
    numero: u64,
}

impl Suite {
    fn nonce(&self) -> XNonce {
        let mut octets = [0; 24];
        octets[..16].copy_from_slice(&self.prefixe);
        octets[16..].copy_from_slice(&self.numero.to_be_bytes());
        XNonce::from(octets)
    }
}

/// Bound to each chunk: the format, and whether it is the last one (a cut file lacks it).
fn associees(dernier: bool) -> [u8; 10] {
    let mut octets = [0; 10];
    octets[..9].copy_from_slice(MARQUE);
    octets[9] = u8::from(dernier);
    octets
}

/// Ciphers what is written to it.
pub struct Chiffreur<W: Write> {
    sortie: W,
    chiffre: XChaCha20Poly1305,
    suite: Suite,
    tampon: Vec<u8>,
}

impl<W: Write> Chiffreur<W> {
    /// Begins the file. `prefixe`: 16 random bytes, never used twice.
    pub fn new(mut sortie: W, cle: [u8; 32], prefixe: [u8; 16]) -> io::Result<Self> {
        sortie.write_all(MARQUE)?;
        sortie.write_all(&prefixe)?;
        Ok(Self {
            sortie,
            chiffre: XChaCha20Poly1305::new(&Key::from(cle)),
            suite: Suite { prefixe, numero: 0 },
            tampon: Vec::with_capacity(BLOC),
        })
    }

    fn pousse(&mut self, dernier: bool) -> io::Result<()> {
        let bloc = self
            .chiffre
            .encrypt(&self.suite.nonce(), Payload { msg: &self.tampon, aad: &associees(dernier) })
            .map_err(|_| io::Error::other("chiffrement impossible"))?;
        let taille = u32::try_from(bloc.len()).map_err(io::Error::other)?;
        self.sortie.write_all(&taille.to_be_bytes())?;
        self.sortie.write_all(&bloc)?;
        self.suite.numero += 1;
        self.tampon.clear();
        Ok(())
    }

    /// Seals the last chunk and gives the output back.
    pub fn finir(mut self) -> io::Result<W> {
        self.pousse(true)?;
        self.sortie.flush()?;
        Ok(self.sortie)
    }
}

impl<W: Write> Write for Chiffreur<W> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        if self.tampon.len() == BLOC {
            self.pousse(false)?;
        }
        let pris = octets.len().min(BLOC - self.tampon.len());
        self.tampon.extend_from_slice(&octets[..pris]);
        Ok(pris)
    }

    /// A short chunk is never sealed before the end.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Deciphers what is read from it.
pub struct Dechiffreur<R: Read> {
    entree: R,
    chiffre: XChaCha20Poly1305,
    suite: Suite,
    clair: Vec<u8>,
    position: usize,
    fini: bool,
}

fn abimee(quoi: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, quoi)
}

impl<R: Read> Dechiffreur<R> {
    /// Reads the header.
    pub fn new(mut entree: R, cle: [u8; 32]) -> io::Result<Self> {
        let mut tete = [0; 25];
        entree.read_exact(&mut tete).map_err(|_| abimee("ce n’est pas une sauvegarde de Parcoursup"))?;
        let (marque, prefixe) = tete.split_at(9);
        if marque != MARQUE {
            return Err(abimee("ce n’est pas une sauvegarde de Parcoursup, ou elle est d’une autre version"));
        }
        let mut suite = Suite { prefixe: [0; 16], numero: 0 };
        suite.prefixe.copy_from_slice(prefixe);
        Ok(Self {
            entree,
            chiffre: XChaCha20Poly1305::new(&Key::from(cle)),
            suite,
            clair: Vec::new(),
            position: 0,
            fini: false,
        })
    }

    fn suivant(&mut self) -> io::Result<()> {
        let mut taille = [0; 4];
        self.entree.read_exact(&mut taille).map_err(|_| abimee("la sauvegarde est coupée"))?;
        let taille = u32::from_be_bytes(taille) as usize;
        if !(SCEAU..=BLOC + SCEAU).contains(&taille) {
            return Err(abimee("la sauvegarde est altérée"));
        }
        let mut bloc = vec![0; taille];
        self.entree.read_exact(&mut bloc).map_err(|_| abimee("la sauvegarde est coupée"))?;
        let ouvre = |dernier| {
            self.chiffre.decrypt(&self.suite.nonce(), Payload { msg: &bloc, aad: &associees(dernier) })
        };
        // Tried as a middle chunk, then as the last one: the seal says which it is.
        match ouvre(false) {
            Ok(clair) => self.clair = clair,
            Err(_) => match ouvre(true) {
                Ok(clair) => {
                    self.clair = clair;
                    self.fini = true;
                    if self.entree.read(&mut [0])? != 0 {
                        return Err(abimee("la sauvegarde est altérée : elle continue après sa fin"));
                    }
                }
                Err(_) if self.suite.numero == 0 => {
                    return Err(abimee(
                        "la clé n’est pas celle de cette sauvegarde, ou la sauvegarde est altérée",
                    ));
                }
                Err(_) => return Err(abimee("la sauvegarde est altérée")),
            },
        }
        self.position = 0;
        self.suite.numero += 1;
        Ok(())
    }
}

impl<R: Read> Read for Dechiffreur<R> {
    fn read(&mut self, sortie: &mut [u8]) -> io::Result<usize> {
        while self.position == self.clair.len() {
            if self.fini {
                return Ok(0);
            }
            self.suivant()?;
        }
        let reste = &self.clair[self.position..];
        let pris = reste.len().min(sortie.len());
        sortie[..pris].copy_from_slice(&reste[..pris]);
        self.position += pris;
        Ok(pris)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scelle(clair: &[u8]) -> Vec<u8> {
        let mut c = Chiffreur::new(Vec::new(), [7; 32], [3; 16]).unwrap();
        c.write_all(clair).unwrap();
        c.finir().unwrap()
    }

    fn ouvre(octets: &[u8], cle: [u8; 32]) -> io::Result<Vec<u8>> {
        let mut clair = Vec::new();
        Dechiffreur::new(octets, cle)?.read_to_end(&mut clair)?;
        Ok(clair)
    }

    #[test]
    fn sav_1_every_length_around_a_chunk_comes_back() {
        for taille in [0, 1, BLOC - 1, BLOC, BLOC + 1, 2 * BLOC + 17] {
            let clair: Vec<u8> = (0..taille).map(|i| u8::try_from(i % 251).unwrap()).collect();
            assert_eq!(ouvre(&scelle(&clair), [7; 32]).unwrap(), clair, "{taille}");
        }
    }

    #[test]
    fn sav_1_altered_cut_prolonged_swapped_or_under_another_key_it_does_not_open() {
        let clair = vec![5; 2 * BLOC + 10];
        let bon = scelle(&clair);
        assert!(ouvre(&bon, [8; 32]).is_err());
        for i in [0, 8, 9, 24, 25, 29, 100, BLOC + 100, bon.len() - 1] {
            let mut faux = bon.clone();
            faux[i] ^= 1;
            assert!(ouvre(&faux, [7; 32]).is_err(), "byte {i}");
        }
        let bloc = 4 + BLOC + SCEAU;
        for coupe in [10, 25, 25 + bloc, 25 + 2 * bloc, bon.len() - 1] {
            assert!(ouvre(&bon[..coupe], [7; 32]).is_err(), "cut at {coupe}");
        }
        let mut long = bon.clone();
        long.push(0);
        assert!(ouvre(&long, [7; 32]).is_err());
        let mut echange = bon[..25].to_vec();
        echange.extend_from_slice(&bon[25 + bloc..25 + 2 * bloc]);
        echange.extend_from_slice(&bon[25..25 + bloc]);
        echange.extend_from_slice(&bon[25 + 2 * bloc..]);
        assert!(ouvre(&echange, [7; 32]).is_err());
    }
}
