//! Rankings written, read back, and broken.

use super::{ClassementLu, LigneExport, read_classement, write_classement};
use crate::{FichierError, Options};

fn read(texte: &str) -> Result<ClassementLu, FichierError> {
    read_classement(texte.as_bytes(), "classement.csv", Options::default(), &mut |c| c.len() == 3)
}

/// Faults as « line column reason », to compare at a glance.
fn faults(texte: &str) -> Vec<String> {
    let releve = match read(texte) {
        Ok(lu) => lu.bilan.releve.fautes,
        Err(e) => e.fautes().to_vec(),
    };
    releve.into_iter().map(|f| format!("{} {} {}", f.ligne, f.colonne, f.motif)).collect()
}

#[test]
fn reads_back_what_it_writes() {
    let ligne = |rang, code: &str, note| LigneExport {
        rang,
        code: code.into(),
        noms: Some(["=Élo".into(), String::new()]),
        note,
        ..LigneExport::default()
    };
    let octets = write_classement(
        &[],
        &[ligne(Some(2), "101", Some(1450)), ligne(None, "102", Some(-50)), ligne(Some(1), "103", None)],
    )
    .unwrap();
    let lu = read_classement(&octets, "classement.csv", Options::default(), &mut |_| true).unwrap();
    assert!(lu.bilan.releve.is_clean());
    assert_eq!(lu.bilan.releve.total_avertissements, 0);
    assert_eq!(lu.ranked(), ["103", "101"]);
    assert_eq!(lu.unranked(), ["102"]);
    let notes: Vec<Option<i64>> = lu.lignes.iter().map(|l| l.note).collect();
    assert_eq!(notes, [Some(1450), Some(-50), None]);
}

#[test]
fn headers_forgive_case_accents_and_spaces() {
    for entete in [
        "rang;candidat - code",
        "RANG ;CANDIDAT-CODE",
        "Classement;Numero de dossier",
        "Rang,Candidat  -  Code",
        "Rang\tN° dossier",
    ] {
        let corps = entete.replace(|c: char| !matches!(c, ';' | ',' | '\t'), "");
        let lu = read(&format!("{entete}\n1{corps}101\n2{corps}102\n")).unwrap();
        assert_eq!(lu.ranked(), ["101", "102"], "{entete}");
    }
}

#[test]
fn every_fault_of_every_line_is_told() {
    let texte = "Rang;Candidat - Code;Note\n\
                 1;101;12,5\n\
                 x;;bon\n\
                 0;102;\n\
                 -4;103;\n\
                 1;104;\n\
                 2;101;\n\
                 3;99;\n\
                 1,5;105;\n\
                 99999999999;106;\n";
    assert_eq!(
        faults(texte),
        [
            "3 Candidat - Code code du candidat absent : complétez-le ou supprimez la ligne",
            "3 Rang rang « x » : un nombre entier est attendu",
            "3 Note note « bon » : un nombre est attendu (14,5)",
            "4 Rang rang 0 : les rangs commencent à 1",
            "5 Rang rang -4 : les rangs commencent à 1",
            "6 Rang rang 1 en double : il est déjà à la ligne 2",
            "7 Candidat - Code candidat « 101 » en double : il est déjà à la ligne 2",
            "8 Candidat - Code candidat inconnu dans ce groupe : « 99 »",
            "9 Rang rang « 1,5 » : un nombre entier est attendu",
            "10 Rang rang 99999999999 : il dépasse le nombre de candidats",
        ]
    );
}

#[test]
fn gaps_are_named() {
    assert_eq!(
        faults("Rang;Code\n1;101\n4;102\n6;103\n"),
        ["3 Rang les rangs doivent se suivre de 1 à 3 : il manque 2, 3, 5"]
    );
    assert_eq!(
        faults("Rang;Code\n4000000000;101\n"),
        ["2 Rang les rangs doivent se suivre de 1 à 1 : il manque 1, 2, 3, 4, 5, 6, 7, 8, 9, 10…"]
    );
}

#[test]
fn an_unreadable_rank_is_not_told_twice_as_a_gap() {
    assert_eq!(
        faults("Rang;Code\n1;101\nx;102\n3;103\n"),
        ["3 Rang rang « x » : un nombre entier est attendu"]
    );
}

#[test]
fn empty_ranks_and_blank_lines_are_no_fault() {
    let lu = read("Rang;Code\n1.0;101\n;102\n;\n\n").unwrap();
    assert!(lu.bilan.releve.is_clean(), "{:?}", lu.bilan);
    assert_eq!((lu.ranked(), lu.unranked()), (vec!["101"], vec!["102"]));
}

#[test]
fn columns_missing_or_in_double_refuse_the_file() {
    assert_eq!(faults("Rang;Nom\n1;a\n").len(), 1);
    assert_eq!(faults("a;b\n1;2\n").len(), 2);
    assert!(faults("Rang;Rang;Code\n1;1;101\n")[0].contains("nom de colonne en double"));
    assert!(faults("Classement;Rang candidat;Code\n1;1;101\n")[0].contains("double emploi"));
    assert_eq!(read("Classement;Rang;Code\nx;1;101\n").unwrap().ranked(), ["101"]);
}

#[test]
fn windows_1252_from_a_spreadsheet_is_recognised() {
    let lu = read_classement(
        b"Rang;Candidat - Code;Candidat - Pr\xe9nom\r\n1;101;L\xe9a\r\n",
        "classement.csv",
        Options::default(),
        &mut |_| true,
    )
    .unwrap();
    assert_eq!(lu.bilan.encodage, crate::Encodage::Windows1252);
    assert_eq!(lu.ranked(), ["101"]);
}
