//! § 7 and § 10.3: what the answering machine and the ordering of wishes give up, and what they must respect.

use super::donnees::{Jour, Refus, Statut};
use crate::has_double;

/// The wishes of each candidate whose answering machine is on (`true`), or of each of the others (`false`).
fn of_candidates<'a>(j: &Jour<'a>, repond: bool) -> impl Iterator<Item = &'a Vec<u32>> + use<'a> {
    let (listes, e) = (j.listes, j.e);
    listes.candidats.iter().zip(&e.repondeurs).filter(move |(_, r)| **r == repond).map(|(voeux, _)| voeux)
}

/// § 7.1: gives the places that are free again.
pub(super) fn answer(j: &mut Jour) -> Result<u32, Refus> {
    let mut liberees = 0;
    for voeux in of_candidates(j, true) {
        let rang = |j: &Jour, n: u32| j.voeu(n).rang_preference;
        let w: Vec<u32> = voeux
            .iter()
            .copied()
            .filter(|n| !j.voeu(*n).hors_pp && (j.statut(*n).attend() || j.statut(*n).occupe()))
            .collect();
        if w.iter().any(|n| j.statut(*n).attend() && rang(j, *n) == 0) {
            return Err("repondeur_voeu_sans_rang");
        }
        let meilleure = w.iter().filter(|n| j.statut(**n).du_jour()).map(|n| rang(j, *n)).min();
        let Some(m) = meilleure else { continue };
        for n in w {
            if !j.statut(n).tenue() && rang(j, n) <= m {
                continue;
            }
            if j.statut(n).occupe() {
                j.set(n, Statut::RaRefusProposition);
                liberees += 1;
            } else {
                j.set(n, Statut::RaDemissionAttente);
            }
        }
    }
    Ok(liberees)
}

/// § 7.2: gives the places that are free again.
pub(super) fn resign_ordered(j: &mut Jour) -> u32 {
    let mut liberees = 0;
    for voeux in of_candidates(j, false) {
        let du_jour = voeux.iter().filter(|n| j.statut(**n).du_jour());
        let meilleure = du_jour.map(|n| j.voeu(*n).rang_preference).filter(|rang| *rang > 0).min();
        let Some(m) = meilleure else { continue };
        for n in voeux {
            let v = j.voeu(*n);
            if v.rang_preference <= m {
                continue;
            }
            let sans_reponse = j.statut(*n) == Statut::PropositionAnterieureSansReponse && !v.hors_pp;
            if j.statut(*n).attend() {
                j.set(*n, Statut::GddDemissionAttente);
            } else if j.statut(*n).du_jour() || sans_reponse {
                j.set(*n, Statut::GddDemissionProposition);
                liberees += 1;
            }
        }
    }
    liberees
}

/// § 10.3: P7.1 to P7.6 and P8, in that order, but while wishes are being ordered.
pub(super) fn check(j: &Jour) -> Result<(), Refus> {
    let e = j.e;
    if e.parametres.ordonnancement() {
        return Ok(());
    }
    // P7.1 and P7.4 together, by wish.
    for (v, s) in e.voeux.iter().zip(&j.statuts) {
        let actif = e.repond(v.candidat);
        if !actif && (s.quitte_par_repondeur() || *s == Statut::RaAcceptation) {
            return Err("repondeur_p7_1");
        }
        if actif && !s.anterieure() && *s != Statut::RaRefusProposition && v.rang_preference == 0 {
            return Err("repondeur_p7_4");
        }
    }
    let un_candidat = |faute: &dyn Fn(&[u32]) -> bool| of_candidates(j, true).any(|voeux| faute(voeux));
    let rang = |n: &u32| j.voeu(*n).rang_preference;
    let tient = |n: &u32| j.statut(*n).occupe() && !j.voeu(*n).hors_pp;
    if un_candidat(&|voeux| voeux.iter().filter(|n| tient(n)).count() > 1) {
        return Err("repondeur_p7_2");
    }
    let quitte_sans_mieux = |voeux: &[u32]| {
        voeux.iter().filter(|n| j.statut(**n).quitte_par_repondeur()).any(|n| {
            let attendait = j.statut(*n) == Statut::RaDemissionAttente;
            let mieux = |a: &u32| {
                tient(a)
                    && j.statut(*a) == Statut::RaAcceptation
                    && rang(a) > 0
                    && (!attendait || rang(a) <= rang(n))
            };
            !voeux.iter().any(mieux)
        })
    };
    if un_candidat(&quitte_sans_mieux) {
        return Err("repondeur_p7_3");
    }
    if un_candidat(&|voeux| has_double(voeux.iter().map(rang).filter(|r| *r > 0))) {
        return Err("repondeur_p7_5");
    }
    let attend_moins_bien = |voeux: &[u32]| {
        let siens = || voeux.iter().filter(|n| !j.voeu(**n).hors_pp && rang(n) > 0);
        let attente = siens().filter(|n| j.statut(**n).attend()).map(rang).min();
        let tenue = siens().filter(|n| j.statut(**n).occupe()).map(rang).min();
        attente.zip(tenue).is_some_and(|(attente, tenue)| attente >= tenue)
    };
    if un_candidat(&attend_moins_bien) {
        return Err("repondeur_p7_6");
    }
    if e.parametres.jour >= e.parametres.jour_debut_gdd { check_p8(j) } else { Ok(()) }
}

fn check_p8(j: &Jour) -> Result<(), Refus> {
    for voeux in &j.listes.candidats {
        let attend = voeux.iter().any(|n| j.statut(*n).attend());
        let rang = |n: &u32| j.voeu(*n).rang_preference;
        let mieux_quitte = voeux.iter().filter(|n| j.statut(**n).quitte_par_gdd()).map(rang).min();
        let (true, Some(mieux_quitte)) = (attend, mieux_quitte) else { continue };
        let pire = voeux.iter().filter(|n| j.statut(**n).du_jour()).map(rang).filter(|r| *r > 0).max();
        if pire.is_none_or(|pire| pire > mieux_quitte) {
            return Err("gdd_p8");
        }
    }
    Ok(())
}
