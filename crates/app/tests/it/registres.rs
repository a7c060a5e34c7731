//! The national registers that complete the records of the catalogue of apprenticeship, on both databases: loaded, what they give to records
//! and to establishments, and what the real ones give to the real records.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use app::apprentissage::{BilanIntegration, Decision, FicheVue, decide_fiche, integrate, view_fiche};
use app::idempotence::Garde;
use app::imports::{
    ImportError, OptionsApprentissage, OptionsRegistre, RapportApprentissage, RapportRegistre, RegistreLu,
    import_apprentissage, import_registre, lire_catalogue, lire_diplomes, lire_organismes,
};
use app::{AppError, Ctx};
use domain::PublicId;
use domain::apprentissage::{Constat, Statut};
use domain::comptes::Role;
use domain::droits::Attribution;
use store::Sql;
use store::etablissements::hold_parametrages;
use testkit::{Base, TestApp, both_databases};

const DIPLOMES: &str = "FORMATION_DIPLOME;LIBELLE_COURT;LIBELLE_LONG_200\n32033426;BTS;TOURISME (BTS)\n\
    32031213;BTS;MANAGEMENT COMMERCIAL OPERATIONNEL (BTS)\n";
const ORGANISMES: &str = "siret;uai;enseigne;raison_sociale;localite;departement;ferme\n\
    73282932000074;0801234G;CFA DES METIERS;CHAMBRE DE METIERS;AMIENS CEDEX;80;false\n\
    19290076900014;0800002B;;LYCEE POLYVALENT JULES VERNE;ABBEVILLE;80;false\n";

/// A BTS in Amiens, entered in September 2024, as the flow of the Carif-Oref says it: without a title nor a code of establishment.
fn fiche(id: &str) -> serde_json::Value {
    serde_json::json!({
        "id_formation": id, "id_action": "1", "id_certifinfo": "2",
        "etablissement_gestionnaire_siret": "73282932000074",
        "etablissement_formateur_siret": "73282932000074",
        "etablissement_formateur_code_insee": "80021",
        "etablissement_lieu_formation_adresse": format!("{id} rue des Écoles"),
        "etablissement_lieu_formation_code_postal": "80000",
        "etablissement_lieu_formation_code_insee": "80021",
        "cfd": "32033426", "rncp_code": "RNCP474", "bcn_mefs_10": [{ "mef10": "3113340131" }], "periode": ["2024-09"],
    })
}

fn with(mut f: serde_json::Value, champ: &str, valeur: impl Into<serde_json::Value>) -> serde_json::Value {
    f[champ] = valeur.into();
    f
}

type Lecture = fn(&Path) -> Result<RegistreLu, ImportError>;

fn diplomes(chemin: &Path) -> Result<RegistreLu, ImportError> {
    lire_diplomes(chemin, &mut |_, _| {})
}

fn organismes(chemin: &Path) -> Result<RegistreLu, ImportError> {
    lire_organismes(chemin, &mut |_, _| {})
}

const ESSAI: OptionsRegistre = OptionsRegistre { appliquer: false, ignorer_fautes: false };
const APPLIQUER: OptionsRegistre = OptionsRegistre { appliquer: true, ignorer_fautes: false };

struct Scene {
    t: TestApp,
    agent: Ctx,
    dossier: tempfile::TempDir,
}

impl Scene {
    async fn new(base: Base) -> Self {
        let t = TestApp::with_session_2024(base).await;
        let a = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let acteur = t.personne("agent@ac.example", a).await.1;
        t.at("2023-11-20T10:00");
        Self { agent: t.ctx(acteur), t, dossier: tempfile::tempdir().unwrap() }
    }

    async fn day(&self, fiches: &[serde_json::Value]) -> RapportApprentissage {
        let chemin = self.dossier.path().join("fiches.json");
        std::fs::write(&chemin, serde_json::to_string(fiches).unwrap()).unwrap();
        day(&self.t, chemin).await
    }

    async fn register(&self, texte: &str, lit: Lecture, options: OptionsRegistre) -> RapportRegistre {
        let chemin = self.dossier.path().join("registre.csv");
        std::fs::write(&chemin, texte).unwrap();
        import_registre(&self.t.systeme(), &lit(&chemin).unwrap(), options).await.unwrap()
    }

    async fn id(&self, id: &str) -> PublicId {
        let sql = "SELECT public_id FROM fiche_apprentissage WHERE identifiant = $1";
        PublicId::parse(&self.t.mot(sql, vec![format!("{id}|1|2").into()]).await).unwrap()
    }

    async fn view(&self, id: &str) -> FicheVue {
        view_fiche(&self.agent, 2024, &self.id(id).await).await.unwrap()
    }

    async fn decide(&self, id: &str, vers: Statut) -> Result<(), AppError> {
        let d = Decision { vers, motif: String::new() };
        decide_fiche(&self.agent, &Garde::default(), 2024, &self.id(id).await, &d).await.map(|_| ())
    }

    async fn compter(&self, table: &str) -> i64 {
        self.t.nombre(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await
    }

    /// Name and town of an establishment.
    async fn nom(&self, uai: &str) -> String {
        let sql = "SELECT s.nom || ' | ' || s.commune FROM etablissement_session s
                   JOIN etablissement e ON e.id = s.etablissement_id WHERE e.uai = $1";
        self.t.mot(sql, vec![uai.to_owned().into()]).await
    }
}

async fn day(t: &TestApp, chemin: PathBuf) -> RapportApprentissage {
    let lues = lire_catalogue(&[chemin], &mut |_, _| {}).unwrap();
    let options =
        OptionsApprentissage { appliquer: true, session: Some(2024), ..OptionsApprentissage::default() };
    import_apprentissage(&t.systeme(), &lues, &options).await.unwrap()
}

fn valeur(f: &FicheVue, debut: &str) -> Option<String> {
    f.champs.iter().find(|(nom, _)| nom.starts_with(debut)).map(|(_, v)| v.clone())
}

both_databases! {
    async fn r_imp_13_a_register_is_shown_then_applied_then_changes_nothing(base) {
        let s = Scene::new(base).await;
        let essai = s.register(DIPLOMES, diplomes, ESSAI).await;
        assert!(!essai.applique && essai.change() && essai.reussi(), "{}", essai.texte());
        assert_eq!((essai.ajoutes, essai.lus, s.compter("diplome").await, s.compter("import").await), (2, 2, 0, 0));
        let journal = s.compter("journal").await;
        let r = s.register(DIPLOMES, diplomes, APPLIQUER).await;
        assert!(r.applique, "{}", r.texte());
        assert_eq!((r.ajoutes, s.compter("diplome").await, s.compter("import").await), (2, 2, 1));
        assert_eq!(s.compter("journal").await, journal + 1);
        let encore = s.register(DIPLOMES, diplomes, APPLIQUER).await;
        assert!(!encore.applique && !encore.change(), "{}", encore.texte());
        assert_eq!((encore.inchanges, s.compter("import").await), (2, 1));
        let suite = DIPLOMES.replace("TOURISME", "TOURISME D'AFFAIRES").replace("32031213", "32031214");
        let r = s.register(&suite, diplomes, APPLIQUER).await;
        assert_eq!((r.ajoutes, r.modifies, r.retires, r.inchanges), (1, 1, 1, 0));
        assert!(s.register(ORGANISMES, organismes, APPLIQUER).await.applique);
        assert_eq!((s.compter("organisme").await, s.compter("diplome").await), (2, 2));
        assert!(!s.register(ORGANISMES, organismes, APPLIQUER).await.change());
    }

    async fn r_imp_13_a_register_at_fault_writes_nothing_unless_its_faults_are_left_out(base) {
        let s = Scene::new(base).await;
        s.register(DIPLOMES, diplomes, APPLIQUER).await;
        let fautif = DIPLOMES.replace("32033426", "320");
        let r = s.register(&fautif, diplomes, APPLIQUER).await;
        assert!(r.refuse && !r.reussi() && !r.applique, "{}", r.texte());
        assert!(r.texte().contains("Faute, ligne 2, colonne « FORMATION_DIPLOME »"), "{}", r.texte());
        let ignorer = OptionsRegistre { ignorer_fautes: true, ..APPLIQUER };
        let r = s.register(&format!("{fautif}32032409;BTS;NOTARIAT (BTS)\n"), diplomes, ignorer).await;
        // The diploma of the faulty line stays as it was.
        assert_eq!((r.applique, r.ajoutes, r.retires, s.compter("diplome").await), (true, 1, 0, 3));
        let chemin = s.dossier.path().join("vide.csv");
        std::fs::write(&chemin, "FORMATION_DIPLOME;LIBELLE_COURT;LIBELLE_LONG_200\n").unwrap();
        assert!(matches!(diplomes(&chemin), Err(ImportError::RegistreVide { .. })));
        // Nobody but whoever loads the courses.
        let lu = diplomes(&s.dossier.path().join("registre.csv")).unwrap();
        let refus = import_registre(&s.agent, &lu, ESSAI).await;
        assert!(matches!(refus, Err(AppError::Denied(_))), "{refus:?}");
    }

    async fn r_app_17_a_record_takes_its_title_and_its_code_from_the_registers_and_says_so(base) {
        let s = Scene::new(base).await;
        s.day(&[fiche("a")]).await;
        let muette = s.view("a").await;
        assert_eq!((muette.intitule.as_str(), muette.constats.clone()), ("", vec![Constat::Intitule, Constat::Uai]));
        assert!(matches!(s.decide("a", Statut::PretPourIntegration).await, Err(AppError::Rule(_))));
        // Each register completes what is there, as its dry run told.
        assert_eq!(s.register(DIPLOMES, diplomes, ESSAI).await.fiches, 1);
        assert_eq!(s.view("a").await.constats.len(), 2, "nothing was written");
        assert_eq!(s.register(DIPLOMES, diplomes, APPLIQUER).await.fiches, 1);
        assert_eq!(s.register(ORGANISMES, organismes, APPLIQUER).await.fiches, 1);
        let vue = s.view("a").await;
        assert_eq!((vue.intitule.as_str(), vue.constats.len()), ("BTS Tourisme", 0));
        assert_eq!(valeur(&vue, "intitulé complété").as_deref(), Some("BTS Tourisme"));
        assert_eq!(valeur(&vue, "UAI complété").as_deref(), Some("0801234G (SIRET du formateur)"));
        assert_eq!((vue.evenements.len(), vue.evenements[0].quoi), (3, "Complément d’après les registres nationaux"));
        assert_eq!(s.t.mot("SELECT uais FROM fiche_apprentissage", vec![]).await, "|0801234G|");
        assert!(s.t.mot("SELECT recherche FROM fiche_apprentissage", vec![]).await.contains("bts tourisme"));
        // The same day again, the same registers again: nothing is written.
        let encore = s.day(&[fiche("a")]).await;
        assert!(!encore.change(), "{}", encore.texte());
        assert_eq!(encore.compte.completees, 1);
        assert!(!s.register(DIPLOMES, diplomes, APPLIQUER).await.change());
        // Another day, with a new record: completed at once.
        let r = s.day(&[fiche("a"), with(fiche("b"), "cfd", "32031213")]).await;
        assert!(r.texte().contains("2 fiches sont complétées"), "{}", r.texte());
        assert_eq!((r.compte.creations, r.compte.inchangees), (1, 1));
        assert_eq!(s.view("b").await.intitule, "BTS Management commercial opérationnel");
        s.decide("a", Statut::PretPourIntegration).await.unwrap();
    }

    async fn r_app_17_the_catalogue_wins_and_a_register_that_changes_is_followed(base) {
        let s = Scene::new(base).await;
        s.register(DIPLOMES, diplomes, APPLIQUER).await;
        s.register(ORGANISMES, organismes, APPLIQUER).await;
        s.day(&[fiche("a"), fiche("b")]).await;
        assert_eq!(s.view("a").await.intitule, "BTS Tourisme");
        // What the platform refused for want of them is judged again; a published record waits for nobody.
        s.t.sql("UPDATE fiche_apprentissage SET statut = 'rejete', raison = 'Essai.' WHERE identifiant = 'a|1|2'", vec![]).await;
        s.t.sql("UPDATE fiche_apprentissage SET statut = 'publie' WHERE identifiant = 'b|1|2'", vec![]).await;
        let autres = DIPLOMES.replace("TOURISME", "TOURISME ET VOYAGES");
        assert_eq!(s.register(&autres, diplomes, APPLIQUER).await.fiches, 2);
        let (a, b) = (s.view("a").await, s.view("b").await);
        assert_eq!((a.statut, a.intitule.as_str()), (Statut::APublier, "BTS Tourisme et voyages"));
        assert_eq!((b.statut, b.intitule.as_str()), (Statut::Publie, "BTS Tourisme et voyages"));
        let dite = with(fiche("a"), "intitule_long", "BTS Tourisme international");
        let dite = with(dite, "etablissement_formateur_uai", "0800002B");
        let r = s.day(&[dite.clone(), fiche("b")]).await;
        assert_eq!((r.compte.modifications, r.compte.inchangees), (1, 1));
        let a = s.view("a").await;
        assert_eq!((a.intitule.as_str(), valeur(&a, "intitulé complété")), ("BTS Tourisme international", None));
        assert_eq!((valeur(&a, "UAI complété"), valeur(&a, "UAI du formateur").as_deref()), (None, Some("0800002B")));
        // A register says nothing of what the catalogue says.
        assert_eq!(s.register(DIPLOMES, diplomes, APPLIQUER).await.fiches, 1);
        assert!(!s.day(&[dite, fiche("b")]).await.change());
    }

    async fn r_app_18_establishments_are_called_as_their_register_calls_them(base) {
        let s = Scene::new(base).await;
        s.register(DIPLOMES, diplomes, APPLIQUER).await;
        let chez = |f: serde_json::Value, uai: &str| with(f, "etablissement_formateur_uai", uai);
        let jour = [chez(fiche("a"), "0801234G"), chez(fiche("b"), "0800002B"), chez(fiche("c"), "0800003C")];
        s.day(&jour).await;
        s.decide("a", Statut::PretPourIntegration).await.unwrap();
        let fait = |bilan: BilanIntegration| (bilan.creees, bilan.etablissements, bilan.nommes);
        let integre = async || fait(integrate(&s.t.systeme(), 2024).await.unwrap());
        assert_eq!(integre().await, (1, 1, 0));
        assert_eq!(s.nom("0801234G").await, "Établissement 0801234G | ", "no register yet");
        s.register(ORGANISMES, organismes, APPLIQUER).await;
        for id in ["b", "c"] {
            s.decide(id, Statut::PretPourIntegration).await.unwrap();
        }
        assert_eq!(integre().await, (2, 2, 1));
        assert_eq!(s.nom("0801234G").await, "CFA des Métiers | Amiens");
        assert_eq!(s.nom("0800002B").await, "Lycée Polyvalent Jules Verne | Abbeville");
        assert_eq!(s.nom("0800003C").await, "Établissement 0800003C | ", "the register does not know it");
        let recherche = s.t.mot(
            "SELECT fs.recherche FROM formation_session fs JOIN etablissement e ON e.id = fs.etablissement_id WHERE e.uai = '0801234G'",
            vec![],
        ).await;
        assert!(recherche.contains("cfa des metiers"), "courses are looked for by it: {recherche}");
        assert_eq!(integre().await, (0, 0, 0), "done again, it does nothing");
        // A name that somebody gave stays.
        s.t.sql("UPDATE etablissement_session SET nom = 'CFA de la Somme' WHERE nom LIKE 'CFA%'", vec![]).await;
        assert_eq!(integre().await, (0, 0, 0));
        assert_eq!(s.nom("0801234G").await, "CFA de la Somme | Amiens");
    }

    async fn r_app_18_establishments_are_held_in_one_order_and_a_name_that_somebody_gives_meanwhile_stays(base) {
        let s = Scene::new(base).await;
        s.register(DIPLOMES, diplomes, APPLIQUER).await;
        let chez = |f: serde_json::Value, uai: &str| with(f, "etablissement_formateur_uai", uai);
        s.day(&[chez(fiche("a"), "0801234G"), chez(fiche("b"), "0800002B")]).await;
        for id in ["a", "b"] {
            s.decide(id, Statut::PretPourIntegration).await.unwrap();
        }
        assert_eq!(integrate(&s.t.systeme(), 2024).await.unwrap().etablissements, 2);
        s.register(ORGANISMES, organismes, APPLIQUER).await;
        let sans = "SELECT MIN(id) FROM etablissement_session WHERE nom LIKE 'Établissement %' AND id > $1";
        let premier = s.t.nombre(sans, vec![0_i64.into()]).await;
        let second = s.t.nombre(sans, vec![premier.into()]).await;
        // Somebody holds the first by its key, then the other, which gets a name: held the other way round, each would wait for the other.
        let tx = s.t.app.db.begin_write().await.unwrap();
        hold_parametrages(&tx, &[premier]).await.unwrap();
        let systeme = s.t.systeme();
        let (fait, ()) = tokio::join!(integrate(&systeme, 2024), async {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            hold_parametrages(&tx, &[second]).await.unwrap();
            let nomme = "UPDATE etablissement_session SET nom = 'CFA de la Somme' WHERE id = $1";
            tx.exec(nomme, vec![second.into()]).await.unwrap();
            tx.commit().await.unwrap();
        });
        assert_eq!(fait.unwrap().nommes, 1);
        let noms = "SELECT COUNT(*) FROM etablissement_session WHERE nom LIKE 'Établissement %' OR nom = 'CFA de la Somme'";
        assert_eq!(s.t.nombre(noms, vec![]).await, 1, "named by the register but for the one that somebody named");
    }

    async fn r_app_17_the_real_registers_complete_the_real_records(base) {
        let partage = |chemin: &str| testkit::skip::shared(&format!("data/{chemin}"));
        let Some(nomenclature) = partage("06-nomenclatures/bcn_v_formation_diplome.csv.zst") else { return };
        let repertoire = partage("04-etablissements/catalogue-apprentissage_etablissements_2022-10-10.csv.zst").unwrap();
        let catalogue = partage("05-carif-oref-lheo/rco_formations-apprentissage_2020-11.json.zst").unwrap();
        let t = TestApp::with_session_2024(base).await;
        let bloquees = async || {
            let sql = "SELECT COUNT(*) FROM fiche_apprentissage
                       WHERE constats LIKE '%|intitule|%' OR constats LIKE '%|uai|%' OR constats LIKE '%|departement|%'";
            t.nombre(sql, vec![]).await
        };
        let sans = async |constat: &str| {
            let sql = "SELECT COUNT(*) FROM fiche_apprentissage WHERE constats LIKE $1";
            t.nombre(sql, vec![format!("%|{constat}|%").into()]).await
        };
        assert_eq!(day(&t, catalogue.clone()).await.compte.creations, 2_208);
        assert_eq!((bloquees().await, sans("intitule").await, sans("uai").await), (2_208, 2_208, 893));
        for (chemin, lit, fiches) in [(nomenclature, diplomes as Lecture, 2_148), (repertoire, organismes as Lecture, 697)] {
            let depart = Instant::now();
            let r = import_registre(&t.systeme(), &lit(&chemin).unwrap(), APPLIQUER).await.unwrap();
            println!("{:?} : {} ; {} fiches", depart.elapsed(), r.derniere_ligne(), r.fiches);
            assert_eq!((r.fautes(), r.fiches), (0, fiches));
        }
        // 60 records name no diploma; 196 have a SIRET that the register does not know, or knows without a code.
        assert_eq!((sans("intitule").await, sans("uai").await, sans("departement").await), (60, 196, 0));
        assert_eq!(bloquees().await, 2_208 - 1_955);
        let depart = Instant::now();
        let encore = day(&t, catalogue).await;
        println!("{:?} : {}", depart.elapsed(), encore.derniere_ligne());
        assert!(!encore.change(), "{}", encore.derniere_ligne());
    }
}
