//! Automatic answers and resignations (§7), and the checks that go with them (§10.3): candidat by candidat.

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
}

/// What one candidat loses.
#[derive(Debug, Default)]
pub(crate) struct Pertes {
    /// Rows and their new statut.
    changements: Vec<(u32, Statut)>,
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
    /// The index, or none when neither chapter applies today.
    pub(crate) fn build(entree: &Entree, table: &Table, repondeur: &Bits) -> Option<Self> {
        let p = &entree.parametres;
        let gdd = p.jour >= p.jour_debut_gdd;
        let has_repondeurs = !entree.repondeurs.is_empty();
        let checked = !(p.jour_debut_gdd <= p.jour && p.jour < p.jour_fin_ordonnancement_gdd);
        let internal = table.statuts.contains(&[
            Statut::RaDemissionAttente,
            Statut::RaRefusProposition,
            Statut::RaAcceptation,
        ]);
        let concerned = gdd || has_repondeurs || (checked && internal);
        if !concerned {
            return None;
        }
        let everybody = gdd || internal;
        let concerned = |candidat: u32| everybody || repondeur.contains(candidat);
        let mut debut = vec![0_u32; entree.nombre_candidats as usize + 1];
        for &candidat in &entree.voeux.candidat {
            if concerned(candidat) {
                debut[candidat as usize + 1] += 1;
            }
        }
        for c in 0..entree.nombre_candidats as usize {
            debut[c + 1] += debut[c];
        }
        let preference = |voeu: usize| entree.voeux.rang_preference.get(voeu).copied().unwrap_or(0);
        let mut voeux = vec![(0, 0); debut[entree.nombre_candidats as usize] as usize];
        // Each thread fills the voeux of its own candidats, reading the table once.
        let parts = if table.lignes.len() < 1 << 16 { 1 } else { rayon::current_num_threads() };
        let par_part = (entree.nombre_candidats as usize).div_ceil(parts).max(1);
        let mut reste = &mut voeux[..];
        let mut travaux = Vec::new();
        for t in 0..parts {
            let plage = (t * par_part).min(debut.len() - 1)..((t + 1) * par_part).min(debut.len() - 1);
            let (case, suite) = reste.split_at_mut((debut[plage.end] - debut[plage.start]) as usize);
            reste = suite;
            travaux.push((plage, case));
        }
        travaux.into_par_iter().for_each(|(plage, case)| {
            let base = debut[plage.start];
            let mut curseurs = debut[plage.clone()].to_vec();
            for (ligne, l) in (0..).zip(&table.lignes) {
                let candidat = l.candidat();
                if plage.contains(&(candidat as usize)) && concerned(candidat) {
                    let curseur = &mut curseurs[candidat as usize - plage.start];
                    case[(*curseur - base) as usize] = (ligne, preference(l.voeu()));
                    *curseur += 1;
                }
            }
        });
        Some(Self { debut, voeux, gdd, checked })
    }

    fn of(&self, candidat: u32) -> &[VoeuOrdonne] {
        &self.voeux[self.debut[candidat as usize] as usize..self.debut[candidat as usize + 1] as usize]
    }

    /// Candidats to look at in the first pass before anything is proposed: all those indexed.
    pub(crate) fn check_all(&self, table: &Table, repondeur: &Bits) -> Result<(), Refus> {
        let candidats: Vec<u32> = (0..self.debut.len() as u32 - 1).collect();
        self.check(table, repondeur, &candidats)
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
    ) -> Liberees {
        let view: &Table = table;
        let pertes: Vec<Pertes> = candidats
            .par_chunks(4096)
            .map(|candidats| {
                let mut pertes = Pertes::default();
                for &candidat in candidats {
                    if !repondeur.contains(candidat) {
                        if self.gdd {
                            self.resign(view, candidat, &mut pertes);
                        }
                    } else {
                        self.auto_answer(view, candidat, &mut pertes);
                    }
                }
                pertes
            })
            .collect();
        let mut liberees = Liberees::default();
        let mut lost = Vec::new();
        for (ligne, statut) in pertes.into_iter().flat_map(|p| p.changements) {
            let l = &mut table.lignes[ligne as usize];
            if Ensemble::PROP.contains_etat(l.etat()) {
                liberees.places += 1;
                lost.push(ligne);
            }
            l.set_statut(statut);
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
        liberees
    }

    /// §7.2: a candidat who has ordered keeps what is better than today's best proposition.
    fn resign(&self, table: &Table, candidat: u32, pertes: &mut Pertes) {
        let voeux = self.of(candidat);
        let etat = |ligne: u32| table.lignes[ligne as usize].etat();
        let best = voeux
            .iter()
            .filter(|&&(ligne, rang)| rang > 0 && Ensemble::JOUR.contains_etat(etat(ligne)))
            .map(|&(_, rang)| rang)
            .min();
        let Some(best) = best else { return };
        for &(ligne, rang) in voeux {
            if rang <= best {
                continue;
            }
            let etat = etat(ligne);
            if etat.is_attente() {
                pertes.changements.push((ligne, Statut::GddDemissionAttente));
            } else if Ensemble::JOUR.contains_etat(etat)
                || (etat.statut() == Statut::AnterieureSansReponse && !etat.is_hors_pp())
            {
                pertes.changements.push((ligne, Statut::GddDemissionProposition));
            }
        }
    }

    /// §7.1: the répondeur accepts the best proposition of the day, refuses the others, drops what is worse.
    fn auto_answer(&self, table: &Table, candidat: u32, pertes: &mut Pertes) {
        let voeux = self.of(candidat);
        let etat = |ligne: u32| table.lignes[ligne as usize].etat();
        let best = voeux
            .iter()
            .filter(|&&(ligne, _)| Ensemble::JOUR.contains_etat(etat(ligne)) && !etat(ligne).is_hors_pp())
            .map(|&(_, rang)| rang)
            .min();
        let Some(best) = best else { return };
        for &(ligne, rang) in voeux {
            let etat = etat(ligne);
            let concerned = Ensemble::ATT_OU_PROP.contains_etat(etat) && !etat.is_hors_pp();
            if concerned && (rang > best || Ensemble::ANT_PROP.contains_etat(etat)) {
                let statut =
                    if etat.is_attente() { Statut::RaDemissionAttente } else { Statut::RaRefusProposition };
                pertes.changements.push((ligne, statut));
            }
        }
    }

    /// §10.3 for some candidats: the first broken property in the order of the text.
    pub(crate) fn check(&self, table: &Table, repondeur: &Bits, candidats: &[u32]) -> Result<(), Refus> {
        if !self.checked {
            return Ok(());
        }
        let fault = candidats
            .par_iter()
            .with_min_len(1024)
            .filter_map(|&candidat| self.find_fault(table, candidat, repondeur.contains(candidat)))
            .min();
        match fault {
            Some(Faute { motif, voeu, .. }) => Err(Refus::new(motif.motif(), Lieu::Voeu(voeu))),
            None => Ok(()),
        }
    }

    fn find_fault(&self, table: &Table, candidat: u32, actif: bool) -> Option<Faute> {
        let voeux = self.of(candidat);
        if voeux.is_empty() {
            return None;
        }
        let voeux = || {
            voeux.iter().map(|&(ligne, rang)| {
                let l = &table.lignes[ligne as usize];
                (l.voeu() as u32, rang, l.etat())
            })
        };
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
