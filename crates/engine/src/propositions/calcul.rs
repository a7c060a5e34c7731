//! A day from its input to its result (§4): the order of the steps, nothing else.

use std::sync::atomic::AtomicU32;

use rayon::prelude::*;

use super::affichages::{Affichage, Variantes, boarding_bars, last_called, waiting_ranks};
use super::entree::{Entree, Etat, Statut};
use super::internes::Internes;
use super::ligne::Champs;
use super::passage::Passages;
use super::refus::Refus;
use super::reponses::Reponses;
use super::sortie::{AffichageGroupe, AffichageInternat, Changement, Sortie};
use super::table::Table;
use super::verification::{
    Constat, Ecart, Ensembles, Marque, check_groupe, check_internats, mark_internats, set_aside,
};
use super::{Options, controles};
use crate::bits::Bits;

/// Computes a day as the reference does: see [`compute_with`].
///
/// # Errors
/// The reason why the data are refused, and where.
pub fn compute(entree: &Entree) -> Result<Sortie, Refus> {
    compute_with(entree, &Options::default())
}

/// Computes a day: checks of the input, propositions, automatic answers, checks of the result, displays.
///
/// # Errors
/// The reason why the data are refused, and where.
pub fn compute_with(entree: &Entree, options: &Options) -> Result<Sortie, Refus> {
    let sortie = compute_once(entree)?;
    if options.reparation && sortie.alerte { super::reparation::repair(entree, sortie) } else { Ok(sortie) }
}

pub(crate) fn compute_once(entree: &Entree) -> Result<Sortie, Refus> {
    Calcul::prepare(entree)?.run(entree, Examen::Complet)
}

/// What is looked at in the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Examen {
    /// The published properties (§9), then the displays.
    Complet,
    /// The displays alone.
    Affichages,
}

/// The voeux in working order, checked.
#[derive(Debug)]
pub(crate) struct Calcul {
    pub(crate) table: Table,
    internes: Internes,
    finals: Finals,
    /// Memory for the waiting ranks of the next result: pages that the system need not clear again.
    pub(crate) rangs: Vec<AtomicU32>,
}

impl Calcul {
    pub(crate) fn prepare(entree: &Entree) -> Result<Self, Refus> {
        controles::check_objects(entree)?;
        let table = Table::build(entree)?;
        let internes = Internes::build(entree, &table);
        controles::check_voeux(entree, &table)?;
        Ok(Self { table, internes, finals: Finals::default(), rangs: Vec::new() })
    }

    /// The day; the table keeps what it decides.
    pub(crate) fn run(&mut self, entree: &Entree, examen: Examen) -> Result<Sortie, Refus> {
        let Self { table, internes, finals, rangs } = self;
        let mut passages = Passages::new(entree, table, internes);
        finals.reset(entree.voeux.len());
        let nombre = run_passes(entree, table, internes, &mut passages, finals, rangs)?;
        let rangs = std::mem::take(rangs);
        Ok(Sortie { passages: nombre, ..publish(entree, table, internes, &passages, finals, rangs, examen) })
    }
}

/// Passes until no place is freed. Returns their number; what changes is added to `finals`. `tampon` is memory to use.
fn run_passes(
    entree: &Entree,
    table: &mut Table,
    internes: &mut Internes,
    passages: &mut Passages,
    finals: &mut Finals,
    tampon: &mut Vec<AtomicU32>,
) -> Result<u32, Refus> {
    passages.start(table, internes, true);
    internes.check(entree, table)?;
    let reponses = Reponses::build(entree, table, tampon);
    if let Some(reponses) = &reponses {
        reponses.check_input(&passages.repondeur, finals)?;
    }
    let mut candidats = Bits::new(entree.nombre_candidats as usize);
    let mut nombre = 1;
    let mut liberes: Option<Vec<u32>> = None;
    loop {
        let nouvelles = match &liberes {
            None => {
                // Complex groupes go first only because a refusal of the day must come before any work.
                let complexes = passages.run_complexes(entree, table, internes)?;
                let mut nouvelles = passages.first_simples(entree, table);
                nouvelles.extend(complexes);
                nouvelles
            }
            Some(liberes) => {
                let mut nouvelles = passages.resume_simples(entree, table, liberes);
                nouvelles.extend(passages.run_complexes(entree, table, internes)?);
                nouvelles
            }
        };
        for &ligne in &nouvelles {
            let l = &table.lignes[ligne as usize];
            finals.set(l.voeu(), l.etat().statut());
            if reponses.is_some() {
                candidats.insert(l.candidat());
            }
        }
        let Some(reponses) = &reponses else { return Ok(nombre) };
        if liberes.is_none() {
            for candidat in reponses.with_proposition_du_jour(table) {
                candidats.insert(candidat);
            }
            reponses.check_ordered(finals)?;
        }
        let liberees = reponses.answer(table, &candidats.drain(), passages, finals)?;
        if liberees.places == 0 {
            return Ok(nombre);
        }
        liberes = Some(liberees.groupes);
        passages.start(table, internes, false);
        nombre += 1;
    }
}

/// Checks the result, sets aside what must be, and makes the displays of the rest.
fn publish(
    entree: &Entree,
    table: &Table,
    internes: &Internes,
    passages: &Passages,
    finals: &Finals,
    mut rangs: Vec<AtomicU32>,
    examen: Examen,
) -> Sortie {
    let complet = examen == Examen::Complet;
    ranks_of_the_day_before(entree, finals, &mut rangs);
    let mut marques = vec![Marque::default(); internes.voeux.len()];
    let mut violations =
        if complet { mark_internats(entree, table, internes, &mut marques) } else { Vec::new() };
    let (constats, affichages) = examine(entree, table, internes, passages, &mut marques, &rangs, examen);
    if complet {
        let (barres, maximales) = (&passages.barres, &passages.barres_maximales);
        violations.extend(check_internats(table, internes, &marques, barres, maximales));
    }
    let ecart = set_aside(table, internes, &constats, violations, entree.internats.len());
    let mut rangs_attente: Vec<u32> = rangs.into_iter().map(AtomicU32::into_inner).collect();

    let mut groupes = vec![AffichageGroupe::default(); entree.groupes.len()];
    let mut groupes_ecartes = Vec::new();
    let mut rangs_decroissants = Vec::new();
    for (g, affichage) in affichages.iter().enumerate() {
        let position = table.groupe[g];
        groupes[position as usize] = AffichageGroupe {
            estimation_rang_dernier_appele: passages.groupes[g].estimation,
            rang_dernier_appele_affiche: affichage.dernier_appele,
            candidats_en_attente: affichage.candidats_en_attente,
        };
        if affichage.decroissant {
            rangs_decroissants.push(position);
        }
        if ecart.groupes[g] {
            groupes_ecartes.push(position);
            for l in table.lignes_of(g) {
                rangs_attente[l.voeu()] = 0;
            }
        }
    }
    groupes_ecartes.sort_unstable();
    rangs_decroissants.sort_unstable();
    let internats = (0..entree.internats.len())
        .into_par_iter()
        .map(|i| AffichageInternat {
            barre_maximale: passages.barres_maximales[i],
            barre: passages.barres[i],
            affichages: boarding_bars(entree, table, internes, i),
        })
        .collect();
    let [changements, changements_ecartes] = changes(entree, table, finals, &ecart);
    Sortie {
        alerte: ecart.alerte,
        avertissement: ecart.avertissement,
        groupes_ecartes,
        internats_ecartes: (0..).zip(&ecart.internats).filter(|(_, out)| **out).map(|(i, _)| i).collect(),
        reparee: false,
        changements,
        changements_ecartes,
        rangs_attente,
        groupes,
        internats,
        violations: ecart.violations,
        rangs_decroissants,
        passages: 0,
    }
}

/// Puts in `rangs` the rank of the day before of each voeu that has a waiting rank to receive, 0 elsewhere: displays then
/// read and write one place in memory per voeu, out of order, and not two.
fn ranks_of_the_day_before(entree: &Entree, finals: &Finals, rangs: &mut Vec<AtomicU32>) {
    let voeux = &entree.voeux;
    let etats = voeux.etat.par_iter().zip(&finals.0);
    let waits = |(&etat, &statut): (&Etat, &u8)| statut == Finals::INCHANGE && etat.is_attente();
    if voeux.rang_attente_veille.is_empty() {
        etats.map(|_| AtomicU32::new(0)).collect_into_vec(rangs);
        return;
    }
    etats
        .zip(&voeux.rang_attente_veille)
        .map(|(etat, &veille)| AtomicU32::new(if waits(etat) { veille.max(0) as u32 } else { 0 }))
        .collect_into_vec(rangs);
    for v in voeux.en_internat.iter().filter(|v| (v.internat as usize) < entree.internats.len()) {
        *rangs[v.voeu as usize].get_mut() = 0;
    }
}

/// Checks and displays of every groupe, slice by slice.
fn examine(
    entree: &Entree,
    table: &Table,
    internes: &Internes,
    passages: &Passages,
    marques: &mut [Marque],
    rangs: &[AtomicU32],
    examen: Examen,
) -> (Vec<Constat>, Vec<Affichage>) {
    let mut travaux = Vec::with_capacity(table.tranches.len());
    let mut reste = marques;
    for tranche in &table.tranches {
        let taille = internes.debut_groupe[tranche.end] - internes.debut_groupe[tranche.start];
        let (marques, suite) = reste.split_at_mut(taille as usize);
        reste = suite;
        travaux.push((tranche.clone(), marques));
    }
    let candidats = entree.nombre_candidats as usize;
    let resultats: Vec<Vec<(Constat, Affichage)>> = travaux
        .into_par_iter()
        .map_init(
            || (Ensembles::new(candidats), Variantes::new(candidats)),
            |(sets, variantes), (tranche, marques)| {
                let mut marques = marques;
                let mut resultats = Vec::with_capacity(tranche.len());
                let formation = |g: usize| entree.groupes[table.groupe[g] as usize].formation;
                let mut premier = tranche.start;
                while premier < tranche.end {
                    let fin = (premier + 1..tranche.end)
                        .find(|&g| formation(g) != formation(premier))
                        .unwrap_or(tranche.end);
                    let de_formation = &table.lignes[table.debut[premier]..table.debut[fin]];
                    variantes.fill(de_formation);
                    for g in premier..fin {
                        let lignes = table.lignes_of(g);
                        let du_groupe = &internes.voeux[internes.of_groupe(g)];
                        let (marques_du_groupe, suite) =
                            std::mem::take(&mut marques).split_at_mut(du_groupe.len());
                        marques = suite;
                        let groupe = &passages.groupes[g];
                        let constat = match examen {
                            Examen::Complet => check_groupe(
                                groupe,
                                lignes,
                                du_groupe,
                                marques_du_groupe,
                                table.debut[g],
                                sets,
                            ),
                            Examen::Affichages => Constat::default(),
                        };
                        let mut affichage = Affichage {
                            dernier_appele: last_called(entree, lignes, du_groupe, &passages.barres),
                            ..Affichage::default()
                        };
                        waiting_ranks(entree, lignes, variantes, rangs, &mut affichage);
                        resultats.push((constat, affichage));
                    }
                    variantes.clear(de_formation);
                    premier = fin;
                }
                resultats
            },
        )
        .collect();
    resultats.into_iter().flatten().unzip()
}

/// The statuts that change, by position of the voeu: written as they change, so that no sort is needed.
#[derive(Debug, Default)]
pub(crate) struct Finals(Vec<u8>);

impl Finals {
    const INCHANGE: u8 = u8::MAX;

    /// Nothing changes yet.
    fn reset(&mut self, voeux: usize) {
        self.0.clear();
        self.0.resize(voeux, Self::INCHANGE);
    }

    pub(crate) fn set(&mut self, voeu: usize, statut: Statut) {
        self.0[voeu] = statut as u8;
    }

    /// Where a voeu of the input stands by now.
    #[inline]
    pub(crate) fn etat(&self, entree: &Entree, voeu: usize) -> Etat {
        let etat = entree.voeux.etat[voeu];
        match self.0[voeu] {
            Self::INCHANGE => etat,
            statut => etat.with_statut(Statut::TOUS[usize::from(statut)]),
        }
    }

    fn iter(&self) -> impl Iterator<Item = Changement> + '_ {
        // Most voeux do not change: they are looked at together.
        const BLOC: usize = 64;
        (0..)
            .step_by(BLOC)
            .zip(self.0.chunks(BLOC))
            .filter(|(_, bloc)| {
                bloc.iter().fold(Self::INCHANGE, |tous, statut| tous & statut) != Self::INCHANGE
            })
            .flat_map(|(premier, bloc)| (premier..).zip(bloc))
            .filter(|(_, statut)| **statut != Self::INCHANGE)
            .map(|(voeu, &statut)| Changement { voeu, statut: Statut::TOUS[usize::from(statut)] })
    }
}

/// Voeux whose statut changes: those published, those set aside.
fn changes(entree: &Entree, table: &Table, finals: &Finals, ecart: &Ecart) -> [Vec<Changement>; 2] {
    let mut out = vec![false; entree.groupes.len()];
    for (&position, &ecarte) in table.groupe.iter().zip(&ecart.groupes) {
        out[position as usize] = ecarte;
    }
    let mut resultat = [Vec::new(), Vec::new()];
    for changement in finals.iter() {
        resultat[usize::from(out[entree.voeux.groupe[changement.voeu as usize] as usize])].push(changement);
    }
    resultat
}
