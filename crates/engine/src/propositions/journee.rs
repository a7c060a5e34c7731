//! A day kept for the next one: the voeux stay in working order, and only what has changed since is read again.

use super::calcul::{Calcul, Examen};
use super::controles;
use super::entree::{Ensemble, Entree, Etat};
use super::ligne::Champs;
use super::refus::{Lieu, Motif, Refus};
use super::sortie::Sortie;
use super::table::{Statuts, Table, check_optional_columns, find_fault};

/// Columns compared at a time: most of them have not changed.
const BLOC: usize = 4096;

/// Days that follow each other over the same voeux: their statuts, preferences and displays change, the groupes their numbers, and
/// nobody gets another rank.
///
/// The first day costs what [`super::compute`] costs; the next ones neither sort the voeux again nor check what cannot have changed.
#[derive(Debug)]
pub struct Journee {
    calcul: Calcul,
    /// Statuts as the working table has them, by voeu.
    etats: Vec<Etat>,
    /// Row of each voeu.
    rangees: Vec<u32>,
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

    fn run(&mut self, entree: &Entree, examen: Examen) -> Result<Sortie, Refus> {
        self.perdue = true;
        let sortie = self.calcul.run(entree, examen)?;
        // Once for all the days: where each voeu is.
        if self.rangees.is_empty() {
            self.rangees = self.calcul.table.rows(entree.voeux.len());
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
            self.rangees = self.calcul.table.rows(voeux.len());
            return Ok(());
        }
        check_optional_columns(entree)?;
        self.perdue = true;
        let mut again = false;
        let mut premier = 0;
        for (avant, apres) in self.etats.chunks_mut(BLOC).zip(voeux.etat.chunks(BLOC)) {
            if avant != apres {
                let blocs = avant.iter_mut().zip(apres).enumerate().filter(|(_, (a, b))| a != b);
                for (n, (avant, &apres)) in blocs {
                    let voeu = premier + n;
                    if is_faulty(apres, voeux.rang_appel[voeu]) {
                        return Err(find_fault(entree));
                    }
                    // Who waits again, or asks for something else, may be in the way of another.
                    again |= apres.is_attente() || avant.is_avec_internat() != apres.is_avec_internat();
                    self.calcul.table.lignes[self.rangees[voeu] as usize].set_etat(apres);
                    *avant = apres;
                }
            }
            premier += apres.len();
        }
        self.calcul.table.statuts = Statuts::of(&voeux.etat);
        if again {
            controles::check_voeux(entree, &self.calcul.table)?;
        }
        self.perdue = false;
        Ok(())
    }
}

/// The rules of a voeu alone that depend on its statut (§10.2).
pub(super) fn is_faulty(etat: Etat, rang: i32) -> bool {
    let ant = Ensemble::ANT.contains_etat(etat);
    !ant && (etat.is_hors_pp() || (rang == 0 && !Ensemble::NON_CLASSE.contains_etat(etat)))
}

impl Table {
    /// Row of each voeu.
    pub(super) fn rows(&self, voeux: usize) -> Vec<u32> {
        let mut rangees = vec![0; voeux];
        for (ligne, l) in (0..).zip(&self.lignes) {
            rangees[l.voeu()] = ligne;
        }
        rangees
    }
}
