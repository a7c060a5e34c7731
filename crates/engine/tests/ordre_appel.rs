#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! Ordre d'appel: worked examples of the published document, refusals, and the published properties on random groupes.

use engine::ordre_appel::{
    GroupeClassement, OrdreAppel, Profil, ProprieteOrdre, compute_ordre_appel, compute_ordres_appel,
    verify_ordre_appel,
};
use proptest::prelude::*;

/// A groupe written as in the document: `B` boursier, `R` resident, `D` both, any other letter neither.
fn groupe(qb: i32, qr: i32, classement: &str) -> (GroupeClassement, Vec<String>) {
    let mut groupe = GroupeClassement::new(qb, qr);
    let noms: Vec<String> = classement.split_whitespace().map(str::to_owned).collect();
    for (i, nom) in noms.iter().enumerate() {
        let boursier = nom.starts_with(['B', 'D']);
        let resident = nom.starts_with(['R', 'D']);
        groupe.push(i as u32, i as i32 + 1, Profil::new(boursier, resident));
    }
    (groupe, noms)
}

fn order(qb: i32, qr: i32, classement: &str) -> String {
    let (groupe, noms) = groupe(qb, qr, classement);
    let ordre = compute_ordre_appel(&groupe).unwrap();
    verify_ordre_appel(&groupe, &ordre).unwrap();
    ordre.candidats(&groupe).map(|c| noms[c as usize].as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn worked_example_with_one_rate() {
    assert_eq!(
        order(25, 0, "C1 C2 B1 C3 C4 C5 B2 C6 C7 C8 C9 C10 C11 C12 C13 C14 B3 C15 C16 C17"),
        "B1 C1 C2 C3 B2 C4 C5 C6 B3 C7 C8 C9 C10 C11 C12 C13 C14 C15 C16 C17"
    );
}

#[test]
fn worked_example_with_two_rates() {
    assert_eq!(
        order(20, 90, "R1 R2 N1 R3 R4 R5 R6 R7 R8 R9 R10 R11 B1 R12 B2 R13 R14 D1 R15 R16"),
        "D1 R1 R2 R3 R4 B1 R5 R6 R7 R8 B2 R9 R10 R11 R12 R13 R14 R15 R16 N1"
    );
}

#[test]
fn the_rate_of_boursiers_prevails() {
    // Both rates bind from the first place and no boursier is resident.
    assert_eq!(order(50, 100, "R1 R2 B1 B2"), "B1 R1 B2 R2");
    assert_eq!(order(100, 100, "N1 R1 B1"), "B1 R1 N1");
}

#[test]
fn an_empty_groupe_gives_an_empty_order() {
    assert_eq!(order(20, 30, ""), "");
}

#[test]
fn refusals_have_their_codes() {
    let code = |groupe: &GroupeClassement| compute_ordre_appel(groupe).unwrap_err().code();
    let (valid, _) = groupe(10, 10, "C1 B1 R1");
    for taux in [-1, 101] {
        assert_eq!(code(&GroupeClassement { taux_min_boursiers: taux, ..valid.clone() }), "taux_hors_bornes");
        assert_eq!(code(&GroupeClassement { taux_min_residents: taux, ..valid.clone() }), "taux_hors_bornes");
    }
    for rangs in [[1, 2, 0], [3, -1, 2]] {
        assert_eq!(
            code(&GroupeClassement { rang: rangs.to_vec(), ..valid.clone() }),
            "rang_classement_non_positif"
        );
    }
    // Dense ranks, then ranks too sparse for one slot each.
    for rangs in [[2, 1, 2], [1_000_000_000, 7, 1_000_000_000]] {
        assert_eq!(
            code(&GroupeClassement { rang: rangs.to_vec(), ..valid.clone() }),
            "rang_classement_en_double"
        );
    }
    for candidats in [[5, 6, 5], [u32::MAX, 1, u32::MAX]] {
        assert_eq!(
            code(&GroupeClassement { candidat: candidats.to_vec(), ..valid.clone() }),
            "candidat_en_double"
        );
    }
    assert_eq!(code(&GroupeClassement { candidat: vec![1], ..valid.clone() }), "colonnes_incoherentes");
    let refus = compute_ordres_appel(&[valid.clone(), GroupeClassement { rang: vec![1, 1, 2], ..valid }])
        .unwrap_err();
    assert_eq!(refus.groupe, 1);
}

#[test]
fn the_verifier_sees_each_broken_property() {
    let broken = |qb, qr, classement: &str, ordre: &[u32]| {
        let (groupe, _) = groupe(qb, qr, classement);
        verify_ordre_appel(&groupe, &OrdreAppel { ordre: ordre.to_vec() }).unwrap_err().propriete
    };
    assert_eq!(broken(0, 0, "C1 C2", &[0]), ProprieteOrdre::Complet);
    assert_eq!(broken(0, 0, "C1 C2", &[0, 0]), ProprieteOrdre::Complet);
    assert_eq!(broken(0, 0, "C1 C2", &[0, 7]), ProprieteOrdre::Complet);
    assert_eq!(broken(50, 0, "C1 C2 B1", &[0, 1, 2]), ProprieteOrdre::O1);
    assert_eq!(broken(1, 0, "B1 B2", &[1, 0]), ProprieteOrdre::O2);
    assert_eq!(broken(1, 1, "D1 R1", &[1, 0]), ProprieteOrdre::O1);
    assert_eq!(broken(0, 1, "R1 R2", &[1, 0]), ProprieteOrdre::O3);
    assert_eq!(broken(1, 1, "D1 B1 B2", &[0, 2, 1]), ProprieteOrdre::O4);
    assert_eq!(broken(0, 0, "C1 C2", &[1, 0]), ProprieteOrdre::O3);
    assert_eq!(broken(1, 1, "D1 N1 N2", &[0, 2, 1]), ProprieteOrdre::O5);
    assert_eq!(broken(0, 60, "N1 N2 N3 R1", &[0, 1, 2, 3]), ProprieteOrdre::O6);
}

/// Every permutation of `n` places, in the lexicographic order of ranks.
fn permutations(n: u32) -> Vec<Vec<u32>> {
    if n == 0 {
        return vec![vec![]];
    }
    let mut all = Vec::new();
    for shorter in permutations(n - 1) {
        for place in 0..n as usize {
            let mut longer = shorter.clone();
            longer.insert(place, n - 1);
            all.push(longer);
        }
    }
    all.sort();
    all
}

fn inversions(ordre: &[u32]) -> usize {
    (0..ordre.len()).map(|i| ordre[i..].iter().filter(|&&after| after < ordre[i]).count()).sum()
}

/// O1 written as it is stated: at each place, enough boursiers, or none after.
fn respects_o1(qb: i32, boursier: &[bool], ordre: &[u32]) -> bool {
    (1..=ordre.len()).all(|k| {
        let count = ordre[..k].iter().filter(|&&i| boursier[i as usize]).count() as i32;
        100 * count >= qb * k as i32 || !ordre[k..].iter().any(|&i| boursier[i as usize])
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_published_properties_hold(
        qb in 0..=100_i32,
        qr in 0..=100_i32,
        profils in prop::collection::vec((any::<bool>(), any::<bool>()), 0..60),
        trous in prop::collection::vec(0..3_i32, 60),
    ) {
        let mut groupe = GroupeClassement::new(qb, qr);
        let mut rang = 0;
        for (i, &(b, r)) in profils.iter().enumerate() {
            rang += 1 + trous[i];
            groupe.push(i as u32, rang, Profil::new(b, r));
        }
        let ordre = compute_ordre_appel(&groupe).unwrap();
        prop_assert_eq!(verify_ordre_appel(&groupe, &ordre), Ok(()));
    }

    #[test]
    fn neither_the_order_of_rows_nor_the_numbers_of_candidats_count(
        qb in 0..=100_i32,
        qr in 0..=100_i32,
        lignes in prop::collection::vec((any::<bool>(), any::<bool>()), 1..40)
            .prop_map(|profils| profils.into_iter().enumerate().collect::<Vec<_>>())
            .prop_flat_map(|lignes| (Just(lignes.clone()), Just(lignes).prop_shuffle())),
        ecart in 1..100_000_i32,
    ) {
        let build = |lignes: &[(usize, (bool, bool))], pas: i32| {
            let mut groupe = GroupeClassement::new(qb, qr);
            for &(i, (b, r)) in lignes {
                groupe.push(i as u32, 1 + i as i32 * pas, Profil::new(b, r));
            }
            compute_ordre_appel(&groupe).unwrap().candidats(&groupe).collect::<Vec<_>>()
        };
        prop_assert_eq!(build(&lignes.0, 1), build(&lignes.1, ecart));
    }

    #[test]
    fn with_one_rate_the_order_is_minimal(qb in 0..=100_i32, boursier in prop::collection::vec(any::<bool>(), 0..7)) {
        let mut groupe = GroupeClassement::new(qb, 0);
        for (i, &b) in boursier.iter().enumerate() {
            groupe.push(i as u32, i as i32 + 1, Profil::new(b, false));
        }
        let ordre = compute_ordre_appel(&groupe).unwrap().ordre;
        let valid: Vec<_> =
            permutations(boursier.len() as u32).into_iter().filter(|o| respects_o1(qb, &boursier, o)).collect();
        let least = valid.iter().map(|o| inversions(o)).min().unwrap();
        prop_assert_eq!(inversions(&ordre), least);
        prop_assert_eq!(&ordre, &valid[0]);
    }
}
