//! Complex groupes: those whose calls depend on the bars of internats.

use super::entree::Ensemble;
use super::internes::{Interne, Internes};
use super::ligne::Champs;
use super::table::Table;
use crate::bits::Bits;

/// No boarding reference, no complex groupe.
pub(crate) const AUCUN: u32 = u32::MAX;

/// A row waiting in a complex groupe at the beginning of a pass.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attente {
    pub(crate) ligne: u32,
    candidat: u32,
    rang: i32,
    /// Position among the voeux of the groupe in the side table, or [`AUCUN`].
    interne: u32,
    formation_obtenue: bool,
    pub(crate) propose: bool,
}

/// The waiting rows of a complex groupe, and its free places. Kept from a pass to the next for its memory only.
#[derive(Default)]
pub(crate) struct Complexe {
    /// Working number of the groupe.
    pub(crate) groupe: u32,
    pub(crate) attente: Vec<Attente>,
    vacantes: i64,
}

impl Complexe {
    pub(crate) fn new(groupe: u32) -> Self {
        Self { groupe, ..Self::default() }
    }

    /// Who waits, and who already has a place in it. `internes` are those of the groupe.
    pub(crate) fn start(
        &mut self,
        places: i64,
        table: &Table,
        internes: &mut [Interne],
        ensemble: &mut Bits,
    ) {
        let g = self.groupe as usize;
        let lignes = table.lignes_of(g);
        let mut pourvus = 0;
        for ligne in lignes {
            if Ensemble::PROP.contains_etat(ligne.etat()) {
                pourvus += i64::from(ensemble.insert(ligne.candidat()));
            }
        }
        let mut k = 0;
        self.attente.clear();
        for (ligne, l) in (table.debut[g] as u32..).zip(lignes) {
            let formation_obtenue = pourvus > 0 && ensemble.contains(l.candidat());
            let mut interne = AUCUN;
            if l.has_internat() {
                internes[k].formation_obtenue = formation_obtenue;
                interne = k as u32;
                k += 1;
            }
            if l.etat().is_attente() {
                let (candidat, rang) = (l.candidat(), l.rang());
                self.attente.push(Attente {
                    ligne,
                    candidat,
                    rang,
                    interne,
                    formation_obtenue,
                    propose: false,
                });
            }
        }
        if pourvus > 0 {
            for ligne in lignes {
                ensemble.clear_around(ligne.candidat());
            }
        }
        self.vacantes = (places - pourvus).max(0);
    }

    /// §5 under given bars. `internes` are those of the groupe.
    pub(crate) fn call(&mut self, limite: i32, internes: &mut [Interne], barres: &[i32]) {
        let mut restant = self.vacantes;
        let mut dernier = None;
        for attente in &mut self.attente {
            attente.propose = false;
            if let Some(v) = internes.get_mut(attente.interne as usize) {
                v.propose = false;
                if !v.internat_obtenu && v.rang > barres[v.internat as usize] {
                    continue;
                }
            }
            let same = dernier == Some(attente.candidat);
            if restant > 0 || attente.rang <= limite || attente.formation_obtenue || same {
                if !attente.formation_obtenue && !same {
                    restant -= 1;
                }
                dernier = Some(attente.candidat);
                attente.propose = true;
                if let Some(v) = internes.get_mut(attente.interne as usize) {
                    v.propose = true;
                }
            }
        }
    }
}

/// The lower bar of an internat that has proposed more than it has (§6.3).
pub(crate) fn overflow(internes: &Internes, internat: usize, barre: i32, vacantes: i64) -> Option<i32> {
    let mut count = 0;
    let mut dernier = None;
    for v in internes.attente(internat) {
        if v.internat_obtenu || dernier == Some(v.candidat) {
            continue;
        }
        if v.rang > barre {
            return None;
        }
        if v.propose {
            count += 1;
            dernier = Some(v.candidat);
            if count > vacantes {
                return Some(v.rang - 1);
            }
        }
    }
    None
}
