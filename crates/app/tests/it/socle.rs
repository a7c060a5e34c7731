//! The ground everything stands on: schema, sessions, on both databases.

use std::time::{Duration, Instant};

use store::Sql;
use testkit::{TestApp, both_databases};

both_databases! {
    async fn r_ses_03_a_second_session_never_opens_beside_the_first(base) {
        let t = TestApp::with_session_2024(base).await;
        let refus = app::sessions::ouvrir_session(&t.systeme(), 2025, None).await;
        assert!(matches!(refus, Err(app::AppError::Invalid(_))), "{refus:?}");
        assert_eq!(app::sessions::courante(&t.app.db).await.unwrap().annee, 2024);
        app::sessions::ouvrir_session(&t.systeme(), 2025, Some(2024)).await.unwrap();
        assert_eq!(app::sessions::courante(&t.app.db).await.unwrap().annee, 2025);
    }

    async fn r_ses_01_a_session_opens_once_and_archives_the_one_before(base) {
        let t = TestApp::new(base).await;
        let ctx = t.systeme();
        app::sessions::ouvrir_session(&ctx, 2023, None).await.unwrap();
        app::sessions::ouvrir_session(&ctx, 2024, Some(2023)).await.unwrap();
        let ancienne = app::sessions::session(&t.app.db, 2023).await.unwrap();
        assert!(ancienne.archivee);
        assert!(ancienne.require_ouverte().is_err());
        assert_eq!(app::sessions::courante(&t.app.db).await.unwrap().annee, 2024);
        assert!(app::sessions::ouvrir_session(&ctx, 2024, Some(2023)).await.is_err());
        assert_eq!(app::sessions::plafonds(&t.app.db, ancienne.id).await.unwrap().etudiant, 10);
    }

    async fn r_ses_02_a_year_out_of_reach_is_refused_and_opens_nothing(base) {
        let t = TestApp::new(base).await;
        for annee in [i64::MIN, 0, 2017, 2101, 99_999, i64::MAX] {
            let refus = app::sessions::ouvrir_session(&t.systeme(), annee, None).await;
            assert!(matches!(refus, Err(app::AppError::Invalid(_))), "{annee} : {refus:?}");
        }
        assert_eq!(t.nombre("SELECT COUNT(*) FROM session_admission", vec![]).await, 0);
    }
}

both_databases! {
    async fn web_4_a_statement_of_a_page_is_given_up_in_time_and_only_that_one(base) {
        let delai = Duration::from_millis(300);
        base.open().await.close().await.unwrap();
        let db = store::Db::open_for_screens(&base.dsn(), delai).await.unwrap();
        let lente = match db.backend() {
            store::Backend::Postgres => "SELECT CAST(1 AS BIGINT) FROM pg_sleep(1.2)",
            store::Backend::Sqlite => {
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 8000000) SELECT COUNT(*) FROM c"
            }
        };
        let depart = Instant::now();
        let coupee = store::on_screen(delai, db.int(lente, vec![])).await;
        assert!(matches!(coupee, Err(store::StoreError::Unavailable(_))), "{coupee:?}");
        assert!(depart.elapsed() < Duration::from_millis(1_100), "{:?}", depart.elapsed());
        // In a transaction as well, which then leaves nothing.
        let ecrit = store::on_screen(delai, async {
            let tx = db.begin_write().await?;
            tx.exec("DELETE FROM tache", vec![]).await?;
            tx.int(lente, vec![]).await
        });
        assert!(matches!(ecrit.await, Err(store::StoreError::Unavailable(_))));
        // PostgreSQL ended it by itself: whoever asks next is not kept waiting by what nobody reads any more.
        if db.backend() == store::Backend::Postgres {
            let vivantes = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' \
                            AND query LIKE '%pg_sleep(1.2)%' AND pid <> pg_backend_pid()";
            assert_eq!(db.int(vivantes, vec![]).await.unwrap(), Some(0));
        }
        assert_eq!(store::on_screen(delai, db.int("SELECT CAST(7 AS BIGINT)", vec![])).await.unwrap(), Some(7));
        // A command or a task takes the time that it takes.
        assert!(db.int(lente, vec![]).await.unwrap().is_some());
        db.close().await.unwrap();
    }
}

/// Both schemas agree, column for column.
#[tokio::test]
async fn both_databases_have_the_same_schema() {
    // Kept until the end: its folder goes with it.
    let dossier = testkit::Base::sqlite();
    let sqlite = dossier.open().await;
    let Some(base) = testkit::Base::postgres().await else { return };
    let postgres = base.open().await;
    let (a, b) = (store::columns(&sqlite).await.unwrap(), store::columns(&postgres).await.unwrap());
    assert!(a.len() > 200, "{}", a.len());
    assert_eq!(a, b);
}

/// DON-1, HAB-4: a column without class and retention fails here.
#[tokio::test]
async fn don_1_every_column_has_a_class_and_a_retention() {
    // Kept until the end: its folder goes with it.
    let dossier = testkit::Base::sqlite();
    let sqlite = dossier.open().await;
    let fiches = store::dictionnaire::fiches();
    let mut sans = Vec::new();
    for c in store::columns(&sqlite).await.unwrap() {
        let connue = fiches.contains_key(&(c.nom_table.clone(), c.nom.clone()))
            || fiches.contains_key(&("*".to_owned(), c.nom.clone()));
        if !connue {
            sans.push(format!("{};{}", c.nom_table, c.nom));
        }
    }
    assert!(sans.is_empty(), "columns absent from the dictionary:\n{}", sans.join("\n"));
}

/// MDP-7: nothing to keep a secret question, its answer or a hint in.
#[tokio::test]
async fn mdp_7_no_column_holds_a_secret_question_or_a_hint() {
    // Kept until the end: its folder goes with it.
    let dossier = testkit::Base::sqlite();
    let sqlite = dossier.open().await;
    let noms: Vec<String> = store::columns(&sqlite)
        .await
        .unwrap()
        .into_iter()
        .map(|c| format!("{}.{}", c.nom_table, c.nom))
        .collect();
    assert!(noms.contains(&"compte.mot_de_passe".to_owned()), "{noms:?}");
    let aides: Vec<&String> = noms
        .iter()
        .filter(|n| ["question", "indice", "pense_bete"].iter().any(|mot| n.contains(mot)))
        .collect();
    assert!(aides.is_empty(), "{aides:?}");
}

/// TRX-3: what is said to be recorded is on the disk. PostgreSQL does so unless its administrator asked otherwise.
#[tokio::test]
async fn trx_3_a_commit_waits_for_the_disk() {
    let base = testkit::Base::sqlite();
    let db = store::Db::open(&base.dsn()).await.unwrap();
    let tx = db.begin_write().await.unwrap();
    // FULL: the journal of SQLite is synchronised at each commit.
    assert_eq!(tx.int("PRAGMA synchronous", vec![]).await.unwrap(), Some(2));
}

/// Two transactions that wait for each other: PostgreSQL ends one of them, which must be tried again, not reported as
/// a fault of ours.
#[tokio::test]
async fn trx_1_the_victim_of_a_deadlock_is_asked_to_try_again() {
    let Some(base) = testkit::Base::postgres().await else { return };
    let db = base.open().await;
    for cle in ["a", "b"] {
        store::sessions::set_reglage(&db, cle, "0", 0).await.unwrap();
    }
    let (un, deux) = (db.begin_write().await.unwrap(), db.begin_write().await.unwrap());
    let ecrit = "UPDATE reglage SET valeur = '1' WHERE cle = $1";
    let cle = |c: &str| vec![c.to_owned().into()];
    un.exec(ecrit, cle("a")).await.unwrap();
    deux.exec(ecrit, cle("b")).await.unwrap();
    let suite = tokio::join!(
        async {
            let r = un.exec(ecrit, cle("b")).await;
            drop(un);
            r
        },
        async {
            let r = deux.exec(ecrit, cle("a")).await;
            drop(deux);
            r
        }
    );
    let perdu = [suite.0, suite.1].into_iter().find_map(Result::err).expect("one of them is ended");
    assert!(matches!(perdu, store::StoreError::Unavailable(_)), "{perdu:?}");
}
