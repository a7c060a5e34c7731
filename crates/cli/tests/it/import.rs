//! `import offre` on broken files: exit status 1, and where the fault is, and why.

use std::path::Path;

use crate::commun::{installe, port, reussit, run, texte};

const COLONNES: [&str; 21] = [
    "session",
    "contrat_etab",
    "cod_uai",
    "g_ea_lib_vx",
    "dep",
    "dep_lib",
    "region_etab_aff",
    "acad_mies",
    "ville_etab",
    "lib_for_voe_ins",
    "select_form",
    "fili",
    "lib_comp_voe_ins",
    "form_lib_voe_acc",
    "fil_lib_voe_acc",
    "g_olocalisation_des_formations",
    "capa_fin",
    "voe_tot",
    "nb_voe_pp",
    "lib_grp1",
    "cod_aff_form",
];

/// Five invented courses, lines 2 to 6, header first.
fn offre() -> Vec<Vec<String>> {
    let entete = COLONNES.map(str::to_owned).to_vec();
    let lignes = (1..=5).map(|n| {
        let texte = format!(
            "2025;Public;035000{n}A;Lycée inventé;35;Ille-et-Vilaine;Bretagne;Rennes;Rennes;BTS - Services - Tourisme;\
             formation sélective;BTS;Lycée inventé - Tourisme {n};BTS - Services;Tourisme;48.11, -1.67;30;400;380;\
             Tous les candidats;900{n}"
        );
        texte.split(';').map(str::to_owned).collect()
    });
    std::iter::once(entete).chain(lignes).collect()
}

/// The cell of a column on a line of the file, from 1.
fn cellule<'a>(f: &'a mut [Vec<String>], ligne: usize, colonne: &str) -> &'a mut String {
    let i = COLONNES.iter().position(|c| *c == colonne).unwrap_or_default();
    &mut f[ligne - 1][i]
}

/// A kind of breakage, and what must be said of it.
type Casse = (&'static str, fn(&mut Vec<Vec<String>>), &'static str);

const CASSES: [Casse; 11] = [
    ("empty file", Vec::clear, "le fichier est vide"),
    (
        "missing column",
        |f| *cellule(f, 1, "capa_fin") = "capacite".to_owned(),
        "Colonne « capa_fin » : colonne indispensable absente",
    ),
    (
        "column named twice",
        |f| *cellule(f, 1, "voe_tot") = "capa_fin".to_owned(),
        "Colonne « capa_fin » : nom de colonne en double (colonnes 17 et 18)",
    ),
    (
        "capacity in letters",
        |f| *cellule(f, 4, "capa_fin") = "douze".to_owned(),
        "Faute, ligne 4, colonne « capa_fin » : capacité illisible : « douze »",
    ),
    (
        "negative capacity",
        |f| *cellule(f, 5, "capa_fin") = "-5".to_owned(),
        "Faute, ligne 5, colonne « capa_fin » : capacité négative : -5",
    ),
    (
        "line cut short",
        |f| f[3].truncate(10),
        "Faute, ligne 4, colonne « select_form » : 10 cellules au lieu de 21",
    ),
    (
        "quote never closed",
        |f| *cellule(f, 4, "g_ea_lib_vx") = "\"Lycée sans fin".to_owned(),
        "Faute, ligne 4, colonne « g_ea_lib_vx » : guillemet ouvert et jamais refermé (lignes 4 à 6 non lues)",
    ),
    (
        "NUL character",
        |f| *cellule(f, 6, "g_ea_lib_vx") = "Lycée\0nul".to_owned(),
        "Faute, ligne 6, colonne « g_ea_lib_vx » : caractère nul",
    ),
    (
        "same course twice",
        |f| f.push(f[2].clone()),
        "Faute, ligne 7, colonne « cod_aff_form » : formation en double : le code 9002 est déjà à la ligne 3",
    ),
    (
        "establishment without identity",
        |f| cellule(f, 2, "cod_uai").clear(),
        "Faute, ligne 2, colonne « cod_uai » : code UAI absent",
    ),
    ("two sessions", |f| *cellule(f, 4, "session") = "2019".to_owned(), "il mélange les sessions 2019, 2025"),
];

fn ecrit(chemin: &Path, f: &[Vec<String>]) {
    let lignes: Vec<String> = f.iter().map(|ligne| ligne.join(";") + "\r\n").collect();
    assert!(std::fs::write(chemin, lignes.concat()).is_ok());
}

#[test]
fn r_imp_03_a_broken_file_is_refused_with_its_line_its_column_and_the_reason() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    let fichier = dossier.path().join("offre.csv");
    let chemin = fichier.to_str().unwrap();
    let importe = ["import", "offre", chemin, "--donnees", &d, "--appliquer"];
    for (nom, casse, attendu) in CASSES {
        let mut f = offre();
        casse(&mut f);
        ecrit(&fichier, &f);
        let s = run(&importe);
        // The sentences of the interface hold no-break spaces.
        let dit = (texte(&s.stdout) + &texte(&s.stderr)).replace(['\u{a0}', '\u{202f}'], " ");
        assert_eq!(s.status.code(), Some(1), "{nom}: {dit}");
        assert!(dit.contains(attendu) && !dit.contains("panicked"), "{nom}: « {attendu} » missing in\n{dit}");
    }
    // Nothing of them was written; the sound file passes.
    ecrit(&fichier, &offre());
    reussit(&["session", "ouvrir", "2025", "--donnees", &d]);
    let dit = reussit(&importe).replace(['\u{a0}', '\u{202f}'], " ");
    assert!(dit.contains("5 lignes lues, 5 ajoutées, 0 modifiées"), "{dit}");
}

/// The same of the national types and their texts; then the sound files, and the report for machines.
#[test]
fn r_imp_06_nomenclatures_are_refused_then_imported_from_the_command_line() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    let (types, textes) = (dossier.path().join("types.csv"), dossier.path().join("textes.json"));
    let entete = "g_fl_cod;g_fl_cod_si_sans_apprentissage;sigle;libelle;apprentissage;las";
    let importe = |plus: &[&str]| {
        let mut arguments =
            vec!["import", "nomenclatures", types.to_str().unwrap(), textes.to_str().unwrap()];
        arguments.extend(["--donnees", &d]);
        arguments.extend(plus);
        let s = run(&arguments);
        (s.status.code(), (texte(&s.stdout) + &texte(&s.stderr)).replace(['\u{a0}', '\u{202f}'], " "))
    };
    reussit(&["session", "ouvrir", "2025", "--donnees", &d]);
    let sains = "{\"fl464\": {\"attendus\": \"Aimer les voyages.\"}}";
    for (liste, document, attendu) in [
        ("", sains, "le fichier est vide"),
        ("a;b\n1;2", sains, "Colonne « g_fl_cod » : colonne indispensable absente"),
        ("464;464;BTS-T;Tourisme;0;2", sains, "Faute, ligne 2, colonne « las » : valeur inconnue"),
        ("464;464;BTS-T;Tourisme;0;0", "{", "textes.json », ligne 1 : le document s’arrête avant sa fin"),
        (
            "464;464;BTS-T;Tourisme;0;0",
            "{\"fl464\": {\"attendus\": \"<img src=x>\"}}",
            "Faute, ligne 1, colonne « fl464.attendus » : balise refusée : « <img src=x> »",
        ),
    ] {
        let debut = if liste.is_empty() || liste.starts_with('a') { "" } else { entete };
        assert!(std::fs::write(&types, format!("{debut}\n{liste}\n").trim_start()).is_ok());
        assert!(std::fs::write(&textes, document).is_ok());
        let (statut, dit) = importe(&["--appliquer"]);
        assert_eq!(statut, Some(1), "{dit}");
        assert!(dit.contains(attendu) && !dit.contains("panicked"), "« {attendu} » missing in\n{dit}");
    }
    assert!(std::fs::write(&types, format!("{entete}\n464;464;BTS-T;Tourisme;0;0\n")).is_ok());
    assert!(std::fs::write(&textes, sains).is_ok());
    let (statut, dit) = importe(&["--appliquer"]);
    assert!(statut == Some(0) && dit.contains("1 types lus, 1 ajoutés, 0 modifiés"), "{dit}");
    let (statut, dit) = importe(&["--json"]);
    assert!(statut == Some(0) && dit.contains("\"types_inchanges\":1"), "{dit}");
}

/// The same of the registers that complete the records of the catalogue of apprenticeship.
#[test]
fn r_imp_13_the_registers_are_refused_then_imported_from_the_command_line() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    let liste = dossier.path().join("registre.csv");
    let importe = |quoi: &str, contenu: &str, plus: &[&str]| {
        assert!(std::fs::write(&liste, contenu).is_ok());
        let mut arguments = vec!["import", quoi, liste.to_str().unwrap(), "--donnees", &d];
        arguments.extend(plus);
        let s = run(&arguments);
        (s.status.code(), (texte(&s.stdout) + &texte(&s.stderr)).replace(['\u{a0}', '\u{202f}'], " "))
    };
    reussit(&["session", "ouvrir", "2025", "--donnees", &d]);
    let diplomes = "FORMATION_DIPLOME;LIBELLE_COURT;LIBELLE_LONG_200\n32033426;BTS;TOURISME (BTS)\n";
    let organismes = "siret;uai;enseigne;raison_sociale;localite\n73282932000074;0801234G;;CFA;AMIENS\n";
    let (statut, dit) = importe("diplomes", organismes, &["--appliquer"]);
    assert!(statut == Some(1) && dit.contains("formation_diplome"), "{dit}");
    let (statut, dit) = importe("diplomes", &diplomes.replace("32033426", "x"), &["--appliquer"]);
    assert!(statut == Some(1) && dit.contains("Faute, ligne 2, colonne « FORMATION_DIPLOME »"), "{dit}");
    for (quoi, contenu, ajoute) in [
        ("diplomes", diplomes, "1 lignes lues, 1 diplômes ajoutés"),
        ("organismes", organismes, "1 lignes lues, 1 établissements ajoutés"),
    ] {
        let (statut, dit) = importe(quoi, contenu, &[]);
        assert!(statut == Some(0) && dit.contains("Essai à blanc"), "{dit}");
        let (statut, dit) = importe(quoi, contenu, &["--appliquer"]);
        assert!(statut == Some(0) && dit.contains(ajoute), "{dit}");
        let (statut, dit) = importe(quoi, contenu, &["--json"]);
        assert!(statut == Some(0) && dit.contains("\"inchanges\":1"), "{dit}");
    }
}

/// The same of the national list of towns.
#[test]
fn r_eta_10_the_list_of_towns_is_refused_then_imported_from_the_command_line() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    let liste = dossier.path().join("communes.csv");
    let importe = |plus: &[&str]| {
        let mut arguments = vec!["import", "communes", liste.to_str().unwrap(), "--donnees", &d];
        arguments.extend(plus);
        let s = run(&arguments);
        (s.status.code(), (texte(&s.stdout) + &texte(&s.stderr)).replace(['\u{a0}', '\u{202f}'], " "))
    };
    reussit(&["session", "ouvrir", "2025", "--donnees", &d]);
    let entete = "code_postal;nom_commune_complet;latitude;longitude;code_departement";
    for (contenu, attendu) in [
        (String::new(), "le fichier est vide"),
        ("a;b\n1;2\n".to_owned(), "code_postal"),
        (format!("{entete}\n80100;Abbeville;nord;1.8;80\n"), "Faute, ligne 2, colonne « latitude »"),
    ] {
        assert!(std::fs::write(&liste, contenu).is_ok());
        let (statut, dit) = importe(&["--appliquer"]);
        assert_eq!(statut, Some(1), "{dit}");
        assert!(dit.contains(attendu) && !dit.contains("panicked"), "« {attendu} » missing in\n{dit}");
    }
    let saine = format!("{entete}\n80100;Abbeville;50.1;1.8;80\n1400;L’Abergement-Clémenciat;46.1;4.9;1\n");
    assert!(std::fs::write(&liste, saine).is_ok());
    let (statut, dit) = importe(&[]);
    assert!(statut == Some(0) && dit.contains("Essai à blanc"), "{dit}");
    let (statut, dit) = importe(&["--appliquer"]);
    assert!(statut == Some(0) && dit.contains("2 lignes lues, 2 communes ajoutées"), "{dit}");
    let (statut, dit) = importe(&["--json"]);
    assert!(statut == Some(0) && dit.contains("\"inchangees\":2"), "{dit}");
}

#[test]
fn r_imp_10_a_day_of_the_catalogue_is_refused_then_imported_from_the_command_line() {
    let dossier = tempfile::tempdir().unwrap();
    let d = installe(dossier.path(), port());
    let fiches = dossier.path().join("fiches.json");
    let importe = |plus: &[&str]| {
        let mut arguments =
            vec!["import", "apprentissage", fiches.to_str().unwrap(), "--session", "2025", "--donnees", &d];
        arguments.extend(plus);
        let s = run(&arguments);
        (s.status.code(), (texte(&s.stdout) + &texte(&s.stderr)).replace(['\u{a0}', '\u{202f}'], " "))
    };
    reussit(&["session", "ouvrir", "2025", "--donnees", &d]);
    for (document, attendu) in [
        ("", "le fichier est vide"),
        ("[]", "aucune fiche"),
        (
            "[{\"id_formation\": \"a\"",
            "fiches.json », ligne 1, colonne 21 : le document s’arrête avant sa fin",
        ),
        (
            "<lheo xmlns=\"http://www.lheo.org/2.2\"/>",
            "l’espace de noms « http://www.lheo.org/2.2 » ; seul « http://lheo.gouv.fr/2.3 » (LHÉO 2.3) est lu",
        ),
    ] {
        assert!(std::fs::write(&fiches, document).is_ok());
        let (statut, dit) = importe(&["--appliquer"]);
        assert_eq!(statut, Some(1), "{dit}");
        assert!(dit.contains(attendu) && !dit.contains("panicked"), "« {attendu} » missing in\n{dit}");
    }
    let une = "{\"id_formation\": \"a\", \"id_action\": \"b\", \"id_certifinfo\": \"c\", \"cfd\": \"32025101\", \
               \"etablissement_gestionnaire_siret\": \"73282932000074\", \
               \"etablissement_formateur_siret\": \"73282932000074\", \"periode\": [\"2025-09\"]}";
    assert!(std::fs::write(&fiches, format!("[{une}, {{\"cfd\": 3}}]")).is_ok());
    let (statut, dit) = importe(&["--appliquer"]);
    assert_eq!(statut, Some(0), "{dit}");
    assert!(dit.contains("fiche a|b|c créée → à publier."), "{dit}");
    assert!(dit.contains("2 fiches lues : 1 créées, 0 modifiées") && dit.contains("1 refusées"), "{dit}");
    let (statut, dit) = importe(&["--json"]);
    assert!(
        statut == Some(0) && dit.contains("\"inchangees\":1") && dit.contains("\"applique\":false"),
        "{dit}"
    );
}
