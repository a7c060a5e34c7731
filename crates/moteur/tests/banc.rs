#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]
//! The fingerprints of the reproducible bench, against the reference values.

use moteur::banc::{Supplements, Taille, run};

/// The columns of the reference table for 8,000 and 80,000 candidats, seed 2026.
const REFERENCE: [(&str, [&str; 2]); 16] = [
    ("groupes ; plus grand ; candidats classés", ["265 ; 5183 ; 93649", "2789 ; 15322 ; 1062358"]),
    ("vœux jour 1 ; avec internat ; internats", ["94625 ; 1961 ; 9", "1074243 ; 23726 ; 81"]),
    ("ordre d'appel", ["34cf7b4df06a5e91", "c1db675b50525f48"]),
    ("jour 1 : nombre de propositions", ["10494", "122327"]),
    ("jour 1 : propositions", ["3e7345cc9f41af67", "fd5168d8a031b443"]),
    ("jour 1 : barres", ["3d0859ed7a0eceef", "1926e02507716429"]),
    ("jour 1 : attente", ["4e440ccc83309524", "bc95f20858541615"]),
    ("jour 1 : dernier appelé", ["21bef07e8aaa6b5f", "6d54fb9a799169f7"]),
    ("GDD : vœux ; répondeurs actifs", ["33710 ; 1514", "375167 ; 15285"]),
    ("GDD, avant mise à l'écart : propositions", ["5691 30155a67f092d8be", "71354 3097f61b7fb5861d"]),
    ("GDD, avant mise à l'écart : statuts", ["8ce3a2ee35d89482", "4d88c27b14f8e7c3"]),
    ("GDD, avant mise à l'écart : barres", ["28ed0aafa0f20717", "3b94b4f16fdd4b7e"]),
    ("GDD vérifié : groupes gardés", ["263/265", "2783/2789"]),
    ("GDD vérifié : statuts des vœux gardés", ["9952494dc6c7a2ed", "ff595094164eefa9"]),
    ("GDD vérifié : attente", ["2a949f3ef1e928ce", "ee913ce0a81f00ed"]),
    ("GDD vérifié : dernier appelé", ["9f786e1bec637d0e", "7a2b323131967fd9"]),
];

fn check(candidats: u32, formations: u32, colonne: usize) {
    let rapport =
        run(Taille { candidats, formations, graine: 2026 }, Supplements::default(), &|_| ()).unwrap();
    let attendu: Vec<_> = REFERENCE.iter().map(|(nom, v)| (*nom, v[colonne].to_owned())).collect();
    assert_eq!(rapport.lignes, attendu);
}

#[test]
fn small_bench() {
    check(8_000, 200, 0);
}

#[test]
fn medium_bench() {
    check(80_000, 2_000, 1);
}

#[test]
fn the_judge_agrees_and_changes_nothing() {
    let taille = Taille { candidats: 2_000, formations: 100, graine: 2026 };
    let sans = run(taille, Supplements::default(), &|_| ()).unwrap();
    let avec = run(taille, Supplements { juge: true, ..Supplements::default() }, &|_| ()).unwrap();
    assert_eq!(avec.ecart, None);
    assert_eq!(avec.lignes, sans.lignes);
    let noms = |etapes: &[moteur::banc::Etape]| etapes.iter().map(|e| e.nom).collect::<Vec<_>>();
    let juges: Vec<&str> =
        noms(&avec.etapes).into_iter().filter(|nom| !noms(&sans.etapes).contains(nom)).collect();
    assert_eq!(
        juges,
        [
            "ordre d’appel, juge",
            "jour 1, juge",
            "jour GDD, juge",
            "jour GDD réparé, contrôles, vérifications et affichages",
            "jour GDD réparé, juge"
        ]
    );
}

#[test]
fn the_columns_are_read_and_sorted_before_the_days_and_change_nothing() {
    let taille = Taille { candidats: 2_000, formations: 100, graine: 2026 };
    let sans = run(taille, Supplements::default(), &|_| ()).unwrap();
    let avec = run(taille, Supplements { plancher: true, ..Supplements::default() }, &|_| ()).unwrap();
    let added: Vec<&str> = avec
        .etapes
        .iter()
        .map(|etape| etape.nom)
        .filter(|nom| sans.etapes.iter().all(|etape| etape.nom != *nom))
        .collect();
    assert_eq!(added, ["colonnes du jour 1, lues", "colonnes du jour 1, lues et triées"]);
    assert_eq!(avec.lignes, sans.lignes);
}
