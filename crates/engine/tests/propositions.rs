//! Days written by hand: the rules one by one, the refusals, and what the reference cases never exercise.

mod commun;

use commun::{Variante, day, finals, internat, refusal, voeu};
use engine::propositions::{
    Entree, Propriete, SANS_LIMITE, Statut, ViolationResultat, Voeu, compute, verify,
};

fn with(mut entree: Entree, voeux: &[Voeu]) -> Entree {
    for v in voeux {
        entree.voeux.push(*v);
    }
    entree
}

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
fn every_fault_of_the_input_has_its_code() {
    let base = || with(day(3, &[(1, 0), (1, 0)]), &[voeu(0, 0, 1), voeu(1, 0, 2), voeu(0, 1, 1)]);
    let code = |change: &dyn Fn(&mut Entree)| {
        let mut entree = base();
        entree.internats = vec![internat(9, 1)];
        assert_eq!(entree.voeux.len(), 3);
        change(&mut entree);
        refusal(&entree)
    };
    let push = |v: Voeu| code(&move |e: &mut Entree| e.voeux.push(v));
    assert_eq!(code(&|e| e.groupes[1] = e.groupes[0]), "groupe_en_double");
    assert_eq!(push(voeu(2, 7, 3)), "groupe_inconnu");
    assert_eq!(push(voeu(2, 0, 3).interne(5, 1)), "internat_inconnu");
    assert_eq!(push(voeu(99, 0, 3)), "candidat_inconnu");
    assert_eq!(push(voeu(2, 0, 2)), "rang_appel_partage");
    assert_eq!(push(voeu(0, 0, 7).interne(0, 1)), "rangs_appel_multiples");
    assert_eq!(push(voeu(0, 0, 1)), "voeu_en_double");
    assert_eq!(push(voeu(2, 0, 0)), "rang_appel_manquant");
    assert_eq!(push(voeu(2, 0, -1)), "rang_negatif");
    assert_eq!(push(voeu(2, 0, 3).ordonne(-1)), "rang_negatif");
    assert_eq!(push(voeu(2, 0, 3).interne(0, -1)), "rang_negatif");
    assert_eq!(push(voeu(2, 0, 3).interne(0, 0)), "rang_internat_non_positif");
    let hors_pp = voeu(2, 0, 3);
    assert_eq!(push(Voeu { etat: hors_pp.etat.with_hors_pp(true), ..hors_pp }), "hors_pp_sans_proposition");
    assert_eq!(
        code(&|e| {
            e.voeux.push(voeu(2, 0, 3).interne(0, 4));
            e.voeux.push(voeu(2, 1, 3).interne(0, 5));
        }),
        "rangs_internat_multiples"
    );
    assert_eq!(
        code(&|e| {
            e.voeux.push(voeu(2, 0, 3).interne(0, 4));
            e.voeux.push(voeu(3, 1, 3).interne(0, 4));
        }),
        "rang_internat_partage"
    );
    // The internat of another formation, on a voeu that does not wait.
    assert_eq!(
        code(&|e| {
            e.internats[0].formation = 2;
            e.voeux.push(voeu(2, 0, 3).interne(0, 1).statut(Statut::AnterieureAcceptee));
        }),
        "identifiant_incoherent"
    );
    assert_eq!(code(&|e| e.groupes[0].rang_limite = -1), "parametres_groupe_invalides");
    assert_eq!(code(&|e| e.groupes[0].rang_dernier_appele_reference = 1), "rang_dernier_appele_incoherent");
    assert_eq!(code(&|e| e.internats[0].capacite = -1), "capacite_internat_negative");
    assert_eq!(code(&|e| e.internats[0].classement_internat = 0), "internat_sans_code");
    assert_eq!(code(&|e| e.internats.push(internat(9, 2))), "internat_en_double");
    assert_eq!(
        code(&|e| {
            e.internats.push(internat(9, 2));
            e.internats[1].formation_inscription = 1;
        }),
        "internat_types_melanges"
    );
    assert_eq!(code(&|e| e.parametres.jour = 0), "jour_anterieur_a_la_campagne");
    assert_eq!(code(&|e| e.voeux.rang_preference = vec![1]), "colonnes_incoherentes");
    assert!(compute(&base()).is_ok());
}

#[test]
fn every_fault_of_the_answers_has_its_code() {
    let code = |voeux: &[Voeu]| {
        let mut entree = with(day(60, &[(0, 0), (0, 0), (0, 0)]), voeux);
        entree.repondeurs = vec![0];
        refusal(&entree)
    };
    let (first, second) = (voeu(0, 0, 1).ordonne(1), voeu(0, 1, 1).ordonne(2));
    let acceptee = Statut::AnterieureAcceptee;
    assert_eq!(code(&[voeu(1, 0, 1).statut(Statut::RaAcceptation)]), "repondeur_p7_1");
    assert_eq!(code(&[first.statut(acceptee), second.statut(acceptee)]), "repondeur_p7_2");
    assert_eq!(code(&[first, second.statut(Statut::RaDemissionAttente)]), "repondeur_p7_3");
    // Accepted, but worse than what was given up.
    assert_eq!(
        code(&[first.statut(Statut::RaDemissionAttente), second.statut(Statut::RaAcceptation)]),
        "repondeur_p7_3"
    );
    assert_eq!(code(&[first.ordonne(0)]), "repondeur_p7_4");
    assert_eq!(code(&[first, second.ordonne(1)]), "repondeur_p7_5");
    assert_eq!(code(&[first.statut(acceptee), second]), "repondeur_p7_6");
    assert_eq!(code(&[voeu(1, 0, 1).statut(Statut::GddDemissionAttente), voeu(1, 1, 1)]), "gdd_p8");
}

/// A proposition of the day already in the input stands for a fault of the program: the checks must see it.
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
