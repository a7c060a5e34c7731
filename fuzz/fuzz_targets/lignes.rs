//! Lines of cases: read, computed with and without repair, verified; and what was read goes through columns unchanged.
#![no_main]

use std::io::Cursor;

use engine::propositions::Options;
use libfuzzer_sys::fuzz_target;
use moteur::colonnes::{Lecteur, write_case};
use moteur::evaluation::{evaluate, read_whole, verify};
use moteur::lecture::Lignes;

fuzz_target!(|octets: &[u8]| {
    let Ok(mut lignes) = Lignes::read("essai", Cursor::new(octets.to_vec())) else { return };
    while let Ok(Some((lieu, ligne))) = lignes.next_ligne() {
        for reparation in [false, true] {
            drop(evaluate(lieu, ligne, &Options { reparation }));
        }
        drop(verify(lieu, ligne));
        let (Ok(avant), Ok(cas)) = (read_whole(lieu, ligne), read_whole(lieu, ligne)) else { continue };
        let mut colonnes = Vec::new();
        // A kind that we do not know has no columns.
        if write_case(&mut colonnes, cas).is_err() {
            continue;
        }
        let mut relu = Lecteur::new("essai", Box::new(Cursor::new(colonnes)));
        let apres = relu.next_cas().expect("what we write is read").expect("one case");
        assert!(avant.entree == apres.entree && avant.cas == apres.cas && avant.autres == apres.autres);
    }
});
