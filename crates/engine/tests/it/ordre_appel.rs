//! Ordre d'appel: worked examples of the published document, refusals, and the published properties on random groupes.

use engine::ordre_appel::{
    GroupeClassement, OrdreAppel, Profil, ProprieteOrdre, RefusOrdre, ViolationOrdre, compute_ordre_appel,
    compute_ordres_appel, verify_ordre_appel,
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

/// What the verifier says: nothing, or what is broken and at which place.
type Verdict = Result<(), (ProprieteOrdre, u32)>;

/// Who is called, in call order: a letter as above, then the rank.
fn verdict(qb: i32, qr: i32, appeles: &str) -> Verdict {
    let mut groupe = GroupeClassement::new(qb, qr);
    for (candidat, appele) in (0..).zip(appeles.split_whitespace()) {
        let (lettre, rang) = appele.split_at(1);
        let profil = Profil::new("BD".contains(lettre), "RD".contains(lettre));
        groupe.push(candidat, rang.parse().unwrap(), profil);
    }
    let ordre = OrdreAppel { ordre: (0..groupe.len() as u32).collect() };
    verify_ordre_appel(&groupe, &ordre).map_err(|violation| (violation.propriete, violation.rang_appel))
}

#[test]
fn a_bound_may_be_reached_and_not_passed() {
    use ProprieteOrdre::{O1, O3, O4, O5, O6};
    let cases: &[(i32, i32, &str, Verdict)] = &[
        // O1: half of them, at each place, as long as some are left.
        (50, 0, "B1 N2 B3 N4 N5", Ok(())),
        (50, 0, "B1 N2 N3 B4", Err((O1, 4))),
        // O3: 1 + ⌊100 × 1 / 50⌋ = 3.
        (50, 0, "B2 B3 N1", Ok(())),
        (50, 0, "B2 B3 B4 N1", Err((O3, 4))),
        // With boursiers alone to be called first, nothing is said of the others.
        (100, 0, "B3 R2 R1", Ok(())),
        (99, 0, "B3 R2 R1", Err((O3, 3))),
        // O4: 1 + ⌊100 × 1 / 50⌋ = 3; without end when everybody must be resident.
        (0, 50, "R2 R3 B1", Ok(())),
        (0, 50, "R2 R3 R4 B1", Err((O4, 4))),
        (0, 100, "R2 R3 R4 R5 R6 B1", Ok(())),
        (0, 100, "R3 B2 B1", Err((O4, 3))),
        // O5: ⌈100 × (1 + 1) / 50⌉ = 4; nothing when the two rates make the whole.
        (25, 25, "D2 D3 D4 N1", Ok(())),
        (25, 25, "D2 D3 D4 D5 N1", Err((O5, 5))),
        (50, 50, "D2 D3 D4 D5 D6 D7 N1", Ok(())),
        // O6: one resident less than the rate is allowed, not two.
        (0, 60, "N1 R2 N3 R4", Ok(())),
        (0, 60, "R1 N2 N3 N4 R5", Err((O6, 5))),
    ];
    for &(qb, qr, appeles, expected) in cases {
        assert_eq!(verdict(qb, qr, appeles), expected, "{qb} {qr} {appeles}");
    }
}

#[test]
fn whoever_is_overtaken_is_seen_when_ranks_have_holes() {
    // Nobody is farther than its rank: only the comparison of ranks tells.
    assert_eq!(verdict(0, 0, "N9 B5"), Err((ProprieteOrdre::O2, 2)));
    assert_eq!(verdict(0, 0, "N9 N5"), Err((ProprieteOrdre::O3, 2)));
    assert_eq!(verdict(0, 1, "D1 B9 B5"), Err((ProprieteOrdre::O4, 3)));
    assert_eq!(verdict(1, 1, "D1 D2 D3 N9 D8"), Err((ProprieteOrdre::O2, 5)));
    assert_eq!(verdict(100, 1, "D1 N9 R8"), Err((ProprieteOrdre::O5, 2)));
    // The greatest rank of all, called last.
    assert_eq!(verdict(1, 1, "D1 N2147483647"), Ok(()));
}

#[test]
fn a_violation_tells_its_property_and_its_place() {
    let violation = ViolationOrdre { propriete: ProprieteOrdre::O5, rang_appel: 12 };
    assert_eq!(violation.to_string(), "O5 au rang d’appel 12");
}

#[test]
fn the_three_columns_have_the_same_length() {
    let (valid, _) = groupe(10, 10, "C1 B1 R1");
    let longer: [fn(&mut GroupeClassement); 3] =
        [|g| g.candidat.push(9), |g| g.rang.push(9), |g| g.profil.push(Profil::default())];
    for longer in longer {
        let mut groupe = valid.clone();
        longer(&mut groupe);
        assert_eq!(groupe.len(), 3);
        assert_eq!(compute_ordre_appel(&groupe), Err(RefusOrdre::Colonnes));
    }
    assert!(!valid.is_empty());
    assert!(GroupeClassement { rang: Vec::new(), ..valid }.is_empty());
}

#[test]
fn candidats_may_have_any_number() {
    let mut groupe = GroupeClassement::new(50, 0);
    for (candidat, rang, boursier) in
        [(u32::MAX, 2, false), (7, 1, false), (u32::MAX - 1, 1_000_000, true), (1 << 25, 3, false)]
    {
        groupe.push(candidat, rang, Profil::new(boursier, false));
    }
    let ordre = compute_ordre_appel(&groupe).unwrap();
    assert_eq!(ordre.candidats(&groupe).collect::<Vec<_>>(), [u32::MAX - 1, 7, u32::MAX, 1 << 25]);
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

/// With one rate: of all orders of up to seven candidats that respect O1, the one with the fewest inversions, and the first.
#[test]
fn every_small_ranking_is_moved_as_little_as_the_rate_allows() {
    for n in 0..=7_u32 {
        let orders = permutations(n);
        let mut least: Vec<(usize, &Vec<u32>)> =
            orders.iter().map(|ordre| (inversions(ordre), ordre)).collect();
        least.sort_unstable();
        for quels in 0..1_u32 << n {
            let boursier: Vec<bool> = (0..n).map(|i| quels >> i & 1 == 1).collect();
            let mut groupe = GroupeClassement::new(0, 0);
            for i in 0..n {
                groupe.push(i, i as i32 + 1, Profil::new(boursier[i as usize], false));
            }
            for qb in [1, 14, 15, 17, 20, 25, 29, 33, 34, 43, 50, 57, 60, 67, 75, 86, 99, 100] {
                groupe.taux_min_boursiers = qb;
                let ordre = compute_ordre_appel(&groupe).unwrap().ordre;
                let valid = |ordre: &Vec<u32>| respects_o1(qb, &boursier, ordre);
                assert_eq!(orders.iter().find(|ordre| valid(ordre)), Some(&ordre), "{qb} {boursier:?}");
                let fewest = least.iter().find(|(_, ordre)| valid(ordre)).map(|(count, _)| *count);
                assert_eq!(fewest, Some(inversions(&ordre)), "{qb} {boursier:?}");
            }
        }
    }
}

/// With two rates: O1 to O6 in all rankings of up to seven candidats.
#[test]
fn every_small_ranking_has_the_published_properties() {
    for n in 0..=7_u32 {
        for quels in 0..1_u32 << (2 * n) {
            let mut groupe = GroupeClassement::new(0, 0);
            for i in 0..n {
                let (boursier, resident) = (quels >> (2 * i) & 1 == 1, quels >> (2 * i + 1) & 1 == 1);
                groupe.push(i, i as i32 + 1, Profil::new(boursier, resident));
            }
            for qb in [0, 20, 34, 50, 100] {
                for qr in [0, 20, 34, 50, 100] {
                    (groupe.taux_min_boursiers, groupe.taux_min_residents) = (qb, qr);
                    let ordre = compute_ordre_appel(&groupe).unwrap();
                    assert_eq!(verify_ordre_appel(&groupe, &ordre), Ok(()), "{groupe:?}");
                }
            }
        }
    }
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
