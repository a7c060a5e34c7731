//! § 7 and § 10.3: what the answering machine and the ordering of wishes give up, and what they must respect.

use super::donnees::{Jour, Refus, Statut};
use crate::has_double;

/// What the rules about a candidate look at in one of their wishes.
struct Sien {
    candidat: u32,
    n: u32,
    rang: i32,
    statut: Statut,
    hors_pp: bool,
}

impl Sien {
    /// Holds a place of the main procedure.
    fn tient(&self) -> bool {
        self.statut.occupe() && !self.hors_pp
    }
}

/// The wishes of the candidates retained, candidate after candidate.
fn by_candidate(j: &Jour, retenu: impl Fn(u32) -> bool) -> Vec<Sien> {
    let voeux = (0..).zip(j.e.voeux.iter().zip(&j.statuts)).filter(|(_, (v, _))| retenu(v.candidat));
    let sien = |(n, (v, statut)): (u32, (&super::Voeu, &Statut))| Sien {
        candidat: v.candidat,
        n,
        rang: v.rang_preference,
        statut: *statut,
        hors_pp: v.hors_pp,
    };
    let mut siens: Vec<Sien> = voeux.map(sien).collect();
    siens.sort_unstable_by_key(|s| (s.candidat, s.n));
    siens
}

/// Of each candidate: is one of their wishes in such a status?
fn with_a_wish(j: &Jour, tel: impl Fn(Statut) -> bool) -> Vec<bool> {
    let mut ont = vec![false; j.e.repondeurs.len()];
    for (v, _) in j.e.voeux.iter().zip(&j.statuts).filter(|(_, s)| tel(**s)) {
        ont[v.candidat as usize] = true;
    }
    ont
}

fn each_candidate(siens: &[Sien]) -> impl Iterator<Item = &[Sien]> {
    siens.chunk_by(|a, b| a.candidat == b.candidat)
}

/// § 7.1: gives the places that are free again.
pub(super) fn answer(j: &mut Jour) -> Result<u32, Refus> {
    let mut liberees = 0;
    for voeux in each_candidate(&by_candidate(j, |c| j.e.repond(c))) {
        let w = || voeux.iter().filter(|s| s.statut.attend() && !s.hors_pp || s.tient());
        if w().any(|s| s.statut.attend() && s.rang == 0) {
            return Err("repondeur_voeu_sans_rang");
        }
        let Some(m) = w().filter(|s| s.statut.du_jour()).map(|s| s.rang).min() else { continue };
        for s in w().filter(|s| s.statut.tenue() || s.rang > m) {
            if s.statut.occupe() {
                j.set(s.n, Statut::RaRefusProposition);
                liberees += 1;
            } else {
                j.set(s.n, Statut::RaDemissionAttente);
            }
        }
    }
    Ok(liberees)
}

/// § 7.2: gives the places that are free again.
pub(super) fn resign_ordered(j: &mut Jour) -> u32 {
    let mut liberees = 0;
    let proposes = with_a_wish(j, Statut::du_jour);
    for voeux in each_candidate(&by_candidate(j, |c| !j.e.repond(c) && proposes[c as usize])) {
        let du_jour = voeux.iter().filter(|s| s.statut.du_jour() && s.rang > 0);
        let Some(m) = du_jour.map(|s| s.rang).min() else { continue };
        for s in voeux.iter().filter(|s| s.rang > m) {
            let sans_reponse = s.statut == Statut::PropositionAnterieureSansReponse && !s.hors_pp;
            if s.statut.attend() {
                j.set(s.n, Statut::GddDemissionAttente);
            } else if s.statut.du_jour() || sans_reponse {
                j.set(s.n, Statut::GddDemissionProposition);
                liberees += 1;
            }
        }
    }
    liberees
}

/// § 10.3: P7.1 to P7.6 and P8, in that order, but while wishes are being ordered.
pub(super) fn check(j: &Jour) -> Result<(), Refus> {
    if j.e.parametres.ordonnancement() {
        return Ok(());
    }
    check_p7_1_and_p7_4(j)?;
    let actifs = by_candidate(j, |c| j.e.repond(c));
    let un_candidat = |faute: fn(&[Sien]) -> bool| each_candidate(&actifs).any(faute);
    if un_candidat(|voeux| voeux.iter().filter(|s| s.tient()).count() > 1) {
        return Err("repondeur_p7_2");
    }
    if un_candidat(leaves_for_nothing_better) {
        return Err("repondeur_p7_3");
    }
    if un_candidat(|voeux| has_double(voeux.iter().map(|s| s.rang).filter(|rang| *rang > 0))) {
        return Err("repondeur_p7_5");
    }
    if un_candidat(waits_for_nothing_better) {
        return Err("repondeur_p7_6");
    }
    if j.e.parametres.jour >= j.e.parametres.jour_debut_gdd { check_p8(j) } else { Ok(()) }
}

/// P7.1 and P7.4 together: the first wish at fault tells.
fn check_p7_1_and_p7_4(j: &Jour) -> Result<(), Refus> {
    let fautes = j.e.voeux.iter().zip(&j.statuts).filter_map(|(v, s)| {
        let actif = j.e.repond(v.candidat);
        if !actif && (s.quitte_par_repondeur() || *s == Statut::RaAcceptation) {
            return Some((v.numero, "repondeur_p7_1"));
        }
        let sans_rang = !s.anterieure() && *s != Statut::RaRefusProposition && v.rang_preference == 0;
        (actif && sans_rang).then_some((v.numero, "repondeur_p7_4"))
    });
    fautes.min().map_or(Ok(()), |(_, code)| Err(code))
}

/// P7.3 does not hold: a wish is given up without a proposition accepted instead, better than it if it waited.
fn leaves_for_nothing_better(voeux: &[Sien]) -> bool {
    voeux.iter().filter(|s| s.statut.quitte_par_repondeur()).any(|s| {
        let attendait = s.statut == Statut::RaDemissionAttente;
        let mieux = |a: &Sien| {
            a.tient() && a.statut == Statut::RaAcceptation && a.rang > 0 && (!attendait || a.rang <= s.rang)
        };
        !voeux.iter().any(mieux)
    })
}

/// P7.6 does not hold: the best wish that waits is not better than the proposition.
fn waits_for_nothing_better(voeux: &[Sien]) -> bool {
    let ordonnes = || voeux.iter().filter(|s| !s.hors_pp && s.rang > 0);
    let attente = ordonnes().filter(|s| s.statut.attend()).map(|s| s.rang).min();
    let tenue = ordonnes().filter(|s| s.statut.occupe()).map(|s| s.rang).min();
    attente.zip(tenue).is_some_and(|(attente, tenue)| attente >= tenue)
}

fn check_p8(j: &Jour) -> Result<(), Refus> {
    let partis = with_a_wish(j, Statut::quitte_par_gdd);
    for voeux in each_candidate(&by_candidate(j, |c| partis[c as usize])) {
        if !voeux.iter().any(|s| s.statut.attend()) {
            continue;
        }
        let pire = voeux.iter().filter(|s| s.statut.du_jour() && s.rang > 0).map(|s| s.rang).max();
        let mieux_quitte = voeux.iter().filter(|s| s.statut.quitte_par_gdd()).map(|s| s.rang).min();
        if pire.is_none() || pire > mieux_quitte {
            return Err("gdd_p8");
        }
    }
    Ok(())
}
