//! Candidat by candidat: automatic answers (P7) and resignations of ordered voeux (P8).

use super::{Examen, Regle};
use crate::propositions::{Lieu, Statut};

impl Examen<'_> {
    pub(super) fn check_candidats(&mut self) {
        let p = &self.entree.parametres;
        if p.jour_debut_gdd <= p.jour && p.jour < p.jour_fin_ordonnancement_gdd {
            return;
        }
        let voeux = &self.entree.voeux;
        let mut watched = self.repondeur.clone();
        for (v, statut) in self.finals.iter().enumerate() {
            if matches!(
                statut,
                Statut::RaAcceptation
                    | Statut::RaDemissionAttente
                    | Statut::RaRefusProposition
                    | Statut::GddDemissionAttente
                    | Statut::GddDemissionProposition
            ) {
                watched[voeux.candidat[v] as usize] = true;
            }
        }
        let mut lignes: Vec<(u32, u32)> =
            (0..).zip(&voeux.candidat).filter(|&(_, &c)| watched[c as usize]).map(|(v, &c)| (c, v)).collect();
        lignes.sort_unstable();
        for du_candidat in lignes.chunk_by(|a, b| a.0 == b.0) {
            let candidat = du_candidat[0].0;
            let hidden =
                du_candidat.iter().any(|&(_, v)| self.groupe_ecarte[voeux.groupe[v as usize] as usize]);
            if hidden {
                continue;
            }
            let own: Vec<usize> = du_candidat.iter().map(|&(_, v)| v as usize).collect();
            if !self.answers_are_right(candidat, &own) {
                self.report(Regle::P7, Lieu::Candidat(candidat));
            }
            if !self.resignations_are_right(&own) {
                self.report(Regle::P8, Lieu::Candidat(candidat));
            }
        }
    }

    fn preference(&self, voeu: usize) -> i32 {
        self.entree.voeux.rang_preference.get(voeu).copied().unwrap_or(0)
    }

    /// P7.1 to P7.6, as they are stated.
    fn answers_are_right(&self, candidat: u32, own: &[usize]) -> bool {
        let statut = |v: usize| self.finals[v];
        let hors_pp = |v: usize| self.entree.voeux.etat[v].is_hors_pp();
        if !self.repondeur[candidat as usize] {
            return !own.iter().any(|&v| {
                matches!(
                    statut(v),
                    Statut::RaAcceptation | Statut::RaDemissionAttente | Statut::RaRefusProposition
                )
            });
        }
        let propositions: Vec<usize> =
            own.iter().copied().filter(|&v| statut(v).is_proposition() && !hors_pp(v)).collect();
        if propositions.len() > 1 {
            return false;
        }
        let accepted =
            propositions.first().filter(|&&v| statut(v) == Statut::RaAcceptation && self.preference(v) > 0);
        let gave_up_for_better = own.iter().all(|&v| match statut(v) {
            Statut::RaRefusProposition => accepted.is_some(),
            Statut::RaDemissionAttente => accepted.is_some_and(|&a| self.preference(a) <= self.preference(v)),
            _ => true,
        });
        let all_ordered = own.iter().all(|&v| {
            self.preference(v) > 0
                || matches!(
                    statut(v),
                    Statut::RaRefusProposition
                        | Statut::AnterieureSansReponse
                        | Statut::AnterieureAcceptee
                        | Statut::AnterieureRefusee
                )
        });
        let mut rangs: Vec<i32> = own.iter().map(|&v| self.preference(v)).filter(|&rang| rang > 0).collect();
        rangs.sort_unstable();
        let distinct = rangs.windows(2).all(|paire| paire[0] != paire[1]);
        let best_waiting = own
            .iter()
            .filter(|&&v| statut(v) == Statut::EnAttente && self.preference(v) > 0)
            .map(|&v| self.preference(v))
            .min();
        let worth_waiting = match (best_waiting, propositions.first()) {
            (Some(best), Some(&v)) => self.preference(v) == 0 || best < self.preference(v),
            _ => true,
        };
        gave_up_for_better && all_ordered && distinct && worth_waiting
    }

    /// P8: whoever still waits resigned only what is worse than a proposition of the day.
    fn resignations_are_right(&self, own: &[usize]) -> bool {
        let p = &self.entree.parametres;
        let resigned = own
            .iter()
            .filter(|&&v| {
                matches!(self.finals[v], Statut::GddDemissionAttente | Statut::GddDemissionProposition)
            })
            .map(|&v| self.preference(v))
            .min();
        let waits = own.iter().any(|&v| self.finals[v] == Statut::EnAttente);
        let (Some(resigned), true, true) = (resigned, waits, p.jour >= p.jour_debut_gdd) else { return true };
        let worst = own
            .iter()
            .filter(|&&v| self.finals[v].is_proposition_du_jour() && self.preference(v) > 0)
            .map(|&v| self.preference(v))
            .max();
        worst.is_some_and(|worst| worst <= resigned)
    }
}
