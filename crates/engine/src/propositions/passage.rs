//! One pass: propositions of every groupe under the bars of the internats, down to the fixed point (§4.1, §5, §6).
//!
//! A groupe without any voeu that refers to an internat is *simple*: bars do not concern it. It is done once, stopping
//! where nobody more can be called, and resumed there in a later pass only if a place was freed in it. Nothing else
//! can have changed for it: whoever was under the limit, or already had the formation, was served in the first pass,
//! and the two variants of a candidat, being at the same rank, are served together. The other groupes are *complex*
//! and done again within a pass each time a bar that concerns them goes down. A later pass does again those that share an
//! internat, or a chain of internats and groupes, with one where something has changed since: nothing is different for the
//! others, who would be given nothing more under the same bars.

use rayon::prelude::*;

use super::complexes::{AUCUN, Complexe, overflow};
use super::entree::{Ensemble, Entree, Statut};
use super::internes::Internes;
use super::ligne::{Champs, Ligne};
use super::refus::{Lieu, Motif, Refus};
use super::sortie::SANS_LIMITE;
use super::table::Table;
use crate::bits::Bits;

/// The state of a groupe along the passes.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Groupe {
    pub(crate) places: i64,
    pub(crate) limite: i32,
    pub(crate) suspendu: bool,
    pub(crate) complexe: bool,
    pub(crate) fin_reservation: bool,
    /// R(g), the estimate of the rank of the last one called at the end of the reservation.
    pub(crate) estimation: i64,
    /// Candidats placed (kept up to date in simple groupes).
    pub(crate) pourvus: i64,
    /// Simple groupes: first row, from the beginning of the groupe, that is not served yet.
    pub(crate) curseur: usize,
}

/// The passes of a day.
pub(crate) struct Passages {
    pub(crate) groupes: Vec<Groupe>,
    /// Who answers automatically.
    pub(crate) repondeur: Bits,
    pub(crate) barres_maximales: Vec<i32>,
    pub(crate) barres: Vec<i32>,
    /// Groupes where something has changed since they were last called, by working number.
    pub(crate) touches: Vec<bool>,
    /// Internats that these groupes can reach: the pass concerns no other.
    internats: Vec<bool>,
    complexes: Vec<Complexe>,
    /// The place in `complexes` of each groupe, or [`AUCUN`].
    numero: Vec<u32>,
}

/// R(g) (§6.1), in 64 bits.
pub(crate) fn estimate(entree: &Entree, groupe: &super::entree::Groupe) -> i64 {
    let p = &entree.parametres;
    let (jour, fin) = (i64::from(p.jour), i64::from(p.jour_fin_reservation_internats));
    let (a, b) = (i64::from(groupe.rang_dernier_appele), i64::from(groupe.rang_dernier_appele_reference));
    let limite = i64::from(groupe.rang_limite);
    if jour <= 1 {
        i64::from(SANS_LIMITE)
    } else if jour >= fin {
        limite.max(a)
    } else if a <= 0 {
        i64::from(SANS_LIMITE)
    } else if b <= 0 {
        (a * (fin - 1) / (jour - 1)).max(limite).max(a)
    } else {
        (a + (fin - jour) * (a - b) / 4).max(limite).max(a)
    }
}

impl Passages {
    pub(crate) fn new(entree: &Entree, table: &Table, internes: &Internes) -> Self {
        let groupes: Vec<Groupe> = table
            .groupe
            .iter()
            .enumerate()
            .map(|(g, &position)| {
                let groupe = &entree.groupes[position as usize];
                Groupe {
                    places: i64::from(groupe.places),
                    limite: groupe.rang_limite,
                    suspendu: groupe.admissions_suspendues,
                    complexe: internes.has_groupe(g),
                    fin_reservation: groupe.fin_reservation_internats,
                    estimation: estimate(entree, groupe),
                    pourvus: 0,
                    curseur: 0,
                }
            })
            .collect();
        let mut repondeur = Bits::new(entree.nombre_candidats as usize);
        for &candidat in &entree.repondeurs {
            repondeur.insert(candidat);
        }
        let complexes: Vec<Complexe> =
            (0..groupes.len() as u32).filter(|&g| groupes[g as usize].complexe).map(Complexe::new).collect();
        let mut numero = vec![AUCUN; groupes.len()];
        for (k, complexe) in (0..).zip(&complexes) {
            numero[complexe.groupe as usize] = k;
        }
        let internats = entree.internats.len();
        Self {
            touches: vec![true; groupes.len()],
            groupes,
            repondeur,
            barres_maximales: vec![0; internats],
            barres: vec![0; internats],
            internats: vec![true; internats],
            complexes,
            numero,
        }
    }

    /// Starts a pass: what it concerns, and who waits or has a place there. The first one concerns everything.
    pub(crate) fn start(&mut self, table: &Table, internes: &mut Internes, premier: bool) {
        if !premier {
            let pile = (0..self.touches.len() as u32).filter(|&g| self.touches[g as usize]).collect();
            self.internats = internes.spread(&mut self.touches, pile);
        }
        internes.start_pass(table, &self.internats);
    }

    /// Simple groupes, first pass. Returns the rows proposed.
    pub(crate) fn first_simples(&mut self, entree: &Entree, table: &mut Table) -> Vec<u32> {
        let mut travaux = Vec::with_capacity(table.tranches.len());
        let mut lignes = &mut table.lignes[..];
        let mut groupes = &mut self.groupes[..];
        for tranche in &table.tranches {
            let (l, suite) = lignes.split_at_mut(table.debut[tranche.end] - table.debut[tranche.start]);
            lignes = suite;
            let (g, suite) = groupes.split_at_mut(tranche.len());
            groupes = suite;
            travaux.push((tranche.start, l, g));
        }
        let debut = &table.debut;
        let placed = table.statuts.contains_any(Ensemble::PROP);
        let jour = Jour { entree, repondeur: &self.repondeur, placed };
        let taille = entree.nombre_candidats as usize;
        let nouvelles: Vec<Vec<u32>> = travaux
            .into_par_iter()
            .map_init(
                || Bits::new(taille),
                |ensemble, (premier, mut lignes, groupes)| {
                    let mut nouvelles = Vec::new();
                    for (g, groupe) in (premier..).zip(groupes) {
                        let (du_groupe, suite) = lignes.split_at_mut(debut[g + 1] - debut[g]);
                        lignes = suite;
                        if !groupe.complexe && !groupe.suspendu {
                            first_simple(&jour, groupe, du_groupe, debut[g], ensemble, &mut nouvelles);
                        }
                    }
                    nouvelles
                },
            )
            .collect();
        nouvelles.concat()
    }

    /// Simple groupes where a place was freed, in a later pass.
    pub(crate) fn resume_simples(&mut self, entree: &Entree, table: &mut Table, liberes: &[u32]) -> Vec<u32> {
        let mut nouvelles = Vec::new();
        for &g in liberes {
            let groupe = &mut self.groupes[g as usize];
            if groupe.complexe || groupe.suspendu {
                continue;
            }
            let debut = table.debut[g as usize];
            let lignes = &mut table.lignes[debut..table.debut[g as usize + 1]];
            let mut restant = groupe.places - groupe.pourvus;
            let mut dernier = None;
            while let Some(ligne) = lignes.get_mut(groupe.curseur) {
                if ligne.etat().is_attente() {
                    let same = dernier == Some(ligne.candidat());
                    if restant <= 0 && !same {
                        break;
                    }
                    if !same {
                        restant -= 1;
                        groupe.pourvus += 1;
                        dernier = Some(ligne.candidat());
                    }
                    propose(entree, &self.repondeur, ligne);
                    nouvelles.push((debut + groupe.curseur) as u32);
                }
                groupe.curseur += 1;
            }
        }
        nouvelles
    }

    /// Internats: maximum bars, then complex groupes down to the fixed point, once [`Passages::start`] has been called.
    /// Returns the rows proposed.
    pub(crate) fn run_complexes(
        &mut self,
        entree: &Entree,
        table: &mut Table,
        internes: &mut Internes,
    ) -> Result<Vec<u32>, Refus> {
        if entree.parametres.jour <= 0 && !entree.internats.is_empty() {
            return Err(Refus::new(Motif::JourAnterieurALaCampagne, Lieu::Parametres));
        }
        let vacantes: Vec<(usize, i64)> = (0..entree.internats.len())
            .filter(|&i| self.internats[i])
            .map(|i| (i, (i64::from(entree.internats[i].capacite) - internes.pourvus[i]).max(0)))
            .collect();
        let maximales: Vec<i32> = vacantes
            .par_iter()
            .map(|&(i, vacantes)| self.max_bar(entree, table, internes, i, vacantes))
            .collect();
        for (&(i, _), barre) in vacantes.iter().zip(maximales) {
            self.barres_maximales[i] = barre;
            self.barres[i] = barre;
        }
        let mut complexes = std::mem::take(&mut self.complexes);
        self.call_all(entree, table, internes, &mut complexes);

        let mut a_traiter: Vec<u32> = Vec::new();
        let mut marked = vec![false; complexes.len()];
        loop {
            let lower = |&(i, vacantes): &(usize, i64)| {
                overflow(internes, i, self.barres[i], vacantes).map(|barre| (i, barre))
            };
            let baisses: Vec<(usize, i32)> = vacantes.par_iter().filter_map(lower).collect();
            for (i, barre) in baisses {
                self.barres[i] = barre;
                for v in internes.attente(i) {
                    let k = self.numero[v.groupe as usize];
                    if !self.groupes[v.groupe as usize].suspendu && !marked[k as usize] {
                        marked[k as usize] = true;
                        a_traiter.push(k);
                    }
                }
            }
            if a_traiter.is_empty() {
                break;
            }
            for k in a_traiter.drain(..) {
                let complexe = &mut complexes[k as usize];
                let g = complexe.groupe as usize;
                let du_groupe = internes.of_groupe(g);
                complexe.call(self.groupes[g].limite, &mut internes.voeux[du_groupe], &self.barres);
                marked[k as usize] = false;
            }
        }
        let mut nouvelles = Vec::new();
        for complexe in &complexes {
            let touche = std::mem::take(&mut self.touches[complexe.groupe as usize]);
            if !touche {
                continue;
            }
            for attente in complexe.attente.iter().filter(|attente| attente.propose) {
                propose(entree, &self.repondeur, &mut table.lignes[attente.ligne as usize]);
                nouvelles.push(attente.ligne);
                self.touches[complexe.groupe as usize] = true;
            }
        }
        self.complexes = complexes;
        Ok(nouvelles)
    }

    /// Who waits in each complex groupe, and the first calls.
    fn call_all(&self, entree: &Entree, table: &Table, internes: &mut Internes, complexes: &mut [Complexe]) {
        let taille = entree.nombre_candidats as usize;
        // The complex groupes are those that have something in the side table.
        let travaux: Vec<_> = complexes
            .iter_mut()
            .zip(internes.groupes_mut())
            .filter(|(complexe, _)| self.touches[complexe.groupe as usize])
            .collect();
        travaux.into_par_iter().for_each_init(
            || Bits::new(taille),
            |ensemble, (complexe, du_groupe)| {
                let groupe = &self.groupes[complexe.groupe as usize];
                complexe.start(groupe.places, table, du_groupe, ensemble);
                if !groupe.suspendu {
                    complexe.call(groupe.limite, du_groupe, &self.barres);
                }
            },
        );
    }

    /// The highest bar that leaves room to everybody better ranked and likely to be called (§6.2).
    fn max_bar(
        &self,
        entree: &Entree,
        table: &Table,
        internes: &Internes,
        internat: usize,
        vacantes: i64,
    ) -> i32 {
        let p = &entree.parametres;
        let fin = p.jour >= p.jour_fin_reservation_internats
            || internes.attente(internat).any(|v| self.groupes[v.groupe as usize].fin_reservation);
        if fin {
            return SANS_LIMITE;
        }
        let (mut compte, mut max) = (0, 0);
        for v in internes.attente(internat) {
            if compte == vacantes {
                break;
            }
            let rang_appel = i64::from(table.lignes[v.ligne as usize].rang());
            let likely = rang_appel <= self.groupes[v.groupe as usize].estimation;
            if likely && v.rang != max && !v.internat_obtenu {
                max = v.rang;
                compte += 1;
            }
        }
        max
    }
}

/// Proposes, or accepts at once for a candidat whose répondeur is active.
fn propose(entree: &Entree, repondeur: &Bits, ligne: &mut Ligne) {
    let ordered = || entree.voeux.rang_preference.get(ligne.voeu()).is_some_and(|&rang| rang > 0);
    let statut = if repondeur.contains(ligne.candidat()) && ordered() {
        Statut::RaAcceptation
    } else {
        Statut::PropositionDuJour
    };
    ligne.set_statut(statut);
}

/// What the calls of all simple groupes look at.
struct Jour<'a> {
    entree: &'a Entree,
    repondeur: &'a Bits,
    /// Has anybody a place already? On the first day nobody has: who is called is then at the top of each groupe, and the
    /// rest is not read.
    placed: bool,
}

fn first_simple(
    jour: &Jour,
    groupe: &mut Groupe,
    lignes: &mut [Ligne],
    base: usize,
    ensemble: &mut Bits,
    nouvelles: &mut Vec<u32>,
) {
    let mut avec_internat = false;
    if jour.placed {
        for ligne in lignes.iter() {
            groupe.pourvus += i64::from(Ensemble::PROP.contains_etat(ligne.etat()));
            avec_internat |= ligne.etat().is_avec_internat();
        }
    }
    // A candidat has two voeux only if one of them asks for boarding: otherwise who waits has no place here.
    let deja = avec_internat && groupe.pourvus > 0;
    if deja {
        let places = lignes.iter().filter(|ligne| Ensemble::PROP.contains_etat(ligne.etat()));
        groupe.pourvus = places.map(|ligne| i64::from(ensemble.insert(ligne.candidat()))).sum();
    }
    let mut restant = (groupe.places - groupe.pourvus).max(0);
    let mut dernier = None;
    let mut premier_non_servi = None;
    let mut proposes = 0;
    for (i, ligne) in lignes.iter_mut().enumerate() {
        if !ligne.etat().is_attente() {
            continue;
        }
        let same = dernier == Some(ligne.candidat());
        let obtenue = deja && ensemble.contains(ligne.candidat());
        if restant > 0 || ligne.rang() <= groupe.limite || obtenue || same {
            if !obtenue && !same {
                restant -= 1;
                proposes += 1;
            }
            dernier = Some(ligne.candidat());
            propose(jour.entree, jour.repondeur, ligne);
            nouvelles.push((base + i) as u32);
        } else {
            premier_non_servi.get_or_insert(i);
            if !deja {
                // Ranks grow: nobody after is under the limit either.
                break;
            }
        }
    }
    groupe.curseur = premier_non_servi.unwrap_or(lignes.len());
    groupe.pourvus += proposes;
    if deja {
        for ligne in lignes.iter() {
            ensemble.clear_around(ligne.candidat());
        }
    }
}
