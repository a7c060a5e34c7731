//! Days that follow each other, from a kept day and from the start: the same results.

use crate::commun::{Des, Profil, Variante, day, draw, finals, internat, voeu};
use engine::propositions::{Entree, Etat, Journee, Motif, Sortie, Statut, compute};
use proptest::prelude::*;

/// Parts of a result that do not depend on the checks.
type Shown = (Vec<(u32, Statut)>, Vec<u32>, Vec<(i64, i32, u32)>, String);

fn shown(s: &Sortie) -> Shown {
    let mut changements: Vec<(u32, Statut)> =
        s.changements.iter().chain(&s.changements_ecartes).map(|c| (c.voeu, c.statut)).collect();
    changements.sort_unstable();
    let groupes = s
        .groupes
        .iter()
        .map(|g| (g.estimation_rang_dernier_appele, g.rang_dernier_appele_affiche, g.candidats_en_attente));
    (changements, s.rangs_attente.clone(), groupes.collect(), format!("{:?}", s.internats))
}

/// The next morning over the same voeux: propositions of the day become earlier ones, some answers come, some who had given up
/// wait again, the numbers of the groupes change.
fn morning(entree: &mut Entree, sortie: &Sortie, des: &mut Des) {
    for (i, statut) in finals(entree, sortie).into_iter().enumerate() {
        let statut = match statut {
            Statut::PropositionDuJour => Statut::AnterieureSansReponse,
            Statut::RaAcceptation => Statut::AnterieureAcceptee,
            Statut::EnAttente | Statut::AnterieureAcceptee | Statut::AnterieureSansReponse => statut,
            _ => Statut::RefusOuDemission,
        };
        let statut = match statut {
            Statut::AnterieureSansReponse if des.chance(50) => Statut::RefusOuDemission,
            Statut::RefusOuDemission if des.chance(10) && entree.repondeurs.is_empty() => Statut::EnAttente,
            autre => autre,
        };
        entree.voeux.etat[i] = entree.voeux.etat[i].with_statut(statut);
    }
    entree.voeux.rang_attente_veille = sortie.rangs_attente.iter().map(|&r| r as i32).collect();
    entree.parametres.jour += 1;
    for g in &mut entree.groupes {
        if des.chance(20) {
            g.places = des.below(5) as i32;
        }
        g.admissions_suspendues = des.chance(5);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_kept_day_gives_what_a_day_from_the_start_gives(
        (candidats, formations, internats, reponses, jour) in (1..14_u32, 1..5_u32, any::<bool>(), any::<bool>(), 1..60_i32),
        graine in any::<u64>(),
    ) {
        let mut entree = draw(graine, Profil { candidats, formations, internats, reponses, jour });
        let mut des = Des(graine);
        let attendu = compute(&entree);
        let Ok((mut journee, premier)) = Journee::new(&entree) else {
            prop_assert!(attendu.is_err());
            return Ok(());
        };
        prop_assert_eq!(attendu.as_ref().ok(), Some(&premier));
        let mut sortie = premier;
        for n in 0..5 {
            morning(&mut entree, &sortie, &mut des);
            if des.chance(50) {
                journee.recycle(sortie.clone());
            }
            let attendu = compute(&entree);
            let suivant = if n % 2 == 0 { journee.next(&entree) } else { journee.next_unchecked(&entree) };
            match (attendu, suivant) {
                (Ok(attendu), Ok(suivant)) => {
                    if n % 2 == 0 {
                        prop_assert_eq!(&attendu, &suivant);
                    } else if attendu.groupes_ecartes.is_empty() {
                        prop_assert_eq!(shown(&attendu), shown(&suivant));
                        prop_assert!(suivant.violations.is_empty());
                    }
                    sortie = attendu;
                }
                (Err(attendu), Err(suivant)) => {
                    prop_assert_eq!(attendu.code(), suivant.code());
                    // Refused, the day is put right and goes on.
                    for etat in &mut entree.voeux.etat {
                        if etat.statut() == Statut::EnAttente {
                            *etat = etat.with_statut(Statut::RefusOuDemission);
                        }
                    }
                    let (attendu, suivant) = (compute(&entree), journee.next(&entree));
                    prop_assert_eq!(attendu.as_ref().ok(), suivant.as_ref().ok());
                    let Ok(repris) = attendu else { return Ok(()) };
                    sortie = repris;
                }
                (attendu, suivant) => prop_assert!(false, "{:?} {:?}", attendu.is_ok(), suivant.map(|_| ())),
            }
        }
    }
}

/// Two people, two places in turn; the second one also asks for boarding.
fn small() -> Entree {
    let mut entree = day(1, &[(1, 0)]);
    entree.internats.push(internat(7, 1));
    entree.voeux.push(voeu(0, 0, 1));
    entree.voeux.push(voeu(1, 0, 2).interne(0, 1));
    entree.voeux.push(voeu(2, 0, 3));
    entree
}

#[test]
fn what_is_not_the_same_day_is_refused_and_a_fault_is_told_like_from_the_start() {
    let mut entree = small();
    let (mut journee, sortie) = Journee::new(&entree).unwrap();
    assert_eq!(sortie.changements.len(), 1);
    let refuse = |journee: &mut Journee, entree: &Entree| journee.next(entree).unwrap_err();
    let mut autre = entree.clone();
    autre.voeux.push(voeu(3, 0, 4));
    assert_eq!(refuse(&mut journee, &autre).motif, Motif::ColonnesIncoherentes);
    let mut autre = entree.clone();
    autre.groupes[0].formation = 9;
    assert_eq!(refuse(&mut journee, &autre).motif, Motif::ColonnesIncoherentes);
    let mut autre = entree.clone();
    autre.voeux.en_internat.clear();
    assert_eq!(refuse(&mut journee, &autre).motif, Motif::ColonnesIncoherentes);
    let mut autre = entree.clone();
    autre.groupes[0].places = -1;
    assert_eq!(refuse(&mut journee, &autre).code(), compute(&autre).unwrap_err().code());
    let mut autre = entree.clone();
    autre.voeux.etat[2] = Etat::new(Statut::EnAttente).with_hors_pp(true);
    assert_eq!(refuse(&mut journee, &autre).code(), "hors_pp_sans_proposition");
    // Cut on the way, the kept day begins again from what it is given.
    entree.voeux.etat[0] = Etat::new(Statut::RefusOuDemission);
    entree.parametres.jour = 2;
    assert_eq!(journee.next(&entree).unwrap(), compute(&entree).unwrap());
}

#[test]
fn whoever_waits_again_or_asks_for_something_else_is_checked_again() {
    let kept = || {
        // No place: nothing else changes from one day to the next.
        let mut entree = day(1, &[(0, 0)]);
        entree.voeux.push(voeu(0, 0, 1));
        entree.voeux.push(voeu(1, 0, 2));
        entree.voeux.push(voeu(2, 0, 2).statut(Statut::RefusOuDemission));
        entree.voeux.push(voeu(1, 0, 2).statut(Statut::RefusOuDemission));
        let last = &mut entree.voeux.etat[3];
        *last = last.with_internat(true);
        (Journee::new(&entree).expect("a day").0, entree)
    };
    // Another candidat has its rank.
    let (mut journee, mut entree) = kept();
    entree.voeux.etat[2] = Etat::new(Statut::EnAttente);
    assert_eq!(journee.next(&entree).map_err(|refus| refus.motif), Err(Motif::RangAppelPartage));
    // The same voeu twice, though it does not wait.
    let (mut journee, mut entree) = kept();
    entree.voeux.etat[3] = entree.voeux.etat[3].with_internat(false);
    assert_eq!(journee.next(&entree).map_err(|refus| refus.motif), Err(Motif::VoeuEnDouble));
    // A voeu that goes makes no other at fault.
    let (mut journee, mut entree) = kept();
    entree.voeux.etat[1] = Etat::new(Statut::RefusOuDemission);
    assert_eq!(journee.next(&entree), compute(&entree));
}

#[test]
fn a_change_is_found_in_a_long_list_of_voeux() {
    // Several threads look at it, and write several parts of the table.
    let candidats = 600_000;
    let mut entree = Entree { nombre_candidats: candidats, ..day(1, &[(1, 0)]) };
    for candidat in 0..candidats {
        entree.voeux.push(voeu(candidat, 0, candidats as i32 - candidat as i32));
    }
    let (mut journee, _) = Journee::new(&entree).expect("a day");
    // The one called the day before, then the next two, give up.
    entree.voeux.etat[599_997..].fill(Etat::new(Statut::RefusOuDemission));
    entree.parametres.jour = 2;
    let sortie = journee.next(&entree).expect("a day");
    assert_eq!(sortie.changements.iter().map(|c| c.voeu).collect::<Vec<_>>(), [599_996]);
    assert_eq!(sortie, compute(&entree).expect("a day"));
}

#[test]
fn statuts_that_only_a_computation_gives_are_seen_on_a_later_day_too() {
    // Two candidats who ordered two voeux; later the first one is already proposed in the input, by one of them or by both.
    let mut entree = day(60, &[(2, 0), (0, 0)]);
    for candidat in 0..2 {
        entree.voeux.push(voeu(candidat, 0, candidat as i32 + 1).ordonne(1).statut(Statut::RefusOuDemission));
        entree.voeux.push(voeu(candidat, 1, candidat as i32 + 1).ordonne(2));
    }
    for proposed in [vec![0], vec![0, 2]] {
        for (statut, refused) in [(Statut::PropositionDuJour, false), (Statut::RaAcceptation, true)] {
            let (mut journee, _) = Journee::new(&entree).expect("a day");
            let mut suivant = entree.clone();
            for &voeu in &proposed {
                suivant.voeux.etat[voeu] = Etat::new(statut).with_ignorer_rang_attente(true);
            }
            let attendu = compute(&suivant);
            assert_eq!(attendu.is_err(), refused);
            if let Ok(sortie) = &attendu {
                assert_eq!(sortie.changements.len() + sortie.changements_ecartes.len(), proposed.len());
            }
            assert_eq!(journee.next(&suivant), attendu);
        }
    }
}
