//! The real public files: every row must be read, without a fault.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Instant;

use domain::formations::Famille;
use files::offre::{LigneOffre, ListeAppel, StatutEtablissement};
use files::tableau::{Lecteur, Ligne, Lu};
use files::valeurs::FormeUai;
use files::{Bilan, Compression, Encodage, Nature, Options};

/// The shared data, beside the repository. Their absence is a failure in continuous integration.
fn data(chemin: &str) -> Option<PathBuf> {
    let racine = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let fichier = racine.join(chemin);
    if fichier.exists() {
        return Some(fichier);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "données absentes : {}", fichier.display());
    println!("passé : {} est absent", fichier.display());
    None
}

fn offre(annee: u16) -> Option<(Vec<LigneOffre>, Bilan)> {
    let fichier = data(&format!("02-statistiques/fr-esr-parcoursup_{annee}.csv.zst"))?;
    let mut lignes = Vec::new();
    let depart = Instant::now();
    let bilan = files::read_offre(
        File::open(&fichier).unwrap(),
        &fichier.file_name().unwrap().to_string_lossy(),
        Options::default(),
        &mut |l| lignes.push(l),
    )
    .unwrap();
    println!(
        "{annee} : {} lignes, {} fautes, {} avertissements {:?}, {:?}",
        bilan.lignes_lues,
        bilan.releve.total_fautes,
        bilan.releve.total_avertissements,
        bilan.releve.par_nature,
        depart.elapsed()
    );
    Some((lignes, bilan))
}

/// What holds in every session.
fn check(annee: u16, attendues: u64) -> Option<(Vec<LigneOffre>, Bilan)> {
    let (lignes, bilan) = offre(annee)?;
    assert_eq!(bilan.releve.fautes, [], "{annee}");
    assert_eq!(bilan.lignes_lues, attendues);
    assert_eq!(bilan.lignes_valides, attendues);
    assert_eq!(bilan.sessions.get(&annee), Some(&attendues));
    assert_eq!(bilan.encodage, Encodage::Utf8Bom);
    assert_eq!(bilan.compression, Compression::Zstd);
    let cles: HashSet<String> = lignes.iter().map(|l| l.identite.cle()).collect();
    assert_eq!(cles.len() as u64, attendues, "{annee}: one identity a row");
    assert_eq!(
        bilan.releve.par_nature.get(&Nature::ColonneInconnue),
        None,
        "{annee}: {:?}",
        bilan.releve.avertissements
    );
    assert_eq!(
        bilan.releve.par_nature.get(&Nature::ValeurInconnue),
        None,
        "{annee}: {:?}",
        bilan.releve.avertissements
    );
    assert_eq!(
        bilan.releve.par_nature.get(&Nature::Territoire),
        None,
        "{annee}: {:?}",
        bilan.releve.avertissements
    );
    for ligne in &lignes {
        let code = ligne.departement.as_deref();
        assert!(
            code.and_then(domain::territoires::departement).is_some_and(|d| Some(d.code) == code),
            "{annee}, ligne {}: {code:?}",
            ligne.ligne
        );
        assert!(ligne.academie.is_some(), "{annee}, ligne {}", ligne.ligne);
    }
    Some((lignes, bilan))
}

fn sum(lignes: &[LigneOffre], what: impl Fn(&LigneOffre) -> Option<u32>) -> u64 {
    lignes.iter().filter_map(what).map(u64::from).sum()
}

#[test]
fn session_2018_without_codes() {
    let Some((lignes, bilan)) = check(2018, 10_697) else {
        return;
    };
    let incertaines = lignes.iter().filter(|l| l.identite.is_incertaine()).count();
    assert_eq!(incertaines, 817);
    assert_eq!(bilan.releve.par_nature.get(&Nature::SansCoordonnees), Some(&817));
    let obsoletes = lignes.iter().filter(|l| l.uai == "identifiant obsolète");
    assert_eq!(obsoletes.clone().count(), 189);
    assert!(obsoletes.clone().all(|l| l.forme_uai == FormeUai::Autre));
    let etablissements: HashSet<String> = obsoletes.map(LigneOffre::cle_etablissement).collect();
    assert!(etablissements.len() > 20, "{etablissements:?}");
    assert!(lignes.iter().all(|l| l.g_ti_cod.is_some() != l.identite.is_incertaine()));
    let ranks = lignes.iter().filter(|l| l.groupes.iter().any(|g| g.rang_dernier_appele.is_some())).count();
    assert_eq!(ranks, 5_486);
}

#[test]
fn session_2020_up_to_five_groups() {
    let Some((lignes, _)) = check(2020, 12_760) else {
        return;
    };
    assert_eq!(lignes.iter().map(|l| l.groupes.len()).max(), Some(5));
    let sans_capacite: Vec<&str> =
        lignes.iter().filter(|l| l.capacite.is_none()).map(|l| l.etablissement.as_str()).collect();
    assert_eq!(sans_capacite, ["Lycée Alexis Monteil"]);
}

#[test]
fn session_2021_rates_under_their_old_names() {
    let Some((lignes, _)) = check(2021, 13_396) else {
        return;
    };
    let taux = lignes.iter().filter(|l| l.chiffres.taux_acces_ens.is_some()).count();
    assert!(taux > 12_000, "{taux}");
}

#[test]
fn session_2023() {
    let Some((lignes, _)) = check(2023, 13_869) else {
        return;
    };
    let rodier = lignes.iter().find(|l| l.identite.g_ta_cod() == Some(2151)).unwrap();
    assert_eq!(rodier.intitule(), "BTS - Services - Gestion de la PME");
    assert_eq!(rodier.capacite, Some(24));
    assert_eq!(rodier.groupes.len(), 3);
    assert_eq!(rodier.chiffres.pct_bours.map(|t| t.pourcent()), Some(38));
    assert_eq!(rodier.statut, Some(StatutEtablissement::PriveSousContrat));
    assert_eq!(rodier.selective, Some(true));
    assert!(!rodier.internat);
}

#[test]
fn session_2024_corsica_without_department() {
    let Some((lignes, _)) = check(2024, 14_079) else {
        return;
    };
    let corses: Vec<&str> =
        lignes.iter().filter(|l| l.academie == Some("27")).filter_map(|l| l.departement.as_deref()).collect();
    assert_eq!(corses.len(), 74);
    assert!(corses.iter().all(|d| matches!(*d, "2A" | "2B")));
    assert!(corses.contains(&"2A") && corses.contains(&"2B"));
}

#[test]
fn session_2025_not_available() {
    let Some((lignes, bilan)) = check(2025, 14_252) else {
        return;
    };
    assert_eq!(bilan.releve.par_nature.get(&Nature::NonDisponible), Some(&(5 * 1_119)));
    assert!(bilan.releve.avertissements.len() <= 1_000);
    assert_eq!(sum(&lignes, |l| l.capacite), 769_351);
    assert_eq!(sum(&lignes, |l| l.chiffres.voe_tot), 13_502_385);
    assert_eq!(sum(&lignes, |l| l.chiffres.acc_tot), 660_752);
    let etablissements: HashSet<&str> = lignes.iter().map(|l| l.uai.as_str()).collect();
    assert_eq!(etablissements.len(), 4_058);
    assert_eq!(lignes.iter().filter(|l| l.internat).count(), 986);
    // Swapped in the published file: a CPGE has its own list.
    assert!(
        lignes
            .iter()
            .filter(|l| l.famille == Famille::Cpge)
            .all(|l| l.liste_appel == Some(ListeAppel::Propre))
    );
}

#[test]
fn apprenticeship_of_the_composed_offer() {
    let Some(fichier) = data("01-offre/offre-composee_2024-2025.csv.zst") else {
        return;
    };
    let (mut lignes, mut types) = (Vec::new(), Vec::new());
    let bilan = files::apprentissage::read_apprentissage(
        File::open(fichier).unwrap(),
        "offre-composee_2024-2025.csv.zst",
        Options::default(),
        &mut |l| lignes.push(l),
        &mut |course, code| types.push((course, code)),
    )
    .unwrap();
    assert_eq!(types.len(), 10_210);
    println!("{:?}", bilan.releve.par_nature);
    assert_eq!(bilan.releve.fautes, []);
    assert_eq!((bilan.lignes_lues, bilan.lignes_valides, bilan.lignes_ignorees), (23_491, 9_239, 14_252));
    let cles: HashSet<String> = lignes.iter().map(|l| l.identite.cle()).collect();
    assert_eq!(cles.len(), 9_239);
    let sans_departement = lignes.iter().filter(|l| l.departement.is_none()).count();
    // Establishments « C752887F » and « C590350K »: no place in the file, and no true code to tell it.
    assert_eq!(sans_departement, 18);
}

#[test]
fn national_types_and_texts() {
    let (Some(types), Some(textes)) = (
        data("06-nomenclatures/mps_filieres_2024.csv.zst"),
        data("07-attendus-textes/mps_attendus-et-recommandations-eds_2024.json.zst"),
    ) else {
        return;
    };
    let (types, bilan) =
        files::nomenclatures::read_filieres(File::open(types).unwrap(), "types.csv.zst", Options::default())
            .unwrap();
    // One acronym of the published file is spoiled (« L1�-IM »).
    let ou: Vec<(u64, &str)> = bilan.releve.fautes.iter().map(|f| (f.ligne, f.colonne.as_str())).collect();
    assert_eq!(ou, [(782, "sigle")]);
    assert_eq!((bilan.lignes_lues, types.len()), (2_144, 2_143));
    assert_eq!(types.iter().filter(|t| t.apprentissage).count(), 837);
    let lus = files::nomenclatures::read_attendus(
        File::open(textes).unwrap(),
        "textes.json.zst",
        Options::default(),
    )
    .unwrap();
    assert_eq!(lus.releve.fautes, []);
    assert_eq!(lus.textes.len(), 402);
    assert_eq!(lus.textes.iter().filter(|t| !t.attendus.is_empty()).count(), 324);
    assert!(lus.textes.iter().all(|t| !t.attendus.contains(['<', '>', '&'])), "no markup is left");
    let codes: HashSet<u32> = types.iter().map(|t| t.code).collect();
    assert!(lus.textes.iter().all(|t| codes.contains(&t.code)));
}

/// Counts the lines of a table that is not one of ours, and looks for a word in it.
fn table(chemin: &str, mot: &str) -> Option<(Encodage, u64, bool)> {
    let fichier = data(chemin)?;
    let mut lecteur = Lecteur::open(File::open(fichier).unwrap(), chemin, Options::default()).unwrap();
    let mut ligne = Ligne::default();
    let mut trouve = lecteur.entetes().noms().iter().any(|n| n.contains(mot));
    loop {
        match lecteur.read(&mut ligne).unwrap() {
            Lu::Fin => break,
            Lu::Faute(faute) => panic!("{faute:?}"),
            Lu::Ligne => trouve |= (0..ligne.len()).any(|i| ligne.cell(i).contains(mot)),
        }
    }
    Some((lecteur.encodage(), lecteur.lues(), trouve))
}

#[test]
fn a_real_mac_roman_file() {
    let Some(lu) =
        table("01-offre/listeFormationApprentissagePsup_2020_macroman.csv.zst", "Lycée à classe postbac")
    else {
        return;
    };
    assert_eq!(lu, (Encodage::MacRoman, 4_357, true));
}

#[test]
fn a_real_windows_1252_file_with_line_breaks_in_quotes() {
    let Some(lu) = table("06-nomenclatures/rncp_info_v1.4_cp1252.csv.zst", "Médiateur") else {
        return;
    };
    assert_eq!(lu, (Encodage::Windows1252, 17_470, true));
}

/// The outcome of one file of the exchange formats: records, refused ones, or why nothing is read.
fn catalogue(nom: &str) -> Option<Result<(u64, u64), String>> {
    use files::catalogue::{LIMITES, read_catalogue};
    let chemin = data(&format!("05-carif-oref-lheo/{nom}"))?;
    let options = Options { limites: LIMITES, ..Options::default() };
    let depart = Instant::now();
    let lu = read_catalogue(File::open(chemin).unwrap(), nom, options, &mut |_| {});
    println!("{nom} : {:?}", depart.elapsed());
    Some(
        lu.map(|b| {
            println!("  {:?} {:?}", b.releve.par_nature, b.releve.fautes.first());
            (b.lues, b.refusees)
        })
        .map_err(|e| e.to_string()),
    )
}

#[test]
fn r_imp_08_r_imp_09_every_exchange_file_has_its_outcome() {
    let Some(j) = catalogue("rco_flux-quotidien_2020-11_j.json.zst") else { return };
    assert_eq!(j, Ok((231, 0)));
    let lus = |nom| catalogue(nom).unwrap().unwrap();
    assert_eq!(lus("rco_flux-quotidien_2020-11_j-1.json.zst"), (230, 0));
    assert_eq!(lus("rco_flux-quotidien_2020-11_j+1.json.zst"), (230, 0));
    assert_eq!(lus("rco_formations-apprentissage_2020-11.json.zst"), (2_208, 0));
    assert_eq!(lus("exemple-lheo-2.3_bts-onisep_espace-de-noms-converti.xml.zst"), (1, 0));
    // Answers of another service, that do not say who they are in the catalogue.
    assert_eq!(lus("exemple-intercarif-api_formation.json.zst"), (1, 1));
    assert_eq!(lus("exemple-intercarif-api_contrat-apprentissage.json.zst"), (1, 1));
    for (nom, motif) in [
        (
            "exemple-lheo-2.2_bts-onisep.xml.zst",
            "« http://www.lheo.org/2.2 » ; seul « http://lheo.gouv.fr/2.3 »",
        ),
        ("lheo-2.3.0_definition-gml.xml.zst", "la déclaration DOCTYPE est refusée"),
        ("lheo-2.3.xsd.zst", "l’espace de noms « http://www.w3.org/2001/XMLSchema »"),
        ("lheo-2.3.dtd.zst", "la syntaxe du XML est fausse"),
        ("formacode.csv.zst", "ce n’est ni du JSON ni du XML"),
    ] {
        let e = catalogue(nom).unwrap().unwrap_err();
        println!("  {e}");
        assert!(e.contains(motif), "{e}");
    }
}
