//! What candidats and the public are shown (§8): waiting ranks, last one called, boarding bars.

use std::sync::atomic::{AtomicU32, Ordering};

use super::entree::{Ensemble, Entree};
use super::internes::{Interne, Internes};
use super::ligne::{Champs, Ligne};
use super::sortie::BarresGroupe;
use super::table::Table;
use crate::bits::Bits;

/// Propositions of the day in a formation: without boarding, with.
pub(crate) struct Variantes {
    jour: [Bits; 2],
    filled: bool,
}

impl Variantes {
    pub(crate) fn new(candidats: usize) -> Self {
        Self { jour: [(); 2].map(|()| Bits::new(candidats)), filled: false }
    }

    /// Takes a whole formation into account. Without boarding in it, nobody has two variants.
    pub(crate) fn fill(&mut self, lignes: &[Ligne]) {
        self.filled = lignes.iter().any(|l| l.etat().is_avec_internat());
        if self.filled {
            for l in lignes.iter().filter(|l| Ensemble::JOUR.contains_etat(l.etat())) {
                self.jour[usize::from(l.etat().is_avec_internat())].insert(l.candidat());
            }
        }
    }

    /// Forgets that formation.
    pub(crate) fn clear(&mut self, lignes: &[Ligne]) {
        if self.filled {
            for l in lignes {
                self.jour[0].clear_around(l.candidat());
                self.jour[1].clear_around(l.candidat());
            }
        }
    }

    fn other_is_proposed(&self, l: &Ligne) -> bool {
        self.filled && self.jour[usize::from(!l.etat().is_avec_internat())].contains(l.candidat())
    }
}

/// What a groupe displays.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Affichage {
    pub(crate) candidats_en_attente: u32,
    pub(crate) dernier_appele: i32,
    /// Waiting ranks go down along the call order: the ranks of the day before were abnormal.
    pub(crate) decroissant: bool,
}

/// Ranks read together.
const EN_VOL: usize = 64;

fn is_considered(l: &Ligne) -> bool {
    !Ensemble::ANT.contains_etat(l.etat()) && !l.etat().is_hors_pp()
}

/// Waiting ranks of a groupe (§8.1), by position of the voeu: `rangs` has those of the day before, but for the first day.
pub(crate) fn waiting_ranks(
    entree: &Entree,
    lignes: &[Ligne],
    variantes: &Variantes,
    rangs: &[AtomicU32],
    affichage: &mut Affichage,
) {
    let premier_jour = entree.parametres.jour == 1;
    let veille = |l: &Ligne| entree.voeux.rang_attente_veille.get(l.voeu()).copied().unwrap_or(0);
    let mut suivants = Suivants::default();
    let (mut n, mut total, mut precedent) = (0_i64, 0, 0);
    let mut dernier = None;
    for rangees in lignes.chunks(EN_VOL) {
        // Nothing between these reads makes one of them wait for another, so that memory is asked for all of them at once.
        let mut avant = [0; EN_VOL];
        for (avant, l) in avant.iter_mut().zip(rangees) {
            *avant = rangs[l.voeu()].load(Ordering::Relaxed);
        }
        for (&avant, l) in avant.iter().zip(rangees) {
            if !l.etat().is_attente() || l.has_internat() {
                continue;
            }
            if dernier != Some(l.candidat()) && !variantes.other_is_proposed(l) {
                n += 1;
                total += 1;
                dernier = Some(l.candidat());
            }
            let rang = if premier_jour {
                n.max(1)
            } else {
                let mut v = i64::from(avant);
                if v == 0 {
                    v = suivants.find(lignes, l, veille).map_or(n, i64::from);
                }
                n = n.min(v);
                n
            };
            affichage.decroissant |= rang < precedent;
            precedent = rang;
            let rang = rang.max(0) as u32;
            if rang != avant {
                rangs[l.voeu()].store(rang, Ordering::Relaxed);
            }
        }
    }
    affichage.candidats_en_attente = total;
}

/// For voeux reinstated without a rank of the day before: the next one that has some. The list is made once per
/// groupe, if needed, and read forward only.
#[derive(Default)]
struct Suivants {
    rangs: Option<Vec<(i32, u32, i32)>>,
    curseur: usize,
}

impl Suivants {
    fn find(&mut self, lignes: &[Ligne], l: &Ligne, veille: impl Fn(&Ligne) -> i32) -> Option<i32> {
        let rangs = self.rangs.get_or_insert_with(|| {
            let considered = lignes.iter().filter(|l| is_considered(l));
            considered.map(|l| (l.rang(), l.candidat(), veille(l))).filter(|&(.., v)| v > 0).collect()
        });
        while rangs.get(self.curseur).is_some_and(|&(rang, ..)| rang <= l.rang()) {
            self.curseur += 1;
        }
        // A candidat has at most two voeux in a groupe: this looks at two items at most.
        rangs[self.curseur..].iter().find(|&&(_, candidat, _)| candidat != l.candidat()).map(|&(.., v)| v)
    }
}

fn rang_affiche(entree: &Entree, l: &Ligne) -> i32 {
    entree.voeux.rang_appel_affiche.get(l.voeu()).copied().unwrap_or_else(|| l.rang())
}

/// Rank displayed of the last one called (§8.2). `internes` are those of the groupe.
pub(crate) fn last_called(entree: &Entree, lignes: &[Ligne], internes: &[Interne], barres: &[i32]) -> i32 {
    let mut dernier = 0;
    let mut internes = internes.iter();
    for l in lignes {
        let interne = if l.has_internat() { internes.next() } else { None };
        if !is_considered(l) {
            continue;
        }
        let etat = l.etat();
        if Ensemble::PROP.contains_etat(etat) {
            dernier = dernier.max(rang_affiche(entree, l));
        } else if etat.is_attente() && !etat.is_ignorer_rang_attente() {
            let blocked = interne.is_some_and(|v| !v.internat_obtenu && v.rang > barres[v.internat as usize]);
            if !blocked {
                break;
            }
        }
    }
    dernier
}

/// Bars displayed of an internat (§8.3), by position of the groupe.
pub(crate) fn boarding_bars(
    entree: &Entree,
    table: &Table,
    internes: &Internes,
    internat: usize,
) -> Vec<BarresGroupe> {
    let mut voeux: Vec<&Interne> = internes.by_rang(internat).collect();
    voeux.sort_unstable_by_key(|v| v.ligne);
    let mut barres: Vec<BarresGroupe> = voeux
        .chunk_by(|a, b| a.groupe == b.groupe)
        .filter(|du_groupe| du_groupe.iter().any(|v| v.attente))
        .map(|du_groupe| {
            let considered = || {
                du_groupe
                    .iter()
                    .map(|v| (v, &table.lignes[v.ligne as usize]))
                    .filter(|(_, l)| is_considered(l))
            };
            let barre_internat = considered()
                .filter(|(_, l)| Ensemble::PROP.contains_etat(l.etat()))
                .map(|(v, _)| v.rang)
                .max();
            let mut barre_appel = 0;
            if let Some(barre) = barre_internat {
                for (v, l) in considered() {
                    let etat = l.etat();
                    if Ensemble::PROP.contains_etat(etat) {
                        barre_appel = barre_appel.max(rang_affiche(entree, l));
                    } else if !etat.is_ignorer_rang_attente()
                        && !etat.is_ignorer_barre_internat()
                        && etat.is_attente()
                        && v.rang <= barre
                    {
                        break;
                    }
                }
            }
            BarresGroupe {
                groupe: table.groupe[du_groupe[0].groupe as usize],
                barre_appel,
                barre_internat: barre_internat.unwrap_or(0),
            }
        })
        .collect();
    barres.sort_unstable_by_key(|b| b.groupe);
    barres
}
