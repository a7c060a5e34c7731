//! The real public files: every row must be read, without a fault.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use domain::apprentissage::Fiche;
use domain::formations::Famille;
use domain::territoires::{Commune, Trouvee, choose_commune, cle_commune};
use files::catalogue::schema_lheo::{self, Attribut, Contenu, Valeur};
use files::catalogue::{BilanCatalogue, FormatCatalogue, LIMITES, Lue, read_catalogue};
use files::offre::{LigneOffre, ListeAppel, StatutEtablissement};
use files::tableau::{Lecteur, Ligne, Lu};
use files::valeurs::FormeUai;
use files::{Bilan, Compression, Encodage, FichierError, Nature, Options};
use quick_xml::events::Event;
use serde_json::Value;

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

/// The records of one file of the exchange formats, with what was read of it, or why nothing is read.
fn catalogue(source: impl Read, nom: &str) -> Result<(Vec<Lue>, BilanCatalogue), FichierError> {
    let options = Options { limites: LIMITES, ..Options::default() };
    let depart = Instant::now();
    let mut lues = Vec::new();
    let lu = read_catalogue(source, nom, options, &mut |l| lues.push(l));
    println!("{nom} : {:?}", depart.elapsed());
    lu.map(|bilan| (lues, bilan))
}

/// What `docs/imports.md` says of each of these files: its name, the other cells of its line.
fn outcomes() -> BTreeMap<String, Vec<String>> {
    let document = include_str!("../../../docs/imports.md");
    let (_, section) = document.split_once("### What becomes of each exchange file").unwrap();
    let (section, _) = section.split_once("\n#").unwrap();
    let lignes = section.lines().filter_map(|l| l.strip_prefix("| `"));
    lignes
        .map(|l| {
            let (nom, reste) = l.split_once("` |").unwrap();
            let cellules = reste.trim_end_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
            (nom.to_owned(), cellules)
        })
        .collect()
}

#[test]
fn r_imp_08_r_imp_09_every_exchange_file_has_its_outcome() {
    let Some(dossier) = data("05-carif-oref-lheo") else { return };
    let attendus = outcomes();
    let presents: BTreeSet<String> = std::fs::read_dir(&dossier)
        .unwrap()
        .map(|f| f.unwrap().file_name().to_string_lossy().trim_end_matches(".zst").to_owned())
        .collect();
    let dits: BTreeSet<String> = attendus.keys().cloned().collect();
    assert_eq!(presents, dits, "docs/imports.md tells every file");
    for (nom, cellules) in attendus {
        let [issue, fiches, refusees, avertissements, dit] = cellules.as_slice() else {
            panic!("{nom}: {cellules:?}")
        };
        let nom = format!("{nom}.zst");
        match catalogue(File::open(dossier.join(&nom)).unwrap(), &nom) {
            Ok((_, b)) => {
                let comptes = [b.lues, b.refusees, b.releve.total_avertissements].map(|n| n.to_string());
                assert_eq!(
                    comptes,
                    [fiches, refusees, avertissements].map(Clone::clone),
                    "{nom}: {:?}",
                    b.releve
                );
                assert_eq!(issue, "read", "{nom}");
                let premiere = b.releve.fautes.first().map_or("", |f| f.motif.as_str());
                assert!(premiere.contains(dit.as_str()), "{nom}: {premiere}");
            }
            Err(e) => {
                assert_eq!(
                    (issue.as_str(), fiches.as_str(), refusees.as_str()),
                    ("refused", "", ""),
                    "{nom}: {e}"
                );
                assert!(!dit.is_empty() && e.to_string().contains(dit.as_str()), "{nom}: {e}");
            }
        }
    }
}

/// Cells of a table, each between quotes.
fn cells<'v>(valeurs: impl Iterator<Item = &'v Value>) -> String {
    let cellules = valeurs.map(|v| {
        let texte = match v {
            Value::Null => String::new(),
            Value::String(texte) => texte.clone(),
            Value::Array(elements) => {
                elements.iter().map(|e| e.as_str().unwrap()).collect::<Vec<_>>().join("|")
            }
            autre => panic!("{autre}"),
        };
        format!("\"{}\"", texte.replace('"', "\"\""))
    });
    cellules.collect::<Vec<_>>().join(";")
}

#[test]
fn r_imp_08_the_real_records_are_the_same_as_a_table() {
    for nom in ["rco_flux-quotidien_2020-11_j.json.zst", "rco_formations-apprentissage_2020-11.json.zst"] {
        let Some(chemin) = data(&format!("05-carif-oref-lheo/{nom}")) else { return };
        let json = zstd::decode_all(File::open(chemin).unwrap()).unwrap();
        let fiches: Vec<serde_json::Map<String, Value>> = serde_json::from_slice(&json).unwrap();
        let noms: Vec<&String> = fiches[0].keys().collect();
        let mut texte = noms.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(";");
        for f in &fiches {
            texte.push('\n');
            texte.push_str(&cells(noms.iter().map(|n| &f[n.as_str()])));
        }
        let fiches = |lues: Vec<Lue>| -> Vec<Fiche> {
            let fiche = |l: Lue| match l {
                Lue::Fiche(f) => f.fiche,
                Lue::Refusee(r) => panic!("{r:?}"),
            };
            lues.into_iter().map(fiche).collect()
        };
        let (du_json, bilan_json) = catalogue(json.as_slice(), "fiches.json").unwrap();
        let (de_la_table, bilan) = catalogue(texte.as_bytes(), "fiches.csv").unwrap();
        assert_eq!((bilan.format, bilan.lues), (FormatCatalogue::Csv, bilan_json.lues));
        assert!(fiches(du_json) == fiches(de_la_table), "{nom}");
    }
}

/// An element, as the published schema and our rules both tell it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Regles {
    contenu: Vec<String>,
    attributs: BTreeSet<String>,
}

/// The published schema, element by element.
fn published() -> Option<BTreeMap<String, Regles>> {
    let chemin = data("05-carif-oref-lheo/lheo-2.3.xsd.zst")?;
    let texte = String::from_utf8(zstd::decode_all(File::open(chemin).unwrap()).unwrap()).unwrap();
    let mut xml = quick_xml::Reader::from_str(&texte);
    let mut regles: BTreeMap<String, Regles> = BTreeMap::new();
    let mut noms = BTreeSet::new();
    let mut de = String::new();
    loop {
        let e = match xml.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(e) | Event::Empty(e) => e,
            _ => continue,
        };
        let lu = |nom: &str| e.try_get_attribute(nom).unwrap().map(|a| a.value.into_owned());
        let r = regles.entry(de.clone()).or_default();
        match e.local_name().into_inner() {
            "simpleType" | "complexType" | "attributeGroup" => {
                if let Some(nom) = lu("name") {
                    let fins = ["-subtype", "-type", "-attributes"];
                    de = fins.iter().find_map(|fin| nom.strip_suffix(*fin)).unwrap().to_owned();
                }
            }
            "element" => match lu("ref") {
                None => drop(noms.insert(lu("name").unwrap())),
                Some(nom) => {
                    let (min, max) = (lu("minOccurs"), lu("maxOccurs"));
                    let bornes =
                        format!("{}..{}", min.as_deref().unwrap_or("1"), max.as_deref().unwrap_or("1"));
                    let nom = nom.strip_prefix("lheo:").unwrap();
                    let choix = r.contenu.first().is_some_and(|c| c == "choice 0..unbounded");
                    r.contenu.push(if choix { nom.to_owned() } else { format!("{nom} {bornes}") });
                }
            },
            "sequence" => r.contenu.push("sequence".to_owned()),
            "choice" => {
                let (min, max) = (lu("minOccurs").unwrap(), lu("maxOccurs").unwrap());
                r.contenu.push(format!("choice {min}..{max}"));
            }
            "restriction" => r.contenu.push(lu("base").unwrap()),
            "extension" if lu("base").as_deref() == Some("xs:anyType") => r.contenu.push("libre".to_owned()),
            facette @ ("length" | "minLength" | "maxLength" | "pattern" | "enumeration") => {
                r.contenu.push(format!("{facette} {}", lu("value").unwrap()));
            }
            "attribute" => {
                r.attributs.insert(format!("{} {}", lu("name").unwrap(), lu("type").unwrap()));
            }
            "schema" | "simpleContent" | "complexContent" | "extension" => {}
            autre => panic!("{autre}"),
        }
    }
    regles.remove("");
    assert!(noms.iter().eq(regles.keys()));
    // The codes are a set: their order says nothing.
    for r in regles.values_mut().filter(|r| r.contenu.first().is_some_and(|c| c.starts_with("xs:"))) {
        r.contenu.sort();
    }
    Some(regles)
}

/// Our rules, told the same way.
fn ours(element: &schema_lheo::Element) -> Regles {
    let mut contenu: Vec<String> = match &element.contenu {
        Contenu::Suite(enfants) => {
            let suite = enfants.iter().map(|x| {
                let max = x.max.map_or("unbounded".to_owned(), |max| max.to_string());
                format!("{} {}..{max}", x.nom, x.min)
            });
            std::iter::once("sequence".to_owned()).chain(suite).collect()
        }
        Contenu::Melange(enfants) => {
            let noms = enfants.iter().map(|x| x.nom.to_owned());
            std::iter::once("choice 0..unbounded".to_owned()).chain(noms).collect()
        }
        Contenu::Libre => vec!["libre".to_owned()],
        Contenu::Valeur(Valeur::Texte(min, max)) => {
            let mut facettes = vec!["xs:string".to_owned(), format!("maxLength {max}")];
            facettes.extend((*min > 0).then(|| format!("minLength {min}")));
            facettes
        }
        Contenu::Valeur(Valeur::Code(codes)) => {
            let codes = codes.split(' ').map(|c| format!("enumeration {c}"));
            std::iter::once("xs:token".to_owned()).chain(codes).collect()
        }
        Contenu::Valeur(Valeur::Jour) => {
            let forme = "pattern [0-9][0-9][0-9][0-9][019][0-9][01239][0-9]";
            ["xs:token", "length 8", forme].map(str::to_owned).to_vec()
        }
        Contenu::Valeur(Valeur::Entier) => vec!["xs:long".to_owned()],
    };
    if matches!(element.contenu, Contenu::Valeur(_)) {
        contenu.sort();
    }
    let genre = |a: Attribut| match a {
        Attribut::Texte => "xs:string",
        Attribut::Identifiant => "xs:ID",
        Attribut::Reference => "xs:IDREF",
        Attribut::Horodatage => "xs:dateTime",
        Attribut::Adresse => "xs:anyURI",
    };
    Regles { contenu, attributs: element.attributs().map(|(nom, a)| format!("{nom} {}", genre(a))).collect() }
}

#[test]
fn r_imp_09_the_rules_of_lheo_are_those_of_the_published_schema() {
    let Some(publiees) = published() else { return };
    assert_eq!(publiees.len(), 170);
    let notres: BTreeMap<String, Regles> =
        schema_lheo::elements().map(|e| (e.nom.to_owned(), ours(e))).collect();
    assert!(notres.keys().eq(publiees.keys()));
    for (nom, r) in &publiees {
        assert_eq!(&notres[nom], r, "{nom}");
    }
}

/// R-ETA-10: every town of the national list is found by its name and its post code.
#[test]
fn r_eta_10_every_town_of_the_national_list_is_read_and_found() {
    let nom = "communes-departement-region.csv.zst";
    let Some(chemin) = data(&format!("04-etablissements/{nom}")) else { return };
    let (communes, bilan) =
        files::nomenclatures::read_communes(File::open(chemin).unwrap(), nom, Options::default()).unwrap();
    assert_eq!(bilan.releve.fautes, []);
    // What is left aside has no position, or was said already.
    assert_eq!((bilan.lignes_lues, bilan.lignes_valides, bilan.lignes_ignorees), (39_201, 36_214, 2_987));
    let mut par_cle: BTreeMap<String, Vec<Commune>> = BTreeMap::new();
    for c in &communes {
        par_cle.entry(cle_commune(&c.nom)).or_default().push(c.clone());
    }
    for c in &communes {
        match choose_commune(&par_cle[&cle_commune(&c.nom)], &c.code_postal, "") {
            Trouvee::Une(t) => assert_eq!(t.code_postal, c.code_postal, "{}", c.nom),
            autre => panic!("{}: {autre:?}", c.nom),
        }
    }
}

#[test]
fn r_imp_13_the_registers_that_complete_records_are_read_without_a_fault() {
    let nom = "bcn_v_formation_diplome.csv.zst";
    let Some(chemin) = data(&format!("06-nomenclatures/{nom}")) else { return };
    let (diplomes, bilan) =
        files::nomenclatures::read_diplomes(File::open(chemin).unwrap(), nom, Options::default()).unwrap();
    assert_eq!((&bilan.releve.fautes, bilan.lignes_valides), (&Vec::new(), 11_261));
    let mco = diplomes.iter().find(|d| d.code == "32031213").unwrap();
    assert_eq!(mco.intitule(), "BTS Management commercial opérationnel");
    assert!(diplomes.iter().all(|d| !d.intitule().trim().is_empty()));
    let nom = "catalogue-apprentissage_etablissements_2022-10-10.csv.zst";
    let Some(chemin) = data(&format!("04-etablissements/{nom}")) else { return };
    let (organismes, bilan) =
        files::nomenclatures::read_organismes(File::open(chemin).unwrap(), nom, Options::default()).unwrap();
    assert_eq!((&bilan.releve.fautes, bilan.lignes_valides), (&Vec::new(), 5_678));
    assert_eq!(organismes.iter().filter(|o| o.uai.is_some()).count(), 3_845);
    assert!(organismes.iter().all(|o| !o.nom_ecrit().is_empty()));
}
