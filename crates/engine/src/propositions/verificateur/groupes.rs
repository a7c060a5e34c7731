//! Groupe by groupe: P1, P2, P4, block calls, waiting ranks, last one called.

use rayon::prelude::*;

use super::{Examen, Regle, Violation};
use crate::propositions::{Lieu, Statut, VoeuInternat};

/// One voeu of a groupe.
#[derive(Clone, Copy)]
struct Ligne {
    rang: i32,
    voeu: u32,
    candidat: u32,
    statut: Statut,
    /// Refers to an internat of its own classement.
    interne: bool,
}

impl Examen<'_> {
    pub(super) fn check_groupes(&mut self) {
        let voeux = &self.entree.voeux;
        let found: Vec<Vec<Violation>> = (0..self.entree.groupes.len())
            .into_par_iter()
            .with_min_len(16)
            .map(|g| {
                if self.groupe_ecarte[g] {
                    return Vec::new();
                }
                let mut lignes: Vec<Ligne> = self
                    .par_groupe
                    .of(g)
                    .iter()
                    .map(|&voeu| {
                        let v = voeu as usize;
                        Ligne {
                            rang: voeux.rang_appel[v],
                            voeu,
                            candidat: voeux.candidat[v],
                            statut: self.finals[v],
                            interne: self.internat(v).is_some(),
                        }
                    })
                    .collect();
                lignes.sort_unstable_by_key(|l| (l.rang, l.voeu));
                let mut broken = Vec::new();
                self.places(g, &lignes, &mut broken);
                self.overtaken_twice(&lignes, &mut broken);
                self.waiting(g, &lignes, &mut broken);
                self.last_called(g, &lignes, &mut broken);
                broken.into_iter().map(|regle| Violation { regle, lieu: Lieu::Groupe(g as u32) }).collect()
            })
            .collect();
        self.violations.extend(found.into_iter().flatten());
    }

    /// P1, P4 and block calls.
    fn places(&self, g: usize, lignes: &[Ligne], broken: &mut Vec<Regle>) {
        let groupe = &self.entree.groupes[g];
        let distinct = |mut candidats: Vec<u32>| {
            candidats.sort_unstable();
            candidats.dedup();
            candidats
        };
        let initial = distinct(
            lignes.iter().filter(|l| self.is_place_gardee(l.voeu as usize)).map(|l| l.candidat).collect(),
        );
        let actuel =
            distinct(lignes.iter().filter(|l| l.statut.is_proposition()).map(|l| l.candidat).collect());
        // Who waits for a place in the groupe only: no boarding asked, or under the bar.
        let waits = |l: &&Ligne| l.statut == Statut::EnAttente && (!l.interne || self.is_under_bar(l));
        let premier = lignes.iter().find(waits);
        if let Some(premier) = premier {
            let overtakes = |l: &Ligne| {
                l.rang > premier.rang
                    && l.statut.is_proposition_du_jour()
                    && initial.binary_search(&l.candidat).is_err()
            };
            if lignes.iter().any(overtakes) {
                broken.push(Regle::P1);
            }
        }
        if self.ferme[g] {
            return;
        }
        if premier.is_some_and(|premier| premier.rang <= groupe.rang_limite) {
            broken.push(Regle::Bloc);
        }
        let places = groupe.places as usize;
        let called_by_block = lignes.iter().any(|l| {
            l.rang <= groupe.rang_limite
                && (l.statut.is_proposition()
                    || matches!(l.statut, Statut::RaRefusProposition | Statut::GddDemissionProposition))
        });
        let too_many = actuel.len() > places && actuel.len() > initial.len() && !called_by_block;
        let left_empty = actuel.len() < places && premier.is_some();
        if too_many || left_empty {
            broken.push(Regle::P4);
        }
    }

    fn is_under_bar(&self, l: &Ligne) -> bool {
        let under = |v: &VoeuInternat| v.rang <= self.sortie.internats[v.internat as usize].barre;
        self.one_pass && self.internat(l.voeu as usize).is_some_and(under)
    }

    /// P2, for those who entered both the groupe and the internat today, by this voeu only.
    fn overtaken_twice(&self, lignes: &[Ligne], broken: &mut Vec<Regle>) {
        if !lignes.iter().any(|l| l.interne && l.statut.is_proposition_du_jour()) {
            return;
        }
        let ignored = |l: &Ligne| self.entree.voeux.etat[l.voeu as usize].is_ignorer_rang_attente();
        let key = |l: &Ligne| self.internat(l.voeu as usize).map(|i| (i.internat, i.rang));
        let mut waiting: Vec<(u32, i32, i32)> = Vec::new();
        for l in lignes.iter().filter(|l| l.interne && !ignored(l)) {
            let Some((internat, rang)) = key(l) else { continue };
            if l.statut == Statut::EnAttente {
                // Per internat, the best rank so far along the call order.
                match waiting.iter_mut().find(|w| w.0 == internat) {
                    Some(w) if rang < w.1 => *w = (internat, rang, l.rang),
                    Some(_) => {}
                    None => waiting.push((internat, rang, l.rang)),
                }
            } else if l.statut.is_proposition_du_jour()
                && waiting.iter().any(|w| w.0 == internat && w.1 < rang && w.2 < l.rang)
                && !self.has_other_place(l, internat, lignes)
            {
                broken.push(Regle::P2);
                return;
            }
        }
    }

    /// Has the candidat another claim, old or of today, on the groupe or on the internat? It then enters by it.
    fn has_other_place(&self, l: &Ligne, internat: u32, lignes: &[Ligne]) -> bool {
        let claim = |voeu: u32| {
            let v = voeu as usize;
            voeu != l.voeu
                && (self.finals[v].is_proposition()
                    || self.entree.voeux.etat[v].statut().is_proposition()
                    || matches!(self.finals[v], Statut::RaRefusProposition | Statut::GddDemissionProposition))
        };
        let own = self.par_interne.partition_point(|&(candidat, _)| candidat < l.candidat);
        let in_internat = self.par_interne[own..]
            .iter()
            .take_while(|&&(candidat, _)| candidat == l.candidat)
            .map(|&(_, k)| &self.entree.voeux.en_internat[k as usize])
            .any(|v| v.internat == internat && claim(v.voeu));
        in_internat || lignes.iter().any(|autre| autre.candidat == l.candidat && claim(autre.voeu))
    }

    /// Waiting ranks: each has one, none goes up, they follow the call order.
    fn waiting(&self, g: usize, lignes: &[Ligne], broken: &mut Vec<Regle>) {
        let veille = |v: u32| self.entree.voeux.rang_attente_veille.get(v as usize).copied().unwrap_or(0);
        let abnormal = !lignes.iter().map(|l| veille(l.voeu)).filter(|&v| v > 0).is_sorted();
        let premier_jour = self.entree.parametres.jour == 1;
        let mut candidats = 0_u32;
        let mut precedent: Option<(u32, u32)> = None;
        let mut fine = true;
        for l in lignes {
            let rang = self.sortie.rangs_attente[l.voeu as usize];
            if l.statut != Statut::EnAttente || l.interne {
                fine &= rang == 0;
                continue;
            }
            let same = precedent.is_some_and(|(candidat, _)| candidat == l.candidat);
            candidats += u32::from(!same);
            fine &= rang <= candidats;
            fine &= if premier_jour {
                rang == candidats
            } else {
                veille(l.voeu) <= 0 || i64::from(rang) <= i64::from(veille(l.voeu))
            };
            fine &= abnormal || precedent.is_none_or(|(_, avant)| avant <= rang);
            precedent = Some((l.candidat, rang));
        }
        if !fine || candidats != self.sortie.groupes[g].candidats_en_attente {
            broken.push(Regle::RangAttente);
        }
    }

    /// Without boarding: the last one called before anybody who waits.
    fn last_called(&self, g: usize, lignes: &[Ligne], broken: &mut Vec<Regle>) {
        if lignes.iter().any(|l| l.interne) {
            return;
        }
        let etat = |l: &Ligne| self.entree.voeux.etat[l.voeu as usize];
        let stop = lignes
            .iter()
            .find(|l| l.statut == Statut::EnAttente && !etat(l).is_ignorer_rang_attente())
            .map_or(i64::MAX, |l| i64::from(l.rang));
        let shown =
            |l: &Ligne| self.entree.voeux.rang_appel_affiche.get(l.voeu as usize).copied().unwrap_or(l.rang);
        // The two variants of a candidat are called together: nobody called has the rank of one who waits.
        let expected = lignes
            .iter()
            .filter(|l| i64::from(l.rang) < stop && l.statut.is_proposition_du_jour())
            .map(shown)
            .fold(0, i32::max);
        if expected != self.sortie.groupes[g].rang_dernier_appele_affiche {
            broken.push(Regle::DernierAppele);
        }
    }
}
