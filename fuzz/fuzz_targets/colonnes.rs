//! Files of cases, Arrow columns above all: read, computed with and without repair, verified.
#![no_main]

use std::io::Cursor;

use engine::propositions::Options;
use libfuzzer_sys::fuzz_target;
use moteur::evaluation::{evaluate_cas, verify_cas};
use moteur::fichier::Fichier;
use moteur::lecture::Lignes;

fuzz_target!(|octets: &[u8]| {
    // Compressed files are not looked for: a few bytes of them are gigabytes, which only their reader would spend.
    if octets.starts_with(&[0x1f, 0x8b]) || octets.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        return;
    }
    let open = || Lignes::read("essai", Cursor::new(octets.to_vec())).and_then(Fichier::new);
    for reparation in [false, true] {
        let Ok(mut fichier) = open() else { return };
        while let Ok(Some(cas)) = fichier.next_cas() {
            drop(evaluate_cas(cas, &Options { reparation }));
        }
    }
    let Ok(mut fichier) = open() else { return };
    while let Ok(Some(cas)) = fichier.next_cas() {
        drop(verify_cas(cas));
    }
});
