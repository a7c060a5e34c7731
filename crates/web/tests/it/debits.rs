//! How often one account, or one network, may ask (securite.md §10): at the limit, and one more.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use app::limites::Limites;
use domain::calendrier::Etape;
use domain::candidats::TypeBac;
use domain::candidatures::EtatVoeu;
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use jiff::SignedDuration;
use testkit::fabrique::FormationEssai;
use testkit::{Base, Navigateur, Reponse, TestApp, both_databases};

struct Scene {
    t: TestApp,
    f: FormationEssai,
    /// A member of the commission.
    n: Navigateur,
    /// Where they rank.
    groupe: String,
}

/// A real service, its ceilings included, but for what the test changes.
async fn scene(base: Base, limites: Limites) -> Scene {
    let t = TestApp::with_limites(base, limites).await;
    app::sessions::ouvrir_session(&t.systeme(), 2024, None).await.unwrap();
    let e = t.etablissement("0800001A", "Lycée Jules-Verne").await;
    let f = t.formation(e, "BTS Électronique", Famille::Bts, true, 24, true).await;
    t.during(Etape::Examen).await;
    let c = t.candidat("zoe@exemple.example", TypeBac::General).await;
    t.voeu(&c, &f, EtatVoeu::Confirme).await;
    let (compte, _) = t.responsable("resp@exemple.example", &f).await;
    let n = t.navigateur_de(compte).await;
    let groupe = format!("/gestion/2024/groupes/{}", f.groupe_public_id);
    Scene { t, f, n, groupe }
}

fn later(t: &TestApp, secondes: i64) {
    let quand = t.app.horloge.maintenant().checked_add(SignedDuration::from_secs(secondes)).unwrap();
    t.horloge.set_maintenant(quand);
}

/// 429, said in the page and to the machine.
#[track_caller]
fn too_many(r: &Reponse, attente_s: &str) {
    r.is(429).sees("Trop de demandes").sees("Vous pourrez recommencer dans");
    assert_eq!(r.entetes["retry-after"], attente_s, "{}", r.texte());
}

both_databases! {
    async fn an_account_opens_forty_pages_at_once_then_two_a_second(base) {
        let s = scene(base, Limites::default()).await;
        let mut n = s.n;
        for page in 1..=40 {
            assert_eq!(n.opens("/compte").await.statut, 200, "{page}");
        }
        let refus = n.opens("/compte").await;
        too_many(&refus, "1");
        refus.sees("Un compte ouvre au plus 120 pages par minute.").sees_not("Rien n’a été enregistré");
        // Neither files of the site, nor somebody else, nor whoever is not signed in.
        let feuille = refus.html.split('"').find(|m| m.starts_with("/assets/")).unwrap().to_owned();
        n.opens(&feuille).await.is(200);
        let (autre, _) = s.t.personne("nat@exemple.example", Attribution::simple(Role::AdminNational)).await;
        s.t.navigateur_de(autre).await.opens("/compte").await.is(200);
        let mut visiteur = s.t.navigateur();
        for _ in 0..60 {
            visiteur.opens("/aide").await.is(200);
        }
        later(&s.t, 1);
        n.opens("/compte").await.is(200);
        n.opens("/compte").await.is(200);
        too_many(&n.opens("/compte").await, "1");
    }

    async fn an_account_sends_ten_forms_at_once_and_loses_nothing_of_the_next_one(base) {
        let s = scene(base, Limites { pages: testkit::limites().pages, ..Limites::default() }).await;
        let mut n = s.n;
        let page = n.opens(&s.groupe).await;
        for _ in 1..=10 {
            // Refused for what it says: it counts as well.
            n.submits(&page, "Enregistrer l’ordre", &[("rang-0", "1,5")]).await.is(422);
        }
        let numero = s.t.nombre("SELECT numero FROM candidat", vec![]).await;
        let rang = format!("rang-{numero}");
        let refus = n.submits(&page, "Enregistrer l’ordre", &[(&rang, "1")]).await;
        too_many(&refus, "2");
        refus.sees("au plus 30 formulaires par minute. Rien n’a été enregistré.");
        refus.sees("Ce que vous aviez saisi est gardé dans cette page.");
        n.opens(&s.groupe).await.sees("aucune classée");
        later(&s.t, 2);
        let suite = n.submits(&refus, "Envoyer de nouveau", &[]).await;
        suite.is(200).sees("L’ordre du classement est enregistré.").sees("toutes classées");
        // Another site cannot have a form of its own offered here: it does not know the token.
        let vole = n.posts(&s.groupe, &[("_jeton", "x"), (&rang, "1")]).await;
        too_many(&vole, "2");
        vole.sees("Revenez à la page précédente").sees_not("Envoyer de nouveau");
        // A password goes through no page.
        let secret = n.posts("/compte/mot-de-passe", &[("mot_de_passe", "Grun4!pLoc7?")]).await;
        too_many(&secret, "2");
        assert!(!secret.html.contains("Grun4"), "{}", secret.html);
        // Signing out always works.
        n.submits(&suite, "Se déconnecter", &[]).await.is(200);
        n.opens("/compte").await.sees("Se connecter");
    }

    async fn a_file_too_many_is_chosen_again(base) {
        let s = scene(base, Limites { imports_par_heure: 2, ..Limites::default() }).await;
        let mut n = s.n;
        let import = format!("{}/import", s.groupe);
        for _ in 0..2 {
            let page = n.opens(&import).await;
            n.uploads(&page, "Vérifier ce fichier", "fichier", "a.csv", b"faux").await.is(422);
        }
        let page = n.opens(&import).await;
        let refus = n.uploads(&page, "Vérifier ce fichier", "fichier", "a.csv", b"faux").await;
        too_many(&refus, "1800");
        refus.sees("choisissez de nouveau le fichier : il n’a pas été gardé.");
        later(&s.t, 1_799);
        too_many(&n.uploads(&page, "Vérifier ce fichier", "fichier", "a.csv", b"faux").await, "1");
        later(&s.t, 1);
        n.uploads(&page, "Vérifier ce fichier", "fichier", "a.csv", b"faux").await.is(422);
    }

    async fn a_network_searches_so_many_times_a_minute_whoever_asks(base) {
        let s = scene(base, Limites { recherches_par_minute: 3, ..testkit::limites() }).await;
        let mut lycee = s.t.navigateur_depuis("192.0.2.10");
        for _ in 0..3 {
            lycee.opens("/formations?q=bts").await.is(200);
        }
        too_many(&s.t.navigateur_depuis("192.0.2.10").opens("/formations?q=bts").await, "20");
        s.t.navigateur_depuis("192.0.2.11").opens("/formations?q=bts").await.is(200);
        lycee.opens(&format!("/formations/{}", s.f.public_id)).await.is(200);
        later(&s.t, 20);
        lycee.opens("/formations?q=bts").await.is(200);
    }

    async fn every_file_with_names_waits_for_its_turn(base) {
        let s = scene(base, Limites { exports_simultanes: 0, export_attente_s: 0, ..testkit::limites() }).await;
        let mut n = s.n;
        too_many(&n.opens(&format!("{}/export", s.groupe)).await, "1");
        let (national, _) = s.t.personne("nat@exemple.example", Attribution::simple(Role::AdminNational)).await;
        let mut n = s.t.navigateur_de(national).await;
        for chemin in ["/comptes/responsables/export?format=csv", "/journal/export"] {
            too_many(&n.opens(chemin).await, "1");
        }
    }
}

#[tokio::test]
async fn a_candidate_answers_twenty_times_a_minute() {
    let s = scene(Base::sqlite(), Limites { pages: testkit::limites().pages, ..Limites::default() }).await;
    let lea = s.t.candidat("lea@exemple.example", TypeBac::General).await;
    let ctx = s.t.ctx(s.t.acteur_de(lea.compte).await);
    let reponse = app::candidatures::Reponse {
        voeu: "inconnu".to_owned(),
        choix: domain::admission::ChoixCandidat::Accepter,
        maintenus: Vec::new(),
    };
    let answer = async || {
        let garde = app::idempotence::Garde::default();
        app::candidatures::answer(&ctx, &garde, &reponse).await.unwrap_err()
    };
    for n in 1..=20 {
        assert!(!matches!(answer().await, app::AppError::TooMany { .. }), "{n}");
    }
    assert!(matches!(answer().await, app::AppError::TooMany { attente_s: 3 }));
    later(&s.t, 3);
    assert!(!matches!(answer().await, app::AppError::TooMany { .. }));
}
