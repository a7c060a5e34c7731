//! Where one is in a file: bytes counted as they are consumed, and no record longer than its budget.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub ligne: u64,
    /// Bytes from the beginning of the line, the first being 1.
    pub colonne: u64,
}

/// How far the parser has read, shared with whoever listens to it.
#[derive(Debug, Clone)]
pub(super) struct Repere(Rc<Etat>);

#[derive(Debug)]
struct Etat {
    ligne: Cell<u64>,
    colonne: Cell<u64>,
    reste: Cell<u64>,
    budget: u64,
}

impl Repere {
    pub(super) fn new(ligne: u64, budget: usize) -> Self {
        let budget = budget as u64;
        Self(Rc::new(Etat {
            ligne: Cell::new(ligne),
            colonne: Cell::new(0),
            reste: Cell::new(budget),
            budget,
        }))
    }

    /// That of the last byte consumed.
    pub(super) fn place(&self) -> Place {
        Place { ligne: self.0.ligne.get(), colonne: self.0.colonne.get().max(1) }
    }

    /// That of the next byte.
    pub(super) fn ahead(&self) -> Place {
        Place { ligne: self.0.ligne.get(), colonne: self.0.colonne.get() + 1 }
    }

    /// A record begins: it has its whole budget.
    pub(super) fn renew(&self) {
        self.0.reste.set(self.0.budget);
    }

    fn advance(&self, octets: &[u8]) {
        for octet in octets {
            if *octet == b'\n' {
                self.0.ligne.set(self.0.ligne.get() + 1);
                self.0.colonne.set(0);
            } else {
                self.0.colonne.set(self.0.colonne.get() + 1);
            }
        }
        self.0.reste.set(self.0.reste.get().saturating_sub(octets.len() as u64));
    }

    fn spent(&self) -> io::Result<()> {
        if self.0.reste.get() == 0 { Err(io::Error::other(FicheTropLongue)) } else { Ok(()) }
    }
}

/// A record beyond its budget.
#[derive(Debug, thiserror::Error)]
#[error("fiche trop longue")]
pub(super) struct FicheTropLongue;

/// A source that tells how far it was read.
pub(super) struct Suivie<R> {
    source: R,
    repere: Repere,
}

impl<R> Suivie<R> {
    pub(super) const fn new(source: R, repere: Repere) -> Self {
        Self { source, repere }
    }
}

/// One byte at a time: what was handed over is what was consumed, so that the place is that of the parser.
impl<R: BufRead> Read for Suivie<R> {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        self.repere.spent()?;
        let Some(place) = tampon.first_mut() else { return Ok(0) };
        let Some(&octet) = self.source.fill_buf()?.first() else { return Ok(0) };
        *place = octet;
        self.source.consume(1);
        self.repere.advance(&[octet]);
        Ok(1)
    }
}

impl<R: BufRead> BufRead for Suivie<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.repere.spent()?;
        self.source.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        // What is consumed was shown just before, and is still in the buffer.
        if let Ok(tampon) = self.source.fill_buf() {
            self.repere.advance(tampon.get(..n).unwrap_or_default());
        }
        self.source.consume(n);
    }
}
