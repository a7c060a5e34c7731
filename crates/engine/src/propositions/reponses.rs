//! Automatic answers and resignations (§7), and the checks that go with them (§10.3): candidat by candidat.
//!
//! Where the voeux of a candidat stand is read in the columns of the input and among the statuts that have changed: both
//! are in the order of the input, which most often keeps the voeux of a candidat together. The working table, where they
//! are far from each other, is only told of what changes.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::calcul::Finals;
use super::entree::{Ensemble, Entree, Etat, Statut};
use super::ligne::Champs;
use super::passage::{Groupe, Passages};
use super::refus::{Lieu, Motif, Refus};
use super::table::Table;
use crate::bits::Bits;

/// The voeux by candidat.
pub(crate) struct Reponses<'a> {
    entree: &'a Entree,
    par_candidat: ParCandidat,
    /// Row of each voeu.
    rangees: &'a [AtomicU32],
    /// Are ordered voeux resigned today?
    gdd: bool,
    /// Are the checks of §10.3 made today?
    checked: bool,
    /// Some statuts of the input are those of a computation: anybody may be at fault from the start.
    internal: bool,
}

/// Candidats handled together by one thread.
const PAR_LOT: usize = 4096;

/// A voeu of the candidat being handled.
#[derive(Debug, Clone, Copy)]
struct Dossier {
    voeu: u32,
    rang: i32,
    etat: Etat,
}

/// What a voeu becomes.
#[derive(Debug, Clone, Copy)]
struct Perte {
    voeu: u32,
    statut: Statut,
}

/// What some candidats lose, and the first fault among them.
#[derive(Debug, Default)]
struct Lot {
    changements: Vec<Perte>,
    faute: Option<Faute>,
}

/// The places freed in a pass.
#[derive(Debug, Default)]
pub(crate) struct Liberees {
    /// Voeux that held a place.
    pub(crate) places: usize,
    /// Simple groupes concerned (working numbers), each once.
    pub(crate) groupes: Vec<u32>,
}

impl<'a> Reponses<'a> {
    /// The index, or none when neither chapter applies today. `rangees` is memory to use.
    pub(crate) fn build(entree: &'a Entree, table: &Table, rangees: &'a mut Vec<AtomicU32>) -> Option<Self> {
        let p = &entree.parametres;
        let gdd = p.jour >= p.jour_debut_gdd;
        let has_repondeurs = !entree.repondeurs.is_empty();
        let checked = !(p.jour_debut_gdd <= p.jour && p.jour < p.jour_fin_ordonnancement_gdd);
        let internal = table.statuts.contains(&[
            Statut::RaDemissionAttente,
            Statut::RaRefusProposition,
            Statut::RaAcceptation,
            Statut::GddDemissionAttente,
            Statut::GddDemissionProposition,
        ]);
        let concerned = gdd || has_repondeurs || (checked && internal);
        if !concerned {
            return None;
        }
        table.rows(rangees);
        Some(Self { entree, par_candidat: ParCandidat::build(entree), rangees, gdd, checked, internal })
    }

    /// §10.3 on the input: whoever may be at fault before anything is proposed.
    pub(crate) fn check_input(&self, repondeur: &Bits, finals: &Finals) -> Result<(), Refus> {
        if !self.checked {
            return Ok(());
        }
        let fault = if self.internal {
            let candidats: Vec<u32> = (0..self.entree.nombre_candidats).collect();
            self.first_fault(repondeur, finals, &candidats)
        } else {
            self.first_fault(repondeur, finals, &self.entree.repondeurs)
        };
        fault.map_or(Ok(()), |faute| Err(faute.refus()))
    }

    fn first_fault(&self, repondeur: &Bits, finals: &Finals, candidats: &[u32]) -> Option<Faute> {
        candidats
            .par_chunks(PAR_LOT)
            .filter_map(|candidats| {
                let mut voeux = Vec::new();
                let fault = |&candidat: &u32| {
                    self.load(finals, candidat, &mut voeux);
                    self.find_fault(&voeux, repondeur.contains(candidat))
                };
                candidats.iter().filter_map(fault).min()
            })
            .min()
    }

    /// The voeux of a candidat as they stand.
    fn load(&self, finals: &Finals, candidat: u32, voeux: &mut Vec<Dossier>) {
        voeux.clear();
        voeux.extend(self.par_candidat.of(candidat).map(|voeu| Dossier {
            voeu,
            rang: self.preference(voeu),
            etat: finals.etat(self.entree, voeu as usize),
        }));
    }

    fn preference(&self, voeu: u32) -> i32 {
        self.entree.voeux.rang_preference.get(voeu as usize).copied().unwrap_or(0)
    }

    /// A répondeur cannot choose among voeux that are not ordered (first pass, once propositions are made).
    pub(crate) fn check_ordered(&self, finals: &Finals) -> Result<(), Refus> {
        let fault = self
            .entree
            .repondeurs
            .iter()
            .flat_map(|&candidat| self.par_candidat.of(candidat))
            .filter(|&voeu| {
                self.preference(voeu) == 0 && finals.etat(self.entree, voeu as usize).is_attente()
            })
            .min();
        match fault {
            Some(voeu) => Err(Refus::new(Motif::RepondeurVoeuSansRang, Lieu::Voeu(voeu))),
            None => Ok(()),
        }
    }

    /// Candidats who have a proposition of the day in the input: only abnormal data have some.
    pub(crate) fn with_proposition_du_jour(&self, table: &Table) -> Vec<u32> {
        if !table.statuts.contains(&[Statut::PropositionDuJour, Statut::RaAcceptation]) {
            return Vec::new();
        }
        table.lignes.iter().filter(|l| Ensemble::JOUR.contains_etat(l.etat())).map(Champs::candidat).collect()
    }

    /// Resigns and refuses for the candidats (by number) of new propositions; says which places are freed.
    pub(crate) fn answer(
        &self,
        table: &mut Table,
        candidats: &[u32],
        passages: &mut Passages,
        finals: &mut Finals,
    ) -> Result<Liberees, Refus> {
        let before: &Finals = finals;
        let repondeur = &passages.repondeur;
        let lots: Vec<Lot> = candidats
            .par_chunks(PAR_LOT)
            .map(|candidats| {
                let mut lot = Lot::default();
                let mut voeux = Vec::new();
                for &candidat in candidats {
                    self.load(before, candidat, &mut voeux);
                    let actif = repondeur.contains(candidat);
                    if actif {
                        auto_answer(&mut voeux, &mut lot.changements);
                    } else if self.gdd {
                        resign(&mut voeux, &mut lot.changements);
                    }
                    if self.checked {
                        lot.faute = [lot.faute, self.find_fault(&voeux, actif)].into_iter().flatten().min();
                    }
                }
                lot
            })
            .collect();
        if let Some(faute) = lots.iter().filter_map(|lot| lot.faute).min() {
            return Err(faute.refus());
        }
        let mut lost = Vec::new();
        for &Perte { voeu, statut } in lots.iter().flat_map(|lot| &lot.changements) {
            if Ensemble::PROP.contains_etat(finals.etat(self.entree, voeu as usize)) {
                lost.push(voeu);
            }
            finals.set(voeu as usize, statut);
            let position = self.entree.voeux.groupe[voeu as usize];
            passages.touches[table.numero[position as usize] as usize] = true;
        }
        // Apart, and doing nothing else, so that memory is asked for many rows at once.
        for &Perte { voeu, statut } in lots.iter().flat_map(|lot| &lot.changements) {
            let ligne = self.rangees[voeu as usize].load(Ordering::Relaxed);
            table.lignes[ligne as usize].set_statut(statut);
        }
        Ok(self.free(table, &lost, &mut passages.groupes, finals))
    }

    /// Takes away from the simple groupes those whose propositions are lost: a candidat leaves a groupe with its last
    /// proposition there. The voeux of a candidat follow each other.
    fn free(&self, table: &Table, lost: &[u32], groupes: &mut [Groupe], finals: &Finals) -> Liberees {
        let voeux = &self.entree.voeux;
        let mut liberees = Liberees { places: lost.len(), groupes: Vec::new() };
        let mut listed = Bits::new(groupes.len());
        for (i, &voeu) in lost.iter().enumerate() {
            let (candidat, position) = (voeux.candidat[voeu as usize], voeux.groupe[voeu as usize]);
            let g = table.numero[position as usize];
            if groupes[g as usize].complexe {
                continue;
            }
            let here = |autre: &u32| voeux.groupe[*autre as usize] == position;
            let mut precedents =
                lost[..i].iter().rev().take_while(|&&autre| voeux.candidat[autre as usize] == candidat);
            let mut restes = self.par_candidat.of(candidat).filter(here);
            let leaves = !precedents.any(here)
                && !restes
                    .any(|autre| Ensemble::PROP.contains_etat(finals.etat(self.entree, autre as usize)));
            if leaves {
                groupes[g as usize].pourvus -= 1;
                if listed.insert(g) {
                    liberees.groupes.push(g);
                }
            }
        }
        liberees
    }

    /// §10.3 for one candidat: the first broken property in the order of the text.
    fn find_fault(&self, dossier: &[Dossier], actif: bool) -> Option<Faute> {
        let voeux = || dossier.iter().map(|v| (v.voeu, v.rang, v.etat));
        let faute = |ordre: u8, voeu: u32, motif: Controle| Some(Faute { ordre, voeu, motif });
        // P7.1 and P7.4 together, at the first voeu of the input.
        let premiere = voeux()
            .filter_map(|(voeu, rang, etat)| {
                let reponse = Ensemble::DEM_RA.contains_etat(etat) || etat.statut() == Statut::RaAcceptation;
                if reponse && !actif {
                    return faute(1, voeu, Controle::P7_1);
                }
                let ordered = rang > 0
                    || Ensemble::ANT.contains_etat(etat)
                    || etat.statut() == Statut::RaRefusProposition;
                if actif && !ordered { faute(1, voeu, Controle::P7_4) } else { None }
            })
            .min();
        if premiere.is_some() {
            return premiere;
        }
        if actif {
            let in_pp = |etat: Etat| Ensemble::PROP.contains_etat(etat) && !etat.is_hors_pp();
            let mut propositions = voeux().filter(|&(_, _, etat)| in_pp(etat));
            let premiere_proposition = propositions.next();
            if let Some((voeu, ..)) = propositions.next() {
                return faute(2, voeu, Controle::P7_2);
            }
            // P7.3: what the répondeur gave up, it gave up for something better, or accepted.
            let gardee = premiere_proposition
                .filter(|&(_, rang, etat)| etat.statut() == Statut::RaAcceptation && rang > 0);
            let abandon = voeux().find(|&(_, rang, etat)| {
                Ensemble::DEM_RA.contains_etat(etat)
                    && gardee.is_none_or(|(_, garde, _)| {
                        etat.statut() == Statut::RaDemissionAttente && garde > rang
                    })
            });
            if let Some((voeu, ..)) = abandon {
                return faute(3, voeu, Controle::P7_3);
            }
            let mut rangs: Vec<(i32, u32)> =
                voeux().filter(|&(_, rang, _)| rang > 0).map(|(voeu, rang, _)| (rang, voeu)).collect();
            rangs.sort_unstable();
            if let Some(paire) = rangs.windows(2).find(|paire| paire[0].0 == paire[1].0) {
                return faute(5, paire[1].1, Controle::P7_5);
            }
            let attendu = voeux()
                .filter(|&(_, rang, etat)| rang > 0 && etat.is_attente() && !etat.is_hors_pp())
                .map(|(_, rang, _)| rang)
                .min();
            if let (Some(attendu), Some((voeu, rang, _))) = (attendu, premiere_proposition)
                && rang > 0
                && attendu >= rang
            {
                return faute(6, voeu, Controle::P7_6);
            }
        }
        if self.gdd {
            let waiting = voeux().any(|(_, _, etat)| etat.is_attente());
            let demissionne = voeux()
                .filter(|&(_, _, etat)| Ensemble::DEM_GDD.contains_etat(etat))
                .min_by_key(|&(_, rang, _)| rang);
            let pire = voeux()
                .filter(|&(_, rang, etat)| rang > 0 && Ensemble::JOUR.contains_etat(etat))
                .map(|(_, rang, _)| rang)
                .max();
            if let (true, Some((voeu, rang, _))) = (waiting, demissionne)
                && pire.is_none_or(|pire| pire > rang)
            {
                return faute(8, voeu, Controle::P8);
            }
        }
        None
    }
}

/// §7.2: a candidat who has ordered keeps what is better than today's best proposition.
fn resign(voeux: &mut [Dossier], changements: &mut Vec<Perte>) {
    let best =
        voeux.iter().filter(|v| v.rang > 0 && Ensemble::JOUR.contains_etat(v.etat)).map(|v| v.rang).min();
    let Some(best) = best else { return };
    for v in voeux.iter_mut().filter(|v| v.rang > best) {
        if v.etat.is_attente() {
            v.change(Statut::GddDemissionAttente, changements);
        } else if Ensemble::JOUR.contains_etat(v.etat)
            || (v.etat.statut() == Statut::AnterieureSansReponse && !v.etat.is_hors_pp())
        {
            v.change(Statut::GddDemissionProposition, changements);
        }
    }
}

/// §7.1: the répondeur accepts the best proposition of the day, refuses the others, drops what is worse.
fn auto_answer(voeux: &mut [Dossier], changements: &mut Vec<Perte>) {
    let best = voeux
        .iter()
        .filter(|v| Ensemble::JOUR.contains_etat(v.etat) && !v.etat.is_hors_pp())
        .map(|v| v.rang)
        .min();
    let Some(best) = best else { return };
    for v in voeux.iter_mut() {
        let concerned = Ensemble::ATT_OU_PROP.contains_etat(v.etat) && !v.etat.is_hors_pp();
        if concerned && (v.rang > best || Ensemble::ANT_PROP.contains_etat(v.etat)) {
            let statut =
                if v.etat.is_attente() { Statut::RaDemissionAttente } else { Statut::RaRefusProposition };
            v.change(statut, changements);
        }
    }
}

impl Dossier {
    fn change(&mut self, statut: Statut, changements: &mut Vec<Perte>) {
        self.etat = self.etat.with_statut(statut);
        changements.push(Perte { voeu: self.voeu, statut });
    }
}

/// The voeux of each candidat, in the order of the input.
struct ParCandidat {
    /// Place of the first voeu of each candidat; one more at the end.
    debut: Vec<u32>,
    /// The voeu of each place. Empty where the input has the voeux of each candidat together, by number of the candidat:
    /// places are then positions.
    voeux: Vec<u32>,
}

impl ParCandidat {
    fn build(entree: &Entree) -> Self {
        let candidats = &entree.voeux.candidat;
        let mut debut = vec![0_u32; entree.nombre_candidats as usize + 1];
        for &candidat in candidats {
            debut[candidat as usize + 1] += 1;
        }
        for c in 0..entree.nombre_candidats as usize {
            debut[c + 1] += debut[c];
        }
        let mut voeux = Vec::new();
        if !candidats.is_sorted() {
            let mut curseurs = debut.clone();
            voeux.resize(candidats.len(), 0);
            for (voeu, &candidat) in (0..).zip(candidats) {
                let curseur = &mut curseurs[candidat as usize];
                voeux[*curseur as usize] = voeu;
                *curseur += 1;
            }
        }
        Self { debut, voeux }
    }

    fn of(&self, candidat: u32) -> impl Iterator<Item = u32> + '_ {
        let places = self.debut[candidat as usize]..self.debut[candidat as usize + 1];
        places.map(|place| self.voeux.get(place as usize).copied().unwrap_or(place))
    }
}

/// A broken property: ordered by the text, then by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Faute {
    ordre: u8,
    voeu: u32,
    motif: Controle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Controle {
    P7_1,
    P7_2,
    P7_3,
    P7_4,
    P7_5,
    P7_6,
    P8,
}

impl Faute {
    const fn refus(self) -> Refus {
        Refus::new(self.motif.motif(), Lieu::Voeu(self.voeu))
    }
}

impl Controle {
    const fn motif(self) -> Motif {
        match self {
            Self::P7_1 => Motif::RepondeurP7_1,
            Self::P7_2 => Motif::RepondeurP7_2,
            Self::P7_3 => Motif::RepondeurP7_3,
            Self::P7_4 => Motif::RepondeurP7_4,
            Self::P7_5 => Motif::RepondeurP7_5,
            Self::P7_6 => Motif::RepondeurP7_6,
            Self::P8 => Motif::GddP8,
        }
    }
}
