//! R-ADM-15 on drawn days, with boardings, automatic answers and orders given to wishes: what the engine explains, the reference
//! finds.

#[path = "../../engine/tests/it/commun/mod.rs"]
mod commun;

use commun::{Des, Profil, draw};
use engine::explication::{Situation, explain};
use engine::propositions::{Options, compute_with};
use juge::JourJuge;

#[test]
fn r_adm_15_explanations_of_drawn_days_are_those_of_the_reference() {
    let mut des = Des(2026);
    let (mut explications, mut attentes, mut internats, mut quittes) = (0, 0, 0, 0);
    for graine in 0..400 {
        let profil = Profil {
            candidats: 1 + des.below(14) as u32,
            formations: 1 + des.below(4) as u32,
            internats: des.chance(60),
            reponses: des.chance(60),
            jour: 1 + des.below(68) as i32,
        };
        let options = Options { reparation: des.chance(50) };
        let entree = draw(graine, profil);
        let Ok(sortie) = compute_with(&entree, &options) else { continue };
        let juge = JourJuge::new(&entree, &options).unwrap();
        for voeu in 0..entree.voeux.len() as u32 {
            let e = explain(&entree, &sortie, voeu).unwrap();
            assert_eq!(juge.judge(&e), None, "day {graine}: {e:?}");
            explications += 1;
            attentes += u32::from(matches!(e.situation, Situation::EnAttente(_)));
            internats += u32::from(e.etat_internat.is_some());
            quittes += u32::from(matches!(e.situation, Situation::DemissionAutomatique { .. }));
        }
    }
    println!(
        "{explications} explanations: {attentes} waiting, {internats} of a boarding, {quittes} given up automatically"
    );
    assert!(explications >= 1_000 && attentes > 500 && internats > 200 && quittes > 50);
}
