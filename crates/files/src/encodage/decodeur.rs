//! Bytes to text, piece by piece: the memory used does not depend on the size of the file.

use std::io::Read;

use encoding_rs::{Decoder, DecoderResult};

use super::{Encodage, detection};
use crate::FichierError;
use crate::source::{self, Compression, Limites};

/// Bytes asked at a time, and bytes looked at after the first accent to recognise the encoding.
const BLOC: usize = 64 * 1024;

/// Decodes a file. Until the first byte above 127 all the encodings of one byte agree with UTF-8: only then is the
/// encoding decided, on the window that follows; from there on a byte that does not fit stops the reading.
pub(crate) struct Decodeur<'a> {
    source: Box<dyn Read + 'a>,
    fichier: String,
    compression: Compression,
    limites: Limites,
    brut: Vec<u8>,
    at_end: bool,
    encodage: Option<Encodage>,
    decoder: Option<Decoder>,
    finished: bool,
    malformed: bool,
}

impl<'a> Decodeur<'a> {
    /// Looks at the beginning of the file: marks and signatures.
    pub(crate) fn open(
        source: Box<dyn Read + 'a>,
        fichier: &str,
        compression: Compression,
        limites: Limites,
    ) -> Result<Self, FichierError> {
        let mut this = Self {
            source,
            fichier: fichier.to_owned(),
            compression,
            limites,
            brut: Vec::with_capacity(2 * BLOC),
            at_end: false,
            encodage: None,
            decoder: None,
            finished: false,
            malformed: false,
        };
        this.refill(BLOC)?;
        if this.brut.is_empty() {
            return Err(FichierError::Vide { fichier: this.fichier });
        }
        if let Some(motif) = detection::foreign_format(&this.brut) {
            return Err(FichierError::Format { fichier: this.fichier, motif: motif.to_owned() });
        }
        if let Some(motif) = detection::foreign_encoding(&this.brut) {
            return Err(this.refuse(1, motif));
        }
        if let Some((encodage, longueur)) = detection::from_bom(&this.brut) {
            this.brut.drain(..longueur);
            this.decide(encodage);
        }
        Ok(this)
    }

    /// The encoding, as known so far: a file without any accent is UTF-8.
    pub(crate) fn encodage(&self) -> Encodage {
        self.encodage.unwrap_or(Encodage::Utf8)
    }

    pub(crate) fn compression(&self) -> Compression {
        self.compression
    }

    /// Replaces `texte` by the next piece; `false` at the end. `ligne` is where the reader is, for the message.
    pub(crate) fn next_chunk(&mut self, texte: &mut String, ligne: u64) -> Result<bool, FichierError> {
        texte.clear();
        while texte.is_empty() && !self.finished {
            if self.malformed {
                let motif = format!("des octets ne sont pas du {}", self.encodage().libelle());
                return Err(self.refuse(ligne, &motif));
            }
            self.refill(BLOC)?;
            if self.decoder.is_none() {
                let ascii = self.brut.iter().position(|b| !b.is_ascii());
                match ascii {
                    None => {
                        // Plain ASCII so far: every candidate encoding reads it alike.
                        texte.push_str(&String::from_utf8_lossy(&self.brut));
                        self.brut.clear();
                        self.finished = self.at_end;
                        continue;
                    }
                    Some(premier) => {
                        self.refill(premier + BLOC)?;
                        let fenetre = self.brut.get(premier.saturating_sub(1)..).unwrap_or_default();
                        match detection::detect(fenetre, self.at_end) {
                            Ok(encodage) => self.decide(encodage),
                            Err(motif) => {
                                let avant = self.brut.get(..premier).unwrap_or_default();
                                let sauts = avant.iter().filter(|b| **b == b'\n').count() as u64;
                                return Err(self.refuse(ligne + sauts, motif));
                            }
                        }
                    }
                }
            }
            self.decode(texte);
        }
        Ok(!texte.is_empty())
    }

    fn decode(&mut self, texte: &mut String) {
        let Some(decoder) = &mut self.decoder else {
            return;
        };
        let place = decoder
            .max_utf8_buffer_length_without_replacement(self.brut.len())
            .unwrap_or(4 * self.brut.len() + 16);
        texte.reserve(place);
        let (resultat, lus) = decoder.decode_to_string_without_replacement(&self.brut, texte, self.at_end);
        self.brut.drain(..lus);
        match resultat {
            DecoderResult::InputEmpty => self.finished = self.at_end,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => self.malformed = true,
        }
    }

    fn decide(&mut self, encodage: Encodage) {
        self.encodage = Some(encodage);
        self.decoder = Some(encodage.encoding().new_decoder_without_bom_handling());
    }

    /// Fills `brut` up to `voulus` bytes, unless the file ends before.
    fn refill(&mut self, voulus: usize) -> Result<(), FichierError> {
        let presents = self.brut.len();
        if self.at_end || presents >= voulus {
            return Ok(());
        }
        self.brut.resize(voulus, 0);
        let libre = self.brut.get_mut(presents..).unwrap_or_default();
        let lus = source::fill(&mut self.source, libre);
        let n = *lus.as_ref().unwrap_or(&0);
        self.brut.truncate(presents + n);
        match lus {
            Ok(n) => {
                self.at_end = presents + n < voulus;
                Ok(())
            }
            Err(e) => Err(source::explain(e, &self.fichier, self.compression, self.limites)),
        }
    }

    fn refuse(&self, ligne: u64, motif: &str) -> FichierError {
        FichierError::Encodage { fichier: self.fichier.clone(), ligne, motif: motif.to_owned() }
    }
}
