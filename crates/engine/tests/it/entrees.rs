//! What a day may not say: its columns, its numbers, its ranks, the answers of the candidats; and what a voeu bears.

use crate::commun::{Variante, day, internat, refusal, voeu, with};
use engine::propositions::{
    Entree, Etat, Groupe, Internat, Lieu, Motif, Statut, Voeu, VoeuInternat, Voeux, compute,
};

const P: Statut = Statut::PropositionDuJour;
const A: Statut = Statut::EnAttente;

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
fn each_mark_is_set_and_unset_alone() {
    type Mark = (fn(Etat, bool) -> Etat, fn(Etat) -> bool);
    let marks: [Mark; 4] = [
        (Etat::with_internat, Etat::is_avec_internat),
        (Etat::with_hors_pp, Etat::is_hors_pp),
        (Etat::with_ignorer_rang_attente, Etat::is_ignorer_rang_attente),
        (Etat::with_ignorer_barre_internat, Etat::is_ignorer_barre_internat),
    ];
    for statut in Statut::TOUS {
        let none = Etat::new(statut);
        let all = marks.iter().fold(none, |etat, (with, _)| with(etat, true));
        for (k, (with, is)) in marks.iter().enumerate() {
            assert!(!is(none) && is(all));
            let only = with(none, true);
            assert_eq!(with(only, true), only);
            assert_eq!(with(only, false), none);
            let but_one = with(all, false);
            for (j, (_, other)) in marks.iter().enumerate() {
                assert_eq!((other(only), other(but_one)), (j == k, j != k));
            }
            for autre in Statut::TOUS {
                let changed = but_one.with_statut(autre);
                assert_eq!(changed.statut(), autre);
                assert_eq!(changed.with_statut(statut), but_one);
            }
        }
    }
}

#[test]
fn statuts_have_the_codes_of_the_exchange_format() {
    let codes = [
        "en_attente",
        "proposition_du_jour",
        "ra_demission_attente",
        "gdd_demission_attente",
        "gdd_demission_proposition",
        "ra_acceptation",
        "ra_refus_proposition",
        "proposition_anterieure_sans_reponse",
        "proposition_anterieure_acceptee",
        "proposition_anterieure_refusee",
        "refus_ou_demission",
        "non_classe",
    ];
    assert_eq!(Statut::TOUS.map(Statut::code), codes);
    let where_is = |is: fn(Statut) -> bool| -> Vec<usize> {
        Statut::TOUS.iter().filter(|&&statut| is(statut)).map(|&statut| statut as usize).collect()
    };
    assert_eq!(where_is(Statut::is_proposition_du_jour), [1, 5]);
    assert_eq!(where_is(Statut::is_proposition), [1, 5, 7, 8]);
}

#[test]
fn optional_columns_appear_at_their_first_value() {
    let push = |list: &[Voeu]| {
        let mut voeux = Voeux::default();
        for v in list {
            voeux.push(*v);
        }
        voeux
    };
    let plain = voeu(3, 0, 7);
    let full = Voeu { rang_preference: 4, rang_attente_veille: 5, rang_appel_affiche: Some(6), ..plain };
    assert!(push(&[]).is_empty());
    let voeux = push(&[plain, plain]);
    assert!(!voeux.is_empty());
    assert_eq!((voeux.candidat.as_slice(), voeux.rang_appel.as_slice()), (&[3, 3][..], &[7, 7][..]));
    for column in [&voeux.rang_preference, &voeux.rang_attente_veille, &voeux.rang_appel_affiche] {
        assert_eq!(column.as_slice(), []);
    }
    for (list, values) in [
        (&[full][..], [&[4][..], &[5], &[6]]),
        (&[plain, plain, full, plain, full], [&[0, 0, 4, 0, 4], &[0, 0, 5, 0, 5], &[7, 7, 6, 7, 6]]),
    ] {
        let voeux = push(list);
        assert_eq!(
            [&voeux.rang_preference[..], &voeux.rang_attente_veille[..], &voeux.rang_appel_affiche[..]],
            values
        );
    }
    // The rank shown is the rank: nothing to say.
    assert_eq!(push(&[Voeu { rang_appel_affiche: Some(7), ..plain }]).rang_appel_affiche, []);
    // A reference implies boarding, its absence says nothing of it.
    let reference = |internat| Voeu { internat: Some((internat, 2)), ..plain };
    let voeux = push(&[plain, reference(1), reference(VoeuInternat::SANS_REFERENCE)]);
    assert_eq!(voeux.etat.iter().map(|e| e.is_avec_internat()).collect::<Vec<_>>(), [false, true, false]);
    let parts: Vec<(u32, u32)> = voeux.en_internat.iter().map(|e| (e.voeu, e.internat)).collect();
    assert_eq!(parts, [(1, 1), (2, VoeuInternat::SANS_REFERENCE)]);
}

#[test]
fn internats_of_one_classement_are_of_one_type() {
    let of = |classement_internat, formation_inscription, formation| Internat {
        classement_internat,
        formation_inscription,
        formation,
        capacite: 1,
    };
    let verdict = |internats: &[Internat]| {
        compute(&Entree { internats: internats.to_vec(), ..day(3, &[]) }).map(|_| ()).map_err(|r| r.motif)
    };
    // Of the establishment, of several formations, of one only.
    let types = [of(9, 0, 0), of(9, 1, 0), of(9, 1, 1)];
    for (a, first) in types.iter().enumerate() {
        for (b, second) in types.iter().enumerate() {
            let expected = if a == b { Ok(()) } else { Err(Motif::InternatTypesMelanges) };
            let second = Internat { formation_inscription: 2 * second.formation_inscription, ..*second };
            let second = Internat { formation: 2 * second.formation, ..second };
            if second != *first {
                assert_eq!(verdict(&[*first, second]), expected, "{a} {b}");
            }
            assert_eq!(verdict(&[*first, Internat { classement_internat: 8, ..second }]), Ok(()));
        }
    }
}

#[test]
fn two_ranks_of_one_candidat_are_seen_side_by_side_or_apart() {
    let verdict = |rangs: &[(u32, i32)]| {
        let mut entree = day(3, &[(1, 0)]);
        entree.internats.push(internat(9, 1));
        let mut seen = Vec::new();
        for &(candidat, rang) in rangs {
            let second = seen.contains(&candidat);
            seen.push(candidat);
            let v = voeu(candidat, 0, rang);
            entree.voeux.push(if second { v.interne(0, candidat as i32 + 1) } else { v });
        }
        compute(&entree).map(|_| ()).map_err(|refus| (refus.motif, refus.lieu))
    };
    assert_eq!(verdict(&[(0, 1), (0, 1), (1, 2)]), Ok(()));
    assert_eq!(verdict(&[(0, 1), (0, 2)]), Err((Motif::RangsAppelMultiples, Lieu::Voeu(1))));
    assert_eq!(verdict(&[(0, 1), (1, 2), (0, 3)]), Err((Motif::RangsAppelMultiples, Lieu::Voeu(2))));
    assert_eq!(verdict(&[(0, 1), (0, 1), (1, 1)]), Err((Motif::RangAppelPartage, Lieu::Voeu(2))));
}

#[test]
fn positions_go_up_to_the_last_one_and_the_first_fault_is_told() {
    // Two groupes, one internat, twenty candidats. Before the voeux tried, all that has the right to be odd.
    let kept = voeu(5, 0, 0).statut(Statut::AnterieureAcceptee);
    let verdict = |voeux: &[Voeu]| {
        let outside = Voeu { candidat: 6, etat: kept.etat.with_hors_pp(true), ..kept };
        let not_ranked = voeu(7, 0, 0).statut(Statut::NonClasse);
        let mut entree = with(day(3, &[(1, 0), (1, 0)]), &[voeu(0, 0, 1), kept, outside, not_ranked]);
        entree.internats.push(internat(9, 1));
        compute(&with(entree, voeux)).map(|_| ()).map_err(|refus| (refus.motif, refus.lieu))
    };
    assert_eq!(verdict(&[voeu(19, 1, 1).interne(0, 1)]), Ok(()));
    let faults = [
        (voeu(2, 2, 3), Motif::GroupeInconnu),
        (voeu(20, 1, 3), Motif::CandidatInconnu),
        (voeu(2, 1, 3).interne(1, 1), Motif::InternatInconnu),
        (voeu(2, 1, 0), Motif::RangAppelManquant),
        (voeu(2, 1, -1), Motif::RangNegatif),
        (voeu(2, 1, -1).statut(Statut::AnterieureAcceptee), Motif::RangNegatif),
        (voeu(2, 1, 3).ordonne(-1), Motif::RangNegatif),
        (voeu(2, 1, 3).interne(0, -1), Motif::RangNegatif),
    ];
    for (faulty, motif) in faults {
        assert_eq!(verdict(&[faulty]), Err((motif, Lieu::Voeu(4))));
        assert_eq!(verdict(&[voeu(3, 1, 4), faulty, faulty]), Err((motif, Lieu::Voeu(5))));
    }
    // No rang d'appel is needed by what was proposed before, or is not ranked.
    for statut in [Statut::AnterieureAcceptee, Statut::AnterieureRefusee, Statut::NonClasse] {
        assert_eq!(verdict(&[voeu(2, 1, 0).statut(statut)]), Ok(()), "{statut:?}");
    }
    let hors_pp = |statut| {
        let v = voeu(2, 1, 3).statut(statut);
        verdict(&[Voeu { etat: v.etat.with_hors_pp(true), ..v }])
    };
    assert_eq!(hors_pp(Statut::AnterieureSansReponse), Ok(()));
    assert_eq!(hors_pp(P), Err((Motif::HorsPpSansProposition, Lieu::Voeu(4))));
}

#[test]
fn boarding_parts_are_sorted_and_one_per_voeu() {
    let verdict = |parts: &[(u32, u32)]| {
        let mut entree = with(day(3, &[(1, 0)]), &[voeu(0, 0, 1), voeu(1, 0, 2)]);
        entree.internats.push(internat(9, 1));
        let part = |&(voeu, internat): &(u32, u32)| VoeuInternat { voeu, internat, rang: 1 + voeu as i32 };
        entree.voeux.en_internat = parts.iter().map(part).collect();
        compute(&entree).map(|_| ()).map_err(|refus| (refus.motif, refus.lieu))
    };
    let refused = |voeu| Err((Motif::ColonnesIncoherentes, Lieu::Voeu(voeu)));
    assert_eq!(verdict(&[(0, 0), (1, 0)]), Ok(()));
    assert_eq!(verdict(&[(0, 0), (1, VoeuInternat::SANS_REFERENCE)]), Ok(()));
    assert_eq!(verdict(&[(1, 0), (0, 0)]), refused(0));
    assert_eq!(verdict(&[(1, 0), (1, 0)]), refused(1));
    assert_eq!(verdict(&[(2, 0)]), refused(2));
}

#[test]
fn the_columns_of_the_voeux_have_one_length_or_none() {
    let verdict = |spoil: fn(&mut Entree)| {
        let mut entree = with(day(3, &[(1, 0)]), &[voeu(0, 0, 1), voeu(1, 0, 2)]);
        entree.repondeurs = Vec::new();
        spoil(&mut entree);
        compute(&entree).map(|_| ()).map_err(|refus| (refus.motif, refus.lieu))
    };
    let full: [fn(&mut Entree); 3] = [
        |e| e.voeux.rang_preference = vec![0; 2],
        |e| e.voeux.rang_appel_affiche = vec![1; 2],
        |e| e.voeux.rang_attente_veille = vec![0; 2],
    ];
    for full in full {
        assert_eq!(verdict(full), Ok(()));
    }
    let uneven: [fn(&mut Entree); 7] = [
        |e| e.voeux.candidat.push(2),
        |e| e.voeux.groupe.push(0),
        |e| e.voeux.rang_appel.push(3),
        |e| e.voeux.etat.push(Etat::default()),
        |e| e.voeux.rang_preference = vec![0],
        |e| e.voeux.rang_appel_affiche = vec![1; 3],
        |e| e.voeux.rang_attente_veille = vec![0],
    ];
    for uneven in uneven {
        assert_eq!(verdict(uneven), Err((Motif::ColonnesIncoherentes, Lieu::Colonnes)));
    }
    assert_eq!(verdict(|e| e.repondeurs = vec![19, 20]), Err((Motif::CandidatInconnu, Lieu::Candidat(20))));
}

#[test]
fn numbers_of_groupes_and_internats_start_at_zero() {
    let verdict = |spoil: fn(&mut Entree)| {
        let mut entree = day(3, &[(1, 0), (1, 0)]);
        entree.internats = vec![internat(8, 1), internat(9, 1)];
        spoil(&mut entree);
        compute(&entree).map(|_| ()).map_err(|refus| (refus.motif, refus.lieu))
    };
    let zero = |e: &mut Entree| {
        e.groupes[1] = Groupe { places: 0, rang_limite: 0, ..e.groupes[1] };
        e.internats[1].capacite = 0;
    };
    assert_eq!(verdict(zero), Ok(()));
    let negative: [fn(&mut Entree); 3] = [
        |e| e.groupes[1].places = -1,
        |e| e.groupes[1].rang_limite = -1,
        |e| e.groupes[1].rang_dernier_appele = -1,
    ];
    for negative in negative {
        assert_eq!(verdict(negative), Err((Motif::ParametresGroupeInvalides, Lieu::Groupe(1))));
    }
    let same = |e: &mut Entree| {
        e.groupes[1] = Groupe { rang_dernier_appele: 4, rang_dernier_appele_reference: 4, ..e.groupes[1] };
    };
    assert_eq!(verdict(same), Ok(()));
    let internat_de = |refus| Err((refus, Lieu::Internat(1)));
    assert_eq!(verdict(|e| e.internats[1].capacite = -1), internat_de(Motif::CapaciteInternatNegative));
    assert_eq!(verdict(|e| e.internats[1].classement_internat = 0), internat_de(Motif::InternatSansCode));
    assert_eq!(verdict(|e| e.internats[1] = e.internats[0]), internat_de(Motif::InternatEnDouble));
    assert_eq!(verdict(|e| e.groupes[1] = e.groupes[0]), Err((Motif::GroupeEnDouble, Lieu::Groupe(1))));
}

#[test]
fn boarding_ranks_are_checked_among_those_who_wait() {
    // Two groupes of two formations, one internat.
    let verdict = |voeux: &[Voeu]| {
        let mut entree = with(day(3, &[(1, 0), (1, 0)]), voeux);
        entree.internats.push(internat(9, 1));
        compute(&entree).map(|_| ()).map_err(|refus| (refus.motif, refus.lieu))
    };
    let kept = Statut::AnterieureAcceptee;
    let (first, same) = (voeu(0, 0, 1).interne(0, 4), voeu(0, 1, 1).interne(0, 4));
    assert_eq!(verdict(&[first, same]), Ok(()));
    assert_eq!(
        verdict(&[first, voeu(0, 1, 1).interne(0, 5)]),
        Err((Motif::RangsInternatMultiples, Lieu::Voeu(1)))
    );
    assert_eq!(verdict(&[first, voeu(0, 1, 1).interne(0, 5).statut(kept)]), Ok(()));
    assert_eq!(
        verdict(&[first, voeu(1, 1, 1).interne(0, 4)]),
        Err((Motif::RangInternatPartage, Lieu::Voeu(1)))
    );
    assert_eq!(verdict(&[first, voeu(1, 1, 1).interne(0, 4).statut(kept)]), Ok(()));
    assert_eq!(verdict(&[first, voeu(1, 1, 1).interne(0, 5)]), Ok(()));
    assert_eq!(verdict(&[voeu(0, 0, 1).interne(0, 0)]), Err((Motif::RangInternatNonPositif, Lieu::Voeu(0))));
    assert_eq!(verdict(&[voeu(0, 0, 1).interne(0, 0).statut(kept)]), Ok(()));
    // The internat of one formation.
    let of_formation = |formation: i64| {
        let mut entree = with(day(3, &[(1, 0), (1, 0)]), &[first]);
        entree.internats.push(internat(9, 1));
        entree.internats[0].formation = formation;
        compute(&entree).map(|_| ()).map_err(|refus| (refus.motif, refus.lieu))
    };
    assert_eq!([of_formation(0), of_formation(1)], [Ok(()), Ok(())]);
    assert_eq!(of_formation(2), Err((Motif::IdentifiantIncoherent, Lieu::Voeu(0))));
}

#[test]
fn answers_at_equal_ranks_or_without_order() {
    let motif = |repondeurs: &[u32], voeux: &[Voeu]| {
        let mut entree = with(day(60, &[(9, 0), (0, 0), (0, 0)]), voeux);
        entree.repondeurs = repondeurs.to_vec();
        compute(&entree).map(|_| ()).map_err(|refus| refus.motif)
    };
    let choice = |g: u32, rang: i32, statut: Statut| voeu(0, g, 1).ordonne(rang).statut(statut);
    // Given up for something that is not worse: only the ranks are at fault.
    let same = [choice(0, 2, Statut::RaAcceptation), choice(1, 2, Statut::RaDemissionAttente)];
    assert_eq!(motif(&[0], &same), Err(Motif::RepondeurP7_5));
    // Two voeux without order do not have the same rank.
    let refused = Statut::AnterieureRefusee;
    assert_eq!(motif(&[0], &[choice(0, 0, refused), choice(1, 0, refused), choice(2, 1, A)]), Ok(()));
    // Resigned for something proposed at the same rank, or at a worse one.
    for (rang, expected) in [(3, Ok(())), (4, Err(Motif::GddP8))] {
        let resigned = choice(1, 3, Statut::GddDemissionAttente);
        assert_eq!(motif(&[], &[choice(0, rang, P), resigned, choice(2, 1, A)]), expected);
    }
}
