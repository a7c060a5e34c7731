//! Days written by hand: the rules one by one, and what the reference cases never exercise.

use crate::commun::{Variante, day, finals, internat, voeu, with};
use engine::propositions::{
    Changement, Entree, Groupe, Motif, Options, Propriete, SANS_LIMITE, Statut, ViolationResultat, Voeu,
    compute, compute_with, verify,
};

fn statuts(entree: &Entree) -> Vec<Statut> {
    let sortie = compute(entree).expect("a day");
    assert_eq!(verify(entree, &sortie), []);
    finals(entree, &sortie)
}

const P: Statut = Statut::PropositionDuJour;
const A: Statut = Statut::EnAttente;

#[test]
fn places_are_given_in_call_order() {
    let entree = with(day(1, &[(2, 0)]), &[voeu(0, 0, 3), voeu(1, 0, 1), voeu(2, 0, 2)]);
    assert_eq!(statuts(&entree), [A, P, P]);
    let sortie = compute(&entree).expect("a day");
    assert_eq!(sortie.rangs_attente, [1, 0, 0]);
    assert_eq!(sortie.groupes[0].rang_dernier_appele_affiche, 2);
    assert_eq!(sortie.groupes[0].candidats_en_attente, 1);
    assert_eq!(sortie.groupes[0].estimation_rang_dernier_appele, i64::from(SANS_LIMITE));
}

#[test]
fn a_block_uses_up_the_places() {
    // Two places, everybody up to rank 3: nobody else, and no place for the fourth.
    let entree = with(day(1, &[(2, 3)]), &[voeu(0, 0, 1), voeu(1, 0, 2), voeu(2, 0, 3), voeu(3, 0, 4)]);
    assert_eq!(statuts(&entree), [P, P, P, A]);
}

#[test]
fn the_other_variant_costs_no_place() {
    let mut entree = with(
        day(12, &[(1, 0)]),
        &[voeu(0, 0, 1).statut(Statut::AnterieureAcceptee), voeu(0, 0, 1).interne(0, 1), voeu(1, 0, 2)],
    );
    entree.internats.push(internat(9, 1));
    assert_eq!(statuts(&entree), [Statut::AnterieureAcceptee, P, A]);
}

#[test]
fn beyond_the_bar_a_voeu_blocks_nobody() {
    let mut entree = with(day(12, &[(1, 0)]), &[voeu(0, 0, 1).interne(0, 1), voeu(1, 0, 2)]);
    entree.internats.push(internat(9, 0));
    assert_eq!(statuts(&entree), [A, P]);
}

#[test]
fn an_internat_lowers_its_bar_to_its_capacity() {
    let mut entree = with(
        day(12, &[(2, 0), (2, 0)]),
        &[voeu(0, 0, 1).interne(0, 2), voeu(1, 1, 1).interne(0, 1), voeu(2, 0, 2).interne(0, 3)],
    );
    entree.internats.push(internat(9, 1));
    assert_eq!(statuts(&entree), [A, P, A]);
    let sortie = compute(&entree).expect("a day");
    assert_eq!((sortie.internats[0].barre_maximale, sortie.internats[0].barre), (SANS_LIMITE, 1));
}

#[test]
fn suspended_means_nobody() {
    let mut entree = with(day(3, &[(2, 5)]), &[voeu(0, 0, 1)]);
    entree.groupes[0].admissions_suspendues = true;
    assert_eq!(statuts(&entree), [A]);
}

#[test]
fn a_freed_place_is_given_again_the_same_night() {
    // The first gets its first choice, gives back its old place, which goes to the second.
    let mut entree = with(
        day(60, &[(1, 0), (1, 0)]),
        &[
            voeu(0, 0, 1).ordonne(1),
            voeu(0, 1, 1).ordonne(2).statut(Statut::AnterieureAcceptee),
            voeu(1, 1, 2).ordonne(1),
        ],
    );
    entree.repondeurs = vec![0];
    assert_eq!(statuts(&entree), [Statut::RaAcceptation, Statut::RaRefusProposition, P]);
}

#[test]
fn an_ordered_candidat_resigns_what_is_worse() {
    let entree = with(
        day(60, &[(1, 0), (0, 0), (1, 0)]),
        &[voeu(0, 0, 1).ordonne(2), voeu(0, 1, 1).ordonne(1), voeu(0, 2, 1).ordonne(3), voeu(1, 2, 2)],
    );
    assert_eq!(statuts(&entree), [P, A, Statut::GddDemissionProposition, P]);
}

#[test]
fn whoever_is_overtaken_is_seen_in_a_groupe_with_boarding() {
    let mut entree = with(day(12, &[(1, 0)]), &[voeu(0, 0, 1), voeu(1, 0, 2).interne(0, 1).statut(P)]);
    entree.internats.push(internat(9, 1));
    entree.groupes[0].admissions_suspendues = true;
    let sortie = compute(&entree).expect("a day");
    assert_eq!(sortie.violations, [ViolationResultat::Groupe(0, Propriete::P1)]);
    assert!(sortie.alerte);
    assert_eq!(sortie.groupes_ecartes, [0]);
    // The internat has nobody waiting: it stays.
    assert_eq!(sortie.internats_ecartes, []);
    assert_eq!(sortie.rangs_attente, [0, 0]);
}

#[test]
fn an_internat_over_its_capacity_is_seen() {
    let mut entree = with(
        day(12, &[(5, 0), (5, 0)]),
        &[voeu(0, 0, 1).interne(0, 1).statut(P), voeu(1, 1, 1).interne(0, 2), voeu(2, 1, 2)],
    );
    entree.internats.push(internat(9, 0));
    let sortie = compute(&entree).expect("a day");
    assert_eq!(sortie.violations, [ViolationResultat::Internat(0, Propriete::P5)]);
    // Groupe 1 waits for the internat, groupe 0 shares it: both go, with the proposition of groupe 1.
    assert_eq!(sortie.groupes_ecartes, [0, 1]);
    assert_eq!(sortie.internats_ecartes, [0]);
    assert_eq!(sortie.changements, []);
    assert_eq!(sortie.changements_ecartes.len(), 1);

    // Without anybody waiting for it, it touches no groupe.
    let mut seul = with(day(12, &[(5, 0)]), &[voeu(0, 0, 1).interne(0, 1).statut(P)]);
    seul.internats.push(internat(9, 0));
    let sortie = compute(&seul).expect("a day");
    assert_eq!(sortie.violations, [ViolationResultat::Internat(0, Propriete::P5)]);
    assert!(!sortie.alerte && !sortie.avertissement);
}

#[test]
fn a_refused_proposition_under_the_limit_excuses_the_surplus() {
    // No place, one new proposition: too many, unless the block called somebody who refused the same day.
    let surplus = |autre: Statut, rang: i32| {
        let mut entree =
            with(day(52, &[(0, 3)]), &[voeu(0, 0, 9).statut(P), voeu(1, 0, rang).ordonne(1).statut(autre)]);
        entree.repondeurs = vec![1];
        compute(&entree).expect("a day").violations
    };
    let p4 = [ViolationResultat::Groupe(0, Propriete::P4)];
    for autre in [Statut::RaRefusProposition, Statut::GddDemissionProposition] {
        assert_eq!(surplus(autre, 3), []);
        assert_eq!(surplus(autre, 4), p4);
    }
    assert_eq!(surplus(Statut::RaDemissionAttente, 3), p4);
}

#[test]
fn waiting_ranks_never_go_up() {
    let mut entree = day(4, &[(0, 0)]);
    for (candidat, veille) in [(0, 3), (1, 0), (2, 2), (3, 9)] {
        entree.voeux.push(Voeu { rang_attente_veille: veille, ..voeu(candidat, 0, candidat as i32 + 1) });
    }
    let sortie = compute(&entree).expect("a day");
    // First: its count. Second, reinstated: the eve's rank of the next one. Fourth: its count.
    assert_eq!(sortie.rangs_attente, [1, 2, 2, 3]);
    assert_eq!(sortie.rangs_decroissants, []);
}

#[test]
fn abnormal_ranks_of_the_eve_are_told() {
    let mut entree = day(4, &[(0, 0)]);
    for (candidat, veille) in [(0, 9), (1, 9), (2, 1)] {
        entree.voeux.push(Voeu { rang_attente_veille: veille, ..voeu(candidat, 0, candidat as i32 + 1) });
    }
    let sortie = compute(&entree).expect("a day");
    assert_eq!(sortie.rangs_attente, [1, 2, 1]);
    assert_eq!(sortie.rangs_decroissants, [0]);
}

/// Two faults that can be repaired, or not: an internat where somebody is overtaken because a groupe is closed (P3), and a
/// proposition of the day that was in the input.
fn faulty_night(with_input_fault: bool) -> Entree {
    let mut entree = with(
        day(12, &[(1, 0), (1, 0), (1, 0)]),
        &[
            voeu(0, 0, 1).statut(Statut::AnterieureAcceptee),
            voeu(0, 0, 1).interne(0, 1),
            voeu(1, 1, 1).interne(0, 2),
        ],
    );
    entree.internats.push(internat(9, 2));
    entree.groupes[0].admissions_suspendues = true;
    if with_input_fault {
        entree.groupes[2].admissions_suspendues = true;
        entree.voeux.push(voeu(2, 2, 1));
        entree.voeux.push(voeu(3, 2, 2).statut(P));
    }
    entree
}

#[test]
fn a_repaired_night_keeps_its_alert_and_publishes_nothing_that_was_withheld() {
    let entree = faulty_night(false);
    let p3 = ViolationResultat::Internat(0, Propriete::P3);
    let sortie = compute(&entree).expect("a day");
    assert_eq!(sortie.changements_ecartes, [Changement { voeu: 2, statut: P }]);
    assert_eq!((sortie.groupes_ecartes, sortie.violations, sortie.reparee), (vec![1], vec![p3], false));

    let sortie = compute_with(&entree, &Options { reparation: true }).expect("a day");
    assert!(sortie.alerte && sortie.reparee && !sortie.avertissement);
    assert_eq!((sortie.groupes_ecartes, sortie.violations), (vec![1], vec![p3]));
    assert_eq!((sortie.changements, sortie.changements_ecartes), (vec![], vec![]));
}

#[test]
fn what_the_input_brings_stays_withheld_and_every_violation_is_told() {
    let sortie = compute_with(&faulty_night(true), &Options { reparation: true }).expect("a day");
    assert!(sortie.alerte && !sortie.reparee);
    assert_eq!(sortie.groupes_ecartes, [2]);
    assert_eq!(
        sortie.violations,
        [ViolationResultat::Groupe(2, Propriete::P1), ViolationResultat::Internat(0, Propriete::P3)]
    );
}

#[test]
fn answers_are_checked_again_on_the_day_the_ordering_ends() {
    // A voeu that was not ordered, called for a répondeur: let pass while the ordering is going on, from day 50 to 54.
    let motif = |jour: i32| {
        let mut entree = with(day(jour, &[(1, 0)]), &[voeu(0, 0, 1)]);
        entree.repondeurs = vec![0];
        compute(&entree).map(|sortie| finals(&entree, &sortie)).map_err(|refus| refus.motif)
    };
    assert_eq!(motif(49), Err(Motif::RepondeurP7_4));
    assert_eq!(motif(50), Ok(vec![P]));
    assert_eq!(motif(54), Ok(vec![P]));
    assert_eq!(motif(55), Err(Motif::RepondeurP7_4));
}

#[test]
fn the_estimate_follows_the_days() {
    // The reservation ends on day 10.
    let estimate = |jour: i32, limite: i32, dernier: i32, reference: i32| {
        let mut entree = day(jour, &[(0, limite)]);
        entree.groupes[0] = Groupe {
            rang_dernier_appele: dernier,
            rang_dernier_appele_reference: reference,
            ..entree.groupes[0]
        };
        compute(&entree).expect("a day").groupes[0].estimation_rang_dernier_appele
    };
    let sans_limite = i64::from(SANS_LIMITE);
    assert_eq!(estimate(1, 5, 40, 40), sans_limite);
    assert_eq!(estimate(2, 5, 0, 0), sans_limite);
    // ⌊41 × 9 / 4⌋, then 41 + ⌊4 × 30 / 4⌋ and 41 + ⌊1 × 6 / 4⌋.
    assert_eq!(estimate(5, 0, 41, 0), 92);
    assert_eq!(estimate(6, 0, 41, 11), 71);
    assert_eq!(estimate(9, 0, 41, 35), 42);
    assert_eq!((estimate(9, 43, 41, 35), estimate(5, 93, 41, 0)), (43, 93));
    assert_eq!((estimate(10, 5, 41, 11), estimate(10, 50, 41, 11)), (41, 50));
    // Far beyond 32 bits on the way.
    assert_eq!(estimate(2, 0, 2_000_000_000, 0), 18_000_000_000);
}

#[test]
fn nobody_is_overtaken_in_an_internat_by_oneself() {
    // Placed in a suspended groupe, the candidat waits there for the internat that it enters by another groupe.
    let mut entree = with(
        day(12, &[(1, 0), (1, 0)]),
        &[
            voeu(0, 0, 1).statut(Statut::AnterieureAcceptee),
            voeu(0, 0, 1).interne(0, 1),
            voeu(0, 1, 1).interne(0, 1),
        ],
    );
    entree.internats.push(internat(9, 1));
    entree.groupes[0].admissions_suspendues = true;
    let sortie = compute(&entree).expect("a day");
    assert_eq!(finals(&entree, &sortie), [Statut::AnterieureAcceptee, A, P]);
    assert_eq!((sortie.violations, sortie.alerte), (vec![], false));
}
