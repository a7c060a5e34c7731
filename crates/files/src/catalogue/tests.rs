use domain::apprentissage::{Moment, Statut};

use super::*;
use crate::tableau::Nature;

pub(super) fn read(texte: &[u8]) -> Result<(Vec<Lue>, BilanCatalogue), FichierError> {
    read_in(texte, LIMITES)
}

fn read_in(texte: &[u8], limites: Limites) -> Result<(Vec<Lue>, BilanCatalogue), FichierError> {
    let mut lues = Vec::new();
    let options = Options { limites, ..Options::default() };
    let bilan = read_catalogue(texte, "fiches", options, &mut |l| lues.push(l))?;
    Ok((lues, bilan))
}

pub(super) fn fiche(lue: &Lue) -> &Fiche {
    match lue {
        Lue::Fiche(f) => &f.fiche,
        Lue::Refusee(r) => panic!("{r:?}"),
    }
}

pub(super) fn refusee(lue: &Lue) -> &FicheRefusee {
    match lue {
        Lue::Refusee(r) => r,
        Lue::Fiche(f) => panic!("{f:?}"),
    }
}

pub(super) const UNE: &str = r#"{
"id_formation": "24_1",
"id_action": "24_2",
"id_certifinfo": "56927",
"etablissement_gestionnaire_siret": "73282932000074",
"etablissement_gestionnaire_uai": "0040578G",
"etablissement_formateur_siret": "73282932000074",
"etablissement_formateur_code_insee": "04094",
"etablissement_lieu_formation_adresse": "50  rue du Château",
"etablissement_lieu_formation_code_postal": "13090",
"etablissement_lieu_formation_code_insee": "13001",
"etablissement_lieu_formation_geo_coordonnees": "43.5614,5.5248",
"cfd": "32033422",
"rncp_code": "RNCP4911",
"capacite": null,
"periode": ["2021-10", "2021-09"]
}"#;

#[test]
fn r_imp_08_a_record_of_the_flow_is_read_field_by_field() {
    let (lues, bilan) = read(format!("[\n{UNE}\n]").as_bytes()).unwrap();
    assert_eq!((lues.len(), bilan.lues, bilan.refusees), (1, 1, 0));
    let f = fiche(&lues[0]);
    assert_eq!(f.id, "24_1|24_2|56927");
    assert_eq!(f.gestionnaire.uai.as_deref(), Some("0040578G"));
    assert_eq!(f.formateur.commune.as_deref(), Some("04094"));
    assert_eq!(f.lieu.adresse.as_deref(), Some("50 rue du Château"));
    assert_eq!(f.lieu.point, domain::apprentissage::Point::from_degres(43.5614, 5.5248));
    assert_eq!((f.cfd.as_deref(), f.rncp.as_deref(), f.capacite), (Some("32033422"), Some("RNCP4911"), None));
    let debuts: Vec<Moment> = f.periodes.iter().map(|p| p.debut).collect();
    assert_eq!(debuts, [Moment::mois(2021, 9), Moment::mois(2021, 10)]);
    let Lue::Fiche(lue) = &lues[0] else { panic!() };
    assert_eq!(lue.ligne, 2);
}

#[test]
fn r_imp_08_a_record_of_the_catalogue_is_read_under_its_other_names() {
    let texte = r#"[{"id_rco_formation": "01_GE1|01_GE2|97049", "cle_ministere_educatif": "cle-1",
        "etablissement_gestionnaire_siret": 73282932000074, "etablissement_formateur_siret": "73282932000074",
        "uai_formation": "0040578g", "code_commune_insee": "2A004", "intitule_long": "BTS",
        "bcn_mefs_10": [{"mef10": "2472541131", "modalite": {"duree": "3"}}, {"mef10": "2472541130"}],
        "niveau": "5 (BTS, DEUST...)", "date_debut": ["2024-09-01T00:00:00.000Z"], "date_fin": ["2026-06-30"],
        "periode": ["2023-09"], "entierement_a_distance": true, "capacite": "12",
        "parcoursup_statut": "non publié", "parcoursup_raison_depublication": "Reportée.", "_id": {"$oid": "x"}}]"#;
    let (lues, _) = read(texte.as_bytes()).unwrap();
    let f = fiche(&lues[0]);
    assert_eq!((f.id.as_str(), f.cle_ministere.as_deref()), ("01_GE1|01_GE2|97049", Some("cle-1")));
    assert_eq!((f.lieu.uai.as_deref(), f.lieu.commune.as_deref()), (Some("0040578G"), Some("2A004")));
    assert_eq!(f.mefs, ["2472541130", "2472541131"]);
    let periodes: Vec<String> = f.periodes.iter().map(ToString::to_string).collect();
    assert_eq!(periodes, ["2024-09-01/2026-06-30"]);
    assert_eq!((f.niveau_dit, f.a_distance, f.capacite), (Some(5), true, Some(12)));
    assert_eq!((f.statut_dit, f.raison_dite.as_deref()), (Some(Statut::NonPublie), Some("Reportée.")));
}

#[test]
fn r_imp_08_a_bad_record_is_told_with_its_place_and_leaves_the_others() {
    let fautive =
        UNE.replace("73282932000074", "12").replace("\"32033422\"", "[1]").replace("2021-09", "2021-19");
    let texte = format!("[\n{fautive},\n42,\n\"x\",\n{{}},\n{UNE}]");
    let (lues, bilan) = read(texte.as_bytes()).unwrap();
    assert_eq!((bilan.lues, bilan.refusees, lues.len()), (5, 4, 5));
    let r = refusee(&lues[0]);
    assert_eq!((r.ligne, r.id.as_deref()), (2, Some("24_1|24_2|56927")));
    let ou: Vec<(u64, &str)> = r.fautes.iter().map(|f| (f.ligne, f.champ.as_str())).collect();
    assert_eq!(
        ou,
        [
            (6, "etablissement_gestionnaire_siret"),
            (8, "etablissement_formateur_siret"),
            (14, "cfd"),
            (17, "periode")
        ]
    );
    assert_eq!(r.fautes[0].motif, "le SIRET « 12 » n’a pas quatorze chiffres");
    assert_eq!(refusee(&lues[1]).fautes[0].motif, "une fiche est attendue : un objet entre accolades");
    assert_eq!(refusee(&lues[1]).ligne, 19);
    assert!(refusee(&lues[3]).fautes.iter().any(|f| f.motif.contains("ne dit pas qui elle est")));
    assert!(bilan.releve.fautes[0].motif.ends_with("(colonne 34)"), "{:?}", bilan.releve.fautes[0]);
    fiche(&lues[4]);
}

#[test]
fn r_imp_08_an_object_a_line_loses_only_its_wrong_lines() {
    let une = UNE.replace('\n', "");
    let texte = format!("\u{feff}{une}\n\n{{\"id_formation\": }}\n{}\n", une.replace("24_1", "24_9"));
    let (lues, bilan) = read(texte.as_bytes()).unwrap();
    assert_eq!((bilan.lues, bilan.refusees), (3, 1));
    let r = refusee(&lues[1]);
    assert_eq!((r.ligne, r.fautes[0].motif.as_str()), (3, "la syntaxe du JSON est fausse"));
    assert_eq!(fiche(&lues[2]).id, "24_9|24_2|56927");
    // Objects over several lines follow each other as well.
    let (lues, _) = read(format!("{UNE}\n{}", UNE.replace("24_1", "24_9")).as_bytes()).unwrap();
    assert_eq!(lues.len(), 2);
}

#[test]
fn r_imp_08_records_of_one_line_have_their_rank_and_a_refused_one_says_what_it_is() {
    let une = UNE.replace('\n', "");
    let fautive = une.replace(
        "\"cfd\": \"32033422\"",
        "\"cfd\": \"320\", \"intitule_long\": \"BTS Tourisme\", \"localite\": \"Aix\"",
    );
    let (lues, _) = read(format!("[{une},{fautive}]").as_bytes()).unwrap();
    let Lue::Fiche(lue) = &lues[0] else { panic!() };
    let r = refusee(&lues[1]);
    assert_eq!((lue.rang, lue.ligne, r.rang, r.ligne), (1, 1, 2, 1));
    assert_eq!((r.intitule.as_deref(), r.lieu.as_deref()), (Some("BTS Tourisme"), Some("Aix, UAI 0040578G")));
}

#[test]
fn r_imp_08_a_value_said_twice_is_refused() {
    let texte = UNE.replace("\"capacite\": null", "\"cfd\": \"32033421\"");
    let (lues, _) = read(format!("[{texte}]").as_bytes()).unwrap();
    assert!(refusee(&lues[0]).fautes[0].motif.starts_with("ce champ est déjà dit"), "{lues:?}");
}

pub(super) fn error(texte: &[u8]) -> String {
    read(texte).unwrap_err().to_string()
}

#[test]
fn r_imp_08_what_cannot_be_read_at_all_says_where_and_what_is_expected() {
    for (texte, dit) in [
        (String::new(), "ligne 1, colonne 1 : le fichier est vide"),
        (format!("[{UNE},\n{{\"id"), "ligne 18, colonne 4 : le document s’arrête avant sa fin"),
        (format!("[{UNE};]"), "la syntaxe du JSON est fausse"),
        (format!("[{{\"cfd\": {}1", "[".repeat(500)), "les valeurs sont trop emboîtées"),
    ] {
        let e = error(texte.as_bytes());
        assert!(e.contains(dit), "{e}");
        assert!(e.contains("LHÉO 2.3 (XML)"), "{e}");
    }
    let limites = Limites { octets_ligne: 700, ..LIMITES };
    let e = read_in(format!("[{{\"a\": \"{}\"}}]", "x".repeat(2_000)).as_bytes(), limites).unwrap_err();
    assert!(e.to_string().contains("une fiche dépasse 700 octets"), "{e}");
    let limites = Limites { lignes: 1, ..LIMITES };
    assert!(matches!(
        read_in(format!("[{UNE},{UNE}]").as_bytes(), limites),
        Err(FichierError::TropDeLignes { limite: 1, .. })
    ));
    let limites = Limites { octets: 100, ..LIMITES };
    assert!(matches!(read_in(format!("[{UNE}]").as_bytes(), limites), Err(FichierError::TropGros { .. })));
    let limites = Limites { octets: 100, ..LIMITES };
    assert!(matches!(read_in(lheo("").as_bytes(), limites), Err(FichierError::TropGros { .. })));
}

/// A course with one action in Amiens, as the schema wants it; `fin` is put at its end.
pub(super) fn lheo(fin: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<lheo xmlns="http://lheo.gouv.fr/2.3"><offres>
<formation numero="9436"><domaine-formation/><intitule-formation>BTS n&#233;gociation &amp; relation client</intitule-formation>
<objectif-formation>Vendre</objectif-formation><resultats-attendus>-</resultats-attendus><contenu-formation>-</contenu-formation>
<certifiante>1</certifiante><contact-formation><coordonnees/></contact-formation>
<parcours-de-formation>4</parcours-de-formation><code-niveau-entree>0</code-niveau-entree>
<certification><code-RNCP>474</code-RNCP><code-CERTIFINFO>19004</code-CERTIFINFO></certification>
<certification><code-RNCP>999</code-RNCP></certification>
<code-niveau-sortie>6</code-niveau-sortie>
<action numero="18706"><rythme-formation>Alternance</rythme-formation><code-public-vise>81061</code-public-vise>
<niveau-entree-obligatoire>1</niveau-entree-obligatoire><modalites-alternance>-</modalites-alternance>
<modalites-enseignement>2</modalites-enseignement><conditions-specifiques>-</conditions-specifiques>
<prise-en-charge-frais-possible>1</prise-en-charge-frais-possible>
<lieu-de-formation><code-UAI-lieu-formation><code-UAI>0040578G</code-UAI></code-UAI-lieu-formation>
<coordonnees><adresse><ligne>Bâtiment B</ligne><ligne>3 rue des Écoles</ligne><codepostal>80000</codepostal>
<ville>AMIENS</ville><code-INSEE-commune>80021</code-INSEE-commune><geolocalisation><latitude>49.894</latitude>
<longitude>2.295</longitude></geolocalisation></adresse></coordonnees></lieu-de-formation>
<modalites-entrees-sorties>0</modalites-entrees-sorties>
<session><periode><debut>20240902</debut><fin>20260630</fin></periode>
<adresse-inscription><adresse><ligne>3 rue des Écoles</ligne><codepostal>80000</codepostal><ville>AMIENS</ville></adresse></adresse-inscription>
<cycle><type-cycle>1</type-cycle><capacite-cumulee>24</capacite-cumulee></cycle></session>
<session><periode><debut>20250901</debut><fin>99999999</fin></periode>
<adresse-inscription><adresse><ligne>3 rue des Écoles</ligne><codepostal>80000</codepostal><ville>AMIENS</ville></adresse></adresse-inscription></session>
</action>
<organisme-formation-responsable><numero-activite>99999999999</numero-activite>
<SIRET-organisme-formation><SIRET>73282932000074</SIRET></SIRET-organisme-formation>
<nom-organisme>CFA d’Amiens</nom-organisme><raison-sociale>-</raison-sociale>
<coordonnees-organisme><coordonnees><adresse><ligne>1 rue A</ligne><codepostal>80000</codepostal><ville>AMIENS</ville>
<code-INSEE-commune>80001</code-INSEE-commune></adresse></coordonnees></coordonnees-organisme>
<contact-organisme><coordonnees/></contact-organisme></organisme-formation-responsable>
</formation>{fin}</offres></lheo>"#
    )
}

#[test]
fn r_imp_09_an_action_of_lheo_is_a_record() {
    let (lues, bilan) = read(lheo("").as_bytes()).unwrap();
    assert_eq!((bilan.format, bilan.lues, bilan.refusees), (FormatCatalogue::Lheo, 1, 0), "{bilan:?}");
    let f = fiche(&lues[0]);
    assert_eq!(
        (f.id.as_str(), f.rncp.as_deref(), f.cfd.as_deref()),
        ("9436|18706|19004", Some("RNCP474"), None)
    );
    assert_eq!(f.intitule.as_deref(), Some("BTS négociation & relation client"));
    assert_eq!((f.niveau(), f.a_distance, f.capacite), (Some(5), true, Some(24)));
    assert_eq!(f.lieu.adresse.as_deref(), Some("Bâtiment B 3 rue des Écoles"));
    assert_eq!((f.lieu.uai.as_deref(), f.lieu.commune.as_deref()), (Some("0040578G"), Some("80021")));
    assert_eq!(f.formateur, f.gestionnaire, "nobody else gives it");
    assert_eq!(f.gestionnaire.commune.as_deref(), Some("80001"));
    let periodes: Vec<String> = f.periodes.iter().map(ToString::to_string).collect();
    assert_eq!(periodes, ["2024-09-02/2026-06-30", "2025-09-01"]);
    assert_eq!(bilan.releve.par_nature.get(&Nature::Discordance), Some(&1), "two certifications");
    let Lue::Fiche(lue) = &lues[0] else { panic!() };
    assert_eq!(lue.ligne, 10);
}

#[test]
fn r_imp_09_faults_of_lheo_have_their_place_and_leave_the_others() {
    let bonne = lheo("");
    let texte = bonne.replace("<SIRET>73282932000074", "<SIRET>7328").replace("20240902", "20240000");
    let (lues, _) = read(texte.as_bytes()).unwrap();
    let r = refusee(&lues[0]);
    assert_eq!((r.id.as_deref(), r.academie, r.ligne), (Some("9436|18706|19004"), Some("20"), 10));
    let ou: Vec<(u64, u64, &str)> = r.fautes.iter().map(|f| (f.ligne, f.colonne, f.champ.as_str())).collect();
    let siret = "formation/organisme-formation-responsable/SIRET-organisme-formation/SIRET";
    assert_eq!(ou, [(19, 26, "periode"), (26, 35, siret)], "each is said once: {r:?}");
    assert_eq!(r.fautes[1].motif, "le texte a 4 caractères, blancs compris : le schéma en veut 14");
    let (lues, bilan) = read(lheo("<formation numero=\"2\"></formation>").as_bytes()).unwrap();
    assert_eq!((lues.len(), bilan.refusees), (2, 1));
    let manque = |quoi: &str| refusee(&lues[1]).fautes.iter().any(|f| f.champ == quoi);
    assert!(manque("formation/action") && manque("formation/intitule-formation"), "{lues:?}");
    let (lues, _) = read(bonne.replace(" numero=\"18706\"", "").as_bytes()).unwrap();
    assert!(refusee(&lues[0]).fautes[0].motif.starts_with("l’identifiant manque"), "{lues:?}");
}

#[test]
fn r_imp_09_another_version_of_lheo_is_refused_and_names_both() {
    let e = error(lheo("").replace("lheo.gouv.fr/2.3", "lheo.gouv.fr/2.2").as_bytes());
    assert!(e.contains("l’espace de noms « http://lheo.gouv.fr/2.2 »"), "{e}");
    assert!(e.contains("seul « http://lheo.gouv.fr/2.3 » (LHÉO 2.3) est lu"), "{e}");
    let e = error(lheo("").replace(" xmlns=\"http://lheo.gouv.fr/2.3\"", "").as_bytes());
    assert!(
        e.contains("le document a aucun espace de noms") || e.contains("n’a aucun espace de noms"),
        "{e}"
    );
    let e = error(b"<x:lheo/>");
    assert!(e.contains("le pr\u{e9}fixe \u{ab} x \u{bb}") || e.contains("syntaxe"), "{e}");
    let prefixe = lheo("").replace("<lheo xmlns=", "<lheo xmlns:l=\"http://lheo.gouv.fr/2.3\" xmlns=");
    assert_eq!(read(prefixe.as_bytes()).unwrap().0.len(), 1);
}

#[test]
fn r_imp_09_no_dtd_no_entity_and_a_bounded_depth() {
    let bombe = lheo("").replace(
        "<lheo ",
        "<!DOCTYPE lheo [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>\n<lheo ",
    );
    assert!(error(bombe.as_bytes()).contains("la déclaration DOCTYPE est refusée"));
    let externe = lheo("").replace("<lheo ", "<!DOCTYPE lheo SYSTEM \"file:///etc/passwd\">\n<lheo ");
    assert!(error(externe.as_bytes()).contains("la déclaration DOCTYPE est refusée"));
    let e = error(lheo("").replace("&amp;", "&xxe;").as_bytes());
    assert!(e.contains("ligne 3,") && e.contains("l’entité « xxe » est refusée"), "{e}");
    let profond = lheo(&format!("{}{}", "<extras>".repeat(40), "</extras>".repeat(40)));
    assert!(error(profond.as_bytes()).contains("plus de 32 éléments emboîtés"));
    let texte = lheo("");
    let tronque = &texte.as_bytes()[..texte.len() - 40];
    assert!(error(tronque).contains("avant sa fin"), "{}", error(tronque));
    let e = error(lheo("").replace("</session>", "</sessions>").as_bytes());
    assert!(e.contains("les éléments ne s’emboîtent pas"), "{e}");
    let e = error(lheo("").replace("UTF-8", "ISO-8859-1").as_bytes());
    assert!(e.contains("« ISO-8859-1 » n’est pas UTF-8"), "{e}");
    let mut latin = lheo("").into_bytes();
    let place = latin.windows(2).position(|o| o == "â".as_bytes()).unwrap();
    latin.splice(place..place + 2, [0xE2]);
    assert!(error(&latin).contains("pas en UTF-8"), "{}", error(&latin));
    let limites = Limites { octets_ligne: 400, ..LIMITES };
    let e = read_in(lheo("").as_bytes(), limites).unwrap_err();
    assert!(e.to_string().contains("une formation dépasse 400 octets"), "{e}");
}

#[test]
fn r_app_02_a_perimeter_is_a_table_whose_faults_have_their_line() {
    let lit = |texte: &str| read_perimetre(texte.as_bytes(), "perimetre.csv", Options::default());
    let entete = "critere;valeur;acces;libelle";
    let bon =
        format!("{entete}\nrentree;2024-07/2025-03;admis;rentrée\ncfd;32;admis;BTS\nniveau;3;exclu;CAP\n");
    let (perimetre, bilan) = lit(&bon).unwrap();
    assert!(bilan.releve.is_clean());
    assert_eq!(perimetre.unwrap().regles().len(), 2);
    let (perimetre, bilan) = lit(&bon.replace("cfd;32;admis", "cfd;32;oui")).unwrap();
    assert!(perimetre.is_none());
    let f = &bilan.releve.fautes[0];
    assert_eq!((f.ligne, f.colonne.as_str()), (3, "acces"));
    let (perimetre, bilan) = lit(&format!("{entete}\ncfd;32;admis;BTS\n")).unwrap();
    assert!(perimetre.is_none());
    assert!(bilan.releve.fautes[0].motif.starts_with("les mois de rentrée manquent"), "{bilan:?}");
    assert!(matches!(lit("a;b\n1;2\n"), Err(FichierError::Entete { .. })));
}

mod hostile {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn r_imp_08_whatever_the_bytes_reading_ends(octets in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&octets);
        }

        #[test]
        fn r_imp_08_a_spoiled_file_is_read_or_refused(rang in 0_usize..1_500, octet in any::<u8>(), xml in any::<bool>()) {
            let mut texte = if xml { lheo("") } else { format!("[{UNE}]") }.into_bytes();
            let rang = rang % texte.len();
            texte[rang] = octet;
            let _ = read(&texte);
        }
    }
}
