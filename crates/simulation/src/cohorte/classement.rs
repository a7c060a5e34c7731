//! Marks of the candidates, boarding requests, rankings made from the marks, preferences.

use domain::candidats::TypeBac;

use super::catalogue::Catalogue;
use super::cibles::CiblesEchelle;
use super::notes::{self, MATIERES, PENCHANT};
use super::{Cohorte, Parametres, RangInternat, domicile, drapeau};
use crate::alea::Alea;
use crate::comportement::{self, Envie};
use crate::geo;
use crate::offre::{OffreSimulee, Series};

/// Weight of chance beside the demand on the courses wished for, when marks are handed out.
const HASARD_NIVEAU: f64 = 0.16;
/// Points on twenty by which a commission's own reading moves a file.
const HASARD_COMMISSION: f64 = 1.1;
/// Share of those who ask for boarding and nothing else.
const INTERNAT_SEUL: f64 = 0.35;

/// How sought after a course is, from 0 to 1: the share of its candidates that its places cannot take.
fn tension(offre: &OffreSimulee) -> Vec<f64> {
    offre
        .formations
        .iter()
        .map(|f| {
            let candidats = f64::from(f.cibles.voeux().max(1));
            let libre = (f64::from(f.capacite) * 2.5 / candidats).min(1.0);
            (1.0 - libre) * if f.selective { 1.0 } else { 0.6 }
        })
        .collect()
}

/// Marks: within each series the distribution is that of the parameters, and who wishes for sought-after courses
/// tends to stand higher in it. Also the order of preference.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
pub fn noter(offre: &OffreSimulee, cat: &Catalogue, p: &Parametres, cohorte: &mut Cohorte) {
    let tension = tension(offre);
    let n = cohorte.candidats.len();
    let mut alea = Alea::pour(p.graine, &[6]);
    let mut ambition = Vec::with_capacity(n);
    let mut penchant = Vec::with_capacity(n);
    for i in 0..n {
        let courses = &cohorte.voeux.formation[cohorte.candidats.voeux(i)];
        let combien = courses.len().max(1) as f64;
        let somme: f64 = courses.iter().map(|f| tension[*f as usize]).sum();
        let sens: f64 = courses.iter().map(|f| cat.domaine[*f as usize].penchant()).sum();
        ambition.push(somme / combien + HASARD_NIVEAU * alea.cloche());
        penchant.push(sens / combien);
    }
    let mut moyennes = vec![0_u16; n];
    for serie in TypeBac::ALL {
        let mut rangs: Vec<usize> = (0..n).filter(|i| cohorte.candidats.serie[*i] == serie).collect();
        rangs.sort_unstable_by(|a, b| ambition[*a].total_cmp(&ambition[*b]).then(a.cmp(b)));
        for (k, i) in rangs.iter().enumerate() {
            moyennes[*i] = p.moyennes.quantile(serie, (k as f64 + alea.unite()) / rangs.len() as f64);
        }
    }
    cohorte.candidats.matieres =
        (0..n).map(|i| notes::par_matiere(moyennes[i], penchant[i], &mut alea)).collect();
    cohorte.candidats.moyenne = moyennes;
    let mut preferences = Vec::with_capacity(cohorte.voeux.formation.len());
    for i in 0..n {
        let chez = domicile(&cohorte.candidats, i);
        let envies: Vec<Envie> = cohorte.voeux.formation[cohorte.candidats.voeux(i)]
            .iter()
            .map(|f| Envie { attrait: tension[*f as usize], km: geo::km(chez, cat.position[*f as usize]) })
            .collect();
        let ordre = comportement::preferences(p.graine, i as u64, &envies);
        preferences.extend(ordre.into_iter().map(|r| u8::try_from(r).unwrap_or(u8::MAX)));
    }
    cohorte.voeux.preference = preferences;
}

/// Main-phase wishes by course, in the order of the candidates: (first wish of each course plus the end, wishes).
fn par_formation(cohorte: &Cohorte, formations: usize) -> (Vec<u32>, Vec<u32>) {
    let voeux = &cohorte.voeux;
    let retenu = |w: usize| voeux.drapeaux[w] & drapeau::COMPLEMENTAIRE == 0;
    let mut debut = vec![0_u32; formations + 1];
    for (w, f) in voeux.formation.iter().enumerate() {
        debut[*f as usize + 1] += u32::from(retenu(w));
    }
    for f in 0..formations {
        debut[f + 1] += debut[f];
    }
    let mut suivant = debut.clone();
    let mut rangees = vec![0_u32; debut[formations] as usize];
    for (w, f) in (0_u32..).zip(&voeux.formation) {
        if retenu(w as usize) {
            rangees[suivant[*f as usize] as usize] = w;
            suivant[*f as usize] += 1;
        }
    }
    (debut, rangees)
}

/// Boarding: asked for by those who live far, with some chance; ranked by scholarship, then distance.
pub fn demander_internat(cat: &Catalogue, cibles: &[CiblesEchelle], graine: u64, cohorte: &mut Cohorte) {
    if cibles.iter().all(|c| c.internat == 0) {
        return;
    }
    let (debut, rangees) = par_formation(cohorte, cibles.len());
    for (f, cible) in cibles.iter().enumerate().filter(|(_, c)| c.internat > 0) {
        let mut alea = Alea::pour(graine, &[7, f as u64]);
        let mut loin: Vec<(f64, u32)> = rangees[debut[f] as usize..debut[f + 1] as usize]
            .iter()
            .map(|&w| {
                let i = cohorte.voeux.candidat[w as usize] as usize;
                let km = geo::km(domicile(&cohorte.candidats, i), cat.position[f]);
                (km.min(600.0) * (0.3 + alea.unite()) + 60.0 * alea.unite(), w)
            })
            .collect();
        loin.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        loin.truncate(cible.internat as usize);
        for &(_, w) in &loin {
            let seul = if alea.chance(INTERNAT_SEUL) { drapeau::INTERNAT_SEUL } else { 0 };
            cohorte.voeux.drapeaux[w as usize] |= drapeau::INTERNAT | seul;
        }
        loin.sort_by_key(|&(_, w)| !cohorte.candidats.boursier[cohorte.voeux.candidat[w as usize] as usize]);
        let ranges = loin.iter().take(cible.internat_classes as usize);
        cohorte.internats.extend((1_u32..).zip(ranges).map(|(rang, &(_, voeu))| RangInternat { voeu, rang }));
    }
}

/// Rankings: by ranking group, the best files of each series up to the number the course ranks.
pub fn classer(
    offre: &OffreSimulee,
    cat: &Catalogue,
    cibles: &[CiblesEchelle],
    graine: u64,
    cohorte: &mut Cohorte,
) {
    let (debut, rangees) = par_formation(cohorte, cibles.len());
    cohorte.voeux.rang = vec![0; cohorte.voeux.formation.len()];
    cohorte.voeux.groupe = vec![0; cohorte.voeux.formation.len()];
    let mut premiers = Vec::with_capacity(offre.formations.len());
    for (f, formation) in (0_u32..).zip(&offre.formations) {
        premiers.push(cohorte.groupes.formation.len());
        let groupes = groupes(formation.groupes.clone(), formation.famille);
        for series in groupes {
            cohorte.groupes.formation.push(f);
            cohorte.groupes.series.push(series);
            cohorte.groupes.classes.push(0);
        }
    }
    premiers.push(cohorte.groupes.formation.len());
    let groupe_de = |cohorte: &Cohorte, f: usize, serie: TypeBac| -> usize {
        (premiers[f]..premiers[f + 1])
            .find(|g| cohorte.groupes.series[*g].contient(serie))
            .unwrap_or(premiers[f])
    };
    for w in 0..cohorte.voeux.formation.len() {
        let serie = cohorte.candidats.serie[cohorte.voeux.candidat[w] as usize];
        let g = groupe_de(cohorte, cohorte.voeux.formation[w] as usize, serie);
        cohorte.voeux.groupe[w] = u32::try_from(g).unwrap_or(u32::MAX);
    }
    for (f, cible) in cibles.iter().enumerate() {
        let mut alea = Alea::pour(graine, &[8, f as u64]);
        let poids = poids(cat.domaine[f].penchant());
        let mut dossiers: Vec<(f64, u32)> = rangees[debut[f] as usize..debut[f + 1] as usize]
            .iter()
            .map(|&w| {
                let i = cohorte.voeux.candidat[w as usize] as usize;
                (note(&cohorte.candidats.matieres[i], &poids) + HASARD_COMMISSION * alea.cloche(), w)
            })
            .collect();
        dossiers.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut reste = cible.classes;
        for (_, w) in dossiers {
            let w = w as usize;
            let serie = cohorte.candidats.serie[cohorte.voeux.candidat[w] as usize] as usize;
            if reste[serie] > 0 {
                reste[serie] -= 1;
                let g = cohorte.voeux.groupe[w] as usize;
                cohorte.groupes.classes[g] += 1;
                cohorte.voeux.rang[w] = cohorte.groupes.classes[g];
            }
        }
    }
}

/// The given groups, with one more for the series nobody takes.
fn groupes(mut donnes: Vec<Series>, famille: domain::formations::Famille) -> Vec<Series> {
    if donnes.is_empty() {
        return Series::groupes_habituels(famille);
    }
    let orphelines = TypeBac::ALL
        .into_iter()
        .filter(|s| !donnes.iter().any(|g| g.contient(*s)))
        .fold(Series::AUCUNE, Series::avec);
    if orphelines != Series::AUCUNE {
        donnes.push(orphelines);
    }
    donnes
}

/// Weights of the subjects in a ranking, leaning as the field does.
fn poids(penchant: f64) -> [f64; MATIERES.len()] {
    PENCHANT.map(|p| 1.5 + p * penchant)
}

/// Weighted mean on twenty.
fn note(matieres: &[u16; MATIERES.len()], poids: &[f64; MATIERES.len()]) -> f64 {
    let total: f64 = poids.iter().sum();
    matieres.iter().zip(poids).map(|(n, p)| f64::from(*n) / 100.0 * p).sum::<f64>() / total
}
