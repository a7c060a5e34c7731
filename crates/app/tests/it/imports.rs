//! Importing the public offer, on both databases: dry run, application, second pass, faults, archived years.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};

use app::AppError;
use app::etablissements::{Identite, correct_identity};
use app::idempotence::Garde;
use app::imports::{OffreLue, OptionsImport, RapportImport, import_offre, lire};
use testkit::{TestApp, both_databases};

const ENTETE: &str = "session;cod_uai;g_ea_lib_vx;contrat_etab;select_form;fili;lib_for_voe_ins;form_lib_voe_acc;fil_lib_voe_acc;dep;acad_mies;ville_etab;g_olocalisation_des_formations;capa_fin;voe_tot;nb_voe_pp;nb_voe_pp_bg;nb_voe_pp_bt;nb_voe_pp_bp;nb_cla_pp;nb_cla_pp_bg;nb_cla_pp_bt;nb_cla_pp_bp;prop_tot;acc_tot;lib_grp1;ran_grp1;lib_grp2;ran_grp2;lib_grp3;ran_grp3;cod_aff_form";

const BTS: &str = "2024;0801252B;Lycée La Hotoie;Public;formation sélective;BTS;BTS - Services - Comptabilité et gestion;BTS - Services;Comptabilité et gestion;80;Amiens;Amiens;49.8942, 2.2957;35;200;180;60;70;50;100;30;40;30;60;33;Autres candidats;30;Bacheliers professionnels toutes series;28;Bacheliers technologiques toutes series;35;1001";
const DROIT: &str = "2024;0801344B;Université de Picardie;Public;formation non sélective;Licence;Licence - Droit;Licence - Droit-économie-gestion;Droit;80;Amiens;Amiens;49.8754, 2.2643;600;2000;1800;1300;300;100;1800;1300;300;100;1500;590;Tous les candidats;1700;;;;;1002";

fn ecrire(dossier: &Path, nom: &str, lignes: &[&str]) -> PathBuf {
    let chemin = dossier.join(nom);
    std::fs::write(&chemin, format!("{ENTETE}\n{}\n", lignes.join("\n"))).unwrap();
    chemin
}

fn lue(dossier: &Path, lignes: &[&str]) -> OffreLue {
    lire(Some(&ecrire(dossier, "offre.csv", lignes)), None, &mut |_, _| {}).unwrap()
}

const APPLIQUER: OptionsImport = OptionsImport { appliquer: true, ignorer_fautes: false, session: None };

async fn importer(t: &TestApp, dossier: &Path, lignes: &[&str]) -> RapportImport {
    import_offre(&t.systeme(), &lue(dossier, lignes), APPLIQUER).await.unwrap()
}

async fn compter(t: &TestApp, table: &str) -> i64 {
    t.nombre(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await
}

both_databases! {
    async fn r_imp_01_an_offer_is_shown_then_applied_then_changes_nothing(base) {
        let t = TestApp::new(base).await;
        let d = tempfile::tempdir().unwrap();
        let offre = lue(d.path(), &[BTS, DROIT]);
        let essai = import_offre(&t.systeme(), &offre, OptionsImport::default()).await.unwrap();
        assert!(!essai.applique && essai.session.creee);
        assert!(essai.derniere_ligne().starts_with("2 lignes lues, 2 ajoutées, 0 modifiées, 0 inchangées, 0 fautes, "));
        assert_eq!(compter(&t, "formation").await, 0);
        assert_eq!(compter(&t, "session_admission").await, 0);

        let r = import_offre(&t.systeme(), &offre, APPLIQUER).await.unwrap();
        assert!(r.applique);
        let session = app::sessions::courante(&t.app.db).await.unwrap();
        assert_eq!(session.annee, 2024);
        assert_eq!(compter(&t, "formation").await, 2);
        assert_eq!(compter(&t, "groupe_classement").await, 4);
        assert_eq!(t.nombre("SELECT CAST(SUM(places) AS BIGINT) FROM groupe_affectation", vec![]).await, 635);
        assert_eq!(
            t.nombre(
                "SELECT a.places FROM groupe_affectation a JOIN groupe_classement g ON g.id = a.groupe_classement_id
                 WHERE g.series = 'techno'",
                vec![]
            ).await,
            14
        );
        assert_eq!(t.nombre("SELECT COUNT(*) FROM formation_publication WHERE frais_centimes IS NULL", vec![]).await, 2);
        assert_eq!(t.nombre("SELECT candidats FROM statistique_formation WHERE capacite = 600", vec![]).await, 2000);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM formation_session WHERE recherche LIKE '% comptabilite%'", vec![]).await, 1);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal WHERE action = 'importer_offre'", vec![]).await, 1);
        assert_eq!(compter(&t, "import").await, 1);

        let encore = import_offre(&t.systeme(), &offre, APPLIQUER).await.unwrap();
        assert_eq!((encore.compte.inchangees, encore.applique), (2, false));
        assert!(encore.texte().contains("Rien à changer"));
        assert_eq!(compter(&t, "import").await, 1);
    }

    async fn r_imp_02_a_changed_line_is_published_again_and_hands_are_not_overwritten(base) {
        let t = TestApp::new(base).await;
        let d = tempfile::tempdir().unwrap();
        importer(&t, d.path(), &[BTS, DROIT]).await;
        let agrandi = BTS.replace(";35;200;", ";36;200;").replace("Autres candidats;30", "Groupe par défaut;30");
        let r = importer(&t, d.path(), &[&agrandi, DROIT]).await;
        assert_eq!((r.compte.modifiees, r.compte.inchangees), (1, 1));
        let champs: Vec<&str> = r.changements[0].differences.iter().map(|d| d.0).collect();
        assert_eq!(champs, ["capacité", "groupes de classement", "chiffres de l’année"]);
        assert_eq!(t.nombre("SELECT MAX(numero) FROM formation_publication", vec![]).await, 2);
        assert_eq!(
            t.nombre(
                "SELECT CAST(SUM(a.places) AS BIGINT) FROM groupe_affectation a JOIN formation_session f ON f.id = a.formation_session_id
                 WHERE a.supprime_le IS NULL AND f.capacite = 36",
                vec![]
            ).await,
            36
        );
        assert_eq!(importer(&t, d.path(), &[&agrandi, DROIT]).await.compte.inchangees, 2);

        // Somebody changes a capacity on the site: the file does not take it back.
        let (compte, _) = t
            .personne("resp@exemple.fr", domain::droits::Attribution::simple(domain::comptes::Role::Lecteur))
            .await;
        t.sql(
            "UPDATE formation_session SET capacite = 40, maj_par = $1, version = version + 1 WHERE capacite = 36",
            vec![compte.into()],
        )
        .await;
        let r = importer(&t, d.path(), &[BTS, DROIT]).await;
        assert_eq!((r.protegees, r.compte.inchangees), (1, 1));
        assert_eq!(t.nombre("SELECT MAX(capacite) FROM formation_session WHERE famille = 'bts'", vec![]).await, 40);
    }

    async fn r_imp_03_faults_refuse_the_file_unless_they_are_left_out(base) {
        let t = TestApp::new(base).await;
        let d = tempfile::tempdir().unwrap();
        let fautive = BTS.replace(";35;200;", ";-3;200;");
        let offre = lue(d.path(), &[&fautive, DROIT]);
        let r = import_offre(&t.systeme(), &offre, APPLIQUER).await.unwrap();
        assert!(r.refuse && !r.reussi());
        assert_eq!((r.compte.fautes, compter(&t, "formation").await), (1, 0));
        assert!(r.texte().contains("Faute, ligne 2, colonne « capa_fin »"), "{}", r.texte());
        let options = OptionsImport { ignorer_fautes: true, ..APPLIQUER };
        let r = import_offre(&t.systeme(), &offre, options).await.unwrap();
        assert_eq!((r.compte.ajoutees, r.compte.fautes, compter(&t, "formation").await), (1, 1, 1));
        assert!(r.applique && r.reussi());
    }

    async fn r_imp_04_a_past_year_becomes_an_archive_and_a_future_one_must_be_opened(base) {
        let t = TestApp::new(base).await;
        let d = tempfile::tempdir().unwrap();
        importer(&t, d.path(), &[BTS, DROIT]).await;
        let passe = [BTS.replacen("2024", "2023", 1), DROIT.replacen("2024", "2023", 1)];
        let passe = [passe[0].as_str(), passe[1].as_str()];
        let r = importer(&t, d.path(), &passe).await;
        assert_eq!((r.session.etat, r.compte.ajoutees), ("archivee", 2));
        assert!(app::sessions::session(&t.app.db, 2023).await.unwrap().archivee);
        // One formation, two sessions.
        assert_eq!((compter(&t, "formation").await, compter(&t, "formation_session").await), (2, 4));
        // Reference data of a past year may be corrected; an archive of a real campaign may not.
        let corrige = passe[0].replace(";35;200;", ";34;200;");
        assert_eq!(importer(&t, d.path(), &[&corrige, passe[1]]).await.compte.modifiees, 1);
        t.sql("UPDATE session_admission SET origine = 'commande' WHERE annee = 2023", vec![]).await;
        let e = import_offre(&t.systeme(), &lue(d.path(), &passe), APPLIQUER).await.unwrap_err();
        assert!(matches!(e, app::AppError::Rule(domain::RuleViolation::SessionArchivee)), "{e:?}");
        let futur = BTS.replacen("2024", "2025", 1);
        let e = import_offre(&t.systeme(), &lue(d.path(), &[&futur]), APPLIQUER).await.unwrap_err();
        let app::AppError::Invalid(motifs) = e else { panic!("{e:?}") };
        assert!(motifs[0].1.contains("session ouvrir 2025 --depuis 2024"), "{motifs:?}");
        // Once opened, the courses carried over take the new figures.
        app::sessions::ouvrir_session(&t.systeme(), 2025, Some(2024)).await.unwrap();
        let r = importer(&t, d.path(), &[&futur]).await;
        assert_eq!((r.compte.modifiees, r.absentes), (1, 1));
        let publiees = "SELECT COUNT(*) FROM formation_session f JOIN session_admission s ON s.id = f.session_id
                        WHERE s.annee = 2025 AND f.etat = 'publiee'";
        assert_eq!(t.nombre(publiees, vec![]).await, 1);
    }

    async fn apprenticeship_joins_the_session_of_the_offer(base) {
        let t = TestApp::new(base).await;
        let d = tempfile::tempdir().unwrap();
        let offre = ecrire(d.path(), "offre.csv", &[BTS]);
        let apprentissage = d.path().join("apprentissage.csv");
        std::fs::write(
            &apprentissage,
            "annee;etab_uai;etab_nom;tc;tf;nm;fl;departement;commune;etab_gps;etab_url;nmc;code_formation;source\n\
             2023;0801252B;Autre nom;Publics;BTS;BTS - Services - MCO - en apprentissage;;Somme;Amiens;49.9, 2.3;;;;bts-apprentissage-2024\n\
             2023;0801252B;Autre nom;Publics;BTS;BTS - Services - MCO - en apprentissage;;Somme;Amiens;49.9, 2.3;;;;bts-apprentissage-2024\n",
        )
        .unwrap();
        let lue = lire(Some(&offre), Some(&apprentissage), &mut |_, _| {}).unwrap();
        let r = import_offre(&t.systeme(), &lue, APPLIQUER).await.unwrap();
        assert_eq!((r.compte.ajoutees, r.etablissements_ajoutes), (3, 1));
        assert_eq!(
            t.nombre("SELECT COUNT(*) FROM formation WHERE statut = 'apprentissage' AND identite_incertaine = 1", vec![]).await,
            2
        );
        assert_eq!(t.nombre("SELECT COUNT(*) FROM etablissement_session WHERE nom = 'Lycée La Hotoie'", vec![]).await, 1);
        assert_eq!(import_offre(&t.systeme(), &lue, APPLIQUER).await.unwrap().compte.inchangees, 3);
        assert_eq!(compter(&t, "import").await, 2);
    }

    async fn nobody_but_the_national_team_imports(base) {
        let t = TestApp::new(base).await;
        let d = tempfile::tempdir().unwrap();
        let mut ctx = t.systeme();
        ctx.acteur = domain::droits::Acteur::public();
        let e = import_offre(&ctx, &lue(d.path(), &[BTS]), APPLIQUER).await.unwrap_err();
        assert!(matches!(e, app::AppError::Denied(_)), "{e:?}");
        assert_eq!(compter(&t, "formation").await, 0);
    }
}

#[test]
fn files_that_cannot_be_imported_are_named() {
    let d = tempfile::tempdir().unwrap();
    let e = lire(Some(&d.path().join("absent.csv")), None, &mut |_, _| {}).unwrap_err().to_string();
    assert!(e.contains("absent.csv") && e.contains("ouverture impossible"), "{e}");
    let deux = ecrire(d.path(), "deux.csv", &[BTS, &DROIT.replacen("2024", "2023", 1)]);
    let e = lire(Some(&deux), None, &mut |_, _| {}).unwrap_err().to_string();
    assert!(e.contains("2023, 2024"), "{e}");
    let vide = ecrire(d.path(), "vide.csv", &[]);
    assert!(lire(Some(&vide), None, &mut |_, _| {}).unwrap_err().to_string().contains("aucune formation"));
    assert!(lire(None, None, &mut |_, _| {}).is_err());
}

/// The real national files: everything is imported without a fault, and a second pass changes nothing.
#[tokio::test]
async fn the_national_offers_are_imported_whole() {
    for (annee, attendues) in
        [(2025, 14_252), (2024, 14_079), (2023, 13_869), (2021, 13_396), (2020, 12_760), (2018, 10_697)]
    {
        // Two years are enough to keep the suite short; the others are for the campaign of measures.
        if annee < 2024 && std::env::var_os("PARCOURSUP_IMPORT_TOUS").is_none() {
            continue;
        }
        let chemin = format!("data/02-statistiques/fr-esr-parcoursup_{annee}.csv.zst");
        let Some(chemin) = testkit::skip::shared(&chemin) else { return };
        let t = TestApp::new(testkit::Base::sqlite()).await;
        let debut = std::time::Instant::now();
        let lue = lire(Some(&chemin), None, &mut |_, _| {}).unwrap();
        let lecture = debut.elapsed();
        let r = import_offre(&t.systeme(), &lue, APPLIQUER).await.unwrap();
        println!("{annee}: read in {lecture:?}, all in {:?}: {}", debut.elapsed(), r.derniere_ligne());
        assert_eq!((r.compte.lues, r.compte.ajoutees, r.compte.fautes), (attendues, attendues, 0));
        assert_eq!(u64::try_from(compter(&t, "formation_session").await).unwrap(), attendues);
        let faux = "SELECT COUNT(*) FROM formation_session f WHERE f.capacite <> (SELECT SUM(a.places)
                    FROM groupe_affectation a WHERE a.formation_session_id = f.id)";
        assert_eq!(t.nombre(faux, vec![]).await, 0, "{annee}");
        let debut = std::time::Instant::now();
        let encore = import_offre(&t.systeme(), &lue, APPLIQUER).await.unwrap();
        println!("{annee}: second pass in {:?}", debut.elapsed());
        assert_eq!(encore.compte.inchangees, attendues);
        assert!(!encore.applique);
    }
}

both_databases! {
    async fn r_eta_13_r_imp_02_a_name_that_the_academic_service_corrected_is_kept_by_the_next_files(base) {
        let t = TestApp::new(base).await;
        let d = tempfile::tempdir().unwrap();
        importer(&t, d.path(), &[BTS]).await;
        let role = |academie: &str| domain::droits::Attribution {
            academies: vec![academie.to_owned()],
            ..domain::droits::Attribution::simple(domain::comptes::Role::Academie)
        };
        let agent = t.ctx(t.personne("agent@ac.example", role("20")).await.1);
        let voisin = t.ctx(t.personne("voisin@ac.example", role("09")).await.1);
        let id = domain::PublicId::parse(&t.mot("SELECT public_id FROM etablissement", vec![]).await).unwrap();
        let corrige = async |ctx: &app::Ctx, nom: &str, version: Option<i64>| {
            let [statut, tutelle] = ["prive_sous_contrat", "agriculture"].map(str::to_owned);
            let identite = Identite { nom: nom.to_owned(), statut, tutelle };
            let garde = Garde { version, ..Garde::default() };
            correct_identity(ctx, &garde, 2024, &id, &identite).await.map(|_| ())
        };
        assert!(matches!(corrige(&voisin, "Lycée Jules-Verne", None).await, Err(AppError::Denied(_))));
        assert!(corrige(&agent, "  ", None).await.is_err(), "an establishment has a name");
        let journal = compter(&t, "journal").await;
        corrige(&agent, "Lycée  Jules-Verne", Some(0)).await.unwrap();
        assert!(matches!(corrige(&agent, "Autre", Some(0)).await, Err(AppError::Conflict)), "somebody was faster");
        assert_eq!(compter(&t, "journal").await, journal + 1);
        let dit = async || {
            let nom = t.mot("SELECT nom || '|' || statut || '|' || tutelle FROM etablissement_session", vec![]).await;
            (nom, t.mot("SELECT recherche FROM formation_session", vec![]).await)
        };
        let (nom, recherche) = dit().await;
        assert_eq!(nom, "Lycée Jules-Verne|prive_sous_contrat|agriculture");
        assert!(recherche.contains("lycee jules verne") && !recherche.contains("hotoie"), "{recherche}");
        assert_eq!(recherche.matches('|').count(), 3, "its other words stay: {recherche}");
        // The same file, then another: neither takes the name back, nor the words that courses are looked for by.
        let r = importer(&t, d.path(), &[BTS]).await;
        assert_eq!((r.compte.inchangees, r.applique), (1, false), "{}", r.texte());
        let r = importer(&t, d.path(), &[&BTS.replace(";35;200;", ";36;200;")]).await;
        assert_eq!((r.compte.modifiees, dit().await), (1, (nom, recherche)));
    }
}
