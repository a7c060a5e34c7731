//! Automatic answers and resignations (§7), and the checks that go with them (§10.3): candidat by candidat.

use std::sync::atomic::AtomicU32;

use rayon::prelude::*;

use super::entree::{Ensemble, Entree, Etat, Statut};
use super::ligne::Champs;
use super::refus::{Lieu, Motif, Refus};
use super::table::Table;
use crate::bits::Bits;

/// The voeux of a candidat: row, and rank of preference beside it.
type VoeuOrdonne = (u32, i32);

/// Voeux by candidat, for those whom the rules of this chapter can concern.
pub(crate) struct Reponses {
    debut: Vec<u32>,
    voeux: Vec<VoeuOrdonne>,
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
    ligne: u32,
    voeu: u32,
    rang: i32,
    etat: Etat,
}

/// What a voeu becomes.
#[derive(Debug, Clone, Copy)]
struct Perte {
    ligne: u32,
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

impl Reponses {
    /// The index, or none when neither chapter applies today. `rangees` is memory to use.
    pub(crate) fn build(
        entree: &Entree,
        table: &Table,
        repondeur: &Bits,
        rangees: &mut Vec<AtomicU32>,
    ) -> Option<Self> {
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
        // Resignations concern those who have ordered some voeu; internal statuts in the input, anybody.
        let mut ordonne = repondeur.clone();
        if gdd {
            for (&candidat, _) in
                entree.voeux.candidat.iter().zip(&entree.voeux.rang_preference).filter(|(_, r)| **r > 0)
            {
                ordonne.insert(candidat);
            }
        }
        let concerned = |candidat: u32| internal || ordonne.contains(candidat);
        let mut debut = vec![0_u32; entree.nombre_candidats as usize + 1];
        for &candidat in &entree.voeux.candidat {
            if concerned(candidat) {
                debut[candidat as usize + 1] += 1;
            }
        }
        for c in 0..entree.nombre_candidats as usize {
            debut[c + 1] += debut[c];
        }
        // The row of each voeu: scattered once, then read in the order of the input, which most often keeps the voeux of
        // a candidat together.
        table.rows(rangees);
        let mut curseurs = debut.clone();
        let mut voeux = vec![(0, 0); debut[entree.nombre_candidats as usize] as usize];
        for (voeu, &candidat) in entree.voeux.candidat.iter().enumerate() {
            if concerned(candidat) {
                let preference = entree.voeux.rang_preference.get(voeu).copied().unwrap_or(0);
                let curseur = &mut curseurs[candidat as usize];
                voeux[*curseur as usize] = (*rangees[voeu].get_mut(), preference);
                *curseur += 1;
            }
        }
        Some(Self { debut, voeux, gdd, checked, internal })
    }

    fn of(&self, candidat: u32) -> &[VoeuOrdonne] {
        &self.voeux[self.debut[candidat as usize] as usize..self.debut[candidat as usize + 1] as usize]
    }

    /// §10.3 on the input: whoever may be at fault before anything is proposed.
    pub(crate) fn check_input(&self, entree: &Entree, table: &Table, repondeur: &Bits) -> Result<(), Refus> {
        if !self.checked {
            return Ok(());
        }
        let fault = if self.internal {
            let candidats: Vec<u32> = (0..entree.nombre_candidats).collect();
            self.first_fault(table, repondeur, &candidats)
        } else {
            self.first_fault(table, repondeur, &entree.repondeurs)
        };
        fault.map_or(Ok(()), |faute| Err(faute.refus()))
    }

    fn first_fault(&self, table: &Table, repondeur: &Bits, candidats: &[u32]) -> Option<Faute> {
        candidats
            .par_chunks(PAR_LOT)
            .filter_map(|candidats| {
                let mut voeux = Vec::new();
                let fault = |&candidat: &u32| {
                    self.load(table, candidat, &mut voeux);
                    self.find_fault(&voeux, repondeur.contains(candidat))
                };
                candidats.iter().filter_map(fault).min()
            })
            .min()
    }

    /// The voeux of a candidat as they stand.
    fn load(&self, table: &Table, candidat: u32, voeux: &mut Vec<Dossier>) {
        voeux.clear();
        voeux.extend(self.of(candidat).iter().map(|&(ligne, rang)| {
            let l = &table.lignes[ligne as usize];
            Dossier { ligne, voeu: l.voeu() as u32, rang, etat: l.etat() }
        }));
    }

    /// A répondeur cannot choose among voeux that are not ordered (first pass, once propositions are made).
    pub(crate) fn check_ordered(&self, entree: &Entree, table: &Table) -> Result<(), Refus> {
        let fault = entree
            .repondeurs
            .iter()
            .flat_map(|&candidat| self.of(candidat))
            .filter(|&&(ligne, rang)| rang == 0 && table.lignes[ligne as usize].etat().is_attente())
            .map(|&(ligne, _)| table.lignes[ligne as usize].voeu() as u32)
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

    /// Resigns and refuses for the candidats of new propositions; says which places are freed.
    pub(crate) fn answer(
        &self,
        table: &mut Table,
        repondeur: &Bits,
        candidats: &[u32],
        groupes: &mut [super::passage::Groupe],
        finals: &mut super::calcul::Finals,
    ) -> Result<Liberees, Refus> {
        let view: &Table = table;
        let lots: Vec<Lot> = candidats
            .par_chunks(PAR_LOT)
            .map(|candidats| {
                let mut lot = Lot::default();
                let mut voeux = Vec::new();
                for &candidat in candidats {
                    self.load(view, candidat, &mut voeux);
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
        let mut liberees = Liberees::default();
        let mut lost = Vec::new();
        for Perte { ligne, voeu, statut } in lots.into_iter().flat_map(|lot| lot.changements) {
            let l = &mut table.lignes[ligne as usize];
            if Ensemble::PROP.contains_etat(l.etat()) {
                liberees.places += 1;
                lost.push(ligne);
            }
            l.set_statut(statut);
            finals.set(voeu as usize, statut);
        }
        // A candidat leaves a groupe with its last proposition there.
        let mut left = Vec::with_capacity(lost.len());
        for &ligne in &lost {
            let g = table.groupe_of(ligne);
            if groupes[g].complexe {
                continue;
            }
            let candidat = table.lignes[ligne as usize].candidat();
            let plage = table.debut[g] as u32..table.debut[g + 1] as u32;
            let stays = self.of(candidat).iter().any(|&(autre, _)| {
                plage.contains(&autre) && Ensemble::PROP.contains_etat(table.lignes[autre as usize].etat())
            });
            if !stays {
                left.push((g as u32, candidat));
            }
        }
        left.sort_unstable();
        left.dedup();
        for &(g, _) in &left {
            groupes[g as usize].pourvus -= 1;
            if liberees.groupes.last() != Some(&g) {
                liberees.groupes.push(g);
            }
        }
        Ok(liberees)
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
        changements.push(Perte { ligne: self.ligne, voeu: self.voeu, statut });
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
