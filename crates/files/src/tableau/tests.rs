//! Broken files, one kind at a time, and what each is answered.

use std::io::{self, Read, Write};

use proptest::prelude::*;

use super::*;
use crate::{Encodage, FichierError, Limites, Options};

/// Lines read as cells, then the faults as « line column reason ».
type Table = (Vec<Vec<String>>, Vec<String>);

fn read_with<'a>(
    source: impl Read + 'a,
    nom: &str,
    options: Options<'a>,
) -> Result<(Table, Bilan), FichierError> {
    let mut lecteur = Lecteur::open(source, nom, options)?;
    let mut ligne = Ligne::default();
    let (mut lignes, mut fautes) = (Vec::new(), Vec::new());
    loop {
        match lecteur.read(&mut ligne)? {
            Lu::Fin => break,
            Lu::Faute(f) => fautes.push(format!("{} {} {}", f.ligne, f.colonne, f.motif)),
            Lu::Ligne => lignes.push((0..ligne.len()).map(|i| ligne.cell(i).to_owned()).collect()),
        }
    }
    let mut bilan = lecteur.bilan();
    lecteur.close(&mut bilan);
    Ok(((lignes, fautes), bilan))
}

fn read(octets: &[u8]) -> Result<Table, FichierError> {
    read_with(octets, "essai.csv", Options::default()).map(|(table, _)| table)
}

fn cells(lignes: &[&[&str]]) -> Vec<Vec<String>> {
    lignes.iter().map(|l| l.iter().map(|c| (*c).to_owned()).collect()).collect()
}

#[test]
fn a_workbook_written_line_by_line_is_the_one_written_at_once() {
    let entetes = ["UAI", "Nom"];
    let lignes = [["0800001A", "=Lycée"], ["", "Collège"]].map(|l| l.map(str::to_owned));
    let mut fil = ClasseurAuFil::open("Essai", 0, &entetes).unwrap();
    for l in &lignes {
        fil.write_row(l.iter().map(String::as_str)).unwrap();
    }
    let octets = fil.finish().unwrap();
    assert_eq!(octets, write_classeur("Essai", 0, &entetes, &lignes).unwrap());
    let feuille =
        read_classeur(&octets, "essai.xlsx", Limites::default(), crate::LimitesArchive::default()).unwrap();
    let csv = String::from_utf8(feuille.csv).unwrap();
    assert!(csv.contains("0800001A;") && csv.contains("Collège"), "{csv}");
}

fn code(octets: &[u8]) -> &'static str {
    read(octets).unwrap_err().code()
}

#[test]
fn line_ends_and_separators_of_every_kind() {
    for fin in ["\n", "\r\n", "\r"] {
        for separateur in Separateur::ALL {
            let s = char::from(separateur.octet());
            let texte = format!("{fin}a{s}b{fin}1{s}\"x{s}y\"{fin}{fin}2{s}{fin}");
            let ((lignes, fautes), bilan) = read_with(texte.as_bytes(), "e.csv", Options::default()).unwrap();
            let cite = format!("x{s}y");
            let cite = if s == '\t' { "x y" } else { &cite };
            assert_eq!(lignes, cells(&[&["1", cite], &["2", ""]]), "{texte:?}");
            assert!(fautes.is_empty());
            assert_eq!(bilan.separateur, separateur);
        }
    }
}

#[test]
fn quotes_double_and_keep_line_breaks() {
    let (lignes, fautes) = read(b"a;b\n\"dit \"\"oui\"\"\";\"deux\r\nlignes\"\n\"\";x").unwrap();
    assert_eq!(lignes, cells(&[&["dit \"oui\"", "deux lignes"], &["", "x"]]));
    assert!(fautes.is_empty());
}

#[test]
fn a_broken_quote_is_located_and_the_next_line_is_read() {
    let (lignes, fautes) = read(b"a;b\n1;x\"y\n2;\"x\"y\n3;ok\n4;\"jamais\nferme\n").unwrap();
    assert_eq!(lignes, cells(&[&["3", "ok"]]));
    assert_eq!(fautes.len(), 3, "{fautes:?}");
    assert!(fautes[0].starts_with("2 b guillemet au milieu"), "{fautes:?}");
    assert!(fautes[1].starts_with("3 b caractère après"), "{fautes:?}");
    assert!(fautes[2].starts_with("5 b guillemet ouvert et jamais refermé"), "{fautes:?}");
    assert!(fautes[2].ends_with("(lignes 5 à 6 non lues)"), "{fautes:?}");
}

#[test]
fn line_numbers_count_the_breaks_inside_quotes() {
    let (_, fautes) = read(b"a;b\r\n\"1\r\n\r\n\";2\r\nx\r\n").unwrap();
    assert_eq!(fautes.len(), 1);
    assert!(fautes[0].starts_with("5 b 1 cellules au lieu de 2"), "{fautes:?}");
}

#[test]
fn nul_and_control_characters_are_located() {
    let (lignes, fautes) =
        read("a;b\n1;x\0y\n2;\u{7}\n3;\u{202e}fdp\n4;\u{85}\n5;a\u{a0}b\n".as_bytes()).unwrap();
    assert_eq!(lignes, cells(&[&["5", "a b"]]));
    assert_eq!(
        fautes,
        [
            "2 b caractère nul (NUL) (U+0000) : retapez la cellule",
            "3 b caractère de contrôle (U+0007) : retapez la cellule",
            "4 b caractère qui inverse le sens de lecture (U+202E) : retapez la cellule",
            "5 b caractère de contrôle (U+0085) : retapez la cellule",
        ]
    );
}

#[test]
fn accents_are_composed() {
    let (lignes, _) = read("a\ne\u{301}cole\n".as_bytes()).unwrap();
    assert_eq!(lignes, cells(&[&["école"]]));
}

#[test]
fn headers_in_double_refuse_the_file() {
    let erreur = read("a;É t;e-T;a\n1;2;3;4\n".as_bytes()).unwrap_err();
    let fautes: Vec<(&str, bool)> =
        erreur.fautes().iter().map(|f| (f.colonne.as_str(), f.motif.contains("en double"))).collect();
    assert_eq!(fautes, [("e-T", true), ("a", true)]);
}

#[test]
fn a_hundred_thousand_columns_refuse_the_file() {
    let mut texte = "c;".repeat(100_000);
    texte.push('\n');
    let erreur = read(texte.as_bytes()).unwrap_err();
    assert_eq!(erreur.code(), "entete");
    assert!(erreur.to_string().contains("plus de 200 colonnes"), "{erreur}");

    let (_, fautes) = read(format!("a;b\n{texte}").as_bytes()).unwrap();
    assert_eq!(fautes.len(), 1);
    assert!(fautes[0].contains("plus de 200 colonnes"), "{fautes:?}");
}

/// Gives the same bytes again and again, without ever holding more than a block of them.
struct Repete {
    bloc: Vec<u8>,
    reste: u64,
}

impl Repete {
    fn new(motif: &str, reste: u64) -> Self {
        Self { bloc: motif.repeat(64 * 1024 / motif.len()).into_bytes(), reste }
    }
}

impl Read for Repete {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        let n = self.bloc.len().min(tampon.len()).min(usize::try_from(self.reste).unwrap());
        tampon[..n].copy_from_slice(&self.bloc[..n]);
        // Goes on where this reading stopped.
        self.bloc.rotate_left(n);
        self.reste -= n as u64;
        Ok(n)
    }
}

const GIGA: u64 = 1 << 30;

#[test]
fn a_line_of_a_gigabyte_is_given_up_at_the_limit() {
    let source = b"a;b\n".chain(Repete::new("x", GIGA));
    let erreur = read_with(source, "gros.csv", Options::default()).unwrap_err();
    assert_eq!(erreur.code(), "trop_gros");
    assert!(erreur.to_string().contains("gros.csv"));
    // In the header, nothing of the rest is even read.
    let source = Repete::new("x", GIGA);
    assert_eq!(read_with(source, "gros.csv", Options::default()).unwrap_err().code(), "entete");
}

#[test]
fn an_endless_quoted_cell_holds_no_more_than_a_line() {
    let source = b"a;b\n1;\"".chain(Repete::new("ligne\n", 1 << 20));
    let mut lecteur = Lecteur::open(source, "e.csv", Options::default()).unwrap();
    let mut ligne = Ligne::default();
    let Lu::Faute(faute) = lecteur.read(&mut ligne).unwrap() else { panic!("a fault was expected") };
    assert!(faute.motif.contains("non refermé"), "{}", faute.motif);
    assert!(lecteur.octets.capacity() < 1 << 20);
}

#[test]
fn a_long_line_is_a_fault_and_the_next_is_read() {
    let longue = "x".repeat(70_000);
    let (lignes, fautes) = read(format!("a;b\n1;{longue}\n2;y\n").as_bytes()).unwrap();
    assert_eq!(lignes, cells(&[&["2", "y"]]));
    assert_eq!(fautes, ["2 b ligne de plus de 65536 octets"]);
}

fn zst(octets: &[u8]) -> Vec<u8> {
    zstd::encode_all(octets, 3).unwrap()
}

fn gz(octets: &[u8]) -> Vec<u8> {
    let mut encodeur = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encodeur.write_all(octets).unwrap();
    encodeur.finish().unwrap()
}

#[test]
fn compressed_files_of_one_or_several_parts() {
    let attendu = cells(&[&["1", "é"], &["2", "à"]]);
    let parties = ["a;b\n1;é\n", "2;à\n"].map(str::as_bytes);
    let ensemble = parties.concat();
    for octets in [
        zst(&ensemble),
        gz(&ensemble),
        [zst(parties[0]), zst(parties[1])].concat(),
        [gz(parties[0]), gz(parties[1])].concat(),
        // A skippable frame first.
        [b"\x50\x2a\x4d\x18\x03\0\0\0abc".to_vec(), zst(&ensemble)].concat(),
    ] {
        assert_eq!(read(&octets).unwrap().0, attendu);
    }
}

#[test]
fn damaged_compression_is_told() {
    let mut tronque = zst("a;b\n1;2\n".repeat(5_000).as_bytes());
    tronque.truncate(tronque.len() / 2);
    assert_eq!(code(&tronque), "compression");
    let mut abime = gz("a;b\n1;2\n".repeat(5_000).as_bytes());
    abime.truncate(abime.len() - 4);
    assert_eq!(code(&abime), "compression");
    let nu = read_with(&b"a;b\n"[..], "e.csv.gz", Options::default()).unwrap_err();
    assert_eq!(nu.code(), "compression");
    assert_eq!(code(&zst(&gz(b"a;b\n"))), "format");
}

#[test]
fn bombs_stop_at_the_limit() {
    let claire = || b"a;b\n".chain(Repete::new("1;2\n", 20 << 20));
    let mut encodeur = zstd::Encoder::new(Vec::new(), 1).unwrap();
    io::copy(&mut claire(), &mut encodeur).unwrap();
    let bombe = encodeur.finish().unwrap();
    assert!(bombe.len() < 1 << 17, "{}", bombe.len());
    let limites = Limites { lignes: u64::MAX, octets: 1 << 20, ..Limites::default() };
    let options = || Options { limites, ..Options::default() };
    let erreur = read_with(&bombe[..], "bombe.csv.zst", options()).unwrap_err();
    assert_eq!(erreur.code(), "trop_gros");
    // With the usual limits, the number of lines stops it sooner.
    assert_eq!(code(&bombe), "trop_de_lignes");
}

#[test]
fn a_window_larger_than_any_honest_file_is_refused() {
    let mut encodeur = zstd::Encoder::new(Vec::new(), 1).unwrap();
    encodeur.window_log(27).unwrap();
    encodeur.write_all(b"a;b\n1;2\n").unwrap();
    assert_eq!(code(&encodeur.finish().unwrap()), "compression");
}

#[test]
fn encodings_are_recognised() {
    let texte = "établissement;académie\nLycée Évariste-Galois;Orléans-Tours\nl’école;Besançon\n";
    let utf16 = |be: bool| -> Vec<u8> {
        std::iter::once(0xfeff)
            .chain(texte.encode_utf16())
            .flat_map(|u: u16| if be { u.to_be_bytes() } else { u.to_le_bytes() })
            .collect()
    };
    let windows = encoding_rs::WINDOWS_1252.encode(texte).0.into_owned();
    let mac: Vec<u8> = texte
        .chars()
        .map(|c| match c {
            'é' => 0x8e,
            'É' => 0x83,
            'ç' => 0x8d,
            '’' => 0xd5,
            c => u8::try_from(c).unwrap(),
        })
        .collect();
    let bom = [b"\xef\xbb\xbf", texte.as_bytes()].concat();
    for (octets, encodage) in [
        (texte.as_bytes().to_vec(), Encodage::Utf8),
        (bom, Encodage::Utf8Bom),
        (utf16(false), Encodage::Utf16Le),
        (utf16(true), Encodage::Utf16Be),
        (windows, Encodage::Windows1252),
        (mac, Encodage::MacRoman),
    ] {
        let ((lignes, fautes), bilan) = read_with(&octets[..], "e.csv", Options::default()).unwrap();
        assert_eq!(bilan.encodage, encodage);
        assert_eq!(lignes, cells(&[&["Lycée Évariste-Galois", "Orléans-Tours"], &["l’école", "Besançon"]]));
        assert!(fautes.is_empty());
        assert_eq!(bilan.releve.par_nature.contains_key(&Nature::Encodage), !encodage.is_utf8());
    }
}

#[test]
fn the_first_accent_may_be_far() {
    let mut octets = b"a;b\n".to_vec();
    octets.extend(b"1;2\n".repeat(40_000));
    octets.extend(b"Lyc\xe9e;x\n");
    let ((lignes, _), bilan) = read_with(&octets[..], "e.csv", Options::default()).unwrap();
    assert_eq!(bilan.encodage, Encodage::Windows1252);
    assert_eq!(lignes.last().unwrap()[0], "Lycée");
}

#[test]
fn an_accent_cut_by_the_end_of_a_block_is_whole() {
    for decalage in 0..4 {
        let mut texte = "a\n".to_owned();
        texte.push_str(&"x".repeat(decalage));
        texte.push_str(&"é".repeat(20_000));
        texte.push('\n');
        texte.push_str(&"é’\n".repeat(50_000));
        let (lignes, fautes) = read(texte.as_bytes()).unwrap();
        assert_eq!((lignes.len(), fautes.len()), (50_001, 0));
    }
}

#[test]
fn other_encodings_are_refused_by_name_of_file_and_line() {
    for (quoi, octets) in [
        ("CP850", &b"a\nok\nLyc\x82e de fran\x87ais\n\x8a l'\x82cole\n"[..]),
        ("UTF-16 without mark", b"a\0;\0b\0\n\x001\0;\x002\0\n\0"),
        ("UTF-32", b"\xff\xfe\0\0a\0\0\0"),
        ("mixed", "a\nLycée\nécole\nélève\n".as_bytes()),
        ("Shift-JIS", b"a\n\x93\x8c\x8b\x9e\x91\xe5\x8aw\n"),
        ("random", b"a\n\x80\x81\x82\x83\x84\xff\xfe\xfd\n"),
    ] {
        let mut octets = octets.to_vec();
        if quoi == "mixed" {
            // UTF-8 in its great majority, then one byte of another encoding.
            octets.extend("élève\n".repeat(20_000).as_bytes());
            octets.extend(b"coll\xe8ge\n");
        }
        let erreur = read_with(&octets[..], "liste.csv", Options::default()).unwrap_err();
        assert_eq!(erreur.code(), "encodage", "{quoi}: {erreur}");
        assert!(erreur.to_string().contains("liste.csv"), "{erreur}");
        if let ("mixed", FichierError::Encodage { ligne, .. }) = (quoi, &erreur) {
            assert_eq!(*ligne, 20_005);
        }
    }
}

#[test]
fn what_is_no_text_is_refused() {
    for octets in
        [&b"PK\x03\x04\x14\0\x06\0"[..], b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1\x15\x04"]
    {
        assert_eq!(code(octets), "format");
    }
    for octets in [&b""[..], b"\n\n", b"\xef\xbb\xbf"] {
        assert_eq!(code(octets), "vide");
    }
}

#[test]
fn a_failing_disk_is_told() {
    struct Panne;
    impl Read for Panne {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("secteur défectueux"))
        }
    }
    let erreur = read_with(b"a\n1\n".chain(Panne), "e.csv", Options::default()).unwrap_err();
    assert_eq!(erreur.code(), "lecture");
    assert!(erreur.to_string().contains("secteur défectueux"));
}

#[test]
fn ent_1_ent_3_a_text_table_held_whole_is_bounded_in_cells_and_in_faults() {
    let limites = Limites { cellules: 10, ..Limites::default() };
    let table = |lignes: usize| format!("a;b\n{}", "1;2\n".repeat(lignes));
    assert_eq!(read_lignes_csv(table(5).as_bytes(), "t.csv", limites).unwrap().len(), 6);
    assert_eq!(
        read_lignes_csv(table(6).as_bytes(), "t.csv", limites).unwrap_err().code(),
        "trop_de_cellules"
    );
    let fausse = format!("a;b\n{}", "1;2;3\n".repeat(3_000));
    let refus = read_lignes_csv(fausse.as_bytes(), "t.csv", Limites::default()).unwrap_err();
    assert_eq!(refus.fautes().len(), 1_000);
}

#[test]
fn a_kind_of_file_whose_lines_are_long_says_how_long() {
    let table = format!("a;b\n1;\"{}\"\n", "é\n".repeat(30_000));
    assert!(read_lignes_csv(table.as_bytes(), "t.csv", Limites::default()).is_err());
    let limites = Limites { octets_ligne: 256 * 1024, ..Limites::DEFAUT };
    assert_eq!(read_lignes_csv(table.as_bytes(), "t.csv", limites).unwrap().len(), 2);
}

proptest! {
    #[test]
    fn no_bytes_panic(octets in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = read(&octets);
        let _ = crate::read_offre(&octets[..], "e.csv", Options::default(), &mut |_| {});
        let _ = crate::classement_csv::read_classement(&octets, "e.csv", Options::default(), &mut |_| true);
    }

    #[test]
    fn no_text_panics(corps in "[a-c;,\"\n\r\té’\\PC\u{0}]{0,300}") {
        let _ = read(format!("a;b;c\n{corps}").as_bytes());
    }

    #[test]
    fn what_is_written_is_read_back(
        lignes in proptest::collection::vec(
            proptest::collection::vec("[a-zé0-9;,\"’=+' -]{0,12}", 3), 1..20),
    ) {
        let mut ecrivain = Ecrivain::open(Vec::new()).unwrap();
        ecrivain.write_row(["a", "b", "c"]).unwrap();
        for ligne in &lignes {
            ecrivain.write_row(ligne.iter().map(String::as_str)).unwrap();
        }
        let octets = ecrivain.finish().unwrap();
        let (lues, fautes) = read(&octets).unwrap();
        prop_assert!(fautes.is_empty());
        let attendues: Vec<Vec<String>> = lignes
            .iter()
            .map(|l| l.iter().map(|c| ecriture::disarm(c).trim().to_owned()).collect())
            .collect();
        prop_assert_eq!(lues, attendues);
    }
}

proptest! {
    // Each case reads two blocks.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Blocks are of 64 KiB: filler lines slide their edge through the text.
    #[test]
    fn the_edge_of_a_block_changes_nothing(texte in "[ab;\"\n\ré]{0,200}", recul in 0usize..220) {
        const REMPLISSAGE: &str = "p;p\n";
        let seul = read(format!("x;y\n{texte}").as_bytes()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        let lignes = (64 * 1024 - recul) / REMPLISSAGE.len();
        let decale = format!("x;y\n{}{texte}", REMPLISSAGE.repeat(lignes));
        let decale = read(decale.as_bytes()).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(decale.0.get(lignes..), Some(&seul.0[..]));
        prop_assert_eq!(decale.1.len(), seul.1.len());
    }
}
