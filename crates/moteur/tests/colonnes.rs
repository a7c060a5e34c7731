#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! Cases in columns: the same as in lines, and what is said of a damaged file.

mod commun;

use std::collections::HashMap;
use std::io::{Cursor, Write};
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, LargeStringArray, RecordBatch};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{Field, Schema};
use commun::{each_case, oracle};
use engine::propositions::Options;
use moteur::colonnes::write_case;
use moteur::evaluation::{evaluate, evaluate_cas, read_whole};
use moteur::fichier::Fichier;
use moteur::lecture::{Lieu, Lignes};
use proptest::prelude::*;

const EXEMPLES: &str = include_str!("cas/exemples.jsonl");
const LIEU: Lieu<'_> = Lieu { fichier: "essai", ligne: 1 };

fn open(octets: Vec<u8>) -> anyhow::Result<Fichier> {
    Fichier::new(Lignes::read("essai", Cursor::new(octets))?)
}

fn to_columns(lignes: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for ligne in lignes.lines() {
        write_case(&mut octets, read_whole(LIEU, ligne).unwrap()).unwrap();
    }
    octets
}

/// Reads and computes every case; how many.
fn run(octets: Vec<u8>) -> anyhow::Result<usize> {
    let mut fichier = open(octets)?;
    let mut cases = 0;
    while let Some(cas) = fichier.next_cas()? {
        evaluate_cas(cas, &Options::default())?;
        cases += 1;
    }
    Ok(cases)
}

fn error(octets: Vec<u8>) -> String {
    format!("{:#}", run(octets).unwrap_err())
}

fn round_trip(fichier: &str, cases: usize) {
    let Some(chemin) = oracle(fichier) else {
        return;
    };
    let mut count = 0;
    each_case(&chemin, |lieu, ligne| {
        let mut octets = Vec::new();
        write_case(&mut octets, read_whole(lieu, ligne).unwrap()).unwrap();
        let (before, mut relu) = (read_whole(lieu, ligne).unwrap(), open(octets).unwrap());
        let after = relu.next_cas().unwrap().unwrap();
        assert!(before.entree == after.entree, "{}", before.cas);
        assert_eq!((&before.cas, &before.autres), (&after.cas, &after.autres));
        assert_eq!(after.lieu, "essai, cas n° 1");
        assert!(relu.next_cas().unwrap().is_none());
        count += 1;
    });
    assert_eq!(count, cases);
}

#[test]
fn call_orders_come_back_the_same() {
    round_trip("ordre_appel.jsonl.gz", 199);
    round_trip("ordre_appel_moyen.jsonl.gz", 3);
}

#[test]
fn days_come_back_the_same() {
    round_trip("propositions.jsonl.gz", 403);
    round_trip("propositions_moyen.jsonl.gz", 9);
}

#[test]
fn columns_give_the_same_results_compressed_or_not() {
    let octets = to_columns(EXEMPLES);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&octets).unwrap();
    let zstd = zstd::encode_all(octets.as_slice(), 3).unwrap();
    for octets in [octets, gzip.finish().unwrap(), zstd] {
        let mut fichier = open(octets).unwrap();
        for ligne in EXEMPLES.lines() {
            let lines = evaluate(LIEU, ligne, &Options::default()).unwrap();
            let columns = evaluate_cas(fichier.next_cas().unwrap().unwrap(), &Options::default()).unwrap();
            assert_eq!(lines.resultat.sortie, columns.resultat.sortie);
            assert_eq!((lines.cas, lines.attendu), (columns.cas, columns.attendu));
        }
        assert!(fichier.next_cas().unwrap().is_none());
    }
}

fn stream(table: &str, colonnes: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let champs: Vec<Field> =
        colonnes.iter().map(|(nom, valeurs)| Field::new(*nom, valeurs.data_type().clone(), true)).collect();
    let metadata = HashMap::from([("parcoursup.table".to_owned(), table.to_owned())]);
    let schema = Arc::new(Schema::new(champs).with_metadata(metadata));
    let lot =
        RecordBatch::try_new(Arc::clone(&schema), colonnes.into_iter().map(|(_, v)| v).collect()).unwrap();
    let mut octets = Vec::new();
    let mut flux = StreamWriter::try_new(&mut octets, &schema).unwrap();
    flux.write(&lot).unwrap();
    flux.finish().unwrap();
    drop(flux);
    octets
}

fn integers(valeurs: &[Option<i64>]) -> ArrayRef {
    Arc::new(valeurs.iter().copied().collect::<Int64Array>())
}

/// A day of two voeux whose table has such columns.
fn day(voeux: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let texte = |texte: &str| -> ArrayRef { Arc::new(LargeStringArray::from(vec![texte])) };
    let cas = stream(
        "cas",
        vec![
            ("cas", texte("X")),
            ("type", texte("propositions")),
            ("entree", texte(r#"{"parametres":{"jour":1},"groupes":[],"voeux":[]}"#)),
            ("autres", texte("{}")),
            ("voeux", integers(&[Some(2)])),
        ],
    );
    [cas, stream("voeux", voeux)].concat()
}

#[test]
fn a_wrong_file_says_which_column_which_row_and_why() {
    let two = || integers(&[Some(1), Some(2)]);
    assert_eq!(
        error(day(vec![("candidat", two()), ("statut", integers(&[Some(0), Some(99)]))])),
        "essai, cas n° 1: table « voeux », colonne « statut », ligne 2 : 99 n’est pas un statut, de 0 à 11"
    );
    assert_eq!(
        error(day(vec![("candidat", two()), ("rang_appel", integers(&[Some(1), Some(4_000_000_000)]))])),
        "essai, cas n° 1: table « voeux », colonne « rang_appel », ligne 2: le nombre 4000000000 est hors des bornes \
         permises pour cette colonne"
    );
    assert_eq!(
        error(day(vec![("candidat", integers(&[None, Some(2)]))])),
        "essai, cas n° 1: table « voeux », colonne « candidat », ligne 1: la valeur manque"
    );
    assert!(
        error(day(vec![("candidat", two()), ("rang", two())])).contains("la colonne « rang » est inconnue")
    );
    let reels: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0]));
    assert!(error(day(vec![("candidat", reels)])).contains("la colonne « candidat » n’est ni d’entiers"));
    assert!(error(day(vec![("candidat", two()), ("hors_pp", two())])).contains("n’est pas de booléens"));
    let one = integers(&[Some(1)]);
    assert!(error(day(vec![("candidat", one)])).contains("1 lignes, 2 annoncées : elle est tronquée"));
    let mut octets = to_columns(EXEMPLES);
    octets.truncate(octets.len() - 30);
    assert!(error(octets).contains("le fichier s’arrête avant la fin"));
    assert!(error(b"ARROW1\0\0".to_vec()).contains("fichier Arrow à accès direct"));
    assert_eq!(run(Vec::new()).unwrap(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Damaged columns are refused or computed; they never stop the program.
    #[test]
    fn damaged_columns_do_not_panic(
        numero in 0..6_usize,
        dommages in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..5),
    ) {
        let mut octets = to_columns(EXEMPLES.lines().nth(numero).unwrap());
        for (index, octet, quoi) in dommages {
            let place = index.index(octets.len());
            match quoi {
                0 => octets[place] = octet,
                1 => octets[place] ^= 1 << (octet % 8),
                _ => drop(octets.splice(place..(place + usize::from(octet % 9)).min(octets.len()), [octet])),
            }
        }
        drop(run(octets));
    }
}
