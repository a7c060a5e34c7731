//! RUN-6, on both databases: what waits during a freeze of the calendar, and who may agree to it.
#![expect(clippy::unwrap_used, reason = "helpers of tests: a failure must stop the test")]

use app::comptes::{secure_etablissement, suspend_inactifs};
use app::delegations::{Demande, managed_establishments, save_delegations, view_delegations};
use app::idempotence::{Garde, Recepisse};
use app::sessions::{
    accord_malgre_le_gel, decide_levee, gel_ouvert, ouvrir_session, ouvrir_session_malgre_le_gel,
    propose_levee, record_livraison, view_gel,
};
use app::{AppError, Ctx};
use domain::RuleViolation;
use domain::calendrier::{Borne, Etape};
use domain::comptes::Role;
use domain::droits::Attribution;
use domain::formations::Famille;
use jiff::SignedDuration;
use testkit::{Base, TestApp, both_databases};

const UAI: &str = "0801234A";
/// The threshold of the session.
const SEUIL: usize = 20;
/// The day before wishes open.
const GEL: &str = "2024-01-16T10:00";
const MOTIF: &str = "Arrivée de vingt enseignants le même jour.";

struct Scene {
    t: TestApp,
    admin: Ctx,
    etablissement: String,
}

/// An establishment with as many course managers as the threshold.
async fn scene(base: Base) -> Scene {
    let t = TestApp::with_session_2024(base).await;
    let etab = t.etablissement(UAI, "Lycée d’essai").await;
    let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, false).await;
    for i in 0..SEUIL {
        t.responsable(&format!("resp{i}@essai.example"), &f).await;
    }
    let role = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
    let (_, admin) = t.personne("admin@essai.example", role).await;
    let admin = t.ctx(admin);
    let siens = managed_establishments(&admin, 2024).await.unwrap();
    Scene { t, admin, etablissement: siens[0].0.clone() }
}

impl Scene {
    /// The clock of the campaign moves for the administrator too.
    fn at(&mut self, quand: &str) {
        self.t.at(quand);
        self.admin.campagne_le = self.t.app.horloge.campagne();
    }

    /// Leaves these operations to the first `combien` people.
    async fn delegue(&self, combien: usize, operations: &str) -> Result<Recepisse, AppError> {
        let m = view_delegations(&self.admin, 2024, &self.etablissement).await.unwrap();
        let demandes: Vec<Demande> = m
            .personnes
            .iter()
            .take(combien)
            .map(|p| Demande {
                compte: p.compte.clone(),
                role: p.role.code().to_owned(),
                formation: m.formations[0].id.clone(),
                operations: operations.to_owned(),
            })
            .collect();
        assert_eq!(demandes.len(), combien);
        save_delegations(&self.admin, &Garde::default(), 2024, &self.etablissement, &demandes).await
    }
}

async fn agent(t: &TestApp, courriel: &str) -> Ctx {
    let (_, acteur) = t.personne(courriel, Attribution::simple(Role::AdminNational)).await;
    t.ctx(acteur)
}

fn is_frozen<T>(r: &Result<T, AppError>, attendus: u32) -> bool {
    matches!(r, Err(AppError::Rule(RuleViolation::Gel { comptes, .. })) if *comptes == attendus)
}

both_databases! {
    async fn run_6_r_cal_10_many_accounts_wait_for_the_end_of_a_freeze_and_few_do_not(base) {
        let mut s = scene(base).await;
        s.at(GEL);
        let r = s.delegue(SEUIL, "parametrage").await;
        assert!(is_frozen(&r, 20), "{r:?}");
        // One account fewer is ordinary work.
        s.delegue(SEUIL - 1, "parametrage").await.unwrap();
        // Both are settings of the session.
        s.t.sql("UPDATE parametre SET valeur = '19' WHERE cle = 'gel_seuil_comptes'", vec![]).await;
        let r = s.delegue(SEUIL - 1, "capacites").await;
        assert!(is_frozen(&r, 19), "{r:?}");
        s.t.sql("UPDATE parametre SET valeur = '0' WHERE cle = 'gel_ouverture_jours'", vec![]).await;
        s.delegue(SEUIL, "capacites").await.unwrap();
        // Outside a freeze nobody is asked anything.
        s.t.sql("UPDATE parametre SET valeur = '7' WHERE cle = 'gel_ouverture_jours'", vec![]).await;
        s.at("2024-02-01T10:00");
        s.delegue(SEUIL, "parametrage").await.unwrap();
    }

    async fn run_6_hab_8_a_freeze_is_lifted_for_one_establishment_by_two_agents_until_it_ends(base) {
        let mut s = scene(base).await;
        let autre = s.t.etablissement("0801235B", "Lycée voisin").await;
        s.at("2024-01-08T10:00");
        let un = agent(&s.t, "un@national.example").await;
        let tot = propose_levee(&un, &Garde::default(), 2024, UAI, MOTIF).await;
        assert!(matches!(tot, Err(AppError::Invalid(f)) if f[0].0 == "uai"), "no freeze to lift");
        s.at(GEL);
        let (un, deux) = (Ctx { campagne_le: s.admin.campagne_le, ..un }, agent(&s.t, "deux@national.example").await);
        let faux = propose_levee(&un, &Garde::default(), 2024, "0809999Z", MOTIF).await;
        assert!(matches!(faux, Err(AppError::Invalid(f)) if f[0].0 == "uai"));
        propose_levee(&un, &Garde::default(), 2024, UAI, MOTIF).await.unwrap();
        let encore = propose_levee(&deux, &Garde::default(), 2024, UAI, MOTIF).await;
        assert!(matches!(encore, Err(AppError::Conflict)), "{encore:?}");
        let id = view_gel(&deux, 2024).await.unwrap().levees[0].id.clone();
        let seul = decide_levee(&un, &Garde::default(), 2024, &id, true).await;
        assert!(matches!(seul, Err(AppError::Rule(RuleViolation::DeuxiemePersonne))), "{seul:?}");
        assert!(is_frozen(&s.delegue(SEUIL, "parametrage").await, 20), "a proposal lifts nothing");
        decide_levee(&deux, &Garde::default(), 2024, &id, true).await.unwrap();
        s.delegue(SEUIL, "parametrage").await.unwrap();
        let session = app::sessions::courante(&s.t.app.db).await.unwrap().id;
        let now = s.admin.campagne_ms();
        assert!(!store::gel::is_lifted(&s.t.app.db, session, autre, now).await.unwrap(), "for one alone");
        assert_eq!(s.t.nombre("SELECT COUNT(*) FROM journal WHERE objet = 'levee_gel'", vec![]).await, 2);
        // The next freeze is another one.
        s.at("2024-03-14T10:00");
        assert!(is_frozen(&s.delegue(SEUIL, "capacites").await, 20));
        let plus_tard = Ctx { campagne_le: s.admin.campagne_le, ..deux };
        assert_eq!(view_gel(&plus_tard, 2024).await.unwrap().levees[0].etat, "passee");
        propose_levee(&plus_tard, &Garde::default(), 2024, UAI, MOTIF).await.unwrap();
    }

    async fn run_6_ses_5_an_establishment_is_made_safe_during_a_freeze(base) {
        let mut s = scene(base).await;
        s.at(GEL);
        secure_etablissement(&s.admin, &Garde::default(), UAI, "Plusieurs comptes semblent volés.").await.unwrap();
    }

    async fn run_6_cpt_7_idle_accounts_are_suspended_once_the_freeze_is_over(base) {
        let t = TestApp::with_session_2024(base).await;
        let role = Attribution { academies: vec!["20".to_owned()], ..Attribution::simple(Role::Academie) };
        let (zoe, _) = t.personne("zoe@essai.example", role).await;
        let le = t.app.horloge.maintenant();
        let sql = "UPDATE compte SET derniere_connexion_le = $1 WHERE id = $2";
        t.sql(sql, vec![le.as_millisecond().into(), zoe.into()]).await;
        t.at(GEL);
        let mut jours = 0;
        for (de_plus, rappels) in [(370, 1), (22, 1), (8, 0)] {
            jours += de_plus;
            t.horloge.set_maintenant(le.checked_add(SignedDuration::from_hours(24 * jours)).unwrap());
            let b = suspend_inactifs(&t.systeme()).await.unwrap();
            assert_eq!((b.rappels, b.suspensions), (rappels, 0), "{jours}");
        }
        t.at("2024-01-18T10:00");
        assert_eq!(suspend_inactifs(&t.systeme()).await.unwrap().suspensions, 1);
    }

    async fn run_6_r_cal_11_a_session_that_secures_many_accounts_waits_for_two_people(base) {
        let s = scene(base).await;
        for qui in ["un@national.example", "deux@national.example"] {
            agent(&s.t, qui).await;
        }
        // The last two days of the session.
        s.t.at("2024-09-12T10:00");
        let ctx = s.t.systeme();
        let gel = match ouvrir_session(&ctx, 2025, Some(2024)).await {
            Err(AppError::Rule(RuleViolation::Gel { gel, comptes })) if comptes >= 20 => gel,
            autre => panic!("{autre:?}"),
        };
        assert_eq!((gel.etape, gel.borne), (Etape::Desistements, Borne::Echeance));
        assert_eq!(app::sessions::courante(&s.t.app.db).await.unwrap().annee, 2024, "nothing was done");
        let db = &s.t.app.db;
        let adresses = |qui: [&str; 2]| qui.map(|q| format!("{q}@national.example"));
        for faux in [["un", "un"], ["un", "inconnu"]] {
            let refus = accord_malgre_le_gel(db, gel, &adresses(faux)).await;
            assert!(matches!(refus, Err(AppError::Invalid(_))), "{faux:?}");
        }
        // An administrator of an establishment is nobody here.
        let refus = accord_malgre_le_gel(db, gel, &["un@national.example".to_owned(), "admin@essai.example".to_owned()]).await;
        assert!(matches!(refus, Err(AppError::Invalid(_))));
        let accord = accord_malgre_le_gel(db, gel, &adresses(["un", "deux"])).await.unwrap();
        ouvrir_session_malgre_le_gel(&ctx, 2025, Some(2024), &accord).await.unwrap();
        assert_eq!(app::sessions::courante(db).await.unwrap().annee, 2025);
        let told = s.t.envois().await.into_iter().filter(|e| e.modele == "accord_gel").count();
        assert_eq!(told, 2, "each of the two is told");
        let apres = s.t.mot("SELECT apres FROM journal WHERE objet = 'session_admission' ORDER BY id DESC LIMIT 1", vec![]).await;
        let un = s.t.mot("SELECT public_id FROM compte WHERE courriel = 'un@national.example'", vec![]).await;
        assert!(apres.contains(&un), "{apres}");
    }

    async fn run_6_a_delivery_is_noted_with_who_agreed_and_older_schemas_have_no_freeze(base) {
        let t = TestApp::with_session_2024(base).await;
        for qui in ["un@national.example", "deux@national.example"] {
            agent(&t, qui).await;
        }
        t.at(GEL);
        let now = t.app.horloge.campagne();
        let gel = gel_ouvert(&t.app.db, now).await.unwrap().unwrap();
        let deux = ["un@national.example".to_owned(), "deux@national.example".to_owned()];
        let accord = accord_malgre_le_gel(&t.app.db, gel, &deux).await.unwrap();
        record_livraison(&t.systeme(), &accord, "1.2.3", 3).await.unwrap();
        assert_eq!(t.nombre("SELECT COUNT(*) FROM journal WHERE objet = 'livraison' AND objet_id = '1.2.3'", vec![]).await, 1);
        assert_eq!(t.envois().await.iter().filter(|e| e.modele == "accord_gel").count(), 2);
        // A step that this program does not know, or one that it knows and the database lacks, stops no reading.
        t.sql("DELETE FROM echeance WHERE etape = 'repondeur'", vec![]).await;
        t.sql("UPDATE echeance SET etape = 'etape_future' WHERE etape = 'ordonnancement'", vec![]).await;
        assert!(gel_ouvert(&t.app.db, now).await.unwrap().is_some());
        // Before the settings are there, nothing is frozen; nor is anything without an open session.
        t.sql("UPDATE parametre SET cle = 'ancien_delai' WHERE cle = 'gel_ouverture_jours'", vec![]).await;
        assert_eq!(gel_ouvert(&t.app.db, now).await.unwrap(), None);
        t.sql("UPDATE parametre SET cle = 'gel_ouverture_jours' WHERE cle = 'ancien_delai'", vec![]).await;
        t.sql("UPDATE session_admission SET etat = 'archivee'", vec![]).await;
        assert_eq!(gel_ouvert(&t.app.db, now).await.unwrap(), None);
    }
}
