#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! Files of cases: our own worked examples, the compressions, and what is said of a wrong file.

use std::io::{Cursor, Write};

use engine::propositions::Options;
use moteur::ecarts::differences;
use moteur::evaluation::{evaluate, verify};
use moteur::lecture::Lignes;
use proptest::prelude::*;

const EXEMPLES: &str = include_str!("cas/exemples.jsonl");

/// Computes every line; the number of cases, or the first message.
fn run(octets: Vec<u8>) -> Result<usize, String> {
    let mut lignes = Lignes::read("essai", Cursor::new(octets)).map_err(|e| format!("{e:#}"))?;
    let mut cases = 0;
    while let Some((lieu, ligne)) = lignes.next_ligne().map_err(|e| format!("{e:#}"))? {
        let evalue = evaluate(lieu, ligne, &Options::default()).map_err(|e| format!("{e:#}"))?;
        assert_eq!(
            differences(&evalue.attendu.unwrap(), &evalue.resultat.sortie, 5),
            [""; 0],
            "{}",
            evalue.cas
        );
        let (_, faults) = verify(lieu, ligne).map_err(|e| format!("{e:#}"))?;
        assert_eq!(faults, [""; 0], "{}", evalue.cas);
        cases += 1;
    }
    Ok(cases)
}

fn gzip(texte: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(texte.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_compression_gives_the_same() {
    assert_eq!(run(EXEMPLES.into()), Ok(6));
    assert_eq!(run(gzip(EXEMPLES)), Ok(6));
    assert_eq!(run(zstd::encode_all(EXEMPLES.as_bytes(), 3).unwrap()), Ok(6));
    // Two files one after the other, as `cat` would make, and blank lines.
    assert_eq!(run([gzip(EXEMPLES), gzip("\n\n"), gzip(EXEMPLES)].concat()), Ok(12));
    assert_eq!(run(Vec::new()), Ok(0));
}

#[test]
fn a_wrong_file_says_where_and_why() {
    let message = |ligne: &str| run(format!("\n{ligne}\n").into_bytes()).unwrap_err();
    assert_eq!(message("{\"type\":"), "essai, ligne 2, colonne 8 : le texte JSON s’arrête avant la fin");
    assert_eq!(message("{}"), "essai, ligne 2, colonne 2 : la clé « type » manque");
    assert!(message("{\"type\":\"autre\"}").contains("ligne 2 : le type « autre » est inconnu"));
    let day = |voeu: &str| {
        message(&format!(
            "{{\"cas\":\"X\",\"type\":\"propositions\",\"entree\":{{\"parametres\":{{}},\"groupes\":[],\"voeux\":[{voeu}]}}}}"
        ))
    };
    assert!(day("{\"statut\":\"parti\"}").contains("la valeur « parti » n’est pas un statut connu"));
    assert!(day("{\"rang_appel\":4000000000}").contains("le nombre 4000000000 est hors des bornes"));
    assert!(day("{\"candidat\":\"Léa\"}").contains("une valeur n’a pas le type attendu"));
    let deux = "{\"type\":\"propositions\",\"entree\":{\"parametres\":{},\"voeux\":[],\"groupes\":[{\"id\":1},\
                {\"id\":1,\"formation\":2}]}}";
    assert!(message(deux).contains("« groupes » donne l’identifiant 1 à deux objets différents"));
    let mut tronque = gzip(EXEMPLES);
    tronque.truncate(tronque.len() / 2);
    assert!(run(tronque).unwrap_err().contains("le fichier est tronqué"));
    let absent = Lignes::open("/nulle/part.jsonl").err().unwrap();
    assert!(absent.to_string().contains("impossible d’ouvrir « /nulle/part.jsonl »"));
}

#[test]
fn a_refusal_is_explained_with_the_codes_of_the_file() {
    let mut lignes = Lignes::read("essai", Cursor::new(EXEMPLES)).unwrap();
    let mut refus = Vec::new();
    while let Some((lieu, ligne)) = lignes.next_ligne().unwrap() {
        refus.extend(evaluate(lieu, ligne, &Options::default()).unwrap().resultat.refus);
    }
    assert_eq!(
        refus,
        [
            "groupe de classement 1, candidat 1 (ligne 1 de « voeux », rang 4) et candidat 2 (ligne 2 de « voeux », \
             rang 4) : deux candidats ont le même rang de classement [rang_classement_en_double]",
            "vœu n° 0 de « voeux » (candidat 11, groupe 4) : le groupe d’affectation du vœu est inconnu \
             [groupe_inconnu]",
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Damaged lines are refused or computed; they never stop the program.
    #[test]
    fn damaged_lines_do_not_panic(
        numero in 0..6_usize,
        dommages in prop::collection::vec((any::<prop::sample::Index>(), "[0-9eE.,:\\-\"{}\\[\\]tfn]{0,3}"), 1..4),
    ) {
        let mut ligne = EXEMPLES.lines().nth(numero).unwrap().to_owned();
        for (index, texte) in dommages {
            let mut place = index.index(ligne.len());
            while !ligne.is_char_boundary(place) {
                place -= 1;
            }
            let fin = (place + 1..=ligne.len()).find(|&fin| ligne.is_char_boundary(fin)).unwrap_or(place);
            ligne.replace_range(place..fin, &texte);
        }
        let lieu = moteur::lecture::Lieu { fichier: "essai", ligne: 1 };
        for reparation in [false, true] {
            drop(evaluate(lieu, &ligne, &Options { reparation }));
        }
        drop(verify(lieu, &ligne));
    }
}
