//! P6: why the bar of an internat is not higher.

use super::{Examen, Regle};
use crate::propositions::{Lieu, Statut, VoeuInternat};

impl Examen<'_> {
    /// A bar comes down from its maximum for one reason: right beyond it stands somebody whom a formation would call, and who would be
    /// one too many. The internat is then full, and stays so: bars only come down, which calls others, never fewer.
    ///
    /// `voeux` are those of the internat by candidat, `placed` the (groupe, candidat) who hold a place.
    pub(super) fn check_barre(&mut self, i: u32, voeux: &[VoeuInternat], placed: &[(u32, u32)]) {
        let affichage = &self.sortie.internats[i as usize];
        if !self.whole || affichage.barre >= affichage.barre_maximale {
            return;
        }
        let candidats = || {
            voeux
                .chunk_by(|a, b| self.candidat(a) == self.candidat(b))
                .map(|du_candidat| (du_candidat, self.is_in(du_candidat)))
        };
        let places = self.entree.internats[i as usize].capacite;
        let full = i64::from(places) <= candidats().filter(|&(_, is_in)| is_in).count() as i64;
        let rang = affichage.barre + 1;
        let held_back = candidats().any(|(du_candidat, is_in)| {
            !is_in && du_candidat.iter().any(|v| v.rang == rang && self.is_called_for(v, placed))
        });
        if !full || !held_back {
            self.report(Regle::P6, Lieu::Internat(i));
        }
    }

    fn candidat(&self, v: &VoeuInternat) -> u32 {
        self.entree.voeux.candidat[v.voeu as usize]
    }

    /// Does the candidat of these voeux hold a place of the internat?
    fn is_in(&self, du_candidat: &[VoeuInternat]) -> bool {
        du_candidat.iter().any(|v| self.finals[v.voeu as usize].is_proposition())
    }

    /// Would the formation call the candidat of this voeu, were it not for the internat? After several passes, those called further
    /// down may have been so in an earlier one: they are then thought to have left their place, and nothing is reported wrongly.
    fn is_called_for(&self, v: &VoeuInternat, placed: &[(u32, u32)]) -> bool {
        let columns = &self.entree.voeux;
        let voeu = v.voeu as usize;
        let (g, rang) = (columns.groupe[voeu], columns.rang_appel[voeu]);
        let groupe = &self.entree.groupes[g as usize];
        if columns.etat[voeu].statut() != Statut::EnAttente || self.ferme[g as usize] {
            return false;
        }
        if rang <= groupe.rang_limite || placed.binary_search(&(g, self.candidat(v))).is_ok() {
            return true;
        }
        let further_down = |autre: usize| {
            columns.rang_appel[autre] > rang
                && self.finals[autre].is_proposition_du_jour()
                && columns.etat[autre].statut() == Statut::EnAttente
        };
        let mut served: Vec<u32> = self
            .par_groupe
            .of(g as usize)
            .iter()
            .map(|&autre| autre as usize)
            .filter(|&autre| self.finals[autre].is_proposition() && !further_down(autre))
            .map(|autre| columns.candidat[autre])
            .collect();
        served.sort_unstable();
        served.dedup();
        (served.len() as i64) < i64::from(groupe.places)
    }
}
