#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! Files of cases: our own worked examples, the compressions, and what is said of a wrong file.

use std::io::{Cursor, Read, Write};

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

/// A pipe whose writer gives one byte at a time.
struct Goutte(Cursor<Vec<u8>>);

impl Read for Goutte {
    fn read(&mut self, octets: &mut [u8]) -> std::io::Result<usize> {
        let n = octets.len().min(1);
        self.0.read(&mut octets[..n])
    }
}

#[test]
fn a_form_is_recognised_however_slowly_it_comes() {
    let plain = EXEMPLES.as_bytes().to_vec();
    for octets in [plain, gzip(EXEMPLES), zstd::encode_all(EXEMPLES.as_bytes(), 3).unwrap()] {
        let mut lignes = Lignes::read("essai", Goutte(Cursor::new(octets))).unwrap();
        let mut cases = 0;
        while lignes.next_ligne().unwrap().is_some() {
            cases += 1;
        }
        assert_eq!(cases, 6);
    }
}

#[test]
fn the_ends_of_the_lines_and_the_mark_of_an_editor_do_not_count() {
    let windows = EXEMPLES.replace('\n', "\r\n");
    assert!(windows.contains("\r\n"));
    assert_eq!(run(windows.clone().into()), Ok(6));
    assert_eq!(run(format!("\u{feff}{windows}").into()), Ok(6));
    assert_eq!(run("\u{feff}\r\n \t\r\n".into()), Ok(0));
    // Without an end of line after the last case.
    assert_eq!(run(EXEMPLES.trim_end().into()), Ok(6));
    // The mark is at the beginning of a file, nowhere else.
    assert!(run(format!("{}\n\u{feff}{{}}\n", EXEMPLES.trim_end()).into()).unwrap_err().contains("ligne 7"));
    // Another code than UTF-8.
    let utf16: Vec<u8> = "{\"cas\":\"é\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(run([vec![0xff, 0xfe], utf16].concat()).unwrap_err().contains("n’est pas en UTF-8"));
}

#[test]
fn what_is_wrong_in_a_line_is_told_in_french() {
    let message = |ligne: &str| run(ligne.to_owned().into()).unwrap_err();
    for (ligne, dit) in [
        ("{\"type\" 1}", "mal formé (il manque « : » après une clé)"),
        ("{\"type\":\"x\" \"cas\"}", "mal formé (il manque une virgule, ou « } » à la fin d’un objet)"),
        ("{\"type\":\"x\",}", "mal formé (une virgule est de trop)"),
        ("{\"type\":\"x\"} {}", "mal formé (il reste du texte après la fin du cas)"),
        ("{\"type\":,}", "mal formé (il manque une valeur)"),
        ("{type:1}", "mal formé (une clé n’est pas entre guillemets)"),
        ("{\"type\":\"\\q\"}", "mal formé (un caractère est mal codé après « \\ »)"),
        ("{\"type\":\"a\tb\"}", "mal formé (un caractère invisible est au milieu d’un texte)"),
        ("{\"type\":3}", "n’a pas le type attendu (le nombre 3 au lieu d’un texte)"),
        ("{\"type\":\"x\",\"type\":\"y\"}", "la clé « type » figure deux fois"),
    ] {
        assert!(message(ligne).contains(dit), "{ligne} : {}", message(ligne));
    }
    let day = |voeu: &str| {
        message(&format!(
            "{{\"type\":\"propositions\",\"entree\":{{\"parametres\":{{}},\"groupes\":[],\"voeux\":[{voeu}]}}}}"
        ))
    };
    for (voeu, dit) in [
        ("{\"candidat\":\"Léa\"}", "le texte « Léa » au lieu d’un entier"),
        ("{\"rang_appel\":null}", "null au lieu d’un entier"),
        ("{\"rang_appel\":1.5}", "le nombre 1.5 au lieu d’un entier"),
        ("{\"hors_pp\":[]}", "une liste au lieu d’un booléen"),
        ("{\"groupe\":1,\"groupe\":2}", "la clé « groupe » figure deux fois"),
        ("{\"rang_preference\":2147483648}", "le nombre 2147483648 est hors des bornes permises"),
    ] {
        assert!(day(voeu).contains(dit), "{voeu} : {}", day(voeu));
    }
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

#[test]
fn abnormal_ranks_of_the_day_before_are_told_and_refuse_nothing() {
    // Three who wait in a groupe without places, and the rank that each had the day before.
    let avis = |veille: [i32; 3]| {
        let voeux: Vec<String> = (1..)
            .zip(veille)
            .map(|(n, veille)| {
                format!(
                    "{{\"candidat\":{n},\"groupe\":7,\"rang_appel\":{n},\"rang_attente_veille\":{veille}}}"
                )
            })
            .collect();
        let ligne = format!(
            "{{\"type\":\"propositions\",\"entree\":{{\"parametres\":{{\"jour\":3}},\"groupes\":[{{\"id\":7}}],\"voeux\":[{}]}}}}",
            voeux.join(",")
        );
        let lieu = moteur::lecture::Lieu { fichier: "essai", ligne: 1 };
        let resultat = evaluate(lieu, &ligne, &Options::default()).unwrap().resultat;
        assert_eq!(resultat.refus, None);
        resultat.avis
    };
    assert_eq!(avis([1, 2, 3]), None);
    assert_eq!(avis([3, 0, 3]), None);
    let dit = avis([3, 3, 1]).unwrap();
    assert!(dit.contains("ne suivent pas l’ordre d’appel pour le groupe 7"), "{dit}");
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
