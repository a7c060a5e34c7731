//! Days of the national catalogue of apprenticeship, on both databases: dry run, application, the same day again, three days of
//! changes, refused records, a perimeter, a flow that is not believed.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use app::AppError;
use app::imports::{
    FluxLu, OptionsApprentissage, RapportApprentissage, import_apprentissage, lire_catalogue, lire_perimetre,
};
use domain::droits::Attribution;
use testkit::{TestApp, both_databases};

/// A BTS in Amiens, entered in September 2024.
fn fiche(id: &str, adresse: &str) -> serde_json::Value {
    serde_json::json!({
        "id_formation": id, "id_action": "1", "id_certifinfo": "2",
        "etablissement_gestionnaire_siret": "73282932000074",
        "etablissement_formateur_siret": "73282932000074",
        "etablissement_formateur_code_insee": "80021",
        "etablissement_lieu_formation_adresse": adresse,
        "etablissement_lieu_formation_code_postal": "80000",
        "etablissement_lieu_formation_code_insee": "80021",
        "cfd": "32025101", "rncp_code": "RNCP474", "capacite": null, "periode": ["2024-09"],
    })
}

fn with(mut f: serde_json::Value, champ: &str, valeur: impl Into<serde_json::Value>) -> serde_json::Value {
    f[champ] = valeur.into();
    f
}

fn lu(dossier: &Path, fiches: &[serde_json::Value]) -> FluxLu {
    let chemin = dossier.join("fiches.json");
    std::fs::write(&chemin, serde_json::to_string_pretty(fiches).unwrap()).unwrap();
    lire_catalogue(&[chemin], &mut |_, _| {}).unwrap()
}

fn appliquer() -> OptionsApprentissage {
    OptionsApprentissage { appliquer: true, session: Some(2024), ..OptionsApprentissage::default() }
}

async fn importer(t: &TestApp, dossier: &Path, fiches: &[serde_json::Value]) -> RapportApprentissage {
    import_apprentissage(&t.systeme(), &lu(dossier, fiches), &appliquer()).await.unwrap()
}

async fn compter(t: &TestApp, table: &str) -> i64 {
    t.nombre(&format!("SELECT COUNT(*) FROM {table}"), vec![]).await
}

/// What `docs/imports.md` says of a day of November 2020, column by column.
fn du_document(jour: &str) -> Vec<u64> {
    let document = include_str!("../../../../docs/imports.md");
    let debut = format!("| {jour} | ");
    let ligne = document.lines().find_map(|l| l.strip_prefix(debut.as_str())).unwrap();
    ligne.trim_end_matches(" |").split(" | ").map(|cellule| cellule.parse().unwrap()).collect()
}

async fn statut(t: &TestApp, id: &str) -> String {
    t.mot("SELECT statut FROM fiche_apprentissage WHERE identifiant = $1", vec![format!("{id}|1|2").into()])
        .await
}

both_databases! {
    async fn r_imp_10_a_day_is_shown_then_applied_then_changes_nothing(base) {
        let t = TestApp::with_session_2024(base).await;
        let d = tempfile::tempdir().unwrap();
        let jour = [fiche("a", "1 rue A"), with(fiche("b", "2 rue B"), "cfd", "50022137")];
        let lues = lu(d.path(), &jour);
        let options = OptionsApprentissage { appliquer: false, ..appliquer() };
        let essai = import_apprentissage(&t.systeme(), &lues, &options).await.unwrap();
        assert!(!essai.applique && essai.change() && essai.perimetre_change, "{}", essai.texte());
        assert_eq!((essai.compte.creations, essai.compte.lues), (2, 2));
        let dit = essai.texte();
        assert!(dit.contains("« fiches.json », ligne 2, fiche a|1|2 créée → à publier."), "{dit}");
        assert!(dit.contains("→ non publiable en l’état. Hors du périmètre de la session : diplôme de niveau 3"), "{dit}");
        assert!(dit.contains("Essai à blanc : rien n’a été écrit."), "{dit}");
        for table in ["fiche_apprentissage", "evenement_apprentissage", "perimetre_apprentissage", "import"] {
            assert_eq!(compter(&t, table).await, 0, "{table}");
        }

        let journal = compter(&t, "journal").await;
        let r = import_apprentissage(&t.systeme(), &lues, &appliquer()).await.unwrap();
        assert!(r.applique && r.reussi());
        assert_eq!((&r.compte, &r.lignes), (&essai.compte, &essai.lignes), "the dry run told the truth");
        assert_eq!((statut(&t, "a").await, statut(&t, "b").await), ("a_publier".to_owned(), "non_publiable".to_owned()));
        assert_eq!(t.mot("SELECT academie FROM fiche_apprentissage WHERE identifiant = 'a|1|2'", vec![]).await, "20");
        assert_eq!((compter(&t, "evenement_apprentissage").await, compter(&t, "import").await), (2, 1));
        assert_eq!(compter(&t, "journal").await, journal + 1);

        let encore = import_apprentissage(&t.systeme(), &lues, &appliquer()).await.unwrap();
        assert!(!encore.applique && !encore.change(), "{}", encore.texte());
        assert!(encore.texte().contains("Rien à changer"), "{}", encore.texte());
        assert_eq!((compter(&t, "evenement_apprentissage").await, compter(&t, "import").await), (2, 1));
        assert_eq!(compter(&t, "journal").await, journal + 1);
    }

    async fn r_imp_10_three_days_of_changes_leave_their_history(base) {
        let t = TestApp::with_session_2024(base).await;
        let d = tempfile::tempdir().unwrap();
        let (a, b, c) = (fiche("a", "1 rue A"), fiche("b", "2 rue B"), fiche("c", "3 rue C"));
        let c = with(with(c, "intitule_long", "BTS Tourisme"), "localite", "Amiens");
        importer(&t, d.path(), &[a.clone(), b.clone()]).await;
        // Somebody published the first one.
        t.sql("UPDATE fiche_apprentissage SET statut = 'publie' WHERE identifiant = 'a|1|2'", vec![]).await;
        let deplacee = with(a.clone(), "etablissement_lieu_formation_code_insee", "80001");
        let r = importer(&t, d.path(), &[deplacee.clone(), b, c.clone()]).await;
        assert_eq!((r.compte.creations, r.compte.restructurations, r.compte.inchangees), (1, 1, 1));
        assert!(r.texte().contains("restructurée : transfert du lieu"), "{}", r.texte());
        assert!(r.texte().contains("fiche c|1|2 (« BTS Tourisme », Amiens) créée"), "{}", r.texte());
        assert_eq!(statut(&t, "a").await, "en_attente_mise_a_jour");
        let r = importer(&t, d.path(), &[deplacee.clone(), c.clone()]).await;
        assert_eq!((r.compte.retraits, statut(&t, "b").await), (1, "ferme".to_owned()));
        assert_eq!(t.nombre("SELECT presente FROM fiche_apprentissage WHERE identifiant = 'b|1|2'", vec![]).await, 0);
        // The course goes on under another identifier: its row, its status and its history with it.
        let reprise = with(deplacee, "id_formation", "z");
        let r = importer(&t, d.path(), &[reprise, c]).await;
        assert!(r.texte().contains("fiche z|1|2 restructurée : remplace la fiche a|1|2"), "{}", r.texte());
        assert_eq!(statut(&t, "z").await, "en_attente_mise_a_jour");
        assert_eq!(
            t.nombre(
                "SELECT COUNT(*) FROM evenement_apprentissage e JOIN fiche_apprentissage f ON f.id = e.fiche_apprentissage_id
                 WHERE f.identifiant = 'z|1|2'",
                vec![]
            )
            .await,
            3
        );
        assert_eq!(compter(&t, "import").await, 4);
    }

    async fn r_imp_10_refused_records_and_duplicates_are_kept_with_their_reason(base) {
        let t = TestApp::with_session_2024(base).await;
        let d = tempfile::tempdir().unwrap();
        let a = fiche("a", "1 rue A");
        importer(&t, d.path(), &[a.clone(), fiche("b", "2 rue B")]).await;
        let fautive = with(fiche("b", "2 rue B"), "cfd", "320");
        let jour = [a.clone(), fautive, with(a.clone(), "id_formation", "d"), with(a.clone(), "capacite", 3)];
        let r = importer(&t, d.path(), &jour).await;
        assert_eq!((r.compte.refusees, r.compte.doublons, r.compte.retraits), (2, 1, 0));
        assert_eq!(statut(&t, "b").await, "a_publier", "a refused record stays as it was");
        assert_eq!(statut(&t, "d").await, "non_publiable");
        let raison = t.mot("SELECT raison FROM fiche_apprentissage WHERE identifiant = 'd|1|2'", vec![]).await;
        assert!(raison.starts_with("Même formation que la fiche a|1|2"), "{raison}");
        let fautes = t.mot("SELECT fautes FROM rejet_apprentissage WHERE identifiant = 'b|1|2'", vec![]).await;
        assert!(fautes.contains("n’a pas huit lettres ou chiffres"), "{fautes}");
        let encore = importer(&t, d.path(), &jour).await;
        assert!(!encore.change(), "{}", encore.texte());
        // A partial day that does not speak of it leaves it to be corrected; twice, it changes nothing.
        let partiel = OptionsApprentissage { partiel: true, ..appliquer() };
        let autre = with(fiche("e", "5 rue E"), "cfd", "321");
        for _ in 0..2 {
            let lues = lu(d.path(), &[a.clone(), autre.clone()]);
            import_apprentissage(&t.systeme(), &lues, &partiel).await.unwrap();
            assert_eq!(compter(&t, "rejet_apprentissage").await, 2, "that of « a » is no more");
        }
        let lues = lu(d.path(), &[a.clone(), fiche("e", "5 rue E")]);
        import_apprentissage(&t.systeme(), &lues, &partiel).await.unwrap();
        assert_eq!(compter(&t, "rejet_apprentissage").await, 1);
        let r = importer(&t, d.path(), &[a, fiche("b", "2 rue B")]).await;
        assert_eq!((r.compte.retraits, compter(&t, "rejet_apprentissage").await), (2, 0));
    }

    async fn r_app_02_a_perimeter_of_its_own_judges_the_records_again(base) {
        let t = TestApp::with_session_2024(base).await;
        let d = tempfile::tempdir().unwrap();
        importer(&t, d.path(), &[fiche("a", "1 rue A")]).await;
        let chemin = d.path().join("perimetre.csv");
        let texte = "critere;valeur;acces;libelle\nrentree;2024-07/2025-03;admis;rentrée\nniveau;5;recteur;niveau 5\n";
        std::fs::write(&chemin, texte).unwrap();
        let perimetre = Some(lire_perimetre(&chemin, &mut |_, _| {}).unwrap());
        let options = OptionsApprentissage { perimetre, ..appliquer() };
        let lues = lu(d.path(), &[fiche("a", "1 rue A")]);
        let r = import_apprentissage(&t.systeme(), &lues, &options).await.unwrap();
        assert!(r.texte().contains("réévaluée → à publier (soumis à validation Recteur)."), "{}", r.texte());
        assert_eq!((statut(&t, "a").await, compter(&t, "perimetre_apprentissage").await), ("a_valider_recteur".to_owned(), 2));
        let encore = import_apprentissage(&t.systeme(), &lues, &appliquer()).await.unwrap();
        assert!(!encore.change(), "the perimeter of the session stays: {}", encore.texte());
        std::fs::write(&chemin, texte.replace("recteur", "oui")).unwrap();
        let e = lire_perimetre(&chemin, &mut |_, _| {}).unwrap_err().to_string();
        assert!(e.contains("Ligne 3, colonne « acces » : accès inconnu « oui »"), "{e}");
    }

    async fn r_app_05_a_cut_flow_removes_nothing_unless_it_is_said(base) {
        let t = TestApp::with_session_2024(base).await;
        let d = tempfile::tempdir().unwrap();
        let tout: Vec<_> = (0..30).map(|n| fiche(&format!("f{n:02}"), &format!("{n} rue A"))).collect();
        importer(&t, d.path(), &tout).await;
        let r = importer(&t, d.path(), &tout[..10]).await;
        assert!(!r.reussi() && !r.applique);
        assert!(r.texte().contains("20 des 30 fiches connues de ce flux ne sont pas dans les fichiers"), "{}", r.texte());
        assert_eq!(t.nombre("SELECT COUNT(*) FROM fiche_apprentissage WHERE presente = 1", vec![]).await, 30);
        let lues = lu(d.path(), &tout[..10]);
        let partiel = OptionsApprentissage { partiel: true, ..appliquer() };
        assert!(!import_apprentissage(&t.systeme(), &lues, &partiel).await.unwrap().change());
        // Absence is judged within one flow.
        let ailleurs = OptionsApprentissage { flux: Some("essai".to_owned()), ..appliquer() };
        let r = import_apprentissage(&t.systeme(), &lues, &ailleurs).await.unwrap();
        assert_eq!((r.compte.creations, r.compte.retraits), (10, 0));
        let massif = OptionsApprentissage { retraits_massifs: true, ..appliquer() };
        assert_eq!(import_apprentissage(&t.systeme(), &lues, &massif).await.unwrap().compte.retraits, 20);
        let faux = OptionsApprentissage { flux: Some("Mon flux".to_owned()), ..appliquer() };
        let e = import_apprentissage(&t.systeme(), &lues, &faux).await;
        assert!(matches!(e, Err(AppError::Invalid(_))), "{e:?}");
    }

    async fn r_dro_01_r_imp_10_only_the_national_team_imports_the_catalogue(base) {
        let t = TestApp::with_session_2024(base).await;
        let d = tempfile::tempdir().unwrap();
        let lues = lu(d.path(), &[fiche("a", "1 rue A")]);
        let role = domain::comptes::Role::Lecteur;
        let (_, acteur) = t.personne("lecteur@exemple.fr", Attribution::simple(role)).await;
        let e = import_apprentissage(&t.ctx(acteur), &lues, &appliquer()).await;
        assert!(matches!(e, Err(AppError::Denied { .. })), "{e:?}");
        assert_eq!(compter(&t, "fiche_apprentissage").await, 0);
    }

    async fn r_imp_10_r_app_03_the_days_of_november_2020(base) {
        let nom = |jour: &str| format!("data/05-carif-oref-lheo/rco_flux-quotidien_2020-11_{jour}.json.zst");
        let Some(veille) = testkit::skip::shared(&nom("j-1")) else { return };
        let t = TestApp::with_session_2024(base).await;
        let importe = async |chemin: PathBuf| {
            let depart = Instant::now();
            let lues = lire_catalogue(&[chemin], &mut |_, _| {}).unwrap();
            let r = import_apprentissage(&t.systeme(), &lues, &appliquer()).await.unwrap();
            println!("{:?} : {}", depart.elapsed(), r.derniere_ligne());
            assert!(!import_apprentissage(&t.systeme(), &lues, &appliquer()).await.unwrap().change());
            let c = r.compte;
            let changees = [c.creations, c.modifications, c.restructurations, c.retraits, c.retours];
            [vec![c.lues], changees.to_vec(), vec![c.inchangees, c.refusees, c.doublons]].concat()
        };
        assert_eq!(importe(veille).await, du_document("j-1"));
        for jour in ["j", "j+1"] {
            assert_eq!(importe(testkit::skip::shared(&nom(jour)).unwrap()).await, du_document(jour), "{jour}");
        }
    }
}
