//! What the runs decided, from one to the next: what a run reads is what those before it wrote.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use domain::admission::{JourGroupe, avant_retrait};
use engine::propositions::Statut;
use store::admission::{GroupeJour, InternatJour, LigneOrdre};

use super::super::pieces;
use super::super::{Fichier, Lecteur};
use super::{Ecart, load};
use crate::admission::jour::{Lecture, Resultat, VoeuLu};
use crate::admission::retrait;

/// Waiting ranks, by voeu.
type Rangs = Arc<Vec<(i64, i64)>>;

/// What a day has shown.
#[derive(Debug, Clone)]
struct JourVu {
    jour: i64,
    /// By group.
    groupes: Arc<Vec<GroupeJour>>,
    barres: Arc<Vec<InternatJour>>,
    /// Its waiting ranks, read again when a withdrawal gives them back.
    rangs: Fichier,
}

/// What the runs up to one have decided, on its line of published runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Lignee {
    /// Waiting ranks of the last day.
    rangs: Rangs,
    /// Wishes that wait after the last day, and those that a withdrawal has given back to wait since; by key.
    attendent: Arc<Vec<i64>>,
    jours: Vec<JourVu>,
    /// (boarding school, rank) of every voeu that a transmitted ranking held on the last day.
    rangs_internat: Arc<HashMap<i64, (i64, i32)>>,
    /// Every voeu given up in its candidate's place.
    abandonnes: HashSet<i64>,
    /// Every voeu that had a proposition: the day and the group of the last one.
    proposes: Arc<HashMap<i64, (i64, i64)>>,
    /// (day, group) that count for nothing any more.
    retires: HashSet<(i64, i64)>,
    /// Every voeu whose last proposition was taken back.
    repris: HashSet<i64>,
    /// The waiting ranks that count instead of those of the last day, by group put back since.
    retablis: HashMap<i64, Rangs>,
}

impl Lignee {
    pub(super) fn then(mut self, jour: i64, r: Resultat, rangs: Fichier) -> Self {
        Arc::make_mut(&mut self.proposes).extend(r.propositions.iter().map(|&(v, g)| (v, (jour, g))));
        for (voeu, _) in &r.propositions {
            self.repris.remove(voeu);
        }
        let accepte = i64::from(Statut::RaAcceptation as u8);
        self.abandonnes.extend(r.automatiques.iter().filter(|a| a.1 != accepte).map(|a| a.0));
        self.jours.push(JourVu { jour, groupes: Arc::new(r.groupes), barres: Arc::new(r.barres), rangs });
        self.rangs = Arc::new(r.rangs);
        self.retablis.clear();
        self
    }

    /// R-INT-04: a rank that a transmitted ranking gives does not change any more.
    pub(super) fn with_boarding_ranks(mut self, lecture: &Lecture) -> Self {
        self.rangs_internat = Arc::new(boarding_ranks(lecture).collect());
        self
    }

    /// R-ADM-21: who waits once this day is over.
    pub(super) fn with_waiting(mut self, lecture: &Lecture, r: &Resultat) -> Self {
        let attend = |v: &&VoeuLu| v.etat.statut() == Statut::EnAttente;
        let mut attendent: Vec<i64> = lecture.voeux.iter().filter(attend).map(|v| v.id).collect();
        attendent.sort_unstable();
        let mut proposes = among(r.propositions.iter().map(|p| p.0));
        let mut decides = among(r.automatiques.iter().map(|a| a.0));
        attendent.retain(|&v| !proposes(v) && !decides(v));
        self.attendent = Arc::new(attendent);
        self
    }

    /// How many of those who waited are not in what the day has read.
    fn gone(&self, lecture: &Lecture) -> usize {
        let mut lus: Vec<i64> = lecture.voeux.iter().map(|v| v.id).collect();
        lus.sort_unstable();
        let mut presents = among(lus.into_iter());
        self.attendent.iter().filter(|&&v| !presents(v)).count()
    }

    /// The highest bars of the days that still count, by school and group.
    fn bars(&self) -> Vec<InternatJour> {
        let mut vues: BTreeMap<(i64, i64), (i64, i64)> = BTreeMap::new();
        for j in &self.jours {
            for b in j.barres.iter().filter(|b| !self.retires.contains(&(j.jour, b.groupe))) {
                let vue = vues.entry((b.internat, b.groupe)).or_default();
                *vue = (vue.0.max(b.barre_internat), vue.1.max(b.barre_appel));
            }
        }
        let barre = |((internat, groupe), (barre_internat, barre_appel))| InternatJour {
            internat,
            groupe,
            barre_internat,
            barre_appel,
        };
        vues.into_iter().map(barre).collect()
    }

    /// Once a withdrawal is published.
    pub(super) fn without(
        mut self,
        lecture: &retrait::Lecture,
        r: &Resultat,
        retablis: HashMap<i64, Rangs>,
    ) -> Self {
        for (groupe, _) in &lecture.groupes {
            let jours = self.jours.iter().filter(|j| j.jour >= lecture.depuis);
            self.retires.extend(jours.map(|j| (j.jour, *groupe)));
        }
        self.repris.extend(r.propositions.iter().map(|&(voeu, _)| voeu));
        // What had been given up because of them waits again.
        self.abandonnes.retain(|voeu| r.automatiques.binary_search_by_key(voeu, |a| a.0).is_err());
        let attendent = Arc::make_mut(&mut self.attendent);
        attendent.extend(r.propositions.iter().map(|&(voeu, _)| voeu));
        attendent.extend(r.automatiques.iter().map(|&(voeu, _)| voeu));
        attendent.sort_unstable();
        self.retablis.extend(retablis);
        self
    }

    /// The days that still count for a group.
    fn days(&self, groupe: i64) -> Vec<JourGroupe> {
        let comptent = self.jours.iter().filter(|j| !self.retires.contains(&(j.jour, groupe)));
        comptent
            .filter_map(|j| {
                let n = j.groupes.binary_search_by_key(&groupe, |g| g.groupe).ok()?;
                let g = &j.groupes[n];
                Some(JourGroupe {
                    jour: j.jour,
                    dernier_appele: g.dernier_appele,
                    dernier_interne: g.dernier_interne,
                    en_attente: g.en_attente,
                })
            })
            .collect()
    }

    /// Gives the waiting ranks that count from now on in each group put back.
    pub(super) fn check_withdrawal(
        &self,
        lecture: &retrait::Lecture,
        lire: &Lecteur<'_>,
    ) -> Result<HashMap<i64, Rangs>, Ecart> {
        let mut lus: HashMap<i64, Rangs> = HashMap::new();
        let mut retablis = HashMap::new();
        for (groupe, retabli) in &lecture.groupes {
            let avant = avant_retrait(&self.days(*groupe), lecture.depuis).ok_or_else(|| {
                Ecart::Continuite(format!(
                    "aucun jour à retirer depuis le jour {} pour le groupe {groupe}",
                    lecture.depuis
                ))
            })?;
            if avant != *retabli {
                return Err(Ecart::Continuite(format!(
                    "état rétabli du groupe {groupe} : {retabli:?} lu, {avant:?} publié avant"
                )));
            }
            let rangs = match lus.get(&avant.jour) {
                Some(rangs) => Arc::clone(rangs),
                None => {
                    let vu = self.jours.iter().find(|j| j.jour == avant.jour);
                    let octets = vu.map(|j| load(&j.rangs, lire)).transpose()?;
                    let rangs = octets.map(|o| pieces::read_ranks(&o)).transpose()?.unwrap_or_default();
                    Arc::clone(lus.entry(avant.jour).or_insert_with(|| Arc::new(rangs)))
                }
            };
            retablis.insert(*groupe, rangs);
        }
        for p in &lecture.propositions {
            // Taken back before, it has an answer all the same if that came before the publication.
            let reprise = p.reponse.is_retirable() && self.repris.contains(&p.voeu);
            let proposee = self.proposes.get(&p.voeu).filter(|_| !reprise);
            if proposee != Some(&(p.jour, p.groupe)) || p.jour < lecture.depuis {
                return Err(Ecart::Continuite(format!(
                    "aucun passage depuis le jour {} n’a proposé le vœu {} dans le groupe {} le jour {}",
                    lecture.depuis, p.voeu, p.groupe, p.jour
                )));
            }
            let rang = retablis.get(&p.groupe).map_or(0, |rangs| rank(rangs, p.voeu));
            if rang != p.rang {
                return Err(Ecart::Continuite(format!(
                    "rang d’attente rétabli du vœu {} : {} lu, {rang} publié avant",
                    p.voeu, p.rang
                )));
            }
        }
        for d in &lecture.demissions {
            if !self.abandonnes.contains(&d.voeu) {
                return Err(Ecart::Continuite(format!(
                    "aucun passage n’a abandonné le vœu {} à la place de son candidat",
                    d.voeu
                )));
            }
        }
        Ok(retablis)
    }

    /// The waiting rank that the next day continues; 0: none.
    fn waiting_rank(&self, groupe: i64, voeu: i64) -> i64 {
        rank(self.retablis.get(&groupe).unwrap_or(&self.rangs), voeu)
    }

    /// (highest rank called, the same five days before, highest rank displayed) of every group.
    fn groups(&self, jour: i64) -> HashMap<i64, (i64, i64, i64)> {
        let mut vus: HashMap<i64, (i64, i64, i64)> = HashMap::new();
        for j in &self.jours {
            for g in j.groupes.iter().filter(|g| !self.retires.contains(&(j.jour, g.groupe))) {
                let vu = vus.entry(g.groupe).or_default();
                vu.0 = vu.0.max(g.dernier_interne);
                if j.jour <= jour - 5 {
                    vu.1 = vu.1.max(g.dernier_interne);
                }
                vu.2 = vu.2.max(g.dernier_appele);
            }
        }
        vus
    }
}

fn rank(rangs: &[(i64, i64)], voeu: i64) -> i64 {
    rangs.binary_search_by_key(&voeu, |&(v, _)| v).map_or(0, |n| rangs[n].1)
}

/// Whether a key is among these, asked in order for keys that are in order too.
fn among(cles: impl Iterator<Item = i64>) -> impl FnMut(i64) -> bool {
    let mut cles = cles.peekable();
    move |cle| {
        while cles.next_if(|c| *c < cle).is_some() {}
        cles.peek() == Some(&cle)
    }
}

/// The voeux that a transmitted ranking holds: (voeu, (boarding school, rank)).
fn boarding_ranks(lecture: &Lecture) -> impl Iterator<Item = (i64, (i64, i32))> + '_ {
    lecture.en_internat.iter().filter_map(|v| {
        let internat = &lecture.internats[v.internat as usize];
        let classe = internat.transmis && v.rang <= internat.classes;
        classe.then(|| (lecture.voeux[v.voeu as usize].id, (internat.id, v.rang)))
    })
}

/// What a day read is what the runs before it wrote: ranks, waiting ranks, places held, last ones called. That a wish is gone is read
/// as it stands; gives how many waited before and are (R-ADM-21).
pub(super) fn check_continuity(
    lecture: &Lecture,
    ordre: &[LigneOrdre],
    lignee: &Lignee,
) -> Result<usize, Ecart> {
    let vus = lignee.groups(i64::from(lecture.parametres.jour));
    for g in &lecture.groupes {
        let vu = vus.get(&g.id).copied().unwrap_or_default();
        if (g.dernier_interne, g.dernier_reference, g.dernier_affiche) != vu {
            return Err(Ecart::Continuite(format!("dernier appelé du groupe {}", g.id)));
        }
    }
    if lecture.barres != lignee.bars() {
        return Err(Ecart::Continuite("barres d’internat affichées la veille".to_owned()));
    }
    for (voeu, lu) in boarding_ranks(lecture) {
        if lignee.rangs_internat.get(&voeu).is_some_and(|avant| *avant != lu) {
            return Err(Ecart::Continuite(format!("rang à l’internat du vœu {voeu}")));
        }
    }
    // Before the first day, those who wait are those whom the call orders name.
    let premier = lignee.jours.is_empty();
    let mut sans_voeu = vec![true; if premier { ordre.len() } else { 0 }];
    for v in &lecture.voeux {
        let g = &lecture.groupes[v.groupe as usize];
        let candidat = lecture.candidats[v.candidat as usize];
        let place =
            ordre.binary_search_by_key(&(g.groupe_classement_id, candidat), |l| (l.groupe, l.candidat)).ok();
        if let Some(sans) = place.and_then(|i| sans_voeu.get_mut(i)) {
            *sans = false;
        }
        let rang = place.map_or(0, |i| ordre[i].rang);
        if i64::from(v.rang) != rang {
            return Err(Ecart::Continuite(format!(
                "rang d’appel du vœu {} : {} lu, {rang} publié",
                v.id, v.rang
            )));
        }
        let veille = lignee.waiting_rank(g.id, v.id);
        if i64::from(v.veille) != veille {
            return Err(Ecart::Continuite(format!(
                "rang d’attente du vœu {} : {} lu, {veille} publié la veille",
                v.id, v.veille
            )));
        }
        // Its candidate may have answered before the publication: it is held then, and never waits.
        if v.etat.statut() == Statut::EnAttente && lignee.abandonnes.contains(&v.id) {
            return Err(Ecart::Continuite(format!(
                "le vœu {} attend encore, après avoir été abandonné",
                v.id
            )));
        }
        // The complementary phase has propositions of its own.
        let tenu = v.etat.statut() != Statut::EnAttente && !v.etat.is_hors_pp();
        if tenu && !lignee.proposes.contains_key(&v.id) {
            return Err(Ecart::Continuite(format!(
                "le vœu {} tient une place qu’aucun passage n’a proposée",
                v.id
            )));
        }
        // Accepted between the computation of the withdrawal and its publication, it stays: only its candidate knows.
        if tenu && v.etat.statut() == Statut::AnterieureSansReponse && lignee.repris.contains(&v.id) {
            return Err(Ecart::Continuite(format!("le vœu {} tient une place qui a été retirée", v.id)));
        }
    }
    Ok(if premier { sans_voeu.iter().filter(|sans| **sans).count() } else { lignee.gone(lecture) })
}

#[cfg(test)]
mod tests {
    use engine::propositions::Etat;

    use super::*;

    #[test]
    fn r_adm_21_who_is_proposed_or_decided_for_waits_no_more() {
        let etat = Etat::new(Statut::EnAttente);
        let voeu = |id| VoeuLu { id, candidat: 0, groupe: 0, etat, rang: 1, veille: 0, preference: 0 };
        let lecture = Lecture { voeux: [4, 2, 9, 7].map(voeu).to_vec(), ..Lecture::default() };
        let r = Resultat { propositions: vec![(2, 1)], automatiques: vec![(7, 2)], ..Resultat::default() };
        let lignee = Lignee::default().with_waiting(&lecture, &r);
        assert_eq!(*lignee.attendent, [4, 9]);
        assert_eq!(lignee.gone(&lecture), 0);
        assert_eq!(lignee.gone(&Lecture { voeux: vec![voeu(9)], ..Lecture::default() }), 1);
    }
}
