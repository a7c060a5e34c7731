//! The voeux that depend on an internat: a side table, since they are few, and its two orders by internat.

use rayon::prelude::*;

use super::entree::{Ensemble, Entree};
use super::ligne::Champs;
use super::refus::{Lieu, Motif, Refus};
use super::table::Table;

/// One voeu with a boarding reference.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Interne {
    /// Row in the working table.
    pub(crate) ligne: u32,
    pub(crate) candidat: u32,
    /// Working number of the groupe.
    pub(crate) groupe: u32,
    pub(crate) internat: u32,
    pub(crate) rang: i32,
    /// Was it waiting at the beginning of the (last) pass?
    pub(crate) attente: bool,
    /// Did the candidat already have a place in the groupe, in the internat, at the beginning of the (last) pass?
    pub(crate) formation_obtenue: bool,
    pub(crate) internat_obtenu: bool,
    /// Proposed in this pass.
    pub(crate) propose: bool,
}

/// The side table, by row of the working table.
#[derive(Debug)]
pub(crate) struct Internes {
    pub(crate) voeux: Vec<Interne>,
    /// First voeu of each groupe (working number); one more at the end.
    pub(crate) debut_groupe: Vec<u32>,
    /// Voeux of each internat, by rank then row, and by candidat: both cut by `debut_internat`.
    par_rang: Vec<u32>,
    par_candidat: Vec<u32>,
    debut_internat: Vec<u32>,
    /// Candidats placed by internat at the beginning of the (last) pass.
    pub(crate) pourvus: Vec<i64>,
}

/// Voeux among which a reference is looked for: there are few in each bloc, and one in most of those of complex groupes.
const BLOC: usize = 64;

impl Internes {
    pub(crate) fn build(entree: &Entree, table: &Table) -> Self {
        let references: Vec<_> = entree
            .voeux
            .en_internat
            .iter()
            .filter(|v| (v.internat as usize) < entree.internats.len())
            .copied()
            .collect();
        // References are by voeu: the first one of each bloc tells where to look.
        let mut premiere = vec![0_u32; entree.voeux.len() / BLOC + 2];
        for v in &references {
            premiere[v.voeu as usize / BLOC + 1] += 1;
        }
        accumulate(&mut premiere);
        let find = |voeu: usize| {
            let bloc = premiere[voeu / BLOC] as usize..premiere[voeu / BLOC + 1] as usize;
            references[bloc].iter().find(|v| v.voeu as usize == voeu)
        };
        let mut voeux: Vec<Interne> = Vec::with_capacity(references.len());
        let mut debut_groupe = Vec::with_capacity(table.groupe.len() + 1);
        debut_groupe.push(0);
        // A groupe without any reference is skipped at no cost: references tell which groupes have some.
        let mut concerned = vec![false; entree.groupes.len()];
        for v in &references {
            concerned[entree.voeux.groupe[v.voeu as usize] as usize] = true;
        }
        for (g, &position) in table.groupe.iter().enumerate() {
            if concerned[position as usize] {
                for (ligne, l) in (table.debut[g] as u32..).zip(table.lignes_of(g)) {
                    if l.has_internat()
                        && let Some(reference) = find(l.voeu())
                    {
                        voeux.push(Interne {
                            ligne,
                            candidat: l.candidat(),
                            groupe: g as u32,
                            internat: reference.internat,
                            rang: reference.rang,
                            attente: false,
                            formation_obtenue: false,
                            internat_obtenu: false,
                            propose: false,
                        });
                    }
                }
            }
            debut_groupe.push(voeux.len() as u32);
        }
        let mut debut_internat = vec![0; entree.internats.len() + 1];
        for v in &voeux {
            debut_internat[v.internat as usize + 1] += 1;
        }
        accumulate(&mut debut_internat);
        let (par_rang, par_candidat) = rayon::join(
            || sort_by_internat(&voeux, &debut_internat, |v| v.rang as u32),
            || sort_by_internat(&voeux, &debut_internat, |v| v.candidat),
        );
        let pourvus = vec![0; entree.internats.len()];
        Self { voeux, debut_groupe, par_rang, par_candidat, debut_internat, pourvus }
    }

    fn plage(&self, internat: usize) -> std::ops::Range<usize> {
        self.debut_internat[internat] as usize..self.debut_internat[internat + 1] as usize
    }

    /// Voeux of a groupe, in the order of the working table.
    pub(crate) fn of_groupe(&self, g: usize) -> std::ops::Range<usize> {
        self.debut_groupe[g] as usize..self.debut_groupe[g + 1] as usize
    }

    pub(crate) fn has_groupe(&self, g: usize) -> bool {
        self.debut_groupe[g] < self.debut_groupe[g + 1]
    }

    /// The voeux of each groupe that has some, by working number.
    pub(crate) fn groupes_mut(&mut self) -> impl Iterator<Item = &mut [Interne]> {
        let mut reste = &mut self.voeux[..];
        self.debut_groupe.windows(2).map(|bornes| bornes[1] - bornes[0]).filter(|&n| n > 0).map(move |n| {
            let (du_groupe, suite) = std::mem::take(&mut reste).split_at_mut(n as usize);
            reste = suite;
            du_groupe
        })
    }

    /// Voeux of an internat by increasing rank (all statuts).
    pub(crate) fn by_rang(&self, internat: usize) -> impl Iterator<Item = &Interne> {
        self.par_rang[self.plage(internat)].iter().map(|&k| &self.voeux[k as usize])
    }

    /// Those waiting at the beginning of the pass.
    pub(crate) fn attente(&self, internat: usize) -> impl Iterator<Item = &Interne> {
        self.by_rang(internat).filter(|v| v.attente)
    }

    /// Voeux of an internat, those of a candidat together.
    pub(crate) fn by_candidat(&self, internat: usize) -> &[u32] {
        &self.par_candidat[self.plage(internat)]
    }

    /// Marks the groupes that share an internat with a marked one, and so on; tells which internats are reached. `pile` is
    /// the marked groupes.
    pub(crate) fn spread(&self, marked: &mut [bool], mut pile: Vec<u32>) -> Vec<bool> {
        let mut internats = vec![false; self.pourvus.len()];
        while let Some(g) = pile.pop() {
            for v in &self.voeux[self.of_groupe(g as usize)] {
                if std::mem::replace(&mut internats[v.internat as usize], true) {
                    continue;
                }
                for voisin in self.by_rang(v.internat as usize) {
                    if !std::mem::replace(&mut marked[voisin.groupe as usize], true) {
                        pile.push(voisin.groupe);
                    }
                }
            }
        }
        internats
    }

    /// Starts a pass in some internats: who waits, who already has a place there.
    pub(crate) fn start_pass(&mut self, table: &Table, internats: &[bool]) {
        self.voeux.par_iter_mut().filter(|v| internats[v.internat as usize]).for_each(|v| {
            let etat = table.lignes[v.ligne as usize].etat();
            v.attente = etat.is_attente();
            v.propose = false;
            // By this voeu; below, by any voeu of the candidat.
            v.internat_obtenu = Ensemble::PROP.contains_etat(etat);
        });
        for i in (0..internats.len()).filter(|&i| internats[i]) {
            let plage = self.plage(i);
            let voeux = &mut self.voeux;
            let mut reste = &self.par_candidat[plage];
            let mut count = 0;
            while let Some(&premier) = reste.first() {
                let candidat = voeux[premier as usize].candidat;
                let fin =
                    reste.iter().position(|&k| voeux[k as usize].candidat != candidat).unwrap_or(reste.len());
                let (meme, suite) = reste.split_at(fin);
                reste = suite;
                let place = meme.iter().any(|&k| voeux[k as usize].internat_obtenu);
                count += i64::from(place);
                for &k in meme {
                    voeux[k as usize].internat_obtenu = place;
                }
            }
            self.pourvus[i] = count;
        }
    }

    /// The checks of §10.2 on internats. To be called after [`Self::start_pass`].
    pub(crate) fn check(&self, entree: &Entree, table: &Table) -> Result<(), Refus> {
        let at = |v: &Interne| Lieu::Voeu(table.lignes[v.ligne as usize].voeu() as u32);
        for v in &self.voeux {
            let formation = entree.internats[v.internat as usize].formation;
            let groupe = &entree.groupes[table.groupe[v.groupe as usize] as usize];
            if formation != 0 && formation != groupe.formation {
                return Err(Refus::new(Motif::IdentifiantIncoherent, at(v)));
            }
            if v.attente && v.rang <= 0 {
                return Err(Refus::new(Motif::RangInternatNonPositif, at(v)));
            }
        }
        for i in 0..entree.internats.len() {
            let mut precedent: Option<&Interne> = None;
            for v in self.attente(i) {
                if precedent.is_some_and(|p| p.rang == v.rang && p.candidat != v.candidat) {
                    return Err(Refus::new(Motif::RangInternatPartage, at(v)));
                }
                precedent = Some(v);
            }
            let mut precedent: Option<&Interne> = None;
            for &k in self.by_candidat(i) {
                let v = &self.voeux[k as usize];
                if !v.attente {
                    continue;
                }
                if precedent.is_some_and(|p| p.candidat == v.candidat && p.rang != v.rang) {
                    return Err(Refus::new(Motif::RangsInternatMultiples, at(v)));
                }
                precedent = Some(v);
            }
        }
        Ok(())
    }
}

/// From the number of items of each kind, one place further, to the first item of each kind.
fn accumulate(debut: &mut [u32]) {
    let mut total = 0;
    for premier in debut {
        total += *premier;
        *premier = total;
    }
}

/// The voeux of each internat by increasing key, then by row.
fn sort_by_internat(voeux: &[Interne], debut: &[u32], cle: impl Fn(&Interne) -> u32) -> Vec<u32> {
    let mut cles = vec![0_u64; voeux.len()];
    let mut curseurs = debut.to_vec();
    for (k, v) in (0..).zip(voeux) {
        let curseur = &mut curseurs[v.internat as usize];
        cles[*curseur as usize] = u64::from(cle(v)) << 32 | k;
        *curseur += 1;
    }
    for bornes in debut.windows(2) {
        cles[bornes[0] as usize..bornes[1] as usize].sort_unstable();
    }
    cles.into_iter().map(|cle| cle as u32).collect()
}
