//! Figures of last session for a course: candidates by series, scholarship, ranked, admitted, last rank called.

use domain::candidats::TypeBac;
use domain::formations::{Famille, StatutFormation};

use crate::alea::Alea;
use crate::offre::{CibleSerie, Cibles, Series};

/// A ranking group with its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupePetit {
    /// French label, as the public sheet shows it.
    pub nom: &'static str,
    pub series: Series,
    pub capacite: u32,
}

/// Figures of a past session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChiffresSession {
    pub cibles: Cibles,
    pub propositions: u32,
    pub admis: u32,
    pub admis_boursiers: u32,
    /// Rank of the last candidate called, by ranking group.
    pub derniers_appeles: Vec<u32>,
}

/// Shares of the series among candidates (general, techno, pro, others).
fn parts(famille: Famille, libelle: &str) -> [f64; 4] {
    match famille {
        Famille::Cpge if libelle.contains("TSI") && !libelle.contains("PTSI") || libelle.contains("ECT") => {
            [0.03, 0.92, 0.02, 0.03]
        }
        Famille::Licence => [0.62, 0.14, 0.05, 0.19],
        Famille::LicenceLas => [0.80, 0.07, 0.01, 0.12],
        Famille::Pass => [0.82, 0.04, 0.01, 0.13],
        Famille::Bts => [0.22, 0.31, 0.30, 0.17],
        Famille::But => [0.54, 0.28, 0.05, 0.13],
        Famille::Cpge => [0.90, 0.05, 0.01, 0.04],
        Famille::Ingenieur => [0.86, 0.07, 0.01, 0.06],
        Famille::Commerce => [0.73, 0.12, 0.04, 0.11],
        Famille::Ifsi => [0.38, 0.22, 0.13, 0.27],
        Famille::Efts => [0.32, 0.25, 0.20, 0.23],
        Famille::Autre => [0.48, 0.26, 0.12, 0.14],
    }
}

/// Shares of scholarship holders by series.
const BOURSIERS: [f64; 3] = [0.16, 0.31, 0.41];

/// Candidates for a place, usual value of the family.
fn pression(famille: Famille) -> f64 {
    match famille {
        Famille::Licence => 4.0,
        Famille::LicenceLas => 6.0,
        Famille::Pass => 5.5,
        Famille::Bts => 11.0,
        Famille::But => 11.0,
        Famille::Cpge => 14.0,
        Famille::Ingenieur => 16.0,
        Famille::Commerce => 9.0,
        Famille::Ifsi => 15.0,
        Famille::Efts => 6.0,
        Famille::Autre => 8.0,
    }
}

/// Ranking groups of a course and their places.
pub fn groupes(famille: Famille, capacite: u32, alea: &mut Alea) -> Vec<GroupePetit> {
    let un = |s| Series::AUCUNE.avec(s);
    let groupe = |nom, series, capacite| GroupePetit { nom, series, capacite };
    let pour_cent = |p: u32| (capacite * p).div_ceil(100);
    match famille {
        Famille::Bts => {
            let pro = pour_cent(alea.entre(30, 50));
            let techno = pour_cent(alea.entre(25, 35)).min(capacite - pro);
            vec![
                groupe("Bacheliers professionnels toutes séries", un(TypeBac::Pro), pro),
                groupe("Bacheliers technologiques toutes séries", un(TypeBac::Techno), techno),
                groupe(
                    "Autres candidats",
                    un(TypeBac::General).avec(TypeBac::Autre),
                    capacite - pro - techno,
                ),
            ]
        }
        Famille::But => {
            let techno = pour_cent(50);
            vec![
                groupe("Bacheliers technologiques toutes séries", un(TypeBac::Techno), techno),
                groupe(
                    "Autres candidats",
                    un(TypeBac::General).avec(TypeBac::Pro).avec(TypeBac::Autre),
                    capacite - techno,
                ),
            ]
        }
        _ => vec![groupe("Tous les candidats", Series::TOUTES, capacite)],
    }
}

/// What the figures of a course depend on.
pub struct Cours<'a> {
    pub famille: Famille,
    pub statut: StatutFormation,
    pub libelle: &'a str,
    pub selective: bool,
    pub attrait: f64,
    pub internat: u32,
    pub capacite: u32,
    pub groupes: &'a [GroupePetit],
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts: positive and far below 2^32"
)]
fn entier(x: f64) -> u32 {
    x.round().max(0.0) as u32
}

/// Plausible figures of a session.
pub fn session(c: &Cours, alea: &mut Alea) -> ChiffresSession {
    // A heavy tail: one course in six is several times as sought after as its like, so that even a small cohort finds
    // waiting lists there.
    let renom =
        if alea.chance(0.17) { 2.5 + 5.0 * alea.unite() * alea.unite() } else { 0.2 + 0.6 * alea.unite() };
    let contrat = if c.statut == StatutFormation::Apprentissage { 0.5 } else { 1.0 };
    let candidats = f64::from(c.capacite) * pression(c.famille) * c.attrait * renom * contrat;
    let candidats = candidats.min(12_000.0).max(f64::from(c.capacite) * 0.8);
    let gardes = if c.selective { 0.55 + 0.35 * alea.unite() } else { 0.99 };
    let parts = parts(c.famille, c.libelle).map(|p| p * (0.7 + 0.6 * alea.unite()));
    let somme: f64 = parts.iter().sum();
    let mut cibles = Cibles::default();
    for (s, cible) in cibles.series.iter_mut().enumerate() {
        let voeux = entier(candidats * parts[s] / somme);
        let bourse = BOURSIERS.get(s).map_or(0.0, |b| b * (0.6 + 0.8 * alea.unite()));
        *cible = CibleSerie {
            voeux,
            boursiers: entier(f64::from(voeux) * bourse),
            classes: entier(f64::from(voeux) * gardes),
            complementaires: entier(f64::from(voeux) * 0.03 * alea.unite()),
        };
    }
    if c.internat > 0 {
        cibles.internat = entier(f64::from(cibles.voeux()) * (0.15 + 0.35 * alea.unite()));
        cibles.internat_classes = cibles.internat.min(entier(f64::from(cibles.internat) * gardes));
    }
    let mut propositions = 0;
    let mut derniers_appeles = Vec::with_capacity(c.groupes.len());
    let mut admis = 0;
    for groupe in c.groupes {
        let series = || TypeBac::ALL.into_iter().filter(|s| groupe.series.contient(*s));
        let classes: u32 = series().map(|s| cibles.series[s as usize].classes).sum();
        // People decline: two to five proposals a place.
        let dernier = classes.min(entier(f64::from(groupe.capacite) * (1.8 + 3.2 * alea.unite())));
        derniers_appeles.push(dernier);
        propositions += dernier;
        admis += groupe.capacite.min(entier(f64::from(dernier) * 0.8));
    }
    ChiffresSession {
        cibles,
        propositions,
        admis,
        admis_boursiers: entier(
            f64::from(admis) * f64::from(cibles.boursiers()) / f64::from(cibles.voeux().max(1)),
        ),
        derniers_appeles,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_agree_with_each_other() {
        let mut alea = Alea::new(11);
        for famille in Famille::ALL {
            for capacite in [8, 24, 150, 600] {
                let groupes = groupes(famille, capacite, &mut alea);
                assert_eq!(groupes.iter().map(|g| g.capacite).sum::<u32>(), capacite);
                for s in TypeBac::ALL {
                    assert_eq!(groupes.iter().filter(|g| g.series.contient(s)).count(), 1);
                }
                let c = Cours {
                    famille,
                    statut: StatutFormation::Etudiant,
                    libelle: "x",
                    selective: true,
                    attrait: 1.0,
                    internat: 10,
                    capacite,
                    groupes: &groupes,
                };
                let s = session(&c, &mut alea);
                assert!(s.admis <= capacite && s.admis <= s.propositions && s.admis_boursiers <= s.admis);
                assert_eq!(s.derniers_appeles.len(), groupes.len());
                for serie in s.cibles.series {
                    assert!(serie.boursiers <= serie.voeux && serie.classes <= serie.voeux);
                }
                assert!(
                    s.cibles.internat_classes <= s.cibles.internat && s.cibles.internat <= s.cibles.voeux()
                );
            }
        }
    }
}
