//! The ground everything stands on: schema, sessions, on both databases.

use testkit::{TestApp, both_databases};

both_databases! {
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
}

/// Both schemas agree, column for column.
#[tokio::test]
async fn both_databases_have_the_same_schema() {
    let sqlite = testkit::Base::sqlite().open().await;
    let Some(base) = testkit::Base::postgres().await else { return };
    let postgres = base.open().await;
    let (a, b) = (store::columns(&sqlite).await.unwrap(), store::columns(&postgres).await.unwrap());
    assert!(a.len() > 200, "{}", a.len());
    assert_eq!(a, b);
}

/// DON-1, HAB-4: a column without class and retention fails here.
#[tokio::test]
async fn don_1_every_column_has_a_class_and_a_retention() {
    let sqlite = testkit::Base::sqlite().open().await;
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
