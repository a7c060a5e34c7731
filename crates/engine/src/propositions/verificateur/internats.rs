//! Internat by internat: P3, P5 and the bar.

use super::{Examen, Regle};
use crate::propositions::{Lieu, Statut, VoeuInternat};

impl Examen<'_> {
    pub(super) fn check_internats(&mut self) {
        let voeux = &self.entree.voeux;
        let mut references: Vec<VoeuInternat> = voeux
            .en_internat
            .iter()
            .copied()
            .filter(|v| v.internat != VoeuInternat::SANS_REFERENCE && !self.groupe_ecarte_of(v.voeu))
            .collect();
        references.sort_unstable_by_key(|v| (v.internat, voeux.candidat[v.voeu as usize], v.voeu));
        let placed = self.placed_in_groupes(&references);
        let mut rest = &references[..];
        for i in 0..self.entree.internats.len() as u32 {
            let (internat, after) = rest.split_at(rest.partition_point(|v| v.internat == i));
            rest = after;
            if self.sortie.internats_ecartes.binary_search(&i).is_ok() && !self.sortie.reparee {
                continue;
            }
            self.check_internat(i, internat, &placed);
            self.check_barre(i, internat, &placed);
        }
    }

    fn groupe_ecarte_of(&self, voeu: u32) -> bool {
        self.groupe_ecarte[self.entree.voeux.groupe[voeu as usize] as usize]
    }

    /// (groupe, candidat) of those who hold a place, for the candidats who asked for an internat.
    fn placed_in_groupes(&self, references: &[VoeuInternat]) -> Vec<(u32, u32)> {
        if references.is_empty() {
            return Vec::new();
        }
        let voeux = &self.entree.voeux;
        let mut boarder = vec![false; self.entree.nombre_candidats as usize];
        for v in references {
            boarder[voeux.candidat[v.voeu as usize] as usize] = true;
        }
        let mut placed: Vec<(u32, u32)> = (0..voeux.len())
            .filter(|&v| self.finals[v].is_proposition() && boarder[voeux.candidat[v] as usize])
            .map(|v| (voeux.groupe[v], voeux.candidat[v]))
            .collect();
        placed.sort_unstable();
        placed
    }

    fn check_internat(&mut self, i: u32, voeux: &[VoeuInternat], placed: &[(u32, u32)]) {
        let columns = &self.entree.voeux;
        let affichage = &self.sortie.internats[i as usize];
        let (mut initial, mut actuel) = (0_i64, 0_i64);
        let mut premier = i32::MAX;
        let mut dernier = 0;
        let mut beyond = false;
        for du_candidat in
            voeux.chunk_by(|a, b| columns.candidat[a.voeu as usize] == columns.candidat[b.voeu as usize])
        {
            let kept = du_candidat.iter().any(|v| self.is_place_gardee(v.voeu as usize));
            let had = du_candidat.iter().any(|v| columns.etat[v.voeu as usize].statut().is_proposition());
            actuel += i64::from(du_candidat.iter().any(|v| self.finals[v.voeu as usize].is_proposition()));
            initial += i64::from(kept);
            for v in du_candidat {
                let voeu = v.voeu as usize;
                let entered = self.finals[voeu].is_proposition_du_jour()
                    && columns.etat[voeu].statut() == Statut::EnAttente;
                beyond |= entered && !had && v.rang > affichage.barre;
                if columns.etat[voeu].is_ignorer_rang_attente() {
                    continue;
                }
                let (groupe, candidat) = (columns.groupe[voeu], columns.candidat[voeu]);
                if self.finals[voeu] == Statut::EnAttente && placed.binary_search(&(groupe, candidat)).is_ok()
                {
                    premier = premier.min(v.rang);
                } else if self.finals[voeu].is_proposition_du_jour() && !kept {
                    dernier = dernier.max(v.rang);
                }
            }
        }
        if dernier > premier || affichage.barre > affichage.barre_maximale {
            self.report(Regle::P3, Lieu::Internat(i));
        }
        if actuel > i64::from(self.entree.internats[i as usize].capacite) && actuel > initial {
            self.report(Regle::P5, Lieu::Internat(i));
        }
        if self.one_pass && beyond {
            self.report(Regle::Barre, Lieu::Internat(i));
        }
    }
}
