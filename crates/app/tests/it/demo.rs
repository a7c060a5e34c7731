//! The demonstration: exactly what exists at each moment, the same for the same seed.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use app::demo::{Moment, Personnage, semer};
use app::{Mode, Plateforme};
use testkit::{Base, TestApp};

/// The same platform in demonstration mode.
fn en_demo(t: &TestApp) -> Arc<Plateforme> {
    let a = &t.app;
    Arc::new(Plateforme {
        db: a.db.clone(),
        coffre: a.coffre.clone(),
        secrets: a.secrets.clone(),
        horloge: Arc::clone(&a.horloge),
        alea: Arc::clone(&a.alea),
        courriel: Arc::clone(&a.courriel),
        sms: Arc::clone(&a.sms),
        supervision: Arc::clone(&a.supervision),
        livreur: Arc::clone(&a.livreur),
        depot: Arc::clone(&a.depot),
        antivirus: Arc::clone(&a.antivirus),
        temoin: Arc::clone(&a.temoin),
        imprimerie: a.imprimerie.clone(),
        limites: a.limites.clone(),
        mode: Mode::Demo,
        adresse: a.adresse.clone(),
        carnet: app::interfaces::Carnet::default(),
        reperes: app::formations::Reperes::default(),
        relues: app::formations::Relues::default(),
        hachage: a.hachage.clone(),
        debits: Arc::clone(&a.debits),
    })
}

async fn semee(base: Base, moment: Moment, graine: u64) -> (TestApp, Vec<Personnage>) {
    let t = TestApp::new(base).await;
    let debut = std::time::Instant::now();
    let personnages = semer(&en_demo(&t), moment, graine).await.unwrap();
    println!("{}: {:?}", moment.code(), debut.elapsed());
    (t, personnages)
}

async fn n(t: &TestApp, sql: &str) -> i64 {
    t.nombre(sql, vec![]).await
}

fn codes(personnages: &[Personnage]) -> Vec<&str> {
    personnages.iter().map(|p| p.code.as_str()).collect()
}

const PUBLIEES: &str =
    "SELECT COUNT(*) FROM formation_session f JOIN session_admission s ON s.id = f.session_id
                        WHERE s.annee = 2024 AND f.etat = 'publiee'";
const BROUILLONS: &str =
    "SELECT COUNT(*) FROM formation_session f JOIN session_admission s ON s.id = f.session_id
                          WHERE s.annee = 2024 AND f.etat = 'brouillon'";

#[tokio::test]
async fn settings_nothing_but_courses_some_published() {
    let (t, personnages) = semee(Base::sqlite(), Moment::Parametrage, 2024).await;
    assert_eq!(personnages.len(), 16);
    let sans: Vec<&str> = personnages.iter().filter(|p| p.totp.is_none()).map(|p| p.code.as_str()).collect();
    assert_eq!(sans, ["a-securiser", "sans-facteur", "invitee"]);
    let (publiees, brouillons) = (n(&t, PUBLIEES).await, n(&t, BROUILLONS).await);
    assert!(publiees > 400 && brouillons > 800, "{publiees} {brouillons}");
    assert_eq!(n(&t, "SELECT COUNT(*) FROM candidat").await, 0);
    assert!(n(&t, "SELECT COUNT(*) FROM statistique_formation WHERE annee = 2023").await > 1_700);
    assert!(app::sessions::session(&t.app.db, 2023).await.unwrap().archivee);
    // The course of the personas is to be published.
    let sql = "SELECT COUNT(*) FROM attribution a JOIN formation_session f ON f.formation_id = a.formation_id
               JOIN session_admission s ON s.id = f.session_id
               WHERE s.annee = 2024 AND f.etat = 'brouillon' AND a.role = 'resp_formation'";
    assert_eq!(n(&t, sql).await, 1);
    let faux = "SELECT COUNT(*) FROM formation_session f WHERE f.capacite <> (SELECT SUM(a.places)
                FROM groupe_affectation a WHERE a.formation_session_id = f.id)";
    assert_eq!(n(&t, faux).await, 0);
    // Of the eight national sessions, one is for those who run paramedical courses, three for those by apprenticeship.
    let seances = |critere: &str| {
        format!(
            "SELECT COUNT(DISTINCT s.id) FROM seance s LEFT JOIN seance_audience a ON a.seance_id = s.id
             WHERE s.emetteur = 'national' AND {critere}"
        )
    };
    for (critere, nombre) in [
        ("a.critere = 'famille' AND a.code = 'paramedical'", 1),
        ("a.critere = 'statut' AND a.code = 'apprentissage'", 3),
        ("a.code IS NULL", 4),
    ] {
        assert_eq!(n(&t, &seances(critere)).await, nombre, "{critere}");
    }
    let dites = "SELECT COUNT(*) FROM actualite_audience WHERE critere = 'famille' AND code = 'paramedical'";
    assert_eq!(n(&t, dites).await, 1);
}

async fn comptes(base: Base) {
    let (t, personnages) = semee(base, Moment::Parametrage, 2024).await;
    let un = |code: &str| personnages.iter().find(|p| p.code == code).unwrap();
    // The link that the table shows is alive, and offers two courses.
    let ctx = t.ctx(domain::droits::Acteur::public());
    let jeton = un("invitee").accueil.strip_prefix("/invitation/").unwrap();
    let recue = app::comptes::check_invitation(&ctx, jeton).await.unwrap();
    assert_eq!((recue.courriel.as_str(), recue.formations.len()), ("lucie.bernard@parcoursup.example", 2));
    let compte =
        async |code: &str| store::comptes::by_courriel(&t.app.db, &un(code).courriel).await.unwrap().unwrap();
    assert_eq!(compte("a-securiser").await.etat, "a_securiser");
    let sans = compte("sans-facteur").await;
    assert_eq!((sans.etat.as_str(), sans.totp_chiffre), ("actif", None));
    // The head named who takes the shared account over.
    let sophie = compte("admin-reprise").await;
    let confies = store::comptes::entrusted_to(&t.app.db, sophie.id).await.unwrap();
    let noms: Vec<String> = confies.iter().map(|c| format!("{} {}", c.prenom, c.nom)).collect();
    assert_eq!(noms, ["Compte partagé 2023"]);
    // The administrator looks after several people; the academic service after two establishments.
    let yves = t.acteur_de(compte("admin-site").await.id).await;
    let liste = app::comptes::list_comptes(&t.ctx(yves), &Default::default()).await.unwrap();
    assert_eq!((liste.total, liste.sans_facteur, liste.invitations.len()), (9, 1, 1));
    let henri = t.acteur_de(compte("academie").await.id).await;
    let liste = app::comptes::list_comptes(&t.ctx(henri), &Default::default()).await.unwrap();
    assert_eq!((liste.total, liste.sans_facteur), (12, 2));
}

#[tokio::test]
async fn accounts_at_every_stage_of_their_life() {
    comptes(Base::sqlite()).await;
}

#[tokio::test]
async fn accounts_on_postgresql() {
    if let Some(base) = Base::postgres().await {
        comptes(base).await;
    }
}

#[tokio::test]
async fn wishes_candidates_but_no_ranking_and_the_same_seed_gives_the_same() {
    let (t, personnages) = semee(Base::sqlite(), Moment::Voeux, 7).await;
    assert_eq!(n(&t, BROUILLONS).await, 0);
    let candidats = n(&t, "SELECT COUNT(*) FROM candidat").await;
    assert!((2_500..3_800).contains(&candidats), "{candidats}");
    assert_eq!(n(&t, "SELECT COUNT(*) FROM classement").await, 0);
    assert_eq!(n(&t, "SELECT COUNT(*) FROM voeu WHERE etat NOT IN ('saisi', 'confirme')").await, 0);
    assert!(n(&t, "SELECT COUNT(*) FROM voeu WHERE etat = 'confirme'").await > 2_000);
    let codes = codes(&personnages);
    for attendu in ["candidat-a-confirmer", "candidat-brouillon"] {
        assert!(codes.contains(&attendu), "{codes:?}");
    }
    let (autre, memes) = semee(Base::sqlite(), Moment::Voeux, 7).await;
    assert_eq!(personnages, memes);
    let public = "SELECT public_id FROM voeu ORDER BY id DESC LIMIT 1";
    use store::Sql as _;
    assert_eq!(
        t.app.db.text(public, vec![]).await.unwrap(),
        autre.app.db.text(public, vec![]).await.unwrap()
    );
    // A base that holds a session is not filled twice.
    assert!(matches!(semer(&en_demo(&t), Moment::Voeux, 7).await, Err(app::AppError::Conflict)));
}

#[tokio::test]
async fn examination_some_rankings_begun_some_sent() {
    let (t, personnages) = semee(Base::sqlite(), Moment::Examen, 2024).await;
    let classements = |etat: &str| format!("SELECT COUNT(*) FROM classement WHERE etat = '{etat}'");
    assert!(n(&t, &classements("brouillon")).await > 500);
    assert!(n(&t, &classements("transmis")).await > 200);
    assert_eq!(n(&t, "SELECT COUNT(*) FROM passage").await, 0);
    assert!(codes(&personnages).contains(&"candidat-confirme"));
}

async fn admission(base: Base) {
    let (t, personnages) = semee(base, Moment::Admission, 2024).await;
    assert_eq!(n(&t, "SELECT COUNT(*) FROM passage WHERE etat = 'publie'").await, 2);
    let propositions = n(&t, "SELECT COUNT(*) FROM proposition").await;
    let acceptees = n(&t, "SELECT COUNT(*) FROM proposition WHERE reponse = 'acceptee'").await;
    assert!(
        propositions > 5_000 && acceptees > 500 && acceptees < propositions / 2,
        "{propositions} {acceptees}"
    );
    assert!(n(&t, "SELECT COUNT(*) FROM voeu WHERE etat = 'en_attente'").await > 1_000);
    let deux =
        "SELECT COUNT(*) FROM (SELECT candidat_id FROM voeu WHERE etat = 'accepte' GROUP BY candidat_id
                HAVING COUNT(*) > 1) x";
    assert_eq!(n(&t, deux).await, 0);
    let codes = codes(&personnages);
    for attendu in ["candidat-propositions", "candidat-proposition", "candidat-accepte", "candidat-attente"] {
        assert!(codes.contains(&attendu), "{codes:?}");
    }
    let trop =
        "SELECT COUNT(*) FROM groupe_affectation a WHERE a.places < (SELECT COUNT(DISTINCT p.candidat_id) FROM proposition p
                JOIN voeu v ON v.id = p.voeu_id
                WHERE p.groupe_affectation_id = a.id AND v.etat IN ('propose', 'accepte'))";
    assert_eq!(n(&t, trop).await, 0);
}

#[tokio::test]
async fn admission_the_first_day_is_published_and_some_have_answered() {
    admission(Base::sqlite()).await;
}

#[tokio::test]
async fn admission_on_postgresql() {
    if let Some(base) = Base::postgres().await {
        admission(base).await;
    }
}

#[tokio::test]
async fn a_production_is_never_filled() {
    let t = TestApp::new(Base::sqlite()).await;
    let p = en_demo(&t);
    let production = Plateforme { mode: Mode::Production, ..Arc::into_inner(p).unwrap() };
    let e = semer(&Arc::new(production), Moment::Voeux, 1).await.unwrap_err();
    assert!(matches!(e, app::AppError::Denied(_)), "{e:?}");
    assert_eq!(n(&t, "SELECT COUNT(*) FROM session_admission").await, 0);
}
