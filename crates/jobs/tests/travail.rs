//! From a published day to the candidate's letter box, and the graceful stop.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use std::sync::Arc;
use std::time::Duration;

use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use testkit::{TestApp, both_databases};

/// Call orders published: two places, three candidates.
async fn ordered(t: &TestApp) {
    t.during(Etape::Examen).await;
    let e = t.etablissement("0800001A", "Lycée Alpha").await;
    let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 2, true).await;
    let mut candidats = Vec::new();
    for i in 0..3 {
        let c = t.candidat(&format!("c{i}@essai.fr"), TypeBac::General).await;
        t.voeu(&c, &f, EtatVoeu::Classe).await;
        candidats.push(c);
    }
    t.classement(&f, &candidats.iter().collect::<Vec<_>>()).await;
    t.sql("UPDATE groupe_classement SET taux_min_boursiers = 5", vec![]).await;
    t.during(Etape::OrdreAppel).await;
    let ctx = t.simulation();
    let garde = app::idempotence::Garde::default();
    app::admission::calculer_ordre_appel(&ctx, &garde, 2024).await.unwrap();
    let id = app::admission::passages(&ctx, 2024, 1, 0).await.unwrap().remove(0).public_id;
    app::admission::publier_passage(&ctx, &garde, 2024, &id).await.unwrap();
}

/// A published day: two propositions for two places.
async fn published_day(t: &TestApp) {
    ordered(t).await;
    t.at_opening(Etape::Admission).await;
    app::admission::un_jour(&t.simulation(), &t.simulation(), 2024).await.unwrap();
}

both_databases! {
    async fn not_2_each_candidate_is_told_once_with_their_deadline(base) {
        let t = TestApp::with_session_2024(base).await;
        published_day(&t).await;
        assert!(t.courriels.0.lock().unwrap().is_empty());
        // One task, two mails.
        assert_eq!(jobs::run_due(&t.app).await, 3);
        let messages = t.courriels.0.lock().unwrap().clone();
        let mut qui: Vec<&str> = messages.iter().map(|m| m.destinataire.as_str()).collect();
        qui.sort_unstable();
        assert_eq!(qui, ["c0@essai.fr", "c1@essai.fr"]);
        assert!(messages[0].corps.contains("BTS Électronique"), "{}", messages[0].corps);
        assert!(messages[0].corps.contains("dimanche 2 juin 2024 à 23\u{a0}h\u{a0}59"), "{}", messages[0].corps);
        assert!(messages[0].corps.contains("https://parcoursup.example/candidat/propositions/"));
        assert_eq!(jobs::run_due(&t.app).await, 0);
    }

    async fn r_adm_40_the_runner_publishes_what_was_agreed_to_then_tells_each_candidate(base) {
        let t = TestApp::with_session_2024(base).await;
        ordered(&t).await;
        t.at("2024-05-30T15:00");
        let agent = || Attribution::simple(Role::AdminNational);
        let (_, un) = t.personne("un@national.fr", agent()).await;
        let (_, deux) = t.personne("deux@national.fr", agent()).await;
        let garde = app::idempotence::Garde::default();
        app::admission::calculer_propositions(&t.ctx(un.clone()), &garde, 2024).await.unwrap();
        let id = app::admission::passages(&t.ctx(un), 2024, 1, 0).await.unwrap().remove(0).public_id;
        app::admission::programmer_publication(&t.ctx(deux), &garde, 2024, &id).await.unwrap();
        let faites = || t.nombre("SELECT COUNT(*) FROM proposition", vec![]);
        let candidats = || {
            let messages = t.courriels.0.lock().unwrap();
            messages.iter().filter(|m| m.destinataire.starts_with('c')).count()
        };
        t.at("2024-05-30T18:59:59");
        jobs::run_due(&t.app).await;
        assert_eq!((faites().await, candidats()), (0, 0));
        t.at_opening(Etape::Admission).await;
        jobs::run_due(&t.app).await;
        assert_eq!((faites().await, candidats()), (2, 2));
    }

    async fn run_2_a_task_run_twice_changes_nothing_more(base) {
        let t = TestApp::with_session_2024(base).await;
        published_day(&t).await;
        jobs::run_due(&t.app).await;
        t.sql("UPDATE tache SET etat = 'a_faire', faite_le = NULL", vec![]).await;
        // The task itself is done again; no mail is.
        assert_eq!(jobs::run_due(&t.app).await, 1);
        assert_eq!(t.courriels.0.lock().unwrap().len(), 2);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM envoi", vec![]).await, 2);
    }

    async fn not_2_whoever_answered_before_the_mail_left_is_not_told(base) {
        let t = TestApp::with_session_2024(base).await;
        published_day(&t).await;
        t.sql("UPDATE proposition SET reponse = 'acceptee' WHERE voeu_id = (SELECT MIN(voeu_id) FROM proposition)",
            vec![]).await;
        jobs::run_due(&t.app).await;
        assert_eq!(t.courriels.0.lock().unwrap().len(), 1);
    }

    async fn the_runner_works_then_stops_when_told(base) {
        let t = TestApp::with_session_2024(base).await;
        published_day(&t).await;
        let (stop, ecoute) = tokio::sync::watch::channel(false);
        let travail = tokio::spawn(jobs::run(Arc::clone(&t.app), ecoute));
        for _ in 0..400 {
            if t.courriels.0.lock().unwrap().len() == 2 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        assert_eq!(t.courriels.0.lock().unwrap().len(), 2);
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(5), travail).await.unwrap().unwrap();
    }
}
