//! A day kept for the next one: the voeux stay in working order, and only what has changed since is read again.

use std::sync::atomic::{AtomicU32, Ordering};

use rayon::prelude::*;

use super::calcul::{Calcul, Examen};
use super::controles;
use super::entree::{Ensemble, Entree, Etat};
use super::ligne::Champs;
use super::refus::{Lieu, Motif, Refus};
use super::sortie::Sortie;
use super::table::{Statuts, Table, check_optional_columns, find_fault};

/// Statuts compared at a time: most of them have not changed.
const BLOC: usize = 4096;
/// Voeux looked at together by one thread: whole blocs.
const PART: usize = 64 * BLOC;
/// Rows of the table changed together by one thread: 4 MB, that stay in its cache.
const RANGEES: usize = 1 << 18;

/// Days that follow each other over the same voeux: their statuts, preferences and displays change, the groupes their numbers, and
/// nobody gets another rank.
///
/// The first day costs what [`super::compute`] costs; the next ones neither sort the voeux again nor check what cannot have changed.
/// A result read and not needed any more is given back with [`Journee::recycle`]: the next one is written in its memory, which the
/// system then has not to clear.
///
/// ```
/// use engine::propositions::{Entree, Groupe, Journee, Parametres, Statut, Voeu};
///
/// let mut jour = Entree {
///     parametres: Parametres {
///         jour: 1,
///         jour_fin_reservation_internats: 30,
///         jour_debut_gdd: 45,
///         jour_fin_ordonnancement_gdd: 48,
///     },
///     nombre_candidats: 3,
///     groupes: vec![Groupe { groupe_classement: 1, formation: 1, places: 1, ..Groupe::default() }],
///     ..Entree::default()
/// };
/// for candidat in 0..3 {
///     jour.voeux.push(Voeu { candidat, rang_appel: candidat as i32 + 1, ..Voeu::default() });
/// }
/// let (mut journee, sortie) = Journee::new(&jour)?;
/// assert_eq!(sortie.rangs_attente, [0, 1, 2]);
///
/// // The first one gives up: the second one is called the next day.
/// jour.parametres.jour = 2;
/// jour.voeux.etat[0] = jour.voeux.etat[0].with_statut(Statut::RefusOuDemission);
/// jour.voeux.rang_attente_veille = sortie.rangs_attente.iter().map(|&rang| rang as i32).collect();
/// journee.recycle(sortie);
/// assert_eq!(journee.next(&jour)?.rangs_attente, [0, 0, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Journee {
    calcul: Calcul,
    /// Statuts as the working table has them, by voeu.
    etats: Vec<Etat>,
    /// Row of each voeu, written by several threads at once.
    rangees: Vec<AtomicU32>,
    /// Code of the formation of each groupe: the working order depends on it.
    formations: Vec<i64>,
    internes: usize,
    /// The last computation stopped on the way.
    perdue: bool,
}

impl Journee {
    /// A first day, checked like any other.
    ///
    /// # Errors
    /// As [`super::compute`].
    pub fn new(entree: &Entree) -> Result<(Self, Sortie), Refus> {
        let mut journee = Self {
            calcul: Calcul::prepare(entree)?,
            etats: Vec::new(),
            rangees: Vec::new(),
            formations: Vec::new(),
            internes: 0,
            perdue: false,
        };
        let sortie = journee.run(entree, Examen::Complet)?;
        Ok((journee, sortie))
    }

    /// The next day. `entree` has the same voeux, in the same order, with the same candidats, groupes, rangs d'appel and
    /// internats; the same groupes and internats, whose numbers may differ. It gives what [`super::compute`] gives.
    ///
    /// # Errors
    /// As [`super::compute`]; [`Motif::ColonnesIncoherentes`] when the voeux are not as many, or the formations of the groupes
    /// are others.
    pub fn next(&mut self, entree: &Entree) -> Result<Sortie, Refus> {
        self.refresh(entree)?;
        self.run(entree, Examen::Complet)
    }

    /// The same without the checks of the result (§9): nothing is set aside. For whoever has them made elsewhere.
    ///
    /// # Errors
    /// As [`Journee::next`].
    pub fn next_unchecked(&mut self, entree: &Entree) -> Result<Sortie, Refus> {
        self.refresh(entree)?;
        self.run(entree, Examen::Affichages)
    }

    /// Takes back the memory of a result, of this day or of any other: the next ones are the same without it, and take longer.
    pub fn recycle(&mut self, sortie: Sortie) {
        self.calcul.rangs = sortie.rangs_attente.into_iter().map(AtomicU32::new).collect();
    }

    fn run(&mut self, entree: &Entree, examen: Examen) -> Result<Sortie, Refus> {
        self.perdue = true;
        let sortie = self.calcul.run(entree, examen)?;
        // Once for all the days: where each voeu is.
        if self.rangees.is_empty() {
            self.calcul.table.rows(&mut self.rangees);
            self.etats.clone_from(&entree.voeux.etat);
            self.formations = entree.groupes.iter().map(|g| g.formation).collect();
            self.internes = entree.voeux.en_internat.len();
        }
        for c in sortie.changements.iter().chain(&sortie.changements_ecartes) {
            let etat = &mut self.etats[c.voeu as usize];
            *etat = etat.with_statut(c.statut);
        }
        self.perdue = false;
        Ok(sortie)
    }

    /// Puts in the working table what has changed since the last day.
    fn refresh(&mut self, entree: &Entree) -> Result<(), Refus> {
        let voeux = &entree.voeux;
        controles::check_objects(entree)?;
        let formations = entree.groupes.iter().map(|g| g.formation);
        if voeux.len() != self.etats.len()
            || voeux.en_internat.len() != self.internes
            || !self.formations.iter().copied().eq(formations)
        {
            return Err(Refus::new(Motif::ColonnesIncoherentes, Lieu::Colonnes));
        }
        if self.perdue {
            self.calcul = Calcul::prepare(entree)?;
            self.etats.clone_from(&voeux.etat);
            self.calcul.table.rows(&mut self.rangees);
            return Ok(());
        }
        check_optional_columns(entree)?;
        self.perdue = true;
        let rangees = &self.rangees;
        let changes: Vec<Changes> = self
            .etats
            .par_chunks_mut(PART)
            .enumerate()
            .map(|(part, avant)| Changes::find(entree, rangees, part * PART, avant))
            .collect();
        if changes.iter().any(|part| part.fault) {
            return Err(find_fault(entree));
        }
        self.calcul.table.lignes.par_chunks_mut(RANGEES).enumerate().for_each(|(tas, lignes)| {
            for &(ligne, etat) in changes.iter().flat_map(|part| &part.par_tas[tas]) {
                lignes[ligne as usize].set_etat(etat);
            }
        });
        self.calcul.table.statuts = Statuts::of(&voeux.etat);
        if changes.iter().any(|part| part.again) {
            controles::check_voeux(entree, &self.calcul.table)?;
        }
        self.perdue = false;
        Ok(())
    }
}

/// The voeux whose statut or marks have changed, among consecutive ones.
struct Changes {
    /// Row, from the first one of its heap, and what is new; the heaps are of [`RANGEES`] rows, so that each thread then writes
    /// its own.
    par_tas: Vec<Vec<(u32, Etat)>>,
    /// One of them is refused.
    fault: bool,
    /// Who waits again, or asks for something else, may be in the way of another.
    again: bool,
}

impl Changes {
    /// What has changed from the voeu `premier` on; `avant` is brought up to date.
    fn find(entree: &Entree, rangees: &[AtomicU32], premier: usize, avant: &mut [Etat]) -> Self {
        let voeux = &entree.voeux;
        let tas = rangees.len().div_ceil(RANGEES);
        let mut changes = Self { par_tas: vec![Vec::new(); tas], fault: false, again: false };
        for (bloc, avant) in avant.chunks_mut(BLOC).enumerate() {
            let premier = premier + bloc * BLOC;
            let apres = &voeux.etat[premier..premier + avant.len()];
            if avant == apres {
                continue;
            }
            let differents = (premier..).zip(avant.iter_mut().zip(apres)).filter(|(_, (a, b))| a != b);
            for (voeu, (avant, &apres)) in differents {
                changes.fault |= is_faulty(apres, voeux.rang_appel[voeu]);
                changes.again |= apres.is_attente() || avant.is_avec_internat() != apres.is_avec_internat();
                let ligne = rangees[voeu].load(Ordering::Relaxed) as usize;
                changes.par_tas[ligne / RANGEES].push(((ligne % RANGEES) as u32, apres));
                *avant = apres;
            }
        }
        changes
    }
}

/// The rules of a voeu alone that depend on its statut (§10.2).
pub(super) fn is_faulty(etat: Etat, rang: i32) -> bool {
    let ant = Ensemble::ANT.contains_etat(etat);
    !ant && (etat.is_hors_pp() || (rang == 0 && !Ensemble::NON_CLASSE.contains_etat(etat)))
}

impl Table {
    /// Row of each voeu.
    pub(super) fn rows(&self, rangees: &mut Vec<AtomicU32>) {
        self.lignes.par_iter().map(|_| AtomicU32::new(0)).collect_into_vec(rangees);
        self.lignes.par_iter().enumerate().with_min_len(1 << 14).for_each(|(ligne, l)| {
            rangees[l.voeu()].store(ligne as u32, Ordering::Relaxed);
        });
    }
}
