//! Explanations: recounted naïvely, and what they claim is done for real.

use std::collections::BTreeSet;

use crate::commun::{Des, Profil, Variante, call, day, draw, finals, internat, voeu};
use engine::explication::{
    Appel, Attente, Avant, Cause, Demission, Explication, Manque, Reponse, Retenue, Situation, explain,
    explain_modification, explain_ordre,
};
use engine::ordre_appel::{
    self, GroupeClassement, Modification, ProprieteOrdre, apply_modification, compute_ordre_appel,
};
use engine::propositions::{Entree, Options, SANS_LIMITE, Sortie, Statut, compute, compute_with};
use proptest::prelude::*;

fn explained(entree: &Entree, voeu: u32) -> Explication {
    explain(entree, &compute(entree).expect("valid data"), voeu).expect("an existing voeu")
}

fn waiting(explication: &Explication) -> Attente {
    match explication.situation {
        Situation::EnAttente(attente) => attente,
        autre => panic!("{autre:?}"),
    }
}

fn profil(reponses: bool, jour: std::ops::Range<i32>) -> impl Strategy<Value = Profil> {
    (1..14_u32, 1..5_u32, any::<bool>(), jour).prop_map(move |(candidats, formations, internats, jour)| {
        Profil { candidats, formations, internats, reponses, jour }
    })
}

/// The day once it is over: what was proposed holds its place, what was given up is gone, nobody answers any more.
fn evening(entree: &Entree, finals: &[Statut]) -> Entree {
    let mut soir = Entree { repondeurs: Vec::new(), ..entree.clone() };
    soir.parametres.jour_debut_gdd = i32::MAX;
    soir.parametres.jour_fin_ordonnancement_gdd = i32::MAX;
    for (etat, &statut) in soir.voeux.etat.iter_mut().zip(finals) {
        *etat = etat.with_statut(match statut {
            Statut::PropositionDuJour => Statut::AnterieureSansReponse,
            Statut::RaAcceptation => Statut::AnterieureAcceptee,
            Statut::EnAttente
            | Statut::AnterieureSansReponse
            | Statut::AnterieureAcceptee
            | Statut::NonClasse => statut,
            _ => Statut::RefusOuDemission,
        });
    }
    soir
}

fn interne(entree: &Entree, voeu: usize) -> Option<(u32, i32)> {
    entree.voeux.en_internat.iter().find(|e| e.voeu as usize == voeu).map(|e| (e.internat, e.rang))
}

/// Candidats, each once, whose voeux a test keeps.
fn who(entree: &Entree, keep: impl Fn(usize) -> bool) -> BTreeSet<u32> {
    (0..entree.voeux.len()).filter(|&i| keep(i)).map(|i| entree.voeux.candidat[i]).collect()
}

/// Every number of an explanation, counted again from the lists of the day.
fn recount(entree: &Entree, sortie: &Sortie, finals: &[Statut], e: &Explication) {
    let v = &entree.voeux;
    let i = e.voeu as usize;
    let (c, g) = (v.candidat[i], v.groupe[i]);
    assert_eq!((e.candidat, e.groupe, e.rang_appel), (c, g, v.rang_appel[i]));
    let groupe = &entree.groupes[g as usize];
    let avant = who(entree, |j| v.groupe[j] == g && v.etat[j].statut().is_proposition());
    let occupees = who(entree, |j| v.groupe[j] == g && finals[j].is_proposition());
    let is_called = |j: usize| {
        v.groupe[j] == g
            && v.etat[j].statut() == Statut::EnAttente
            && (finals[j].is_proposition_du_jour()
                || matches!(finals[j], Statut::RaRefusProposition | Statut::GddDemissionProposition))
    };
    let etat = e.etat_groupe;
    assert_eq!(etat.places, groupe.places);
    assert_eq!(etat.occupees_avant as usize, avant.len());
    assert_eq!(etat.occupees as usize, occupees.len());
    assert_eq!(etat.appeles as usize, who(entree, is_called).len());
    let had = who(entree, |j| v.groupe[j] == g && (v.etat[j].statut().is_proposition() || is_called(j)));
    assert_eq!(etat.liberees as usize, had.difference(&occupees).count());
    let dernier = (0..v.len()).filter(|&j| is_called(j)).map(|j| v.rang_appel[j]).max();
    assert_eq!(etat.dernier_appele, dernier);
    let places: Vec<u32> = (0..v.len() as u32)
        .filter(|&j| j as usize != i && v.candidat[j as usize] == c && finals[j as usize].is_proposition())
        .collect();
    let mut autres = e.autres_propositions.clone();
    autres.sort_unstable();
    assert_eq!(autres, places);
    assert_eq!(e.etat_internat.map(|internat| (internat.internat, internat.rang)), interne(entree, i));
    if let Some(internat) = e.etat_internat {
        let of = |j: usize| interne(entree, j).is_some_and(|(autre, _)| autre == internat.internat);
        let heberges = who(entree, |j| of(j) && finals[j].is_proposition());
        assert_eq!(internat.occupees as usize, heberges.len());
        assert_eq!(internat.obtenu, heberges.contains(&c));
        let affichage = &sortie.internats[internat.internat as usize];
        for (told, barre) in
            [(internat.barre, affichage.barre), (internat.barre_maximale, affichage.barre_maximale)]
        {
            assert_eq!(told, if barre == SANS_LIMITE { None } else { Some(barre) });
        }
        let better = |j: usize| interne(entree, j).is_some_and(|(_, rang)| rang < internat.rang);
        let mut devant = who(entree, |j| of(j) && better(j) && finals[j] == Statut::EnAttente);
        devant.remove(&c);
        devant.retain(|autre| !heberges.contains(autre));
        assert_eq!(internat.avant as usize, devant.len());
    }
    let expected = match finals[i] {
        Statut::EnAttente => {
            let attente = waiting(e);
            let mut before = who(entree, |j| {
                v.groupe[j] == g && finals[j] == Statut::EnAttente && v.rang_appel[j] < v.rang_appel[i]
            });
            before.remove(&c);
            assert_eq!(attente.avant as usize, before.len());
            assert!(attente.devant <= attente.avant);
            assert_eq!(attente.formation_obtenue, occupees.contains(&c));
            assert_eq!(attente.rang_attente, sortie.rangs_attente[i]);
            e.situation
        }
        Statut::PropositionDuJour | Statut::RaAcceptation => {
            let appel = if avant.contains(&c) {
                Appel::FormationObtenue
            } else if v.rang_appel[i] <= groupe.rang_limite {
                Appel::Bloc
            } else {
                Appel::Place
            };
            Situation::ProposeeCeJour { appel, acceptee: finals[i] == Statut::RaAcceptation }
        }
        Statut::AnterieureSansReponse => Situation::ProposeeAvant(Reponse::Aucune),
        Statut::AnterieureAcceptee => Situation::ProposeeAvant(Reponse::Acceptee),
        Statut::RaDemissionAttente
        | Statut::RaRefusProposition
        | Statut::GddDemissionAttente
        | Statut::GddDemissionProposition => {
            let Situation::DemissionAutomatique { pour: Some(pour), avant, .. } = e.situation else {
                panic!("a voeu is given up for a better one: {:?}", e.situation);
            };
            assert_eq!(v.candidat[pour as usize], c);
            assert!(finals[pour as usize].is_proposition_du_jour());
            // Only an earlier proposition may be better than what the répondeur accepts.
            let worse = v.rang_preference[pour as usize] < v.rang_preference[i];
            assert!(worse || avant == Avant::PropositionAnterieure);
            e.situation
        }
        autre => panic!("no drawn day ends with {autre:?}"),
    };
    assert_eq!(e.situation, expected);
}

/// What would have made the voeu proposed is tried under the bars said, by the direct reading of §5.
fn try_out(entree: &Entree, sortie: &Sortie, finals: &[Statut], e: &Explication, manque: &Manque) {
    let mut soir = evening(entree, finals);
    let places = soir.groupes[e.groupe as usize].places;
    let voeu = e.voeu as usize;
    let barres: Vec<i32> = sortie.internats.iter().map(|i| i.barre).collect();
    let mut hautes = barres.clone();
    if let (Some(barre), Some(internat)) = (manque.barre, e.etat_internat) {
        assert!(barre > barres[internat.internat as usize]);
        assert_eq!(barre, internat.rang);
        hautes[internat.internat as usize] = barre;
    }
    let proposed = |soir: &mut Entree, plus: u32, barres: &[i32]| {
        soir.groupes[e.groupe as usize].places = places + plus as i32;
        call(soir, e.groupe, barres).contains(&voeu)
    };
    assert!(proposed(&mut soir, manque.places, &hautes), "{e:?}");
    if manque.places > 0 {
        assert!(!proposed(&mut soir, manque.places - 1, &hautes), "{e:?}");
    }
    if manque.barre.is_some() {
        assert!(!proposed(&mut soir, 1000, &barres), "the bar holds it back: {e:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn explanations_are_those_of_the_lists(graine: u64, profil in profil(true, 1..70), reparation: bool) {
        let entree = draw(graine, profil);
        let Ok(sortie) = compute_with(&entree, &Options { reparation }) else { return Ok(()) };
        let finals = finals(&entree, &sortie);
        for voeu in 0..entree.voeux.len() as u32 {
            let e = explain(&entree, &sortie, voeu).expect("an existing voeu");
            recount(&entree, &sortie, &finals, &e);
            let ecarte = sortie.groupes_ecartes.contains(&e.groupe);
            let retenue = match (ecarte, sortie.reparee) {
                (false, _) => Retenue::Aucune,
                (true, false) => Retenue::NonPubliee,
                (true, true) => Retenue::Fermee,
            };
            prop_assert_eq!(e.retenue, retenue);
            if let Situation::EnAttente(attente) = e.situation {
                let closed = ecarte || entree.groupes[e.groupe as usize].admissions_suspendues;
                prop_assert_eq!(attente.manque.is_none(), closed);
                if let Some(manque) = attente.manque {
                    prop_assert!(manque.places > 0 || manque.barre.is_some());
                    prop_assert_eq!(manque.barre.is_some(), attente.cause != Cause::PlusDePlace);
                    try_out(&entree, &sortie, &finals, &e, &manque);
                }
            }
        }
        prop_assert_eq!(explain(&entree, &sortie, entree.voeux.len() as u32), None);
    }

    /// Without boarding in the groupe nor automatic answers, the whole day is computed again with more places.
    #[test]
    fn so_many_places_more_that_day_and_the_voeu_is_proposed(graine: u64, profil in profil(false, 1..40)) {
        let entree = draw(graine, profil);
        let sortie = compute(&entree).expect("valid data");
        for voeu in 0..entree.voeux.len() as u32 {
            let e = explain(&entree, &sortie, voeu).expect("an existing voeu");
            let of = |j: &u32| entree.voeux.groupe[*j as usize] == e.groupe;
            if entree.voeux.en_internat.iter().any(|interne| of(&interne.voeu)) {
                continue;
            }
            let Situation::EnAttente(Attente { manque: Some(manque), .. }) = e.situation else { continue };
            let proposed = |plus: u32| {
                let mut autre = entree.clone();
                autre.groupes[e.groupe as usize].places += plus as i32;
                let sortie = compute(&autre).expect("valid data");
                finals(&autre, &sortie)[voeu as usize].is_proposition_du_jour()
            };
            prop_assert!(manque.places > 0);
            prop_assert!(proposed(manque.places));
            prop_assert!(!proposed(manque.places - 1));
        }
    }

    #[test]
    fn what_rates_do_is_counted_candidat_by_candidat(
        graine: u64,
        n in 1..40_usize,
        qb in 0..=100_i32,
        qr in 0..=100_i32,
        without in 0..4,
    ) {
        let mut des = Des(graine);
        let qb = if without & 1 == 1 { 0 } else { qb };
        let qr = if without & 2 == 2 { 0 } else { qr };
        let mut groupe = GroupeClassement::new(qb, qr);
        let mut rangs: Vec<i32> = (1..=n as i32).map(|rang| rang * 3 - 2).collect();
        des.shuffle(&mut rangs);
        for (candidat, &rang) in (0..).zip(&rangs) {
            groupe.push(candidat, rang, ordre_appel::Profil::new(des.chance(30), des.chance(50)));
        }
        for position in 0..n as u32 {
            let e = explain_ordre(&groupe, position).expect("valid data").expect("an existing row");
            let better = |a: u32, b: u32| groupe.rang[a as usize] < groupe.rang[b as usize];
            for (taux_b, taux_r, effet) in [(qb, qr, e.effet), (qb, 0, e.boursiers_seuls), (0, qr, e.residents_seuls)] {
                let essai = GroupeClassement { taux_min_boursiers: taux_b, taux_min_residents: taux_r, ..groupe.clone() };
                let rangs = compute_ordre_appel(&essai).expect("valid data").rangs_appel();
                let before = |a: u32, b: u32| rangs[a as usize] < rangs[b as usize];
                let others = || (0..n as u32).filter(|&autre| autre != position);
                let perdues = || others().filter(|&a| better(position, a) && before(a, position));
                let boursier = |a: &u32| groupe.profil[*a as usize].is_boursier();
                let resident = |a: &u32| groupe.profil[*a as usize].is_resident();
                prop_assert_eq!(effet.rang_appel, rangs[position as usize]);
                prop_assert_eq!(effet.gagnees as usize, others().filter(|&a| better(a, position) && before(position, a)).count());
                prop_assert_eq!(effet.perdues as usize, perdues().count());
                prop_assert_eq!(effet.perdues_boursiers as usize, perdues().filter(boursier).count());
                prop_assert_eq!(effet.perdues_residents as usize, perdues().filter(resident).count());
                prop_assert_eq!(effet.rang_appel, e.place - effet.gagnees + effet.perdues);
            }
            // What is said to be guaranteed holds, by place and by kind.
            prop_assert!(e.garantie.rang_appel_maximal.is_none_or(|bound| e.effet.rang_appel <= bound));
            match e.garantie.propriete {
                ProprieteOrdre::O2 => prop_assert_eq!(e.effet.perdues, 0),
                ProprieteOrdre::O3 => prop_assert_eq!(e.effet.perdues_boursiers, e.effet.perdues),
                ProprieteOrdre::O4 => prop_assert_eq!(e.effet.perdues_residents, e.effet.perdues),
                _ => prop_assert_eq!(e.effet.gagnees, 0),
            }
            let autre = Modification {
                candidat: groupe.candidat[position as usize],
                nouveau_rang: 1 + des.below(3 * n as u64) as i32,
                profil: groupe.profil[position as usize],
            };
            let modification = explain_modification(&groupe, &autre).expect("valid data").expect("an existing row");
            prop_assert_eq!(Ok(modification.apres.effet.rang_appel), apply_modification(&groupe, &autre));
            prop_assert_eq!(modification.rang_appel_avant, Some(e.effet.rang_appel));
            prop_assert_eq!(modification.apres.rang, autre.nouveau_rang);
        }
    }
}

#[test]
fn a_waiting_voeu_is_told_what_it_would_take() {
    // Two places, one held since an earlier day; ranks 1 to 4 wait.
    let mut entree = day(12, &[(2, 0)]);
    entree.voeux.push(voeu(9, 0, 0).statut(Statut::AnterieureAcceptee));
    for candidat in 0..4 {
        entree.voeux.push(voeu(candidat, 0, candidat as i32 + 1));
    }
    let e = explained(&entree, 4);
    let attente = waiting(&e);
    assert_eq!((e.etat_groupe.occupees_avant, e.etat_groupe.occupees, e.etat_groupe.appeles), (1, 2, 1));
    assert_eq!(e.etat_groupe.dernier_appele, Some(1));
    assert_eq!(attente.cause, Cause::PlusDePlace);
    assert_eq!((attente.avant, attente.devant, attente.rang_attente), (2, 2, 3));
    assert_eq!(attente.manque, Some(Manque { places: 3, devant: 2, barre: None }));
    // Somebody is over the places of a groupe that was reduced: one more place is needed for each of them.
    entree.groupes[0].places = 0;
    assert_eq!(waiting(&explained(&entree, 4)).manque, Some(Manque { places: 5, devant: 3, barre: None }));
}

#[test]
fn the_internat_or_the_formation_is_named() {
    let mut entree = day(12, &[(2, 0)]);
    entree.internats.push(internat(1, 1));
    entree.voeux.push(voeu(0, 0, 1).interne(0, 1));
    entree.voeux.push(voeu(1, 0, 2).interne(0, 2));
    entree.voeux.push(voeu(2, 0, 3));
    entree.voeux.push(voeu(3, 0, 4));
    entree.voeux.push(voeu(2, 0, 3).interne(0, 3));
    let second = waiting(&explained(&entree, 1));
    // One place of the formation went to somebody behind: both are missing.
    assert_eq!(second.cause, Cause::InternatEtPlace);
    assert_eq!(second.manque, Some(Manque { places: 1, devant: 0, barre: Some(2) }));
    let fourth = waiting(&explained(&entree, 3));
    assert_eq!((fourth.cause, fourth.avant, fourth.devant), (Cause::PlusDePlace, 2, 0));
    assert_eq!(fourth.manque, Some(Manque { places: 1, devant: 0, barre: None }));
    // Already in the formation: only the bar is missing.
    let third = explained(&entree, 4);
    assert_eq!(waiting(&third).cause, Cause::Internat);
    assert!(waiting(&third).formation_obtenue);
    assert_eq!(waiting(&third).manque, Some(Manque { places: 0, devant: 1, barre: Some(3) }));
    let internat = third.etat_internat.expect("an internat");
    assert_eq!((internat.capacite, internat.occupees, internat.avant), (1, 1, 1));
    assert_eq!(third.autres_propositions, [2]);
}

#[test]
fn what_the_platform_gives_up_is_told_with_the_reason() {
    // Répondeur: the second choice, held since yesterday, gives way to the first, proposed today.
    let mut entree = day(60, &[(1, 0), (1, 0)]);
    entree.repondeurs.push(0);
    entree.voeux.push(voeu(0, 0, 1).ordonne(1));
    entree.voeux.push(voeu(0, 1, 1).ordonne(2).statut(Statut::AnterieureAcceptee));
    entree.voeux.push(voeu(1, 1, 2));
    assert_eq!(
        explained(&entree, 1).situation,
        Situation::DemissionAutomatique {
            nature: Demission::Repondeur,
            avant: Avant::PropositionAnterieure,
            pour: Some(0)
        }
    );
    assert_eq!(
        explained(&entree, 0).situation,
        Situation::ProposeeCeJour { appel: Appel::Place, acceptee: true }
    );
    // The place freed goes to the next one the same night.
    let suivant = explained(&entree, 2);
    assert_eq!(suivant.situation, Situation::ProposeeCeJour { appel: Appel::Place, acceptee: false });
    assert_eq!((suivant.etat_groupe.occupees_avant, suivant.etat_groupe.occupees), (1, 1));
    // Without répondeur, what is ordered behind is resigned.
    let mut entree = day(60, &[(1, 0), (0, 0)]);
    entree.voeux.push(voeu(0, 0, 1).ordonne(1));
    entree.voeux.push(voeu(0, 1, 1).ordonne(2));
    assert_eq!(
        explained(&entree, 1).situation,
        Situation::DemissionAutomatique { nature: Demission::Ordre, avant: Avant::Attente, pour: Some(0) }
    );
}

#[test]
fn a_result_of_another_day_is_not_explained() {
    let mut entree = day(1, &[(1, 0)]);
    entree.voeux.push(voeu(0, 0, 1));
    let sortie = compute(&entree).expect("valid data");
    entree.voeux.push(voeu(1, 0, 2));
    assert_eq!(explain(&entree, &sortie, 0), None);
}

#[test]
fn what_is_withheld_is_told_apart_from_what_was_closed() {
    // Somebody placed in a suspended groupe waits for the internat that another enters: the groupe of the latter is set
    // aside, or closed too and the day computed again.
    let mut entree = day(12, &[(1, 0), (1, 0)]);
    entree.internats.push(internat(1, 2));
    entree.groupes[0].admissions_suspendues = true;
    entree.voeux.push(voeu(0, 0, 1).statut(Statut::AnterieureAcceptee));
    entree.voeux.push(voeu(0, 0, 1).interne(0, 1));
    entree.voeux.push(voeu(1, 1, 1).interne(0, 2));
    let retenue = |reparation: bool, voeu: u32| {
        let sortie = compute_with(&entree, &Options { reparation }).expect("valid data");
        assert_eq!(sortie.groupes_ecartes, [1]);
        explain(&entree, &sortie, voeu).expect("an existing voeu").retenue
    };
    assert_eq!((retenue(false, 2), retenue(true, 2)), (Retenue::NonPubliee, Retenue::Fermee));
    assert_eq!((retenue(false, 1), retenue(true, 1)), (Retenue::Aucune, Retenue::Aucune));
}

#[test]
fn a_voeu_is_given_up_for_an_ordered_one() {
    // Two propositions the same day, of which one was not ordered: the order says nothing of it.
    let mut entree = day(60, &[(1, 0), (1, 0), (0, 0)]);
    entree.voeux.push(voeu(0, 0, 1));
    entree.voeux.push(voeu(0, 1, 1).ordonne(1));
    entree.voeux.push(voeu(0, 2, 1).ordonne(2));
    assert_eq!(
        explained(&entree, 2).situation,
        Situation::DemissionAutomatique { nature: Demission::Ordre, avant: Avant::Attente, pour: Some(1) }
    );
}

#[test]
fn an_unknown_internat_is_no_internat() {
    let mut entree = day(12, &[(0, 0)]);
    entree.internats.push(internat(1, 1));
    entree.voeux.push(voeu(0, 0, 1).interne(0, 1));
    let sortie = compute(&entree).expect("valid data");
    entree.voeux.en_internat[0].internat = 1;
    assert_eq!(explain(&entree, &sortie, 0).expect("an existing voeu").etat_internat, None);
}

#[test]
fn the_law_bounds_the_rang_d_appel_by_profile_and_place() {
    use ProprieteOrdre::{O2, O3, O4, O5};
    // Thirty ranked; the one looked at is at some place, all the others are neither boursiers nor residents.
    let guarantee = |qb: i32, qr: i32, boursier: bool, resident: bool, place: u32| {
        let mut groupe = GroupeClassement::new(qb, qr);
        for rang in 1..=30 {
            let own = rang == place as i32;
            groupe.push(rang as u32, rang, ordre_appel::Profil::new(own && boursier, own && resident));
        }
        let garantie = explain_ordre(&groupe, place - 1).expect("valid data").expect("a row").garantie;
        (garantie.propriete, garantie.rang_appel_maximal)
    };
    let cases = [
        // Without a rate nobody overtakes.
        ((0, 0, false, false, 5), (O3, Some(5))),
        ((0, 0, true, false, 5), (O2, Some(5))),
        ((20, 30, true, true, 5), (O2, Some(5))),
        // 1 + ⌊100 × 5 / 80⌋, 1 + ⌊100 × 5 / 70⌋; no bound at 100 per cent.
        ((20, 0, false, false, 5), (O3, Some(7))),
        ((20, 30, false, true, 5), (O3, Some(7))),
        ((100, 0, false, false, 5), (O3, None)),
        ((0, 30, true, false, 5), (O4, Some(8))),
        ((0, 100, true, false, 5), (O4, None)),
        // ⌈100 × 6 / 60⌉, ⌈100 × 7 / 60⌉; no bound when the two rates make the whole.
        ((20, 20, false, false, 5), (O5, Some(10))),
        ((20, 20, false, false, 6), (O5, Some(12))),
        ((40, 60, false, false, 5), (O5, None)),
        ((60, 60, false, false, 5), (O5, None)),
        // Nobody is called after the last one.
        ((60, 0, false, false, 25), (O3, Some(30))),
    ];
    for ((qb, qr, boursier, resident, place), expected) in cases {
        assert_eq!(guarantee(qb, qr, boursier, resident, place), expected, "{qb} {qr} {place}");
    }
}
