//! Tokens of programs: given once, bounded, taken back, worth what whoever gave them is worth; and what they called.

use std::sync::Arc;

use app::idempotence::Garde;
use app::interfaces::{
    Appel, DemandeJeton, JetonVu, Remise, count_appels, give_jeton, list_appels, purge_appels, resolve_jeton,
    revoke_jeton, view_jeton, view_jetons,
};
use app::limites::{JOUR_MS, Limites};
use app::{AppError, Ctx};
use domain::comptes::Role;
use domain::delegations::{Operation, Operations};
use domain::droits::{Acteur, Action, Attribution, Cible, authorize};
use domain::formations::Famille;
use domain::interfaces::jetons::FinJeton;
use domain::{PublicId, RuleViolation};
use testkit::{Base, FormationEssai, TestApp, both_databases};

/// Two establishments, with a course each, and the administrator of the first.
struct Scene {
    t: TestApp,
    f: FormationEssai,
    voisine: FormationEssai,
    etablissement: PublicId,
    compte: i64,
    admin: Acteur,
}

impl Scene {
    async fn new(base: Base) -> Self {
        let t =
            TestApp::with_limites(base, Limites { jetons_par_etablissement: 2, ..testkit::limites() }).await;
        app::sessions::ouvrir_session(&t.systeme(), 2024, None).await.expect("session");
        t.at("2023-11-20T10:00");
        let etab = t.etablissement("0590001A", "Lycée d’essai").await;
        let autre = t.etablissement("0800001B", "Lycée voisin").await;
        let f = t.formation(etab, "BTS Essai", Famille::Bts, true, 24, true).await;
        let voisine = t.formation(autre, "BTS Voisin", Famille::Bts, true, 24, true).await;
        let role = Attribution { etablissement: Some(etab), ..Attribution::simple(Role::AdminSite) };
        let (compte, admin) = t.personne("admin@essai.example", role).await;
        let id = t.mot("SELECT public_id FROM etablissement WHERE id = $1", vec![etab.into()]).await;
        Self { etablissement: PublicId::parse(&id).expect("identifier"), t, f, voisine, compte, admin }
    }

    fn ctx(&self) -> Ctx {
        self.t.ctx(self.admin.clone())
    }

    fn demande(&self, operations: &[Operation], jours: i64) -> DemandeJeton {
        let operations: Operations = operations.iter().copied().collect();
        DemandeJeton {
            libelle: "  SI  scolarité ".to_owned(),
            jours,
            ecrit_etablissement: false,
            formations: vec![(self.f.public_id.clone(), operations)],
        }
    }

    async fn gives(&self, garde: &Garde, d: &DemandeJeton) -> Result<Remise, AppError> {
        give_jeton(&self.ctx(), garde, 2024, &self.etablissement, d).await
    }

    async fn given(&self) -> (PublicId, String) {
        let r =
            self.gives(&Garde::default(), &self.demande(&[Operation::Parametrage], 30)).await.expect("given");
        (PublicId::parse(&r.id).expect("identifier"), r.jeton.expect("shown once"))
    }

    async fn resolves(&self, jeton: &str) -> Result<JetonVu, Option<FinJeton>> {
        let maintenant = self.ctx().recu_ms();
        resolve_jeton(&self.t.app, jeton, maintenant).await.expect("the database answers")
    }
}

fn cle(lettre: char) -> Garde {
    Garde { cle: Some(lettre.to_string().repeat(26)), ..Garde::default() }
}

both_databases! {
    async fn r_api_01_a_token_is_shown_once_and_given_once(base) {
        let s = Scene::new(base).await;
        let demande = s.demande(&[Operation::Parametrage], 30);
        let remise = s.gives(&cle('b'), &demande).await.unwrap();
        let jeton = remise.jeton.unwrap();
        assert!(jeton.starts_with("pcs_"));
        // The same form again: its receipt, not the token.
        let encore = s.gives(&cle('b'), &demande).await.unwrap();
        assert_eq!((encore.jeton, encore.recepisse.numero), (None, remise.recepisse.numero));
        let autre = s.gives(&cle('b'), &s.demande(&[], 30)).await;
        assert!(matches!(autre, Err(AppError::Conflict)), "{autre:?}");
        let vus = view_jetons(&s.ctx(), 2024, &s.etablissement).await.unwrap();
        let [vu] = vus.jetons.as_slice() else { panic!("{:?}", vus.jetons) };
        assert_eq!((vu.libelle.as_str(), vu.fin, vu.vu_le), ("SI scolarité", None, None));
        assert!(jeton.ends_with(&vu.suffixe) && vu.suffixe.len() == 4);
        assert_eq!(vu.expire_le - vu.donne_le, 30 * JOUR_MS);
        assert_eq!(vu.formations[0].operations.code(), "parametrage");
        // It is nowhere in what is kept.
        let garde = s.t.mot("SELECT empreinte FROM jeton_api", vec![]).await;
        assert!(!garde.contains(&jeton[4..]));
        let lignes = s.t.journal().await;
        assert!(lignes.iter().any(|l| l.objet == "jeton_api"));
        assert!(!format!("{lignes:?}").contains(&jeton));
    }

    async fn r_api_01_an_establishment_has_so_many_and_only_of_its_own_courses(base) {
        let s = Scene::new(base).await;
        let ailleurs = DemandeJeton {
            formations: vec![(s.voisine.public_id.clone(), Operations::AUCUNE)],
            ..s.demande(&[], 30)
        };
        let refus = s.gives(&Garde::default(), &ailleurs).await;
        assert!(matches!(&refus, Err(AppError::Invalid(f)) if f[0].0 == "formations"), "{refus:?}");
        let (premier, _) = s.given().await;
        s.given().await;
        let trop = s.gives(&Garde::default(), &s.demande(&[], 30)).await;
        assert!(matches!(&trop, Err(AppError::Invalid(f)) if f[0].0 == "libelle"), "{trop:?}");
        // One taken back makes room.
        revoke_jeton(&s.ctx(), &Garde::default(), &premier).await.unwrap();
        s.given().await;
    }

    async fn r_api_02_a_token_acts_as_a_program_on_its_courses_alone(base) {
        let s = Scene::new(base).await;
        let (_, jeton) = s.given().await;
        let vu = s.resolves(&jeton).await.unwrap();
        assert_eq!((vu.libelle.as_str(), vu.acteur.compte), ("SI scolarité", Some(s.compte)));
        let cible = |f: &FormationEssai| Cible {
            session: Some(f.session),
            etablissement: Some(f.etablissement),
            formation: Some(f.formation),
            ..Cible::default()
        };
        assert!(authorize(&vu.acteur, Action::ModifierFormation, &cible(&s.f)).is_ok());
        assert!(authorize(&vu.acteur, Action::ModifierCapacites, &cible(&s.f)).is_err());
        assert!(authorize(&vu.acteur, Action::ConsulterParametrage, &cible(&s.voisine)).is_err());
        assert!(authorize(&vu.acteur, Action::GererJetons, &cible(&s.f)).is_err(), "no token gives tokens");
        for inconnu in ["", "pcs_", &jeton[4..], &format!("pcs_{}", "a".repeat(52))] {
            assert!(matches!(s.resolves(inconnu).await, Err(None)), "{inconnu}");
        }
    }

    async fn r_api_03_what_opens_more_is_refused_beyond_its_days(base) {
        let s = Scene::new(base).await;
        let max = s.t.app.limites.jetons.jours_sensible;
        let refus = s.gives(&Garde::default(), &s.demande(&[Operation::Publication], max + 1)).await;
        assert!(
            matches!(refus, Err(AppError::Rule(RuleViolation::DureeJeton { max: m })) if m == max),
            "{refus:?}"
        );
        s.gives(&Garde::default(), &s.demande(&[Operation::Publication], max)).await.unwrap();
        s.gives(&Garde::default(), &s.demande(&[Operation::Parametrage], max + 1)).await.unwrap();
    }

    async fn r_api_04_a_token_revoked_expired_or_without_its_giver_opens_nothing(base) {
        let s = Scene::new(base).await;
        let (id, jeton) = s.given().await;
        revoke_jeton(&s.ctx(), &cle('c'), &id).await.unwrap();
        assert_eq!(s.resolves(&jeton).await.unwrap_err(), Some(FinJeton::Revoque));
        let quand = s.t.nombre("SELECT revoque_le FROM jeton_api", vec![]).await;
        revoke_jeton(&s.ctx(), &Garde::default(), &id).await.unwrap();
        assert_eq!(s.t.nombre("SELECT revoque_le FROM jeton_api", vec![]).await, quand, "the first time counts");
        let (id, jeton) = s.given().await;
        // HAB-6: the giver's role goes, and comes back.
        s.t.sql("UPDATE attribution SET role = 'lecteur' WHERE compte_id = $1", vec![s.compte.into()]).await;
        assert_eq!(s.resolves(&jeton).await.unwrap_err(), Some(FinJeton::SansDonneur));
        s.t.sql("UPDATE attribution SET role = 'admin_site' WHERE compte_id = $1", vec![s.compte.into()]).await;
        assert!(s.resolves(&jeton).await.is_ok());
        s.t.sql("UPDATE compte SET etat = 'suspendu' WHERE id = $1", vec![s.compte.into()]).await;
        assert_eq!(s.resolves(&jeton).await.unwrap_err(), Some(FinJeton::SansDonneur));
        s.t.sql("UPDATE compte SET etat = 'actif' WHERE id = $1", vec![s.compte.into()]).await;
        s.t.sql("UPDATE jeton_api SET expire_le = 1 WHERE public_id = $1", vec![id.as_str().to_owned().into()]).await;
        assert_eq!(s.resolves(&jeton).await.unwrap_err(), Some(FinJeton::Expire));
        let (_, vu) = view_jeton(&s.ctx(), 2024, &s.etablissement, &id).await.unwrap();
        assert_eq!(vu.fin, Some(FinJeton::Expire));
    }

    async fn r_api_05_each_call_is_noted_counted_and_forgotten(base) {
        let s = Scene::new(base).await;
        let (id, jeton) = s.given().await;
        let vu = s.resolves(&jeton).await.unwrap();
        let ctx = Ctx { jeton: Some(vu.cle), route: "GET /api/v1/jeton".to_owned(), ..s.t.ctx(vu.acteur) };
        for statut in [200, 304, 429] {
            let appel = Appel { objet: String::new(), statut, duree_us: 1_500, marques: vec!["condition".to_owned()] };
            s.t.app.carnet.note(&ctx, appel);
        }
        // Without a token, nothing.
        let appel = Appel { objet: String::new(), statut: 401, duree_us: 1, marques: Vec::new() };
        s.t.app.carnet.note(&s.ctx(), appel);
        s.t.app.carnet.flush(&Arc::clone(&s.t.app)).await.unwrap();
        let admin = s.ctx();
        let lus = list_appels(&admin, &id, None, 2).await.unwrap();
        assert_eq!(lus.iter().map(|a| a.statut).collect::<Vec<_>>(), [429, 304]);
        assert_eq!((lus[0].route.as_str(), lus[0].marques.as_str()), ("GET /api/v1/jeton", "condition"));
        let avant = list_appels(&admin, &id, Some(lus[1].cle), 2).await.unwrap();
        assert_eq!(avant.iter().map(|a| a.statut).collect::<Vec<_>>(), [200]);
        let jours = count_appels(&admin, &id, 7).await.unwrap();
        assert_eq!((jours.len(), jours[6].1, jours[..6].iter().map(|j| j.1).sum::<i64>()), (7, 3, 0));
        let (_, vu) = view_jeton(&admin, 2024, &s.etablissement, &id).await.unwrap();
        assert_eq!(vu.vu_le, Some(ctx.recu_ms()));
        // Kept so long, by the platform.
        assert!(matches!(purge_appels(&admin).await, Err(AppError::Denied(_))));
        assert_eq!(purge_appels(&s.t.systeme()).await.unwrap(), 0);
        s.t.sql("UPDATE appel_api SET instant_le = 1 WHERE statut <> 429", vec![]).await;
        assert_eq!(purge_appels(&s.t.systeme()).await.unwrap(), 2);
    }

    async fn r_api_01_hab_3_the_tokens_of_a_neighbour_are_as_absent_ones(base) {
        let s = Scene::new(base).await;
        let (id, _) = s.given().await;
        let ailleurs = Attribution { etablissement: Some(s.voisine.etablissement), ..Attribution::simple(Role::AdminSite) };
        let (_, voisin) = s.t.personne("voisin@essai.example", ailleurs).await;
        let ici = Attribution { etablissement: Some(s.f.etablissement), ..Attribution::simple(Role::Lecteur) };
        let (_, lecteur) = s.t.personne("lecteur@essai.example", ici).await;
        for (qui, connu) in [(voisin, false), (lecteur, true)] {
            let ctx = s.t.ctx(qui);
            let refus = [
                view_jetons(&ctx, 2024, &s.etablissement).await.err(),
                view_jeton(&ctx, 2024, &s.etablissement, &id).await.err(),
                give_jeton(&ctx, &Garde::default(), 2024, &s.etablissement, &s.demande(&[], 1)).await.err(),
                revoke_jeton(&ctx, &Garde::default(), &id).await.err(),
                list_appels(&ctx, &id, None, 1).await.err(),
                count_appels(&ctx, &id, 7).await.err(),
            ];
            for r in refus {
                assert!(matches!(&r, Some(AppError::Denied(d)) if d.connu == connu), "{r:?}");
            }
        }
    }
}

/// The first write is refused; no other call comes, and the first one is written all the same.
#[tokio::test]
async fn r_api_05_a_call_that_the_database_refused_is_written_when_it_answers_again() {
    let s = Scene::new(Base::sqlite()).await;
    let (_, jeton) = s.given().await;
    let vu = s.resolves(&jeton).await.unwrap();
    let ctx = Ctx { jeton: Some(vu.cle), route: "GET /api/v1/jeton".to_owned(), ..s.t.ctx(vu.acteur) };
    s.t.sql("ALTER TABLE appel_api RENAME TO ailleurs", vec![]).await;
    s.t.app.carnet.note(&ctx, Appel { objet: String::new(), statut: 200, duree_us: 1, marques: Vec::new() });
    s.t.app.carnet.flush(&s.t.app).await.expect_err("there is no table");
    s.t.sql("ALTER TABLE ailleurs RENAME TO appel_api", vec![]).await;
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        if s.t.nombre("SELECT COUNT(*) FROM appel_api", vec![]).await == 1 {
            return;
        }
    }
    panic!("the call is lost");
}

/// Whoever asked for the writing goes away while another transaction holds the database.
#[tokio::test]
async fn r_api_05_a_writing_that_nobody_waits_for_any_more_loses_no_call() {
    let s = Scene::new(Base::sqlite()).await;
    let (_, jeton) = s.given().await;
    let vu = s.resolves(&jeton).await.unwrap();
    let ctx = Ctx { jeton: Some(vu.cle), route: "GET /api/v1/jeton".to_owned(), ..s.t.ctx(vu.acteur) };
    let autre = s.t.app.db.begin_write().await.unwrap();
    s.t.app.carnet.note(&ctx, Appel { objet: String::new(), statut: 200, duree_us: 1, marques: Vec::new() });
    let delai = std::time::Duration::from_millis(100);
    tokio::time::timeout(delai, s.t.app.carnet.flush(&s.t.app)).await.expect_err("the database is held");
    autre.commit().await.unwrap();
    s.t.app.carnet.flush(&s.t.app).await.unwrap();
    assert_eq!(s.t.nombre("SELECT COUNT(*) FROM appel_api", vec![]).await, 1);
}
