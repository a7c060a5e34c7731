//! The independent verifier on results that break one rule at a time, and on those that come just short of it. A statut of the
//! evening is most often given in the input: the verifier looks at what stands at the end, whoever put it there.

use crate::commun::{Variante, day, internat, voeu, with};
use engine::propositions::{
    AffichageGroupe, AffichageInternat, Changement, Entree, Lieu, Regle, SANS_LIMITE, Sortie, Statut,
    Violation, Voeu, VoeuInternat, compute, verify,
};

const P: Statut = Statut::PropositionDuJour;
const RA: Statut = Statut::RaAcceptation;
const KEPT: Statut = Statut::AnterieureAcceptee;
const GONE: Statut = Statut::RefusOuDemission;

/// Nothing changes and nothing is shown; no bar.
fn blank(entree: &Entree) -> Sortie {
    let affichage = AffichageInternat { barre_maximale: SANS_LIMITE, barre: SANS_LIMITE, affichages: vec![] };
    Sortie {
        rangs_attente: vec![0; entree.voeux.len()],
        groupes: vec![AffichageGroupe::default(); entree.groupes.len()],
        internats: vec![affichage; entree.internats.len()],
        ..Sortie::default()
    }
}

fn places(entree: &Entree, sortie: &Sortie, regle: Regle) -> Vec<Lieu> {
    verify(entree, sortie).into_iter().filter(|v| v.regle == regle).map(|v| v.lieu).collect()
}

/// Is the rule broken by these statuts?
fn breaks(entree: &Entree, regle: Regle) -> bool {
    !places(entree, &blank(entree), regle).is_empty()
}

/// A groupe (places, rang limite) with an internat of ten places, after the reservation.
fn groupe(places: i32, rang_limite: i32, voeux: &[Voeu]) -> Entree {
    let mut entree = day(12, &[(places, rang_limite), (places, rang_limite)]);
    entree.internats = vec![internat(8, 10), internat(9, 10)];
    with(entree, voeux)
}

fn ignored(v: Voeu) -> Voeu {
    Voeu { etat: v.etat.with_ignorer_rang_attente(true), ..v }
}

#[test]
fn p1_nobody_waits_before_whoever_is_proposed() {
    let p1 = |voeux: &[Voeu]| breaks(&groupe(1, 0, voeux), Regle::P1);
    let first = voeu(0, 0, 1);
    assert!(p1(&[first, voeu(1, 0, 2).statut(P)]));
    assert!(p1(&[voeu(1, 0, 2).statut(P), first]), "whatever the order of the list");
    assert!(p1(&[first, voeu(1, 0, 2).statut(P), voeu(2, 0, 3)]), "the first who waits counts");
    assert!(!p1(&[voeu(0, 0, 1).statut(P), voeu(1, 0, 2)]));
    assert!(!p1(&[first, voeu(1, 1, 2).statut(P)]), "in another groupe");
    assert!(!p1(&[first, voeu(1, 0, 2).statut(KEPT)]), "proposed on another day");
    assert!(!p1(&[first.statut(GONE), voeu(1, 0, 2).statut(P)]), "does not wait");
    assert!(!p1(&[first, voeu(0, 0, 1).interne(0, 1).statut(P)]), "the other variant, at the same rank");
    let placed = [first, voeu(1, 0, 2).statut(KEPT), voeu(1, 0, 2).interne(0, 1).statut(P)];
    assert!(!p1(&placed), "already has the formation");
}

#[test]
fn p1_whoever_is_beyond_the_bar_waits_for_the_internat_only() {
    let entree = groupe(1, 0, &[voeu(0, 0, 1).interne(0, 5), voeu(1, 0, 2).statut(P)]);
    let p1 = |entree: &Entree, barre: i32| {
        let mut sortie = blank(entree);
        sortie.internats[0].barre = barre;
        places(entree, &sortie, Regle::P1)
    };
    assert_eq!(p1(&entree, 5), [Lieu::Groupe(0)]);
    assert_eq!(p1(&entree, 4), []);
    // A place given back the same night: bars may have come down since, they tell nothing, whether or not it was repaired.
    let mut given_back = entree.clone();
    given_back.voeux.push(voeu(2, 1, 1).ordonne(1).statut(KEPT));
    let changements = vec![Changement { voeu: 2, statut: Statut::RaRefusProposition }];
    for repaired in [false, true] {
        let changements = changements.clone();
        let sortie = Sortie { alerte: repaired, reparee: repaired, changements, ..blank(&given_back) };
        assert_eq!(places(&given_back, &sortie, Regle::P1), []);
    }
    // Nor when something is withheld, unless the night was repaired.
    for (reparee, expected) in [(false, &[][..]), (true, &[Lieu::Groupe(0)])] {
        let sortie = Sortie { alerte: true, reparee, ..blank(&entree) };
        assert_eq!(places(&entree, &sortie, Regle::P1), expected);
    }
}

#[test]
fn everybody_under_the_rang_limite_is_called() {
    let bloc = |limite: i32, voeux: &[Voeu]| breaks(&groupe(0, limite, voeux), Regle::Bloc);
    assert!(bloc(3, &[voeu(0, 0, 3)]));
    assert!(!bloc(2, &[voeu(0, 0, 3)]));
    assert!(!bloc(3, &[voeu(0, 0, 3).statut(P)]));
    let mut suspendu = groupe(0, 3, &[voeu(0, 0, 3)]);
    suspendu.groupes[0].admissions_suspendues = true;
    assert!(!breaks(&suspendu, Regle::Bloc));
    // Closed by the repair, it is like suspended.
    let entree = groupe(0, 3, &[voeu(0, 0, 3)]);
    let ferme = Sortie { alerte: true, reparee: true, groupes_ecartes: vec![0], ..blank(&entree) };
    assert_eq!(places(&entree, &ferme, Regle::Bloc), []);
}

#[test]
fn p4_no_proposition_beyond_the_places() {
    let p4 = |places: i32, limite: i32, voeux: &[Voeu]| breaks(&groupe(places, limite, voeux), Regle::P4);
    let two = [voeu(0, 0, 4).statut(P), voeu(1, 0, 5).statut(P)];
    assert!(p4(1, 0, &two));
    assert!(!p4(2, 0, &two));
    assert!(p4(1, 3, &two) && !p4(1, 4, &two), "called by block");
    for (autre, excused) in
        [(Statut::RaRefusProposition, true), (Statut::GddDemissionProposition, true), (GONE, false)]
    {
        let with_autre = [two[0], two[1], voeu(2, 0, 3).statut(autre)];
        assert_eq!(!p4(1, 3, &with_autre), excused, "{autre:?}");
        assert!(p4(1, 2, &with_autre));
    }
    // Over its places since earlier: nobody new has entered.
    let kept = voeu(2, 0, 1).statut(KEPT);
    assert!(!p4(0, 0, &[kept]));
    assert!(!p4(0, 0, &[kept, voeu(2, 0, 1).interne(0, 1).statut(P)]), "the other variant");
    assert!(p4(0, 0, &[kept, voeu(3, 0, 2).statut(P)]));
    assert!(!p4(0, 0, &[voeu(2, 0, 0).statut(KEPT), voeu(3, 0, 2).statut(P)]), "rank 0 is under any limit");
    let mut suspendu = groupe(0, 0, &two);
    suspendu.groupes[0].admissions_suspendues = true;
    assert!(!breaks(&suspendu, Regle::P4));
}

#[test]
fn p4_no_place_left_empty_while_somebody_waits() {
    let p4 = |places: i32, voeux: &[Voeu]| breaks(&groupe(places, 0, voeux), Regle::P4);
    let served = voeu(0, 0, 1).statut(P);
    assert!(p4(2, &[served, voeu(1, 0, 2)]));
    assert!(!p4(1, &[served, voeu(1, 0, 2)]));
    assert!(!p4(2, &[served, voeu(1, 0, 2).statut(GONE)]));
    assert!(!p4(2, &[served]));
}

#[test]
fn p2_nobody_is_overtaken_in_both_orders() {
    let p2 = |voeux: &[Voeu]| breaks(&groupe(9, 0, voeux), Regle::P2);
    let (first, second) = (voeu(0, 0, 1).interne(0, 1), voeu(1, 0, 2).interne(0, 2).statut(P));
    assert!(p2(&[first, second]));
    assert!(!p2(&[first.statut(GONE), second]), "does not wait");
    assert!(!p2(&[first, second.statut(KEPT)]), "proposed on another day");
    assert!(!p2(&[voeu(0, 0, 1).interne(0, 3), second]), "worse ranked in the internat");
    assert!(!p2(&[voeu(0, 0, 3).interne(0, 1), second]), "worse ranked in the groupe");
    assert!(!p2(&[voeu(0, 0, 1).interne(0, 2), second]), "as well ranked in the internat");
    assert!(!p2(&[voeu(0, 0, 2).interne(0, 1), second]), "as well ranked in the groupe");
    assert!(!p2(&[voeu(0, 0, 1).interne(1, 1), second]), "another internat");
    assert!(!p2(&[voeu(0, 1, 1).interne(0, 1), second]), "another groupe");
    assert!(!p2(&[ignored(first), second]) && !p2(&[first, ignored(second)]), "reinstated");
    assert!(!p2(&[voeu(0, 0, 1), second]), "asks for no internat");
    // The best ranked of those who wait before, per internat.
    let third = voeu(2, 0, 3).interne(0, 2).statut(P);
    assert!(p2(&[voeu(0, 0, 1).interne(0, 3), voeu(1, 0, 2).interne(0, 1), third]));
    assert!(p2(&[voeu(0, 0, 1).interne(0, 1), voeu(1, 0, 2).interne(0, 3), third]));
    assert!(!p2(&[voeu(0, 0, 1).interne(0, 3), voeu(1, 0, 2).interne(0, 4), third]));
    assert!(!p2(&[voeu(0, 0, 1).interne(0, 3), voeu(1, 0, 2).interne(1, 1), third]));
    assert!(p2(&[voeu(0, 0, 1).interne(1, 1), voeu(1, 0, 2).interne(0, 1), third]));
    // Whoever has, had this morning or was given today another claim enters by it.
    for (statut, claims) in [
        (KEPT, true),
        (P, true),
        (Statut::RaRefusProposition, true),
        (Statut::GddDemissionProposition, true),
        (GONE, false),
        (Statut::EnAttente, false),
    ] {
        assert_eq!(!p2(&[first, second, voeu(1, 0, 2).statut(statut)]), claims, "{statut:?}");
        assert_eq!(!p2(&[first, second, voeu(1, 1, 9).interne(0, 2).statut(statut)]), claims, "{statut:?}");
        assert!(p2(&[first, second, voeu(1, 1, 9).interne(1, 2).statut(statut)]), "{statut:?}");
        assert!(p2(&[first, second, voeu(2, 0, 9).statut(statut)]), "{statut:?}");
    }
    let morning = groupe(9, 0, &[first, second, voeu(1, 0, 2).statut(KEPT)]);
    let changements = vec![Changement { voeu: 2, statut: GONE }];
    assert_eq!(places(&morning, &Sortie { changements, ..blank(&morning) }, Regle::P2), []);
}

#[test]
fn p3_nobody_placed_in_its_groupe_is_overtaken_in_the_internat() {
    let p3 = |voeux: &[Voeu]| breaks(&groupe(9, 0, voeux), Regle::P3);
    let (placed, waiting) = (voeu(0, 0, 1).statut(KEPT), voeu(0, 0, 1).interne(0, 1));
    let entered = voeu(1, 1, 1).interne(0, 2).statut(P);
    assert!(p3(&[placed, waiting, entered]));
    assert!(p3(&[placed.statut(P), waiting, entered]));
    assert!(!p3(&[placed.statut(GONE), waiting, entered]), "has no place in the groupe");
    assert!(!p3(&[voeu(0, 1, 1).statut(KEPT), waiting, entered]), "a place in another groupe");
    assert!(!p3(&[voeu(2, 0, 1).statut(KEPT), waiting, entered]), "the place of another");
    assert!(!p3(&[placed, waiting.statut(GONE), entered]), "does not wait");
    assert!(!p3(&[placed, voeu(0, 0, 1).interne(0, 3), entered]), "worse ranked");
    assert!(!p3(&[placed, waiting, voeu(0, 1, 1).interne(0, 1).statut(P)]), "entered by another voeu");
    assert!(!p3(&[placed, voeu(0, 0, 1).interne(1, 1), entered]), "another internat");
    assert!(!p3(&[placed, waiting, entered.statut(KEPT)]), "entered on another day");
    assert!(!p3(&[placed, ignored(waiting), entered]) && !p3(&[placed, waiting, ignored(entered)]));
    assert!(!p3(&[placed, waiting, entered, voeu(1, 0, 2).interne(0, 2).statut(KEPT)]), "was there before");
    // Among several, the best of those who wait and the last of those who enter.
    assert!(p3(&[placed, waiting, voeu(2, 0, 2).statut(KEPT), voeu(2, 0, 2).interne(0, 3), entered]));
    assert!(p3(&[placed, voeu(0, 0, 1).interne(0, 3), entered, voeu(3, 1, 2).interne(0, 4).statut(P)]));
}

#[test]
fn the_bar_stays_under_its_maximum_and_nobody_enters_beyond_it() {
    let with_bars = |entree: &Entree, barre: i32, barre_maximale: i32, regle: Regle| {
        let mut sortie = blank(entree);
        sortie.internats[0] = AffichageInternat { barre_maximale, barre, affichages: vec![] };
        let proposed = Changement { voeu: 0, statut: P };
        sortie.changements = vec![proposed];
        places(entree, &sortie, regle)
    };
    let entree = groupe(9, 0, &[voeu(0, 0, 1).interne(0, 5)]);
    assert_eq!(with_bars(&entree, 7, 6, Regle::P3), [Lieu::Internat(0)]);
    assert_eq!(with_bars(&entree, 7, 7, Regle::P3), []);
    assert_eq!(with_bars(&entree, 4, 7, Regle::Barre), [Lieu::Internat(0)]);
    assert_eq!(with_bars(&entree, 5, 7, Regle::Barre), []);
    let mut waits = blank(&entree);
    waits.internats[0].barre = 4;
    assert_eq!(places(&entree, &waits, Regle::Barre), [], "waits beyond it");
    // Whoever had the internat this morning is not stopped.
    let mut had = entree.clone();
    had.voeux.push(voeu(0, 1, 1).interne(0, 5).statut(KEPT));
    assert_eq!(with_bars(&had, 4, 7, Regle::Barre), []);
    // A proposition that was in the input is not ours.
    let mut input = entree.clone();
    input.voeux.etat[0] = input.voeux.etat[0].with_statut(P);
    assert_eq!(with_bars(&input, 4, 7, Regle::Barre), []);
    // An internat set aside is not looked at, unless the night was repaired.
    let mut sortie = blank(&entree);
    sortie.internats[0].barre_maximale = 1;
    sortie.internats_ecartes = vec![0];
    for (reparee, expected) in [(false, &[][..]), (true, &[Lieu::Internat(0)])] {
        let sortie = Sortie { alerte: true, reparee, ..sortie.clone() };
        assert_eq!(places(&entree, &sortie, Regle::P3), expected);
    }
}

#[test]
fn p5_no_internat_over_its_capacity() {
    let p5 = |capacite: i32, voeux: &[Voeu]| {
        let mut entree = groupe(9, 0, voeux);
        entree.internats[0].capacite = capacite;
        places(&entree, &blank(&entree), Regle::P5)
    };
    let two = [voeu(0, 0, 1).interne(0, 1).statut(P), voeu(1, 1, 1).interne(0, 2).statut(P)];
    assert_eq!(p5(1, &two), [Lieu::Internat(0)]);
    assert_eq!(p5(2, &two), []);
    let kept = voeu(0, 0, 1).interne(0, 1).statut(KEPT);
    assert_eq!(p5(0, &[kept]), [], "over its capacity since earlier");
    assert_eq!(p5(0, &[kept, voeu(0, 1, 1).interne(0, 1).statut(P)]), [], "by another voeu");
    assert_eq!(p5(0, &[kept, two[1]]), [Lieu::Internat(0)]);
    assert_eq!(p5(0, &[voeu(0, 0, 1).interne(1, 1).statut(P)]), [], "in another internat");
    // What is set aside takes no place.
    let mut entree = groupe(9, 0, &two);
    entree.internats[0].capacite = 1;
    let sortie = Sortie { alerte: true, groupes_ecartes: vec![1], ..blank(&entree) };
    assert_eq!(places(&entree, &sortie, Regle::P5), []);
}

#[test]
fn p6_a_bar_below_its_maximum_cannot_be_higher() {
    // An internat of one place, taken by 0; 1 stands right beyond the bar, 2 further.
    let evening = |autres: &[Voeu]| {
        let entered = voeu(0, 0, 1).interne(0, 1);
        let mut entree = groupe(2, 0, &[&[entered], autres].concat());
        entree.internats[0].capacite = 1;
        entree
    };
    let p6 = |entree: &Entree, (barre, barre_maximale): (i32, i32), spoil: &dyn Fn(&mut Sortie)| {
        let mut sortie = blank(entree);
        sortie.internats[0] = AffichageInternat { barre_maximale, barre, affichages: vec![] };
        sortie.changements = vec![Changement { voeu: 0, statut: P }];
        spoil(&mut sortie);
        places(entree, &sortie, Regle::P6)
    };
    let as_is = |_: &mut Sortie| {};
    let higher = [Lieu::Internat(0)];
    let held_back = voeu(1, 0, 2).interne(0, 5);
    let entree = evening(&[held_back, voeu(2, 0, 3).interne(0, 7)]);
    assert_eq!(p6(&entree, (4, 9), &as_is), []);
    assert_eq!(p6(&entree, (6, 9), &as_is), [], "the next one");
    for barre in [2, 3, 5, 7] {
        assert_eq!(p6(&entree, (barre, 9), &as_is), higher, "nobody is right beyond {barre}");
    }
    assert_eq!(p6(&entree, (5, 5), &as_is), [], "at its maximum");
    assert_eq!(p6(&entree, (4, SANS_LIMITE), &as_is), []);
    // Not full.
    let mut larger = entree.clone();
    larger.internats[0].capacite = 2;
    assert_eq!(p6(&larger, (4, 9), &as_is), higher);
    // Over its capacity since earlier: full all the same.
    let mut smaller = entree.clone();
    smaller.internats[0].capacite = 0;
    assert_eq!(p6(&smaller, (4, 9), &as_is), []);
    // Who stands beyond the bar must have waited there this morning, in a groupe that is open, and still not be in.
    assert_eq!(p6(&evening(&[held_back.statut(GONE)]), (4, 9), &as_is), higher);
    assert_eq!(p6(&evening(&[held_back, voeu(1, 1, 1).interne(0, 5).statut(KEPT)]), (4, 9), &as_is), higher);
    assert_eq!(p6(&entree, (4, 9), &|s| s.changements.push(Changement { voeu: 1, statut: P })), higher);
    let mut suspendu = entree.clone();
    suspendu.groupes[0].admissions_suspendues = true;
    assert_eq!(p6(&suspendu, (4, 9), &as_is), higher);
    let resigned = Changement { voeu: 1, statut: Statut::GddDemissionAttente };
    assert_eq!(p6(&entree, (4, 9), &|s| s.changements.push(resigned)), [], "resigned since");
    // The formation must call them: places before them, or by block, or because they have it already.
    let called = |places: i32, rang_limite: i32, autres: &[Voeu]| {
        let mut entree = evening(autres);
        (entree.groupes[0].places, entree.groupes[0].rang_limite) = (places, rang_limite);
        p6(&entree, (4, 9), &as_is).is_empty()
    };
    assert!(called(2, 0, &[held_back]));
    assert!(!called(1, 0, &[held_back]), "the place went to who is before");
    assert!(!called(1, 1, &[held_back]) && called(1, 2, &[held_back]), "by block");
    assert!(called(1, 0, &[held_back, voeu(1, 0, 2).statut(KEPT)]), "already has the formation");
    assert!(!called(2, 0, &[held_back, voeu(3, 0, 9).statut(KEPT)]), "kept since earlier");
    assert!(!called(2, 0, &[held_back, voeu(3, 0, 9).statut(P)]), "proposed before today's calls");
    assert!(called(2, 0, &[held_back, voeu(0, 0, 1).statut(KEPT)]), "one candidat, one place");
    assert!(called(2, 0, &[held_back, voeu(3, 1, 1).statut(KEPT)]), "another groupe");
    // Whoever was called further down today took the place that this one would have had.
    let further = |rang: i32| {
        let entree = evening(&[held_back, voeu(3, 0, rang)]);
        p6(&entree, (4, 9), &|s| s.changements.push(Changement { voeu: 2, statut: P }))
    };
    assert_eq!((further(9), further(1)), (vec![], vec![Lieu::Internat(0)]));
    // What is withheld tells nothing, unless the night was repaired.
    for (alerte, reparee, expected) in
        [(true, false, &[][..]), (true, true, &higher), (false, false, &higher)]
    {
        let found = p6(&larger, (4, 9), &|s| (s.alerte, s.reparee) = (alerte, reparee));
        assert_eq!(found, expected);
    }
}

/// A night of répondeur, once answers are checked: candidat 0 has one.
fn answers(jour: i32, voeux: &[Voeu]) -> Entree {
    let mut entree = with(day(jour, &[(9, 0); 4]), voeux);
    entree.repondeurs = vec![0];
    entree
}

#[test]
fn p7_automatic_answers() {
    let p7 = |voeux: &[Voeu]| {
        let found = places(&answers(60, voeux), &blank(&answers(60, voeux)), Regle::P7);
        assert!(found.iter().all(|&lieu| lieu == Lieu::Candidat(voeux[0].candidat)), "{found:?}");
        !found.is_empty()
    };
    let choice = |g: u32, rang: i32, statut: Statut| voeu(0, g, 1).ordonne(rang).statut(statut);
    let (waits, refused, resigned) =
        (Statut::EnAttente, Statut::RaRefusProposition, Statut::RaDemissionAttente);
    // P7.1: only a répondeur answers.
    for statut in [RA, resigned, refused] {
        assert!(p7(&[voeu(1, 0, 1).ordonne(1).statut(statut)]), "{statut:?}");
    }
    for statut in [P, waits, KEPT, Statut::GddDemissionAttente, Statut::GddDemissionProposition] {
        assert!(!p7(&[voeu(1, 0, 1).ordonne(1).statut(statut)]), "{statut:?}");
    }
    // P7.2: one proposition, those outside the main procedure apart.
    assert!(!p7(&[choice(0, 1, RA)]));
    assert!(p7(&[choice(0, 1, RA), choice(1, 2, KEPT)]));
    let outside = Voeu { etat: choice(1, 2, KEPT).etat.with_hors_pp(true), ..choice(1, 2, KEPT) };
    assert!(!p7(&[choice(0, 1, RA), outside]));
    // P7.3: given up for a proposition accepted, ordered, and better.
    assert!(!p7(&[choice(0, 1, RA), choice(1, 2, refused), choice(2, 3, resigned)]));
    assert!(p7(&[choice(0, 1, waits), choice(1, 2, refused)]));
    assert!(p7(&[choice(0, 1, waits), choice(1, 2, resigned)]));
    assert!(p7(&[choice(0, 1, KEPT), choice(1, 2, refused)]));
    assert!(p7(&[choice(0, 0, RA), choice(1, 2, refused)]));
    assert!(!p7(&[choice(0, 2, RA), choice(1, 1, refused)]));
    assert!(p7(&[choice(0, 2, RA), choice(1, 1, resigned)]));
    // P7.4: all ordered, but what was proposed before or refused today.
    for statut in Statut::TOUS {
        let was_proposed = matches!(
            statut,
            Statut::AnterieureSansReponse | Statut::AnterieureAcceptee | Statut::AnterieureRefusee
        );
        assert_eq!(!p7(&[choice(0, 0, statut)]), was_proposed, "{statut:?}");
    }
    assert!(!p7(&[choice(0, 1, RA), choice(1, 0, refused)]));
    // P7.5: two voeux do not have the same rank.
    assert!(p7(&[choice(0, 3, waits), choice(1, 2, waits), choice(2, 3, GONE)]));
    assert!(!p7(&[choice(0, 3, waits), choice(1, 2, waits), choice(2, 1, GONE)]));
    assert!(!p7(&[choice(0, 1, RA), choice(1, 0, refused), choice(2, 0, refused)]), "not ordered");
    // P7.6: the best that is waited for is better than the proposition.
    assert!(!p7(&[choice(0, 2, RA), choice(1, 1, waits), choice(2, 3, waits)]));
    assert!(p7(&[choice(0, 1, RA), choice(1, 2, waits)]));
    assert!(!p7(&[choice(0, 0, KEPT), choice(1, 2, waits)]));
}

#[test]
fn p8_resigned_for_something_better_while_others_wait() {
    let p8 = |jour: i32, voeux: &[Voeu]| breaks(&answers(jour, voeux), Regle::P8);
    let choice = |g: u32, rang: i32, statut: Statut| voeu(1, g, 1).ordonne(rang).statut(statut);
    let waits = choice(0, 1, Statut::EnAttente);
    for resigned in [Statut::GddDemissionAttente, Statut::GddDemissionProposition] {
        assert!(p8(60, &[waits, choice(1, 3, resigned)]), "for nothing");
        assert!(!p8(60, &[waits, choice(1, 3, resigned), choice(2, 2, P)]));
        assert!(!p8(60, &[waits, choice(1, 3, resigned), choice(2, 3, P)]));
        assert!(p8(60, &[waits, choice(1, 3, resigned), choice(2, 4, P)]), "for something worse");
        assert!(p8(60, &[waits, choice(1, 3, resigned), choice(2, 0, P)]), "for what is not ordered");
        assert!(p8(60, &[waits, choice(1, 3, resigned), choice(2, 2, KEPT)]), "for what it had");
        assert!(!p8(60, &[choice(1, 3, resigned)]), "waits for nothing");
        // The best of what is resigned, the worst of what is proposed.
        assert!(p8(60, &[waits, choice(1, 3, resigned), choice(2, 5, resigned), choice(3, 4, P)]));
        assert!(p8(60, &[waits, choice(1, 3, resigned), choice(2, 2, P), choice(3, 4, P)]));
        // Before the first day of the resignations, and until the ordering is over, nothing is looked at.
        let early = [waits, choice(1, 3, resigned)];
        assert_eq!([49, 50, 54, 55].map(|jour| p8(jour, &early)), [false, false, false, true]);
    }
    assert!(!p8(60, &[waits, choice(1, 3, GONE)]));
    let before = |jour: i32| breaks(&answers(jour, &[voeu(1, 0, 1).statut(RA)]), Regle::P7);
    assert_eq!([49, 50, 54, 55].map(before), [true, false, false, true]);
    // One half of the voeux of a candidat is withheld: nothing is said of its answers.
    let entree = answers(60, &[waits, choice(1, 3, Statut::GddDemissionAttente)]);
    let sortie = Sortie { alerte: true, groupes_ecartes: vec![0], ..blank(&entree) };
    assert_eq!(places(&entree, &sortie, Regle::P8), []);
}

/// What may become of a voeu, by whom: (evening, mornings, with a répondeur, ordered, from the day of resignations only).
type Permis = (Statut, &'static [Statut], Option<bool>, Option<bool>, bool);

#[test]
fn a_statut_changes_only_as_the_rules_say() {
    const A: Statut = Statut::EnAttente;
    const LIBRE: Statut = Statut::AnterieureSansReponse;
    let permis: &[Permis] = &[
        (P, &[A], Some(false), None, false),
        (P, &[A], Some(true), Some(false), false),
        (RA, &[A], Some(true), Some(true), false),
        (Statut::RaDemissionAttente, &[A], Some(true), Some(true), false),
        (Statut::RaRefusProposition, &[A, LIBRE, KEPT, P, RA], Some(true), None, false),
        (Statut::GddDemissionAttente, &[A], Some(false), Some(true), true),
        (Statut::GddDemissionProposition, &[A, LIBRE, P, RA], Some(false), Some(true), true),
    ];
    for after in Statut::TOUS {
        for before in Statut::TOUS {
            for marks in 0..32_u32 {
                let [actif, ordonne, gdd, suspendu, hors_pp] = [1, 2, 4, 8, 16].map(|bit| marks & bit != 0);
                let v = voeu(u32::from(!actif), 0, 1).statut(before).ordonne(i32::from(ordonne));
                let v = Voeu { etat: v.etat.with_hors_pp(hors_pp), ..v };
                // Somebody else has ordered something: the column of preferences is there.
                let autre = voeu(9, 1, 1).ordonne(1);
                let mut entree = answers(if gdd { 50 } else { 49 }, &[v, autre]);
                entree.groupes[0].admissions_suspendues = suspendu;
                let changements = vec![Changement { voeu: 0, statut: after }];
                let sortie = Sortie { changements, ..blank(&entree) };
                let allowed = permis.iter().any(|&(to, from, with_repondeur, with_order, from_gdd)| {
                    to == after
                        && from.contains(&before)
                        && with_repondeur.is_none_or(|with| with == actif)
                        && with_order.is_none_or(|with| with == ordonne)
                        && (gdd || !from_gdd)
                });
                let open = !suspendu || !after.is_proposition_du_jour();
                let expected: &[Lieu] = if allowed && open && !hors_pp { &[] } else { &[Lieu::Voeu(0)] };
                assert_eq!(
                    places(&entree, &sortie, Regle::Transition),
                    expected,
                    "{before:?} {after:?} {marks}"
                );
            }
        }
    }
}

#[test]
fn what_is_set_aside_is_not_published() {
    let entree = groupe(1, 0, &[voeu(0, 0, 1), voeu(1, 1, 1)]);
    let changements = vec![Changement { voeu: 0, statut: P }];
    let sortie = Sortie { alerte: true, groupes_ecartes: vec![0], changements, ..blank(&entree) };
    assert_eq!(places(&entree, &sortie, Regle::Forme), [Lieu::Voeu(0)]);
    // Closed by the repair, nothing is proposed there either.
    let closed = Sortie { reparee: true, ..sortie };
    assert_eq!(places(&entree, &closed, Regle::Forme), []);
    assert_eq!(places(&entree, &closed, Regle::Transition), [Lieu::Voeu(0)]);
    // A groupe set aside is out of sight, the other is not.
    let over = groupe(0, 0, &[voeu(0, 0, 1).statut(P), voeu(1, 1, 1).statut(P)]);
    let sortie = Sortie { alerte: true, groupes_ecartes: vec![0], ..blank(&over) };
    assert_eq!(places(&over, &sortie, Regle::P4), [Lieu::Groupe(1)]);
}

#[test]
fn a_result_has_the_form_of_its_day() {
    let base = || {
        let mut entree = groupe(2, 0, &[voeu(0, 0, 1), voeu(1, 0, 2), voeu(2, 1, 1).interne(0, 1)]);
        entree.repondeurs = vec![19];
        let sortie = compute(&entree).expect("a day");
        (entree, sortie)
    };
    let forme = [Violation { regle: Regle::Forme, lieu: Lieu::Colonnes }];
    let (entree, sortie) = base();
    assert_eq!(sortie.changements.len(), 3);
    assert_eq!(verify(&entree, &sortie), []);
    let of_result: [fn(&mut Sortie); 7] = [
        |s| s.rangs_attente.push(0),
        |s| s.groupes.push(AffichageGroupe::default()),
        |s| s.internats.clear(),
        |s| s.groupes_ecartes.push(2),
        |s| s.changements[2].voeu = 3,
        |s| s.changements.swap(0, 1),
        |s| s.changements[1] = s.changements[0],
    ];
    for spoil in of_result {
        let (entree, mut sortie) = base();
        spoil(&mut sortie);
        assert_eq!(verify(&entree, &sortie), forme);
    }
    let of_input: [fn(&mut Entree); 9] = [
        |e| e.voeux.groupe[0] = 2,
        |e| e.voeux.candidat[0] = 20,
        |e| e.repondeurs[0] = 20,
        |e| e.voeux.en_internat[0].voeu = 3,
        |e| e.voeux.en_internat[0].internat = 2,
        |e| e.voeux.groupe.push(0),
        |e| e.voeux.rang_appel.push(9),
        |e| e.voeux.etat.truncate(2),
        |e| e.voeux.candidat.push(0),
    ];
    for spoil in of_input {
        let (mut entree, sortie) = base();
        spoil(&mut entree);
        assert_eq!(verify(&entree, &sortie), forme);
    }
    // A rank without reference to an internat is one of the forms of the input.
    let (mut entree, sortie) = base();
    entree.voeux.en_internat[0].internat = VoeuInternat::SANS_REFERENCE;
    assert_eq!(verify(&entree, &sortie), []);
}

/// The displays of a day as computed, then spoilt: the places where they are found wrong.
fn spoilt(entree: &Entree, regle: Regle, spoil: impl Fn(&mut Sortie)) -> Vec<Lieu> {
    let mut sortie = compute(entree).expect("a day");
    assert_eq!(verify(entree, &sortie), []);
    spoil(&mut sortie);
    places(entree, &sortie, regle)
}

#[test]
fn waiting_ranks_are_those_of_the_call_order() {
    let rangs = |entree: &Entree, rangs: &[u32]| {
        spoilt(entree, Regle::RangAttente, |s| s.rangs_attente.copy_from_slice(rangs)).is_empty()
    };
    let voeux = [
        voeu(0, 0, 1).statut(KEPT),
        voeu(1, 0, 2),
        Voeu { etat: voeu(2, 0, 3).etat.with_internat(true), ..voeu(2, 0, 3) },
        voeu(2, 0, 3),
        voeu(3, 0, 4),
        voeu(4, 0, 5).interne(0, 1),
    ];
    let mut first_day = groupe(1, 0, &voeux);
    first_day.parametres.jour = 1;
    assert!(rangs(&first_day, &[0, 1, 2, 2, 3, 0]));
    for wrong in [
        [0, 0, 2, 2, 3, 0],
        [0, 1, 1, 2, 3, 0],
        [0, 1, 2, 3, 3, 0],
        [0, 1, 2, 2, 4, 0],
        [1, 1, 2, 2, 3, 0],
        [0, 1, 2, 2, 3, 1],
    ] {
        assert!(!rangs(&first_day, &wrong), "{wrong:?}");
    }
    // Later they may be better than the count, but neither worse nor worse than the eve, and always in order.
    let mut later = first_day.clone();
    later.parametres.jour = 4;
    later.voeux.rang_attente_veille = vec![0, 1, 2, 2, 4, 0];
    assert!(rangs(&later, &[0, 1, 2, 2, 3, 0]) && rangs(&later, &[0, 0, 1, 2, 2, 0]));
    for wrong in [[0, 1, 2, 2, 4, 0], [0, 1, 2, 1, 3, 0], [0, 1, 1, 3, 3, 0]] {
        assert!(!rangs(&later, &wrong), "{wrong:?}");
    }
    later.voeux.rang_attente_veille = vec![0, 1, 1, 1, 2, 0];
    assert!(rangs(&later, &[0, 1, 1, 1, 2, 0]) && !rangs(&later, &[0, 1, 1, 1, 3, 0]));
    // Ranks of the eve that go down: the order cannot be asked for.
    later.voeux.rang_attente_veille = vec![0, 1, 2, 2, 1, 0];
    assert!(rangs(&later, &[0, 1, 2, 2, 1, 0]));
    let number = |plus: i32| {
        let spoil = |s: &mut Sortie| {
            let shown = &mut s.groupes[0].candidats_en_attente;
            *shown = shown.wrapping_add_signed(plus);
        };
        spoilt(&first_day, Regle::RangAttente, spoil)
    };
    assert_eq!(number(0), []);
    assert_eq!([number(1), number(-1)], [[Lieu::Groupe(0)], [Lieu::Groupe(0)]]);
}

#[test]
fn the_last_one_called_is_before_whoever_waits() {
    let dernier = |entree: &Entree, rang: i32| {
        spoilt(entree, Regle::DernierAppele, |s| s.groupes[0].rang_dernier_appele_affiche = rang).is_empty()
    };
    let mut entree = groupe(3, 0, &[voeu(0, 0, 1), voeu(1, 0, 2), voeu(2, 0, 4), voeu(3, 0, 6)]);
    assert_eq!(
        [0, 2, 3, 4, 5, 6].map(|rang| dernier(&entree, rang)),
        [false, false, false, true, false, false]
    );
    // The rank shown, whatever the order in which it grows.
    entree.voeux.rang_appel_affiche = vec![1, 7, 3, 9];
    assert_eq!([3, 4, 7].map(|rang| dernier(&entree, rang)), [false, false, true]);
    // Proposed under the rang limite behind somebody who waits for another reason: it does not count.
    let mut blocked = groupe(0, 0, &[voeu(0, 0, 1), voeu(1, 0, 2).statut(P)]);
    let shown = |entree: &Entree, rang: i32| {
        let mut sortie = blank(entree);
        sortie.groupes[0].rang_dernier_appele_affiche = rang;
        places(entree, &sortie, Regle::DernierAppele).is_empty()
    };
    assert_eq!([0, 2].map(|rang| shown(&blocked, rang)), [true, false]);
    blocked.voeux.etat[0] = blocked.voeux.etat[0].with_ignorer_rang_attente(true);
    assert_eq!([0, 2].map(|rang| shown(&blocked, rang)), [false, true]);
    // With boarding the bars decide: it is left to the second computation.
    blocked.voeux.push(voeu(2, 0, 9).interne(0, 1));
    assert_eq!([0, 2].map(|rang| shown(&blocked, rang)), [true, true]);
}

#[test]
fn a_violation_is_told_in_words() {
    let cases = [
        (
            Regle::P1,
            Lieu::Groupe(3),
            "groupe à la position 3 : un candidat est doublé dans l’ordre d’appel (P1)",
        ),
        (Regle::P3, Lieu::Internat(0), "internat à la position 0 : un candidat est doublé à l’internat (P3)"),
        (
            Regle::P6,
            Lieu::Internat(2),
            "internat à la position 2 : la barre de l’internat pourrait être plus haute (P6)",
        ),
        (Regle::Transition, Lieu::Voeu(7), "vœu à la position 7 : le changement de statut n’est pas permis"),
        (
            Regle::P7,
            Lieu::Candidat(1),
            "candidat à la position 1 : la réponse automatique n’est pas conforme (P7)",
        ),
        (Regle::Forme, Lieu::Colonnes, "sortie : la sortie n’a pas la forme attendue"),
    ];
    for (regle, lieu, expected) in cases {
        assert_eq!(Violation { regle, lieu }.to_string(), expected);
    }
}
