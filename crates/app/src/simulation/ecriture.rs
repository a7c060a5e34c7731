//! Wishes and rankings of a cohort, as the base keeps them.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::candidatures::EtatVoeu;
use domain::formations::StatutFormation;
use simulation::Cohorte;
use simulation::cohorte::drapeau;
use store::simulation::{self as base, ClassementSeme, InternatSeme, VoeuSeme};
use store::{Ecriture, Tx};

use crate::erreur::AppError;
use crate::idempotence::hash;

/// A course of the session, at the position it has in the offer of the cohort.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub formation_session: i64,
    /// Ranking groups, in the order of their creation.
    pub groupes: Vec<i64>,
    pub statut: StatutFormation,
    pub selective: bool,
    /// Key of its establishment, whose boarding school is one for all its courses.
    pub etablissement: i64,
    /// Places of that school that the course may count on.
    pub places_internat: u32,
}

/// How far the ranking of a group has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Avancement {
    Rien,
    Brouillon,
    /// Sent at this instant, in milliseconds.
    Transmis(i64),
}

/// A cohort and where its courses are in the base.
pub(crate) struct Semis<'a> {
    pub session: i64,
    pub cohorte: &'a Cohorte,
    pub places: &'a [Option<Place>],
    /// Keys of the candidates written; `None`: not registered (yet).
    pub candidats: &'a [Option<i64>],
    /// Progress of each ranking group of the cohort.
    pub avancements: Vec<Avancement>,
    /// Ranking group of the base for each of the cohort.
    groupes: Vec<Option<i64>>,
    /// For each group of the cohort, the first one that has the same group of the base: a ranking may serve several courses.
    communs: Vec<usize>,
    /// Ranks to write, by wish; 0 = not ranked.
    rangs: Vec<u32>,
}

impl<'a> Semis<'a> {
    pub(crate) fn new(
        session: i64,
        cohorte: &'a Cohorte,
        places: &'a [Option<Place>],
        candidats: &'a [Option<i64>],
        avancement: impl Fn(usize) -> Avancement,
    ) -> Self {
        let mut groupes = Vec::with_capacity(cohorte.groupes.formation.len());
        let mut avancements = Vec::with_capacity(cohorte.groupes.formation.len());
        let (mut precedente, mut rang) = (u32::MAX, 0);
        for (g, &f) in cohorte.groupes.formation.iter().enumerate() {
            rang = if f == precedente { rang + 1 } else { 0 };
            precedente = f;
            let place = places[f as usize].as_ref();
            // A group that the base does not have joins the last one of its course.
            groupes.push(place.and_then(|p| p.groupes.get(rang).or(p.groupes.last())).copied());
            let classe = place.is_some_and(|p| p.statut == StatutFormation::Etudiant);
            avancements.push(if classe { avancement(g) } else { Avancement::Rien });
        }
        let mut premiers: HashMap<i64, usize> = HashMap::new();
        let communs: Vec<usize> = groupes
            .iter()
            .enumerate()
            .map(|(g, base)| base.map_or(g, |base| *premiers.entry(base).or_insert(g)))
            .collect();
        let mut semis =
            Self { session, cohorte, places, candidats, avancements, groupes, communs, rangs: Vec::new() };
        semis.rangs = semis.rangs();
        semis
    }

    fn place(&self, w: usize) -> Option<&Place> {
        self.places[self.cohorte.voeux.formation[w] as usize].as_ref()
    }

    fn candidat(&self, w: usize) -> Option<i64> {
        self.candidats[self.cohorte.voeux.candidat[w] as usize]
    }

    /// The group of the cohort where the wish is ranked.
    fn commun(&self, w: usize) -> usize {
        self.communs[self.cohorte.voeux.groupe[w] as usize]
    }

    fn is_principale(&self, w: usize) -> bool {
        self.cohorte.voeux.drapeaux[w] & drapeau::COMPLEMENTAIRE == 0
    }

    /// Ranks without holes: of those registered, the ranked in their order; a non selective course then ranks all the
    /// others (R-CLA-02).
    fn rangs(&self) -> Vec<u32> {
        let v = &self.cohorte.voeux;
        let mut par_groupe: Vec<Vec<(u32, usize)>> = vec![Vec::new(); self.groupes.len()];
        for w in 0..v.formation.len() {
            let Some(place) = self.place(w) else { continue };
            if self.candidat(w).is_none() || !self.is_principale(w) {
                continue;
            }
            let rang = v.rang[w];
            if rang > 0 {
                par_groupe[self.commun(w)].push((rang, w));
            } else if !place.selective {
                par_groupe[self.commun(w)].push((u32::MAX, w));
            }
        }
        let mut rangs = vec![0; v.formation.len()];
        for mut classes in par_groupe {
            classes.sort_unstable();
            // Whoever wishes for two courses of one ranking has one rank there.
            let mut donnes: HashMap<u32, u32> = HashMap::with_capacity(classes.len());
            for (_, w) in classes {
                let suivant = u32::try_from(donnes.len() + 1).unwrap_or(u32::MAX);
                rangs[w] = *donnes.entry(v.candidat[w]).or_insert(suivant);
            }
        }
        rangs
    }

    /// The state that the progress of its group gives to a confirmed wish.
    fn etat(&self, w: usize) -> EtatVoeu {
        let g = self.commun(w);
        let transmis = matches!(self.avancements[g], Avancement::Transmis(_)) && self.is_principale(w);
        match (transmis, self.rangs[w]) {
            (false, _) => EtatVoeu::Confirme,
            (true, 0) => EtatVoeu::RefuseFormation,
            (true, _) => EtatVoeu::Classe,
        }
    }

    /// Writes the wishes. `quand`: for each, its state before examination and the instant of it; `None`: not made.
    pub(crate) async fn ecrire_voeux(
        &self,
        tx: &Tx,
        e: &Ecriture<'_>,
        quand: impl Fn(usize) -> Option<(EtatVoeu, i64)>,
    ) -> Result<u64, AppError> {
        let v = &self.cohorte.voeux;
        // Who asks for boarding without making it a condition asks for the course without it too: two wishes, of which the
        // one with boarding comes first.
        let (interne, seul) = (drapeau::INTERNAT, drapeau::INTERNAT_SEUL);
        let doubles = v.drapeaux.iter().filter(|d| *d & (interne | seul) == interne).count();
        let demandes = (0..v.formation.len()).flat_map(|w| {
            let d = v.drapeaux[w];
            let avec = (d & interne != 0).then_some((w, true));
            avec.into_iter().chain((d & (interne | seul) != interne | seul).then_some((w, false)))
        });
        let lignes = demandes.filter_map(|(w, internat)| {
            let (place, candidat) = (self.place(w)?, self.candidat(w)?);
            let groupe = self.groupes[v.groupe[w] as usize]?;
            let (avant, le) = quand(w)?;
            let etat = if avant == EtatVoeu::Confirme { self.etat(w) } else { avant };
            let etat_le = match (etat, self.avancements[self.commun(w)]) {
                (EtatVoeu::Classe | EtatVoeu::RefuseFormation, Avancement::Transmis(le)) => le,
                _ => le,
            };
            Some(VoeuSeme {
                candidat,
                formation_session: place.formation_session,
                groupe,
                internat,
                phase: if self.is_principale(w) { "pp" } else { "pc" },
                etat: etat.code(),
                etat_le,
                confirme_le: (avant == EtatVoeu::Confirme).then_some(le),
                preference: 2 * i64::from(v.preference[w]) - i64::from(internat),
            })
        });
        Ok(base::add_voeux(tx, e, self.session, v.formation.len() + doubles, lignes).await?)
    }

    /// Writes a boarding school for each establishment whose courses have places there, with its ranking if it was sent: those
    /// that the courses have ranked, in turn, then the others. Gives how many schools, and how many ranks.
    pub(crate) async fn ecrire_internats(
        &self,
        tx: &Tx,
        e: &Ecriture<'_>,
        transmis_le: Option<i64>,
    ) -> Result<(usize, u64), AppError> {
        let v = &self.cohorte.voeux;
        let mut capacites: BTreeMap<i64, i64> = BTreeMap::new();
        for place in self.places.iter().flatten().filter(|p| p.places_internat > 0) {
            if place.statut == StatutFormation::Etudiant {
                *capacites.entry(place.etablissement).or_default() += i64::from(place.places_internat);
            }
        }
        let mut demandes: BTreeMap<i64, Vec<(u32, u32)>> = BTreeMap::new();
        let ranges = self.cohorte.internats.iter().map(|r| (r.rang, r.voeu));
        let autres = (0..).zip(&v.drapeaux).filter(|(_, d)| *d & drapeau::INTERNAT != 0);
        for (rang, w) in ranges.chain(autres.map(|(w, _)| (u32::MAX, w))) {
            let demande = self.place(w as usize).filter(|_| self.is_principale(w as usize));
            if let Some(place) = demande.filter(|p| capacites.contains_key(&p.etablissement)) {
                demandes.entry(place.etablissement).or_default().push((rang, w));
            }
        }
        let mut internats = Vec::with_capacity(capacites.len());
        for (etablissement, capacite) in capacites {
            let mut siennes = demandes.remove(&etablissement).unwrap_or_default();
            siennes.sort_unstable();
            let mut vus = HashSet::new();
            let ordre: Vec<i64> = siennes
                .into_iter()
                .filter_map(|(_, w)| self.candidat(w as usize))
                .filter(|c| vus.insert(*c))
                .collect();
            internats.push(InternatSeme {
                etablissement,
                capacite,
                classement: transmis_le.map(|le| (ordre, le)),
            });
        }
        let rangs = base::add_internats(tx, e, self.session, &internats).await?;
        Ok((internats.len(), rangs))
    }

    /// Writes the rankings begun or sent; gives how many, and how many ranks.
    pub(crate) async fn ecrire_classements(
        &self,
        tx: &Tx,
        e: &Ecriture<'_>,
        retenu: impl Fn(usize) -> bool,
    ) -> Result<(usize, u64), AppError> {
        let v = &self.cohorte.voeux;
        let mut par_groupe: Vec<Vec<(u32, i64)>> = vec![Vec::new(); self.groupes.len()];
        for w in 0..v.formation.len() {
            let g = self.commun(w);
            if self.rangs[w] == 0 || self.avancements[g] == Avancement::Rien || !retenu(w) {
                continue;
            }
            if let Some(candidat) = self.candidat(w) {
                par_groupe[g].push((self.rangs[w], candidat));
            }
        }
        let mut classements = Vec::new();
        let mut contenus = Vec::new();
        for (g, mut classes) in par_groupe.into_iter().enumerate() {
            // A group without any file still sends its empty ranking.
            let (Some(groupe), avancement) = (self.groupes[g], self.avancements[g]) else { continue };
            if avancement == Avancement::Rien || self.communs[g] != g {
                continue;
            }
            classes.sort_unstable();
            classes.dedup();
            let (transmis_le, empreinte) = match avancement {
                Avancement::Transmis(le) => {
                    let ordre: Vec<String> = classes.iter().map(|(_, c)| c.to_string()).collect();
                    (Some(le), Some(hash(&ordre.join("\n"))))
                }
                _ => (None, None),
            };
            classements.push(ClassementSeme { groupe, transmis_le, empreinte });
            contenus.push(classes);
        }
        let ids = base::add_classements(tx, e, &classements).await?;
        let lignes = ids
            .iter()
            .zip(&contenus)
            .flat_map(|(id, classes)| (1..).zip(classes).map(|(rang, (_, candidat))| (*id, *candidat, rang)));
        let rangs = base::add_rangs(tx, lignes).await?;
        Ok((ids.len(), rangs))
    }
}
