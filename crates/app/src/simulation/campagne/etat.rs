//! A campaign in memory: the wishes of a day in columns, moved from one evening to the next. Pure: the instants are arguments.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use domain::admission::perte_sans_reponse;
use domain::calendrier::Calendrier;
use domain::candidatures::EtatVoeu;
use engine::propositions::{Entree, Etat, Options, Statut, VoeuInternat, compute_with};
use jiff::Timestamp;
use simulation::comportement::ParametresComportement;
use store::simulation::Silence;

use super::super::repondre::{BilanReponses, Modele, Suite, Vivant};
use crate::admission::Lecture;
use crate::erreur::AppError;

/// Everything that a campaign is played from.
pub(super) struct Depart {
    pub(super) lecture: Lecture,
    /// What each of the five days to come will take for the last rank called five days before, by group.
    pub(super) references: VecDeque<Vec<i32>>,
    /// Of each wish of the reading: preference of its candidate, limit of its proposition.
    pub(super) preferences: Vec<u16>,
    pub(super) echeances: Vec<Option<Timestamp>>,
    /// By candidate.
    pub(super) silences: Vec<Silence>,
}

/// The rules of the session that a campaign follows.
#[derive(Debug, Clone)]
pub(super) struct Regles {
    pub(super) graine: u64,
    pub(super) calendrier: Calendrier,
    /// Days after which whoever has answered nothing loses their waiting wishes (R-REP-04).
    pub(super) maintien_sans_reponse: u32,
}

/// What an evening made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Soiree {
    pub(super) propositions: usize,
    pub(super) expirees: usize,
    /// Waiting wishes of candidates who never answered.
    pub(super) perdus: usize,
    pub(super) reponses: BilanReponses,
    /// After the answers.
    pub(super) en_attente: usize,
    pub(super) acceptes: usize,
    /// Candidates who have had a proposition.
    pub(super) servis: usize,
}

/// Deadlines are told apart by a number: there is one an evening.
const SANS: u16 = u16::MAX;

/// The living wishes, by candidate and key, and what is known of the candidates and of the groups.
pub(super) struct Campagne {
    regles: Regles,
    entree: Entree,
    /// Parallel to the wishes of [`Campagne::entree`].
    ids: Vec<i64>,
    preferences: Vec<u16>,
    limites: Vec<u16>,
    /// Deadlines, by number.
    echeances: Vec<Timestamp>,
    /// First wish of each candidate, and the end.
    premiers: Vec<u32>,
    candidats: Vec<i64>,
    servis: Vec<bool>,
    repondus: Vec<bool>,
    /// Last deadline that passed, of the candidates who have let one pass.
    silences: BTreeMap<u32, Timestamp>,
    references: VecDeque<Vec<i32>>,
}

impl Campagne {
    /// # Errors
    /// A deadline that no calendar has.
    pub(super) fn new(depart: Depart, regles: Regles) -> Self {
        let Depart { lecture, references, preferences, echeances, silences } = depart;
        let (mut entree, _) = lecture.freeze();
        let ids: Vec<i64> = lecture.voeux.iter().map(|v| v.id).collect();
        let candidats = lecture.candidats;
        drop(lecture.voeux);
        let mut connues: Vec<Timestamp> = echeances.iter().flatten().copied().collect();
        connues.sort_unstable();
        connues.dedup();
        let numero = |e: &Option<Timestamp>| {
            e.and_then(|e| connues.binary_search(&e).ok()).and_then(|n| u16::try_from(n).ok()).unwrap_or(SANS)
        };
        let limites: Vec<u16> = echeances.iter().map(numero).collect();
        drop(echeances);

        // By candidate, then by key, whatever the order in which people made their wishes.
        let mut ordre: Vec<u32> = (0..u32::try_from(ids.len()).unwrap_or(u32::MAX)).collect();
        let v = &mut entree.voeux;
        ordre.sort_by_key(|&i| (v.candidat[i as usize], ids[i as usize]));
        let mut campagne = Self {
            ids: permuted(&ids, &ordre),
            preferences: permuted(&preferences, &ordre),
            limites: permuted(&limites, &ordre),
            echeances: connues,
            premiers: Vec::new(),
            servis: vec![false; candidats.len()],
            repondus: vec![false; candidats.len()],
            silences: BTreeMap::new(),
            references,
            regles,
            candidats,
            entree: Entree::default(),
        };
        v.candidat = permuted(&v.candidat, &ordre);
        v.groupe = permuted(&v.groupe, &ordre);
        v.rang_appel = permuted(&v.rang_appel, &ordre);
        v.etat = permuted(&v.etat, &ordre);
        if !v.rang_attente_veille.is_empty() {
            v.rang_attente_veille = permuted(&v.rang_attente_veille, &ordre);
        }
        let mut places = vec![0_u32; ordre.len()];
        for (nouvelle, ancienne) in (0..).zip(&ordre) {
            places[*ancienne as usize] = nouvelle;
        }
        move_boarding(&mut v.en_internat, |ancienne| Some(places[ancienne as usize]));
        campagne.entree = entree;
        campagne.index();
        for (c, etat) in campagne.entree.voeux.candidat.iter().zip(&campagne.entree.voeux.etat) {
            campagne.servis[*c as usize] |= etat.statut() != Statut::EnAttente;
        }
        let position: BTreeMap<i64, u32> = campagne.candidats.iter().copied().zip(0..).collect();
        for s in silences {
            // Those without a living wish have nothing to lose.
            let Some(&c) = position.get(&s.candidat) else { continue };
            campagne.servis[c as usize] = true;
            campagne.repondus[c as usize] |= s.repondues > 0;
            if let Some(t) = s.derniere.and_then(|ms| Timestamp::from_millisecond(ms).ok()) {
                campagne.silences.insert(c, t);
            }
        }
        campagne
    }

    /// One evening: deadlines, propositions of the day, then, two hours later, the answers of everybody.
    ///
    /// # Errors
    /// The engine refuses, or an answer is against a rule.
    pub(super) fn evening(
        &mut self,
        jour: u16,
        soir: Timestamp,
        reponses: Timestamp,
    ) -> Result<Soiree, AppError> {
        let expirees = self.expire(soir);
        let perdus = self.lose(soir);
        self.compact();
        let propositions = self.propose(jour, soir)?;
        let parametres = ParametresComportement::default();
        let modele = Modele { graine: self.regles.graine, jour, quand: reponses, parametres };
        let reponses = self.answer(&modele)?;
        let compte = |statut| self.entree.voeux.etat.iter().filter(|e| e.statut() == statut).count();
        Ok(Soiree {
            propositions,
            expirees,
            perdus,
            reponses,
            en_attente: compte(Statut::EnAttente),
            acceptes: compte(Statut::AnterieureAcceptee),
            servis: self.servis.iter().filter(|s| **s).count(),
        })
    }

    fn kill(&mut self, i: usize) {
        let etat = &mut self.entree.voeux.etat[i];
        *etat = etat.with_statut(Statut::RefusOuDemission);
    }

    /// Propositions whose deadline has passed.
    fn expire(&mut self, soir: Timestamp) -> usize {
        let mut expirees = 0;
        for i in 0..self.ids.len() {
            if self.entree.voeux.etat[i].statut() != Statut::AnterieureSansReponse {
                continue;
            }
            let Some(&echeance) = self.echeances.get(usize::from(self.limites[i])) else { continue };
            if echeance <= soir {
                self.kill(i);
                let derniere = self.silences.entry(self.entree.voeux.candidat[i]).or_insert(echeance);
                *derniere = echeance.max(*derniere);
                expirees += 1;
            }
        }
        expirees
    }

    /// R-REP-04: the waiting wishes of those who have let everything pass.
    fn lose(&mut self, soir: Timestamp) -> usize {
        let (delais, jours) = (self.regles.calendrier.delais(), self.regles.maintien_sans_reponse);
        let mut pertes: BTreeMap<Timestamp, bool> = BTreeMap::new();
        let mut muets: Vec<u32> = Vec::new();
        for (&c, &derniere) in &self.silences {
            let perte = *pertes
                .entry(derniere)
                .or_insert_with(|| soir >= perte_sans_reponse(delais, derniere, jours));
            if perte && !self.repondus[c as usize] {
                muets.push(c);
            }
        }
        let mut perdus = 0;
        for c in muets {
            let siens = self.of(c);
            if self.entree.voeux.etat[siens.clone()].iter().any(|e| is_tenu(*e)) {
                continue;
            }
            for i in siens {
                if self.entree.voeux.etat[i].statut() == Statut::EnAttente {
                    self.kill(i);
                    perdus += 1;
                }
            }
            self.silences.remove(&c);
        }
        perdus
    }

    fn of(&self, candidat: u32) -> Range<usize> {
        let c = candidat as usize;
        self.premiers[c] as usize..self.premiers[c + 1] as usize
    }

    fn propose(&mut self, jour: u16, soir: Timestamp) -> Result<usize, AppError> {
        let reference = self.references.pop_front().unwrap_or_default();
        for (g, r) in self.entree.groupes.iter_mut().zip(&reference) {
            g.rang_dernier_appele_reference = if g.places == 0 { 0 } else { *r };
        }
        self.entree.parametres.jour = i32::from(jour);
        // From the first day of the summer on, the order of the candidates counts.
        if self.entree.parametres.jour >= self.entree.parametres.jour_debut_gdd {
            self.entree.voeux.rang_preference = self.preferences.iter().map(|p| i32::from(*p)).collect();
        }
        let sortie = compute_with(&self.entree, &Options { reparation: true })
            .map_err(|refus| domain::RuleViolation::DonneesRefusees { code: refus.code() })?;
        self.echeances.push(self.regles.calendrier.echeance_reponse(soir));
        let limite = u16::try_from(self.echeances.len() - 1).unwrap_or(SANS);
        let v = &mut self.entree.voeux;
        let mut propositions = 0;
        for c in &sortie.changements {
            let i = c.voeu as usize;
            let statut = match c.statut {
                Statut::PropositionDuJour => Statut::AnterieureSansReponse,
                Statut::RaAcceptation => Statut::AnterieureAcceptee,
                _ => Statut::RefusOuDemission,
            };
            v.etat[i] = v.etat[i].with_statut(statut);
            if c.statut.is_proposition_du_jour() {
                propositions += 1;
                self.limites[i] = limite;
                self.servis[v.candidat[i] as usize] = true;
                let g = &mut self.entree.groupes[v.groupe[i] as usize];
                if g.places != 0 {
                    g.rang_dernier_appele = g.rang_dernier_appele.max(v.rang_appel[i]);
                }
            }
        }
        v.rang_attente_veille.clear();
        v.rang_attente_veille
            .extend(sortie.rangs_attente.iter().map(|&r| i32::try_from(r).unwrap_or(i32::MAX)));
        self.references.push_back(self.entree.groupes.iter().map(|g| g.rang_dernier_appele).collect());
        Ok(propositions)
    }

    /// Everybody answers, some on each thread: nobody's answer depends on another's.
    fn answer(&mut self, modele: &Modele) -> Result<BilanReponses, AppError> {
        let fils = std::thread::available_parallelism().map_or(1, usize::from);
        let n = self.candidats.len();
        let vue = &*self;
        let parts: Vec<Result<Reponses, AppError>> = std::thread::scope(|s| {
            let travaux: Vec<_> = (0..fils)
                .map(|f| s.spawn(move || vue.answers(n * f / fils..n * (f + 1) / fils, modele)))
                .collect();
            travaux
                .into_iter()
                .map(|t| t.join().unwrap_or_else(|_| Err(AppError::Internal("réponses".to_owned()))))
                .collect()
        });
        let mut bilan = BilanReponses::default();
        for part in parts {
            let Reponses { suites, bilan: partiel } = part?;
            bilan = bilan.plus(partiel);
            for (i, suite) in suites {
                let i = i as usize;
                if suite.reponse.is_some() {
                    self.repondus[self.entree.voeux.candidat[i] as usize] = true;
                }
                match suite.apres {
                    Some(EtatVoeu::Accepte) => {
                        let etat = &mut self.entree.voeux.etat[i];
                        *etat = etat.with_statut(Statut::AnterieureAcceptee);
                    }
                    Some(_) => self.kill(i),
                    None => {}
                }
            }
        }
        Ok(bilan)
    }

    fn answers(&self, candidats: Range<usize>, modele: &Modele) -> Result<Reponses, AppError> {
        let v = &self.entree.voeux;
        let mut reponses = Reponses::default();
        let mut vivants: Vec<Vivant> = Vec::new();
        let mut places: Vec<u32> = Vec::new();
        for c in candidats {
            let siens = self.premiers[c] as usize..self.premiers[c + 1] as usize;
            if !v.etat[siens.clone()].iter().any(|e| is_tenu(*e)) {
                continue;
            }
            vivants.clear();
            places.clear();
            for i in siens {
                let etat = match v.etat[i].statut() {
                    Statut::EnAttente => EtatVoeu::EnAttente,
                    Statut::AnterieureSansReponse => EtatVoeu::Propose,
                    Statut::AnterieureAcceptee => EtatVoeu::Accepte,
                    _ => continue,
                };
                let propose = etat == EtatVoeu::Propose;
                places.push(u32::try_from(i).unwrap_or(u32::MAX));
                vivants.push(Vivant {
                    id: self.ids[i],
                    candidat: self.candidats[c],
                    etat,
                    preference: self.preferences[i],
                    echeance: if propose {
                        self.echeances.get(usize::from(self.limites[i])).copied()
                    } else {
                        None
                    },
                    rang: v.rang_attente_veille.get(i).map_or(0, |r| u32::try_from(*r).unwrap_or(0)),
                    apprentissage: false,
                });
            }
            for suite in modele.answer(&vivants, &mut reponses.bilan)? {
                if let Ok(n) = vivants.binary_search_by_key(&suite.voeu, |v| v.id) {
                    reponses.suites.push((places[n], suite));
                }
            }
        }
        Ok(reponses)
    }

    /// Forgets the dead wishes, once there are many.
    fn compact(&mut self) {
        let v = &mut self.entree.voeux;
        let garde: Vec<bool> = v.etat.iter().map(|e| is_vivant(*e)).collect();
        let morts = garde.iter().filter(|g| !**g).count();
        if morts * 20 < garde.len() {
            return;
        }
        retain(&mut v.candidat, &garde);
        retain(&mut v.groupe, &garde);
        retain(&mut v.rang_appel, &garde);
        retain(&mut v.etat, &garde);
        retain(&mut v.rang_attente_veille, &garde);
        v.rang_preference.clear();
        let mut suivante = 0;
        let places: Vec<Option<u32>> = garde
            .iter()
            .map(|g| {
                let place = g.then_some(suivante);
                suivante += u32::from(*g);
                place
            })
            .collect();
        move_boarding(&mut v.en_internat, |ancienne| places[ancienne as usize]);
        retain(&mut self.ids, &garde);
        retain(&mut self.preferences, &garde);
        retain(&mut self.limites, &garde);
        self.index();
    }

    fn index(&mut self) {
        let mut premiers = vec![0_u32; self.candidats.len() + 1];
        for &c in &self.entree.voeux.candidat {
            premiers[c as usize + 1] += 1;
        }
        for c in 1..premiers.len() {
            premiers[c] += premiers[c - 1];
        }
        self.premiers = premiers;
    }

    /// Wishes still alive.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// With a living wish when the campaign began.
    pub(super) fn candidats(&self) -> usize {
        self.candidats.len()
    }
}

/// By position of the wish, in the order of the candidates.
#[derive(Default)]
struct Reponses {
    suites: Vec<(u32, Suite)>,
    bilan: BilanReponses,
}

fn is_tenu(etat: Etat) -> bool {
    matches!(etat.statut(), Statut::AnterieureSansReponse | Statut::AnterieureAcceptee)
}

fn is_vivant(etat: Etat) -> bool {
    etat.statut() == Statut::EnAttente || is_tenu(etat)
}

/// The wishes that depend on a boarding school, where they are now; those that are nowhere are forgotten.
fn move_boarding(en_internat: &mut Vec<VoeuInternat>, place: impl Fn(u32) -> Option<u32>) {
    en_internat.retain_mut(|e| match place(e.voeu) {
        Some(nouvelle) => {
            e.voeu = nouvelle;
            true
        }
        None => false,
    });
    en_internat.sort_unstable_by_key(|e| e.voeu);
}

fn permuted<T: Copy>(colonne: &[T], ordre: &[u32]) -> Vec<T> {
    ordre.iter().map(|&i| colonne[i as usize]).collect()
}

/// An empty column stays empty.
fn retain<T: Copy>(colonne: &mut Vec<T>, garde: &[bool]) {
    let mut i = 0..;
    colonne.retain(|_| i.next().is_some_and(|i: usize| garde[i]));
}
