//! National types of courses and their texts, on both databases: dry run, application, second pass, faults, drafts, templates.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use app::formations::{AccordNational, Source, compare, save_rubrique, sheet, view_description};
use app::idempotence::Garde;
use app::imports::{
    NomenclaturesLues, OptionsImport, OptionsNomenclatures, RapportNomenclatures, import_nomenclatures,
    import_offre, lire, lire_nomenclatures,
};
use app::{AppError, Ctx};
use domain::PublicId;
use domain::comptes::Role;
use domain::droits::{Acteur, Attribution};
use domain::formations::Famille;
use domain::formations::description::{Champ, Rubrique, Valeur};
use testkit::fabrique::FormationEssai;
use testkit::{TestApp, both_databases};

const TYPES: &str = "g_fl_cod;g_fl_cod_si_sans_apprentissage;sigle;libelle;apprentissage;las\n\
    467;467;BTS-Elec;Électronique;0;0\n1467;467;BTS-Elec-App;Électronique - en apprentissage;1;0\n\
    2002;2002;L1-Droit;Droit;0;0\n2047;2047;PASS;PASS;0;0\n";
const TEXTES: &str = "{\"fl467\": {\"attendus\": \"Aimer<br/>l&rsquo;électronique.\", \
    \"recoEDS\": \"<b>Mathématiques</b> conseillées.\"},\n\"fl2002\": {\"recoEDS\": \"Profils variés.\"}}";
const NATIONAL: &str = "Aimer\nl’électronique.";

fn lues_de(d: &Path, types: &str, textes: &str) -> NomenclaturesLues {
    let ecrire = |nom: &str, texte: &str| -> PathBuf {
        let chemin = d.join(nom);
        std::fs::write(&chemin, texte).unwrap();
        chemin
    };
    lire_nomenclatures(&ecrire("types.csv", types), &ecrire("textes.json", textes), &mut |_, _| {}).unwrap()
}

fn lues() -> NomenclaturesLues {
    lues_de(tempfile::tempdir().unwrap().path(), TYPES, TEXTES)
}

fn appliquer() -> OptionsNomenclatures {
    OptionsNomenclatures {
        appliquer: true,
        source: Some("Cadre national d’essai".to_owned()),
        ..OptionsNomenclatures::default()
    }
}

async fn importer(t: &TestApp, d: &Path) -> RapportNomenclatures {
    import_nomenclatures(&t.systeme(), &lues_de(d, TYPES, TEXTES), &appliquer()).await.unwrap()
}

async fn prepare(base: testkit::Base) -> (TestApp, FormationEssai, FormationEssai, Ctx) {
    let t = TestApp::with_session_2024(base).await;
    let etablissement = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let bts =
        t.formation(etablissement, "BTS - Production - Électronique", Famille::Bts, true, 24, true).await;
    let autre = t.formation(etablissement, "Diplôme rare", Famille::Autre, false, 30, false).await;
    let a = Attribution { etablissement: Some(etablissement), ..Attribution::simple(Role::AdminSite) };
    let (_, acteur) = t.personne("admin@lycee.example", a).await;
    t.at("2023-11-20T10:00");
    let ctx = t.ctx(acteur);
    (t, bts, autre, ctx)
}

fn id(f: &FormationEssai) -> PublicId {
    PublicId::parse(&f.public_id).unwrap()
}

async fn writes(ctx: &Ctx, f: &FormationEssai, texte: &str) {
    let champ = Champ::from_code("attendus").unwrap();
    let valeur = (!texte.is_empty()).then(|| Valeur::Texte(texte.to_owned()));
    save_rubrique(ctx, &Garde::default(), 2024, &id(f), Rubrique::Attendus, &[(champ, valeur)])
        .await
        .unwrap();
}

async fn compter(t: &TestApp, table: &str) -> i64 {
    t.nombre(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await
}

both_databases! {
    async fn r_imp_06_nomenclatures_are_shown_then_applied_then_change_nothing(base) {
        let (t, bts, _, ctx) = prepare(base).await;
        writes(&ctx, &bts, "").await;
        let d = tempfile::tempdir().unwrap();
        let lues = lues_de(d.path(), TYPES, TEXTES);
        let essai = import_nomenclatures(&t.systeme(), &lues, &OptionsNomenclatures::default()).await.unwrap();
        assert!(!essai.applique && essai.change(), "{}", essai.texte());
        assert_eq!((essai.types_ajoutes, essai.liens.par_libelle, essai.liens.remplis), (4, 1, 1));
        assert_eq!(essai.liens.sans_type.iter().collect::<Vec<_>>(), [(&"Diplôme rare".to_owned(), &1)]);
        assert!(essai.texte().contains("sans type : « Diplôme rare » (1)"), "{}", essai.texte());
        assert_eq!((compter(&t, "type_formation").await, compter(&t, "import").await), (0, 0));

        let journal = compter(&t, "journal").await;
        let r = import_nomenclatures(&t.systeme(), &lues, &appliquer()).await.unwrap();
        assert!(r.applique);
        assert_eq!(r.liens, essai.liens, "the dry run told the truth");
        assert_eq!((compter(&t, "type_formation").await, compter(&t, "import").await), (4, 2));
        assert_eq!(compter(&t, "journal").await, journal + 2);

        let encore = import_nomenclatures(&t.systeme(), &lues, &appliquer()).await.unwrap();
        assert!(!encore.applique && !encore.change(), "{}", encore.texte());
        assert_eq!((encore.types_inchanges, encore.liens.identiques), (4, 1));
        assert_eq!((compter(&t, "import").await, compter(&t, "journal").await), (2, journal + 2));

        // A corrected text changes its types alone, and no draft that says something.
        let corrige = lues_de(d.path(), TYPES, &TEXTES.replace("Aimer", "Pratiquer"));
        let r = import_nomenclatures(&t.systeme(), &corrige, &appliquer()).await.unwrap();
        assert_eq!((r.types_modifies, r.types_inchanges, r.liens.remplis, r.liens.autres), (2, 2, 0, 1));
        assert!(r.texte().contains("autre texte : BTS - Production - Électronique — Lycée Jules-Verne"), "{}", r.texte());
    }

    async fn r_imp_06_faults_refuse_the_files_and_an_unknown_session_is_told(base) {
        let (t, ..) = prepare(base).await;
        let d = tempfile::tempdir().unwrap();
        let types = TYPES.replace("2002;2002;L1-Droit;Droit;0;0", "2002;2002;L1-Droit;;0;0");
        let fautives = lues_de(d.path(), &types, &TEXTES.replace("<b>", "<script>"));
        let r = import_nomenclatures(&t.systeme(), &fautives, &appliquer()).await.unwrap();
        assert!(r.refuse && !r.reussi());
        let texte = r.texte();
        assert!(texte.contains("Faute, ligne 4, colonne « libelle » : libellé absent"), "{texte}");
        assert!(texte.contains("Faute, ligne 1, colonne « fl467.recoEDS » : balise refusée : « <script> »"), "{texte}");
        assert_eq!(compter(&t, "type_formation").await, 0);
        let options = OptionsNomenclatures { ignorer_fautes: true, ..appliquer() };
        let r = import_nomenclatures(&t.systeme(), &fautives, &options).await.unwrap();
        assert_eq!((r.types_ajoutes, r.fautes(), r.textes_sans_type), (3, 2, 1));
        // The text of a faulty line left aside is not emptied in a session that has it.
        importer(&t, tempfile::tempdir().unwrap().path()).await;
        let sql = "SELECT attendus FROM type_formation WHERE code = 467";
        assert_eq!(t.mot(sql, vec![]).await, NATIONAL);
        let options = OptionsNomenclatures { ignorer_fautes: true, ..appliquer() };
        import_nomenclatures(&t.systeme(), &fautives, &options).await.unwrap();
        assert_eq!(t.mot(sql, vec![]).await, NATIONAL);
        for options in [
            OptionsNomenclatures { session: Some(2031), ..appliquer() },
            OptionsNomenclatures { source: Some(" ".to_owned()), ..appliquer() },
        ] {
            let refus = import_nomenclatures(&t.systeme(), &lues(), &options).await;
            assert!(matches!(refus, Err(AppError::Invalid(_))), "{refus:?}");
        }
        let (_, acteur) = t.personne("lecteur@lycee.example", Attribution::simple(Role::Lecteur)).await;
        assert!(import_nomenclatures(&t.ctx(acteur), &lues(), &appliquer()).await.is_err());
    }

    async fn r_for_17_an_empty_draft_takes_the_national_text_and_another_is_compared(base) {
        let (t, bts, autre, ctx) = prepare(base).await;
        writes(&ctx, &bts, "").await;
        let d = tempfile::tempdir().unwrap();
        importer(&t, d.path()).await;
        let v = view_description(&ctx, 2024, &id(&bts)).await.unwrap();
        assert_eq!(v.description.texte("attendus"), NATIONAL);
        assert!(v.manques.is_empty(), "what is missing is counted again: {:?}", v.manques);
        assert_eq!(t.nombre("SELECT manques FROM formation_description d JOIN formation_session f ON f.id = d.formation_session_id WHERE f.public_id = $1", vec![bts.public_id.clone().into()]).await, 0);
        let n = v.national.clone().unwrap();
        assert_eq!((n.sigle.as_str(), n.source.as_str()), ("BTS-Elec", "Cadre national d’essai"));
        assert_eq!(n.compare(&v.description), AccordNational::Identique);
        assert!(view_description(&ctx, 2024, &id(&autre)).await.unwrap().national.is_none());

        writes(&ctx, &bts, "Aimer le cinéma.").await;
        let v = view_description(&ctx, 2024, &id(&bts)).await.unwrap();
        assert_eq!(v.national.unwrap().compare(&v.description), AccordNational::Autre);
        assert_eq!(importer(&t, d.path()).await.liens.autres, 1);
        let e = compare(&ctx, 2024, &id(&bts), &Source::Modele).await.unwrap();
        let propose = e.ecarts.iter().find(|e| e.champ.code == "attendus").unwrap();
        assert_eq!(propose.la, Valeur::Texte(NATIONAL.to_owned()));
        let e = compare(&ctx, 2024, &id(&autre), &Source::Modele).await.unwrap();
        assert!(e.ecarts.iter().all(|e| e.champ.code != "attendus"), "nothing is proposed without a type");
    }

    async fn r_for_17_a_course_that_says_nothing_starts_with_the_national_text(base) {
        let (t, bts, _, ctx) = prepare(base).await;
        t.sql("DELETE FROM formation_description", vec![]).await;
        let d = tempfile::tempdir().unwrap();
        assert_eq!(importer(&t, d.path()).await.liens.remplis, 1);
        let v = view_description(&ctx, 2024, &id(&bts)).await.unwrap();
        assert_eq!(v.description.texte("attendus"), NATIONAL);
        assert!(!v.manques.is_empty(), "the rest is still to be said");
        // The next session keeps the types, and its courses theirs.
        app::sessions::ouvrir_session(&t.systeme(), 2025, Some(2024)).await.unwrap();
        let nombre = |sql: &'static str| t.nombre(sql, vec![]);
        assert_eq!(nombre("SELECT COUNT(*) FROM type_formation t JOIN session_admission s ON s.id = t.session_id WHERE s.annee = 2025").await, 4);
        assert_eq!(nombre("SELECT COUNT(*) FROM formation_session f JOIN type_formation t ON t.id = f.type_formation_id AND t.session_id = f.session_id").await, 2);
        let refus = import_nomenclatures(&t.systeme(), &lues(), &OptionsNomenclatures { session: Some(2024), ..appliquer() }).await;
        assert!(matches!(refus, Err(AppError::Rule(domain::RuleViolation::SessionArchivee))), "{refus:?}");
    }

    async fn r_for_18_candidates_read_the_specialities_advised(base) {
        let (t, bts, _, _) = prepare(base).await;
        let d = tempfile::tempdir().unwrap();
        importer(&t, d.path()).await;
        t.at("2024-01-20T10:00");
        let fiche = sheet(&t.ctx(Acteur::public()), &id(&bts)).await.unwrap();
        let n = fiche.national.unwrap();
        assert_eq!((n.specialites.as_str(), n.source.as_str()), ("Mathématiques conseillées.", "Cadre national d’essai"));
    }
}

fn data(chemin: &str) -> Option<PathBuf> {
    let fichier = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(chemin);
    if fichier.exists() {
        return Some(fichier);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "données absentes : {}", fichier.display());
    println!("passé : {} est absent", fichier.display());
    None
}

/// How many of the real courses have a type, and how often the label alone says the same as the code.
#[tokio::test]
async fn r_for_16_real_courses_find_their_type() {
    let (Some(offre), Some(composee), Some(types), Some(textes)) = (
        data("02-statistiques/fr-esr-parcoursup_2025.csv.zst"),
        data("01-offre/offre-composee_2024-2025.csv.zst"),
        data("06-nomenclatures/mps_filieres_2024.csv.zst"),
        data("07-attendus-textes/mps_attendus-et-recommandations-eds_2024.json.zst"),
    ) else {
        return;
    };
    let t = TestApp::new(testkit::Base::sqlite()).await;
    let lue = lire(Some(&offre), Some(&composee), &mut |_, _| {}).unwrap();
    let options = OptionsImport { appliquer: true, ..OptionsImport::default() };
    import_offre(&t.systeme(), &lue, options).await.unwrap();
    let depart = Instant::now();
    let lues = lire_nomenclatures(&types, &textes, &mut |_, _| {}).unwrap();
    // One acronym of the published list is spoiled.
    let options = OptionsNomenclatures { ignorer_fautes: true, ..appliquer() };
    let r = import_nomenclatures(&t.systeme(), &lues, &options).await.unwrap();
    println!("{} — {:?}", r.derniere_ligne(), depart.elapsed());
    assert_eq!((r.fautes(), r.types_ajoutes), (1, 2_143));
    assert_eq!((r.liens.formations, r.liens.par_code, r.liens.par_libelle), (23_491, 18_930, 2_483));
    assert_eq!(r.liens.remplis, 20_149);
    let encore = import_nomenclatures(&t.systeme(), &lues, &options).await.unwrap();
    assert!(!encore.change(), "{}", encore.derniere_ligne());
}
