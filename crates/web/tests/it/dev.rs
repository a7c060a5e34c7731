//! The tools of the demonstration; and their absence anywhere else.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use std::sync::Arc;

use app::comptes::{MotDePasse, NouveauCompte, create_compte, request_reset};
use app::ports::HorlogeSysteme;
use app::{Ctx, Mode, Plateforme};
use domain::comptes::{EtatCompte, Role};
use domain::droits::{Acteur, Attribution};
use testkit::{Base, Navigateur, Reponse, TestApp, paris};
use web::{Acces, Demo, EtatWeb, Interne, Persona};

/// A demonstration on the base of a test, under the system's clock.
fn demonstration(t: &TestApp) -> (Arc<Plateforme>, Arc<HorlogeSysteme>, Navigateur) {
    let (app, horloge, site) = demonstration_site(t);
    (app, horloge, Navigateur::new(site))
}

/// The same, as a site where sandboxes are opened.
pub(crate) fn demonstration_site(t: &TestApp) -> (Arc<Plateforme>, Arc<HorlogeSysteme>, axum::Router) {
    let horloge = Arc::new(HorlogeSysteme::default());
    let app = Arc::new(Plateforme {
        db: t.app.db.clone(),
        coffre: t.app.coffre.clone(),
        secrets: t.app.secrets.clone(),
        horloge: Arc::clone(&horloge) as Arc<dyn app::ports::Horloge>,
        alea: Arc::clone(&t.app.alea),
        courriel: Arc::clone(&t.app.courriel),
        sms: Arc::clone(&t.app.sms),
        supervision: Arc::clone(&t.app.supervision),
        livreur: Arc::clone(&t.app.livreur),
        depot: Arc::clone(&t.app.depot),
        antivirus: Arc::clone(&t.app.antivirus),
        temoin: Arc::clone(&t.app.temoin),
        imprimerie: t.app.imprimerie.clone(),
        limites: t.app.limites.clone(),
        mode: Mode::Demo,
        adresse: "http://localhost:8080".to_owned(),
        carnet: app::interfaces::Carnet::default(),
        reperes: app::formations::Reperes::default(),
        relues: app::formations::Relues::default(),
        hachage: t.app.hachage.clone(),
        debits: Arc::clone(&t.app.debits),
    });
    let persona = Persona {
        code: "nationale".to_owned(),
        nom: "Nadia Roche".to_owned(),
        role: "Équipe nationale : calcule les passages".to_owned(),
        courriel: "nadia@exemple.fr".to_owned(),
        mot_de_passe: Some("Grun4!pLoc7?".to_owned()),
        totp: Some("A4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYH".to_owned()),
        accueil: "/aide".to_owned(),
    };
    let etat = EtatWeb::new(Interne {
        app: Arc::clone(&app),
        site: web::layout::Site::default(),
        mandataires: Vec::new(),
        demo: Some(Demo { horloge: Arc::clone(&horloge), personas: vec![persona], bac_a_sable: true }),
        https: false,
        mesures: None,
    });
    (app, horloge, web::router(etat))
}

async fn site() -> TestApp {
    let t = TestApp::with_session_2024(Base::sqlite()).await;
    let nouveau = NouveauCompte {
        courriel: "nadia@exemple.fr".to_owned(),
        nom: "Roche".to_owned(),
        prenom: "Nadia".to_owned(),
        mot_de_passe: MotDePasse::Clair("Grun4!pLoc7?".to_owned()),
        roles: vec![Attribution::simple(Role::AdminNational)],
        etat: EtatCompte::Actif,
        totp: Some(vec![7; 20]),
    };
    create_compte(&t.systeme(), nouveau).await.unwrap();
    t
}

fn juste(r: Reponse) -> Reponse {
    crate::verification::verifie(&r.html);
    r
}

#[tokio::test]
async fn a_persona_signs_in_with_one_button() {
    let t = site().await;
    let (_, _, mut n) = demonstration(&t);
    let page = juste(n.opens("/dev").await);
    page.sees("Nadia Roche").sees("Code à six chiffres en ce moment");
    let arrivee = n.submits(&page, "Se connecter en tant que Nadia Roche", &[]).await;
    assert_eq!(arrivee.url, "/aide");
    arrivee.sees("Se déconnecter").sees("Équipe nationale");
    n.posts("/dev/personas/nationale", &[]).await.is(403);
}

#[tokio::test]
async fn the_clock_of_the_campaign_moves_and_is_remembered_and_sign_in_stays() {
    let t = site().await;
    let (app, horloge, mut n) = demonstration(&t);
    let page = n.opens("/dev").await;
    n.submits(&page, "Se connecter en tant que Nadia Roche", &[]).await;
    let page = juste(n.opens("/dev").await);
    let fait = juste(n.submits(&page, "Ouverture de l’admission : jeudi 30 mai 2024 à 19 h", &[]).await);
    fait.sees("L’horloge de la campagne est déplacée.")
        .sees("Date de la campagne : jeudi 30 mai 2024 à 19\u{a0}h");
    fait.sees("Se déconnecter");
    let ecart = (app.horloge.campagne().as_second() - paris("2024-05-30T19:00").as_second()).abs();
    assert!(ecart < 60, "{ecart}");
    let garde = app::demonstration::load_decalage(&app.db).await.unwrap();
    assert_eq!(garde, horloge.decalage_ms());
    let demain = n.submits(&fait, "Le lendemain", &[]).await;
    demain.sees("vendredi 31 mai 2024 à 19\u{a0}h");
    let choisi = n.submits(&demain, "Déplacer l’horloge", &[("quand", "2024-01-17T08:30")]).await;
    choisi.sees("mercredi 17 janvier 2024 à 8\u{a0}h\u{a0}30");
    for faux in ["", "demain", "2024-03-31T02:30", "1999-01-01T00:00", "2024-02-30T10:00"] {
        let refus = juste(n.submits(&demain, "Déplacer l’horloge", &[("quand", faux)]).await);
        refus.is(422).sees("Saisissez une date et une heure qui existent");
    }
}

#[tokio::test]
async fn the_outbox_shows_mails_with_links_that_work() {
    let t = site().await;
    let (app, _, mut n) = demonstration(&t);
    juste(n.opens("/dev/courriels").await).sees("Aucun message");
    let ctx = Ctx { acteur: Acteur::public(), ..Ctx::systeme(&app, "essai", "ecran") };
    request_reset(&ctx, "nadia@exemple.fr").await.unwrap();
    let page = juste(n.opens("/dev/courriels").await);
    page.sees("Choisissez un nouveau mot de passe").sees("nadia@exemple.fr").sees("en attente d’envoi");
    let lien = page.link("/mot-de-passe/");
    assert!(lien.starts_with("/mot-de-passe/"), "{lien}");
    juste(n.opens(&lien).await).is(200);
    juste(n.opens("/dev/composants").await).is(200);
}

/// The routes of the demonstration do not exist in a production, and their use cases refuse by themselves.
#[tokio::test]
async fn a_production_answers_404_on_every_route_of_the_demonstration() {
    let t = site().await;
    let (_, lignes) = web::table(true).fin();
    let demo: Vec<_> = lignes.into_iter().filter(|l| l.acces == Acces::Demo).collect();
    assert!(demo.len() >= 5 && demo.iter().all(|l| l.chemin.starts_with("/dev")));
    assert!(
        web::table(false).fin().1.iter().all(|l| l.acces != Acces::Demo && !l.chemin.starts_with("/dev"))
    );
    let compte = t.nombre("SELECT id FROM compte WHERE courriel = 'nadia@exemple.fr'", vec![]).await;
    for mut n in [t.navigateur(), t.navigateur_de(compte).await] {
        for ligne in &demo {
            let chemin = ligne.chemin.replace("{code}", "nationale");
            n.opens(&chemin).await.is(404);
            n.posts(&chemin, &[]).await.is(404);
        }
    }
    let ctx = t.systeme();
    assert!(app::demonstration::open_persona_session(&ctx, "nadia@exemple.fr", "nav").await.is_err());
    assert!(app::demonstration::save_decalage(&ctx, 1).await.is_err());
    assert!(app::demonstration::outbox(&ctx, 1).await.is_err());
}
