//! Candidates with their wishes while the cohort is being built: those of the main sharing in one block, the others
//! in chains.

use super::catalogue::Catalogue;
use super::cibles::GROUPES;
use super::partage::{MAX_IFSI, MAX_SOUS_VOEUX, MAX_SOUS_VOEUX_COMPTES, MAX_VOEUX, Partage};
use crate::alea::Alea;
use crate::geo::LIEUX;

/// Which list of wishes a wish belongs to; each has its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    Principal,
    Apprentissage,
    Complementaire,
}

const FIN: u32 = u32::MAX;
const ESSAIS: usize = 60;

#[derive(Default)]
pub struct Liste {
    pub groupe: Vec<u8>,
    pub domicile: Vec<u8>,
    debut: Vec<u32>,
    formation: Vec<u32>,
    tete: Vec<u32>,
    ajouts: Vec<(u32, Nature, u32)>,
    /// First candidate of each (group, department), plus the end: candidates are stored in that order.
    tranches: Vec<u32>,
}

#[expect(clippy::cast_possible_truncation, reason = "a cohort holds fewer than 2^32 candidates and wishes")]
fn court(n: usize) -> u32 {
    n as u32
}

impl Liste {
    pub fn new() -> Self {
        Self { debut: vec![0], tranches: vec![0], ..Self::default() }
    }

    /// Adds the candidates of the next bucket; buckets come by group, then department.
    pub fn ajouter_tranche(&mut self, groupe: usize, domicile: usize, partage: &Partage) {
        for voeux in partage.candidats.iter().filter(|v| !v.is_empty()) {
            self.groupe.push(u8::try_from(groupe).unwrap_or(u8::MAX));
            self.domicile.push(u8::try_from(domicile).unwrap_or(u8::MAX));
            self.formation.extend_from_slice(voeux);
            self.debut.push(court(self.formation.len()));
            self.tete.push(FIN);
        }
        self.tranches.push(court(self.groupe.len()));
    }

    pub fn len(&self) -> usize {
        self.groupe.len()
    }

    pub fn voeux(&self) -> usize {
        self.formation.len() + self.ajouts.len()
    }

    /// The wishes of a candidate.
    pub fn voeux_de(&self, i: usize) -> impl Iterator<Item = (u32, Nature)> {
        let bloc = &self.formation[self.debut[i] as usize..self.debut[i + 1] as usize];
        let mut maillon = self.tete[i];
        let chaine = std::iter::from_fn(move || {
            let &(f, nature, suivant) = self.ajouts.get(maillon as usize)?;
            maillon = suivant;
            Some((f, nature))
        });
        bloc.iter().map(|f| (*f, Nature::Principal)).chain(chaine)
    }

    /// Whether one more wish keeps the candidate within the limits.
    fn peut(&self, cat: &Catalogue, i: usize, formation: u32, nature: Nature) -> bool {
        let f = formation as usize;
        let mut regroupements: Vec<u32> = Vec::with_capacity(16);
        let (mut nombre, mut sous, mut comptes, mut ifsi) = (0, 0, 0, 0);
        for (autre, n) in self.voeux_de(i) {
            if autre == formation {
                return false;
            }
            if n != nature {
                continue;
            }
            let o = autre as usize;
            nombre += 1;
            comptes += usize::from(cat.compte_dans_les_vingt[o]);
            sous += usize::from(cat.regroupement[o] == cat.regroupement[f]);
            if !regroupements.contains(&cat.regroupement[o]) {
                regroupements.push(cat.regroupement[o]);
                ifsi += usize::from(cat.ifsi[o]);
            }
        }
        if nature != Nature::Principal {
            return nombre < MAX_VOEUX;
        }
        let nouveau = sous == 0;
        sous < if cat.multiple[f] { MAX_SOUS_VOEUX } else { 1 }
            && comptes + usize::from(cat.compte_dans_les_vingt[f]) <= MAX_SOUS_VOEUX_COMPTES
            && (!nouveau || regroupements.len() < MAX_VOEUX)
            && (!nouveau || !cat.ifsi[f] || ifsi < MAX_IFSI)
    }

    fn tranche(&self, groupe: usize, domicile: usize) -> (usize, usize) {
        let t = groupe * LIEUX.len() + domicile;
        (self.tranches[t] as usize, self.tranches[t + 1] as usize)
    }

    /// Candidates of a group.
    pub fn effectif(&self, groupe: usize) -> usize {
        self.tranche(groupe, LIEUX.len() - 1).1 - self.tranche(groupe, 0).0
    }

    /// Gives a wish to somebody of the group, at home in the department if possible, anywhere otherwise.
    pub fn placer(
        &mut self,
        cat: &Catalogue,
        groupe: usize,
        domicile: usize,
        formation: u32,
        nature: Nature,
        alea: &mut Alea,
    ) -> bool {
        debug_assert!(groupe < GROUPES);
        let ici = self.tranche(groupe, domicile);
        let partout = (self.tranche(groupe, 0).0, self.tranche(groupe, LIEUX.len() - 1).1);
        for (debut, fin) in [ici, partout] {
            for _ in 0..ESSAIS.min(2 * (fin - debut)) {
                let i = debut + alea.sous(fin - debut);
                if self.peut(cat, i, formation, nature) {
                    self.ajouter(i, formation, nature);
                    return true;
                }
            }
        }
        // Unlucky: look at everyone once.
        let (debut, fin) = partout;
        let depart = alea.sous(fin - debut);
        for k in 0..fin - debut {
            let i = debut + (depart + k) % (fin - debut);
            if self.peut(cat, i, formation, nature) {
                self.ajouter(i, formation, nature);
                return true;
            }
        }
        false
    }

    fn ajouter(&mut self, i: usize, formation: u32, nature: Nature) {
        self.ajouts.push((formation, nature, self.tete[i]));
        self.tete[i] = court(self.ajouts.len() - 1);
    }
}
