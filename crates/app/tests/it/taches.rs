//! The queue and the outbox: retried, taken over, never done twice.
// Helpers of tests stop at the first surprise, as tests do.
#![expect(clippy::unwrap_used, reason = "test support: a failure must stop the test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use app::journal::{Genre, record_connexion, supervision};
use app::ports::{EnvoiError, Futur, Message, Transporteur};
use app::taches::{entretenir, executer_une, livrer};
use app::{Ctx, Plateforme};
use domain::comptes::Role;
use domain::droits::Attribution;
use jiff::{SignedDuration, Timestamp};
use store::messagerie::{self as base, NouvelEnvoi};
use testkit::{Boite, TestApp, both_databases};

/// A carrier that may be down.
#[derive(Default)]
struct Capricieux {
    panne: AtomicBool,
    boite: Boite,
}

impl Transporteur for Capricieux {
    fn send<'a>(&'a self, message: &'a Message) -> Futur<'a, Result<(), EnvoiError>> {
        if self.panne.load(Ordering::Relaxed) {
            return Box::pin(async { Err(EnvoiError::Passager("connexion refusée".to_owned())) });
        }
        self.boite.send(message)
    }
}

/// The same platform with that carrier.
fn capricieuse(t: &TestApp) -> (Arc<Plateforme>, Arc<Capricieux>) {
    let carrier = Arc::new(Capricieux::default());
    let a = &t.app;
    let app = Arc::new(Plateforme {
        db: a.db.clone(),
        coffre: a.coffre.clone(),
        secrets: a.secrets.clone(),
        horloge: Arc::clone(&a.horloge),
        alea: Arc::clone(&a.alea),
        courriel: Arc::clone(&carrier) as Arc<dyn Transporteur>,
        sms: Arc::clone(&a.sms),
        supervision: Arc::clone(&carrier) as Arc<dyn Transporteur>,
        livreur: Arc::clone(&a.livreur),
        depot: Arc::clone(&a.depot),
        antivirus: Arc::clone(&a.antivirus),
        temoin: Arc::clone(&a.temoin),
        imprimerie: a.imprimerie.clone(),
        limites: a.limites.clone(),
        mode: a.mode,
        adresse: a.adresse.clone(),
        debits: Arc::clone(&a.debits),
        carnet: app::interfaces::Carnet::default(),
        reperes: app::formations::Reperes::default(),
        relues: app::formations::Relues::default(),
        hachage: app::comptes::Bassin::new(1, &a.limites, a.secrets.poivre).unwrap(),
    });
    (app, carrier)
}

async fn courriel(t: &TestApp, sujet: &str, priorite: i64, perime_le: Option<i64>) {
    let tx = t.app.db.begin_write().await.unwrap();
    let e = NouvelEnvoi {
        canal: "courriel",
        compte: None,
        destinataire: "lea@essai.fr",
        modele: "essai",
        sujet,
        corps: "Bonjour",
        priorite,
        cree_le: t.systeme().recu_ms(),
        perime_le,
    };
    base::enqueue_envoi(&tx, &t.app.coffre, t.app.alea.as_ref(), &e).await.unwrap();
    tx.commit().await.unwrap();
}

fn avance(t: &TestApp, minutes: i64) {
    let ms = t.systeme().recu_ms() + minutes * 60_000;
    t.horloge.set_maintenant(Timestamp::from_millisecond(ms).unwrap());
}

both_databases! {
    async fn not_1_the_useful_first_the_expired_never(base) {
        let t = TestApp::new(base).await;
        let maintenant = t.systeme().recu_ms();
        courriel(&t, "rappel", 5, None).await;
        courriel(&t, "code", 1, Some(maintenant + 60_000)).await;
        courriel(&t, "code périmé", 1, Some(maintenant)).await;
        assert_eq!(livrer(&t.app).await.unwrap(), 3);
        assert_eq!(livrer(&t.app).await.unwrap(), 0);
        let sujets: Vec<String> = t.courriels.0.lock().unwrap().iter().map(|m| m.sujet.clone()).collect();
        assert_eq!(sujets, ["code", "rappel"]);
        assert_eq!(t.nombre("SELECT COUNT(*) FROM envoi WHERE etat = 'perime'", vec![]).await, 1);
    }

    async fn not_1_a_carrier_that_is_down_is_tried_again_under_the_same_identifier(base) {
        let t = TestApp::new(base).await;
        let (app, carrier) = capricieuse(&t);
        courriel(&t, "rappel", 5, None).await;
        let identifiant = base::list_envois(&app.db, &app.coffre, 1).await.unwrap()[0].public_id.clone();
        carrier.panne.store(true, Ordering::Relaxed);
        assert_eq!(livrer(&app).await.unwrap(), 1);
        assert_eq!(livrer(&app).await.unwrap(), 0, "not before a minute");
        avance(&t, 1);
        assert_eq!(livrer(&app).await.unwrap(), 1);
        carrier.panne.store(false, Ordering::Relaxed);
        avance(&t, 1);
        assert_eq!(livrer(&app).await.unwrap(), 0, "the second wait is twice as long");
        avance(&t, 1);
        assert_eq!(livrer(&app).await.unwrap(), 1);
        let messages = carrier.boite.0.lock().unwrap().clone();
        assert_eq!(messages.iter().map(|m| m.identifiant.as_str()).collect::<Vec<_>>(), [identifiant]);
    }

    async fn jou_5_an_alarm_leaves_for_the_supervision_service_and_is_tried_again_without_naming_anybody(base) {
        let t = TestApp::new(base).await;
        let (app, carrier) = capricieuse(&t);
        let (_, acteur) = t.personne("nat@exemple.example", Attribution::simple(Role::AdminNational)).await;
        let ctx = Ctx { app: Arc::clone(&app), ..t.ctx(acteur) };
        for reseau in ["A", "B"] {
            let ctx = Ctx { reseau: reseau.to_owned(), ..ctx.clone() };
            let tx = ctx.begin().await.unwrap();
            record_connexion(&tx, &ctx, "connexion", "complete", "totp", "x").await.unwrap();
            tx.commit().await.unwrap();
            app::journal::sceller(&app).await.unwrap();
        }
        let alarme = app::journal::alarmes(&ctx).await.unwrap().remove(0);
        assert_eq!((alarme.genre, alarme.compte.as_str()), (Genre::DoubleConnexion, "Camille Essai"));

        carrier.panne.store(true, Ordering::Relaxed);
        livrer(&app).await.unwrap();
        let etat = supervision(&ctx).await.unwrap().unwrap();
        assert_eq!((etat.en_attente, etat.dernier_envoi), (1, None));
        carrier.panne.store(false, Ordering::Relaxed);
        assert_eq!(livrer(&app).await.unwrap(), 0, "not before a minute");
        avance(&t, 1);
        livrer(&app).await.unwrap();
        assert_eq!(supervision(&ctx).await.unwrap().unwrap().en_attente, 0);
        let recus = carrier.boite.0.lock().unwrap().clone();
        let parti = recus.iter().find(|m| m.corps.starts_with('{')).unwrap();
        let corps: serde_json::Value = serde_json::from_str(&parti.corps).unwrap();
        assert_eq!(corps["genre"], "double_connexion");
        assert_eq!(corps["alarme"], alarme.public_id);
        assert_eq!(corps["page"], "https://parcoursup.example/alarmes");
        for interdit in ["Camille", "Essai", "nat@exemple"] {
            assert!(!parti.corps.contains(interdit), "{}", parti.corps);
        }
    }

    async fn run_2_a_task_taken_over_by_another_runner_ends_once(base) {
        let t = TestApp::new(base).await;
        let ctx = t.systeme();
        let tx = ctx.begin().await.unwrap();
        base::enqueue_tache(&tx, ctx.app.alea.as_ref(), "annoncer_propositions", Some("cle"),
            "{\"passage\":\"inconnu\"}", ctx.recu_ms(), ctx.recu_ms()).await.unwrap();
        let lente = base::take_tache(&tx, ctx.recu_ms(), 600_000).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert!(!executer_une(&t.app).await.unwrap(), "under a lease");
        avance(&t, 10);
        assert!(executer_une(&t.app).await.unwrap(), "lease run out: taken over");
        let tx = ctx.begin().await.unwrap();
        let tard = base::save_tache(&tx, &lente, "faite", None, 0, 0).await;
        assert!(matches!(tard, Err(store::StoreError::Conflict(_))), "{tard:?}");
        drop(tx);
        assert!(!executer_une(&t.app).await.unwrap());
        assert_eq!(t.nombre("SELECT COUNT(*) FROM tache WHERE etat = 'faite'", vec![]).await, 1);
    }

    async fn a_task_that_nobody_knows_is_given_up_with_its_reason(base) {
        let t = TestApp::new(base).await;
        let ctx = t.systeme();
        let tx = ctx.begin().await.unwrap();
        base::enqueue_tache(&tx, ctx.app.alea.as_ref(), "inconnue", None, "{}", 0, 0).await.unwrap();
        tx.commit().await.unwrap();
        assert!(executer_une(&t.app).await.unwrap());
        assert!(!executer_une(&t.app).await.unwrap());
        let n = t.nombre("SELECT COUNT(*) FROM tache WHERE etat = 'abandonnee' AND erreur LIKE '%inconnu%'", vec![]).await;
        assert_eq!(n, 1);
    }

    async fn what_expired_is_purged_and_the_rest_stays(base) {
        let t = TestApp::new(base).await;
        let maintenant = t.systeme().recu_ms();
        for (cle, expire) in [("vieille", maintenant), ("vive", maintenant + 1)] {
            t.sql("INSERT INTO idempotence (cle, empreinte, reponse, expire_le) VALUES ($1, '', '', $2)",
                vec![cle.to_owned().into(), expire.into()]).await;
        }
        assert_eq!(entretenir(&t.app).await.unwrap(), 1);
        assert_eq!(entretenir(&t.app).await.unwrap(), 0);
        t.horloge.set_maintenant(t.systeme().recu_le + SignedDuration::from_secs(1));
        assert_eq!(entretenir(&t.app).await.unwrap(), 1);
    }
}
