//! § 7 and § 10.3: what the answering machine and the ordering of wishes give up, and what they must respect.

use std::collections::{BTreeMap, BTreeSet};

use super::donnees::{Entree, Refus, Statut};

/// Positions of the wishes of each candidate.
fn by_candidate(e: &Entree, retenu: impl Fn(i64) -> bool) -> BTreeMap<i64, Vec<usize>> {
    let mut par_candidat: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (n, v) in e.voeux.iter().enumerate().filter(|(_, v)| retenu(v.candidat)) {
        par_candidat.entry(v.candidat).or_default().push(n);
    }
    par_candidat
}

/// § 7.1: gives the places that are free again.
pub(super) fn answer(e: &Entree, statuts: &mut [Statut]) -> Result<u32, Refus> {
    let mut liberees = 0;
    for voeux in by_candidate(e, |c| e.repond(c)).values() {
        let w: Vec<usize> = voeux
            .iter()
            .copied()
            .filter(|n| !e.voeux[*n].hors_pp && (statuts[*n].attend() || statuts[*n].occupe()))
            .collect();
        if w.iter().any(|n| statuts[*n].attend() && e.voeux[*n].rang_preference == 0) {
            return Err("repondeur_voeu_sans_rang");
        }
        let meilleure =
            w.iter().filter(|n| statuts[**n].du_jour()).map(|n| e.voeux[*n].rang_preference).min();
        let Some(m) = meilleure else { continue };
        for n in w {
            if !statuts[n].tenue() && e.voeux[n].rang_preference <= m {
                continue;
            }
            if statuts[n].occupe() {
                statuts[n] = Statut::RaRefusProposition;
                liberees += 1;
            } else {
                statuts[n] = Statut::RaDemissionAttente;
            }
        }
    }
    Ok(liberees)
}

/// § 7.2: gives the places that are free again.
pub(super) fn resign_ordered(e: &Entree, statuts: &mut [Statut]) -> u32 {
    let mut liberees = 0;
    let proposes: BTreeSet<i64> =
        e.voeux.iter().zip(statuts.iter()).filter(|(_, s)| s.du_jour()).map(|(v, _)| v.candidat).collect();
    for voeux in by_candidate(e, |c| !e.repond(c) && proposes.contains(&c)).values() {
        let rang = |n: &usize| e.voeux[*n].rang_preference;
        let meilleure = voeux.iter().filter(|n| statuts[**n].du_jour() && rang(n) > 0).map(rang).min();
        let Some(m) = meilleure else { continue };
        for n in voeux.iter().filter(|n| rang(n) > m) {
            let sans_reponse =
                statuts[*n] == Statut::PropositionAnterieureSansReponse && !e.voeux[*n].hors_pp;
            if statuts[*n].attend() {
                statuts[*n] = Statut::GddDemissionAttente;
            } else if statuts[*n].du_jour() || sans_reponse {
                statuts[*n] = Statut::GddDemissionProposition;
                liberees += 1;
            }
        }
    }
    liberees
}

/// § 10.3: P7.1 to P7.6 and P8, in that order, but while wishes are being ordered.
pub(super) fn check(e: &Entree, statuts: &[Statut]) -> Result<(), Refus> {
    if e.parametres.ordonnancement() {
        return Ok(());
    }
    // P7.1 and P7.4 together, by wish.
    for (v, s) in e.voeux.iter().zip(statuts) {
        let actif = e.repond(v.candidat);
        if !actif && (s.quitte_par_repondeur() || *s == Statut::RaAcceptation) {
            return Err("repondeur_p7_1");
        }
        if actif && !s.anterieure() && *s != Statut::RaRefusProposition && v.rang_preference == 0 {
            return Err("repondeur_p7_4");
        }
    }
    let actifs = by_candidate(e, |c| e.repond(c));
    let tous = |faute: &dyn Fn(&[usize]) -> bool| actifs.values().any(|voeux| faute(voeux));
    let rang = |n: &usize| e.voeux[*n].rang_preference;
    let tient = |n: &usize| statuts[*n].occupe() && !e.voeux[*n].hors_pp;
    if tous(&|voeux| voeux.iter().filter(|n| tient(n)).count() > 1) {
        return Err("repondeur_p7_2");
    }
    let quitte_sans_mieux = |voeux: &[usize]| {
        voeux.iter().filter(|n| statuts[**n].quitte_par_repondeur()).any(|n| {
            let attendait = statuts[*n] == Statut::RaDemissionAttente;
            let mieux = |a: &usize| {
                tient(a)
                    && statuts[*a] == Statut::RaAcceptation
                    && rang(a) > 0
                    && (!attendait || rang(a) <= rang(n))
            };
            !voeux.iter().any(mieux)
        })
    };
    if tous(&quitte_sans_mieux) {
        return Err("repondeur_p7_3");
    }
    let rangs_egaux = |voeux: &[usize]| {
        let rangs: Vec<i64> = voeux.iter().map(rang).filter(|r| *r > 0).collect();
        rangs.iter().collect::<BTreeSet<_>>().len() < rangs.len()
    };
    if tous(&rangs_egaux) {
        return Err("repondeur_p7_5");
    }
    let attend_moins_bien = |voeux: &[usize]| {
        let siens = || voeux.iter().filter(|n| !e.voeux[**n].hors_pp && rang(n) > 0);
        let attente = siens().filter(|n| statuts[**n].attend()).map(rang).min();
        let tenue = siens().filter(|n| statuts[**n].occupe()).map(rang).min();
        attente.zip(tenue).is_some_and(|(attente, tenue)| attente >= tenue)
    };
    if tous(&attend_moins_bien) {
        return Err("repondeur_p7_6");
    }
    if e.parametres.jour >= e.parametres.jour_debut_gdd { check_p8(e, statuts) } else { Ok(()) }
}

fn check_p8(e: &Entree, statuts: &[Statut]) -> Result<(), Refus> {
    let partis: BTreeSet<i64> =
        e.voeux.iter().zip(statuts).filter(|(_, s)| s.quitte_par_gdd()).map(|(v, _)| v.candidat).collect();
    for voeux in by_candidate(e, |c| partis.contains(&c)).values() {
        if !voeux.iter().any(|n| statuts[*n].attend()) {
            continue;
        }
        let rang = |n: &usize| e.voeux[*n].rang_preference;
        let pire = voeux.iter().filter(|n| statuts[**n].du_jour()).map(rang).filter(|r| *r > 0).max();
        let mieux_quitte = voeux.iter().filter(|n| statuts[**n].quitte_par_gdd()).map(rang).min();
        if pire.is_none() || pire > mieux_quitte {
            return Err("gdd_p8");
        }
    }
    Ok(())
}
