//! Wishes and rankings of a cohort, as the base keeps them.

use std::collections::HashMap;

use domain::candidatures::EtatVoeu;
use domain::formations::StatutFormation;
use simulation::Cohorte;
use simulation::cohorte::drapeau;
use store::simulation::{self as base, ClassementSeme, VoeuSeme};
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
        let lignes = (0..v.formation.len()).filter_map(|w| {
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
                internat: v.drapeaux[w] & drapeau::INTERNAT != 0,
                phase: if self.is_principale(w) { "pp" } else { "pc" },
                etat: etat.code(),
                etat_le,
                confirme_le: (avant == EtatVoeu::Confirme).then_some(le),
                preference: v.preference[w].into(),
            })
        });
        Ok(base::add_voeux(tx, e, self.session, v.formation.len(), lignes).await?)
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
