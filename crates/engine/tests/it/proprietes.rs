//! Properties of the propositions on drawn days.

use crate::commun::{Des, Profil, call, draw, finals, next_morning};
use engine::propositions::{
    Changement, Entree, Etat, Groupe, Internat, Lieu, Motif, Options, Parametres, Regle, SANS_LIMITE, Sortie,
    Statut, Violation, ViolationResultat, Voeu, Voeux, compute, compute_with, verify,
};
use proptest::prelude::*;

fn profil(internats: bool, reponses: bool, jour: std::ops::Range<i32>) -> impl Strategy<Value = Profil> {
    (1..14_u32, 1..5_u32, jour).prop_map(move |(candidats, formations, jour)| Profil {
        candidats,
        formations,
        internats,
        reponses,
        jour,
    })
}

/// The same day under other numbers: candidats, groupes, internats and voeux shuffled. Returns where each voeu went.
fn renumber(entree: &Entree, des: &mut Des) -> (Entree, Vec<usize>) {
    let shuffled = |des: &mut Des, n: usize| {
        let mut ou: Vec<u32> = (0..n as u32).collect();
        des.shuffle(&mut ou);
        ou
    };
    let candidats = shuffled(des, entree.nombre_candidats as usize);
    let groupes = shuffled(des, entree.groupes.len());
    let internats = shuffled(des, entree.internats.len());
    let voeux = shuffled(des, entree.voeux.len());
    let mut autre = Entree { voeux: Voeux::default(), ..entree.clone() };
    for (i, &ou) in groupes.iter().enumerate() {
        // New codes too: the order of the formations must not count.
        let mut groupe = entree.groupes[i];
        groupe.formation = 1000 - groupe.formation;
        groupe.formation_inscription = groupe.formation;
        autre.groupes[ou as usize] = groupe;
    }
    for (i, &ou) in internats.iter().enumerate() {
        autre.internats[ou as usize] = entree.internats[i];
    }
    autre.repondeurs = entree.repondeurs.iter().map(|&c| candidats[c as usize]).collect();
    let mut vers = vec![0; voeux.len()];
    for (place, &i) in voeux.iter().enumerate() {
        let i = i as usize;
        vers[i] = place;
        let v = &entree.voeux;
        autre.voeux.push(Voeu {
            candidat: candidats[v.candidat[i] as usize],
            groupe: groupes[v.groupe[i] as usize],
            rang_appel: v.rang_appel[i],
            etat: v.etat[i],
            rang_preference: v.rang_preference.get(i).copied().unwrap_or(0),
            rang_appel_affiche: None,
            rang_attente_veille: v.rang_attente_veille.get(i).copied().unwrap_or(0),
            internat: v
                .en_internat
                .iter()
                .find(|e| e.voeu as usize == i)
                .map(|e| (internats[e.internat as usize], e.rang)),
        });
    }
    (autre, vers)
}

/// Everything proposed under given bars, or none if an internat overflows.
fn propose(entree: &Entree, barres: &[i32]) -> Option<Vec<usize>> {
    let v = &entree.voeux;
    let mut proposes: Vec<usize> = (0..entree.groupes.len() as u32)
        .filter(|&g| !entree.groupes[g as usize].admissions_suspendues)
        .flat_map(|g| call(entree, g, barres))
        .collect();
    proposes.sort_unstable();
    for (i, internat) in entree.internats.iter().enumerate() {
        let of = |voeu: u32| v.candidat[voeu as usize];
        let in_internat = || v.en_internat.iter().filter(|e| e.internat as usize == i);
        let mut placed: Vec<u32> = in_internat()
            .filter(|e| v.etat[e.voeu as usize].statut().is_proposition())
            .map(|e| of(e.voeu))
            .collect();
        placed.sort_unstable();
        placed.dedup();
        let mut entering: Vec<u32> = in_internat()
            .filter(|e| proposes.binary_search(&(e.voeu as usize)).is_ok())
            .map(|e| of(e.voeu))
            .filter(|c| placed.binary_search(c).is_err())
            .collect();
        entering.sort_unstable();
        entering.dedup();
        if entering.len() as i32 > (internat.capacite - placed.len() as i32).max(0) {
            return None;
        }
    }
    Some(proposes)
}

/// What the verifier finds and the result does not tell: an internat at fault where nobody waits touches no groupe, the
/// reference tells nothing, our result has it in its list.
fn unknown_violations(entree: &Entree, sortie: &Sortie) -> Vec<Violation> {
    let known =
        |i: u32| sortie.violations.iter().any(|v| matches!(*v, ViolationResultat::Internat(j, _) if i == j));
    let mut found = verify(entree, sortie);
    found.retain(|v| !matches!(v.lieu, Lieu::Internat(i) if known(i)));
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_and_order_do_not_count(graine: u64, profil in profil(true, true, 1..70)) {
        let entree = draw(graine, profil);
        let (autre, vers) = renumber(&entree, &mut Des(graine ^ 1));
        match (compute(&entree), compute(&autre)) {
            (Ok(a), Ok(b)) => {
                let (fa, fb) = (finals(&entree, &a), finals(&autre, &b));
                for (i, &ou) in vers.iter().enumerate() {
                    prop_assert_eq!(fa[i], fb[ou]);
                    prop_assert_eq!(a.rangs_attente[i], b.rangs_attente[ou]);
                }
                prop_assert_eq!(
                    (a.alerte, a.avertissement, a.passages, a.groupes_ecartes.len(), a.changements.len()),
                    (b.alerte, b.avertissement, b.passages, b.groupes_ecartes.len(), b.changements.len())
                );
            }
            (a, b) => prop_assert_eq!(a.map_err(|r| r.code()).err(), b.map_err(|r| r.code()).err()),
        }
    }

    #[test]
    fn the_independent_verifier_agrees(graine: u64, profil in profil(true, true, 1..70)) {
        let entree = draw(graine, profil);
        if let Ok(sortie) = compute(&entree) {
            prop_assert_eq!(unknown_violations(&entree, &sortie), vec![]);
        }
    }

    /// P6 of the verifier: whoever is at or under the bar has been served, or is called by nobody.
    #[test]
    fn a_bar_made_lower_is_seen(graine: u64, profil in profil(true, false, 1..15)) {
        let entree = draw(graine, profil);
        let Ok(sortie) = compute(&entree) else { return Ok(()) };
        prop_assume!(!sortie.alerte && sortie.passages == 1);
        for i in 0..entree.internats.len() {
            let bar = sortie.internats[i].barre;
            for lower in [bar - 1, bar / 2, 0].into_iter().filter(|&lower| (0..bar).contains(&lower)) {
                let mut spoilt = sortie.clone();
                spoilt.internats[i].barre = lower;
                let seen = Violation { regle: Regle::P6, lieu: Lieu::Internat(i as u32) };
                prop_assert!(verify(&entree, &spoilt).contains(&seen));
            }
        }
    }

    #[test]
    fn bars_are_the_greatest_that_fit(graine: u64, profil in profil(true, false, 1..15)) {
        let mut entree = draw(graine, Profil { candidats: profil.candidats.min(6), ..profil });
        entree.internats.truncate(2);
        entree.voeux.en_internat.retain(|e| e.internat < 2);
        let sortie = compute(&entree).expect("valid data");
        let max: Vec<i32> = sortie.internats.iter().map(|i| i.barre_maximale.min(profil.candidats as i32)).collect();
        // All vectors of bars under the maxima that respect every capacity.
        let mut best = vec![-1; max.len()];
        let mut fitting = Vec::new();
        let second = max.get(1).copied().unwrap_or(0);
        for a in 0..=max[0] {
            for b in 0..=second {
                let barres = [a, b];
                if let Some(proposes) = propose(&entree, &barres[..max.len()]) {
                    for (best, barre) in best.iter_mut().zip(barres) {
                        *best = (*best).max(barre);
                    }
                    fitting.push((barres[..max.len()].to_vec(), proposes));
                }
            }
        }
        // The greatest of all is one of them, and is what was computed.
        let (_, expected) = fitting.iter().find(|(barres, _)| *barres == best).expect("a greatest vector");
        let proposed: Vec<usize> = finals(&entree, &sortie)
            .iter()
            .enumerate()
            .filter(|(_, statut)| statut.is_proposition_du_jour())
            .map(|(i, _)| i)
            .collect();
        prop_assert_eq!(&proposed, expected);
        for (internat, best) in sortie.internats.iter().zip(&best) {
            prop_assert!(internat.barre == SANS_LIMITE || internat.barre.min(profil.candidats as i32) <= *best);
        }
    }

    /// Places more in an internat: its bar does not go down, nor that of any other.
    #[test]
    fn bars_grow_with_the_places(
        graine: u64,
        profil in profil(true, false, 1..15),
        lequel: prop::sample::Index,
        de_plus in 1..4_i32,
    ) {
        let entree = draw(graine, profil);
        let mut agrandi = entree.clone();
        let internat = lequel.index(agrandi.internats.len());
        agrandi.internats[internat].capacite += de_plus;
        let (avant, apres) = (compute(&entree).expect("valid data"), compute(&agrandi).expect("valid data"));
        for (avant, apres) in avant.internats.iter().zip(&apres.internats) {
            prop_assert!(avant.barre_maximale <= apres.barre_maximale && avant.barre <= apres.barre);
        }
    }

    #[test]
    fn playing_the_day_again_proposes_nothing(graine: u64, profil in profil(true, false, 10..40)) {
        let mut entree = draw(graine, profil);
        // In a suspended groupe, a candidat placed there who waits for its internat is overtaken in it (P3): an alert on
        // sound data, as the reference gives it.
        entree.groupes.iter_mut().for_each(|groupe| groupe.admissions_suspendues = false);
        let sortie = compute(&entree).expect("valid data");
        prop_assert!(!sortie.alerte);
        let suivant = next_morning(&entree, &sortie, &finals(&entree, &sortie));
        prop_assert_eq!(compute(&suivant).expect("valid data").changements, vec![]);
    }

    #[test]
    fn without_boarding_places_are_filled_exactly(graine: u64, profil in profil(false, false, 1..40)) {
        let entree = draw(graine, profil);
        let sortie = compute(&entree).expect("valid data");
        let finals = finals(&entree, &sortie);
        let v = &entree.voeux;
        for (g, groupe) in (0..).zip(&entree.groupes).filter(|(_, groupe)| !groupe.admissions_suspendues) {
            let of = |i: &usize| v.groupe[*i] == g;
            let before = (0..v.len()).filter(of).filter(|&i| v.etat[i].statut().is_proposition()).count() as i32;
            let waiting = (0..v.len()).filter(of).filter(|&i| v.etat[i].statut() == Statut::EnAttente);
            let under = waiting.clone().filter(|&i| v.rang_appel[i] <= groupe.rang_limite).count() as i32;
            let new = (0..v.len()).filter(of).filter(|&i| finals[i].is_proposition_du_jour()).count() as i32;
            let vacant = (groupe.places - before).max(0);
            prop_assert_eq!(new, vacant.max(under).min(waiting.count() as i32));
        }
    }

    #[test]
    fn the_repondeur_keeps_one_and_gives_up_for_better(graine: u64, profil in profil(true, true, 56..70)) {
        let entree = draw(graine, profil);
        let Ok(sortie) = compute(&entree) else { return Ok(()) };
        let finals = finals(&entree, &sortie);
        let v = &entree.voeux;
        for &c in &entree.repondeurs {
            let own: Vec<usize> = (0..v.len()).filter(|&i| v.candidat[i] == c).collect();
            let kept: Vec<usize> = own.iter().copied().filter(|&i| finals[i].is_proposition()).collect();
            prop_assert!(kept.len() <= 1);
            for &i in own.iter().filter(|&&i| finals[i] == Statut::RaDemissionAttente) {
                prop_assert!(v.rang_preference[kept[0]] < v.rang_preference[i]);
            }
        }
    }

    /// Some mornings in a row with the repair: none is refused for what the night before left behind.
    #[test]
    fn a_repaired_night_is_accepted_the_next_morning(graine: u64, profil in profil(true, true, 56..60)) {
        let mut entree = draw(graine, profil);
        let options = Options { reparation: true };
        let Ok(mut sortie) = compute_with(&entree, &options) else { return Ok(()) };
        for _ in 0..3 {
            prop_assert_eq!(unknown_violations(&entree, &sortie), vec![]);
            prop_assert_eq!(&sortie.changements_ecartes, &vec![]);
            entree = next_morning(&entree, &sortie, &finals(&entree, &sortie));
            entree.parametres.jour += 1;
            let suivante = compute_with(&entree, &options);
            prop_assert!(suivante.is_ok(), "{:?}", suivante);
            sortie = suivante.expect("checked");
        }
    }
}

#[test]
fn the_number_of_threads_does_not_count() {
    // Large enough for the table to be built in several parts.
    let entree =
        draw(7, Profil { candidats: 3000, formations: 40, internats: true, reponses: true, jour: 58 });
    assert!(entree.voeux.len() > 1 << 16, "{}", entree.voeux.len());
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| compute(&entree))
    };
    let one = run(1);
    assert!(one.is_ok(), "{one:?}");
    for threads in [2, 3, 7] {
        assert_eq!(run(threads), one);
    }
}

/// Days that have nothing in common, one after the other in the same lists.
fn side_by_side(jours: &[(Entree, Sortie)]) -> Entree {
    let mut tous = Entree { parametres: jours[0].0.parametres, ..Entree::default() };
    for (n, (jour, _)) in (1..).zip(jours) {
        let (candidats, groupes) = (tous.nombre_candidats, tous.groupes.len() as u32);
        let internats = tous.internats.len() as u32;
        tous.nombre_candidats += jour.nombre_candidats;
        // The formations of all these days are mixed in the working order.
        tous.groupes.extend(jour.groupes.iter().map(|&groupe| Groupe {
            formation: 10_000 * groupe.formation + n,
            groupe_classement: 10_000 * groupe.groupe_classement + n,
            ..groupe
        }));
        tous.internats.extend(jour.internats.iter().map(|&internat| Internat {
            classement_internat: 10_000 * internat.classement_internat + n,
            ..internat
        }));
        tous.repondeurs.extend(jour.repondeurs.iter().map(|candidat| candidats + candidat));
        let v = &jour.voeux;
        for i in 0..v.len() {
            let interne = v.en_internat.iter().find(|e| e.voeu as usize == i);
            tous.voeux.push(Voeu {
                candidat: candidats + v.candidat[i],
                groupe: groupes + v.groupe[i],
                rang_appel: v.rang_appel[i],
                etat: v.etat[i],
                rang_preference: v.rang_preference.get(i).copied().unwrap_or(0),
                internat: interne.map(|e| (internats + e.internat, e.rang)),
                ..Voeu::default()
            });
        }
    }
    tous
}

#[test]
fn days_that_have_nothing_in_common_do_not_touch_each_other() {
    for (reponses, jour) in [(false, 5), (true, 58)] {
        let profil = Profil { candidats: 60, formations: 6, internats: true, reponses, jour };
        let some: Vec<(Entree, Sortie)> = (0..30)
            .map(|graine| draw(graine, profil))
            .filter_map(|jour| {
                compute(&jour).ok().filter(|sortie| !sortie.alerte).map(|sortie| (jour, sortie))
            })
            .collect();
        // Again and again, to have more voeux than are handled in one part.
        let again = 1 + (1 << 16) / some.iter().map(|(jour, _)| jour.voeux.len()).sum::<usize>();
        let jours = vec![some; again].concat();
        let tous = side_by_side(&jours);
        let ensemble = compute(&tous).expect("valid data");
        let published = finals(&tous, &ensemble);
        let (mut voeu, mut groupe, mut internat) = (0, 0, 0);
        for (jour, seul) in &jours {
            let (n, g) = (jour.voeux.len(), jour.groupes.len());
            assert_eq!(published[voeu..voeu + n], finals(jour, seul));
            assert_eq!(ensemble.rangs_attente[voeu..voeu + n], seul.rangs_attente);
            // Bars are those of the last pass, and tell who is displayed as called.
            if seul.passages == ensemble.passages {
                assert_eq!(ensemble.groupes[groupe..groupe + g], seul.groupes);
                for (i, affichage) in seul.internats.iter().enumerate() {
                    let mut expected = affichage.clone();
                    expected.affichages.iter_mut().for_each(|barres| barres.groupe += groupe as u32);
                    assert_eq!(ensemble.internats[internat + i], expected);
                }
            }
            voeu += n;
            groupe += g;
            internat += jour.internats.len();
        }
    }
}

#[test]
fn there_may_be_more_groupes_than_sixteen_bits_can_number() {
    let groupes = 66_000;
    let mut entree = Entree {
        parametres: Parametres { jour: 1, ..Parametres::default() },
        nombre_candidats: 2,
        ..Entree::default()
    };
    for code in 0..groupes {
        // Those beyond the first 65,536 have no place.
        entree.groupes.push(Groupe {
            formation: code,
            places: i32::from(code < 1 << 16),
            ..Groupe::default()
        });
    }
    // From the last groupe to the first, the second candidat before the first.
    for groupe in (0..groupes as u32).rev() {
        for candidat in [1, 0] {
            let rang_appel = candidat as i32 + 1;
            entree.voeux.push(Voeu { candidat, groupe, rang_appel, ..Voeu::default() });
        }
    }
    let changements = compute(&entree).expect("valid data").changements;
    let best = |c: &Changement| c.voeu % 2 == 1 && c.statut == Statut::PropositionDuJour;
    assert!(changements.len() == 1 << 16 && changements.iter().all(best));
    assert!(changements.iter().all(|c| entree.voeux.groupe[c.voeu as usize] < 1 << 16));
}

#[test]
fn what_the_input_proposes_is_answered_however_many_there_are() {
    // Everybody has ordered two voeux; the first is proposed, the second given up for it.
    let candidats = 1 << 15;
    let places = i32::MAX;
    let mut entree = Entree {
        parametres: Parametres { jour: 9, jour_debut_gdd: 1, ..Parametres::default() },
        nombre_candidats: candidats,
        groupes: vec![Groupe { places, ..Groupe::default() }, Groupe { formation: 1, ..Groupe::default() }],
        ..Entree::default()
    };
    for candidat in 0..candidats {
        let base = Voeu { candidat, rang_appel: candidat as i32 + 1, ..Voeu::default() };
        let etat = Etat::new(Statut::PropositionDuJour);
        entree.voeux.push(Voeu { etat, rang_preference: 1, ..base });
        entree.voeux.push(Voeu { groupe: 1, rang_preference: 2, ..base });
    }
    let sortie = compute(&entree).expect("valid data");
    let odd = |c: &Changement| c.voeu % 2 == 1 && c.statut == Statut::GddDemissionAttente;
    assert!(sortie.changements.len() == candidats as usize && sortie.changements.iter().all(odd));
}

#[test]
fn a_candidat_is_in_one_groupe_of_a_formation_however_large() {
    let candidats = 20_000;
    let mut entree = Entree { nombre_candidats: candidats, ..Entree::default() };
    entree.groupes = (0..3).map(|g| Groupe { groupe_classement: g, ..Groupe::default() }).collect();
    for candidat in 0..candidats {
        entree.voeux.push(Voeu { candidat, rang_appel: candidat as i32 + 1, ..Voeu::default() });
    }
    entree.voeux.push(Voeu { candidat: 7, groupe: 2, rang_appel: 1, ..Voeu::default() });
    let refus = compute(&entree).expect_err("twice in the formation");
    assert_eq!((refus.motif, refus.lieu), (Motif::VoeuEnDouble, Lieu::Voeu(candidats)));
    // Another formation: another voeu.
    entree.groupes[2].formation = 1;
    assert!(compute(&entree).is_ok());
}
